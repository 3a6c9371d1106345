/** Long work on the inventory, a few records at a time. */
import { setImmediate as turn } from 'node:timers/promises';
import { Slice } from '../../../plugin-protocol/slices.ts';
import type { Journal } from '../journal.ts';
import type { Effect, IsTime } from '../native.ts';

/** Milliseconds of taking over records that are one turn and one transaction: in shorter ones the disk would be written to too often. */
const takenMs = 2;

/** When others get their turn, and what has been taken over is written: often while that is nothing. */
export class Pace {
  readonly #journal: Journal;
  readonly #turn = new Slice();
  readonly #transaction = new Slice(takenMs);
  #isDue = false;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Asked after each record, with what is to be written: whether it is time for `pass`. */
  isTime({ changes }: Effect): boolean {
    this.#isDue = (changes.length === 0 ? this.#turn : this.#transaction).over();
    return this.#isDue;
  }

  /** Writes the effect, begun in this turn: what others write of the same records comes behind it. */
  async pass({ changes, events }: Effect): Promise<void> {
    if (changes.length > 0) await this.#journal.write(changes, events);
    else if (this.#isDue) await turn();
    this.#turn.begin();
    this.#transaction.begin();
  }
}

/**
 * Writes what the work yields, which it does when `isTime` says that others should get their turn. Answers whether it was done
 * to its end: not when `goesOn` says no in between. Rejects when the store cannot be written.
 */
export const writeInTurns = async (
  journal: Journal,
  work: (isTime: IsTime) => Generator<Effect, void, void>,
  goesOn: () => boolean,
): Promise<boolean> => {
  const pace = new Pace(journal);
  for (const effect of work((of) => pace.isTime(of))) {
    await pace.pass(effect);
    if (!goesOn()) return false;
  }
  return true;
};
