/** Values of a contract's types as elements: compiled once for each type, for literal messages and for encoded ones. */
import { escapeAttribute, escapeText } from '../../../../wire/escape.ts';
import type { XmlLimits } from '../../../../wire/xml.ts';
import { enclosed, joined, sliced, type Text } from '../../../long-text.ts';
import { within, wrong } from '../../message/mismatch.ts';
import { type SoapVersion, xsdNamespace } from '../../message/names.ts';
import {
  type ComplexType,
  type Content,
  derivesFrom,
  type Field,
  onlyItems,
  type SimpleType,
  type Wildcard,
  type XsdType,
} from '../schema/types.ts';
import { checkedFragment } from '../values/fragments.ts';
import { labelOf, type TypeNames } from '../values/labels.ts';
import { choicesOf, fieldOf, namesOf, recordOf } from '../values/records.ts';
import { simpleTo, splitClark } from '../values/simple.ts';
import { encodeAnyIn } from './any.ts';
import { arrayAttributes, arrayWriter } from './arrays.ts';
import { encodingPrefix, type Prefixes } from './prefixes.ts';
import { eachOf, element, inStep, listOf, nil, type Write } from './writing.ts';

/** How a message is written. */
export interface Writing {
  /** The version whose encoding it is in; undefined for literal messages. */
  encoding: SoapVersion | undefined;
}

/** Types within types that are compiled in one go. */
const deepest = 64;

export class ValueEncoder {
  readonly #types: TypeNames;
  readonly #prefixes: Prefixes;
  readonly #encoding: SoapVersion | undefined;
  readonly #limits: XmlLimits;
  readonly #compiled = new Map<XsdType, Write>();
  readonly #any: ReturnType<typeof encodeAnyIn>;
  /** Types within types that are being compiled, and those that are too deep in them for the stack: compiled after them. */
  #depth = 0;
  readonly #left: (() => void)[] = [];

  constructor(types: TypeNames, prefixes: Prefixes, { encoding }: Writing, limits: XmlLimits) {
    this.#types = types;
    this.#prefixes = prefixes;
    this.#encoding = encoding;
    this.#limits = limits;
    this.#any = encodeAnyIn(types, (type) => this.of(type), { encoding, nameOf: (type) => this.#typeName(type) });
  }

  of(type: XsdType): Write {
    const known = this.#compiled.get(type);
    if (known !== undefined) return known;
    let made: Write | undefined;
    const later: Write = (tag, value, attributes) => made!(tag, value, attributes);
    this.#compiled.set(type, later);
    const compile = () => {
      made = this.#compile(type);
      this.#compiled.set(type, made);
      return made;
    };
    if (this.#depth === deepest) {
      this.#left.push(compile);
      return later;
    }
    this.#depth++;
    const write = compile();
    if (this.#depth === 1) for (let next = this.#left.pop(); next !== undefined; next = this.#left.pop()) next();
    this.#depth--;
    return write;
  }

  #compile(type: XsdType): Write {
    switch (type.kind) {
      case 'simple':
        return this.#simple(type);
      case 'any':
        return this.#any.value;
      case 'complex':
        return this.#orDerived(type, this.#complex(type));
    }
  }

  /** Writes a field: as many elements as it has, none, or one that is nil. */
  field(field: Field): (from: Record<string, unknown>) => Text {
    const { name, repeated } = field;
    if (!repeated) {
      const one = this.element(field, this.tag(field));
      return (from) => inStep(name, () => one(fieldOf(from, name)));
    }
    const all = this.#all(field);
    const { least } = this.#bounds(field);
    return (from) => {
      const value = fieldOf(from, name);
      if ((value === undefined || value === null) && least === undefined) return '';
      return inStep(name, () => all(value ?? []));
    };
  }

  /** Writes what comes more than once: elements, or groups of them. */
  #all(field: Field): (value: unknown) => Text {
    const bounds = this.#bounds(field);
    if (field.group !== undefined) {
      const write = this.content(field.group);
      return (value) => eachOf(listOf(value, bounds), write);
    }
    const tag = this.tag(field);
    const one = this.element(field, tag);
    return (value) => eachOf(listOf(value, bounds), (item) => this.#item(field, tag, item, one));
  }

  /** Writes what a group holds each time, or a Body, without an element around it. It must be what is read of it again. */
  content(group: Content): (item: unknown) => Text {
    const contents = this.#contents(group);
    const known = new Set(namesOf(group));
    const check = choicesOf(group);
    return (item) => {
      const from = recordOf(item);
      for (const name in from) if (!known.has(name)) throw within(unknown(), name);
      check(from);
      return joined(contents, (write) => write(from), undefined);
    };
  }

  /** Writers of what an element holds, in its order. */
  #contents({ fields, wildcard }: Content): ((from: Record<string, unknown>) => Text)[] {
    const contents = fields.map((field) => this.field(field));
    if (wildcard !== undefined) contents.splice(wildcard.at, 0, (from) => this.#wildcard(wildcard, from));
    return contents;
  }

