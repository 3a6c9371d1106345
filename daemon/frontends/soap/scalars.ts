/** Single values as SOAP clients write them, and what all decoders share: what is wrong, and where. */

import type { Slices } from '../../../plugin-protocol/slices.ts';
import { base64OfHex, canonicalBase64 } from '../../wire/base64.ts';
import type { QName } from './fault-kinds.ts';
import { byReference, type ElementReader, isReference } from './graph.ts';
import {
  anyNamespace,
  apacheNamespace,
  encodings,
  soap11,
  soap12,
  xsdNamespaces,
  xsi1999Namespace,
  xsiNamespace,
} from './names.ts';

/** Reads the element just opened, to its end. Undefined: it says that the value is unset. */
export type Decode = (reader: ElementReader) => unknown;

/** The same in slices. */
export type DecodeInSlices = (reader: ElementReader) => Slices<unknown>;

/** How a value is read: a single one at once, what holds others in slices. */
export type Decoder = { atOnce: Decode; inSlices?: never } | { atOnce?: never; inSlices: DecodeInSlices };

/** Carries what is wrong outwards; every list and record that it passes puts its own step before the path. */
export class Mismatch extends Error {
  path = '';
}

export const wrong = (message: string): never => {
  throw new Mismatch(message);
};

/** The error as it is seen one step further out; errors of other kinds are left alone. */
export const within = (error: unknown, step: string | number): unknown => {
  // RFC 6901 section 3.
  if (error instanceof Mismatch)
    error.path = `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}${error.path}`;
  return error;
};

export const isNil = (reader: ElementReader): boolean => {
  const nil = (reader.attribute('nil', xsiNamespace) ?? reader.attribute('null', xsi1999Namespace))?.trim();
  return nil === 'true' || nil === '1';
};

/** A name with a prefix, as the element just opened has prefixes. */
const resolved = (reader: ElementReader, name: string): QName => {
  const colon = name.indexOf(':');
  return {
    namespace: reader.resolve(colon < 0 ? '' : name.slice(0, colon)) ?? '',
    local: name.slice(colon + 1),
  };
};

/** The name that `xsi:type` says, of the element just opened. */
export const xsiType = (reader: ElementReader): QName | undefined => {
  const type = (reader.attribute('type', xsiNamespace) ?? reader.attribute('type', xsi1999Namespace))?.trim();
  return type === undefined ? undefined : resolved(reader, type);
};

