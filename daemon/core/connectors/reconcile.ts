/**
 * Keeps the inventory true: reads everything when a connector becomes ready and then periodically, takes over events
 * between, adopts machines made behind our back, and marks those that are gone, or that cannot be seen at the moment.
 */
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Limits } from '../../limits.ts';
import { unavailable } from '../discretion.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type Effect, noEffect } from '../native.ts';
import type { Operations } from '../operations/operations.ts';
import type {
  Backend,
  BackendListener,
  BackendStatus,
  Backends,
  Change,
  Log,
  NativeEvent,
  OperationRow,
} from '../ports.ts';
import { forsaken, lost } from './absence.ts';
import { ConnectorHealth } from './connector-health.ts';
import type { Descriptions } from './descriptions.ts';
import { EventFeed } from './event-feed.ts';
import { FirstReadings } from './first-reading.ts';
import { InventoryReader } from './inventory-reader.ts';
import type { KeepsByConnector } from './leftovers.ts';
import type { Published } from './published.ts';
import { Readiness } from './readiness.ts';
import type { Remarks } from './remarks.ts';
import { Reports } from './reports.ts';

export interface ReconcilerContext {
  journal: Journal;
  inventory: Inventory;
  backends: Backends;
  operations: () => Operations;
  log: Log;
  limits: Limits;
  /** The account that owns machines which a connector reports and nobody made through us. */
  accountOf: (connector: string) => string;
  descriptions: Descriptions;
  /** Follows connectors too. */
  published: Published;
  remarks: Remarks;
  /** What the store has beside its records. */
  meta: ReadonlyMap<string, string>;
  /** Told of connectors that are configured, and of those that are not any more. */
  configured: (connector: string, isIt: boolean) => void;
  /** Told when what happened while one was away is known. */
  current: () => void;
}

interface Watch {
  /** The reading under way; callers that come meanwhile wait for the next one. */
  reading?: Promise<void>;
  again?: Promise<void>;
  /** Whether all machines have been read, and no event has been missed since. */
  isTrue?: boolean;
  /** Whether what happened while it was away has been taken over. */
  isCurrent?: boolean;
  /** Resolves once that has been asked for: a reading before would hide when it happened. */
  asked?: PromiseWithResolvers<void>;
}

