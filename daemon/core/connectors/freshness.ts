/** How fresh what is known of each connector is, and the readings that keep it so: of each connector one at a time. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { unavailable } from '../discretion.ts';
import type { Backend, Backends, Log } from '../ports.ts';
import type { ConnectorHealth } from './connector-health.ts';
import type { FirstReadings } from './first-reading.ts';
import type { InventoryReader } from './inventory-reader.ts';

export interface FreshnessContext {
  backends: Backends;
  reader: InventoryReader;
  health: ConnectorHealth;
  firstReadings: FirstReadings;
  log: Log;
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

export class Freshness {
  readonly #context: FreshnessContext;
  readonly #watches = new Map<string, Watch>();

  constructor(context: FreshnessContext) {
    this.#context = context;
  }

  #watch(connector: string): Watch {
    let watch = this.#watches.get(connector);
    if (watch === undefined) {
      watch = {};
      this.#watches.set(connector, watch);
    }
    return watch;
  }

  /** Whether it is known how the machines of a connector are, and how they were: not while it is away. */
  isCurrent(connector: string): boolean {
    return this.#watches.get(connector)?.isCurrent === true;
  }

  #becomeCurrent(watch: Watch): void {
    watch.isCurrent = true;
    this.#context.current();
  }

  /** Its state has changed: what happens from now on is not seen, until it has told of it. */
  unseen(connector: string): void {
    const watch = this.#watch(connector);
    watch.isCurrent = false;
    watch.asked?.resolve();
  }

  /** It is ready, and will be asked what happened while it was away; its machines are read after that. */
  asking(connector: string): void {
    this.#watch(connector).asked = Promise.withResolvers();
  }

  /** What happened while nobody listened has been taken over: all of it when `isComplete`. */
  caughtUp(backend: Backend, isComplete: boolean): void {
    const watch = this.#watch(backend.id);
    watch.asked?.resolve();
    if (!isComplete) watch.isTrue = false;
    // Events tell of machines alone; the rest may have changed unseen.
    if (watch.isTrue) {
      this.#becomeCurrent(watch);
      this.#readAll(backend, false).catch(() => {});
    } else this.readAgain(backend.id);
  }

  /** Events were missed: its machines are read again. */
  missed(connector: string): void {
    this.#watch(connector).isTrue = false;
    this.readAgain(connector);
  }

  /** It is not configured any more. */
  forget(connector: string): void {
    this.#watches.get(connector)?.asked?.resolve();
    this.#watches.delete(connector);
  }

  stop(): void {
    for (const { asked } of this.#watches.values()) asked?.resolve();
  }

  /** Read a connector that nobody waits for. How it went, its state tells. */
  readAgain(connector: string): void {
    const backend = this.#context.backends.get(connector);
    if (backend?.state === 'ready') this.read(backend).catch(() => {});
  }

  /**
   * Read everything from one connector, or from all that are ready. Resolves when it is in the store; of one connector it
   * rejects with a `Fault` where there is none, or it cannot be read.
   */
  async refresh(connector?: string): Promise<void> {
    const { backends } = this.#context;
    if (connector !== undefined) {
      const backend = backends.get(connector);
      if (backend === undefined)
        throw new Fault('not-found', `There is no connector ${connector}.`, { field: '/connector' });
      if (backend.state !== 'ready') throw unavailable(`The connector ${connector} cannot be reached.`);
      return this.read(backend);
    }
    const ready = backends.list().filter((backend) => backend.state === 'ready');
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
    const { reader, health, firstReadings, log } = this.#context;
    try {
      if (machines) await this.#watch(backend.id).asked?.promise;
      const note = await reader.readRest(backend);
      if (machines && backend.supports('compute.list')) {
        await reader.readVms(backend);
        this.#watch(backend.id).isTrue = true;
      }
      if (machines && backend.state === 'ready') this.#becomeCurrent(this.#watch(backend.id));
      health.read(backend.status(), note);
    } catch (thrown) {
      const { message } = thrown as Error;
      // While the plugin itself is away, the host says why.
      if (backend.state === 'ready' && health.failed(backend.status(), message)) {
        log.warn({ connector: backend.id, fault: message }, 'A connector cannot be read.');
      }
      throw thrown;
    } finally {
      firstReadings.over(backend.id);
    }
  }
}
