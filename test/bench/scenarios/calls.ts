/** Calls answered inside the daemon, and those that go through a plugin and back. */
import { type Contender, contest } from '../contest.ts';
import { type Daemon, inventoried, startDaemon } from '../daemon.ts';
import { abyss, available, bare, gsoap, nodeSoap, nodeXmlrpc, python } from '../peers.ts';
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

const member = (key: string, value: string) => `<item><key>${key}</key><value>${value}</value></item>`;
const native = { host: 'host-1', image: 'image-1' };
const five = Array.from({ length: 5 }, (_, at) => ({
  id: `222a8aa9-24b3-8654-bc36-80b86f2f08e${at}`,
  name: `web-${at + 1}`,
  state: 'running',
  ...native,
  vcpus: 2,
  memoryMiB: 2048,
  disks: [{ device: 'vda', sizeMiB: 20480, volume: `222a8aa9-24b3-8654-bc36-80b86f2f08e${at}-vda`, readOnly: false }],
  nics: [{ mac: '52:54:00:ce:f0:4a', network: 'default', addresses: ['10.20.0.2'] }],
  addresses: ['10.20.0.2'],
  labels: { tier: 'web', team: 'shop' },
  created: '2026-01-31T12:00:00Z',
}));
const withFive = {
  plugin: 'noop',
  config: {
    script: {
      'compute.hosts': { result: { items: [{ id: native.host, name: 'one', state: 'up' }] } },
      'compute.images': { result: { items: [{ id: native.image, name: 'debian', format: 'qcow2' }] } },
      'compute.list': { result: { items: five } },
    },
  },
};
const wanted = { state: 'running', connector: 'lab', name: 'web', labels: { tier: 'web' }, sort: 'name', limit: 100 };

/**
 * Two operations. `soap` is one as they are: `vm.list` with six parameters, answered with five machines of 17 fields,
 * disks and interfaces in 5 kB. All peers read the same request. node soap and gSOAP are given the machines and write
 * them anew for each call; ours looks for them in the inventory and keeps the text of those that it has written before.
 * `soap-small` is `session.whoami`, which has no parameters and four short fields: HTTP is most of it for everybody.
 */
export const soap: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({ lab: withFive });
  await inventoried(daemon, five.length);
  const { pid } = daemon.child;
  const listed: Contender = {
    name: 'ours',
    request: daemon.soap(
      'vmList',
      `<state>running</state><connector>lab</connector><name>web</name><labels>${member('tier', 'web')}</labels><sort>name</sort><limit>100</limit>`,
    ),
    expected: 'web-5<',
    pid,
  };
  const whoami: Contender = { name: 'ours', request: daemon.soap('sessionWhoami'), expected: 'admin<', pid };
  const against = async (ours: Contender, operation: string, value: unknown) => {
    const makers = [() => bare(ours), () => nodeSoap(ours, operation, value), () => gsoap(ours)];
    return contest([ours, ...(await available(makers, say))], connections, pace, say);
  };
  const machines = await against(listed, 'vmList', await daemon.call('vm.list', wanted));
  const small = await against(whoami, 'sessionWhoami', await daemon.call('session.whoami'));
  await daemon.stop();
  return { soap: { unit: '/s', speeds: machines }, 'soap-small': { unit: '/s', speeds: small } };
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
    pid: daemon.child.pid,
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
