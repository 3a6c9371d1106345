/** Values that a contract leaves open (`xsd:anyType`, and what Apache's maps hold): read by what they say of themselves. */
import { integerValue, mapFrom, tagged, typeLabelName } from '../../../../plugin-protocol/any.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { arrayFormOf, readOpenList } from '../arrays.ts';
import type { ElementReader } from '../graph.ts';
import { apacheNamespace, encodings, xsdNamespace, xsdNamespaces } from '../names.ts';
import { isNil, nextElement, ownType, refuseReference, textOf, within, wrong } from '../scalars.ts';
import type { DecodeInSlices, Decoder } from './decode-values.ts';
import { labelled, type TypeNames } from './labels.ts';
import { simpleBuiltin } from './simple-types.ts';
import { simpleFrom } from './simple-values.ts';
import { clark, type QName } from './tree.ts';
import type { SimpleType, XsdType } from './types.ts';

/** A value of a type of XML Schema, so that the same type is written when it is sent back. */
const labelledSimple = (type: SimpleType, value: unknown): unknown => {
  switch (type.builtin.name) {
    case 'string':
    case 'boolean':
    case 'int':
      return value;
    case 'double':
      return Number.isInteger(value) ? labelled('double', { value }) : value;
    case 'dateTime':
      return tagged('time', value as string);
    case 'base64Binary':
      return tagged('bytes', value as string);
    case 'long': {
      const integer = integerValue(value as string);
      return typeof integer === 'number' ? labelled('long', { value }) : integer;
    }
    default:
      return labelled(type.builtin.name, { value });
  }
};

const renamed = new Map([
  ['base64', 'base64Binary'],
  ['timeInstant', 'dateTime'],
]);

const builtinOf = ({ namespace, local }: QName): SimpleType | undefined =>
  xsdNamespaces.has(namespace) || encodings.has(namespace)
    ? simpleBuiltin({ namespace: xsdNamespace, local: renamed.get(local) ?? local })
    : undefined;

const isOf = (name: QName | undefined, namespaces: ReadonlySet<string>, local: string): boolean =>
  name !== undefined && name.local === local && namespaces.has(name.namespace);
const apache: ReadonlySet<string> = new Set([apacheNamespace]);

const memberWords = 'must hold items of a key and a value';

/** Readers of values of any type, and of what is declared to be a map. `decoderOf` reads those of the contract's types. */
export const decodeAnyIn = (
  types: TypeNames,
  decoderOf: (type: XsdType) => Decoder,
  mostPlaces: number,
): { value: DecodeInSlices; map: DecodeInSlices } => {
  function* readMap(reader: ElementReader): Slices<unknown> {
    const entries: { key: unknown; value: unknown }[] = [];
    while (nextElement(reader, memberWords)) {
      refuseReference(reader);
      const entry: { key: unknown; value: unknown } = { key: null, value: null };
      while (nextElement(reader, memberWords)) {
        const { local } = reader;
        if (local !== 'key' && local !== 'value') return wrong(memberWords);
        try {
          entry[local] = yield* read(reader);
        } catch (error) {
          throw within(within(error, local), entries.length);
        }
      }
      entries.push(entry);
      if (reader.due) yield* reader.pause();
    }
    const keys = new Set(entries.map(({ key }) => key));
    const plain = entries.every(({ key }) => typeof key === 'string');
    if (!plain || keys.size < entries.length) return labelled('Map', { entries });
    return mapFrom(entries.map(({ key, value }) => [key as string, value] as const));
  }

  /** Without a type: text, or a record of what it holds; what comes more than once is a list. */
  function* readByForm(reader: ElementReader): Slices<unknown> {
    let text = '';
    const members = new Map<string, unknown[]>();
    for (;;) {
      const event = reader.next();
      if (event === 'text') text += reader.text;
      else if (event === 'open') {
        const name = reader.local;
        const values = members.get(name) ?? [];
        members.set(name, values);
        try {
          values.push(yield* read(reader));
        } catch (error) {
          throw within(error, name);
        }
        if (reader.due) yield* reader.pause();
      } else {
        if (members.size === 0) return text;
        if (text.trim() !== '') return wrong('must not have text between its elements');
        return mapFrom([...members].map(([name, all]) => [name, all.length === 1 ? all[0] : all] as const));
      }
    }
  }

  function* readOwn(type: XsdType, reader: ElementReader): Slices<unknown> {
    const { atOnce, inSlices } = decoderOf(type);
    const value = (inSlices === undefined ? atOnce(reader) : yield* inSlices(reader)) ?? null;
    const label = types.labelOf(type);
    if (label === undefined || value === null || (typeof value === 'object' && typeLabelName in value)) return value;
    if (typeof value === 'object' && !Array.isArray(value)) return labelled(label, value);
    return labelled(label, { value });
  }

  const read: DecodeInSlices = (reader) => readTyped(reader, undefined);

  function* readTyped(reader: ElementReader, inArray: QName | undefined): Slices<unknown> {
    if (isNil(reader)) {
      reader.skip();
      return null;
    }
    refuseReference(reader);
    const name = ownType(reader, inArray);
    const own = name && types.named(clark(name));
    if (own !== undefined) return yield* readOwn(own, reader);
    if (isOf(name, apache, 'Map')) return yield* readMap(reader);
    if (isOf(name, encodings, 'Array') || isOf(name, apache, 'Vector') || arrayFormOf(reader) !== undefined) {
      return yield* readOpenList(reader, readTyped, mostPlaces);
    }
    const builtin = name && builtinOf(name);
    if (builtin === undefined) return yield* readByForm(reader);
    const value = simpleFrom(builtin)(textOf(reader));
    return value === undefined ? null : labelledSimple(builtin, value);
  }
  return { value: read, map: readMap };
};
