/** One configured instance of a plugin: the `Backend` that the core sees, and how it becomes ready. */
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import type { Check } from '../../plugin-protocol/check.ts';
import {
  type BaseCall,
  baseResults,
  type Configured,
  type Context,
  type Description,
  type Found,
  type Pulled,
  protocolVersion,
} from '../../plugin-protocol/contract/base.ts';
import { type ContractCall, contract, interfaces } from '../../plugin-protocol/contract/index.ts';
import type { PublishedInterface } from '../../plugin-protocol/contract/published.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { requestLine, resultLine } from '../../plugin-protocol/rpc/messages.ts';
import type { Backend, BackendStatus, CallOptions, Clock, KeptTask, Log, TaskEnd } from '../core/ports.ts';
import type { Limits } from '../limits.ts';
import { createBackoff } from './backoff.ts';
import { checkFor } from './checks.ts';
import type { Asker, Desk } from './desk.ts';
import { acceptedBeside, exchange, type Wanted } from './exchange.ts';
import type { InstanceConfig } from './instance-config.ts';
import type { Link } from './link.ts';
import type { Notes } from './notes.ts';
import { lackOf } from './output.ts';
import { asSentence } from './sentence.ts';
import { createTap, type Tap } from './tap.ts';
import { followTask } from './task.ts';
import { warnOfUnknownNames } from './unknown-names.ts';
import { otherVersion } from './versions.ts';

export interface HostContext {
  limits: Limits['plugins'];
  desk: Desk;
  clock: Clock;
  log: Log;
  onStatus: (status: BackendStatus) => void;
}

export interface Instance {
  readonly config: InstanceConfig;
  readonly backend: Backend;
  readonly tap: Tap;
  /** What was said with `describe` and `configure`, as lines, for one who begins to watch. */
  introduction(): [from: Side, text: string][];
  /** For whom its plugin asks. */
  readonly asker: Omit<Asker, 'owner'>;
  /** Resolves once it is ready or its first try has failed. */
  readonly tried: Promise<void>;
  /** Configure and probe it over a new link, again and again until it is ready or the link has gone. */
  attach(link: Link, description: Description, notes: Notes): void;
  /** The link has gone. `detail` is for operators: it stands in the status, and not in what callers are told. */
  detach(state: 'failing' | 'stopped', message: string, detail?: string): void;
  restarting(): void;
  /** Ask it to finish; to be called when it is ready. */
  drain(): Promise<void>;
}

/** Base calls that are made beside the calls that are under way: they are about the process. */
const urgent: ReadonlySet<BaseCall> = new Set<BaseCall>(['configure', 'probe', 'drain']);

/** Timers of Node fire at once when they are set for longer. */
const longestTimer = 2 ** 31 - 1;