  /** How often a field comes; encoded, any of it may be left out. */
  #bounds({ most, least }: Field): Pick<Field, 'most' | 'least'> {
    return { ...(most !== undefined && { most }), ...(least !== undefined && !this.#encoding && { least }) };
  }

  /** The tag of a field: its name alone in encoded messages. */
  tag({ element: { local, namespace } }: Field): string {
    return this.#encoding === undefined ? this.#prefixes.name({ local, namespace }) : local;
  }

  /** Writes the element of a field that comes once. */
  element(field: Field, tag: string): (value: unknown, attributes?: string) => Text {
    const write = this.of(field.type);
    const { nillable, optional, fallback } = field;
    return (value, attributes = '') => {
      if (value !== undefined && value !== null) return write(tag, value, attributes);
      if (optional && (value === undefined || !nillable)) return '';
      if (nillable || this.#encoding !== undefined) return nil(tag, attributes);
      if (fallback !== undefined) return `<${tag}${attributes}>${escapeText(fallback)}</${tag}>`;
      return wrong('must be given');
    };
  }

  /** An item that is not set, where none may be nil, is an empty element: it must keep its place. */
  #item(field: Field, tag: string, item: unknown, one: (value: unknown) => Text): Text {
    return item === null && !field.nillable && this.#encoding === undefined ? `<${tag}/>` : one(item);
  }

  /** The name of a type for `xsi:type`; undefined for one that has none. */
  #typeName(type: XsdType): string | undefined {
    const name =
      type.name ?? (type.kind === 'simple' ? { namespace: xsdNamespace, local: type.builtin.name } : undefined);
    return name && this.#prefixes.name(name);
  }

  /** `xsi:type`, which encoded values always say. */
  #typed(type: XsdType): string {
    const name = this.#encoding === undefined ? undefined : this.#typeName(type);
    return name === undefined ? '' : ` xsi:type="${name}"`;
  }

  #simple(type: SimpleType): Write {
    const convert = simpleTo(type);
    const typed = this.#typed(type);
    if (type.builtin.name === 'QName' || type.builtin.name === 'NOTATION') {
      return (tag, value, attributes = '') => {
        const { namespace, local } = splitClark(convert(value));
        const declared = namespace === '' ? '' : ` xmlns:q="${escapeAttribute(namespace)}"`;
        const text = escapeText(namespace === '' ? local : `q:${local}`);
        return `<${tag}${attributes}${declared}${typed}>${text}</${tag}>`;
      };
    }
    return (tag, value, attributes = '') =>
      enclosed(`<${tag}${attributes}${typed}>`, sliced(convert(value), escapeText), `</${tag}>`);
  }

  /** A record may be of a type that is derived from the declared one; its label says so. */
  #orDerived(type: ComplexType, write: Write): Write {
    return (tag, value, attributes = '') => {
      const label = labelOf(value);
      if (label === undefined || type.map) return write(tag, value, attributes);
      const actual = this.#types.labelled(label);
      if (actual === type) return write(tag, value, attributes);
      if (actual === undefined || !derivesFrom(actual, type)) {
        return wrong(`is labelled ${label}, which is no type that may be here`);
      }
      // Encoded, the element says its type by itself.
      const typed = this.#encoding === undefined ? ` xsi:type="${this.#typeName(actual)}"` : '';
      return this.of(actual)(tag, value, attributes + typed);
    };
  }

  #complex(type: ComplexType): Write {
    if (type.map) return this.#any.map;
    if (type.array !== undefined) return this.#array(type, type.array);
    const items = onlyItems(type);
    const typed = this.#typed(type);
    if (items !== undefined) {
      const all = this.#all(items);
      return (outer, value, attributes = '') => element(outer, attributes + typed, all(value));
    }
    return this.#record(type, typed);
  }

  #record(type: ComplexType, typed: string): Write {
    const attributes = type.attributes.map(({ attribute, ...use }) => ({
      ...use,
      tag: this.#prefixes.name(attribute),
      convert: simpleTo(use.type),
    }));
    const text = type.text && simpleTo(type.text);
    const contents = this.#contents(type);
    if (text !== undefined) contents.unshift((from) => escapeText(text(fieldOf(from, 'value') ?? '')));
    const known = new Set([...namesOf(type), ...type.attributes.map(({ name }) => name), '$type']);
    if (text !== undefined) known.add('value');
    return (tag, value, more = '') => {
      const from = recordOf(value);
      for (const name in from) if (!known.has(name)) throw within(unknown(), name);
      let open = more;
      for (const { name, tag: attribute, convert, required } of attributes) {
        const given = fieldOf(from, name);
        try {
          if (given !== undefined && given !== null) open += ` ${attribute}="${escapeAttribute(convert(given))}"`;
          else if (required) wrong('must be given');
        } catch (error) {
          throw within(error, name);
        }
      }
      return element(
        tag,
        open + typed,
        joined(contents, (write) => write(from), undefined),
      );
    };
  }

  #wildcard({ name, repeated }: Wildcard, from: Record<string, unknown>): Text {
    const value = fieldOf(from, name);
    if (value === undefined || value === null) return '';
    return inStep(name, () =>
      repeated
        ? eachOf(listOf(value), (item) => checkedFragment(item, this.#limits))
        : checkedFragment(value, this.#limits),
    );
  }

  #array(type: ComplexType, { items, dimensions }: NonNullable<ComplexType['array']>): Write {
    const write = this.of(items);
    const attributesOf = arrayAttributes(this.#encoding, this.#itemName(items));
    return arrayWriter(write, dimensions, attributesOf, this.#typed(type));
  }

  /** The type of items as an array names it. */
  #itemName(type: XsdType): string {
    if (type.kind === 'any') return 'xsd:anyType';
    if (type.kind === 'complex' && type.name === undefined) return `${encodingPrefix}:Array`;
    return this.#typeName(type)!;
  }
}

const unknown = (): unknown => {
  try {
    return wrong('is not in the contract');
  } catch (error) {
    return error;
  }
};
