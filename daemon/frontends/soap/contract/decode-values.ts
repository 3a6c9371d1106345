/** Values of a contract's types, while they are read: compiled once for each type, and by its names. */
import { canonicalBase64 } from '../../../wire/base64.ts';
import { type ArrayForm, arrayFormOf } from '../arrays.ts';
import type { ElementReader } from '../graph.ts';
import { xsdNamespaces } from '../names.ts';
import { type Decode, isNil, nextElement, refuseReference, textOf, within, wrong, xsiType } from '../scalars.ts';
import { decodeAnyIn } from './decode-any.ts';
import { readFragment } from './fragments.ts';
import { labelled, type TypeNames } from './labels.ts';
import { readName, simpleFrom } from './simple-values.ts';
import { clark, type QName } from './tree.ts';
import {
  type AttributeUse,
  type ComplexType,
  derivesFrom,
  type Field,
  onlyItems,
  type SimpleType,
  type XsdType,
} from './types.ts';

const recordWords = 'must be a record: one element for each field';
const listWords = 'must be a list: one element for each item';

const isXsd = (name: QName | undefined, ...locals: string[]): boolean =>
  name !== undefined && xsdNamespaces.has(name.namespace) && locals.includes(name.local);

const skipped = (reader: ElementReader): undefined => {
  reader.skip();
};

export class ValueDecoder {
  readonly #types: TypeNames;
  readonly #mostPlaces: number;
  readonly #compiled = new Map<XsdType, Decode>();
  readonly #any: Decode;
  readonly #map: Decode;

  /** `mostPlaces` bounds what the places of items may claim; of other lists the text is the bound. */
  constructor(types: TypeNames, mostPlaces: number) {
    this.#types = types;
    this.#mostPlaces = mostPlaces;
    const open = decodeAnyIn(types, (type) => this.of(type), mostPlaces);
    this.#any = open.value;
    this.#map = open.map;
  }

  /** Reads an element of that type. Undefined: it is nil. */
  of(type: XsdType): Decode {
    const known = this.#compiled.get(type);
    if (known !== undefined) return known;
    // Types may be within themselves.
    let made: Decode | undefined;
    this.#compiled.set(type, (reader) => made!(reader));
    made = this.#compile(type);
    this.#compiled.set(type, made);
    return made;
  }

