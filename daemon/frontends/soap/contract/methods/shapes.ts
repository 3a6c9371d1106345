/** The types of a contract as shapes: what a method takes and answers that serves an operation of it. */
import {
  any,
  bool,
  bytes,
  counter,
  fieldsOf,
  int,
  type Kind,
  kinds,
  list,
  number,
  oneOf,
  optional,
  record,
  type Shape,
  string,
  type Typed,
  time,
} from '../../../../../plugin-protocol/shape.ts';
import { type ComplexType, type Field, isList, onlyItems, type SimpleType, type XsdType } from '../schema/types.ts';
import type { Block, BodyForm, ContractOperation } from '../wsdl/contract.ts';

type AnyTyped = Typed<unknown>;

/** Text of a contract is bounded by what a request may hold, and by nothing else. */
const longest = 2 ** 24;

/** Types that a service of our own can have in their place: not those whose text depends on the document around it. */
const isOwn = /^(?!ID|ENTIT|QName|NOTATION|any)/;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const simpleShape = (type: SimpleType, doc: string): AnyTyped => {
  if (type.items !== undefined) return list(simpleShape(type.items, 'An item.'), doc);
  const { kind, name, minimum, maximum } = type.builtin;
  const own = kinds[kind].xsd === name || !isOwn.test(name) ? {} : { 'x-xsd': name };
  const { words, facets } = { words: type.facets.words, facets: type.facets };
  if (type.union !== undefined) return string(doc, { maxLength: longest });
  switch (kind) {
    case 'bool':
      return bool(doc);
    case 'int':
      return int(doc, { minimum: minimum!, maximum: maximum! });
    case 'counter':
      return counter(doc, own);
    case 'number':
      return number(doc, own);
    case 'time':
      return time(doc);
    case 'bytes':
      return bytes(doc, own);
    case 'string':
      return words === undefined ? string(doc, { maxLength: facets.maxLength ?? longest, ...own }) : oneOf(words, doc);
  }
};

/** Types within types that shapes go into. */
const deepest = 64;

/**
 * Shapes of types. A type within itself is left open where it comes again, as shapes have an end, and so is one that others
 * are derived from, as what is there may be of any of them, and one that is too deep within others.
 */
export class Shapes {
  readonly #within = new Set<XsdType>();
  readonly #bases: ReadonlySet<XsdType>;
  readonly #known = new Map<XsdType, AnyTyped>();

  /** `types` are all that have a name. */
  constructor(types: readonly XsdType[]) {
    this.#bases = new Set(types.flatMap((type) => (type.kind === 'complex' && type.base ? [type.base] : [])));
  }

