/** Results as XML-RPC values. Compiled once per method and per way of writing nil. */
import { fieldsOf, fold, type Shape } from '../../../plugin-protocol/shape.ts';
import { Host, Image, Network, Vm, Volume } from '../../catalogue/resources.ts';
import { escapeText } from '../../wire/escape.ts';
import { parseTime } from '../../wire/time.ts';
import { extensions, type Nil } from './names.ts';
import { type Encoded, Pieces } from './pieces.ts';

/** Writes values of one shape: what stands before and after each, and the text between. */
interface Encoder {
  before: string;
  after: string;
  text(value: unknown): string;
  /** The text between again, for a shape in which something is remembered. */
  write?: (value: unknown, pieces: Pieces) => void;
}

const tag = (name: string, text: (value: never) => string): Encoder => ({
  before: `<${name}>`,
  after: `</${name}>`,
  text: text as (value: unknown) => string,
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

/** The specification has no zone and no fraction: UTC, to the second. */
const compact = (time: string): string => {
  const utc = time.length === 24 && time.endsWith('Z') ? time : (parseTime(time) ?? time);
  return escapeText(`${utc.slice(0, 4)}${utc.slice(5, 7)}${utc.slice(8, 19)}`);
};

const member = (name: string): string => `<member><name>${escapeText(name)}</name><value>`;
const memberEnd = '</value></member>';

// The inventory replaces a record and never changes it, so the same object is the same bytes: a list of ten thousand
// machines of which few have changed is then mostly copying. Bytes, because joining 20 MB of them takes 2 ms of CPU,
// and joining and encoding the same text 20 ms.
const immutable = new Set([Vm, Host, Image, Network, Volume].map((shape) => shape['x-name']));

const isImmutable = (shape: Shape): boolean => shape['x-kind'] === 'record' && immutable.has(shape['x-name']);

/** Writes lists of records of the inventory; `encode` makes the `<value>` of one. */
const writeRemembered = (encode: (record: unknown) => string): NonNullable<Encoder['write']> => {
  const known = new WeakMap<object, Buffer>();
  return (list, pieces) => {
    for (const record of list as object[]) {
      let bytes = known.get(record);
      if (bytes === undefined) {
        bytes = Buffer.from(encode(record));
        known.set(record, bytes);
      }
      pieces.add(bytes);
    }
  };
};

const compile = (nil: Nil) =>
  fold<Encoder>({
    bool: () => tag('boolean', (on: boolean) => (on ? '1' : '0')),
    int: () => tag('int', String),
    counter: () => tag('string', escapeText),
    number: () => tag('double', decimal),
    string: () => tag('string', escapeText),
    enum: () => tag('string', escapeText),
    ref: () => tag('string', escapeText),
    time: () => tag('dateTime.iso8601', compact),
    bytes: () => tag('base64', escapeText),
    list: ({ items }, inner) => {
      const { before, after, text } = inner(items);
      const open = `<value>${before}`;
      const close = `${after}</value>`;
      const encoder: Encoder = {
        before: '<array><data>',
        after: '</data></array>',
        text: (list) => {
          let all = '';
          for (const item of list as unknown[]) all += open + text(item) + close;
          return all;
        },
      };
      if (isImmutable(items)) encoder.write = writeRemembered((item) => open + text(item) + close);
      return encoder;
    },
    record: (shape, inner) => {
      const fields = fieldsOf(shape).map(([name, of]) => {
        const { before, after, text, write } = inner(of);
        return {
          name,
          open: member(name) + before,
          close: after + memberEnd,
          unset: nil === '' ? '' : `${member(name)}<${nil}/>${memberEnd}`,
          text,
          write,
        };
      });
      const encoder: Encoder = {
        before: '<struct>',
        after: '</struct>',
        text: (record) => {
          let all = '';
          for (const { name, open, close, unset, text } of fields) {
            const value = (record as Record<string, unknown>)[name];
            all += value === undefined ? unset : open + text(value) + close;
          }
          return all;
        },
      };
      if (fields.every(({ write }) => write === undefined)) return encoder;
      encoder.write = (record, pieces) => {
        for (const { name, open, close, unset, text, write } of fields) {
          const value = (record as Record<string, unknown>)[name];
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
    map: () => ({
      before: '<struct>',
      after: '</struct>',
      text: (map) => {
        let all = '';
        for (const [name, text] of Object.entries(map as Record<string, string>)) {
          all += `${member(name)}<string>${escapeText(text)}</string>${memberEnd}`;
        }
        return all;
      },
    }),
  });

const encoders: Record<Nil, (shape: Shape) => Encoder> = {
  '': compile(''),
  nil: compile('nil'),
  'ex:nil': compile('ex:nil'),
};

/** Writes a value of a shape as `<value>`. */
export type EncodeValue = (value: unknown) => Encoded;

/** The three ways of writing a value of this shape: for clients that showed no nil, and each way of writing it. */
export const encodersFor = (shape: Shape): Record<Nil, EncodeValue> => {
  const encoderWith = (nil: Nil): EncodeValue => {
    const { before, after, text, write } = encoders[nil](shape);
    const open = `<value>${before}`;
    const close = `${after}</value>`;
    if (write === undefined) return (value) => open + text(value) + close;
    return (value) => {
      const pieces = new Pieces();
      pieces.add(open);
      write(value, pieces);
      pieces.add(close);
      return pieces;
    };
  };
  return { '': encoderWith(''), nil: encoderWith('nil'), 'ex:nil': encoderWith('ex:nil') };
};

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const opening: Record<Nil, string> = {
  '': `${declaration}<methodResponse><params><param>`,
  nil: `${declaration}<methodResponse><params><param>`,
  'ex:nil': `${declaration}<methodResponse xmlns:ex="${extensions}"><params><param>`,
};

/** The reply that carries a `<value>`. */
export const encodeResponse = (value: Encoded, nil: Nil): Encoded =>
  enclose(opening[nil], [value], '</param></params></methodResponse>');

/** The results of several calls, each a `<value>` of its own, as one. */
export const encodeResults = (values: readonly Encoded[]): Encoded =>
  enclose('<value><array><data>', values, '</data></array></value>');

/** Text if it is text throughout. */
const enclose = (before: string, values: readonly Encoded[], after: string): Encoded => {
  if (values.every((value) => typeof value === 'string')) return before + values.join('') + after;
  const pieces = new Pieces();
  pieces.add(before);
  for (const value of values) pieces.add(value);
  pieces.add(after);
  return pieces;
};

/** A fault as `<value>`, as it stands in `<fault>` and among the results of a multicall. */
export const encodeFault = (code: number, message: string): string =>
  `<value><struct>${member('faultCode')}<int>${code}</int>${memberEnd}${member('faultString')}<string>${escapeText(message)}</string>${memberEnd}</struct></value>`;

export const encodeFaultResponse = (value: string): string =>
  `${declaration}<methodResponse><fault>${value}</fault></methodResponse>`;
