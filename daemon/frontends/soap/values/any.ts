/**
 * Values whose type nobody declared: `xsd:anyType` in the WSDL, `xsi:type` in messages. Lists and maps in literal
 * messages have types of their own, in a schema that each WSDL brings which needs it; in encoded ones they are arrays of
 * SOAP and Apache's maps.
 */
import {
  type AnyTable,
  foldAny,
  guardName,
  hasMember,
  integerValue,
  isInt32,
  putMember,
  tagged,
} from '../../../../plugin-protocol/any.ts';
import { isCounter } from '../../../../plugin-protocol/check/scalars.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { escapeText } from '../../../wire/escape.ts';
import { parseTime } from '../../../wire/time.ts';
import { enclosed, joined, sliced, type Text } from '../../long-text.ts';
import type { ElementReader } from '../message/element-reader.ts';
import type { QName } from '../message/fault-kinds.ts';
import { within, wrong } from '../message/mismatch.ts';
import { anyNamespace, anyTypes, xsdNamespace } from '../message/names.ts';
import { isNil, ownType, typeNamed, xsiType } from '../message/xsi.ts';
import { arrayFormOf, readOpenList } from './arrays.ts';
import { type DecodeInSlices, nextElement, refuseReference, valueInTurn } from './reading.ts';
import { asBytes, asText, boolFrom, counterFrom, numberFrom } from './scalars.ts';

/** The text of a double as XML Schema spells it, which is not how JavaScript does. */
export const double = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
};

/** Writes an element of that name, with attributes before its `xsi:type`. */
type Element = (name: string, attributes?: string) => Text;

/** How lists and maps are written; the prefixes stand for namespaces that are declared around them. */
export type Compounds = Pick<AnyTable<Element>, 'list' | 'map'>;
type Inner = (value: unknown) => Element;

const typed =
  (type: string, text: Text): Element =>
  (name, attributes = '') =>
    enclosed(`<${name}${attributes} xsi:type="${type}">`, text, `</${name}>`);

const item = (value: unknown, inner: Inner) => inner(value)('any:item');
const member = ([name, value]: readonly [string, unknown], inner: Inner) =>
  enclosed(`<any:item><any:key>${escapeText(name)}</any:key>`, inner(value)('any:value'), '</any:item>');
const literal: Compounds = {
  list: (items, inner) => typed(`any:${anyTypes.list}`, joined(items, item, inner)),
  map: (members, inner) => typed(`any:${anyTypes.map}`, joined(members, member, inner)),
};

/** Compiles what writes a value as an element. */
export const anyElements = (compounds: Compounds): ((value: unknown) => Element) =>
  foldAny<Element>({
    nil:
      () =>
      (name, attributes = '') =>
        `<${name}${attributes} xsi:nil="true"/>`,
    bool: (value) => typed('xsd:boolean', String(value)),
    number: (value) => typed(isInt32(value) ? 'xsd:int' : 'xsd:double', double(value)),
    string: (value) => typed('xsd:string', sliced(value, escapeText)),
    time: (value) => typed('xsd:dateTime', value),
    bytes: (value) => typed('xsd:base64Binary', value),
    counter: (value) => typed('xsd:long', value),
    ...compounds,
  });

const literalElement = anyElements(literal);
const declarations = ` xmlns:xsd="${xsdNamespace}" xmlns:any="${anyNamespace}"`;

/** A whole element of a literal message; `xsi` is declared around it. */
export const anyElement =
  (name: string) =>
  (value: unknown): Text =>
    literalElement(value)(name, declarations);

/** What the types of XML Schema are here; those that are not named are strings. */
const simple = new Map<string, (text: string) => unknown>();
for (const name of ['byte', 'short', 'int', 'unsignedByte', 'unsignedShort']) simple.set(name, integerFrom);
for (const name of ['long', 'integer', 'unsignedInt', 'unsignedLong']) simple.set(name, integerFrom);
for (const sign of ['nonNegative', 'nonPositive', 'positive', 'negative']) simple.set(`${sign}Integer`, integerFrom);
for (const name of ['double', 'float']) simple.set(name, (text) => finite(numberFrom(text)));
simple.set('boolean', boolFrom);
simple.set('dateTime', (text) => tagged('time', parseTime(text) ?? wrong('must be a time as 2026-01-31T12:00:00Z')));
// Early drafts of XML Schema.
simple.set('timeInstant', simple.get('dateTime')!);

