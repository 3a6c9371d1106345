/** Structs: what they are read into member by member, with faults that name the member. */
import type { Slices } from '../../../plugin-protocol/slices.ts';
import { type DecodeInSlices, type Decoder, workFor } from './decoder.ts';
import { misfit, wrongParameter } from './scalars.ts';
import type { ValueReader } from './values.ts';
import { Layout } from './written.ts';

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

/** Whether the value entered is the boolean 0. */
export const isZero = (values: ValueReader): boolean => values.type === 'boolean' && values.text.trim() === '0';

/** Whether the value entered stands for none. */
export const isUnset = ({ required, emptyIsUnset, zeroIsUnset }: Field, values: ValueReader): boolean => {
  if (required) return false;
  if (values.type === 'nil') return true;
  if (emptyIsUnset && values.type === 'string' && values.length === 0) return true;
  return zeroIsUnset && isZero(values);
};

/** Read a value and keep it in a record. Answers what is left to do when that is long. */
export const readInto = (
  record: Record<string, unknown>,
  { name, decoder }: Field,
  values: ValueReader,
): Slices<void> | undefined => {
  const work = workFor(decoder, values);
  if (work !== undefined) return keepIn(record, name, work);
  record[name] = decoder.atOnce!(values);
  return undefined;
};
/** Keep in a record what is being read in slices. */
export function* keepIn(record: Record<string, unknown>, name: string, work: Slices<unknown>): Slices<void> {
  record[name] = yield* work;
}

/** PHP has one type for both, so an empty map comes as an empty array. In Emacs nothing, nil and an empty list are one. */
export const isNothing = (values: ValueReader): boolean =>
  (values.type === 'array' && !values.nextItem(0)) || isZero(values);

/**
 * Read the members of the struct entered, each with `read`, which gets a reader that has entered the value and answers
 * what is left to do. `layout` remembers from one struct to the next how the scalars in it were written.
 */
export function* readMembers<F>(
  values: ValueReader,
  layout: Layout<F>,
  read: (values: ValueReader, name: string, field: F) => Slices<void> | undefined,
): Slices<void> {
  for (let index = 0; ; index++) {
    if (values.reader.due) yield* values.reader.pause();
    const known = layout.at(index);
    if (known !== undefined && values.nextAs(known, index)) {
      values.path.push(known.member);
      // Only scalars are known.
      read(values, known.member, known.field)?.next();
      values.path.pop();
      continue;
    }
    const next = values.nextMember(index);
    if (next === undefined) return;
    const aside = next === 'unnamed' ? yield* values.putAside() : undefined;
    if (aside !== undefined) values.nameBehind();
    const { member } = values;
    const field = layout.find(member);
    values.path.push(member);
    let rest: Slices<void> | undefined;
    if (aside === undefined) {
      const entering = values.enter();
      if (entering !== undefined) yield* entering;
      layout.keep(index, values, field);
      rest = read(values, member, field);
    } else rest = read(yield* values.again(aside), member, field);
    if (rest !== undefined) yield* rest;
    values.path.pop();
    values.memberEnd();
  }
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Reads a struct of these fields, and says of the first that is wrong which it is. `noun` is what faults call one. */
export const structOf = (
  fields: readonly Field[],
  expected: string,
  noun: string,
): DecodeInSlices<Record<string, unknown>> => {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = fields.filter((field) => field.required);
  const layout = new Layout((name) => byName.get(name));
  return function* (values) {
    const record: Record<string, unknown> = {};
    const unknown: string[] = [];
    let left: Set<string> | undefined;
    let missing = required.length;
    if (values.type === 'struct') {
      yield* readMembers(values, layout, (of, name, field) => {
        if (field === undefined) {
          unknown.push(name);
          return drain(of);
        }
        if (Object.hasOwn(record, field.name) || left?.has(name)) throw wrongParameter(of, 'is given twice.');
        if (field.required) missing--;
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
    for (const field of missing > 0 ? required : []) {
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
