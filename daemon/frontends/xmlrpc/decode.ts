/** Parameters as the catalogue declares them, straight from the tokens of the document. Compiled once per method. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fieldsOf, fold, kinds, type Shape } from '../../../plugin-protocol/shape.ts';
import type { Method } from '../../catalogue/method.ts';
import { tokenPrefix } from '../../core/api.ts';
import {
  type Decode,
  decodeBool,
  decodeBytes,
  decodeCounter,
  decodeInt,
  decodeNumber,
  decodeText,
  decodeTime,
  misfit,
  wrongParameter,
} from './scalars.ts';
import type { ValueReader, Written } from './values.ts';

export type { Decode } from './scalars.ts';

/** A parameter, or a field of a record. */
export interface Field {
  name: string;
  /** The name of its type on the wire, for faults. */
  type: string;
  required: boolean;
  decode: Decode;
  /** Whether an empty string stands for no value: the nil of clients that have none. */
  emptyIsUnset: boolean;
  /** Whether the boolean 0 does: Emacs writes nil so, which is also its empty list. */
  zeroIsUnset: boolean;
}

/** What a call can be made of: its parameters by position, and all of them as one struct when that can be told apart. */
export interface Signature {
  name: string;
  positional: readonly Field[];
  named: Decode<Record<string, unknown>> | undefined;
}

/** How to get to the next parameter; it is then entered. Starts with index 0, answers false at the end. */
export type NextParameter = (values: ValueReader, index: number) => boolean;

const unset = Symbol('unset');

const isZero = ({ type, text }: ValueReader): boolean => type === 'boolean' && text.trim() === '0';

const decodeField = (field: Field, values: ValueReader): unknown => {
  if (!field.required) {
    if (values.type === 'nil') return unset;
    if (field.emptyIsUnset && values.type === 'string' && values.text === '') return unset;
    if (field.zeroIsUnset && isZero(values)) return unset;
  }
  return field.decode(values);
};

/** PHP has one type for both, so an empty map comes as an empty array. In Emacs nothing, nil and an empty list are one. */
const isNothing = (values: ValueReader): boolean => (values.type === 'array' && !values.nextItem(0)) || isZero(values);

/** More members than that are not read faster for having been written alike. */
const mostWritten = 64;

/**
 * Read the members of the struct entered, each with `read`, which gets a reader that has entered the value. `written`
 * remembers from one struct to the next how the scalars in it were written.
 */
const readMembers = (
  values: ValueReader,
  written: (Written | undefined)[],
  read: (values: ValueReader, name: string) => void,
): void => {
  for (let index = 0; ; index++) {
    const known = written[index];
    if (known !== undefined && values.nextAs(known, index)) {
      values.path.push(known.member);
      read(values, known.member);
      values.path.pop();
      continue;
    }
    const next = values.nextMember(index);
    if (next === undefined) return;
    values.path.push(values.member);
    if (next === 'value') {
      const { member } = values;
      values.enter();
      if (index < mostWritten) written[index] = values.written(known, member);
      read(values, member);
    } else {
      const again = values.again(next.source);
      read(again, values.member);
    }
    values.path.pop();
    values.memberEnd();
  }
};

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const structOf = (fields: readonly Field[], expected: string, noun: string): Decode<Record<string, unknown>> => {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = fields.filter((field) => field.required);
  const written: (Written | undefined)[] = [];
  return (values) => {
    if (values.type !== 'struct') {
      if (!isNothing(values)) throw misfit(values, expected);
    }
    const record: Record<string, unknown> = {};
    const unknown: string[] = [];
    let left: Set<string> | undefined;
    if (values.type === 'struct') {
      readMembers(values, written, (of, name) => {
        const field = byName.get(name);
        if (field === undefined) {
          unknown.push(name);
          drain(of);
          return;
        }
        if (Object.hasOwn(record, name) || left?.has(name)) throw wrongParameter(of, 'is given twice.');
        const value = decodeField(field, of);
        if (value !== unset) record[name] = value;
        else {
          left ??= new Set();
          left.add(name);
        }
      });
    }
    if (unknown.length > 0) {
      values.path.push(unknown[0]!);
      const fault = wrongParameter(values, `is unknown: there is no ${noun} ${list(unknown.slice(0, 8))}.`);
      values.path.pop();
      throw fault;
    }
    for (const field of required) {
      if (Object.hasOwn(record, field.name)) continue;
      values.path.push(field.name);
      throw wrongParameter(values, `is missing; it must be ${field.type}.`);
    }
    return record;
  };
};

