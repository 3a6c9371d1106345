/** Values that are made up. */
import { tagged } from '../../plugin-protocol/any.ts';
import { fieldsOf, fold, isRequired } from '../../plugin-protocol/shape.ts';

/** A value that shows what a shape takes. */
export const exampleFrom = fold<unknown>({
  bool: () => true,
  int: ({ minimum, maximum }) => Math.min(Math.max(1, minimum), maximum),
  counter: () => '1',
  number: ({ minimum = -Infinity, maximum = Infinity }) => Math.min(Math.max(0.5, minimum), maximum),
  string: ({ minLength = 0 }) => 'text'.padEnd(minLength, '-'),
  enum: (shape) => shape.enum[0],
  time: () => '2026-01-31T12:00:00.000Z',
  bytes: () => 'AQI=',
  ref: () => 'web1',
  any: () => tagged('time', '2026-01-31T12:00:00.000Z'),
  map: () => ({ name: 'value' }),
  list: ({ items }, inner) => [inner(items)],
  record: (shape, inner) =>
    Object.fromEntries(
      fieldsOf(shape).flatMap(([name, field]) => (isRequired(shape, name) ? [[name, inner(field)]] : [])),
    ),
});
