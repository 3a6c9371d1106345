/** Calls answered inside the daemon, and those that go through a plugin and back. */
import { processors } from '../children.ts';
import { type Contender, contest } from '../contest.ts';
import { type Daemon, inventoried, startDaemon } from '../daemon.ts';
import { abyss, available, bare, nodeSoap, nodeXmlrpc, python } from '../peers.ts';
import type { Scenario } from '../scenario.ts';

const connections = 8;
const string = (value: string) => `<param><value><string>${value}</string></value></param>`;

export const xmlrpc: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({});
  const ours: Contender = { name: 'ours', request: daemon.xmlrpc('session.whoami'), expected: '>admin<' };
  const makers = [() => bare(ours), () => abyss(ours, processors.server), () => nodeXmlrpc(ours), () => python(ours)];
  const speeds = await contest([ours, ...(await available(makers, say))], connections, pace, say);
  await daemon.stop();
  return { xmlrpc: { unit: '/s', speeds } };
};

export const soap: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({});
  const ours: Contender = { name: 'ours', request: daemon.soap('sessionWhoami'), expected: '>admin<' };
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
  const daemon: Daemon = await startDaemon({ lab: double }, undefined);
  const [vm] = await inventoried(daemon, 1);
  const ours: Contender = {
    name: 'ours',
    request: daemon.xmlrpc('vm.stats', string(vm?.id ?? '')),
    expected: 'uptimeSeconds',
  };
  const contenders = [ours, ...(await available([() => abyss(ours)], say))];
  const one = await contest(contenders, 1, pace, say);
  const many = await contest(contenders, 32, pace, say);
  await daemon.stop();
  return { 'plugin-1': { unit: '/s', speeds: one }, 'plugin-32': { unit: '/s', speeds: many } };
};

/** One machine read, and machines made, with credentials, over XML-RPC. */
export const machines: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({
    lab: { plugin: 'memory', config: { hosts: [{ name: 'h', memoryMiB: 2_000_000_000 }] } },
  });
  const [vm] = await inventoried(daemon, 3);
  const read = { name: 'ours', request: daemon.xmlrpc('vm.get', string(vm?.id ?? '')), expected: 'web1' };
  const get = await contest([read], connections, pace, say);
  await daemon.stop();
  return { 'vm-get': { unit: '/s', speeds: get } };
};
