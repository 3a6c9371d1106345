/**
 * Checks a value in memory against a shape: its kinds and its bounds. The daemon's pipeline uses it for parameters and
 * the host for what plugins answer.
 */
import { type TaggedKind, typeLabelName, untagged } from './any.ts';
import { Fault } from './faults.ts';
import { fieldsOf, fold, type KindTable, type Pattern, runsPattern, type Shape } from './shape.ts';
import { shortened } from './shortened.ts';

export interface CheckOptions {
  /**
   * For values from programs that may know more, or care less, than we do: fields that the shape lacks are dropped, a
   * safe integer stands for a counter, and `null` stands for a record none of whose fields is required.
   */
  lenient?: boolean;
}

/**
 * Returns the value itself when nothing must change; otherwise a copy with defaults filled in. An optional field that is
 * `null` counts as left out. Throws `Fault('invalid-params', sentence, {field})`; `pointer` is the JSON Pointer of the
 * value within what the caller knows, and begins each `field`.
 */
export type Check = (value: unknown, pointer?: string) => unknown;

/**
 * Compiles a check, once per shape and as it is first used: a start needs few of those that there are. Nothing is allocated
 * for a value that is right and complete.
 */
export const compileCheck = (shape: Shape, options: CheckOptions = {}): Check => {
  let inner: Inner | undefined;
  return (value, pointer = '') => {
    inner ??= (options.lenient ? lenient : strict)(shape);
    try {
      return inner(value);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      const field = pointer + error.path;
      throw new Fault('invalid-params', `${field === '' ? 'The value' : field} ${error.message}.`, { field });
    }
  };
};

type Inner = (value: unknown) => unknown;

/** Carries what is wrong outwards; every list and record that it passes puts its own step before the path. */
class Mismatch extends Error {
  path = '';

  constructor(message: string) {
    super(message);
    Error.captureStackTrace(this, Mismatch);
  }
}

const wrong = (message: string): never => {
  throw new Mismatch(message);
};

const within = (error: unknown, step: string | number): unknown => {
  if (error instanceof Mismatch) error.path = pointerStep(step) + error.path;
  return error;
};

/** One step of a JSON Pointer (RFC 6901 section 3). */
const pointerStep = (step: string | number) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rangeOf = (minimum: number | undefined, maximum: number | undefined) => {
  if (minimum === undefined) return maximum === undefined ? '' : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum} up` : ` from ${minimum} to ${maximum}`;
};

const checkText = (minLength: number, maxLength: number, expression?: Pattern, words?: string): Inner => {
  return (value) => {
    if (typeof value !== 'string') return wrong('must be a string');
    if (value.length > maxLength) return wrong(`must have at most ${maxLength} characters`);
    if (value.length < minLength) {
      return wrong(minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`);
    }
    if (expression !== undefined && !expression.test(value)) return wrong(`must ${words}`);
    return value;
  };
};

const checkNumber = (minimum = -Infinity, maximum = Infinity, integer = false): Inner => {
  const words = `must be ${integer ? 'an integer' : 'a number'}${rangeOf(
    minimum === -Infinity ? undefined : minimum,
    maximum === Infinity ? undefined : maximum,
  )}`;
  return (value) =>
    typeof value === 'number' &&
    value >= minimum &&
    value <= maximum &&
    (integer ? Number.isInteger(value) : Number.isFinite(value))
      ? value
      : wrong(words);
};

const counterPattern = /^-?[0-9]{1,19}$/;
/** Whether decimal digits are an integer of 64 bits. */
export const isCounter = (text: string): boolean => {
  if (!counterPattern.test(text)) return false;
  // Up to 18 digits always fit into 64 bits.
  return text.length <= 18 || BigInt.asIntN(64, BigInt(text)) === BigInt(text);
};

