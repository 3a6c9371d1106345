/** Parameters that are made up: right ones, and each way of being wrong. */
import type { ContractCall } from '../../contract/call.ts';
import { fieldsOf, type RecordShape, type Shape } from '../../shape.ts';

/** An unlikely id: what is asked for it must not be there. */
export const nobody = 'annelid-check-none';

/** Values of all types that JSON has. */
const ofEachType = [null, true, -1, 'annelid-check', [], {}] as const;

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

const typesOfKind: Partial<Record<Shape['x-kind'], readonly string[]>> = {
  bool: ['boolean'],
  int: ['number'],
  number: ['number'],
  list: ['list'],
  record: ['object'],
  map: ['object'],
  any: ['null', 'boolean', 'number', 'string', 'list', 'object'],
};

/** A value of each type that a shape does not take. An optional one may be null. */
export const wrongFor = (shape: Shape, required: boolean): unknown[] => {
  const right = typesOfKind[shape['x-kind']] ?? ['string'];
  return ofEachType.filter((value) => !right.includes(typeOf(value)) && (required || value !== null));
};

/** Values of other types than this one has. */
export const wrongValues = (value: unknown): unknown[] => ofEachType.filter((other) => typeOf(other) !== typeOf(value));

/** The simplest value that fits. */
export const sampleFor = (shape: Shape): unknown => {
  switch (shape['x-kind']) {
    case 'bool':
      return false;
    case 'int':
    case 'number':
      return Math.max(1, shape.minimum ?? 1);
    case 'counter':
      return '0';
    case 'enum':
      return shape.enum[0];
    case 'list':
      return [];
    case 'record':
      return sampleOf(shape);
    case 'map':
      return {};
    case 'time':
      return '2026-01-31T12:00:00.000Z';
    case 'bytes':
      return '';
    default:
      return nobody;
  }
};

const sampleOf = (shape: RecordShape): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(shape).flatMap(([name, field, required]) => (required ? [[name, sampleFor(field)]] : [])),
  );

/** What a call must be given at least; its machine is one that is not there. */
export const paramsFor = (call: ContractCall): Record<string, unknown> => sampleOf(call.params);

export const takesMachine = (call: ContractCall): boolean => Object.hasOwn(call.params.properties, 'vm');

const forged = (id: number) => `{"jsonrpc":"2.0","id":${id},"result":{"forged":true}}`;

/** The id of an answer that a text pretends to be: it is above those of the host. */
export const forgedId = 2_147_483_648;

/** Texts that break what is put together carelessly. */
export const hostileTexts: readonly { what: string; text: string }[] = [
  { what: 'a line break and a forged answer', text: `x\n${forged(forgedId)}\n` },
  { what: 'quotes and backslashes', text: `'"\\"\`;$(id)%s%n</vm>` },
  { what: 'the name __proto__', text: '__proto__' },
  { what: 'the name constructor', text: 'constructor' },
  { what: 'NUL and other control characters', text: 'a\u0000b\u001b[31m\u007f\r' },
  {
    what: 'characters beyond the 16 bits, and separators of lines',
    text: 'Zürich 漢字 \u{1F980} \u2028 \u0085 \u202E',
  },
  { what: 'a path', text: '../../../../etc/passwd' },
];
