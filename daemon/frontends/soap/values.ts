/** Decodes parameters while they are read: by local name, in any namespace and order, to the catalogue's types. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fieldsOf, fold, type KindTable, type RecordShape, type Shape } from '../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../plugin-protocol/slices.ts';
import { withoutSpaces } from '../../wire/base64.ts';
import { parseTime } from '../../wire/time.ts';
import { decodeAny } from './any.ts';
import { type ArrayForm, arrayFormOf } from './arrays.ts';
import type { Builtin } from './contract/builtins.ts';
import type { ElementReader } from './graph.ts';
import { encodings } from './names.ts';
import { withOwnTypes } from './own-types.ts';
import {
  boolFrom,
  branch,
  codedBytes,
  counterFrom,
  type Decode,
  type Decoder,
  integerFrom,
  isNil,
  leaf,
  Mismatch,
  nextElement,
  numberFrom,
  plainText,
  refuseReference,
  scalar,
  textOf,
  typeLabel,
  within,
  word,
  wrong,
} from './scalars.ts';
import type { Part } from './service.ts';

/** A label called `__proto__` is a label. */
const setMember = (map: Record<string, string>, name: string, value: string) => {
  if (Object.hasOwn(map, name)) wrong(`has the member ${name} twice`);
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
};

/** `<item><key/><value/></item>` as in the WSDL and in Apache's Map, or an element named and filled like the member. */
const readMember = (reader: ElementReader, map: Record<string, string>) => {
  const name = reader.local;
  refuseReference(reader);
  if (typeLabel(reader) === 'base64') return setMember(map, name, plainText(reader));
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

const skipped = (reader: ElementReader): undefined => {
  reader.skip();
};

type Fields = ReadonlyMap<string, Decoder>;

/** What is nil is unset; only where a value of any kind is required, null is one. */
const fieldDecoder = (shape: Shape, required: boolean, inner: (shape: Shape) => Decoder): Decoder => {
  const decoder = inner(shape);
  const { inSlices } = decoder;
  if (shape['x-kind'] !== 'any' || required || inSlices === undefined) return decoder;
  return {
    *inSlices(reader) {
      return (yield* inSlices(reader)) ?? undefined;
    },
  };
};

const fieldDecoders = (of: RecordShape, inner: (shape: Shape) => Decoder): Fields =>
  new Map(fieldsOf(of).map(([name, shape, required]) => [name, fieldDecoder(shape, required, inner)]));

/** `label` is what the caller calls it. Answers what is left to do when that is long. */
const readField = (
  reader: ElementReader,
  name: string,
  { atOnce, inSlices }: Decoder,
  into: Record<string, unknown>,
  label = name,
): Slices<void> | undefined => {
  try {
    if (Object.hasOwn(into, name)) wrong('is given twice');
    if (inSlices !== undefined) return keepIn(into, name, inSlices(reader), label);
    const value = atOnce(reader);
    if (value !== undefined) into[name] = value;
  } catch (error) {
    throw within(error, label);
  }
  return undefined;
};

function* keepIn(into: Record<string, unknown>, name: string, work: Slices<unknown>, label: string): Slices<void> {
  try {
    const value = yield* work;
    if (value !== undefined) into[name] = value;
  } catch (error) {
    throw within(error, label);
  }
}

const notKnown = (name: string): never => {
  throw within(new Mismatch('is not known here'), name);
};

const entryWords = 'must be a record: one element for each field, or items of a key and a value';

/** One field as Apache's Map has it, which is what PHP makes of an array with names: `<item><key/><value/></item>`. */
const readEntry = (reader: ElementReader, fields: Fields, into: Record<string, unknown>): Slices<void> | undefined => {
  refuseReference(reader);
  if (!nextElement(reader, entryWords) || reader.local !== 'key') wrong(entryWords);
  const name = plainText(reader);
  const decoder = fields.get(name) ?? notKnown(name);
  if (!nextElement(reader, entryWords) || reader.local !== 'value') wrong(entryWords);
  const rest = readField(reader, name, decoder, into);
  if (rest !== undefined) return endOfEntry(reader, rest);
  if (nextElement(reader, entryWords)) wrong(entryWords);
  return undefined;
};

function* endOfEntry(reader: ElementReader, rest: Slices<void>): Slices<void> {
  yield* rest;
  if (nextElement(reader, entryWords)) wrong(entryWords);
}

/** The next field of a record; false when there is none, and what is left to do when it is long. */
const readNextField = (
  reader: ElementReader,
  fields: Fields,
  into: Record<string, unknown>,
): Slices<void> | boolean => {
  if (!nextElement(reader, 'must be a record: one element for each field')) return false;
  const name = reader.local;
  const decoder = fields.get(name);
  if (decoder !== undefined) return readField(reader, name, decoder, into) ?? true;
  return name === 'item' ? (readEntry(reader, fields, into) ?? true) : notKnown(name);
};

function* readItems(
  reader: ElementReader,
  { atOnce, inSlices }: Decoder,
  maxItems: number,
  form: ArrayForm | undefined,
): Slices<unknown[]> {
  const list: unknown[] = [];
  while (nextElement(reader, 'must be a list: one element for each item')) {
    if (list.length === maxItems) wrong(`must have at most ${maxItems} items`);
    try {
      form?.place(reader);
      // What is unset cannot be an item; the check that follows says so.
      list.push((inSlices === undefined ? atOnce(reader) : yield* inSlices(reader)) ?? null);
    } catch (error) {
      throw within(error, list.length);
    }
    if (reader.due) yield* reader.pause();
  }
  return form === undefined ? list : form.arrange(list);
}

const single = (atOnce: Decode): Decoder => ({ atOnce });

/** Of a type that the shape names. */
const ownDecoder = ({ kind, space, read }: Builtin): Decoder => {
  if (kind === 'bytes') {
    return single(
      leaf((reader) => {
        refuseReference(reader);
        return typeLabel(reader) === 'base64' ? codedBytes(reader) : read(withoutSpaces(textOf(reader)));
      }),
    );
  }
  if (kind !== 'string') return single(scalar(read));
  return single(
    leaf((reader) => {
      const text = plainText(reader);
      return read(space === 'collapse' ? text.trim() : text);
    }),
  );
};

const table: KindTable<Decoder> = {
  bool: () => single(scalar(boolFrom)),
  int: () => single(scalar(integerFrom)),
  number: () => single(scalar(numberFrom)),
  counter: () => single(scalar(counterFrom)),
  // PHP sends an empty element for a part that is null, where the part cannot be nil.
  string: ({ minLength = 0 }) => single(leaf(minLength === 0 ? plainText : (reader) => plainText(reader) || undefined)),
  enum: () => single(word),
  ref: () => single(word),
  time: () => single(scalar((text) => parseTime(text) ?? wrong('must be a time as 2026-01-31T12:00:00Z'))),
  bytes: () => single(leaf(codedBytes)),
  any: () => ({ inSlices: decodeAny }),
  list: ({ items, maxItems }, inner) => {
    // What the items are of an array of one dimension, of two, and so on.
    const decoders = [inner(items)];
    for (let deeper = items; deeper['x-kind'] === 'list'; deeper = deeper.items) decoders.push(inner(deeper.items));
    const inSlices = branch((reader) => {
      const form = arrayFormOf(reader);
      const decoder = decoders[form === undefined ? 0 : form.dimensions - 1];
      return readItems(reader, decoder ?? wrong('has more dimensions than it may'), maxItems, form);
    });
    return { inSlices };
  },
  map: ({ maxProperties }) => ({
    inSlices: branch(function* (reader) {
      const map: Record<string, string> = {};
      for (let size = 0; nextElement(reader, 'must hold items of a key and a value'); size++) {
        if (size === maxProperties) wrong(`must have at most ${maxProperties} members`);
        readMember(reader, map);
        if (reader.due) yield* reader.pause();
      }
      return map;
    }),
  }),
  record: (of, inner) => {
    const fields = fieldDecoders(of, inner);
    // Of single values a record has only so many.
    if ([...fields.values()].every(({ atOnce }) => atOnce !== undefined)) {
      const read = leaf((reader) => {
        refuseReference(reader);
        const value: Record<string, unknown> = {};
        while (readNextField(reader, fields, value));
        return value;
      });
      return single(read);
    }
    const inSlices = branch(function* (reader) {
      const value: Record<string, unknown> = {};
      for (;;) {
        const rest = readNextField(reader, fields, value);
        if (rest === false) return value;
        if (rest !== true) yield* rest;
      }
    });
    return { inSlices };
  },
};

const decoderOf = fold(withOwnTypes(table, ownDecoder));

/**
 * Names that libraries make up for parameters that have none: SOAP::Lite, PHP without WSDL, Java without names in the
 * class file, SOAPpy, nusoap; python-debianbts calls them all `arg`. Any other unknown name is a mistake that must not be
 * taken for the first parameter.
 */
const madeUp = /^(?:(?:c-gensym|param|arg|in|v|__numeric_)[0-9]+|arg)$/;

/** Whether a parameter has no name of its own: SOAP 1.1 section 5 has elements called after their types for such, as SOAP::Lite calls an array. */
export const isUnnamed = ({ local, namespace }: ElementReader): boolean =>
  madeUp.test(local) || encodings.has(namespace);

/** What the parameters of a call show of the caller's style. */
export interface Shown {
  /** Whether one says its type, as encoding does: in a literal message only the types of a service are named. */
  typed: boolean;
  /**
   * Whether one shows the same only where an encoding is declared: by the type of what has none declared, which is said in
   * any style, or by having no name.
   */
  undeclared: boolean;
  /** The namespace of the first that is not nil; empty for none, as the parts of rpc are. Undefined without any. */
  first: string | undefined;
}

/** Reads the element of a call, to its end. */
export type DecodeParams = (reader: ElementReader, shown: Shown) => Slices<Record<string, unknown>>;

/** Throws `Fault('invalid-params', sentence, {field})`, and `XmlFault`. */
export const compileParams = (parts: readonly Part[]): DecodeParams => {
  const fields = new Map(
    parts.map(({ name, shape, required, field = name }) => {
      const decoder = fieldDecoder(shape, required, decoderOf);
      const { atOnce } = decoder;
      const isText = shape['x-kind'] === 'string' && !required;
      const decoderRpc = isText && atOnce !== undefined ? single((reader) => atOnce(reader) || undefined) : decoder;
      return [name, { decoder, decoderRpc, field, label: name, declared: shape['x-kind'] !== 'any' }] as const;
    }),
  );
  const names = [...fields.keys()];
  return function* (reader, shown) {
    try {
      const params: Record<string, unknown> = {};
      // SOAP::Lite says that a call without parameters is nil.
      if (isNil(reader)) {
        yield* reader.skipInSlices();
        return params;
      }
      const qualified = reader.namespace !== '';
      let named = false;
      let position = 0;
      for (;;) {
        if (reader.due) yield* reader.pause();
        if (!nextElement(reader, 'The parameters must be one element each')) return params;
        const given = reader.local;
        const nil = isNil(reader);
        const typed = !nil && typeLabel(reader) !== undefined;
        if (!nil) shown.first ??= reader.namespace;
        // Parts of rpc/literal cannot be nil (WS-I Basic Profile 1.1, R2211): PHP sends those that are not set empty.
        const isRpcLiteral = qualified && !typed && reader.namespace === '';
        let part = fields.get(given);
        if (part !== undefined) named = true;
        else if (isUnnamed(reader) && position < names.length) {
          part = fields.get(names[position++]!)!;
          shown.undeclared = true;
        } else return notKnown(given);
        if (named && position > 0) wrong('Either all parameters have names, or none');
        if (part.declared) shown.typed ||= typed;
        else shown.undeclared ||= typed;
        const rest = readField(reader, part.field, isRpcLiteral ? part.decoderRpc : part.decoder, params, part.label);
        if (rest !== undefined) yield* rest;
      }
    } catch (error) {
      throw error instanceof Mismatch ? faultFrom(error) : error;
    }
  };
};

const faultFrom = ({ path: field, message }: Mismatch): Fault =>
  field === ''
    ? new Fault('invalid-params', `${message}.`)
    : new Fault('invalid-params', `${field} ${message}.`, { field });
