/**
 * Keeps the inventory true: reads everything when a connector becomes ready and then periodically, takes over events
 * between, adopts machines made behind our back, and marks those that are gone, or that cannot be seen at the moment.
 */
import { compute } from '../../plugin-protocol/contract/index.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../plugin-protocol/resources.ts';
import type { Vm } from '../catalogue/resources.ts';
import type { Limits } from '../limits.ts';
import { ConnectorHealth } from './connector-health.ts';
import { unavailable } from './discretion.ts';
import { type Inventory, newId } from './inventory.ts';
import type { Journal } from './journal.ts';
import { type Effect, noEffect, putVm, takeOver, vmFromNative } from './native.ts';
import type { Operations } from './operations.ts';
import type { Backend, BackendListener, BackendStatus, Backends, Log, NativeEvent, OperationRow } from './ports.ts';
import type { Published } from './published.ts';
import { isGone, readAllReported, readMachines, reportedKinds } from './readings.ts';
import { isTransient } from './states.ts';

export interface ReconcilerContext {
  journal: Journal;
  inventory: Inventory;
  backends: Backends;
  operations: () => Operations;
  log: Log;
  limits: Limits;
  /** The account that owns machines which a connector reports and nobody made through us. */
  accountOf: (connector: string) => string;
  /** Follows connectors too. */
  published: Published;
}

interface Watch {
  /** The reading under way; callers that come meanwhile wait for the next one. */
  reading?: Promise<void>;
  again?: Promise<void>;
  ready: ((backend: Backend) => void)[];
}

