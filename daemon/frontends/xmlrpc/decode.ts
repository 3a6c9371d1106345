/** Parameters as the catalogue declares them, straight from the tokens of the document. Compiled once per method. */
import { integerValue, mapFrom, tagged } from '../../../plugin-protocol/any.ts';
import { isCounter } from '../../../plugin-protocol/check/scalars.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fieldsOf, fold, kinds, type Shape } from '../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../plugin-protocol/slices.ts';
import type { Method } from '../../catalogue/method.ts';
import { tokenPrefix } from '../../core/api.ts';
import type { WireType } from './names.ts';
import {
  type Decode,
  decodeBool,
  decodeBytes,
  decodeCounter,
  decodeInt,
  decodeLongBytes,
  decodeLongText,
  decodeNumber,
  decodeText,
  decodeTime,
  misfit,
  wrongParameter,
} from './scalars.ts';
import type { ValueReader, Written } from './values.ts';

export type { Decode } from './scalars.ts';

/** Reads the value that has been entered, and everything in it, in slices. */
export type DecodeInSlices<T = unknown> = (values: ValueReader) => Slices<T>;

/** How values of a shape are read: scalars at once, but for long ones of some shapes, and what holds others in slices. */
export type Decoder =
  | { atOnce: Decode; long?: DecodeInSlices; inSlices?: never }
  | { atOnce?: never; long?: never; inSlices: DecodeInSlices };

/** A parameter, or a field of a record. */
export interface Field {
  name: string;
  /** The name of its type on the wire. */
  type: string;
  /** What it must be, for faults. */
  must: string;
  required: boolean;
  decoder: Decoder;
  /** Whether an empty string stands for no value: the nil of clients that have none. */
  emptyIsUnset: boolean;
  /** Whether the boolean 0 does: Emacs writes nil so, which is also its empty list. */
  zeroIsUnset: boolean;
}

/** What a call can be made of: its parameters by position, and all of them as one struct when that can be told apart. */
export interface Signature {
  name: string;
  positional: readonly Field[];
  named: DecodeInSlices<Record<string, unknown>> | undefined;
}

/**
 * How to get to the next parameter; it is then entered. Starts with index 0, answers false at the end, and what is left to
 * do when it is long.
 */
export type NextParameter = (values: ValueReader, index: number) => Slices<void> | boolean;

const isZero = ({ type, text }: ValueReader): boolean => type === 'boolean' && text.trim() === '0';

/** Whether the value entered stands for none. */
const isUnset = ({ required, emptyIsUnset, zeroIsUnset }: Field, values: ValueReader): boolean => {
  if (required) return false;
  if (values.type === 'nil') return true;
  if (emptyIsUnset && values.type === 'string' && values.text === '') return true;
  return zeroIsUnset && isZero(values);
};

/** What reads the value entered, where it is not read at once. */
export const workFor = ({ inSlices, long }: Decoder, values: ValueReader): Slices<unknown> | undefined => {
  if (inSlices !== undefined) return inSlices(values);
  return long !== undefined && values.isLong ? long(values) : undefined;
};

/** Read a value and keep it in a record. Answers what is left to do when that is long. */
const readInto = (
  record: Record<string, unknown>,
  { name, decoder }: Field,
  values: ValueReader,
): Slices<void> | undefined => {
  const work = workFor(decoder, values);
  if (work !== undefined) return keepIn(record, name, work);
  record[name] = decoder.atOnce!(values);
  return undefined;
};
function* keepIn(record: Record<string, unknown>, name: string, work: Slices<unknown>): Slices<void> {
  record[name] = yield* work;
}

/** PHP has one type for both, so an empty map comes as an empty array. In Emacs nothing, nil and an empty list are one. */
const isNothing = (values: ValueReader): boolean => (values.type === 'array' && !values.nextItem(0)) || isZero(values);

/** More members than that are not read faster for having been written alike. */
const mostWritten = 64;

/**
 * Read the members of the struct entered, each with `read`, which gets a reader that has entered the value and answers
 * what is left to do. `written` remembers from one struct to the next how the scalars in it were written.
 */
