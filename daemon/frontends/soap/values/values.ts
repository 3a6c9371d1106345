/** Decodes values while they are read, to the catalogue's types. */
import { fieldsOf, fold, type KindTable, type Shape } from '../../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { withoutSpaces } from '../../../wire/base64.ts';
import { byParts } from '../../../wire/parts.ts';
import { parseTime } from '../../../wire/time.ts';
import type { ElementReader } from '../message/element-reader.ts';
import { within, wrong } from '../message/mismatch.ts';
import { typeLabel } from '../message/xsi.ts';
import { decodeAny } from './any.ts';
import { type ArrayForm, arrayFormOf } from './arrays.ts';
import type { Builtin } from './builtins.ts';
import { withOwnTypes } from './own-types.ts';
import {
  branch,
  type Decoder,
  longConvert,
  madeOf,
  nextElement,
  scalar,
  single,
  unlessEmpty,
  workFor,
} from './reading.ts';
import { mapOfStrings, recordOf } from './records.ts';
import { asBytes, boolFrom, counterFrom, integerFrom, numberFrom, textAs, textFromBase64, word } from './scalars.ts';

/** What is nil is unset; only where a value of any kind is required, null is one. */
const unlessNull = (decoder: Decoder, shape: Shape, required: boolean): Decoder => {
  const { inSlices } = decoder;
  if (shape['x-kind'] !== 'any' || required || inSlices === undefined) return decoder;
  return {
    *inSlices(reader) {
      return (yield* inSlices(reader)) ?? undefined;
    },
  };
};

function* readItems(
  reader: ElementReader,
  decoder: Decoder,
  maxItems: number,
  form: ArrayForm | undefined,
): Slices<unknown[]> {
  const list: unknown[] = [];
  for (;;) {
    if (reader.due) yield* reader.pause();
    if (!nextElement(reader, 'must be a list: one element for each item')) break;
    if (list.length === maxItems) wrong(`must have at most ${maxItems} items`);
    try {
      form?.place(reader);
      // What is unset cannot be an item; the check that follows says so.
      const work = workFor(decoder, reader);
      list.push((work === undefined ? decoder.atOnce!(reader) : yield* work) ?? null);
    } catch (error) {
      throw within(error, list.length);
    }
  }
  return form === undefined ? list : form.arrange(list);
}

/** Of a type that the shape names. */
const ownDecoder = ({ kind, space, read }: Builtin): Decoder => {
  if (kind === 'bytes') {
    const spaced = longConvert(
      (text) => read(withoutSpaces(text)),
      function* (parts, slice) {
        return yield* madeOf(read, yield* byParts(parts, slice, withoutSpaces), slice);
      },
    );
    return single((reader) => (typeLabel(reader) === 'base64' ? asBytes(reader) : spaced));
  }
  if (kind !== 'string') return scalar(read);
  const make = (text: string) => read(space === 'collapse' ? text.trim() : text);
  const fromBase64 = (text: string) => make(textFromBase64(text));
  return single((reader) => (typeLabel(reader) === 'base64' ? fromBase64 : make));
};

const table: KindTable<Decoder> = {
  bool: () => scalar(boolFrom),
  int: () => scalar(integerFrom),
  number: () => scalar(numberFrom),
  counter: () => scalar(counterFrom),
  // PHP sends an empty element for a part that is null, where the part cannot be nil.
  string: ({ minLength = 0, maxLength }) => {
    const text = single(textAs(maxLength + 1));
    return minLength === 0 ? text : unlessEmpty(text);
  },
  enum: () => word,
  ref: () => word,
  time: () => scalar((text) => parseTime(text) ?? wrong('must be a time as 2026-01-31T12:00:00Z')),
  bytes: () => single(asBytes),
  any: () => ({ inSlices: decodeAny }),
  list: ({ items, maxItems }, inner) => {
    // What the items are of an array of one dimension, of two, and so on.
    const decoders = [inner(items)];
    for (let deeper = items; deeper['x-kind'] === 'list'; deeper = deeper.items) decoders.push(inner(deeper.items));
    const inSlices = branch((reader) => {
      const form = arrayFormOf(reader);
      const decoder = decoders[form === undefined ? 0 : form.dimensions - 1];
      return readItems(reader, decoder ?? wrong('has more dimensions than it may'), maxItems, form);
    });
    return { inSlices };
  },
  map: ({ maxProperties }) => ({ inSlices: mapOfStrings(maxProperties) }),
  record: (of, inner) => ({
    inSlices: recordOf(
      new Map(fieldsOf(of).map(([name, shape, required]) => [name, unlessNull(inner(shape), shape, required)])),
    ),
  }),
};

const decoderOf = fold(withOwnTypes(table, ownDecoder));

/** Of a field, or of a parameter. */
export const fieldDecoder = (shape: Shape, required: boolean): Decoder => unlessNull(decoderOf(shape), shape, required);