function integerFrom(text: string): unknown {
  const digits = counterFrom(text);
  return isCounter(digits) ? integerValue(digits) : wrong('must be an integer of 64 bits');
}
const finite = (value: number): number => (Number.isFinite(value) ? value : wrong('must be a finite number'));

/** What the children of an element make: a list where all are called `item`, or else a map of them. */
class Children {
  readonly #items: unknown[] = [];
  #map: Record<string, unknown> | undefined;
  readonly #lists = new Map<string, unknown[]>();

  /** A name that comes more than once has a list. */
  add(name: string, value: unknown): void {
    if (this.#map === undefined) {
      if (name === 'item') {
        this.#items.push(value);
        return;
      }
      this.#map = {};
      if (this.#items.length > 1) this.#list('item', this.#items);
      else if (this.#items.length > 0) putMember(this.#map, 'item', this.#items[0]);
    }
    const list = this.#lists.get(name);
    if (list !== undefined) list.push(value);
    else if (hasMember(this.#map, name)) this.#list(name, [this.#map[guardName(name)], value]);
    else putMember(this.#map, name, value);
  }

  #list(name: string, list: unknown[]): void {
    this.#lists.set(name, list);
    putMember(this.#map!, name, list);
  }

  get value(): unknown {
    return this.#map ?? this.#items;
  }
}

const memberWords = 'must hold items of a key and a value';

/** `<item><key/><value/></item>` again and again. */
function* readMap(reader: ElementReader): Slices<unknown> {
  const map: Record<string, unknown> = {};
  for (;;) {
    if (reader.due) yield* reader.pause();
    if (!nextElement(reader, memberWords)) return map;
    refuseReference(reader);
    if (!nextElement(reader, memberWords) || reader.local !== 'key') wrong(memberWords);
    const name = yield* valueInTurn(reader, asText);
    if (hasMember(map, name)) wrong(`has the member ${name} twice`);
    if (!nextElement(reader, memberWords) || reader.local !== 'value') wrong(memberWords);
    try {
      putMember(map, name, yield* decodeAny(reader));
    } catch (error) {
      throw within(error, name);
    }
    if (nextElement(reader, memberWords)) wrong(memberWords);
  }
}

/** What says no type, or one that is not known here: text, or what its elements are. */
function* readByForm(reader: ElementReader): Slices<unknown> {
  let text = '';
  let children: Children | undefined;
  for (;;) {
    if (reader.due) yield* reader.pause();
    const event = reader.next();
    if (event === 'text') text += reader.text;
    else if (event === 'open') {
      children ??= new Children();
      const name = reader.local;
      try {
        children.add(name, yield* decodeAny(reader));
      } catch (error) {
        throw within(error, name);
      }
    } else {
      if (children === undefined) return text;
      return text.trim() === '' ? children.value : wrong('must not have text between its elements');
    }
  }
}

/** Types that say nothing of what is in them; the second is of a draft of XML Schema. */
const shapeless = new Set(['anyType', 'ur-type', 'Struct']);

function* readValue(reader: ElementReader, inArray: QName | undefined): Slices<unknown> {
  if (isNil(reader)) {
    yield* reader.skipInSlices();
    return null;
  }
  refuseReference(reader);
  const { local, of } = typeNamed(reader, ownType(reader, inArray));
  if (of === 'apache' || of === 'any') {
    if (local === anyTypes.map) return yield* readMap(reader);
    // Vector is what Apache SOAP and Axis make of the lists of Java.
    if (local === anyTypes.list || local === 'Vector') return yield* readOpenList(reader, readValue);
  }
  // SOAP 1.2 has no type for an array: its attributes tell.
  if ((of === 'soap' && local === 'Array') || arrayFormOf(reader) !== undefined)
    return yield* readOpenList(reader, readValue);
  if (of === undefined) return yield* readByForm(reader);
  if (local === 'base64Binary' || local === 'base64' || local === 'hexBinary') {
    return tagged('bytes', yield* valueInTurn(reader, asBytes));
  }
  const convert = simple.get(local);
  if (convert === undefined) {
    const isSaid = xsiType(reader) !== undefined && !shapeless.has(local);
    return isSaid ? yield* valueInTurn(reader, asText) : yield* readByForm(reader);
  }
  return convert((yield* valueInTurn(reader, asText)).trim());
}

/** A value by what it says of itself. Never undefined: what is nil is null. */
export const decodeAny: DecodeInSlices = (reader) => readValue(reader, undefined);
