/**
 * Values whose kind nobody has declared, as JSON holds them. What JSON has no type for is an object of one member, whose
 * name begins with a dollar sign: `{"$time": "2026-01-31T12:00:00.000Z"}`, `{"$bytes": "AQI="}` and
 * `{"$counter": "9007199254740993"}`. A member that is really called so is written with the sign doubled, `$$time`.
 *
 * A member `$type` is text and says which type of a contract the object is, where the contract leaves that open.
 */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The kinds that JSON has no type for; each is the name of its tag too. */
const taggedKinds = ['time', 'bytes', 'counter'] as const;
export type TaggedKind = (typeof taggedKinds)[number];

/** The member that says a type of a contract. */
export const typeLabelName = '$type';

const kindsByTag = new Map<string, TaggedKind>(taggedKinds.map((kind) => [`$${kind}`, kind]));

export const tagged = (kind: TaggedKind, value: string): Json => ({ [`$${kind}`]: value });

/** The kind and the value that a tagged object holds; undefined for other objects. */
export const untagged = (value: object): { kind: TaggedKind; value: unknown } | undefined => {
  for (const name in value) {
    const kind = kindsByTag.get(name);
    // Only the first member is looked at: with more than one it is checked as what it then is, a wrong name.
    return kind === undefined ? undefined : { kind, value: (value as Record<string, unknown>)[name] };
  }
  return undefined;
};

/** A name of a map as it is in memory. */
export const guardName = (name: string): string => (name.startsWith('$') ? `$${name}` : name);
/** The name that is meant by one in memory. */
export const plainName = (name: string): string => (name.startsWith('$$') ? name.slice(1) : name);

/** Put a member of any name, `__proto__` too, into a map in memory. */
export const putMember = (map: Record<string, unknown>, name: string, value: unknown): void => {
  const guarded = guardName(name);
  if (guarded !== '__proto__') map[guarded] = value;
  else Object.defineProperty(map, guarded, { value, enumerable: true, writable: true, configurable: true });
};

/** Whether a map in memory has a member of that name. */
export const hasMember = (map: Record<string, unknown>, name: string): boolean => Object.hasOwn(map, guardName(name));

/** A map from members in their order. */
export const mapFrom = (members: Iterable<readonly [name: string, value: unknown]>): Record<string, unknown> => {
  const map: Record<string, unknown> = {};
  for (const [name, value] of members) putMember(map, name, value);
  return map;
};

/** A 64-bit integer as plainly as JSON holds it: up to 32 bits it is a number, and beyond a tagged counter. */
export const integerValue = (digits: string): Json => {
  const number = Number(digits);
  return number === (number | 0) ? number + 0 : tagged('counter', digits);
};

/** Whether a number is written as an integer where integers have 32 bits; others are doubles. */
export const isInt32 = (value: number): boolean => value === (value | 0) && !Object.is(value, -0);

/** What to make of each kind of value; lists and maps are given what makes it of their parts. */
export interface AnyTable<T> {
  nil(): T;
  bool(value: boolean): T;
  number(value: number): T;
  string(value: string): T;
  time(value: string): T;
  bytes(value: string): T;
  counter(value: string): T;
  list(items: readonly unknown[], inner: (value: unknown) => T): T;
  map(members: readonly [name: string, value: unknown][], inner: (value: unknown) => T): T;
}

/** Compiles a table to a function of values that have been checked. */
export const foldAny = <T>(table: AnyTable<T>): ((value: unknown) => T) => {
  const visit = (value: unknown): T => {
    switch (typeof value) {
      case 'boolean':
        return table.bool(value);
      case 'number':
        return table.number(value);
      case 'string':
        return table.string(value);
    }
    if (value === null || value === undefined) return table.nil();
    if (Array.isArray(value)) return table.list(value, visit);
    const held = untagged(value as object);
    if (held !== undefined) return table[held.kind](held.value as string);
    const members = Object.entries(value as object);
    for (const member of members) member[0] = plainName(member[0]);
    return table.map(members, visit);
  };
  return visit;
};