  #compile(type: XsdType): Decode {
    switch (type.kind) {
      case 'simple':
        return this.#simple(type);
      case 'any':
        return this.#any;
      case 'complex':
        return this.#orDerived(type, this.#complex(type));
    }
  }

  /** `fallback` is what stands for an empty element. */
  #simple(type: SimpleType, fallback?: string): Decode {
    const { kind, name } = type.builtin;
    const plain = simpleFrom(type);
    const convert = fallback === undefined ? plain : (text: string) => plain(text === '' ? fallback : text);
    return (reader) => {
      if (isNil(reader)) return skipped(reader);
      refuseReference(reader);
      if (name === 'QName' || name === 'NOTATION') return convert(readName(reader));
      const said = kind === 'string' || kind === 'bytes' ? xsiType(reader) : undefined;
      const text = textOf(reader);
      // Senders without a WSDL say what they have: what is sent as text is text.
      if (kind === 'bytes' && isXsd(said, 'string')) return Buffer.from(text).toString('base64');
      if (kind === 'bytes' && isXsd(said, 'base64Binary')) return canonicalBase64(text) ?? wrong('must be base64');
      if (kind === 'string' && isXsd(said, 'base64Binary')) {
        const coded = canonicalBase64(text) ?? wrong('must be base64, as its xsi:type says');
        return convert(Buffer.from(coded, 'base64').toString('utf8'));
      }
      return convert(text);
    };
  }

  /** With `xsi:type`, what is there may be of a type that is derived from the one that is declared. */
  #orDerived(type: ComplexType, decode: Decode): Decode {
    return (reader) => {
      if (isNil(reader)) return skipped(reader);
      refuseReference(reader);
      const said = xsiType(reader);
      const actual = said && this.#types.named(clark(said));
      if (actual !== undefined && actual !== type && actual.kind === 'complex' && derivesFrom(actual, type)) {
        return labelled(this.#types.labelOf(actual)!, this.of(actual)(reader) as object);
      }
      if (type.abstract) return wrong('must say its type, with xsi:type: the one that is declared is abstract');
      return decode(reader);
    };
  }

  #complex(type: ComplexType): Decode {
    if (type.map) return this.#map;
    if (type.array !== undefined) return this.#array(type.array);
    if (type.text !== undefined) return this.#text(type, type.text);
    const items = onlyItems(type);
    return items === undefined ? this.#record(type) : this.#items(items);
  }

  /** What is in a type that is only there to hold a list. */
  #items(field: Field): Decode {
    const decode = this.of(field.type);
    return (reader) => {
      const list: unknown[] = [];
      while (nextElement(reader, listWords)) {
        if (reader.local !== field.element.local) wrong(`must hold <${field.element.local}>, not <${reader.name}>`);
        this.#push(list, reader, decode);
      }
      return list;
    };
  }

  #push(list: unknown[], reader: ElementReader, decode: Decode): void {
    try {
      list.push(decode(reader) ?? null);
    } catch (error) {
      throw within(error, list.length);
    }
  }

  #array({ items, dimensions }: NonNullable<ComplexType['array']>): Decode {
    const decode = this.of(items);
    const read = (reader: ElementReader, form: ArrayForm | undefined, left: number): unknown[] => {
      const taken = form?.dimensions ?? 1;
      if (taken > left) wrong('has more dimensions than it may');
      const list: unknown[] = [];
      while (nextElement(reader, listWords)) {
        form?.place(reader);
        this.#push(list, reader, taken === left ? decode : (inner) => row(inner, left - taken));
      }
      return form === undefined ? list : form.arrange(list, this.#mostPlaces);
    };
    const row = (reader: ElementReader, left: number): unknown => {
      if (isNil(reader)) return skipped(reader);
      refuseReference(reader);
      return read(reader, arrayFormOf(reader), left);
    };
    return (reader) => read(reader, arrayFormOf(reader), dimensions);
  }

  #attributes(uses: readonly AttributeUse[]): (reader: ElementReader, into: Record<string, unknown>) => void {
    const compiled = uses.map((use) => ({ ...use, convert: simpleFrom(use.type) }));
    return (reader, into) => {
      for (const { name, attribute, convert, fallback, required } of compiled) {
        const text = reader.attribute(attribute.local, attribute.namespace) ?? fallback;
        try {
          if (text !== undefined) into[name] = convert(text);
          else if (required) wrong('must be given');
        } catch (error) {
          throw within(error, name);
        }
      }
    };
  }

  #text({ attributes }: ComplexType, text: SimpleType): Decode {
    const read = this.#attributes(attributes);
    const convert = simpleFrom(text);
    return (reader) => {
      const record: Record<string, unknown> = {};
      read(reader, record);
      try {
        const value = convert(textOf(reader));
        if (value !== undefined) record.value = value;
      } catch (error) {
        throw within(error, 'value');
      }
      return record;
    };
  }

  #record(type: ComplexType): Decode {
    const read = this.#attributes(type.attributes);
    const children = this.fields(type.fields, type.wildcard);
    return (reader) => {
      const record: Record<string, unknown> = {};
      read(reader, record);
      children(reader, record);
      return record;
    };
  }

  /** Reads the children of the element that is open, by their local names and in any order. */
  fields(
    fields: readonly Field[],
    wildcard?: ComplexType['wildcard'],
    unknown?: (reader: ElementReader, position: number) => Field | undefined,
  ): (reader: ElementReader, into: Record<string, unknown>) => void {
    const compiled = new Map(fields.map((field) => [field.element.local, this.field(field)]));
    return (reader, into) => {
      const chosen = new Map<object, number>();
      let position = 0;
      while (nextElement(reader, recordWords)) {
        const one = compiled.get(reader.local) ?? compiled.get(unknown?.(reader, position)?.element.local ?? '');
        position++;
        if (one !== undefined) one(reader, into, chosen);
        else if (wildcard !== undefined) readWildcard(reader, wildcard, into);
        else throw within(unknownField(), reader.local);
      }
    };
  }

  /** Reads one element of a field into a record. */
  field(field: Field): (reader: ElementReader, into: Record<string, unknown>, chosen: Map<object, number>) => void {
    const { name, choice, repeated, fallback } = field;
    const { type } = field;
    const decode = fallback === undefined || type.kind !== 'simple' ? this.of(type) : this.#simple(type, fallback);
    return (reader, into, chosen) => {
      if (choice !== undefined) {
        const other = chosen.get(choice.of) ?? choice.branch;
        if (other !== choice.branch) throw within(failure('excludes what is given before it'), name);
        chosen.set(choice.of, choice.branch);
      }
      try {
        if (repeated) {
          const list = listIn(into, name);
          this.#push(list, reader, decode);
          return;
        }
        if (Object.hasOwn(into, name)) wrong('is given twice');
        const value = decode(reader);
        if (value !== undefined) into[name] = value;
      } catch (error) {
        throw within(error, name);
      }
    };
  }
}

const failure = (message: string): unknown => {
  try {
    return wrong(message);
  } catch (error) {
    return error;
  }
};
const unknownField = () => failure('is not known here');

/** The list that a record has under that name; a name that every object has is none. */
const listIn = (into: Record<string, unknown>, name: string): unknown[] => {
  if (!Object.hasOwn(into, name)) into[name] = [];
  return into[name] as unknown[];
};

const readWildcard = (
  reader: ElementReader,
  { name, repeated }: NonNullable<ComplexType['wildcard']>,
  into: Record<string, unknown>,
): void => {
  if (repeated) {
    listIn(into, name).push(readFragment(reader));
    return;
  }
  if (Object.hasOwn(into, name)) throw within(unknownField(), reader.local);
  into[name] = readFragment(reader);
};
