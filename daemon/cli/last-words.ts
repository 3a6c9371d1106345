/** The end of a daemon that cannot go on: those who wait get an answer if that is soon done. */
import { setTimeout as delay } from 'node:timers/promises';

/** Whether the work was done, well or not, within so many milliseconds; it is not waited for any longer. */
export const within = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  const over = new AbortController();
  const done = work.then(
    () => true,
    () => true,
  );
  const late = delay(ms, false, { signal: over.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    over.abort();
  }
};
