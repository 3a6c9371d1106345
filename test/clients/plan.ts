/**
 * The calls of the matrix: every method of the catalogue with its documented example, on a cloud in which the examples
 * are true, then some that fail, then every kind of value both ways. A method that is added is in it by its example.
 */
import { id as exampleIds } from '../../daemon/catalogue/examples.ts';
import { type Method, methods } from '../../daemon/catalogue/index.ts';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import { type FaultKind, faults } from '../../plugin-protocol/faults.ts';
import type { Connectors, TestDaemon } from '../support/daemon.ts';
import { failing, kindCases, kindMethods } from './kinds.ts';

export interface Call {
  /** Names it in the list of gaps. */
  id: string;
  method: Method;
  params: Record<string, unknown>;
}

/** What must come of a call. */
export type Expected = { result: unknown } | { fault: { kind: FaultKind; message: string } };

const web = 'web1';
const labels = { tier: 'front', owner: 'Zoë 東京' };
/** A machine of its own for each method that changes one, so that no call depends on another. */
const changesMachine = ({ changes, example }: Method) => changes && 'vm' in example.params;
const machineFor = (method: Method) => method.name.replace('.', '-');

/** What must be so before a method can do what its example says, where that is not a running machine. */
const statesBefore: Record<string, 'stopped' | 'paused'> = {
  'vm.start': 'stopped',
  'vm.resume': 'paused',
  'vm.update': 'stopped',
  'vm.delete': 'stopped',
};
/** Its shutdown is never done, so that there is an operation to cancel. */
const stuck = 'stuck';

/** The cloud that the examples speak of. */
export const exampleCloud: Connectors = {
  kvm1: {
    plugin: 'memory',
    config: {
      machines: [
        { name: web, state: 'running', labels },
        { name: stuck, state: 'running' },
        ...[...methods.values()]
          .filter(changesMachine)
          .map((method) => ({ name: machineFor(method), state: statesBefore[method.name] ?? 'running' })),
      ],
      faults: [{ call: 'compute.shutdown', vm: stuck, hang: true }],
    },
  },
};

/** Values in answers that another look, a moment later, may find changed: they are compared by their kind alone. */
export const passing: Record<string, readonly string[]> = {
  'system.health': ['uptimeSeconds'],
  'connector.proof': ['calls', 'failures'],
  'session.login': ['token', 'expires'],
  'usage.list': ['items', 'next'],
  'vm.consoleOutput': ['data', 'start', 'end'],
  'vm.stats': [
    'time',
    'uptimeSeconds',
    'cpuSeconds',
    'memoryMiB',
    'diskReadBytes',
    'diskWriteBytes',
    'netReceivedBytes',
    'netSentBytes',
  ],
  'operation.cancel': ['state', 'progress', 'message', 'fault', 'finished'],
};

/** What ends the session that the client is in comes last. */
const endsSession = ({ name }: Method) => name === 'session.logout';

const referredNouns = ['image', 'host', 'network', 'volume'] as const;
const reportedNouns = ['vm', ...referredNouns];

interface Found {
  id: string;
}
const first = async (daemon: TestDaemon, noun: string): Promise<string> =>
  (await daemon.call<{ items: Found[] }>(`${noun}.list`, { limit: 1 })).items[0]!.id;

/** Every method of the catalogue, once, for a running daemon with the cloud above. */
export const catalogueCalls = async (daemon: TestDaemon): Promise<Call[]> => {
  // A connector may be ready before all that it has is in the inventory.
  for (const noun of reportedNouns) await daemon.call(`${noun}.list`, { refresh: true });
  const ended = await daemon.call<Operation>('vm.update', { vm: web, labels, wait: 30 });
  const running = await daemon.call<Operation>('vm.shutdown', { vm: stuck });
  const live: Record<string, string> = {
    [exampleIds.vm]: (await daemon.call<Found>('vm.get', { vm: web })).id,
    [exampleIds.operation]: ended.id,
  };
  for (const noun of referredNouns) live[exampleIds[noun]] = await first(daemon, noun);

  const instead: Record<string, Record<string, unknown>> = {
    'session.login': { user: daemon.user, password: daemon.password },
    'vm.create': { name: 'made by a client' },
    'event.poll': { after: '0', limit: 3 },
    'operation.cancel': { operation: running.id },
  };
  const calls = [...methods.values()].map((method): Call => {
    const params = {
      ...method.example.params,
      ...(changesMachine(method) && { vm: machineFor(method) }),
      ...(method.changes && { wait: 30 }),
      ...instead[method.name],
    };
    const alive = Object.entries(params).map(([name, value]) => [name, live[value as string] ?? value]);
    return { id: method.name, method, params: Object.fromEntries(alive) };
  });
  return calls.sort((a, b) => Number(endsSession(a.method)) - Number(endsSession(b.method)));
};

/** Calls that the daemon refuses. */
export const refusedCalls = (): Call[] =>
  [
    { id: 'vm.get: not found', method: 'vm.get', params: { vm: 'nobody' } },
    { id: 'vm.start: conflict', method: 'vm.start', params: { vm: web } },
    { id: 'vm.list: out of bounds', method: 'vm.list', params: { state: 'running', limit: 0 } },
  ].map((call) => ({ ...call, method: methods.get(call.method)! }));

/** Every kind of value, and every kind of fault, as the methods of `kinds.ts` carry them. */
export const kindCalls = (): (Call & { expected: Expected })[] => [
  ...Object.entries(kindCases).flatMap(([kind, { values }]) =>
    Object.entries(values).map(([what, value]) => ({
      id: `${kind}: ${what}`,
      method: kindMethods.get(`echo.${kind}`)!,
      params: { value },
      expected: { result: value },
    })),
  ),
  ...(Object.keys(faults) as FaultKind[]).map((kind) => {
    const message = `Why & <where> “${kind}”.`;
    return { id: `fault: ${kind}`, method: failing, params: { kind, message }, expected: { fault: { kind, message } } };
  }),
];
