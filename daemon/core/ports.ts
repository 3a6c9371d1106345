/** What the core needs from outside. Adapters live in `daemon/host` (backends) and `daemon/store`; `daemon/main.ts` joins them. */

import type { LookedUp, StateValue } from '../../plugin-protocol/contract/host.ts';
import type { ContractCall } from '../../plugin-protocol/contract/index.ts';
import type { PublishedInterface } from '../../plugin-protocol/contract/published.ts';
import type { Fault, FaultKind } from '../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../plugin-protocol/resources.ts';
import type {
  Change,
  EventRow,
  MeterRow,
  OperationRow,
  ResourceRow,
  StoryRow,
  TokenRow,
  UsageRow,
  UserRow,
} from './rows.ts';

export type * from './rows.ts';

/** Moments, so that tests can move time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment, by a clock that nobody sets; left out where time is set on purpose. */
  steady?(): number;
}

/** Structured logging; pino satisfies it. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Log;
}

/** Counts what happens; `daemon/metrics/` is the adapter to prom-client. Called once per call, so it must be cheap. */
export interface Metrics {
  /** A call ended; `fault` is its kind when it failed. */
  called(frontend: string, method: string, milliseconds: number, fault: FaultKind | undefined): void;
  /** A request that never became a call. */
  refused(frontend: string, kind: string): void;
}

export interface CallOptions {
  /** Of a published method: what the caller relies on (`termsOf`). A plugin that describes it otherwise is not called. */
  terms?: string;
  /** The idempotency key of a mutation: the id of its operation, the same at every attempt. */
  key?: string;
  /** 1 for the first attempt. */
  attempt?: number;
  /** The call fails with `timeout` when it takes longer; the plugin hears of it as `ctx.timeoutMs`. */
  timeoutMs?: number;
  /** Aborting asks the plugin to cancel; the call then still settles with what the plugin answers. */
  signal?: AbortSignal;
  /** Who asked, for the plugin's log. */
  actor?: string;
  /** The account of who asked; told to published methods. */
  account?: string;
  onProgress?: (progress: { percent?: number; message?: string }) => void;
  /** The caller bears with a task: it is told of it, and the call resolves with undefined. */
  onTask?: (task: TaskHandle) => void;
  /** Texts in the parameters that must not be shown: they are hidden in what the plugin says of the call, and logs meanwhile. */
  secrets?: readonly string[];
  /** Told each line that the plugin logs about this call; or, where it does not say which it means, while the call is with it. */
  onLog?: (line: PluginLine) => void;
}

/** A line that a plugin logged while calls were with it. */
export interface PluginLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  /** How many calls it may be about. */
  among: number;
}

/** A call that the plugin goes on with after it has answered. */
export interface TaskHandle {
  id: string;
  /** Milliseconds between two questions after it. */
  pollMs?: number;
  /** Milliseconds for which the plugin remembers it once it has ended. */
  ttlMs?: number;
}

/** A task that is asked after. */
export interface KeptTask extends TaskHandle {
  /** When it was answered. */
  since: string;
}

/** What became of a task. `forgotten`: the plugin does not know it; `away`: the plugin has gone, and may know it later. */
export type TaskEnd<R> =
  | { state: 'done'; result: R }
  | { state: 'failed'; fault: Fault }
  | { state: 'forgotten' }
  | { state: 'away' };

/** What `find` knows of a key. */
export interface Found {
  /** `done`: it was carried out (`vm` says with what result); `none`: never begun; `unknown`: the plugin cannot tell. */
  outcome: 'done' | 'none' | 'unknown';
  vm?: NativeVm;
}

/** What happened after a cursor, as a plugin answers it. */
export interface PulledEvents {
  events: readonly NativeEvent[];
  /** Where to go on. */
  next: string;
  /** What happened between is not known any more: everything must be read again. */
  reset?: boolean;
}

/** One configured instance of a plugin: a connector. */
export interface Backend {
  /** Its name in the configuration. */
  readonly id: string;
  /** Whether a mutation sent again with the same key has no second effect; `none` until the plugin says otherwise. */
  readonly idempotency: 'key' | 'none';
  /** What it publishes beside the calls of the contract; the same object until it has been described again. */
  readonly publishes: readonly PublishedInterface[];
  /**
   * How events that have cursors are heard of: `reported` by the plugin, or `asked` for again and again. Undefined when
   * it has no cursors: what happens while it is away is then not told.
   */
  readonly cursors: 'reported' | 'asked' | undefined;
  /** That of `status`, which takes a while to put together. */
  readonly state: BackendStatus['state'];
  status(): BackendStatus;
  supports(call: string): boolean;
  /**
   * Make a call. The result has been checked against the contract. Rejects with a `Fault`, whose `data.outcome` tells
   * what had happened: `unknown` when the plugin died or the link was lost with a mutation under way.
   */
  call<P, R>(call: ContractCall<P, R>, params: P, options?: CallOptions): Promise<R>;
  /** Ask after a task of this call until it has ended. Aborting asks the plugin to cancel it. */
  follow<P, R>(task: KeptTask, call: ContractCall<P, R>, options?: CallOptions): Promise<TaskEnd<R>>;
  /** What became of the mutation with this key. */
  find(key: string, call: string, params: object, options?: CallOptions): Promise<Found>;
  /** What happened since a cursor; without one, where events begin from now on. */
  pullEvents(request: { since?: string; max: number }, options?: CallOptions): Promise<PulledEvents>;
}