export class Reconciler implements BackendListener {
  readonly #context: ReconcilerContext;
  readonly #watches = new Map<string, Watch>();
  /** Reports that came while an operation held the machine or might have been making it. */
  readonly #deferred = new Map<string, { connector: string; native: NativeVm }>();
  readonly #health: ConnectorHealth;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ReconcilerContext) {
    this.#context = context;
    this.#health = new ConnectorHealth({
      limits: context.limits.plugins,
      now: () => Date.parse(context.journal.now()),
      tell: (status, previous) => this.#tell(status, previous),
      lost: (connector) => {
        context.published.lost(connector);
        this.#lose(connector);
      },
      retry: (connector) => this.#readAgain(connector),
    });
  }

  /** How a connector is, as users see it. */
  statusOf(backend: Backend): BackendStatus {
    return this.#health.seen(backend.status());
  }

  start(): void {
    this.#context.backends.listen(this);
    for (const backend of this.#context.backends.list()) this.status(backend.status());
    this.#forsake();
    const period = this.#context.limits.plugins.reconcileSeconds * 1000;
    this.#timer = setInterval(() => void this.refresh().catch(() => {}), period);
    this.#timer.unref();
  }

  /** Connectors that are not configured any more: nobody can tell how their machines are, and the rest cannot be used. */
  #forsake(): void {
    const { inventory, backends, journal } = this.#context;
    const records = [...inventory.vm.values(), ...reportedKinds.flatMap((kind) => [...inventory.of(kind).values()])];
    for (const connector of new Set(records.map((record) => record.connector))) {
      if (backends.get(connector) !== undefined) continue;
      const effect = noEffect();
      for (const kind of reportedKinds) takeOver(inventory, kind, connector, [], journal.now(), effect);
      this.#write(effect);
      this.#lose(connector);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#health.stop();
  }

  /** The connector once it can be used. */
  whenReady(connector: string, signal: AbortSignal): Promise<Backend> {
    const backend = this.#context.backends.get(connector);
    if (backend === undefined) {
      throw unavailable(`The connector ${connector} is not configured any more.`, { outcome: 'unknown' });
    }
    if (backend.status().state === 'ready') return Promise.resolve(backend);
    return new Promise((resolve, reject) => {
      const cancelled = () => reject(new Fault('cancelled', 'The operation was cancelled.', { outcome: 'unknown' }));
      if (signal.aborted) return cancelled();
      this.#watch(connector).ready.push(resolve);
      signal.addEventListener('abort', cancelled);
    });
  }

  #watch(connector: string): Watch {
    let watch = this.#watches.get(connector);
    if (watch === undefined) {
      watch = { ready: [] };
      this.#watches.set(connector, watch);
    }
    return watch;
  }

  status(status: BackendStatus): void {
    this.#health.report(status);
    if (status.state !== 'ready') return;
    const backend = this.#context.backends.get(status.id)!;
    this.#context.published.seen(backend);
    for (const resolve of this.#watch(status.id).ready.splice(0)) resolve(backend);
    this.#readAgain(status.id);
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

  #write(effect: Effect): void {
    if (effect.changes.length + effect.events.length === 0) return;
    // A store that cannot be written ends the daemon; whoever waits for that hears of it through the journal.
    this.#context.journal.write(effect.changes, effect.events).catch(() => {});
  }

  /** Its machines cannot be seen: say so, and keep the last state seen beside it. */
  #lose(connector: string): void {
    const { inventory, journal } = this.#context;
    const effect = noEffect();
    for (const vm of [...inventory.vm.values()]) {
      if (vm.connector !== connector || ['deleted', 'unknown'].includes(vm.state) || isTransient(vm.state)) continue;
      putVm(inventory, { ...vm, lastState: vm.state, state: 'unknown', changed: journal.now() }, undefined, effect);
    }
    this.#write(effect);
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

  async #readAll(backend: Backend): Promise<void> {
    try {
      const note = await this.#readRest(backend);
      if (backend.supports('compute.list')) await this.#readVms(backend);
      this.#health.read(backend.status(), note);
    } catch (thrown) {
      const { message } = thrown as Error;
      // While the plugin itself is away, the host says why.
      if (backend.status().state === 'ready' && this.#health.failed(backend.status(), message)) {
        this.#context.log.warn({ connector: backend.id, fault: message }, 'A connector cannot be read.');
      }
      throw thrown;
    }
  }

  /** Hosts, images, networks and volumes. Answers what could not be read: a connector without images still has machines. */
  async #readRest(backend: Backend): Promise<string | undefined> {
    const { inventory, journal, log } = this.#context;
    const failures = await readAllReported(backend, (kind, natives) => {
      const effect = noEffect();
      takeOver(inventory, kind, backend.id, natives, journal.now(), effect);
      this.#write(effect);
    });
    for (const { call, fault } of failures) {
      log.warn({ connector: backend.id, call, fault }, 'A part of a connector cannot be read.');
    }
    return failures.length === 0 ? undefined : failures.map(({ call, fault }) => `${call}: ${fault}`).join(' ');
  }

  async #readVms(backend: Backend): Promise<void> {
    const { journal, log } = this.#context;
    const began = journal.now();
    const effect = noEffect();
    const seen = new Set<string>();
    for (const native of await readMachines(backend)) {
      if (seen.has(native.id)) {
        log.warn({ connector: backend.id, vm: native.id }, 'A connector lists a machine twice; the first counts.');
        continue;
      }
      seen.add(native.id);
      this.#report(backend.id, native, effect, began);
    }
    await journal.write(effect.changes, effect.events);
    await this.#markGone(backend, seen, began);
  }

  /** Machines that a reading did not show are asked for once more, one by one, before they are marked. */
  async #markGone(backend: Backend, seen: ReadonlySet<string>, began: string): Promise<void> {
    const { inventory, journal } = this.#context;
    const missing = [...inventory.vm.values()].filter(
      (vm) =>
        vm.connector === backend.id &&
        vm.nativeId !== '' &&
        vm.state !== 'deleted' &&
        !seen.has(vm.nativeId) &&
        vm.changed <= began,
    );
    if (missing.length === 0) return;
    const again = backend.supports('compute.get')
      ? undefined
      : new Set((await readMachines(backend)).map(({ id }) => id));
    for (const { id, nativeId } of missing) {
      const gone = again === undefined ? await isGone(backend, nativeId) : !again.has(nativeId);
      const vm = inventory.vm.get(id);
      if (!gone || vm === undefined || this.#context.operations().on(id) !== undefined) continue;
      const effect = noEffect();
      putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, undefined, effect);
      await journal.write(effect.changes, effect.events);
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
    const { inventory, journal } = this.#context;
    const effect = noEffect();
    if (event.type === 'resync') {
      this.#readAgain(backend.id);
    } else if (event.type === 'vm.changed' && event.vm !== undefined) {
      this.#report(backend.id, event.vm, effect);
    } else if (event.type === 'vm.deleted' && event.id !== undefined) {
      const vm = inventory.vm.byNative(backend.id, event.id);
      // While an operation holds it, the operation says how it ends.
      if (vm !== undefined && vm.state !== 'deleted' && this.#context.operations().on(vm.id) === undefined) {
        putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, undefined, effect);
      }
    }
    this.#write(effect);
  }

  /** Take over what a backend says of one machine; `asOf` is when it was asked, unless it came as an event. */
  #report(connector: string, native: NativeVm, effect: Effect, asOf?: string): void {
    const { inventory, journal, accountOf } = this.#context;
    const operations = this.#context.operations();
    const known = inventory.vm.byNative(connector, native.id) ?? this.#beingMade(connector, native);
    if (known === undefined) {
      if (native.key === undefined && operations.creatingOn(connector)) {
        this.#deferred.set(`${connector}\0${native.id}`, { connector, native });
        return;
      }
      const base = { id: newId(), account: accountOf(connector), connector };
      putVm(inventory, vmFromNative(native, base, inventory, journal.now()), undefined, effect);
      return;
    }
    // Read before the record changed: older than what we know.
    if (asOf !== undefined && known.changed > asOf) return;
    const vm = vmFromNative(native, known, inventory, journal.now());
    if (operations.on(known.id) === undefined) {
      putVm(inventory, vm, undefined, effect);
    } else {
      this.#deferred.set(`${connector}\0${native.id}`, { connector, native });
      putVm(inventory, { ...vm, state: known.state }, undefined, effect);
    }
  }

  /** The record of a machine that a create of ours has made or is making: found by key, or by the id that was proposed. */
  #beingMade(connector: string, native: NativeVm): Vm | undefined {
    const { inventory } = this.#context;
    const proposed = inventory.vm.get(native.id);
    if (proposed?.connector === connector) return proposed;
    const resource = native.key === undefined ? undefined : this.#context.operations().open(native.key)?.resource;
    return resource === undefined ? undefined : inventory.vm.get(resource);
  }

  /** An operation has ended: look at what was reported meanwhile. */
  ended(row: OperationRow): void {
    for (const [key, { connector, native }] of [...this.#deferred]) {
      if (connector !== row.connector) continue;
      const vm = this.#context.inventory.vm.byNative(connector, native.id);
      if (vm !== undefined && this.#context.operations().on(vm.id) !== undefined) continue;
      if (vm === undefined && this.#context.operations().creatingOn(connector)) continue;
      this.#deferred.delete(key);
      if (vm !== undefined && (vm.state === native.state || vm.state === 'deleted')) continue;
      // What was deferred may be older than the operation's own result: ask again.
      const asked = vm === undefined ? this.refresh(connector) : this.readVm(vm);
      asked.catch(() => {});
    }
  }
}
