/** The named types of the catalogue. */
import { fieldsOf, fold, type RecordShape, type Shape } from '../../plugin-protocol/shape.ts';

/** The record that a shape is, or is a list of; undefined when there is none. */
export const recordWithin = fold<RecordShape | undefined>({
  bool: () => undefined,
  int: () => undefined,
  counter: () => undefined,
  number: () => undefined,
  string: () => undefined,
  enum: () => undefined,
  time: () => undefined,
  bytes: () => undefined,
  ref: () => undefined,
  map: () => undefined,
  any: () => undefined,
  record: (shape) => shape,
  list: (shape, inner) => inner(shape.items),
});

const sameFields = (a: RecordShape, b: RecordShape) => JSON.stringify(a.properties) === JSON.stringify(b.properties);

/**
 * Every record that the methods take or return, by its name, without the parameters of the methods themselves. Throws
 * when one name is used for two different records.
 */
export const namedRecords = (methods: Iterable<{ params: RecordShape; result: Shape }>): Map<string, RecordShape> => {
  const named = new Map<string, RecordShape>();
  const visit = (shape: Shape): void => {
    const found = recordWithin(shape);
    if (found === undefined) return;
    const known = named.get(found['x-name']);
    if (known === found) return;
    if (known && !sameFields(known, found)) throw new Error(`Two different records are called ${found['x-name']}.`);
    named.set(found['x-name'], found);
    for (const [, field] of fieldsOf(found)) visit(field);
  };
  for (const { params, result } of methods) {
    for (const [, shape] of fieldsOf(params)) visit(shape);
    visit(result);
  }
  return new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
};
