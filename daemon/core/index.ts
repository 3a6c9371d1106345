/** The core: joins the pipeline, the handlers and what they work with. */
import { Fault } from '../../plugin-protocol/faults.ts';
import { methods } from '../catalogue/index.ts';
import type { Method } from '../catalogue/method.ts';
import type { Limits } from '../limits.ts';
import { Accounts, type NewUser, type UserInfo } from './accounts/accounts.ts';
import { Directories, type DirectorySettings } from './accounts/directories.ts';
import type { Api, CallRequest } from './api.ts';
import type { Call, Step } from './call.ts';
import { Descriptions } from './connectors/descriptions.ts';
import { Leftovers } from './connectors/leftovers.ts';
import { createPluginRecords } from './connectors/plugin-records.ts';
import { counted, Proof } from './connectors/proof.ts';
import { Published } from './connectors/published.ts';
import { Reconciler } from './connectors/reconcile.ts';
import { Remarks } from './connectors/remarks.ts';
import { faultFor } from './discretion.ts';
import { handlersByName } from './handlers/by-name.ts';
import { Inventory } from './inventory.ts';
import { Journal } from './journal.ts';
import { Operations } from './operations/operations.ts';
import { Stories } from './operations/stories.ts';
import { authenticate, authorize, limitRate, validate } from './pipeline.ts';
import type { Backends, Clock, Log, Metrics, Store } from './ports.ts';
import { type Services, waitingRoom } from './services.ts';
import { createTidying } from './tidying.ts';
import { createClockSteps } from './usage/clock-steps.ts';
import { createLedger } from './usage/ledger.ts';
import { Meters } from './usage/meters.ts';
import { UsageFeed } from './usage/usage-feed.ts';

export type { NewUser, UserInfo } from './accounts/accounts.ts';

export interface CoreOptions {
  store: Store;
  backends: Backends;
  clock?: Clock;
  log: Log;
  metrics: Metrics;
  limits: Limits;
  version: string;
  /** The account that owns machines which a connector reports and nobody made through the daemon; default `admin`. */
  accountOf?: (connector: string) => string;
  /** The connectors that are asked for users whom the daemon does not know: another list when they have changed. */
  directories?: () => readonly DirectorySettings[];
  /** The connectors that are told what machines have used. */
  accounting?: () => readonly string[];
}

export interface Core extends Api {
  /** Begin to follow the connectors, and resume operations. */
  start(): void;
  /**
   * Send nothing new to plugins, and let callers that wait go; what is under way is resumed at the next start. Resolves once
   * old records are dropped no more: the store may be closed then.
   */
  stop(): Promise<void>;
  hasUser(user: string): boolean;
  users(): UserInfo[];
  /** Make a user, or give an existing one another password, account and role. */
  putUser(user: NewUser): Promise<void>;
  removeUser(user: string): Promise<void>;
  /** What of the services that a connector publishes cannot be offered; undefined when all can. */
  serviceTroubleOf(connector: string): string | undefined;
  /** Drop what is kept of a connector that is not configured. Rejects with a `Fault` when it is, or nothing is kept. */
  forgetConnector(connector: string): Promise<void>;
  /** Calls `wake` when connectors may read otherwise, how they are or what they have proven, until the answer is called. */
  onConnectors(wake: () => void): () => void;
  /** For gauges. */
  counts(): { vms: number; operations: number };
  /** Rejects when the store could not be written: the daemon must end then, memory is ahead of the store. */
  readonly failed: Promise<never>;
}

const systemClock: Clock = { now: Date.now, steady: () => performance.now() };
const none: readonly DirectorySettings[] = [];

