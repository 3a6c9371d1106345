/** Lists in pages. */
import { Fault } from '../../sdk/typescript/plugin/index.ts';

/** A thousand machines are about half a megabyte on the pipe. */
const pageSize = 1000;

/**
 * The page that follows `after`. `places` rise along the list and a thing keeps its place, so that a page neither skips
 * nor repeats what was there all the time, whatever is made or deleted meanwhile.
 */
export const pageOf = <T>(
  all: Iterable<T>,
  placeOf: (item: T) => number,
  after: string | undefined,
): { items: T[]; next: { next?: string } } => {
  const from = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(from)) {
    throw new Fault('invalid-params', `${after} is no page of this list.`, { field: '/after' });
  }
  const items: T[] = [];
  for (const item of all) {
    if (placeOf(item) <= from) continue;
    if (items.length === pageSize) return { items, next: { next: String(placeOf(items.at(-1) as T)) } };
    items.push(item);
  }
  return { items, next: {} };
};