function* readMembers(
  values: ValueReader,
  written: (Written | undefined)[],
  read: (values: ValueReader, name: string) => Slices<void> | undefined,
): Slices<void> {
  for (let index = 0; ; index++) {
    if (values.reader.due) yield* values.reader.pause();
    const known = written[index];
    if (known !== undefined && values.nextAs(known, index)) {
      values.path.push(known.member);
      // Only scalars are known.
      read(values, known.member)?.next();
      values.path.pop();
      continue;
    }
    const next = values.nextMember(index);
    if (next === undefined) return;
    const aside = next === 'unnamed' ? yield* values.putAside() : undefined;
    if (aside !== undefined) values.nameBehind();
    const { member } = values;
    values.path.push(member);
    let rest: Slices<void> | undefined;
    if (aside === undefined) {
      const entering = values.enter();
      if (entering !== undefined) yield* entering;
      if (index < mostWritten) written[index] = values.written(known, member);
      rest = read(values, member);
    } else rest = read(yield* values.again(aside), member);
    if (rest !== undefined) yield* rest;
    values.path.pop();
    values.memberEnd();
  }
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const structOf = (
  fields: readonly Field[],
  expected: string,
  noun: string,
): DecodeInSlices<Record<string, unknown>> => {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = fields.filter((field) => field.required);
  const written: (Written | undefined)[] = [];
  return function* (values) {
    const record: Record<string, unknown> = {};
    const unknown: string[] = [];
    let left: Set<string> | undefined;
    if (values.type === 'struct') {
      yield* readMembers(values, written, (of, name) => {
        const field = byName.get(name);
        if (field === undefined) {
          unknown.push(name);
          return drain(of);
        }
        if (Object.hasOwn(record, name) || left?.has(name)) throw wrongParameter(of, 'is given twice.');
        if (!isUnset(field, of)) return readInto(record, field, of);
        left ??= new Set();
        left.add(name);
        return undefined;
      });
    } else if (!isNothing(values)) throw misfit(values, expected);
    if (unknown.length > 0) {
      values.path.push(unknown[0]!);
      const fault = wrongParameter(values, `is unknown: there is no ${noun} ${list(unknown.slice(0, 8))}.`);
      values.path.pop();
      throw fault;
    }
    for (const field of required) {
      if (Object.hasOwn(record, field.name)) continue;
      values.path.push(field.name);
      throw wrongParameter(values, `is missing; it must be ${field.must}.`);
    }
    return record;
  };
};

/** Read past a value that has been entered. */
function* drain(values: ValueReader): Slices<void> {
  if (values.type === 'array') for (let index = 0; values.nextItem(index); index++) yield* values.skip();
  else if (values.type === 'struct') {
    for (let index = 0, next = values.nextMember(0); next !== undefined; next = values.nextMember(++index)) {
      yield* values.skip();
      if (next === 'unnamed') values.nameBehind();
      values.memberEnd();
    }
  }
}

/** The fields of a record shape, ready to decode. */
const fieldsFrom = (shape: Shape, inner: (shape: Shape) => Decoder): Field[] =>
  fieldsOf(shape as Parameters<typeof fieldsOf>[0]).map(([name, of, required]) => ({
    name,
    type: kinds[of['x-kind']].xmlrpc,
    must: of['x-kind'] === 'any' ? 'of any type' : kinds[of['x-kind']].xmlrpc,
    required,
    decoder: inner(of),
    emptyIsUnset: of['x-kind'] !== 'string' && of['x-kind'] !== 'any',
    zeroIsUnset: of['x-kind'] !== 'bool' && of['x-kind'] !== 'any',
  }));

const atOnce = (decode: Decode, long?: DecodeInSlices): Decoder =>
  long ? { atOnce: decode, long } : { atOnce: decode };

const listOf = (item: Decoder): DecodeInSlices<unknown[]> =>
  function* (values) {
    const all: unknown[] = [];
    if (isZero(values)) return all;
    if (values.type !== 'array') throw misfit(values, 'an array');
    for (let index = 0; values.nextItem(index); index++) {
      values.path.push(index);
      const entering = values.enter();
      if (entering !== undefined) yield* entering;
      const work = workFor(item, values);
      all.push(work === undefined ? item.atOnce!(values) : yield* work);
      values.path.pop();
      if (values.reader.due) yield* values.reader.pause();
    }
    return all;
  };

const mapOfStrings: DecodeInSlices<Record<string, string>> = function* (values) {
  // Without a prototype, so that `__proto__` is a name like any other.
  const map: Record<string, string> = Object.create(null);
  if (values.type === 'struct') {
    yield* readMembers(values, [], (of, name) => {
      if (name in map) throw wrongParameter(of, 'is given twice.');
      if (of.isLong) return keepIn(map, name, decodeLongText(of));
      map[name] = decodeText(of);
      return undefined;
    });
  } else if (!isNothing(values)) throw misfit(values, 'a struct of strings');
  return map;
};

/** Scalars that nobody declared are what their elements say. */
const undeclared: Record<Exclude<WireType, 'array' | 'struct'>, Decode> = {
  nil: () => null,
  boolean: decodeBool,
  int: (values) => {
    // Clients without types of their own write 1e+21 so.
    if (/e/i.test(values.text)) return decodeNumber(values);
    const digits = decodeCounter(values);
    if (!isCounter(digits)) throw misfit(values, 'an integer of 64 bits');
    return integerValue(digits);
  },
  double: decodeNumber,
  string: decodeText,
  'dateTime.iso8601': (values) => tagged('time', decodeTime(values)),
  base64: (values) => tagged('bytes', decodeBytes(values)),
};

const anyValue: DecodeInSlices = function* (values) {
  if (values.type === 'array') return yield* anyList(values);
  if (values.type === 'base64' && values.isLong) return tagged('bytes', yield* decodeLongBytes(values));
  if (values.type !== 'struct') return undeclared[values.type](values);
  const members = new Map<string, unknown>();
  yield* readMembers(values, [], (of, name) => {
    if (members.has(name)) throw wrongParameter(of, 'is given twice.');
    if (of.type === 'array' || of.type === 'struct' || of.isLong) return keepMember(members, name, anyValue(of));
    members.set(name, undeclared[of.type](of));
    return undefined;
  });
  return mapFrom(members);
};
function* keepMember(members: Map<string, unknown>, name: string, work: Slices<unknown>): Slices<void> {
  members.set(name, yield* work);
}
const anyList = listOf({ inSlices: anyValue });

export const decoderFor = fold<Decoder>({
  bool: () => atOnce(decodeBool),
  int: () => atOnce(decodeInt),
  counter: () => atOnce(decodeCounter),
  number: () => atOnce(decodeNumber),
  string: () => atOnce(decodeText, decodeLongText),
  enum: () => atOnce(decodeText),
  ref: () => atOnce(decodeText),
  time: () => atOnce(decodeTime),
  bytes: () => atOnce(decodeBytes, decodeLongBytes),
  any: () => ({ inSlices: anyValue }),
  list: ({ items }, inner) => ({ inSlices: listOf(inner(items)) }),
  record: (shape, inner) => ({
    inSlices: structOf(fieldsFrom(shape, inner), `a struct ${shape['x-name']}`, 'member'),
  }),
  map: () => ({ inSlices: mapOfStrings }),
});

/** `name` is what the method is called by. */
export const signatureFor = (method: Method, name = method.name): Signature => {
  const positional = fieldsFrom(method.params, decoderFor);
  const first = positional[0];
  return {
    name,
    positional,
    named: first?.type === kinds.record.xmlrpc ? undefined : structOf(positional, 'a struct', 'parameter'),
  };
};

/** Map what the request holds to named parameters. A token that comes first is no parameter. */
export function* readParams(
  values: ValueReader,
  signature: Signature,
  next: NextParameter,
): Slices<{ params: Record<string, unknown>; token: string | undefined }> {
  const { name, positional, named } = signature;
  values.method = name;
  let params: Record<string, unknown> = {};
  let token: string | undefined;
  let taken = 0;
  let asStruct = false;
  for (let index = 0; ; index++) {
    if (values.reader.due) yield* values.reader.pause();
    const entered = next(values, index);
    if (entered === false) break;
    if (entered !== true) yield* entered;
    if (index === 0 && values.type === 'string' && values.text.startsWith(tokenPrefix)) {
      token = values.text;
      continue;
    }
    if (asStruct) throw new Fault('invalid-params', `${name}: after a struct of all parameters there is one more.`);
    if (taken === 0 && values.type === 'struct' && named !== undefined) {
      params = yield* named(values);
      asStruct = true;
      continue;
    }
    const field = positional[taken++];
    if (field === undefined) {
      throw new Fault('invalid-params', `${name} takes at most ${positional.length} parameters.`);
    }
    values.path.push(field.name);
    const rest = isUnset(field, values) ? undefined : readInto(params, field, values);
    if (rest !== undefined) yield* rest;
    values.path.pop();
  }
  if (!asStruct) {
    for (let at = taken; at < positional.length; at++) {
      const field = positional[at]!;
      if (!field.required) continue;
      values.path.push(field.name);
      throw wrongParameter(values, `is missing; it must be ${field.must}.`);
    }
  }
  return { params, token };
}