const timePattern =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;
/** The usual case, which needs no calendar: all but the 29th of February. */
const plainTime =
  /^[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$/;
const checkTime: Inner = (value) => {
  if (typeof value === 'string' && plainTime.test(value)) return value;
  const words = 'must be a time as 2026-01-31T12:00:00.000Z';
  if (typeof value !== 'string' || !timePattern.test(value)) return wrong(words);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return wrong(words);
  const canonical = new Date(at).toISOString();
  if (canonical === value) return value;
  // Date.parse takes the 31st of February for the 3rd of March.
  const day = value.slice(0, 10);
  if (new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().slice(0, 10) !== day) return wrong(words);
  return canonical;
};

const checkCounter: Inner = (value) =>
  typeof value === 'string' && isCounter(value)
    ? value
    : wrong('must be a 64-bit integer as a string of decimal digits');

const checkBytes: Inner = (value) =>
  typeof value === 'string' && value.length % 4 === 0 && Buffer.from(value, 'base64').toString('base64') === value
    ? value
    : wrong('must be canonical base64');

const checkTagged: Record<TaggedKind, Inner> = { time: checkTime, bytes: checkBytes, counter: checkCounter };

/** What is checked of each value of a list or a map; a copy as soon as one of them changes. */
const checkEach = <T extends unknown[] | Record<string, unknown>>(
  value: T,
  check: (value: unknown, name: string) => unknown,
): T => {
  let copy: T | undefined;
  const names: Iterable<string | number> = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const name of names as Iterable<keyof T & string>) {
    const member = value[name];
    let checked: unknown;
    try {
      checked = check(member, name);
    } catch (error) {
      throw within(error, name);
    }
    if (checked === member) continue;
    copy ??= (Array.isArray(value) ? value.slice() : { ...value }) as T;
    // An assignment to `__proto__` would be none.
    Object.defineProperty(copy, name, { value: checked, enumerable: true, writable: true, configurable: true });
  }
  return copy ?? value;
};

const checkLabel = checkText(1, 4096);

/** Items of a list, as many as one of a declared kind has by default. */
const mostOfAny = 100_000;

/** `depth` is how many lists and maps there may still be in one another. */
const checkAny = (value: unknown, depth: number, plain: boolean): unknown => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : wrong('must be a finite number');
  if (typeof value !== 'object') return wrong('must be a value that JSON has');
  const held = plain ? undefined : untagged(value);
  if (depth === 0 && held === undefined) return wrong('has too many lists and maps in one another');
  if (Array.isArray(value)) {
    if (value.length > mostOfAny) return wrong(`must have at most ${mostOfAny} items`);
    return checkEach(value, (item) => checkAny(item, depth - 1, plain));
  }
  const from = value as Record<string, unknown>;
  return checkEach(from, (member, name) => {
    if (plain || !name.startsWith('$') || name.startsWith('$$')) return checkAny(member, depth - 1, plain);
    if (name === typeLabelName) return checkLabel(member);
    if (held === undefined || Object.keys(from).length > 1) {
      return wrong('is no name here: one that begins with a dollar sign is written with two of them');
    }
    return checkTagged[held.kind](member);
  });
};

