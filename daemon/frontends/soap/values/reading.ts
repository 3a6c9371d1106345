/** How decoders read elements: at once what is short, and in slices what may be long. */
import type { Slice, Slices } from '../../../../plugin-protocol/slices.ts';
import { partsAfter, type TextParts, textInSlices, textOfParts } from '../../../wire/parts.ts';
import { byReference, type ElementReader, isReference } from '../message/element-reader.ts';
import { wrong } from '../message/mismatch.ts';
import { isNil } from '../message/xsi.ts';

/** Reads the element just opened, to its end. Undefined: it says that the value is unset. */
export type Decode = (reader: ElementReader) => unknown;

/** The same in slices. */
export type DecodeInSlices = (reader: ElementReader) => Slices<unknown>;

/** How a value is read: a single one at once, unless its text may be long, and what holds others in slices. */
export type Decoder = SingleDecoder | { atOnce?: never; inTurn?: never; inSlices: DecodeInSlices };
export interface SingleDecoder {
  atOnce: Decode;
  inTurn: DecodeInSlices;
  inSlices?: never;
}

/** What reads in slices whatever there is. */
export const inSlicesOf = ({ inSlices, inTurn }: Decoder): DecodeInSlices => inSlices ?? inTurn;

/** What reads the element just opened, where that is not done at once. */
export const workFor = ({ inTurn, inSlices }: Decoder, reader: ElementReader): Slices<unknown> | undefined => {
  if (inSlices !== undefined) return inSlices(reader);
  return reader.isLongNext ? inTurn(reader) : undefined;
};

/** Makes a value of a text. Throws `Mismatch`. */
export interface Convert<T = unknown> {
  (text: string): T;
  /** The same, where that takes a while for a long text: it comes in parts. */
  inSlices?: (parts: TextParts, slice: Slice) => Slices<T>;
}
export interface LongConvert<T = unknown> extends Convert<T> {
  inSlices: (parts: TextParts, slice: Slice) => Slices<T>;
}

/** One of both; `atOnce` becomes it, and so is a function of its own. */
export const longConvert = <T>(
  atOnce: (text: string) => T,
  inSlices: (parts: TextParts, slice: Slice) => Slices<T>,
): LongConvert<T> => Object.assign(atOnce, { inSlices });

/** A reference is not what it refers to: taken as empty it would be lost. */
export const refuseReference = (reader: ElementReader): void => {
  if (isReference(reader)) throw byReference;
};

/** The next element within the one that was open at first; false when that is closed. */
export const nextElement = (reader: ElementReader, words: string): boolean => {
  for (;;) {
    const event = reader.next();
    if (event === 'open') return true;
    if (event === 'close') return false;
    if (!reader.blank) wrong(words);
  }
};

/** The text of the element just opened, which is then closed. */
export const textOf = (reader: ElementReader): string => reader.plainText() ?? textOfParts(partsOf(reader));

/** The same in parts. */
const partsOf = (reader: ElementReader): TextParts => {
  for (let parts: TextParts | undefined; ; ) {
    const event = reader.next();
    if (event === 'close') return parts ?? [];
    if (event === 'open') wrong(`must be a single value, without <${reader.name}> in it`);
    parts = partsAfter(parts, reader.parts);
  }
};

/** What is made of a text in parts. */
export function* madeOf<T>(make: Convert<T>, parts: TextParts, slice: Slice): Slices<T> {
  return make.inSlices === undefined ? make(yield* textInSlices(parts, slice)) : yield* make.inSlices(parts, slice);
}

/** The single value that the element just opened holds, made by what `as` chooses by its attributes. */
export const valueIn = <T>(reader: ElementReader, as: (reader: ElementReader) => Convert<T>): T => {
  refuseReference(reader);
  const make = as(reader);
  return make(textOf(reader));
};

/** The same in slices. */
export function* valueInTurn<T>(reader: ElementReader, as: (reader: ElementReader) => Convert<T>): Slices<T> {
  refuseReference(reader);
  const make = as(reader);
  if (reader.due) yield* reader.pause();
  const made = yield* madeOf(make, partsOf(reader), reader.slice);
  reader.releaseText();
  return made;
}

/** A value that may be nil. */
export const leaf =
  (read: Decode): Decode =>
  (reader) => {
    if (!isNil(reader)) return read(reader);
    reader.skip();
    return undefined;
  };

/** The same of what is read in slices; a reference is none. */
export const branch =
  (read: DecodeInSlices): DecodeInSlices =>
  (reader) => {
    if (isNil(reader)) return reader.skipInSlices();
    refuseReference(reader);
    return read(reader);
  };

/** A single value that may be nil. */
export const single = (as: (reader: ElementReader) => Convert): SingleDecoder => ({
  atOnce: leaf((reader) => valueIn(reader, as)),
  inTurn: branch((reader) => valueInTurn(reader, as)),
});

/** The same where what is empty is unset. */
export const unlessEmpty = ({ atOnce, inTurn }: SingleDecoder): SingleDecoder => ({
  atOnce: (reader) => atOnce(reader) || undefined,
  inTurn: function* (reader) {
    return (yield* inTurn(reader)) || undefined;
  },
});

/** A value that is no string: white space around it does not count, and empty means unset. */
export const scalar = (make: (text: string) => unknown): SingleDecoder => {
  const trimmed = (given: string): unknown => {
    const text = given.trim();
    return text === '' ? undefined : make(text);
  };
  return single(() => trimmed);
};
