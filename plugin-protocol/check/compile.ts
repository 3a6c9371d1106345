/**
 * Checks a value in memory against a shape: its kinds and its bounds. The daemon's pipeline uses it for parameters and
 * the host for what plugins answer.
 */

import { Fault } from '../faults.ts';
import { fieldsOf, fold, type KindTable, runsPattern, type Shape } from '../shape.ts';
import { inOneSlice, Slice, type Slices } from '../slices.ts';
import { shortened } from '../text/shortened.ts';
import { anyInSlices, checkAny, eachInSlices, type Long, type Walk } from './members.ts';
import {
  bytesInSlices,
  checkBytes,
  checkCounter,
  checkNumber,
  checkText,
  checkTime,
  isObject,
  Mismatch,
  within,
  wrong,
} from './scalars.ts';

export interface CheckOptions {
  /**
   * For values from programs that may know more, or care less, than we do: fields that the shape lacks are dropped, a
   * safe integer stands for a counter, and `null` stands for a record none of whose fields is required.
   */
  lenient?: boolean;
}

/**
 * Returns the value itself when nothing must change; otherwise a copy with defaults filled in. An optional field that is
 * `null` counts as left out, and so does an empty one where its shape says so. Throws
 * `Fault('invalid-params', sentence, {field})`; `pointer` is the JSON Pointer of the value within what the caller knows, and
 * begins each `field`.
 */
export interface Check {
  (value: unknown, pointer?: string): unknown;
  /** The same in slices, of a value in which `long` tells what is long; left out where all is short. */
  inSlices?: (value: unknown, long: Long, pointer?: string) => Slices<unknown>;
}

/** Check in slices whatever can be. */
export const checkInSlices = (check: Check, value: unknown, long: Long): Slices<unknown> =>
  check.inSlices?.(value, long) ?? inOneSlice(() => check(value));

/** What makes a default, so that nobody shares it; undefined where there is none. */
const fallbackOf = (value: unknown): (() => unknown) | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return () => value;
  // A twentieth of what `structuredClone` takes.
  const text = JSON.stringify(value);
  return () => JSON.parse(text);
};

/**
 * Compiles a check, once per shape and as it is first used: a start needs few of those that there are. Nothing is allocated
 * for a value that is right and complete.
 */
export const compileCheck = (shape: Shape, options: CheckOptions = {}): Check => {
  let made: Compiled | undefined;
  const compiled = () => {
    made ??= (options.lenient ? lenient : strict)(shape);
    return made;
  };
  const told = (error: unknown, pointer: string): unknown => {
    if (!(error instanceof Mismatch)) return error;
    const field = pointer + error.path;
    return new Fault('invalid-params', `${field === '' ? 'The value' : field} ${error.message}.`, { field });
  };
  const check: Check = (value, pointer = '') => {
    try {
      return compiled()(value);
    } catch (error) {
      throw told(error, pointer);
    }
  };
  check.inSlices = function* (value, long, pointer = '') {
    try {
      return yield* deeper(compiled(), value, { long, slice: new Slice() });
    } catch (error) {
      throw told(error, pointer);
    }
  };
  return check;
};

/** A field of a record. */
interface Field {
  name: string;
  check: Compiled;
  fallback: (() => unknown) | undefined;
  required: boolean;
  nullable: boolean;
  emptyIsUnset: boolean;
  /** A field called `constructor` must not be found in every object. */
  inherited: boolean;
}

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);

/** What a record has for a field; undefined when it is left out. */
const givenFor = (field: Field, from: Record<string, unknown>): unknown => {
  const given = field.inherited && !Object.hasOwn(from, field.name) ? undefined : from[field.name];
  if (given === null) return field.nullable ? given : undefined;
  return field.emptyIsUnset && isEmpty(given) ? undefined : given;
};

/** What long members of a record have been found to be. */
type Found = ReadonlyMap<unknown, unknown>;

interface Compiled {
  (value: unknown, found?: Found): unknown;
  /** The same of a value that is long; left out where it holds no others. */
  inSlices?: (value: unknown, walk: Walk) => Slices<unknown>;
}

function* deeper(check: Compiled, value: unknown, walk: Walk): Slices<unknown> {
  return check.inSlices !== undefined && walk.long.has(value) ? yield* check.inSlices(value, walk) : check(value);
}

