/** Decodes parameters while they are read: by local name, in any namespace and order, to the catalogue's types. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fieldsOf, fold, type KindTable, type RecordShape, type Shape } from '../../../plugin-protocol/shape.ts';
import { canonicalBase64 } from '../../wire/base64.ts';
import { parseTime } from '../../wire/time.ts';
import type { XmlReader } from '../../wire/xml.ts';
import { xsiNamespace } from './names.ts';
import type { Part } from './service.ts';

/** Reads the element just opened, to its end. Undefined: it says that the value is unset. */
type Decode = (reader: XmlReader) => unknown;

/** Carries what is wrong outwards; every list and record that it passes puts its own step before the path. */
class Mismatch extends Error {
  path = '';
}

const wrong = (message: string): never => {
  throw new Mismatch(message);
};

const within = (error: unknown, step: string | number): unknown => {
  // RFC 6901 section 3.
  if (error instanceof Mismatch)
    error.path = `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}${error.path}`;
  return error;
};

const isNil = (reader: XmlReader): boolean => {
  const nil = reader.attribute('nil', xsiNamespace)?.trim();
  return nil === 'true' || nil === '1';
};

/** SOAP::Lite sends any text that is not ASCII as base64, whatever the WSDL says. */
const isBase64 = (reader: XmlReader): boolean => {
  const type = reader.attribute('type', xsiNamespace)?.trim();
  if (type === undefined) return false;
  const colon = type.indexOf(':');
  const local = type.slice(colon + 1);
  if (local !== 'base64Binary' && local !== 'base64') return false;
  const uri = reader.resolve(colon < 0 ? '' : type.slice(0, colon)) ?? '';
  return uri.endsWith('/XMLSchema') || uri.endsWith('/encoding/') || uri.endsWith('/soap-encoding');
};

/** A reference is not what it refers to: taken as empty it would be lost. */
const refuseReference = (reader: XmlReader) => {
  if (reader.attribute('href') !== undefined) wrong('must be given in place, not by reference');
};

const textOf = (reader: XmlReader): string => {
  for (let text = ''; ; ) {
    const event = reader.next();
    if (event === 'close') return text;
    if (event === 'open') wrong(`must be a single value, without <${reader.name}> in it`);
    text += reader.text;
  }
};

/** Text as the catalogue means it, even where the sender coded it. */
const plainText = (reader: XmlReader): string => {
  refuseReference(reader);
  if (!isBase64(reader)) return textOf(reader);
  const coded = canonicalBase64(textOf(reader)) ?? wrong('must be base64, as its xsi:type says');
  return Buffer.from(coded, 'base64').toString('utf8');
};

const leaf =
  (read: (reader: XmlReader) => unknown): Decode =>
  (reader) => {
    if (!isNil(reader)) return read(reader);
    reader.skip();
    return undefined;
  };

/** A value that is no string: white space around it does not count, and empty means unset. */
const scalar = (convert: (text: string) => unknown): Decode =>
  leaf((reader) => {
    refuseReference(reader);
    const text = textOf(reader).trim();
    return text === '' ? undefined : convert(text);
  });

/** A word that cannot be empty: .NET and PHP send empty elements for those that are not set. */
const word: Decode = leaf((reader) => {
  const text = plainText(reader).trim();
  return text === '' ? undefined : text;
});

const integer = /^[+-]?[0-9]{1,400}$/;
const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const bools: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ['INF', Infinity],
  ['+INF', Infinity],
  ['-INF', -Infinity],
  ['NaN', Number.NaN],
]);

/** The next element within the one that was open at first; false when that is closed. */
const nextElement = (reader: XmlReader, words: string): boolean => {
  for (;;) {
    const event = reader.next();
    if (event === 'open') return true;
    if (event === 'close') return false;
    if (!reader.blank) wrong(words);
  }
};

/** A label called `__proto__` is a label. */
const setMember = (map: Record<string, string>, name: string, value: string) => {
  if (Object.hasOwn(map, name)) wrong(`has the member ${name} twice`);
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
};

/** `<item><key/><value/></item>` as in the WSDL and in Apache's Map, or an element named and filled like the member. */
const readMember = (reader: XmlReader, map: Record<string, string>) => {
  const name = reader.local;
  if (isBase64(reader)) return setMember(map, name, plainText(reader));
  let text = '';
  let key: string | undefined;
  let value: string | undefined;
  for (let elements = 0; ; elements++) {
    let event = reader.next();
    if (event === 'text') {
      text = reader.text;
      if (elements > 0 && !reader.blank) wrong('must hold items of a key and a value');
      event = reader.next();
    }
    if (event === 'close') {
      if (elements === 0) setMember(map, name, text);
      else if (key === undefined) wrong('has an item without a key');
      else setMember(map, key, value ?? '');
      return;
    }
    if (elements === 0 && text.trim() !== '') wrong('must hold items of a key and a value');
    if (reader.local === 'key' && key === undefined) key = plainText(reader);
    else if (reader.local === 'value' && value === undefined)
      value = isNil(reader) ? skipped(reader) : plainText(reader);
    else wrong(`must hold items of a key and a value, not of <${reader.name}>`);
  }
};

