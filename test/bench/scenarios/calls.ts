/** Calls answered inside the daemon, and those that go through a plugin and back. */
import { type Contender, contest } from '../contest.ts';
import { type Daemon, inventoried, startDaemon } from '../daemon.ts';
import { abyss, available, bare, nodeSoap, nodeXmlrpc, python } from '../peers.ts';
import type { Scenario } from '../scenario.ts';

const connections = 8;
const string = (value: string) => `<param><value><string>${value}</string></value></param>`;

export const xmlrpc: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({});
  const ours: Contender = {
    name: 'ours',
    request: daemon.xmlrpc('session.whoami'),
    expected: '>admin<',
    pid: daemon.child.pid,
  };
  const makers = [() => bare(ours), () => abyss(ours), () => nodeXmlrpc(ours), () => python(ours)];
  const speeds = await contest([ours, ...(await available(makers, say))], connections, pace, say);
  await daemon.stop();
  return { xmlrpc: { unit: '/s', speeds } };
};

export const soap: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({});
  const ours: Contender = {
    name: 'ours',
    request: daemon.soap('sessionWhoami'),
    expected: '>admin<',
    pid: daemon.child.pid,
  };
  const peers = await available([() => bare(ours), () => nodeSoap(ours)], say);
  const speeds = await contest([ours, ...peers], connections, pace, say);
  await daemon.stop();
  return { soap: { unit: '/s', speeds } };
};

const figures = {
  time: '2026-01-31T12:00:00.000Z',
  uptimeSeconds: '3600',
  cpuSeconds: 12.5,
  memoryMiB: 311,
  diskReadBytes: '1048576',
  diskWriteBytes: '524288',
  netReceivedBytes: '2097152',
  netSentBytes: '262144',
};
const double = {
  plugin: 'noop',
  config: {
    script: {
      'compute.list': { result: { items: [{ id: 'vm-1', name: 'vm-1', state: 'running' }] } },
      'compute.stats': { result: figures },
    },
  },
};

/** Here daemon and plugin share the machine as they come: pinned to one processor they would only take turns. */
export const plugin: Scenario = async ({ pace, say }) => {
  const daemon: Daemon = await startDaemon({ lab: double }, { pin: false });
  const [vm] = await inventoried(daemon, 1);
  const ours: Contender = {
    name: 'ours',
    request: daemon.xmlrpc('vm.stats', string(vm?.id ?? '')),
    expected: 'uptimeSeconds',
    // The daemon is but one of two processes that a call takes time of.
    pid: undefined,
  };
  const contenders = [ours, ...(await available([() => abyss(ours)], say))];
  const one = await contest(contenders, 1, pace, say);
  const many = await contest(contenders, 32, pace, say);
  await daemon.stop();
  return { 'plugin-1': { unit: '/s', speeds: one }, 'plugin-32': { unit: '/s', speeds: many } };
};

/**
 * One machine read, and machines made, with credentials, over XML-RPC. A create is answered once it is durable; the
 * double behind it makes nothing, since what a backend takes for it is not ours.
 */
export const machines: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({ lab: double }, { limits: { calls: { operations: 10_000_000 } } });
  const [vm] = await inventoried(daemon, 1);
  const { pid } = daemon.child;
  const read = { name: 'ours', request: daemon.xmlrpc('vm.get', string(vm?.id ?? '')), expected: '>vm-1<', pid };
  const get = await contest([read], connections, pace, say);
  const make = { name: 'ours', request: daemon.xmlrpc('vm.create', string('made-%d')), expected: '>vm.create<', pid };
  const create = await contest([make], 32, pace, say);
  await daemon.stop();
  return { 'vm-get': { unit: '/s', speeds: get }, 'vm-create': { unit: '/s', speeds: create } };
};
