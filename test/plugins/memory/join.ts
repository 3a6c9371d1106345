/** Joins the memory cloud to a test without a process: every result is checked against the contract. */
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { baseResults, Event } from '../../../plugin-protocol/contract/base.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { createInstance } from '../../../plugins/memory/instance.ts';
import { hostFor } from '../../../sdk/typescript/plugin/host.ts';
import type {
  CallContext,
  CallName,
  CallParams,
  CallResult,
  Calls,
  Found,
  PluginEvent,
} from '../../../sdk/typescript/plugin/index.ts';

const checks = new Map([...contract].map(([name, { result }]) => [name, compileCheck(result)]));
const checkParams = new Map([...contract].map(([name, { params }]) => [name, compileCheck(params)]));
const checkFound = compileCheck(baseResults.find);
const checkEvent = compileCheck(Event);

/** A moment that tests begin with. */
export const noon = Date.parse('2026-01-31T12:00:00.000Z');

export class Crash extends Error {}

type Extras = Partial<Pick<CallContext, 'key' | 'signal'>>;

type Params = { [N in CallName]: CallParams<N> };
type Results = { [N in CallName]: CallResult<N> };

export interface Joined {
  calls: Calls;
  /** Moves only when a test moves it. */
  clock: { now: number };
  events: PluginEvent[];
  progress: { percent: number | undefined; message: string | undefined }[];
  call<N extends CallName>(name: N, params: Params[N], extras?: Extras): Promise<Results[N]>;
  find(call: string, key: string): Promise<Found>;
}

export const join = async (config: Record<string, unknown> = {}): Promise<Joined> => {
  const events: PluginEvent[] = [];
  const progress: Joined['progress'] = [];
  const clock = { now: noon };
  const calls = await createInstance(config, {
    event(event) {
      checkEvent(event);
      events.push(structuredClone(event));
    },
    now: () => clock.now,
    crash: () => {
      throw new Crash();
    },
  });
  const context = (extras: Extras): CallContext => ({
    instance: 'memory',
    key: undefined,
    attempt: 1,
    timeoutMs: 1000,
    accept: [],
    given: {},
    host: hostFor(() => Promise.reject(new Error('Nobody answers.'))),
    actor: 'test',
    account: undefined,
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    progress: (percent, message) => progress.push({ percent, message }),
    event() {},
    ...extras,
  });

  return {
    calls,
    clock,
    events,
    progress,
    async call<N extends CallName>(name: N, params: Params[N], extras: Extras = {}) {
      checkParams.get(name)?.(params);
      const call = calls[name] as (params: Params[N], context: CallContext) => unknown;
      return checks.get(name)?.(await call(params, context(extras))) as Results[N];
    },
    async find(call: string, key: string): Promise<Found> {
      return checkFound(await calls.find?.({ call, params: {} }, context({ key }))) as Found;
    },
  };
};

/** Parameters of `compute.create` with all that a test does not care about. */
export const wish = (name: string, more: Partial<CallParams<'compute.create'>> = {}): CallParams<'compute.create'> => ({
  id: `00000000-0000-4000-8000-${name.padStart(12, '0')}`,
  name,
  vcpus: 1,
  memoryMiB: 512,
  disks: [],
  networks: [],
  labels: {},
  ...more,
});
