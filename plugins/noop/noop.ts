/** The double: every call of the contract, answered at once unless the script says otherwise. */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallContext,
  type CallName,
  type Calls,
  callNames,
  Fault,
  type FaultKind,
  type Instance,
} from '../../sdk/typescript/plugin/index.ts';
import { type NoopConfig, type Step, stepFor } from './script.ts';

const vm = (id: string) => ({ id, state: 'stopped' });
const emptyPage = { items: [] };
const nobody = () => ({});
const time = '2026-01-31T12:00:00.000Z';

/** Valid results with nothing in them. */
const results: Record<CallName, (params: Record<string, unknown>) => unknown> = {
  'compute.list': () => emptyPage,
  'compute.get': ({ vm: id }) => vm(String(id)),
  'compute.create': ({ id, name }) => ({ ...vm(String(id)), name }),
  'compute.start': ({ vm: id, paused }) => ({ id, state: paused ? 'paused' : 'running' }),
  'compute.shutdown': ({ vm: id }) => vm(String(id)),
  'compute.powerOff': ({ vm: id }) => vm(String(id)),
  'compute.reboot': ({ vm: id }) => ({ id, state: 'running' }),
  'compute.reset': ({ vm: id }) => ({ id, state: 'running' }),
  'compute.pause': ({ vm: id }) => ({ id, state: 'paused' }),
  'compute.resume': ({ vm: id }) => ({ id, state: 'running' }),
  'compute.update': ({ vm: id, ...rest }) => ({ ...vm(String(id)), ...rest }),
  'compute.delete': () => ({}),
  'compute.consoleOutput': () => ({ data: '', start: '0', end: '0' }),
  'compute.stats': () => ({ time }),
  'compute.hosts': () => emptyPage,
  'compute.images': () => emptyPage,
  'storage.list': () => emptyPage,
  'network.list': () => emptyPage,
  'directory.authenticate': nobody,
  'directory.find': nobody,
  'accounting.record': () => ({}),
};

const faultOf = ({ kind, code, message, data }: NonNullable<Step['fault']>): Fault => {
  const fault = new Fault((kind ?? 'internal') as FaultKind, message, data);
  // A plugin without SDK may send numbers that are in no table.
  return code === undefined ? fault : Object.defineProperty(fault, 'code', { value: code });
};

const answerTo = async ({ method, args }: NonNullable<Step['ask']>, { host }: CallContext): Promise<string> => {
  try {
    const ask = host[method] as (...args: unknown[]) => Promise<unknown>;
    const answer = await ask(...args);
    return typeof answer === 'function' ? 'locked' : JSON.stringify(answer);
  } catch (error) {
    return error instanceof Fault ? `${error.kind}: ${error.message}` : String(error);
  }
};

const perform = async (step: Step, context: CallContext): Promise<void> => {
  if (step.noise !== undefined) writeSync(1, step.noise);
  if (step.stderr !== undefined) console.error(step.stderr);
  if (step.log !== undefined) context.log.info(step.log);
  if (step.event) context.event(step.event as Parameters<CallContext['event']>[0]);
  if (step.progress) context.progress(step.progress.percent, step.progress.message);
  if (step.ask) context.log.info(await answerTo(step.ask, context));
  if (step.delayMs !== undefined) await sleep(step.delayMs);
  if (step.blockMs !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, step.blockMs);
  if (step.exit === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (step.exit !== undefined) process.exit(step.exit);
  if (step.hang === 'cancellable') {
    const { signal } = context;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw signal.reason;
  }
  if (step.hang) await new Promise(() => {});
  if (step.fault) throw faultOf(step.fault);
};

const stubbornChild = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';

export const noop = (config: NoopConfig, instance: Instance): Calls => {
  const { script = {}, refuse, child } = config;
  if (refuse !== undefined) throw new Fault('invalid-params', refuse, { field: '/config' });
  if (child) {
    const { pid } = spawn(process.execPath, ['-e', stubbornChild], { stdio: 'inherit' });
    instance.log.info(`child ${pid}`);
  }
  const counts: Record<string, number> = {};
  const scripted =
    (call: string, result: (params: Record<string, unknown>) => unknown) =>
    (params: object, context: CallContext): unknown => {
      counts[call] = (counts[call] ?? 0) + 1;
      const given = params as Record<string, unknown>;
      if (!(call in script)) return result(given);
      const step = stepFor(script, call, counts[call]);
      const answer = () => {
        if (step.hugeCharacters !== undefined) return 'x'.repeat(step.hugeCharacters);
        return 'result' in step ? step.result : result(given);
      };
      return perform(step, context).then(answer);
    };
  const table = Object.fromEntries(callNames.map((call) => [call, scripted(call, results[call])]));
  return {
    ...table,
    find: scripted('find', () => ({ outcome: 'none' })),
    'events.pull': scripted('events.pull', ({ since = '0' }) => ({ events: [], next: since })),
    'task.get': scripted('task.get', ({ task }) => {
      throw new Fault('not-found', `There is no task ${String(task)}.`, { resource: String(task) });
    }),
    'task.cancel': scripted('task.cancel', () => ({})),
    probe: scripted('probe', () => ({})),
    drain: scripted('drain', () => ({})),
  } as Calls;
};