const table = ({ lenient = false }: CheckOptions): KindTable<Compiled> => ({
  bool: () => (value) => (typeof value === 'boolean' ? value : wrong('must be true or false')),
  int: ({ minimum, maximum }) => checkNumber(minimum, maximum, true),
  number: ({ minimum, maximum }) => checkNumber(minimum, maximum),
  counter: () =>
    lenient ? (value) => (Number.isSafeInteger(value) ? String(value) : checkCounter(value)) : checkCounter,
  string: ({ minLength = 0, maxLength, pattern, [runsPattern]: runs, 'x-pattern-words': words }) => {
    const expression = runs ?? (pattern === undefined ? undefined : new RegExp(pattern, 'u'));
    return checkText(minLength, maxLength, expression, words ?? `match ${pattern}`);
  },
  ref: ({ minLength, maxLength }) => checkText(minLength, maxLength),
  enum: (of) => {
    const values: ReadonlySet<unknown> = new Set(of.enum);
    const words = `must be one of ${of.enum.join(', ')}`;
    return (value) => (values.has(value) ? value : wrong(words));
  },
  time: () => checkTime,
  bytes: () => {
    const check: Compiled = (value) => checkBytes(value);
    check.inSlices = (value, { slice }) => bytesInSlices(value, slice);
    return check;
  },
  list: ({ items, maxItems }, inner) => {
    const check = inner(items);
    const listIn = (value: unknown): unknown[] => {
      if (!Array.isArray(value)) return wrong('must be a list');
      return value.length > maxItems ? wrong(`must have at most ${maxItems} items`) : value;
    };
    const all: Compiled = (given) => {
      const value = listIn(given);
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
    all.inSlices = (value, walk) =>
      eachInSlices(
        listIn(value),
        walk,
        (item) => check(item),
        (item) => deeper(check, item, walk),
      );
    return all;
  },
  map: ({ maxProperties, additionalProperties }) => {
    const check = checkText(0, additionalProperties.maxLength);
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
  any: (of) => {
    const [depth, plain] = [of['x-max-depth'], of['x-plain'] === true];
    const check: Compiled = (value) => checkAny(value, depth, plain);
    check.inSlices = (value, walk) => anyInSlices(value, depth, plain, walk);
    return check;
  },
  record: (of, inner) => {
    const fields = fieldsOf(of).map(
      ([name, shape, required]): Field => ({
        name,
        check: inner(shape),
        fallback: fallbackOf(shape.default),
        required: required && shape.default === undefined,
        nullable: required && shape['x-kind'] === 'any',
        emptyIsUnset: shape['x-empty-is-unset'] === true,
        inherited: name in Object.prototype,
      }),
    );
    const names = new Set(fields.map(({ name }) => name));
    /** What may have been meant by it. */
    const stray = (from: Record<string, unknown>): string => {
      const [other] = lenient ? [] : Object.keys(from).filter((member) => !names.has(member));
      return other === undefined ? '' : `, and ${shortened(other)} is not known here`;
    };
    const acceptsNull = lenient && fields.every(({ required }) => !required);
    const check: Compiled = (value, found) => {
      const from = acceptsNull && (value === null || value === undefined) ? {} : value;
      if (!isObject(from)) return wrong('must be a record');
      let known = 0;
      let changed: Record<string, unknown> | undefined;
      let name = '';
      try {
        for (const field of fields) {
          name = field.name;
          const given = givenFor(field, from);
          if (given === undefined) {
            if (field.required) return wrong(`is missing${stray(from)}`);
            if (field.fallback === undefined) continue;
            changed ??= {};
            changed[name] = field.fallback();
            continue;
          }
          known++;
          const checked = found?.has(given) ? found.get(given) : field.check(given);
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
        const given = changed?.[field.name] ?? givenFor(field, from);
        if (given !== undefined) copy[field.name] = given;
      }
      return copy;
    };
    check.inSlices = function* (value, walk) {
      const found = new Map<unknown, unknown>();
      for (const { name, check: checkField } of isObject(value) ? fields : []) {
        const given = (value as Record<string, unknown>)[name];
        if (!walk.long.has(given)) continue;
        try {
          found.set(given, yield* deeper(checkField, given, walk));
        } catch (error) {
          throw within(error, name);
        }
      }
      return check(value, found);
    };
    return check;
  },
});

const strict = fold<Compiled>(table({}));
const lenient = fold<Compiled>(table({ lenient: true }));