export class Reconciler implements BackendListener {
  readonly #context: ReconcilerContext;
  readonly #watches = new Map<string, Watch>();
  readonly #reports: Reports;
  readonly #reader: InventoryReader;
  readonly #feed: EventFeed;
  readonly #health: ConnectorHealth;
  readonly #readiness: Readiness;
  readonly firstReadings: FirstReadings;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ReconcilerContext) {
    this.#context = context;
    this.#reports = new Reports(context);
    this.#reader = new InventoryReader(context, this.#reports);
    this.#readiness = new Readiness(context.backends);
    this.firstReadings = new FirstReadings(context.limits.plugins.firstReadMs);
    // Before the first call can come.
    for (const { id } of context.backends.list()) this.#expect(id, 'start');
    this.#feed = new EventFeed({
      ...context,
      pollMs: context.limits.plugins.eventPollMs,
      take: (backend, events, changes) => this.#take(backend, events, changes),
      caughtUp: (backend, isComplete) => this.#caughtUp(backend, isComplete),
    });
    this.#health = new ConnectorHealth({
      limits: context.limits.plugins,
      now: () => Date.parse(context.journal.now()),
      remark: (connector) => context.remarks.of(connector),
      tell: (status, previous) => this.#tell(status, previous),
      lost: (connector) => {
        context.published.lost(connector);
        this.#write(lost(context, connector));
      },
      retry: (connector) => this.#readAgain(connector),
    });
  }

  #expect(connector: string, when: 'start' | 'later'): void {
    this.firstReadings.expect(connector, when, () => this.#context.inventory.knows(connector));
  }

  /** How a connector is, as users see it. */
  statusOf(backend: Backend): BackendStatus {
    return this.#context.descriptions.shown(this.#health.seen(backend.status()));
  }

  /** Where events go on. */
  get cursors(): KeepsByConnector {
    return this.#feed;
  }

  /** Whether it is known how the machines of a connector are, and how they were: not while it is away. */
  isCurrent(connector: string): boolean {
    return this.#watches.get(connector)?.isCurrent === true;
  }

  #becomeCurrent(connector: string): void {
    this.#watch(connector).isCurrent = true;
    this.#context.current();
  }

  start(): void {
    this.#context.backends.listen(this);
    for (const backend of this.#context.backends.list()) this.status(backend.status());
    this.#write(...forsaken(this.#context));
    const period = this.#context.limits.plugins.reconcileSeconds * 1000;
    this.#timer = setInterval(() => void this.refresh().catch(() => {}), period);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#feed.stop();
    for (const { asked } of this.#watches.values()) asked?.resolve();
    this.#health.stop();
  }

  /** The connector once it can be used. */
  whenReady(connector: string, signal: AbortSignal): Promise<Backend> {
    return this.#readiness.wait(connector, signal);
  }

  #watch(connector: string): Watch {
    let watch = this.#watches.get(connector);
    if (watch === undefined) {
      watch = {};
      this.#watches.set(connector, watch);
    }
    return watch;
  }

  status(status: BackendStatus): void {
    this.#context.configured(status.id, true);
    this.#expect(status.id, 'later');
    this.#health.report(status);
    const watch = this.#watch(status.id);
    watch.isCurrent = false;
    watch.asked?.resolve();
    if (status.state !== 'ready') {
      if (status.state !== 'starting') {
        this.firstReadings.over(status.id);
        this.#context.published.failing(status.id);
      }
      this.#feed.detached(status.id);
      return;
    }
    watch.asked = Promise.withResolvers();
    const backend = this.#context.backends.get(status.id)!;
    this.#context.descriptions.seen(status);
    this.#context.published.seen(backend);
    this.#context.remarks.ready(status.id);
    this.#readiness.ready(backend);
    this.#feed.attached(backend);
  }

  removed(connector: string): void {
    this.#health.forget(connector);
    this.#context.remarks.forget(connector);
    this.firstReadings.forget(connector);
    this.#feed.detached(connector);
    this.#context.published.lost(connector);
    this.#readiness.removed(connector);
    this.#watches.get(connector)?.asked?.resolve();
    this.#watches.delete(connector);
    this.#write(...forsaken(this.#context));
    this.#context.configured(connector, false);
  }

  /** What happened while nobody listened has been taken over: all of it when `isComplete`. */
  #caughtUp(backend: Backend, isComplete: boolean): void {
    const watch = this.#watch(backend.id);
    watch.asked?.resolve();
    if (!isComplete) watch.isTrue = false;
    // Events tell of machines alone; the rest may have changed unseen.
    if (watch.isTrue) {
      this.#becomeCurrent(backend.id);
      this.#readAll(backend, false).catch(() => {});
    } else this.#readAgain(backend.id);
  }

  /** Read a connector that nobody waits for. How it went, its state tells. */
  #readAgain(connector: string): void {
    const backend = this.#context.backends.get(connector);
    if (backend?.status().state === 'ready') this.read(backend).catch(() => {});
  }

  #tell(status: BackendStatus, previous: string): void {
    const data = {
      state: status.state,
      previous,
      ...(status.message === undefined ? {} : { message: status.message.slice(0, 1000) }),
    };
    this.#write({
      changes: [],
      events: [{ type: 'connector.state', resourceKind: 'connector', resource: status.id, data }],
    });
  }

  #write(...effects: readonly Effect[]): void {
    for (const { changes, events } of effects) {
      // A store that cannot be written ends the daemon; whoever waits for that hears of it through the journal.
      if (changes.length + events.length > 0) this.#context.journal.write(changes, events).catch(() => {});
    }
  }

  /** Read everything from one connector, or from all that are ready. Resolves when it is in the store. */
  async refresh(connector?: string): Promise<void> {
    const { backends } = this.#context;
    if (connector !== undefined) {
      const backend = backends.get(connector);
      if (backend === undefined)
        throw new Fault('not-found', `There is no connector ${connector}.`, { field: '/connector' });
      if (backend.status().state !== 'ready') throw unavailable(`The connector ${connector} cannot be reached.`);
      return this.read(backend);
    }
    const ready = backends.list().filter((backend) => backend.status().state === 'ready');
    // One that fails is shown as failing, and keeps nobody from the others.
    await Promise.allSettled(ready.map((backend) => this.read(backend)));
  }

  /** Read everything from a connector. A reading that had begun before is not enough: it may have missed something. */
  read(backend: Backend): Promise<void> {
    const watch = this.#watch(backend.id);
    if (watch.again !== undefined) return watch.again;
    if (watch.reading !== undefined) {
      watch.again = watch.reading
        .catch(() => {})
        .then(() => {
          delete watch.again;
          return this.read(backend);
        });
      return watch.again;
    }
    watch.reading = this.#readAll(backend).finally(() => {
      delete watch.reading;
    });
    return watch.reading;
  }

  async #readAll(backend: Backend, machines = true): Promise<void> {
    try {
      if (machines) await this.#watch(backend.id).asked?.promise;
      const note = await this.#reader.readRest(backend);
      if (machines && backend.supports('compute.list')) {
        await this.#reader.readVms(backend);
        this.#watch(backend.id).isTrue = true;
      }
      if (machines && backend.status().state === 'ready') this.#becomeCurrent(backend.id);
      this.#health.read(backend.status(), note);
    } catch (thrown) {
      const { message } = thrown as Error;
      // While the plugin itself is away, the host says why.
      if (backend.status().state === 'ready' && this.#health.failed(backend.status(), message)) {
        this.#context.log.warn({ connector: backend.id, fault: message }, 'A connector cannot be read.');
      }
      throw thrown;
    } finally {
      this.firstReadings.over(backend.id);
    }
  }

  /** Read one machine through to its backend. */
  async readVm(vm: Vm): Promise<void> {
    const backend = this.#context.backends.get(vm.connector);
    if (backend?.status().state !== 'ready') throw unavailable(`The connector ${vm.connector} cannot be reached.`);
    if (!backend.supports('compute.get') || vm.nativeId === '') return this.read(backend);
    try {
      const native = await backend.call(compute.get, { vm: vm.nativeId });
      this.event(backend, { type: 'vm.changed', vm: native });
    } catch (thrown) {
      if (!(thrown instanceof Fault && thrown.kind === 'not-found')) throw thrown;
      this.event(backend, { type: 'vm.deleted', id: vm.nativeId });
    }
  }

  event(backend: Backend, event: NativeEvent): void {
    const changes = this.#feed.pushed(backend, event);
    // A store that cannot be written ends the daemon; whoever waits for that hears of it through the journal.
    if (changes !== undefined) this.#take(backend, [event], changes).catch(() => {});
  }

  /** Take over events, and with them in one transaction what else they mean for the store. */
  async #take(backend: Backend, events: readonly NativeEvent[], changes: readonly Change[]): Promise<void> {
    const effect = noEffect();
    for (const event of events) {
      if (event.type === 'resync') {
        this.#watch(backend.id).isTrue = false;
        this.#readAgain(backend.id);
      } else this.#reports.event(backend.id, event, effect);
    }
    if (effect.changes.length + effect.events.length + changes.length === 0) return;
    await this.#context.journal.write([...effect.changes, ...changes], effect.events);
  }

  /** An operation has ended: look at what was reported meanwhile. */
  ended(row: OperationRow): void {
    for (const vm of this.#reports.ended(row)) {
      // What was deferred may be older than the operation's own result: ask again.
      const asked = vm === undefined ? this.refresh(row.connector) : this.readVm(vm);
      asked.catch(() => {});
    }
  }
}
