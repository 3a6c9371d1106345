/** Results as XML-RPC values. Compiled once per method and dialect. */
import { foldAny, isInt32 } from '../../../plugin-protocol/any.ts';
import { fieldsOf, fold, type Shape } from '../../../plugin-protocol/shape.ts';
import { escapeText } from '../../wire/escape.ts';
import { parseTime } from '../../wire/time.ts';
import { enclosed, joined, joinedLong, joinedMembers, sliced, type Text, wholeText } from '../long-text.ts';
import { type Encoded, Pieces } from '../pieces.ts';
import { type Field, isRemembered, Remembered } from '../remembered.ts';
import { type Dialect, isExtended } from './dialect.ts';
import { extensions } from './names.ts';

/** Writes values of one shape: what stands before and after each, and the text between. */
interface Encoder {
  before: string;
  after: string;
  text(value: unknown): Text;
  /** The text between again, for a shape in which something is remembered. */
  write?: (value: unknown, pieces: Pieces) => void;
  /** Of a record: each member. */
  fields?: readonly Field[];
}

const tag = (name: string, text: (value: never) => Text): Encoder => ({
  before: `<${name}>`,
  after: `</${name}>`,
  text: text as Encoder['text'],
});

const longestDecimal = 40;

/** A double without exponent, which the specification forbids, unless that takes too many digits. */
export const decimal = (value: number): string => {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [sign, whole, fraction = '', exponent] = parts.slice(1) as [string, string, string | undefined, string];
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  const plain = point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0');
  return plain.length > longestDecimal ? text : sign + plain;
};

const utc = (time: string): string => (time.length === 24 && time.endsWith('Z') ? time : (parseTime(time) ?? time));
/** The specification has no zone and no fraction: UTC, to the second. */
const compact = (time: string): string => {
  const full = utc(time);
  const text = `${full.slice(0, 4)}${full.slice(5, 7)}${full.slice(8, 19)}`;
  // To look at what has just been put together takes longer.
  return escapeText(full) === full ? text : escapeText(text);
};
const withHyphens = (time: string): string => escapeText(`${utc(time).slice(0, 19)}Z`);
const times: Record<Dialect['time'], Encoder> = {
  'dateTime.iso8601': tag('dateTime.iso8601', compact),
  zulu: { ...tag('dateTime.iso8601', compact), after: 'Z</dateTime.iso8601>' },
  extended: tag('dateTime.iso8601', withHyphens),
  'ex:dateTime': tag('ex:dateTime', (time: string) => escapeText(utc(time))),
};

