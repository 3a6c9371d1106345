/** Results as XML-RPC values. Compiled once per method and per way of writing nil. */
import { fieldsOf, fold, type Shape } from '../../../plugin-protocol/shape.ts';
import { Host, Image, Network, Vm, Volume } from '../../catalogue/resources.ts';
import { escapeText } from '../../wire/escape.ts';
import { parseTime } from '../../wire/time.ts';
import { extensions, type Nil } from './names.ts';

/** Writes values of one shape: what stands before and after each, and the text between. */
interface Encoder {
  before: string;
  after: string;
  text(value: unknown): string;
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

// The inventory replaces a record and never changes it, so the same object is the same text: a list of ten thousand
// machines of which few have changed is then mostly joining.
const immutable = new Set([Vm, Host, Image, Network, Volume].map((shape) => shape['x-name']));

const remembered = (encoder: Encoder): Encoder => {
  const texts = new WeakMap<object, string>();
  return {
    ...encoder,
    text: (value) => {
      const known = texts.get(value as object);
      if (known !== undefined) return known;
      const text = encoder.text(value);
      texts.set(value as object, text);
      return text;
    },
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
      return {
        before: '<array><data>',
        after: '</data></array>',
        text: (list) => {
          let all = '';
          for (const item of list as unknown[]) all += open + text(item) + close;
          return all;
        },
      };
    },
    record: (shape, inner) => {
      const fields = fieldsOf(shape).map(([name, of]) => {
        const { before, after, text } = inner(of);
        return {
          name,
          open: member(name) + before,
          close: after + memberEnd,
          unset: nil === '' ? '' : `${member(name)}<${nil}/>${memberEnd}`,
          text,
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
      return immutable.has(shape['x-name']) ? remembered(encoder) : encoder;
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
export type EncodeValue = (value: unknown) => string;

/** The three ways of writing a value of this shape: for clients that showed no nil, and each way of writing it. */
export const encodersFor = (shape: Shape): Record<Nil, EncodeValue> => {
  const encoderWith = (nil: Nil): EncodeValue => {
    const { before, after, text } = encoders[nil](shape);
    const open = `<value>${before}`;
    const close = `${after}</value>`;
    return (value) => open + text(value) + close;
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
export const encodeResponse = (value: string, nil: Nil): string =>
  `${opening[nil]}${value}</param></params></methodResponse>`;

/** A fault as `<value>`, as it stands in `<fault>` and among the results of a multicall. */
export const encodeFault = (code: number, message: string): string =>
  `<value><struct>${member('faultCode')}<int>${code}</int>${memberEnd}${member('faultString')}<string>${escapeText(message)}</string>${memberEnd}</struct></value>`;

export const encodeFaultResponse = (value: string): string =>
  `${declaration}<methodResponse><fault>${value}</fault></methodResponse>`;
