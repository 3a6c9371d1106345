/** Values that a contract leaves open (`xsd:anyType`, and what Apache's maps hold): read by what they say of themselves. */
import {
  guardName,
  hasMember,
  integerValue,
  putMember,
  tagged,
  typeLabelName,
} from '../../../../../plugin-protocol/any.ts';
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { within, wrong } from '../../message/mismatch.ts';
import { apacheNamespace, encodings, xsdNamespace, xsdNamespaces } from '../../message/names.ts';
import { isNil, ownType } from '../../message/xsi.ts';
import { arrayFormOf, readOpenList } from '../../values/arrays.ts';
import {
  type DecodeInSlices,
  type Decoder,
  inSlicesOf,
  nextElement,
  refuseReference,
  valueInTurn,
} from '../../values/reading.ts';
import { simpleBuiltin } from '../schema/simple-types.ts';
import { clark, type QName } from '../schema/tree.ts';
import type { SimpleType, XsdType } from '../schema/types.ts';
import { labelled, type TypeNames } from '../values/labels.ts';
import { simpleFrom } from '../values/simple.ts';

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
    // Undefined once it is a map that JSON has not: of other keys than texts, or with one twice.
    let plain: Record<string, unknown> | undefined = {};
    for (;;) {
      if (reader.due) yield* reader.pause();
      if (!nextElement(reader, memberWords)) return plain ?? labelled('Map', { entries });
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
      const { key, value } = entry;
      if (plain === undefined || typeof key !== 'string' || hasMember(plain, key)) plain = undefined;
      else putMember(plain, key, value);
    }
  }

  /** Without a type: text, or a record of what it holds; what comes more than once is a list. */
  function* readByForm(reader: ElementReader): Slices<unknown> {
    let text = '';
    let map: Record<string, unknown> | undefined;
    const lists = new Map<string, unknown[]>();
    for (;;) {
      if (reader.due) yield* reader.pause();
      const event = reader.next();
      if (event === 'text') text += reader.text;
      else if (event === 'open') {
        map ??= {};
        const name = reader.local;
        let value: unknown;
        try {
          value = yield* read(reader);
        } catch (error) {
          throw within(error, name);
        }
        const list = lists.get(name);
        if (list !== undefined) list.push(value);
        else if (hasMember(map, name)) {
          const both = [map[guardName(name)], value];
          lists.set(name, both);
          putMember(map, name, both);
        } else putMember(map, name, value);
      } else {
        if (map === undefined) return text;
        return text.trim() === '' ? map : wrong('must not have text between its elements');
      }
    }
  }

  function* readOwn(type: XsdType, reader: ElementReader): Slices<unknown> {
    const value = (yield* inSlicesOf(decoderOf(type))(reader)) ?? null;
    const label = types.labelOf(type);
    if (label === undefined || value === null || (typeof value === 'object' && typeLabelName in value)) return value;
    if (typeof value === 'object' && !Array.isArray(value)) return labelled(label, value);
    return labelled(label, { value });
  }

  const read: DecodeInSlices = (reader) => readTyped(reader, undefined);

  function* readTyped(reader: ElementReader, inArray: QName | undefined): Slices<unknown> {
    if (isNil(reader)) {
      yield* reader.skipInSlices();
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
    const value = yield* valueInTurn(reader, () => simpleFrom(builtin));
    return value === undefined ? null : labelledSimple(builtin, value);
  }
  return { value: read, map: readMap };
};
