/** The simple types of XML Schema: what each is in memory, and how its text becomes that and back. */
import { parseTime } from '../../../wire/time.ts';
import { wrong } from '../message/mismatch.ts';
import type { Convert } from './reading.ts';
import { base64As, boolFrom, counterFrom, hexAs, integerFrom, longestNumber, numberFrom } from './scalars.ts';

export interface Builtin {
  name: string;
  /** The kind of value that it is in memory. */
  kind: 'bool' | 'int' | 'counter' | 'number' | 'string' | 'time' | 'bytes';
  /** What becomes of white space before it is read: XML Schema part 2, section 4.3.6. */
  space: 'preserve' | 'replace' | 'collapse';
  minimum?: number;
  maximum?: number;
  /** Throws `Mismatch` when the text is no such value. */
  read: Convert;
  write(value: unknown): string;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : wrong('must be text'));
const collapsed = (name: string, read: (text: string) => unknown, kind: Builtin['kind'] = 'string'): Builtin => ({
  name,
  kind,
  space: 'collapse',
  read,
  write: asText,
});

const string = (name: string, space: Builtin['space']): Builtin => ({
  name,
  kind: 'string',
  space,
  read: (text) => text,
  write: asText,
});

/** Text of one form, which is what it is in memory too; no longer than numbers may be. */
const form = (name: string, pattern: RegExp, what: string): Builtin => {
  const read = (text: string): string =>
    text.length <= longestNumber && pattern.test(text) ? text : wrong(`must be ${what}`);
  return { ...collapsed(name, read), write: (value) => read(asText(value)) };
};

const int = (name: string, minimum: number, maximum: number): Builtin => {
  const within = (value: number): number =>
    Number.isInteger(value) && value >= minimum && value <= maximum
      ? value
      : wrong(`must be an integer from ${minimum} to ${maximum}`);
  return {
    name,
    kind: 'int',
    space: 'collapse',
    minimum,
    maximum,
    read: (text) => within(integerFrom(text)),
    write: (value) => String(within(typeof value === 'number' ? value : wrong('must be an integer'))),
  };
};

/** Beyond 32 bits: digits, in memory too. `counter` has 63 bits and a sign; what may have more is a string. */
const digits = (name: string, minimum?: bigint, maximum?: bigint): Builtin => {
  const within = (text: string): string => {
    const value = BigInt(text);
    if (minimum !== undefined && value < minimum) wrong(`must be at least ${minimum}`);
    if (maximum !== undefined && value > maximum) wrong(`must be at most ${maximum}`);
    return text;
  };
  const fits = minimum !== undefined && maximum !== undefined && maximum < 2n ** 63n;
  return {
    name,
    kind: fits ? 'counter' : 'string',
    space: 'collapse',
    read: (text) => within(counterFrom(text)),
    write: (value) =>
      within(counterFrom(typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : asText(value))),
  };
};

const double = (value: unknown): string => {
  if (typeof value !== 'number') return wrong('must be a number');
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
};
const finite = (text: string): number => {
  const value = numberFrom(text);
  return Number.isFinite(value) ? value : wrong('must be a finite number');
};
const number = (name: string): Builtin => ({ name, kind: 'number', space: 'collapse', read: finite, write: double });

const hex = hexAs('must be hexadecimal');
const base64 = base64As('must be base64');
const bytes = (value: unknown): string => base64(asText(value));

const zone = '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?';
const year = '-?\\d{4,}';
const month = '(?:0[1-9]|1[0-2])';
const day = '(?:0[1-9]|[12]\\d|3[01])';
/** Of a month, whose last one depends on it. */
const dayOfMonth = `(?:${month}-(?:0[1-9]|1\\d|2[0-8])|(?!02)${month}-(?:29|30)|(?:0[13578]|1[02])-31)`;
const leapYear = '-?(?:\\d{2,}(?:0[48]|[2468][048]|[13579][26])|\\d*(?:[02468][048]|[13579][26])00)';
const clock = '(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?|24:00:00(?:\\.0+)?)';
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

const all: Builtin[] = [
  string('string', 'preserve'),
  string('normalizedString', 'replace'),
  string('anySimpleType', 'preserve'),
  ...['token', 'anyURI', 'language', 'Name', 'NCName', 'NMTOKEN', 'ID', 'IDREF', 'ENTITY', 'QName', 'NOTATION'].map(
    (name) => string(name, 'collapse'),
  ),
  {
    name: 'boolean',
    kind: 'bool',
    space: 'collapse',
    read: boolFrom,
    write: (value) => String(typeof value === 'boolean' ? value : wrong('must be true or false')),
  },
  int('byte', -128, 127),
  int('short', -32_768, 32_767),
  int('int', -2_147_483_648, 2_147_483_647),
  int('unsignedByte', 0, 255),
  int('unsignedShort', 0, 65_535),
  digits('unsignedInt', 0n, 4_294_967_295n),
  digits('long', -(2n ** 63n), 2n ** 63n - 1n),
  digits('unsignedLong', 0n, 2n ** 64n - 1n),
  digits('integer'),
  digits('nonNegativeInteger', 0n),
  digits('positiveInteger', 1n),
  digits('nonPositiveInteger', undefined, 0n),
  digits('negativeInteger', undefined, -1n),
  {
    ...form('decimal', decimal, 'a decimal number, as 1.50'),
    write: (value) => {
      const text = typeof value === 'number' ? String(value) : asText(value);
      return text.length <= longestNumber && decimal.test(text) ? text : wrong('must be a decimal number, as 1.50');
    },
  },
  number('float'),
  number('double'),
  {
    ...collapsed('dateTime', (text) => parseTime(text) ?? wrong('must be a time as 2026-01-31T12:00:00Z'), 'time'),
    write: (value) => {
      const time = parseTime(asText(value)) ?? wrong('must be a time as 2026-01-31T12:00:00Z');
      return time.replace('.000Z', 'Z');
    },
  },
  form('date', new RegExp(`^(?:${year}-${dayOfMonth}|${leapYear}-02-29)${zone}$`), 'a date as 2026-01-31'),
  form('time', new RegExp(`^${clock}${zone}$`), 'a time of day as 12:00:00'),
  form('gYear', new RegExp(`^${year}${zone}$`), 'a year as 2026'),
  form('gYearMonth', new RegExp(`^${year}-${month}${zone}$`), 'a month as 2026-01'),
  form('gMonth', new RegExp(`^--${month}(?:--)?${zone}$`), 'a month as --01'),
  form('gMonthDay', new RegExp(`^--(?:${dayOfMonth}|02-29)${zone}$`), 'a day of a month as --01-31'),
  form('gDay', new RegExp(`^---${day}${zone}$`), 'a day as ---31'),
  form(
    'duration',
    /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
    'a duration as P1DT2H',
  ),
  { name: 'hexBinary', kind: 'bytes', space: 'collapse', read: hex, write: (value) => toHex(bytes(value)) },
  { name: 'base64Binary', kind: 'bytes', space: 'collapse', read: base64, write: bytes },
];

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex').toUpperCase();
}

export const builtins: ReadonlyMap<string, Builtin> = new Map(all.map((one) => [one.name, one]));

/** Lists of XML Schema itself, by the type of their items. */
export const builtinLists: ReadonlyMap<string, string> = new Map([
  ['NMTOKENS', 'NMTOKEN'],
  ['IDREFS', 'IDREF'],
  ['ENTITIES', 'ENTITY'],
]);
