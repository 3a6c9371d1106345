/** Single values as SOAP clients write them. */

import type { Slice, Slices } from '../../../../plugin-protocol/slices.ts';
import {
  base64OfHex,
  base64OfHexInSlices,
  canonicalBase64,
  canonicalBase64InSlices,
  canonicalPieces,
  notBase64,
  textOfBase64,
  textOfBase64InSlices,
} from '../../../wire/base64.ts';
import { type TextParts, textInSlices, textOfParts, trimmedParts } from '../../../wire/parts.ts';
import type { ElementReader } from '../message/element-reader.ts';
import { wrong } from '../message/mismatch.ts';
import { typeLabel } from '../message/xsi.ts';
import { type Convert, type LongConvert, longConvert, single, valueIn } from './reading.ts';

/** Of a text that should be base64; `words` say what is wrong when it is not. */
export const base64As = (words: string): LongConvert<string> =>
  longConvert(
    (text) => canonicalBase64(text) ?? wrong(words),
    function* (parts, slice) {
      return textOfParts((yield* canonicalBase64InSlices(parts, slice)) ?? wrong(words));
    },
  );

/** The same of hexadecimal digits. */
export const hexAs = (words: string): LongConvert<string> =>
  longConvert(
    (text) => base64OfHex(text) ?? wrong(words),
    function* (parts, slice) {
      return textOfParts((yield* base64OfHexInSlices(parts, slice)) ?? wrong(words));
    },
  );

const notCoded = 'must be base64, as its xsi:type says';
/** The text that was sent as base64. */
export const textFromBase64 = (text: string): string => textOfBase64(canonicalBase64(text) ?? wrong(notCoded));
/** The same of a long one, in parts; `most` as `GrowingText` has it. */
export function* partsFromBase64(parts: TextParts, slice: Slice, most?: number): Slices<TextParts> {
  try {
    return yield* textOfBase64InSlices(canonicalPieces(parts), slice, most);
  } catch (error) {
    throw error === notBase64 ? wrong(notCoded) : error;
  }
}

const base64 = base64As('must be base64');
const hexDigits = hexAs('must be hexadecimal, as its xsi:type says');
const hex = longConvert(
  (text) => hexDigits(text.trim()),
  (parts, slice) => hexDigits.inSlices(trimmedParts(parts), slice),
);

/**
 * What makes text of the element just opened, as the catalogue means it, even where the sender coded it: SOAP::Lite sends
 * any that is not ASCII as base64. Of a text that is longer than `most` the rest is read and not kept.
 */
export const textAs = (most?: number): ((reader: ElementReader) => Convert<string>) => {
  const asItIs = longConvert(
    (text) => text,
    (parts, slice) => textInSlices(parts, slice, most),
  );
  const coded = longConvert(
    (text) => textFromBase64(text),
    function* (parts, slice) {
      return textOfParts(yield* partsFromBase64(parts, slice, most));
    },
  );
  return (reader) => (typeLabel(reader) === 'base64' ? coded : asItIs);
};
export const asText = textAs();

/** What makes bytes of the element just opened, as base64 whatever the sender chose. */
export const asBytes = (reader: ElementReader): Convert<string> => (typeLabel(reader) === 'hex' ? hex : base64);

export const plainText = (reader: ElementReader): string => valueIn(reader, asText);

const trimmedWord = (text: string) => text.trim() || undefined;
const codedWord = (text: string) => trimmedWord(textFromBase64(text));
/** A word that cannot be empty: .NET and PHP send empty elements for those that are not set. */
export const word = single((reader) => (typeLabel(reader) === 'base64' ? codedWord : trimmedWord));

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
  text.length <= longestNumber && decimalForm.test(text)
    ? Number(text)
    : (specialNumbers.get(text) ?? wrong('must be a number, as 1.5 or 2e3'));