const table = ({ lenient = false }: CheckOptions): KindTable<Inner> => ({
  bool: () => (value) => (typeof value === 'boolean' ? value : wrong('must be true or false')),
  int: ({ minimum, maximum }) => checkNumber(minimum, maximum, true),
  number: ({ minimum, maximum }) => checkNumber(minimum, maximum),
  counter: () =>
    lenient ? (value) => (Number.isSafeInteger(value) ? String(value) : checkCounter(value)) : checkCounter,
  string: ({ minLength = 0, maxLength, pattern, [runsPattern]: runs, 'x-pattern-words': words }) => {
    const expression = runs ?? (pattern === undefined ? undefined : new RegExp(pattern, 'u'));
    return checkText(minLength, maxLength, expression, words ?? `match ${pattern}`);
  },
  ref: (of) => {
    const { minLength, maxLength } = of as unknown as { minLength: number; maxLength: number };
    return checkText(minLength, maxLength);
  },
  enum: (of) => {
    const values: ReadonlySet<unknown> = new Set(of.enum);
    const words = `must be one of ${of.enum.join(', ')}`;
    return (value) => (values.has(value) ? value : wrong(words));
  },
  time: () => checkTime,
  bytes: () => checkBytes,
  list: ({ items, maxItems }, inner) => {
    const check = inner(items);
    return (value) => {
      if (!Array.isArray(value)) return wrong('must be a list');
      if (value.length > maxItems) return wrong(`must have at most ${maxItems} items`);
      let copy: unknown[] | undefined;
      let index = 0;
      try {
        for (; index < value.length; index++) {
          const item = check(value[index]);
          if (item === value[index]) continue;
          copy ??= value.slice();
          copy[index] = item;
        }
      } catch (error) {
        throw within(error, index);
      }
      return copy ?? value;
    };
  },
  map: (of) => {
    const { maxProperties } = of;
    const { maxLength } = (of as unknown as { additionalProperties: { maxLength: number } }).additionalProperties;
    const check = checkText(0, maxLength);
    return (value) => {
      if (!isObject(value)) return wrong('must be a map of strings');
      let size = 0;
      let name = '';
      try {
        for (name in value) {
          size++;
          check(value[name]);
        }
      } catch (error) {
        throw within(error, name);
      }
      return size > maxProperties ? wrong(`must have at most ${maxProperties} members`) : value;
    };
  },
  any: (of) => (value) => checkAny(value, of['x-max-depth'], of['x-plain'] === true),
  record: (of, inner) => {
    const fields = fieldsOf(of).map(([name, shape, required]) => ({
      name,
      check: inner(shape),
      fallback: shape.default,
      required: required && shape.default === undefined,
      nullable: required && shape['x-kind'] === 'any',
      // A field called `constructor` must not be found in every object.
      inherited: name in Object.prototype,
    }));
    const names = new Set(fields.map(({ name }) => name));
    /** What may have been meant by it. */
    const stray = (from: Record<string, unknown>): string => {
      const [other] = lenient ? [] : Object.keys(from).filter((member) => !names.has(member));
      return other === undefined ? '' : `, and ${shortened(other)} is not known here`;
    };
    const acceptsNull = lenient && fields.every(({ required }) => !required);
    return (value) => {
      const from = acceptsNull && (value === null || value === undefined) ? {} : value;
      if (!isObject(from)) return wrong('must be a record');
      let known = 0;
      let changed: Record<string, unknown> | undefined;
      let name = '';
      try {
        for (const field of fields) {
          name = field.name;
          const given = field.inherited && !Object.hasOwn(from, name) ? undefined : from[name];
          if (given === undefined || (given === null && !field.nullable)) {
            if (field.required) return wrong(`is missing${stray(from)}`);
            if (field.fallback === undefined) continue;
            changed ??= {};
            changed[name] = typeof field.fallback === 'object' ? structuredClone(field.fallback) : field.fallback;
            continue;
          }
          known++;
          const checked = field.check(given);
          if (checked === given) continue;
          changed ??= {};
          changed[name] = checked;
        }
      } catch (error) {
        throw within(error, name);
      }
      let members = 0;
      for (const member in from) {
        members++;
        if (!lenient && !names.has(member)) throw within(new Mismatch('is not known here'), member);
      }
      if (changed === undefined && members === known) return from;
      const copy: Record<string, unknown> = {};
      for (const field of fields) {
        const given =
          changed?.[field.name] ?? (field.inherited && !Object.hasOwn(from, field.name) ? undefined : from[field.name]);
        if (given !== undefined && (given !== null || field.nullable)) copy[field.name] = given;
      }
      return copy;
    };
  },
});

const strict = fold(table({}));
const lenient = fold(table({ lenient: true }));
