/**
 * Keeps the inventory true: has everything read when a connector becomes ready and then periodically, takes over events
 * between, adopts machines made behind our back, and marks those that are gone, or that cannot be seen at the moment.
 */
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Limits } from '../../limits.ts';
import { unavailable } from '../discretion.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { noEffect } from '../native.ts';
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
import { Absence } from './absence.ts';
import { ConnectorHealth } from './connector-health.ts';
import type { Descriptions } from './descriptions.ts';
import { EventFeed } from './event-feed.ts';
import { FirstReadings } from './first-reading.ts';
import { Freshness } from './freshness.ts';
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

export class Reconciler implements BackendListener {
  readonly #context: ReconcilerContext;
  readonly #reports: Reports;
  readonly #freshness: Freshness;
  readonly #feed: EventFeed;
  readonly #health: ConnectorHealth;
  readonly #readiness: Readiness;
  readonly #absence: Absence;
  readonly firstReadings: FirstReadings;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ReconcilerContext) {
    this.#context = context;
    this.#reports = new Reports(context);
    this.#readiness = new Readiness(context.backends);
    this.#absence = new Absence(context);
    this.firstReadings = new FirstReadings(context.limits.plugins.firstReadMs);
    // Before the first call can come.
    for (const { id } of context.backends.list()) this.#expect(id, 'start');
    this.#feed = new EventFeed({
      ...context,
      pollMs: context.limits.plugins.eventPollMs,
      take: (backend, events, changes) => this.#take(backend, events, changes),
      caughtUp: (backend, isComplete) => this.#freshness.caughtUp(backend, isComplete),
    });
    this.#health = new ConnectorHealth({
      limits: context.limits.plugins,
      now: () => Date.parse(context.journal.now()),
      remark: (connector) => context.remarks.of(connector),
      tell: (status, previous) => this.#tell(status, previous),
      lost: (connector) => {
        context.published.lost(connector);
        // A store that cannot be written ends the daemon; whoever waits for that hears of it through the journal.
        this.#lost(connector).catch(() => {});
      },
      retry: (connector) => this.#freshness.readAgain(connector),
    });
    this.#freshness = new Freshness({
      ...context,
      reader: new InventoryReader(context, this.#reports),
      health: this.#health,
      firstReadings: this.firstReadings,
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
    return this.#freshness.isCurrent(connector);
  }

  start(): void {
    this.#context.backends.listen(this);
    for (const backend of this.#context.backends.list()) this.status(backend.status());
    this.#absence.forsakenAll().catch(() => {});
    const period = this.#context.limits.plugins.reconcileSeconds * 1000;
    this.#timer = setInterval(() => void this.refresh().catch(() => {}), period);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#feed.stop();
    this.#freshness.stop();
    this.#health.stop();
    this.#absence.stop();
  }

  /** The connector once it can be used. */
  whenReady(connector: string, signal: AbortSignal): Promise<Backend> {
    return this.#readiness.wait(connector, signal);
  }

  status(status: BackendStatus): void {
    this.#context.configured(status.id, true);
    this.#expect(status.id, 'later');
    this.#health.report(status);
    this.#freshness.unseen(status.id);
    if (status.state !== 'ready') {
      if (status.state !== 'starting') {
        this.firstReadings.over(status.id);
        this.#context.published.failing(status.id);
      }
      this.#feed.detached(status.id);
      return;
    }
    this.#freshness.asking(status.id);
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
    this.#freshness.forget(connector);
    this.#absence.forsaken(connector).catch(() => {});
    this.#context.configured(connector, false);
  }

  #tell(status: BackendStatus, previous: string): void {
    const data = {
      state: status.state,
      previous,
      ...(status.message === undefined ? {} : { message: status.message.slice(0, 1000) }),
    };
    const event = { type: 'connector.state', resourceKind: 'connector', resource: status.id, data };
    this.#context.journal.write([], [event]).catch(() => {});
  }

  /** It has been away for long: nobody can tell how its machines are, until they have been read again. */
  async #lost(connector: string): Promise<void> {
    const { backends } = this.#context;
    const isBack = () => {
      const backend = backends.get(connector);
      return backend === undefined || this.#health.seen(backend.status()).state === 'ready';
    };
    await this.#absence.lost(connector, isBack);
    if (!this.#absence.isOver && backends.get(connector) !== undefined) this.#freshness.missed(connector);
  }

  /**
   * Read everything from one connector, or from all that are ready. Resolves when it is in the store; of one connector it
   * rejects with a `Fault` where there is none, or it cannot be read.
   */
  refresh(connector?: string): Promise<void> {
    return this.#freshness.refresh(connector);
  }

  /** Read one machine through to its backend. */
  async readVm(vm: Vm): Promise<void> {
    const backend = this.#context.backends.get(vm.connector);
    if (backend?.state !== 'ready') throw unavailable(`The connector ${vm.connector} cannot be reached.`);
    if (!backend.supports('compute.get') || vm.nativeId === '') return this.#freshness.read(backend);
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
      if (event.type === 'resync') this.#freshness.missed(backend.id);
      else this.#reports.event(backend.id, event, effect);
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