/** Read past a value that has been entered. */
const drain = (values: ValueReader): void => {
  if (values.type === 'array') for (let index = 0; values.nextItem(index); index++) values.reader.skip();
  else if (values.type === 'struct') {
    for (let index = 0, next = values.nextMember(0); next !== undefined; next = values.nextMember(++index)) {
      if (next === 'value') values.reader.skip();
      values.memberEnd();
    }
  }
};

/** The fields of a record shape, ready to decode. */
const fieldsFrom = (shape: Shape, inner: (shape: Shape) => Decode): Field[] =>
  fieldsOf(shape as Parameters<typeof fieldsOf>[0]).map(([name, of, required]) => ({
    name,
    type: kinds[of['x-kind']].xmlrpc,
    required,
    decode: inner(of),
    emptyIsUnset: of['x-kind'] !== 'string',
    zeroIsUnset: of['x-kind'] !== 'bool',
  }));

export const decoderFor = fold<Decode>({
  bool: () => decodeBool,
  int: () => decodeInt,
  counter: () => decodeCounter,
  number: () => decodeNumber,
  string: () => decodeText,
  enum: () => decodeText,
  ref: () => decodeText,
  time: () => decodeTime,
  bytes: () => decodeBytes,
  list: ({ items }, inner) => {
    const item = inner(items);
    return (values) => {
      const all: unknown[] = [];
      if (isZero(values)) return all;
      if (values.type !== 'array') throw misfit(values, 'an array');
      for (let index = 0; values.nextItem(index); index++) {
        values.path.push(index);
        values.enter();
        all.push(item(values));
        values.path.pop();
      }
      return all;
    };
  },
  record: (shape, inner) => structOf(fieldsFrom(shape, inner), `a struct ${shape['x-name']}`, 'member'),
  map: () => (values) => {
    const written: (Written | undefined)[] = [];
    // Without a prototype, so that `__proto__` is a name like any other.
    const map: Record<string, string> = Object.create(null);
    if (values.type !== 'struct') {
      if (!isNothing(values)) throw misfit(values, 'a struct of strings');
      return map;
    }
    readMembers(values, written, (of, name) => {
      if (name in map) throw wrongParameter(of, 'is given twice.');
      map[name] = decodeText(of);
    });
    return map;
  },
});

export const signatureFor = (method: Method): Signature => {
  const positional = fieldsFrom(method.params, decoderFor);
  const first = positional[0];
  return {
    name: method.name,
    positional,
    named: first?.type === kinds.record.xmlrpc ? undefined : structOf(positional, 'a struct', 'parameter'),
  };
};

/** Map what the request holds to named parameters. A token that comes first is no parameter. */
export const readParams = (
  values: ValueReader,
  signature: Signature,
  next: NextParameter,
): { params: Record<string, unknown>; token: string | undefined } => {
  const { name, positional, named } = signature;
  values.method = name;
  let params: Record<string, unknown> = {};
  let token: string | undefined;
  let taken = 0;
  let asStruct = false;
  for (let index = 0; next(values, index); index++) {
    if (index === 0 && values.type === 'string' && values.text.startsWith(tokenPrefix)) {
      token = values.text;
      continue;
    }
    if (asStruct) throw new Fault('invalid-params', `${name}: after a struct of all parameters there is one more.`);
    if (taken === 0 && values.type === 'struct' && named !== undefined) {
      params = named(values);
      asStruct = true;
      continue;
    }
    const field = positional[taken++];
    if (field === undefined) {
      throw new Fault('invalid-params', `${name} takes at most ${positional.length} parameters.`);
    }
    values.path.push(field.name);
    const value = decodeField(field, values);
    if (value !== unset) params[field.name] = value;
    values.path.pop();
  }
  if (!asStruct) {
    for (let at = taken; at < positional.length; at++) {
      const field = positional[at]!;
      if (!field.required) continue;
      values.path.push(field.name);
      throw wrongParameter(values, `is missing; it must be ${field.type}.`);
    }
  }
  return { params, token };
};
