/** Work in slices, done in one go. */
import type { Slices } from '../../plugin-protocol/slices.ts';

export const toTheEnd = <T>(work: Slices<T>): T => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

/** Counts the turns that others get from now on; the answer ends that and tells how many there were. */
export const countTurns = (): (() => number) => {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    over = true;
    return turns;
  };
};

/** A text in parts, of which the first ends within whatever is looked at at once. */
export const torn = (text: string): string[] => [text.slice(0, 4_099), text.slice(4_099)];
