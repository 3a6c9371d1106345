/** Values as the catalogue declares them, straight from the tokens of the document. Compiled once per shape. */
import { hasMember, integerValue, putMember, tagged } from '../../../plugin-protocol/any.ts';
import { isCounter } from '../../../plugin-protocol/check/scalars.ts';
import { fieldsOf, fold, kinds, type Shape } from '../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../plugin-protocol/slices.ts';
import { type Decode, type DecodeInSlices, type Decoder, workFor } from './decoder.ts';
import type { WireType } from './names.ts';
import {
  decodeBool,
  decodeBytes,
  decodeCounter,
  decodeInt,
  decodeLongBytes,
  decodeLongText,
  decodeNumber,
  decodeText,
  decodeTime,
  misfit,
  wrongParameter,
} from './scalars.ts';
import { type Field, isNothing, isZero, keepIn, readMembers, structOf } from './struct.ts';
import { unlike } from './written.ts';

/** The fields of a record shape, ready to decode. */
export const fieldsFrom = (shape: Shape, inner: (shape: Shape) => Decoder): Field[] =>
  fieldsOf(shape as Parameters<typeof fieldsOf>[0]).map(([name, of, required]) => ({
    name,
    type: kinds[of['x-kind']].xmlrpc,
    must: of['x-kind'] === 'any' ? 'of any type' : kinds[of['x-kind']].xmlrpc,
    required,
    decoder: inner(of),
    emptyIsUnset: of['x-kind'] === 'string' ? (of.minLength ?? 0) > 0 : of['x-kind'] !== 'any',
    zeroIsUnset: of['x-kind'] !== 'bool' && of['x-kind'] !== 'any',
  }));

const atOnce = (decode: Decode, long?: DecodeInSlices): Decoder =>
  long ? { atOnce: decode, long } : { atOnce: decode };

/** With `maxItems`, those that are too many are read, and one of them is kept to show that there are. */
const listOf = (item: Decoder, maxItems = Number.POSITIVE_INFINITY): DecodeInSlices<unknown[]> =>
  function* (values) {
    const all: unknown[] = [];
    if (isZero(values)) return all;
    if (values.type !== 'array') throw misfit(values, 'an array');
    for (let index = 0; ; index++) {
      const entered = values.enterItem(index);
      if (entered === false) break;
      values.path.push(index);
      if (entered !== true) yield* entered;
      const work = workFor(item, values);
      const made = work === undefined ? item.atOnce!(values) : yield* work;
      if (all.length <= maxItems) all.push(made);
      values.path.pop();
      if (values.reader.due) yield* values.reader.pause();
    }
    return all;
  };

const mapOfStrings: DecodeInSlices<Record<string, string>> = function* (values) {
  // Without a prototype, so that `__proto__` is a name like any other.
  const map: Record<string, string> = Object.create(null);
  if (values.type === 'struct') {
    yield* readMembers(values, unlike, (of, name) => {
      if (name in map) throw wrongParameter(of, 'is given twice.');
      if (of.isLong) return keepIn(map, name, decodeLongText(of));
      map[name] = decodeText(of);
      return undefined;
    });
  } else if (!isNothing(values)) throw misfit(values, 'a struct of strings');
  return map;
};

/** Scalars that nobody declared are what their elements say. */
const undeclared: Record<Exclude<WireType, 'array' | 'struct'>, Decode> = {
  nil: () => null,
  boolean: decodeBool,
  int: (values) => {
    // Clients without types of their own write 1e+21 so.
    if (/e/i.test(values.text)) return decodeNumber(values);
    const digits = decodeCounter(values);
    if (!isCounter(digits)) throw misfit(values, 'an integer of 64 bits');
    return integerValue(digits);
  },
  double: decodeNumber,
  string: decodeText,
  'dateTime.iso8601': (values) => tagged('time', decodeTime(values)),
  base64: (values) => tagged('bytes', decodeBytes(values)),
};

const anyValue: DecodeInSlices = function* (values) {
  if (values.type === 'array') return yield* anyList(values);
  if (values.type === 'base64' && values.isLong) return tagged('bytes', yield* decodeLongBytes(values));
  if (values.type === 'string' && values.isLong) return yield* decodeLongText(values);
  if (values.type !== 'struct') return undeclared[values.type](values);
  const map: Record<string, unknown> = {};
  yield* readMembers(values, unlike, (of, name) => {
    if (hasMember(map, name)) throw wrongParameter(of, 'is given twice.');
    if (of.type === 'array' || of.type === 'struct' || of.isLong) return keepMember(map, name, anyValue(of));
    putMember(map, name, undeclared[of.type](of));
    return undefined;
  });
  return map;
};
function* keepMember(map: Record<string, unknown>, name: string, work: Slices<unknown>): Slices<void> {
  putMember(map, name, yield* work);
}
const anyList = listOf({ inSlices: anyValue });

export const decoderFor = fold<Decoder>({
  bool: () => atOnce(decodeBool),
  int: () => atOnce(decodeInt),
  counter: () => atOnce(decodeCounter),
  number: () => atOnce(decodeNumber),
  string: ({ maxLength }) => atOnce(decodeText, (values) => decodeLongText(values, maxLength + 1)),
  enum: () => atOnce(decodeText),
  ref: () => atOnce(decodeText),
  time: () => atOnce(decodeTime),
  bytes: () => atOnce(decodeBytes, decodeLongBytes),
  any: () => ({ inSlices: anyValue }),
  list: ({ items, maxItems }, inner) => ({ inSlices: listOf(inner(items), maxItems) }),
  record: (shape, inner) => ({
    inSlices: structOf(fieldsFrom(shape, inner), `a struct ${shape['x-name']}`, 'member'),
  }),
  map: () => ({ inSlices: mapOfStrings }),
});
