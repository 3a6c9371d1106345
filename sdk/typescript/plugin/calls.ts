/** What a plugin consists of: a table of calls. */
import type {
  Accepted,
  TaskState as AnyTaskState,
  Event,
  Feature,
  Found,
  KitFeature,
  LogLevel,
  Pulled,
  TaskHandle,
} from '../../../plugin-protocol/contract/base.ts';
import type { Given, Need } from '../../../plugin-protocol/contract/host.ts';
import type { RpcError } from '../../../plugin-protocol/rpc/messages.ts';
import type { CallTypes } from '../generated/calls.ts';
import type { Host } from './host.ts';
import type { PublishedTable } from './published.ts';

/** The name of a domain call: `compute.start`. */
export type CallName = keyof CallTypes;

/** What a call is given, and what it answers. */
export type CallParams<N extends CallName> = CallTypes[N]['params'];
export type CallResult<N extends CallName> = CallTypes[N]['result'];

type Answer<T> = T | Promise<T>;

/** Lines for the daemon's log. Those below the level that the daemon asked for are not sent. */
export type PluginLog = Record<LogLevel, (message: string) => void>;

/** An event as a plugin reports it; the SDK adds the instance. */
export type PluginEvent = Omit<Event, 'instance'>;

/** What goes with each call. */
export interface CallContext {
  /** The configured instance that the call is for. */
  readonly instance: string;
  /** The idempotency key of a mutation, the same at each attempt; undefined for reads. */
  readonly key: string | undefined;
  /** 1 at the first attempt. */
  readonly attempt: number;
  /** Milliseconds until the host gives up. */
  readonly timeoutMs: number | undefined;
  /** Milliseconds without progress until the host gives up. */
  readonly idleMs?: number | undefined;
  /** What may be answered in place of a result: `{ task: { id } }` for work that goes on, `{ need: { secret: [name] } }`. */
  readonly accept: readonly Accepted[];
  /** What the call had answered to need; it is made again with it. */
  readonly given: Given;
  /** What may be asked of the daemon until the call has been answered. */
  readonly host: Host;
  /** Who asked. */
  readonly actor: string | undefined;
  /** The account of who asked, in a published method. */
  readonly account: string | undefined;
  /** Aborted when the call is no longer wanted. Its reason is a `Fault` of kind `cancelled`: throw it. */
  readonly signal: AbortSignal;
  readonly log: PluginLog;
  /** Say how far the call has come: 0 to 100, and what is being done. */
  progress(percent: number | undefined, message?: string): void;
  /** Report what happened in the backend. */
  event(event: PluginEvent): void;
}

/** Work goes on: the daemon asks after it with `task.get`. The id must be written where it outlives the process. */
export interface TaskAnswer {
  task: TaskHandle;
}

/** What a call needs of the daemon before it does anything: it is made again with that as `given`. */
export interface NeedAnswer {
  need: Need;
}

/** How a task goes: with the `result` of the call when it is `done`, an `error` when it `failed`. */
export interface TaskState extends Omit<AnyTaskState, 'result' | 'error'> {
  result?: unknown;
  error?: RpcError;
}

/** A call: gets named parameters, answers a result, or what stands for one, or throws a `Fault`. */
export type Call<N extends CallName> = (
  params: CallParams<N>,
  context: CallContext,
) => Answer<CallResult<N> | TaskAnswer | NeedAnswer>;

/** The calls of a plugin. What it lacks is answered as unsupported. */
export type Calls = {
  // Written out, so that one function may serve calls that are alike: two kinds of `Call` are never one to the compiler.
  [N in keyof CallTypes]?: (
    params: CallParams<N>,
    context: CallContext,
  ) => Answer<CallResult<N> | TaskAnswer | NeedAnswer>;
} & {
  /**
   * What became of the mutation with the key `context.key`. A plugin that has it also promises that a mutation which it
   * gets again with the same key has no second effect.
   */
  find?: (params: { call: string; params: Record<string, unknown> }, context: CallContext) => Answer<Found>;
  /**
   * What happened since a cursor, the oldest first and at most `max`; without `since`, no events and where they begin. An
   * event that is reported has the cursor that it is answered with here. `reset` when what happened since is not known.
   */
  'events.pull'?: (params: { since?: string; max: number }, context: CallContext) => Answer<Pulled>;
  /** How a task goes; a `not-found` fault when it is not known. */
  'task.get'?: (params: { task: string }, context: CallContext) => Answer<TaskState>;
  /** A task is no longer wanted. How it ends, `task.get` says. */
  'task.cancel'?: (params: { task: string }, context: CallContext) => Answer<object>;
  /** Whether the backend can be reached; throws a `Fault` when not. */
  probe?: (params: object, context: CallContext) => Answer<object>;
  /** The daemon is about to stop: finish what must be finished. */
  drain?: (params: object, context: CallContext) => Answer<object>;
};

/** One configured instance, for what it does outside of calls. */
export interface Instance {
  readonly id: string;
  /** What may be asked of the daemon until the factory has answered. */
  readonly host: Host;
  readonly log: PluginLog;
  /** Aborted when the instance is over: it is configured anew, its factory has failed, or the conversation with the host has ended. */
  readonly signal: AbortSignal;
  event(event: PluginEvent): void;
  /** Publish a service that is this instance's own. While its calls are made; what comes later is not told. */
  publish(table: PublishedTable): void;
}

/** Makes the calls of one instance from its configuration. A `Fault` that it throws is the answer of `configure`. */
export type CallsFactory<Config = Record<string, unknown>> = (config: Config, instance: Instance) => Answer<Calls>;

export interface ServeOptions {
  version?: string;
  /** How many calls the plugin takes at once; 64 when left out. */
  concurrency?: number;
  /** How many processes of it are to serve, unless the daemon's configuration says so; 1: never two at once. */
  processes?: number;
  /** Methods of its own: services made by `publish`. */
  publishes?: readonly PublishedTable[];
  /** What `describe` lists for a factory whose instances differ; every call of the contract when left out. */
  methods?: readonly CallName[];
  /** The longest lines, in bytes; longer results go in parts. 4 MiB and 16 MiB when left out. */
  limits?: { lineToPlugin?: number; lineFromPlugin?: number };
  /** What a factory's instances are capable of beside what the kit brings along: `cursors` when they answer `events.pull`. */
  features?: readonly Exclude<Feature, KitFeature>[];
}

export type { Found, Pulled, TaskHandle, TaskState as AnyTaskState };
