/** Work in slices, done in one go. */
import type { Slices } from '../../daemon/wire/slices.ts';

export const toTheEnd = <T>(work: Slices<T>): T => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};
