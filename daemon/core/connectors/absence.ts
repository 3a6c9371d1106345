/** What becomes of the inventory where a connector cannot be asked: a few records at a time, so that others have their turn. */
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type Effect, type IsTime, noEffect, putVm, takeOver } from '../native.ts';
import type { Backends } from '../ports.ts';
import { isTransient } from '../states.ts';
import { reportedKinds } from './readings.ts';
import { writeInTurns } from './turns.ts';

export interface AbsenceContext {
  inventory: Inventory;
  journal: Journal;
  backends: Backends;
}

export class Absence {
  readonly #context: AbsenceContext;
  /** Nothing more is written. */
  isOver = false;

  constructor(context: AbsenceContext) {
    this.#context = context;
  }

  /**
   * The machines of a connector cannot be seen: say so, and keep the last state seen beside it, unless `isBack` tells that
   * they can. Rejects when the store cannot be written.
   */
  async lost(connector: string, isBack: () => boolean): Promise<void> {
    await this.#write((isTime) => this.#unknown(connector, isTime), isBack);
  }

  /** Looks for connectors that are not configured any more, and were when records of them were last written. */
  async forsakenAll(): Promise<void> {
    const { inventory, backends } = this.#context;
    const records = [...inventory.vm.values(), ...reportedKinds.flatMap((kind) => [...inventory.of(kind).values()])];
    const gone = [...new Set(records.map(({ connector }) => connector))].filter((id) => backends.get(id) === undefined);
    await Promise.all(gone.map((connector) => this.forsaken(connector)));
  }

  /**
   * A connector is not configured any more: nobody can tell how its machines are, and the rest cannot be used. Rejects when
   * the store cannot be written.
   */
  async forsaken(connector: string): Promise<void> {
    const { inventory, journal, backends } = this.#context;
    const isBack = () => backends.get(connector) !== undefined;
    const drop = (kind: (typeof reportedKinds)[number]) => (isTime: IsTime) =>
      takeOver(inventory, kind, connector, [], journal.now(), isTime);
    await Promise.all([...reportedKinds.map((kind) => this.#write(drop(kind), isBack)), this.lost(connector, isBack)]);
  }

  stop(): void {
    this.isOver = true;
  }

  #write(work: (isTime: IsTime) => Generator<Effect, void, void>, isBack: () => boolean): Promise<boolean> {
    return writeInTurns(this.#context.journal, work, () => !this.isOver && !isBack());
  }

  *#unknown(connector: string, isTime: IsTime): Generator<Effect, void, void> {
    const { inventory, journal } = this.#context;
    let effect = noEffect();
    for (const { id, connector: owner } of [...inventory.vm.values()]) {
      if (owner !== connector) continue;
      if (isTime(effect)) {
        yield effect;
        effect = noEffect();
      }
      // As it is by now.
      const vm = inventory.vm.get(id);
      if (vm === undefined || ['deleted', 'unknown'].includes(vm.state) || isTransient(vm.state)) continue;
      putVm(inventory, { ...vm, lastState: vm.state, state: 'unknown', changed: journal.now() }, undefined, effect);
    }
    yield effect;
  }
}
