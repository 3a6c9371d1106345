/** How long to wait until a process that crashed is started again: longer each time, and for long when it happens too often. */
import type { Clock } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { createBackoff } from '../backoff.ts';

export interface Crashes {
  /** Whether it has crashed so often that it is started after long pauses alone. */
  readonly isSlow: boolean;
  /** It ended, having run for so many milliseconds; the pause until it is started again. Of one that never ran no crash is counted. */
  ended(ranMs: number | undefined): number;
  /** Begin anew. */
  reset(): void;
}

type CrashLimits = Pick<
  Limits['plugins'],
  'restartMinMs' | 'restartMaxMs' | 'restartResetMs' | 'crashes' | 'crashWindowMs' | 'slowRestartMs'
>;

export const createCrashes = (limits: CrashLimits, clock: Clock): Crashes => {
  const backoff = createBackoff(limits);
  let times: number[] = [];
  let isSlow = false;
  const reset = () => {
    backoff.reset();
    times = [];
    isSlow = false;
  };
  return {
    get isSlow() {
      return isSlow;
    },
    ended(ranMs) {
      if (ranMs === undefined) return backoff.next();
      if (ranMs >= limits.restartResetMs) reset();
      const now = clock.now();
      times = [...times.filter((time) => now - time < limits.crashWindowMs), now];
      isSlow ||= times.length >= limits.crashes;
      const pause = backoff.next();
      return isSlow ? limits.slowRestartMs : pause;
    },
    reset,
  };
};
