/** Checks of what lists and maps hold, at once or, where they are long, in slices. */
import { type TaggedKind, typeLabelName, untagged } from '../any.ts';
import type { Slice, Slices } from '../slices.ts';
import { bytesInSlices, checkBytes, checkCounter, checkText, checkTime, type Inner, within, wrong } from './scalars.ts';

/** Tells which values are long: those that were so when they were read, or are found to be. */
export type Long = Pick<ReadonlySet<unknown>, 'has'>;

/** How what is long is gone through. */
export interface Walk {
  long: Long;
  slice: Slice;
}

type Members = unknown[] | Record<string, unknown>;
type Name<T> = keyof T & string;

const namesOf = <T extends Members>(value: T) =>
  (Array.isArray(value) ? value.keys() : Object.keys(value)) as Iterable<Name<T>>;

/** The value with another member: a copy, unless it is one already. */
const changed = <T extends Members>(value: T, copy: T | undefined, name: Name<T>, checked: unknown): T => {
  const made = copy ?? ((Array.isArray(value) ? value.slice() : { ...value }) as T);
  // An assignment to `__proto__` would be none.
  return Object.defineProperty(made, name, { value: checked, enumerable: true, writable: true, configurable: true });
};

type MemberCheck = (member: unknown, name: string) => unknown;

/** What is checked of each value of a list or a map; a copy as soon as one of them changes. */
const checkEach = <T extends Members>(value: T, check: MemberCheck): T => {
  let copy: T | undefined;
  for (const name of namesOf(value)) {
    const member = value[name];
    let checked: unknown;
    try {
      checked = check(member, name);
    } catch (error) {
      throw within(error, name);
    }
    if (checked !== member) copy = changed(value, copy, name, checked);
  }
  return copy ?? value;
};

/** The same in slices; `deeper` checks members that are long, and is undefined of those that may not be. */
export function* eachInSlices<T extends Members>(
  value: T,
  walk: Walk,
  check: MemberCheck,
  deeper: (member: unknown, name: string) => Slices<unknown> | undefined,
): Slices<T> {
  let copy: T | undefined;
  const names = namesOf(value);
  if (walk.slice.overNow()) yield* walk.slice.pause();
  for (const name of names) {
    const member = value[name];
    const long = walk.long.has(member) ? deeper(member, name) : undefined;
    let checked: unknown;
    try {
      checked = long === undefined ? check(member, name) : yield* long;
    } catch (error) {
      throw within(error, name);
    }
    if (checked !== member) copy = changed(value, copy, name, checked);
    if (walk.slice.over()) yield* walk.slice.pause();
  }
  return copy ?? value;
}

const checkTagged: Record<TaggedKind, Inner> = { time: checkTime, bytes: checkBytes, counter: checkCounter };

const checkLabel = checkText(1, 4096);

/** Items of a list, as many as one of a declared kind has by default. */
const mostOfAny = 100_000;

/** Whether a member of a map is what its name says, and no tag. */
const isMember = (name: string, plain: boolean) => plain || !name.startsWith('$') || name.startsWith('$$');

/** How the members of a list or a map are checked that may itself be anything. */
const memberCheckOf = (
  value: object,
  depth: number,
  plain: boolean,
  held = plain ? undefined : untagged(value),
): MemberCheck => {
  if (depth === 0 && held === undefined) return wrong('has too many lists and maps in one another');
  if (Array.isArray(value)) {
    if (value.length > mostOfAny) return wrong(`must have at most ${mostOfAny} items`);
    return (item) => checkAny(item, depth - 1, plain);
  }
  return (member, name) => {
    if (isMember(name, plain)) return checkAny(member, depth - 1, plain);
    if (name === typeLabelName) return checkLabel(member);
    if (held === undefined || Object.keys(value).length > 1) {
      return wrong('is no name here: one that begins with a dollar sign is written with two of them');
    }
    return checkTagged[held.kind](member);
  };
};

/** `depth` is how many lists and maps there may still be in one another. */
export const checkAny = (value: unknown, depth: number, plain: boolean): unknown => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : wrong('must be a finite number');
  if (typeof value !== 'object') return wrong('must be a value that JSON has');
  return checkEach(value as Members, memberCheckOf(value, depth, plain));
};

export function* anyInSlices(value: unknown, depth: number, plain: boolean, walk: Walk): Slices<unknown> {
  if (typeof value !== 'object' || value === null || !walk.long.has(value)) return checkAny(value, depth, plain);
  const held = plain ? undefined : untagged(value);
  const check = memberCheckOf(value, depth, plain, held);
  const isBytes = held?.kind === 'bytes' && Object.keys(value).length === 1;
  return yield* eachInSlices(value as Members, walk, check, (member, name) => {
    if (Array.isArray(value) || isMember(name, plain)) return anyInSlices(member, depth - 1, plain, walk);
    return isBytes ? bytesInSlices(member, walk.slice) : undefined;
  });
}