const skipped = (reader: XmlReader): undefined => {
  reader.skip();
};

type Fields = ReadonlyMap<string, Decode>;

const fieldDecoders = (of: RecordShape, inner: (shape: Shape) => Decode): Fields =>
  new Map(fieldsOf(of).map(([name, shape]) => [name, inner(shape)]));

const readField = (reader: XmlReader, name: string, decode: Decode, into: Record<string, unknown>) => {
  try {
    if (Object.hasOwn(into, name)) wrong('is given twice');
    const value = decode(reader);
    if (value !== undefined) into[name] = value;
  } catch (error) {
    throw within(error, name);
  }
};

const notKnown = (name: string): never => {
  throw within(new Mismatch('is not known here'), name);
};

const table: KindTable<Decode> = {
  bool: () => scalar((text) => bools.get(text) ?? wrong('must be true or false')),
  int: () => scalar((text) => (integer.test(text) ? Number(text) : wrong('must be an integer'))),
  number: () =>
    scalar(
      (text) =>
        specialNumbers.get(text) ?? (decimal.test(text) ? Number(text) : wrong('must be a number, as 1.5 or 2e3')),
    ),
  counter: () =>
    scalar((text) => (integer.test(text) ? String(BigInt(text.replace('+', ''))) : wrong('must be an integer'))),
  string: () => leaf(plainText),
  enum: () => word,
  ref: () => word,
  time: () => scalar((text) => parseTime(text) ?? wrong('must be a time as 2026-01-31T12:00:00Z')),
  bytes: () => leaf((reader) => canonicalBase64(textOf(reader)) ?? wrong('must be base64')),
  list: ({ items, maxItems }, inner) => {
    const decode = inner(items);
    return leaf((reader) => {
      refuseReference(reader);
      const list: unknown[] = [];
      while (nextElement(reader, 'must be a list: one element for each item')) {
        if (list.length === maxItems) wrong(`must have at most ${maxItems} items`);
        try {
          // What is unset cannot be an item; the check that follows says so.
          list.push(decode(reader) ?? null);
        } catch (error) {
          throw within(error, list.length);
        }
      }
      return list;
    });
  },
  map: ({ maxProperties }) =>
    leaf((reader) => {
      refuseReference(reader);
      const map: Record<string, string> = {};
      for (let size = 0; nextElement(reader, 'must hold items of a key and a value'); size++) {
        if (size === maxProperties) wrong(`must have at most ${maxProperties} members`);
        readMember(reader, map);
      }
      return map;
    }),
  record: (of, inner) => {
    const fields = fieldDecoders(of, inner);
    return leaf((reader) => {
      refuseReference(reader);
      const value: Record<string, unknown> = {};
      while (nextElement(reader, 'must be a record: one element for each field')) {
        const name = reader.local;
        readField(reader, name, fields.get(name) ?? notKnown(name), value);
      }
      return value;
    });
  },
};

const decoderOf = fold(table);

/**
 * Names that libraries make up for parameters that have none: SOAP::Lite, PHP without WSDL, Java without names in the
 * class file. Any other unknown name is a mistake that must not be taken for the first parameter.
 */
const madeUp = /^(?:c-gensym|param|arg|in)[0-9]+$/;

/** Reads the element of a call, to its end. */
export type DecodeParams = (reader: XmlReader) => Record<string, unknown>;

/** Throws `Fault('invalid-params', sentence, {field})`, and `XmlFault`. */
export const compileParams = (parts: readonly Part[]): DecodeParams => {
  const fields = new Map(
    parts.map(({ name, shape, field = name }) => [name, { decode: decoderOf(shape), field }] as const),
  );
  const names = [...fields.keys()];
  const read = (reader: XmlReader): Record<string, unknown> => {
    const params: Record<string, unknown> = {};
    // SOAP::Lite says that a call without parameters is nil.
    if (isNil(reader)) {
      reader.skip();
      return params;
    }
    let named = false;
    let position = 0;
    while (nextElement(reader, 'The parameters must be one element each')) {
      const given = reader.local;
      let part = fields.get(given);
      if (part !== undefined) named = true;
      else if (madeUp.test(given) && position < names.length) part = fields.get(names[position++]!)!;
      else return notKnown(given);
      if (named && position > 0) wrong('Either all parameters have names, or none');
      readField(reader, part.field, part.decode, params);
    }
    return params;
  };
  return (reader) => {
    try {
      return read(reader);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      const { path: field, message } = error;
      throw field === ''
        ? new Fault('invalid-params', `${message}.`)
        : new Fault('invalid-params', `${field} ${message}.`, { field });
    }
  };
};