/** `The plugin ended with code 1.` and why, in one sentence. */
const withDetail = (message: string, detail: string | undefined) =>
  detail === undefined ? message : asSentence(`${message.replace(/\.$/, '')}: ${detail}`);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const createInstance = (
  config: InstanceConfig,
  { limits, desk, clock, log, onStatus }: HostContext,
): Instance => {
  const { id } = config;
  const tried = Promise.withResolvers<void>();
  const backoff = createBackoff(limits);
  const tap = createTap();
  let answered: Configured | undefined;
  const asker = { connector: id, secrets: config.secrets ?? {} };
  const around = { limits, desk, asker };
  let link: Link | undefined;
  let description: Description | undefined;
  let calls: ReadonlySet<string> = new Set();
  let publishes: readonly PublishedInterface[] = [];
  let idempotency: Description['idempotency'];
  let restarts = 0;
  let retry: NodeJS.Timeout | undefined;
  let state: BackendStatus['state'] = 'starting';
  let message: string | undefined;
  let detail: string | undefined;
  let changed = clock.now();

  const status = (): BackendStatus => ({
    id,
    plugin: description?.name ?? config.plugin,
    ...(description ? { version: description.version } : {}),
    state,
    ...(message === undefined ? {} : { message: withDetail(message, detail) }),
    calls: [...calls],
    features: description?.features ?? [],
    restarts,
    changed,
  });
  const become = (next: BackendStatus['state'], why?: string, more?: string) => {
    if (state === next && message === why && detail === more) return;
    state = next;
    message = why;
    detail = more;
    changed = clock.now();
    onStatus(status());
  };

  const contextOf = (options: CallOptions, timeoutMs: number, more: Partial<Context>): Context =>
    // What is undefined is left out of the JSON.
    ({
      v: protocolVersion,
      instance: id,
      key: options.key,
      attempt: options.attempt,
      timeoutMs,
      actor: options.actor,
      account: options.account,
      logLevel: config.logLevel ?? 'info',
      ...more,
    }) as Context;

  /** A base call; undefined when the plugin does not have it. */
  const ask = async (
    over: Link,
    method: BaseCall,
    params: object,
    limit: 'configureTimeoutMs' | 'readTimeoutMs' | 'drainMs',
    options: CallOptions = {},
    check = checkFor(baseResults[method]),
  ) => {
    const timeoutMs = options.timeoutMs ?? limits[limit];
    try {
      const wanted = {
        method,
        instance: id,
        params,
        check,
        timeoutMs,
        limit: options.timeoutMs === undefined ? limit : undefined,
        mutates: false,
        signal: options.signal,
        tap,
        urgent: urgent.has(method),
        accept: ['need', 'blob'] as const,
        contextOf: (more: Partial<Context>) => contextOf(options, timeoutMs, more),
      };
      const answer = await exchange(over, wanted, around);
      return 'result' in answer ? answer.result : undefined;
    } catch (error) {
      if (error instanceof Fault && error.kind === 'unsupported') return undefined;
      throw error;
    }
  };

  /** The calls that can be made: those of the contract that it has, and those that it publishes. */
  const callsAmong = (methods: readonly string[]) => [
    ...methods.filter((name) => contract.has(name) && otherVersion(description, name) === undefined),
    ...publishes
      .filter(({ service }) => !Object.hasOwn(interfaces, service))
      .flatMap(({ service, methods: own }) => own.map(({ name }) => `${service}.${name}`)),
  ];

  /** Hand over the configuration, unless the plugin has had this very one already. */
  const configure = async (over: Link, notes: Notes): Promise<Configured | undefined> => {
    const had = notes.configured(id, config.config);
    if (had !== undefined) return had.answer;
    let given: unknown;
    const keep: Check = (value) => {
      given = value;
      return checkFor(baseResults.configure)(value);
    };
    const params = { config: config.config };
    const answer = (await ask(over, 'configure', params, 'configureTimeoutMs', {}, keep)) as Configured | undefined;
    if (given) warnOfUnknownNames(given, 'configure', log, { connector: id });
    notes.configuredWith(id, config.config, answer);
    return answer;
  };

  const bring = async (over: Link, described: Description, notes: Notes, configured = false): Promise<void> => {
    let done = configured;
    try {
      if (!done) {
        const answer = await configure(over, notes);
        answered = answer;
        publishes = answer?.publishes ?? described.publishes ?? [];
        calls = new Set(callsAmong(answer?.methods ?? described.methods));
        idempotency = answer?.idempotency ?? described.idempotency;
        done = true;
      }
      await ask(over, 'probe', {}, 'configureTimeoutMs');
    } catch (error) {
      if (link !== over) return;
      const reason = asSentence(messageOf(error));
      // Told once, not at every try.
      if (message !== reason) log.warn({ connector: id, reason }, 'A connector is not ready.');
      become('failing', reason);
      retry = setTimeout(() => void bring(over, described, notes, done), backoff.next());
      tried.resolve();
      return;
    }
    if (link !== over) return;
    backoff.reset();
    become('ready');
    tried.resolve();
  };

  /** The link when calls can be made. */
  const readyLink = (mutates: boolean): Link => {
    if (link !== undefined && state === 'ready') return link;
    const why = message === undefined ? '.' : `: ${message}`;
    throw new Fault('unavailable', `${id} is ${state}${why}`, mutates ? { outcome: 'none' } : {});
  };

  const backend: Backend = {
    id,
    get idempotency() {
      return idempotency ?? 'none';
    },
    get publishes() {
      return publishes;
    },
    get cursors() {
      const { features = [], concurrency = 1 } = description ?? {};
      if (!features.includes('cursors')) return undefined;
      // One that serves one call at a time hears of nothing between its calls.
      return features.includes('events') && concurrency > 1 ? 'reported' : 'asked';
    },
    status,
    supports: (call) => calls.has(call),
    async call<P, R>(call: ContractCall<P, R>, params: P, options: CallOptions = {}): Promise<R> {
      const { name, mutates } = call;
      const over = readyLink(mutates);
      if (!calls.has(name)) {
        const why = otherVersion(description, name);
        const text = `${id} cannot do ${name}${why === undefined ? '' : `: ${why}`}.`;
        throw new Fault('unsupported', text, mutates ? { outcome: 'none' } : {});
      }
      const limit = mutates ? 'changeTimeoutMs' : 'readTimeoutMs';
      const timeoutMs = Math.min(options.timeoutMs ?? limits[limit], longestTimer);
      const idle = mutates && description?.features?.includes('progress') ? limits.idleTimeoutMs : timeoutMs;
      const idleMs = idle < timeoutMs ? idle : undefined;
      const { vm } = params as { vm?: unknown };
      const accept = acceptedBeside(
        call.result,
        options.onTask === undefined ? ['need', 'blob'] : ['task', 'need', 'blob'],
      );
      const wanted: Wanted = {
        method: name,
        instance: id,
        params: params as object,
        check: checkFor(call.result),
        timeoutMs,
        idleMs,
        limit: options.timeoutMs === undefined ? limit : undefined,
        mutates,
        lock: mutates && typeof vm === 'string' ? `${id}\n${vm}` : undefined,
        key: options.key,
        signal: options.signal,
        onProgress: options.onProgress,
        onLog: options.onLog,
        tap,
        accept,
        contextOf: (more) => contextOf(options, timeoutMs, { ...(idleMs === undefined ? {} : { idleMs }), ...more }),
      };
      const answer = await exchange(over, wanted, around);
      if ('result' in answer) return answer.result as R;
      options.onTask?.(answer.task);
      return undefined as R;
    },
    async follow<P, R>(task: KeptTask, call: ContractCall<P, R>, options: CallOptions = {}) {
      const end = await followTask(task, options, {
        connector: id,
        call: call.name,
        check: checkFor(call.result),
        limits,
        now: () => clock.now(),
        ask: (method, params) => ask(readyLink(false), method, params, 'readTimeoutMs'),
        isThere: () => link !== undefined && state === 'ready',
      });
      return end as TaskEnd<R>;
    },
    async find(key, call, params, options = {}) {
      const over = readyLink(false);
      await over.former.without(key, limits.changeTimeoutMs, options.signal);
      // As long as the plugin still works on it, nobody can say what will have become of it.
      if (idempotency === 'none' || over.holds(key)) return { outcome: 'unknown' };
      const found = await ask(over, 'find', { call, params }, 'readTimeoutMs', { ...options, key });
      return (found as Found | undefined) ?? { outcome: 'unknown' };
    },
    async pullEvents(request, options) {
      const pulled = (await ask(readyLink(false), 'events.pull', request, 'readTimeoutMs', options)) as
        | Pulled
        | undefined;
      if (pulled === undefined) throw new Fault('unsupported', `${id} has cursors and does not answer events.pull.`);
      const lacking = pulled.events.map(lackOf);
      const at = lacking.findIndex((lack) => lack !== undefined);
      if (at < 0) return pulled;
      throw new Fault('internal', `${id} answered events.pull with a wrong result: /events/${at} ${lacking[at]}.`);
    },
  };

  return {
    config,
    backend,
    tap,
    introduction() {
      if (description === undefined) return [];
      const params = { config: config.config, ctx: contextOf({}, limits.configureTimeoutMs, {}) };
      return [
        ['host', requestLine(1, 'describe', {})],
        ['plugin', resultLine(1, description)],
        ['host', requestLine(2, 'configure', params)],
        ['plugin', resultLine(2, answered ?? {})],
      ];
    },
    asker,
    tried: tried.promise,
    attach(over, described, notes) {
      link = over;
      description = described;
      void bring(over, described, notes);
    },
    detach(next, why, more) {
      clearTimeout(retry);
      link = undefined;
      become(next, asSentence(why), more);
      tried.resolve();
    },
    restarting() {
      restarts++;
    },
    async drain() {
      if (link !== undefined) await ask(link, 'drain', {}, 'drainMs');
    },
  };
};