/** Load what the store holds and make a core of it. Nothing is sent to a plugin before `start`. */
export const createCore = async (options: CoreOptions): Promise<Core> => {
  const { store, log, metrics, limits, version } = options;
  const clock = options.clock ?? systemClock;
  const loaded = await store.load();
  const inventory = new Inventory();
  inventory.load(loaded.resources);
  const meters = new Meters(
    loaded.meters,
    loaded.lastUsage,
    limits.accounting.periodSeconds,
    createClockSteps(clock, log),
  );
  const journal = new Journal(store, clock, loaded, meters);
  const connectors = options.backends.list().map(({ id }) => id);
  const proof = new Proof(clock, journal, loaded.meta, connectors);
  const backends = counted(options.backends, proof);
  const directories = new Directories({
    backends,
    settings: options.directories ?? (() => none),
    clock,
    log,
    limits: limits.directories,
  });
  const accounts = new Accounts(loaded.users, loaded.tokens, { journal, clock, limits, directories });
  const accountOf = options.accountOf ?? (() => 'admin');
  const published = new Published({
    ...{ catalogue: methods, backends, journal, log, limits: limits.plugins, meta: loaded.meta },
  });
  const told = options.accounting ?? (() => []);
  const remarks = new Remarks({
    backends,
    log,
    directories: options.directories ?? (() => none),
    accounting: told,
    troubles: () => [directories, feed, published],
  });
  const descriptions = new Descriptions(journal, loaded.meta);
  const reconciler = new Reconciler({
    descriptions,
    remarks,
    journal,
    inventory,
    backends,
    operations: () => operations,
    log,
    limits,
    accountOf,
    published,
    meta: loaded.meta,
    current: () => ledger.look(),
    configured: (connector, isIt) => tidying.tend(isIt ? leftovers.back(connector) : leftovers.look()),
  });
  const records = createPluginRecords({ journal, inventory, limits: limits.plugins, meta: loaded.meta });
  const feed = new UsageFeed({
    store,
    journal,
    backends,
    log,
    limits: limits.accounting,
    connectors: told,
    meta: loaded.meta,
    whenReady: async (connector, signal) => reconciler.whenReady(connector, signal),
    changed: () => proof.changed(),
  });
  const leftovers = new Leftovers({
    ...{ journal, inventory, backends, clock, log, limits: limits.store, meta: loaded.meta },
    keepers: [records, reconciler.cursors, descriptions, published, meters, feed],
  });
  const stories = new Stories({ store, journal, clock, lines: limits.store.storyLines, known: loaded.stories });
  const operations = new Operations({
    store,
    stories,
    journal,
    inventory,
    backends,
    log,
    whenReady: async (connector, signal) => reconciler.whenReady(connector, signal),
    ended: (row) => reconciler.ended(row),
  });
  const tidying = createTidying({ journal, inventory, accounts, leftovers, feed, clock, log, limits: limits.store });
  const ledger = createLedger({ meters, feed, journal, inventory, backends, reconciler, clock, log });
  const started = clock.now();
  const waiting = waitingRoom(limits);
  const services: Services = {
    published,
    proof,
    store,
    journal,
    inventory,
    backends,
    reconciler,
    operations,
    stories,
    accounts,
    limits,
    clock,
    version,
    started,
    waiting,
  };

  // The pipeline. Order matters: who, then whether, then how often, then what.
  const first = reconciler.firstReadings;
  const steps: readonly Step[] = [authenticate(accounts), authorize, limitRate(limits, clock), validate(), first.wait];
  const handlers = handlersByName(services);
  let inFlight = 0;

  const run = async (call: Call): Promise<unknown> => {
    for (const step of steps) {
      const pending = step(call);
      if (pending !== undefined) await pending;
    }
    const { method } = call;
    const result = await (method.service === undefined
      ? handlers.get(method.name)!(call.params, call)
      : published.call(call));
    // An answer leaves only after everything it may tell of is durable.
    const writing = store.pending();
    if (writing !== undefined) await writing;
    return result;
  };

  return {
    get methods() {
      return published.methods;
    },
    get services() {
      return published.services;
    },
    failed: journal.failed,

    async call(method: Method, params: Record<string, unknown>, request: CallRequest) {
      const began = performance.now();
      const call: Call = { method, params, request, principal: undefined };
      inFlight += 1;
      try {
        if (inFlight > limits.calls.inFlight) {
          throw new Fault('throttled', `${limits.calls.inFlight} calls are under way (limits.calls.inFlight).`, {
            retryAfterMs: 1000,
          });
        }
        const result = await run(call);
        metrics.called(request.frontend, method.name, performance.now() - began, undefined);
        return result;
      } catch (thrown) {
        const fault = thrown instanceof Fault ? faultFor(call.principal, thrown) : internal(thrown, method, log);
        metrics.called(request.frontend, method.name, performance.now() - began, fault.kind);
        throw fault;
      } finally {
        inFlight -= 1;
      }
    },

    onConnectors(wake) {
      // Whether a connector can be read is known to the core alone, and told as an event.
      const forgetEvents = journal.onEvent(wake);
      const forgetCounts = proof.onChange(wake);
      return () => {
        forgetEvents();
        forgetCounts();
      };
    },

    refused: (frontend, kind) => metrics.refused(frontend, kind),

    start() {
      backends.provide(records);
      operations.resume(loaded.operations);
      reconciler.start();
      ledger.start();
      tidying.start();
    },

    async stop() {
      operations.stop();
      reconciler.stop();
      ledger.stop();
      waiting.close();
      proof.save();
      await tidying.stop();
    },

    hasUser: (user) => accounts.has(user),
    users: () => accounts.list(),
    putUser: (user) => accounts.putUser(user),
    removeUser: (user) => accounts.removeUser(user),
    serviceTroubleOf: (connector) => published.troubleOf(connector),
    forgetConnector: (connector) => leftovers.forget(connector),
    counts: () => ({ vms: inventory.vm.size, operations: operations.count() }),
  };
};

const internal = (cause: unknown, method: Method, log: Log): Fault => {
  log.error({ cause, method: method.name }, 'A call ended in a bug.');
  return new Fault('internal', 'An internal error; the log of the daemon says more.');
};