export interface BackendStatus {
  id: string;
  plugin: string;
  version?: string;
  state: 'starting' | 'ready' | 'failing' | 'stopped';
  message?: string;
  calls: readonly string[];
  /** What of the protocol the plugin has, beside the calls. */
  features?: readonly string[];
  restarts: number;
  /** A process of it has ended so often that it is started again after long pauses alone. */
  isCrashing?: boolean;
  /** How many calls are held back because its plugin kept ending with them. */
  heldBack?: number;
  /** Milliseconds since 1970 of the last change of state. */
  changed: number;
}

/** An event as a plugin reports it with `$/event`, or answers it to `events.pull`. */
export interface NativeEvent {
  /** `vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read everything again. */
  type: 'vm.changed' | 'vm.deleted' | 'resync';
  vm?: NativeVm;
  id?: string;
  /** The place after it in the order of events, where the plugin keeps one. */
  cursor?: string;
  /** When it happened, where the backend knows. */
  time?: string;
}

export interface BackendListener {
  /** The state of a backend changed; on `ready` its inventory should be read. */
  status(status: BackendStatus): void;
  event(backend: Backend, event: NativeEvent): void;
  /** It is not configured any more. */
  removed(id: string): void;
}

/** What the daemon keeps for its plugins, and what it tells them. */
export interface PluginRecords {
  state(connector: string, key: string): StateValue;
  /**
   * Put a value, or remove it when it is undefined; with `version` only where that is the version. Answers the new one once
   * it is durable. Rejects with `conflict`, and with `quota` when the connector keeps too much.
   */
  putState(connector: string, key: string, value: unknown, version: number | undefined): Promise<number>;
  /** A machine of the connector, by its backend id or its own. */
  lookup(connector: string, by: { vm?: string; id?: string }): LookedUp | undefined;
}

/** All connectors. */
export interface Backends {
  /** From then on plugins can ask for these. */
  provide(records: PluginRecords): void;
  list(): readonly Backend[];
  get(id: string): Backend | undefined;
  listen(listener: BackendListener): void;
}

export interface UsageQuery {
  account: string | undefined;
  vm: string | undefined;
  /** What ended then or later, and `before`: milliseconds since 1970. */
  since: number | undefined;
  before: number | undefined;
  /** What comes behind this one. */
  after: { ended: number; place: number } | undefined;
  limit: number;
}

export interface OperationQuery {
  account?: string;
  state?: string;
  resource?: string;
  method?: string;
  limit: number;
  /** Ids before this one, in order of creation. */
  before?: string;
}

/**
 * The store: the truth that survives `kill -9`. Writes made in one turn of the event loop share one transaction; a
 * write is durable when its promise resolves.
 */
export interface Store {
  /** Everything that the core keeps in memory, read once at start. */
  load(): Promise<{
    resources: ResourceRow[];
    operations: OperationRow[];
    users: UserRow[];
    tokens: TokenRow[];
    meta: Map<string, string>;
    /** How many entries the stories of operations have that have not ended. */
    stories: Map<string, number>;
    meters: MeterRow[];
    /** The place of the last entry of the ledger, whether it is still kept or not. */
    lastUsage: number;
    lastCursor: number;
    firstCursor: number;
  }>;
  write(changes: readonly Change[]): Promise<void>;
  /** Resolves when everything written so far is durable; undefined when nothing is under way. */
  pending(): Promise<void> | undefined;
  operation(id: string): Promise<OperationRow | undefined>;
  operationByClientKey(user: string, key: string): Promise<OperationRow | undefined>;
  operations(query: OperationQuery): Promise<{ rows: OperationRow[]; total: number }>;
  events(after: number, limit: number): Promise<EventRow[]>;
  /** What was used, in the order in which it ended. */
  usage(query: UsageQuery): Promise<UsageRow[]>;
  /** The ledger after a place, in its order. */
  usageAfter(place: number, limit: number): Promise<UsageRow[]>;
  /** What happened to an operation, in order. */
  story(operation: string): Promise<StoryRow[]>;
  /**
   * Drop events, ended operations with their stories, tokens and usage older than these moments (milliseconds since 1970);
   * of usage only what is at `taken` in the ledger or before.
   */
  prune(before: { events: number; operations: number; tokens: number; usage: number; taken: number }): Promise<void>;
  close(): Promise<void>;
}
