/** What becomes of the inventory where a connector cannot be asked. */
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type Effect, noEffect, putVm, takeOver } from '../native.ts';
import type { Backends } from '../ports.ts';
import { isTransient } from '../states.ts';
import { reportedKinds } from './readings.ts';

interface Records {
  inventory: Inventory;
  journal: Journal;
}

/** Its machines cannot be seen: say so, and keep the last state seen beside it. */
export const lost = ({ inventory, journal }: Records, connector: string): Effect => {
  const effect = noEffect();
  for (const vm of [...inventory.vm.values()]) {
    if (vm.connector !== connector || ['deleted', 'unknown'].includes(vm.state) || isTransient(vm.state)) continue;
    putVm(inventory, { ...vm, lastState: vm.state, state: 'unknown', changed: journal.now() }, undefined, effect);
  }
  return effect;
};

/** Connectors that are not configured any more: nobody can tell how their machines are, and the rest cannot be used. */
export const forsaken = ({ inventory, journal, backends }: Records & { backends: Backends }): Effect[] => {
  const records = [...inventory.vm.values(), ...reportedKinds.flatMap((kind) => [...inventory.of(kind).values()])];
  const gone = [...new Set(records.map(({ connector }) => connector))].filter((id) => backends.get(id) === undefined);
  return gone.flatMap((connector) => [
    ...reportedKinds.flatMap((kind) => [...takeOver(inventory, kind, connector, [], journal.now())]),
    lost({ inventory, journal }, connector),
  ]);
};
