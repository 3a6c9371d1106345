/**
 * What is kept of connectors that are not configured: their machines, the values of their plugins, where their events go
 * on. One may be missing by a slip in the configuration, so all of it waits for it to come back: for
 * `limits.store.connectorDays`, or until an operator says that it will not.
 */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Limits } from '../../limits.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { noEffect, putVm } from '../native.ts';
import type { Backends, Change, Clock, Log } from '../ports.ts';

/** What has rows of its own for connectors. */
export interface KeepsByConnector {
  /** Of which it keeps something. */
  connectors(): Iterable<string>;
  /** Keep nothing of it, which has been missing since then; answers what that changes in the store. */
  forget(connector: string, since: number): readonly Change[];
}

export interface LeftoversContext {
  journal: Journal;
  inventory: Inventory;
  backends: Backends;
  clock: Clock;
  log: Log;
  limits: Limits['store'];
  meta: ReadonlyMap<string, string>;
  keepers: readonly KeepsByConnector[];
}

/** Since when a connector has been missing: milliseconds since 1970. */
const prefix = 'gone:';
const dayMs = 86_400_000;

export class Leftovers {
  readonly #context: LeftoversContext;
  readonly #since = new Map<string, number>();

  constructor(context: LeftoversContext) {
    this.#context = context;
    for (const [key, since] of context.meta) {
      if (key.startsWith(prefix)) this.#since.set(key.slice(prefix.length), Number(since));
    }
  }

  /** Look who is missing from now on, and drop what has been missing for too long. */
  async look(): Promise<void> {
    const { backends, clock, journal, log, limits } = this.#context;
    const now = clock.now();
    for (const connector of this.#kept()) {
      const since = this.#since.get(connector);
      if (backends.get(connector) !== undefined) continue;
      if (since === undefined) {
        this.#since.set(connector, now);
        log.warn(
          { connector, days: limits.connectorDays },
          'A connector is not configured (any more). What is kept of it is dropped when it stays away, or by: annelid plugin forget.',
        );
        await journal.write([{ put: 'meta', key: `${prefix}${connector}`, value: String(now) }]);
      } else if (now - since >= limits.connectorDays * dayMs) await this.#drop(connector);
    }
  }

  /** It is configured. */
  async back(connector: string): Promise<void> {
    if (this.#since.delete(connector)) {
      await this.#context.journal.write([{ drop: 'meta', key: `${prefix}${connector}` }]);
    }
  }

  /** An operator says that it will not come back. Rejects with a `Fault` when it is there, or nothing is kept of it. */
  async forget(connector: string): Promise<void> {
    if (this.#context.backends.get(connector) !== undefined) {
      throw new Fault(
        'conflict',
        `The connector ${connector} is configured; take it out of the configuration and reload that first.`,
        { resource: connector },
      );
    }
    if (!this.#kept().has(connector)) {
      throw new Fault('not-found', `Nothing is kept of a connector ${connector}.`, { resource: connector });
    }
    await this.#drop(connector);
  }

  #machinesOf(connector: string) {
    return [...this.#context.inventory.vm.values()].filter(
      (vm) => vm.connector === connector && vm.state !== 'deleted',
    );
  }

  #kept(): Set<string> {
    const { inventory, keepers } = this.#context;
    const known = new Set(keepers.flatMap((keeper) => [...keeper.connectors()]));
    for (const { connector, state } of inventory.vm.values()) if (state !== 'deleted') known.add(connector);
    return known;
  }

  async #drop(connector: string): Promise<void> {
    const { inventory, journal, keepers, log, clock } = this.#context;
    const since = this.#since.get(connector) ?? clock.now();
    this.#since.delete(connector);
    const effect = noEffect();
    const machines = this.#machinesOf(connector);
    for (const vm of machines) {
      putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, undefined, effect);
    }
    const rows = keepers.flatMap((keeper) => keeper.forget(connector, since));
    const changes = [...effect.changes, ...rows, { drop: 'meta', key: `${prefix}${connector}` } as const];
    await journal.write(changes, effect.events);
    log.info({ connector, machines: machines.length }, 'What was kept of a connector that is gone was dropped.');
  }
}
