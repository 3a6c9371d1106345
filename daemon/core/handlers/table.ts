/** How the handlers of methods are written: one function for each method of a noun, typed by the catalogue. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Static } from '../../../plugin-protocol/shape.ts';
import type { nouns } from '../../catalogue/index.ts';
import type { Principal } from '../api.ts';
import type { Call } from '../call.ts';
import { compare } from '../inventory.ts';

type Nouns = typeof nouns;

/** The handlers of one noun. Parameters with a default in the catalogue are there: `validate` has filled them in. */
export type Handlers<N extends keyof Nouns> = {
  [M in keyof Nouns[N]]: Nouns[N][M] extends { params: infer P; result: infer R }
    ? (params: Static<P & object>, call: Call) => Static<R & object> | Promise<Static<R & object>>
    : never;
};

/** The caller of a method that is not public. */
export const callerOf = ({ principal, method }: Call): Principal => {
  if (principal === undefined) throw new Fault('unauthenticated', `${method.name} needs credentials.`);
  return principal;
};

/** Whether a caller may see what an account owns. Someone else's is `not-found`, never `forbidden`. */
export const maySee =
  (principal: Principal) =>
  ({ account }: { account: string }): boolean =>
    principal.role === 'admin' || principal.account === account;

interface Page<T> {
  items: T[];
  total: number;
  next?: string;
}

/**
 * One page of a list that is sorted by a field and then by id. `next` names the place behind the last item by value and
 * not by number, so that nothing is skipped or repeated when the list changes between two pages.
 */
export const pageOf = <T extends { id: string }>(
  sorted: readonly T[],
  field: keyof T & string,
  {
    limit,
    after,
    descending = false,
  }: { limit?: number | undefined; after?: string | undefined; descending?: boolean | undefined },
): Page<T> => {
  const list = descending ? sorted.toReversed() : sorted;
  const start = after === undefined ? 0 : placeBehind(list, field, after, descending);
  if (start === 0 && list.length <= limit!) return { items: list as T[], total: list.length };
  const items = list.slice(start, start + limit!);
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < list.length;
  return { items, total: list.length, ...(more ? { next: encodePlace(last[field], last.id) } : {}) };
};

const encodePlace = (value: unknown, id: string) =>
  Buffer.from(JSON.stringify([value ?? null, id])).toString('base64url');

const placeBehind = <T extends { id: string }>(
  list: readonly T[],
  field: keyof T & string,
  after: string,
  descending: boolean,
): number => {
  const [value, id] = decodePlace(after);
  const sign = descending ? -1 : 1;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle]!;
    const order = compare(item[field], value) || compare(item.id, id);
    if (order * sign > 0) high = middle;
    else low = middle + 1;
  }
  return low;
};

const decodePlace = (after: string): [value: unknown, id: string] => {
  try {
    const place: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    if (Array.isArray(place) && typeof place[1] === 'string') return [place[0] ?? undefined, place[1]];
  } catch {
    // Told below, with everything else that is no place.
  }
  throw new Fault('invalid-params', '`after` is not the `next` of an answer.', { field: '/after' });
};