/** What the array just opened says of its items, in one of both encodings; undefined when they are arrays themselves. */
export const itemType = (reader: ElementReader): QName | undefined => {
  const type = reader.attribute('arrayType', soap11.encoding) ?? reader.attribute('itemType', soap12.encoding);
  const single = type === undefined ? null : /^\s*([^[\s]+)\s*(?:\[[^[]*)?$/.exec(type);
  return single === null ? undefined : resolved(reader, single[1]!);
};

/**
 * The type of a value that says it itself: by `xsi:type`, by its name, which SOAP 1.1 section 5.2 lets be that of a type, or
 * by the array that it is in.
 */
export const ownType = (reader: ElementReader, inArray: QName | undefined): QName | undefined => {
  const said = xsiType(reader);
  if (said !== undefined) return said;
  return encodings.has(reader.namespace) ? { namespace: reader.namespace, local: reader.local } : inArray;
};

/** What `xsi:type` says: a name, and whose it is; undefined for a type that is of none of these, and without one. */
export const typeNamed = (
  reader: ElementReader,
  type = xsiType(reader),
): { local: string; of: 'xsd' | 'soap' | 'apache' | 'any' | undefined } => {
  return type === undefined ? { local: '', of: undefined } : { local: type.local, of: owners.get(type.namespace) };
};
const owners = new Map<string, 'xsd' | 'soap' | 'apache' | 'any'>([
  ...[...xsdNamespaces].map((uri) => [uri, 'xsd'] as const),
  ...[...encodings].map((uri) => [uri, 'soap'] as const),
  [apacheNamespace, 'apache'],
  [anyNamespace, 'any'],
]);

/** What `xsi:type` may say of a value that the catalogue has not said: a label, never a class to make. */
export type TypeLabel = 'base64' | 'hex' | 'map' | 'other';

/** The label of a type that SOAP, XML Schema or Apache defines; undefined for other types, and without one. */
export const typeLabel = (reader: ElementReader): TypeLabel | undefined => {
  const { local, of } = typeNamed(reader);
  if (of === 'apache') return local === 'Map' ? 'map' : 'other';
  if (of !== 'xsd' && of !== 'soap') return undefined;
  if (local === 'base64Binary' || local === 'base64') return 'base64';
  return local === 'hexBinary' ? 'hex' : 'other';
};

/** A reference is not what it refers to: taken as empty it would be lost. */
export const refuseReference = (reader: ElementReader): void => {
  if (isReference(reader)) throw byReference;
};

/** The text of the element just opened, which is then closed. */
export const textOf = (reader: ElementReader): string => {
  for (let text = ''; ; ) {
    const event = reader.next();
    if (event === 'close') return text;
    if (event === 'open') wrong(`must be a single value, without <${reader.name}> in it`);
    text += reader.text;
  }
};

/** Text as the catalogue means it, even where the sender coded it: SOAP::Lite sends any that is not ASCII as base64. */
export const plainText = (reader: ElementReader): string => {
  refuseReference(reader);
  if (typeLabel(reader) !== 'base64') return textOf(reader);
  const coded = canonicalBase64(textOf(reader)) ?? wrong('must be base64, as its xsi:type says');
  return Buffer.from(coded, 'base64').toString('utf8');
};

/** Bytes, as base64 whatever the sender chose. */
export const codedBytes = (reader: ElementReader): string => {
  refuseReference(reader);
  if (typeLabel(reader) !== 'hex') return canonicalBase64(textOf(reader)) ?? wrong('must be base64');
  return base64OfHex(textOf(reader).trim()) ?? wrong('must be hexadecimal, as its xsi:type says');
};

/** A value that may be nil. */
export const leaf =
  (read: Decode): Decode =>
  (reader) => {
    if (!isNil(reader)) return read(reader);
    reader.skip();
    return undefined;
  };

/** The same of what holds others; a reference is none. */
export const branch =
  (read: DecodeInSlices): DecodeInSlices =>
  (reader) => {
    if (isNil(reader)) return reader.skipInSlices();
    refuseReference(reader);
    return read(reader);
  };

/** A value that is no string: white space around it does not count, and empty means unset. */
export const scalar = (convert: (text: string) => unknown): Decode =>
  leaf((reader) => {
    refuseReference(reader);
    const text = textOf(reader).trim();
    return text === '' ? undefined : convert(text);
  });

/** A word that cannot be empty: .NET and PHP send empty elements for those that are not set. */
export const word: Decode = leaf((reader) => {
  const text = plainText(reader).trim();
  return text === '' ? undefined : text;
});

/** Longer ones are no numbers: a double has at most 17 digits that matter, and 308 before its point. */
export const longestNumber = 400;

const integerForm = /^[+-]?[0-9]{1,400}$/;
// Where a digit belongs is never in doubt: with a choice, digits without end would be tried in every way.
const decimalForm = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
/** With the words of Python, which suds and SOAPpy write. */
const bools: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['True', true],
  ['false', false],
  ['0', false],
  ['False', false],
]);
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ['INF', Infinity],
  ['+INF', Infinity],
  ['-INF', -Infinity],
  ['NaN', Number.NaN],
]);

export const boolFrom = (text: string): boolean => bools.get(text) ?? wrong('must be true or false');
export const integerFrom = (text: string): number =>
  integerForm.test(text) ? Number(text) : wrong('must be an integer');
export const counterFrom = (text: string): string =>
  integerForm.test(text) ? String(BigInt(text.replace('+', ''))) : wrong('must be an integer');
export const numberFrom = (text: string): number =>
  specialNumbers.get(text) ??
  (text.length <= longestNumber && decimalForm.test(text) ? Number(text) : wrong('must be a number, as 1.5 or 2e3'));

/** The next element within the one that was open at first; false when that is closed. */
export const nextElement = (reader: ElementReader, words: string): boolean => {
  for (;;) {
    const event = reader.next();
    if (event === 'open') return true;
    if (event === 'close') return false;
    if (!reader.blank) wrong(words);
  }
};
