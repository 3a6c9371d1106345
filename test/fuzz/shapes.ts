/** Any shape of the catalogue, with a value of it. */
import fc from 'fast-check';
import { mapFrom, tagged } from '../../plugin-protocol/any.ts';
import {
  any,
  bool,
  bytes,
  counter,
  fieldsOf,
  fold,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  ref,
  type Shape,
  string,
  type Typed,
  time,
} from '../../plugin-protocol/shape.ts';

const about = 'Any.';
const words = ['red', 'green', 'a b'] as const;
const scalars: readonly Shape[] = [
  bool(about),
  int(about),
  counter(about),
  number(about),
  string(about),
  oneOf(words, about),
  time(about),
  bytes(about),
  ref('vm', about),
  map(about),
  any(about),
];

// Names that mean something on one of the wires are names like any other here.
const fieldNames = ['name', 'value', 'item', 'key', 'size', 'return', 'member', 'struct', 'nil', 'id', 'href', 'data'];
let records = 0;

const { shape: anyShape } = fc.letrec<{ shape: Shape; list: Shape; record: Shape }>((tie) => ({
  shape: fc.oneof({ maxDepth: 4, depthIdentifier: 'shape' }, fc.constantFrom(...scalars), tie('list'), tie('record')),
  list: tie('shape').map((items) => list(items as Typed<unknown>, about)),
  record: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...fieldNames), tie('shape'), fc.boolean()), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 6,
      depthIdentifier: 'shape',
    })
    .map((fields) =>
      record(
        // A name stands for one type, so no two records have the same.
        `Any${++records}`,
        about,
        Object.fromEntries(
          fields.map(([name, of, required]) => [name, required ? of : optional(of as Typed<unknown>)]),
        ) as Parameters<typeof record>[2],
      ),
    ),
}));

const legal = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    fc.constantFrom(9, 10, 13, 0x26, 0x3c, 0x3e, 0x5d, 0x22, 0x85, 0x2028, 0xfffd, 0x10ffff),
    fc.integer({ min: 0xa0, max: 0xd7ff }),
    fc.integer({ min: 0x10000, max: 0x1ffff }),
  )
  .map((code) => String.fromCodePoint(code));
const text = fc.string({ unit: legal, maxLength: 40 });
// To the second: XML-RPC has no more.
const moment = fc
  .integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((seconds) => new Date(seconds * 1000).toISOString());

const base64 = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value).toString('base64'));
const digits = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const { any: anyValue } = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'any' },
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    text,
    moment.map((value) => tagged('time', value)),
    base64.map((value) => tagged('bytes', value)),
    // Shorter ones are plain numbers.
    digits.filter((value) => Number(value) !== (Number(value) | 0)).map((value) => tagged('counter', value)),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(text, tie('any')), { selector: ([name]) => name, maxLength: 4 }).map(mapFrom),
  ),
}));

const valuesOf = fold<fc.Arbitrary<unknown>>({
  bool: () => fc.boolean(),
  int: () => fc.integer(),
  counter: () => digits,
  number: () => fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  string: () => text,
  enum: () => fc.constantFrom(...words),
  time: () => moment,
  bytes: () => base64,
  any: () => anyValue,
  // White space around a reference is none of it.
  ref: () => text.map((value) => value.trim()).filter((value) => value !== ''),
  map: () => fc.dictionary(text, text, { maxKeys: 5 }),
  list: ({ items }, inner) => fc.array(inner(items), { maxLength: 6 }),
  record: (shape, inner) => {
    const fields = fieldsOf(shape);
    const values = Object.fromEntries(fields.map(([name, of]) => [name, inner(of)]));
    const requiredKeys = fields.filter(([, , required]) => required).map(([name]) => name);
    return fc.record(values, { requiredKeys, noNullPrototype: true });
  },
});

/** A shape and a value of it. */
export const sample = anyShape.chain((shape) => valuesOf(shape).map((value) => ({ shape, value })));
