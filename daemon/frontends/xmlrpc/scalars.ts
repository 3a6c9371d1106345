/**
 * Scalars as clients send them, read as the kind that the catalogue declares: scripting languages guess the type of a
 * value from its looks, so the declared kind decides and not the tag.
 */
import { isUtf8 } from 'node:buffer';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Slice, Slices } from '../../../plugin-protocol/slices.ts';
import {
  base64OfText,
  base64OfTextInSlices,
  bytesAtOnce,
  canonicalBase64,
  canonicalBase64InSlices,
  canonicalPieces,
  notBase64,
  textOfBase64InSlices,
} from '../../wire/base64.ts';
import { byParts, textOfParts } from '../../wire/parts.ts';
import { parseTime } from '../../wire/time.ts';
import type { Decode } from './decoder.ts';
import type { ValueReader } from './values.ts';

// Longer ones are no numbers: a double has at most 17 digits that matter, and 308 before its point.
const longestNumber = 400;
const longestQuote = 40;

const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const found = (values: ValueReader): string => {
  const { type } = values;
  if (type === 'nil') return 'nil';
  if (type === 'array' || type === 'struct') return `an ${type}`.replace('an s', 'a s');
  const quoted = values.length > longestQuote ? `${values.beginning(longestQuote)}...` : values.text;
  return `the ${type} "${quoted}"`;
};

/** The parameter in which the reader is cannot be taken. `sentence` goes on after its name. */
export const wrongParameter = (values: ValueReader, sentence: string): Fault => {
  const where = values.path.length === 0 ? '' : ` ${values.path.join('/')}`;
  return new Fault('invalid-params', `${values.method}:${where} ${sentence}`, { field: pointerOf(values.path) });
};

/** The value entered is not of the kind declared. */
export const misfit = (values: ValueReader, expected: string): Fault =>
  wrongParameter(values, `must be ${expected}, not ${found(values)}.`);

const wholeNumber = /^[+-]?[0-9]+(?:\.0*)?$/;
const decimalNumber = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$/;
const significant = /^([+-]?)0*([0-9]+)/;

/** The text of what may be a number; empty where it is none. */
const numberIn = (values: ValueReader): string => {
  const { type } = values;
  const isNumber = type === 'int' || type === 'double' || type === 'string';
  return isNumber && values.length <= longestNumber ? values.text.trim() : '';
};

/** The number that up to nine digits and nothing else make; otherwise -1. */
const fewDigits = (text: string): number => {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
};

export const decodeInt: Decode<number> = (values) => {
  if (values.type === 'int') {
    const few = fewDigits(values.text);
    if (few >= 0) return few;
  }
  const text = numberIn(values);
  if (!wholeNumber.test(text)) throw misfit(values, 'an int');
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw misfit(values, 'an int of 32 bits');
  return value + 0;
};

/** A 64-bit integer as decimal string, without a plus sign and leading zeros. */
export const decodeCounter: Decode<string> = (values) => {
  const text = numberIn(values);
  if (!wholeNumber.test(text)) throw misfit(values, 'an integer, as string or int');
  const [, sign, digits] = significant.exec(text) as unknown as [string, string, string];
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
};

export const decodeNumber: Decode<number> = (values) => {
  const text = numberIn(values);
  const value = decimalNumber.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw misfit(values, 'a finite number');
  return value + 0;
};

const words = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

export const decodeBool: Decode<boolean> = (values) => {
  const { type } = values;
  if (type === 'boolean' && values.text === '1') return true;
  if (type === 'boolean' && values.text === '0') return false;
  const value =
    type === 'boolean' || type === 'string' || type === 'int' ? words.get(values.text.trim().toLowerCase()) : undefined;
  if (value === undefined) throw misfit(values, 'a boolean');
  return value;
};

const textOfBytes = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
};

/** Perl's and other untyped clients send digits as int, and text beyond ASCII as base64: in UTF-8 or else latin-1. */
export const decodeText: Decode<string> = (values) => {
  switch (values.type) {
    case 'string':
      return values.text;
    case 'int':
    case 'double':
    case 'dateTime.iso8601':
      return values.text.trim();
    case 'base64':
      return textOfBytes(decodeBytes(values));
    default:
      throw misfit(values, 'a string');
  }
};

export const decodeTime: Decode<string> = (values) => {
  const { type, text } = values;
  const time = type === 'dateTime.iso8601' || type === 'string' ? parseTime(text) : undefined;
  if (time === undefined) throw misfit(values, 'a dateTime.iso8601');
  return time;
};

/** Canonical base64; of a string, its UTF-8 bytes, which is what untyped clients mean. */
export const decodeBytes: Decode<string> = (values) => {
  const { type, text } = values;
  if (type === 'string') return base64OfText(text);
  const bytes = type === 'base64' ? canonicalBase64(text) : undefined;
  if (bytes === undefined) throw misfit(values, 'base64');
  return bytes;
};

/** The same of a long value, in slices. */
export function* decodeLongBytes(values: ValueReader): Slices<string> {
  const { type, parts, reader } = values;
  const bytes =
    type === 'string'
      ? yield* base64OfTextInSlices(parts, reader.slice)
      : type === 'base64'
        ? yield* canonicalBase64InSlices(parts, reader.slice)
        : undefined;
  if (bytes === undefined) throw misfit(values, 'base64');
  values.partsRead();
  return textOfParts(bytes);
}

/** The same of a long value, in slices. Of one that has more than `most` characters the rest is read and not kept. */
export function* decodeLongText(values: ValueReader, most?: number): Slices<string> {
  if (values.type !== 'base64') {
    // Of what is trimmed the beginning may be nothing but white space.
    yield* values.makeText(values.type === 'string' ? most : undefined);
    return decodeText(values);
  }
  const { parts, reader } = values;
  try {
    const text = yield* textOfBase64InSlices(canonicalPieces(parts), reader.slice, most, true);
    const made = textOfParts(text ?? (yield* latin1Of(canonicalPieces(parts), reader.slice, most)));
    values.partsRead();
    return made;
  } catch (error) {
    throw error === notBase64 ? misfit(values, 'base64') : error;
  }
}
const latin1Of = (base64: Iterable<string>, slice: Slice, most?: number) =>
  byParts(base64, slice, (coded) => bytesAtOnce(coded, 'base64').toString('latin1'), most);
