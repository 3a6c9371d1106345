/** Growing pauses between tries: doubled each time up to a bound, with jitter so that many do not try at once. */
import type { Limits } from '../limits.ts';

export interface Backoff {
  /** Milliseconds until the next try. */
  next(): number;
  reset(): void;
}

export const createBackoff = (
  { restartMinMs, restartMaxMs }: Pick<Limits['plugins'], 'restartMinMs' | 'restartMaxMs'>,
  random: () => number = Math.random,
): Backoff => {
  let pause = restartMinMs;
  return {
    next() {
      const current = Math.min(pause, restartMaxMs);
      pause = current * 2;
      return Math.round(current * (1 - random() / 4));
    },
    reset() {
      pause = restartMinMs;
    },
  };
};