type Escape = (text: string) => string;
const escapes: Record<Dialect['text'], Escape> = {
  all: escapeText,
  bmp: (text) => escapeText(text).replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd'),
  ascii: (text) => escapeText(text).replace(/[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`),
};

/** A whole value whose element depends on it. */
const whole = (write: (value: never) => Text): Encoder => ({
  before: '',
  after: '',
  text: write as Encoder['text'],
});
const asString = (digits: string): string => `<string>${escapeText(digits)}</string>`;
const longs: Record<Dialect['long'], Encoder> = {
  string: tag('string', escapeText),
  i8: tag('i8', escapeText),
  'ex:i8': tag('ex:i8', escapeText),
  int: whole((digits: string) =>
    Number(digits) === (Number(digits) | 0) ? `<int>${Number(digits)}</int>` : asString(digits),
  ),
  double: whole((digits: string) =>
    Number.isSafeInteger(Number(digits)) ? `<double>${decimal(Number(digits))}</double>` : asString(digits),
  ),
};

const memberWith = (name: string, escaped: Escape): string => `<member><name>${escaped(name)}</name><value>`;
const member = (name: string): string => memberWith(name, escapeText);
const memberEnd = '</value></member>';

/** Writes values that nobody declared. In a dialect without nil it is an empty string, which untyped clients mean by it. */
const anyValueIn = ({ nil, long, time, text }: Dialect): ((value: unknown) => Text) => {
  const escaped = escapes[text];
  const write =
    ({ before, after, text: content }: Encoder) =>
    (value: string) =>
      enclosed(before, content(value), after);
  type Inner = (value: unknown) => Text;
  const item = (value: unknown, inner: Inner) => enclosed('<value>', inner(value), '</value>');
  const member = ([name, value]: readonly [string, unknown], inner: Inner) =>
    enclosed(memberWith(name, escaped), inner(value), memberEnd);
  return foldAny<Text>({
    nil: () => (nil === 'omit' ? '<string></string>' : `<${nil}/>`),
    bool: (on) => `<boolean>${on ? 1 : 0}</boolean>`,
    number: (value) => (isInt32(value) ? `<int>${value}</int>` : `<double>${decimal(value)}</double>`),
    string: (value) => enclosed('<string>', sliced(value, escaped), '</string>'),
    time: write(times[time]),
    bytes: (value) => `<base64>${value}</base64>`,
    counter: write(longs[long]),
    list: (items, inner) => enclosed('<array><data>', joined(items, item, inner), '</data></array>'),
    map: (members, inner) => enclosed('<struct>', joined(members, member, inner), '</struct>'),
  });
};

type Values = Record<string, unknown>;

const compile = (dialect: Dialect): ((shape: Shape) => Encoder) => {
  const { nil } = dialect;
  const escaped = escapes[dialect.text];
  const anyValue = anyValueIn(dialect);
  return fold<Encoder>({
    bool: () => tag('boolean', (on: boolean) => (on ? '1' : '0')),
    int: () => tag('int', String),
    counter: () => longs[dialect.long],
    number: () => tag('double', decimal),
    string: () => tag('string', (text: string) => sliced(text, escaped)),
    enum: () => tag('string', escaped),
    ref: () => tag('string', escaped),
    time: () => times[dialect.time],
    bytes: () => tag('base64', (text: string) => sliced(text, escapeText)),
    any: () => whole(anyValue),
    list: ({ items }, inner) => {
      const { before, after, text, fields } = inner(items);
      const open = `<value>${before}`;
      const close = `${after}</value>`;
      const item = (value: unknown) => enclosed(open, text(value), close);
      const encoder: Encoder = {
        before: '<array><data>',
        after: '</data></array>',
        text: (list) => joined(list as unknown[], item, undefined),
      };
      if (fields !== undefined && isRemembered(items)) {
        const remembered = new Remembered(open, fields, close);
        encoder.write = (list, pieces) => remembered.write(list as Record<string, unknown>[], pieces);
      }
      return encoder;
    },
    record: (shape, inner) => {
      const fields = fieldsOf(shape).map(([name, of]) => {
        const { before, after, text, write } = inner(of);
        return {
          name,
          // A field called `constructor` is found in every object.
          inherited: name in Object.prototype,
          open: member(name) + before,
          close: after + memberEnd,
          unset: nil === 'omit' ? '' : `${member(name)}<${nil}/>${memberEnd}`,
          text,
          write,
        };
      });
      const memberOf = ({ name, inherited, open, close, unset, text }: (typeof fields)[number], record: Values) => {
        const value = inherited && !Object.hasOwn(record, name) ? undefined : record[name];
        return value === undefined ? unset : enclosed(open, text(value), close);
      };
      const encoder: Encoder = {
        before: '<struct>',
        after: '</struct>',
        text: (record) => {
          let all = '';
          for (const { name, inherited, open, close, unset, text } of fields) {
            const value = inherited && !Object.hasOwn(record as object, name) ? undefined : (record as Values)[name];
            if (value === undefined) all += unset;
            else {
              const inner = text(value);
              if (typeof inner !== 'string') return joinedLong(fields, memberOf, record as Values);
              all += open + inner + close;
            }
          }
          return all;
        },
        fields: fields.map(({ name, open, close, unset, text }) => ({
          name,
          write: (value) => (value === undefined ? unset : open + wholeText(text(value)) + close),
        })),
      };
      if (fields.every(({ write }) => write === undefined)) return encoder;
      encoder.write = (record, pieces) => {
        for (const { name, inherited, open, close, unset, text, write } of fields) {
          const value = inherited && !Object.hasOwn(record as object, name) ? undefined : (record as Values)[name];
          if (value === undefined) pieces.add(unset);
          else {
            pieces.add(open);
            if (write === undefined) pieces.add(text(value));
            else write(value, pieces);
            pieces.add(close);
          }
        }
      };
      return encoder;
    },
    map: () => {
      const entry = (name: string, text: string) =>
        `${memberWith(name, escaped)}<string>${escaped(text)}</string>${memberEnd}`;
      return {
        before: '<struct>',
        after: '</struct>',
        text: (map) => joinedMembers(map as Record<string, string>, entry),
      };
    },
  });
};

/** Writes a value of a shape as `<value>`. */
export type EncodeValue = (value: unknown) => Encoded;

const compiled = new Map<Dialect, (shape: Shape) => Encoder>();
const compiledFor = (dialect: Dialect): ((shape: Shape) => Encoder) => {
  const known = compiled.get(dialect);
  if (known !== undefined) return known;
  const made = compile(dialect);
  compiled.set(dialect, made);
  return made;
};

const encoderIn = (dialect: Dialect, shape: Shape): EncodeValue => {
  const { before, after, text, write } = compiledFor(dialect)(shape);
  const open = `<value>${before}`;
  const close = `${after}</value>`;
  if (write === undefined) {
    return (value) => {
      const content = text(value);
      return typeof content === 'string' ? open + content + close : new Pieces(open, content, close);
    };
  }
  return (value) => {
    const pieces = new Pieces(open);
    write(value, pieces);
    pieces.add(close);
    return pieces;
  };
};

/** Writes values of this shape, in each dialect as it is first asked for. */
export const encoderFor = (shape: Shape): ((dialect: Dialect) => EncodeValue) => {
  const known = new Map<Dialect, EncodeValue>();
  return (dialect) => {
    let encode = known.get(dialect);
    if (encode === undefined) {
      encode = encoderIn(dialect, shape);
      known.set(dialect, encode);
    }
    return encode;
  };
};

/** What stands around replies. */
interface Frame {
  contentType: string;
  declaration: string;
  opening: string;
}

const framed = new Map<Dialect, Frame>();
const frameIn = (dialect: Dialect): Frame => {
  const known = framed.get(dialect);
  if (known !== undefined) return known;
  const charset = dialect.text === 'ascii' ? 'us-ascii' : 'utf-8';
  const declaration = `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>\n`;
  const namespace = isExtended(dialect) ? ` xmlns:ex="${extensions}"` : '';
  const opening = `${declaration}<methodResponse${namespace}><params><param>`;
  const made = { contentType: `text/xml; charset=${charset}`, declaration, opening };
  framed.set(dialect, made);
  return made;
};

/** The `Content-Type` of replies. */
export const contentTypeIn = (dialect: Dialect): string => frameIn(dialect).contentType;

/** The reply that carries a `<value>`. */
export const encodeResponse = (value: Encoded, dialect: Dialect): Encoded =>
  enclose(frameIn(dialect).opening, [value], '</param></params></methodResponse>');

/** The results of several calls, each a `<value>` of its own, as one. */
export const encodeResults = (values: readonly Encoded[]): Encoded =>
  enclose('<value><array><data>', values, '</data></array></value>');

/** Text if it is text throughout. */
const enclose = (before: string, values: readonly Encoded[], after: string): Encoded => {
  let all = before;
  for (const value of values) {
    if (typeof value !== 'string') return new Pieces(before, ...values, after);
    all += value;
  }
  return all + after;
};

/** A fault as `<value>`, as it stands in `<fault>` and among the results of a multicall. */
export const encodeFault = (code: number, message: string, { text }: Dialect): string =>
  `<value><struct>${member('faultCode')}<int>${code}</int>${memberEnd}${member('faultString')}<string>${escapes[text](message)}</string>${memberEnd}</struct></value>`;

export const encodeFaultResponse = (value: string, dialect: Dialect): string =>
  `${frameIn(dialect).declaration}<methodResponse><fault>${value}</fault></methodResponse>`;
