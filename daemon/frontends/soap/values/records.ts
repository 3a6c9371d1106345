/** Reads records and maps of strings: their fields by the names of elements, or as items of a key and a value. */
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../message/element-reader.ts';
import { Mismatch, within, wrong } from '../message/mismatch.ts';
import { isNil, typeLabel } from '../message/xsi.ts';
import {
  branch,
  type DecodeInSlices,
  type Decoder,
  nextElement,
  refuseReference,
  valueInTurn,
  workFor,
} from './reading.ts';
import { asText } from './scalars.ts';

type Fields = ReadonlyMap<string, Decoder>;

/** `label` is what the caller calls it. Answers what is left to do when that is long. */
export const readField = (
  reader: ElementReader,
  name: string,
  decoder: Decoder,
  into: Record<string, unknown>,
  label = name,
): Slices<void> | undefined => {
  try {
    if (Object.hasOwn(into, name)) wrong('is given twice');
    const work = workFor(decoder, reader);
    if (work !== undefined) return keepIn(into, name, work, label);
    const value = decoder.atOnce!(reader);
    if (value !== undefined) into[name] = value;
  } catch (error) {
    throw within(error, label);
  }
  return undefined;
};

function* keepIn(into: Record<string, unknown>, name: string, work: Slices<unknown>, label: string): Slices<void> {
  try {
    const value = yield* work;
    if (value !== undefined) into[name] = value;
  } catch (error) {
    throw within(error, label);
  }
}

export const notKnown = (name: string): never => {
  throw within(new Mismatch('is not known here'), name);
};

const recordWords = 'must be a record: one element for each field';
const entryWords = `${recordWords}, or items of a key and a value`;

/** One field as Apache's Map has it, which is what PHP makes of an array with names: `<item><key/><value/></item>`. */
function* readEntry(reader: ElementReader, fields: Fields, into: Record<string, unknown>): Slices<void> {
  refuseReference(reader);
  if (!nextElement(reader, entryWords) || reader.local !== 'key') wrong(entryWords);
  const name = yield* valueInTurn(reader, asText);
  const decoder = fields.get(name) ?? notKnown(name);
  if (!nextElement(reader, entryWords) || reader.local !== 'value') wrong(entryWords);
  const work = readField(reader, name, decoder, into);
  if (work !== undefined) yield* work;
  if (nextElement(reader, entryWords)) wrong(entryWords);
}

export const recordOf = (fields: Fields): DecodeInSlices =>
  branch(function* (reader) {
    const record: Record<string, unknown> = {};
    for (;;) {
      if (reader.isLongNext) yield* reader.pause();
      if (!nextElement(reader, recordWords)) return record;
      const name = reader.local;
      const decoder = fields.get(name);
      if (decoder === undefined && name !== 'item') return notKnown(name);
      const work = decoder === undefined ? readEntry(reader, fields, record) : readField(reader, name, decoder, record);
      if (work !== undefined) yield* work;
    }
  });

/** A label called `__proto__` is a label. */
const setMember = (map: Record<string, string>, name: string, value: string) => {
  if (Object.hasOwn(map, name)) wrong(`has the member ${name} twice`);
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
};

const memberWords = 'must hold items of a key and a value';

/** `<item><key/><value/></item>` as in the WSDL and in Apache's Map, or an element named and filled like the member. */
function* readMember(reader: ElementReader, map: Record<string, string>): Slices<void> {
  const name = reader.local;
  refuseReference(reader);
  const label = typeLabel(reader);
  if (label === 'base64') return setMember(map, name, yield* valueInTurn(reader, asText));
  let text = '';
  let key: string | undefined;
  let value: string | undefined;
  for (let elements = 0; ; elements++) {
    if (reader.due) yield* reader.pause();
    let event = reader.next();
    if (event === 'text') {
      text = reader.text;
      if (elements > 0 && !reader.blank) wrong(memberWords);
      event = reader.next();
    }
    if (event === 'close') {
      // soapix and PySimpleSOAP send an empty item for a map without any; who has a name for a value says its type.
      if (elements === 0 && name === 'item' && label === undefined && text.trim() === '') return;
      if (elements === 0) setMember(map, name, text);
      else if (key === undefined) wrong('has an item without a key');
      else setMember(map, key, value ?? '');
      return;
    }
    if (elements === 0 && text.trim() !== '') wrong(memberWords);
    if (reader.local === 'key' && key === undefined) key = yield* valueInTurn(reader, asText);
    else if (reader.local !== 'value' || value !== undefined) wrong(`${memberWords}, not of <${reader.name}>`);
    else if (isNil(reader)) yield* reader.skipInSlices();
    else value = yield* valueInTurn(reader, asText);
  }
}

export const mapOfStrings = (most: number): DecodeInSlices =>
  branch(function* (reader) {
    const map: Record<string, string> = {};
    for (let size = 0; ; size++) {
      if (reader.due) yield* reader.pause();
      if (!nextElement(reader, memberWords)) return map;
      if (size === most) wrong(`must have at most ${most} members`);
      yield* readMember(reader, map);
    }
  });
