/** Long work on the inventory, a few records at a time. */
import { setImmediate as turn } from 'node:timers/promises';
import { Slice } from '../../../plugin-protocol/slices.ts';
import type { Journal } from '../journal.ts';
import type { Effect } from '../native.ts';

/** Milliseconds of taking over records that are one turn and one transaction: in shorter ones the disk would be written to too often. */
export const takenMs = 2;

/**
 * Writes what the work yields, which it does when `isTime` says that others should get their turn. Answers whether it was done
 * to its end: not when `goesOn` says no in between. Rejects when the store cannot be written.
 */
export const writeInTurns = async (
  journal: Journal,
  work: (isTime: () => boolean) => Generator<Effect, void, void>,
  goesOn: () => boolean,
): Promise<boolean> => {
  const slice = new Slice(takenMs);
  for (const { changes, events } of work(() => slice.over())) {
    // Begun in the turn in which they are taken over: what others write of the same record comes behind it.
    if (changes.length > 0) await journal.write(changes, events);
    else if (slice.overNow()) await turn();
    if (!goesOn()) return false;
    slice.begin();
  }
  return true;
};
