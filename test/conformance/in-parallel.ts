/** Work that is begun before it is asked for, some pieces of it at a time. */

/** So many plugins are checked at once: most of the time each of them waits for a process to start or to end. */
const atOnce = 3;

/** Begins all of them, in their order; what each came to is awaited where it is looked at. */
export const inParallel = <T>(work: Readonly<Record<string, () => Promise<T>>>): Record<string, Promise<T>> => {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  const begin = async (piece: () => Promise<T>): Promise<T> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await piece();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
  const begun = Object.entries(work).map(([name, piece]): [string, Promise<T>] => [name, begin(piece)]);
  // A failure is told by the test that awaits it.
  for (const [, promise] of begun) promise.catch(() => {});
  return Object.fromEntries(begun);
};