  /** `name` is for a record whose type has none. */
  of(type: XsdType, doc: string, name: string): AnyTyped {
    if (type.kind === 'any' || this.#within.has(type) || this.#bases.has(type)) return any(doc);
    if (this.#within.size === deepest) return any(doc);
    if (type.kind === 'simple') return simpleShape(type, doc);
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    this.#within.add(type);
    const made = this.#complex(type, doc, type.name?.local ?? name);
    this.#within.delete(type);
    this.#known.set(type, made);
    return made;
  }

  field(field: Field, name: string): AnyTyped {
    if (field.group !== undefined) {
      const each = this.#group(field.group, name + capital(field.name));
      return optional(list(each, 'Groups of elements, in their order.'));
    }
    const doc = `The element ${field.element.local}.`;
    const one = this.of(field.type, doc, name + capital(field.name));
    const shape = field.repeated ? list(field.nillable ? any(doc) : one, doc) : one;
    return field.optional || field.nillable || field.repeated ? optional(shape) : shape;
  }

  #complex(type: ComplexType, doc: string, name: string): AnyTyped {
    if (type.map) return any(doc);
    if (type.array !== undefined) return this.#array(type.array, doc);
    const items = onlyItems(type);
    if (items?.group !== undefined) return list(this.#group(items.group, `${name}Item`), doc);
    if (items !== undefined) {
      return list(items.nillable ? any(doc) : this.of(items.type, doc, `${name}Item`), doc);
    }
    return this.#record(type, doc, name);
  }

  /** What a group holds each time. What is nil there is null, which only what is open may be. */
  #group(type: ComplexType, name: string): AnyTyped {
    const doc = 'What there is each time.';
    return type.fields.some(({ nillable }) => nillable) ? any(doc) : this.#record(type, doc, name);
  }

  #record(type: ComplexType, doc: string, name: string): AnyTyped {
    const fields: Record<string, AnyTyped> = {};
    for (const { name: attribute, type: of, required } of type.attributes) {
      const shape = simpleShape(of, `The attribute ${attribute}.`);
      fields[attribute] = required ? shape : optional(shape);
    }
    if (type.text !== undefined) fields.value = optional(simpleShape(type.text, 'The text.'));
    for (const field of type.fields) fields[field.name] = this.field(field, capital(name));
    if (type.wildcard !== undefined) {
      const text = string('An element, as text of XML.', { maxLength: longest });
      fields[type.wildcard.name] = optional<unknown, Kind>(type.wildcard.repeated ? list(text, 'Elements.') : text);
    }
    return record(capital(name), doc, fields) as AnyTyped;
  }

  /** An item of an array may be unset. */
  #array({ dimensions }: NonNullable<ComplexType['array']>, doc: string): AnyTyped {
    let shape: AnyTyped = any('An item.');
    for (let i = 0; i < dimensions; i++) shape = list(shape, doc);
    return shape;
  }

  /** The parameters of an operation, and its headers in one of them. */
  params({ name, request, requestHeaders }: ContractOperation): Typed<unknown, 'record'> {
    const fields = this.#parts(request, capital(name));
    if (requestHeaders.length > 0) fields.headers = optional(this.#headers(requestHeaders, `${capital(name)}Headers`));
    return record(`${capital(name)}Params`, `Parameters of ${name}.`, fields) as Typed<unknown, 'record'>;
  }

  /** What an operation answers: its one part, or a record of what it has. */
  result({ name, reply, replyHeaders }: ContractOperation): AnyTyped {
    if (reply === undefined) return any('Nothing.');
    const fields = this.#parts(reply, `${capital(name)}Result`);
    if (replyHeaders.length > 0) {
      fields.headers = optional(this.#headers(replyHeaders, `${capital(name)}ReplyHeaders`));
    } else if (reply.parts.length === 1) return this.#one(reply.parts[0]!, capital(name));
    return record(`${capital(name)}Result`, `What ${name} answers.`, fields) as AnyTyped;
  }

  #one(field: Field, name: string): AnyTyped {
    const shape = this.field(field, name);
    // A result that may be unset: only what is open may be null.
    return field.optional || field.nillable ? any(`The part ${field.name}.`) : shape;
  }

  #parts({ parts }: BodyForm, name: string): Record<string, AnyTyped> {
    return Object.fromEntries(parts.map((part) => [part.name, this.field(part, name)]));
  }

  #headers(blocks: readonly Block[], name: string): AnyTyped {
    const fields = Object.fromEntries(blocks.map((block) => [block.name, optional(this.field(block.field, name))]));
    return record(name, 'Headers.', fields) as AnyTyped;
  }
}

/** Whether a header is taken as a list of all its blocks, because the method has a list where the type is none. */
export const takesSeveral = ({ field }: Block, shape: Shape | undefined): boolean =>
  shape?.['x-kind'] === 'list' && !isList(field.type);

/** The shape of a field of a record; undefined when it has none of that name, or the shape is no record. */
export const shapeOf = (of: Shape | undefined, field: string): Shape | undefined => {
  if (of?.['x-kind'] !== 'record') return undefined;
  return fieldsOf(of).find(([name]) => name === field)?.[1];
};
