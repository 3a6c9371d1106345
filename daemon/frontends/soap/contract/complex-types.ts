/** Complex types of a schema: groups of elements, extension and restriction, arrays of SOAP. */
import { xsdNamespaces } from '../message/names.ts';
import { readAttributes } from './attributes.ts';
import {
  bounded,
  isForbidden,
  leastOf,
  mayBeEmpty,
  mayBeMissing,
  mayRepeat,
  mostOf,
  particlesOf,
} from './particles.ts';
import { anyType, type Declared, type SchemaContext, type Schemas } from './schemas.ts';
import { restricted } from './simple-types.ts';
import { type Node, type QName, sameName } from './tree.ts';
import type { ComplexType, Field, SimpleType, XsdType } from './types.ts';

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';

/** What the groups around an element say of it. */
interface Around {
  optional: boolean;
  repeated: boolean;
  most: number;
  least: number;
  choice?: { of: object; branch: number };
}

class Reader {
  readonly #schemas: Schemas;
  readonly #type: ComplexType;
  /** The fields of each choice that is being read. */
  readonly #choosing: Set<string>[] = [];

  constructor(schemas: Schemas, type: ComplexType) {
    this.#schemas = schemas;
    this.#type = type;
  }

  read({ node, context }: Declared): void {
    this.#type.abstract = node.attribute('abstract') === 'true';
    const simple = node.first('simpleContent');
    const complex = node.first('complexContent');
    if (simple !== undefined) this.#simpleContent(simple, context);
    else if (complex !== undefined) this.#complexContent(complex, context);
    else this.#content(node, context);
    this.#rename();
    this.#check(node);
  }

  #derivation(content: Node): { node: Node; extends: boolean; base: XsdType } {
    const extension = content.first('extension');
    const node = extension ?? content.first('restriction') ?? content.fail('neither extends nor restricts a type');
    return {
      node,
      extends: extension !== undefined,
      base: this.#schemas.type(node.resolve(node.needed('base')), node),
    };
  }

  #simpleContent(content: Node, context: SchemaContext): void {
    const { node, base, extends: isExtension } = this.#derivation(content);
    let text: SimpleType;
    if (base.kind === 'simple') text = base;
    else if (base.kind === 'complex' && base.text !== undefined) {
      text = base.text;
      this.#type.base = base;
      this.#type.attributes.push(...base.attributes);
    } else throw node.error('needs a base whose content is text');
    this.#type.text = isExtension ? text : restricted(node, text);
    readAttributes(node, context, this.#schemas, this.#type.attributes);
  }

  #complexContent(content: Node, context: SchemaContext): void {
    const { node, base, extends: isExtension } = this.#derivation(content);
    if (base.kind === 'simple') throw node.error('needs a base that has elements');
    if (base.kind === 'any') {
      this.#content(node, context);
      return;
    }
    if (base.array !== undefined && !isExtension) {
      this.#array(node, context);
      return;
    }
    this.#type.base = base;
    this.#type.attributes.push(...base.attributes);
    if (isExtension) {
      this.#type.fields.push(...base.fields);
      if (base.choices !== undefined) this.#type.choices = [...base.choices];
      if (base.wildcard !== undefined) this.#type.wildcard = base.wildcard;
      if (base.array !== undefined) this.#type.array = base.array;
    }
    this.#content(node, context);
  }

  /** SOAP 1.1 section 5.4.2, as WSDL 1.1 section 2.2 declares it: `wsdl:arrayType="xsd:string[,]"`. */
  #array(restriction: Node, context: SchemaContext): void {
    const attribute = restriction
      .all('attribute')
      .find((one) => one.attribute('arrayType', wsdlNamespace) !== undefined);
    if (attribute === undefined) {
      const [field] = this.#fieldsOf(restriction, context);
      const array = { items: anyType as XsdType, dimensions: 1 };
      this.#type.array = array;
      this.#schemas.later(() => {
        if (field !== undefined) array.items = field.type;
      });
      return;
    }
    const written = attribute.attribute('arrayType', wsdlNamespace)!;
    const found =
      /^([^[\]\s]+)\s*((?:\[[\d,\s]*\])*)$/.exec(written) ?? attribute.fail(`has no array type: ${written}`);
    // WSDLs of PHP programs have `tns:Line` alone: an array of lines.
    const sizes = (found[2]! || '[]').match(/\[[^\]]*\]/g)!.map((brackets) => brackets.split(',').length);
    let items = this.#schemas.type(attribute.resolve(found[1]!), attribute);
    // `string[][,]`: the last is what is outside.
    const outer = sizes.pop()!;
    for (const dimensions of sizes) {
      items = { kind: 'complex', abstract: false, fields: [], attributes: [], array: { items, dimensions } };
    }
    this.#type.array = { items, dimensions: outer };
  }

  #fieldsOf(node: Node, context: SchemaContext): Field[] {
    const before = this.#type.fields.splice(0);
    this.#content(node, context);
    return this.#type.fields.splice(0, Infinity, ...before);
  }

  #content(node: Node, context: SchemaContext): void {
    const around = { optional: false, repeated: false, most: 1, least: 1 };
    for (const child of node.children) {
      if (['sequence', 'all', 'choice', 'group'].includes(child.local)) this.#group(child, context, around);
    }
    readAttributes(node, context, this.#schemas, this.#type.attributes);
  }

  #group(node: Node, context: SchemaContext, around: Around): void {
    if (isForbidden(node)) return;
    this.#schemas.count(node);
    const inner: Around = {
      ...around,
      optional: around.optional || mayBeMissing(node),
      repeated: around.repeated || mayRepeat(node),
      most: around.most * mostOf(node),
      least: around.least * leastOf(node),
    };
    if (node.local === 'group') {
      const name = node.resolve(node.needed('ref'));
      const found = this.#schemas.declared('group', name) ?? this.#schemas.missing('group', name, node);
      this.#schemas.within(found.node, () => {
        for (const child of found.node.children) this.#group(child, found.context, inner);
      });
      return;
    }
    if (node.local === 'annotation') return;
    const particles = particlesOf(node);
    if (node.local !== 'choice') {
      if (mayRepeat(node) && particles.length > 1) {
        node.fail('repeats a group of several elements, which is not supported');
      }
      for (const child of particles) this.#particle(child, context, inner);
      return;
    }
    const of = {};
    const names = new Set<string>();
    this.#choosing.push(names);
    for (const [branch, child] of particles.entries()) {
      const choice = inner.repeated || inner.choice !== undefined ? {} : { choice: { of, branch } };
      this.#particle(child, context, { ...inner, ...choice, optional: true });
    }
    this.#choosing.pop();
    if (inner.optional || mayBeEmpty(node) || names.size === 0) return;
    this.#type.choices ??= [];
    this.#type.choices.push([...names]);
  }

  #particle(node: Node, context: SchemaContext, around: Around): void {
    if (node.local === 'element') this.#element(node, context, around);
    else if (node.local === 'any') this.#any(node, around);
    else this.#group(node, context, around);
  }

  #any(node: Node, { repeated }: Around): void {
    this.#type.wildcard = { name: 'any', repeated: repeated || mayRepeat(node) || this.#type.wildcard !== undefined };
  }

  #element(node: Node, context: SchemaContext, around: Around): void {
    if (isForbidden(node)) return;
    const reference = node.qname('ref');
    // A schema within a message, as the data sets of .NET have it.
    if (reference !== undefined && xsdNamespaces.has(reference.namespace)) {
      this.#any(node, around);
      return;
    }
    const substitutes = reference && this.#schemas.substitutes(reference, node);
    if (substitutes !== undefined) {
      this.#substitutes(node, substitutes, around);
      return;
    }
    const declared = reference === undefined ? undefined : this.#schemas.element(reference, node);
    const local = reference?.local ?? node.needed('name');
    const form = node.attribute('form');
    const qualified = form === undefined ? context.qualifiedElements : form === 'qualified';
    const fallback = node.attribute('default') ?? node.attribute('fixed') ?? declared?.fallback;
    const field: Field = {
      name: local,
      element: reference ?? { local, namespace: qualified ? context.targetNamespace : '' },
      type: anyType,
      nillable: declared?.nillable ?? node.attribute('nillable') === 'true',
      optional: around.optional || mayBeMissing(node),
      repeated: around.repeated || mayRepeat(node),
      ...bounded(node, around),
      ...(around.choice && { choice: around.choice }),
      ...(fallback !== undefined && { fallback }),
    };
    this.#schemas.later(() => {
      field.type = declared?.type ?? this.#schemas.typeOf(node, context);
    });
    this.#put(node, field);
  }

  /** Where the head of a substitution group stands it is a choice of all that may be there. */
  #substitutes(node: Node, names: readonly QName[], around: Around): void {
    const repeated = around.repeated || mayRepeat(node);
    const optional = around.optional || mayBeMissing(node) || names.length > 1;
    const of = {};
    for (const [branch, element] of names.entries()) {
      this.#schemas.count(node);
      const { type, nillable, fallback } = this.#schemas.element(element, node);
      const choice = around.choice ?? (repeated || names.length === 1 ? undefined : { of, branch });
      const field: Field = {
        ...{ name: element.local, element, type, nillable, optional, repeated },
        ...bounded(node, { ...around, optional }),
        ...(choice && { choice }),
        ...(fallback !== undefined && { fallback }),
      };
      this.#schemas.later(() => {
        field.type = this.#schemas.element(element, node).type;
      });
      this.#put(node, field);
    }
  }

  #put(node: Node, field: Field): void {
    const { fields } = this.#type;
    for (const names of this.#choosing) names.add(field.name);
    const known = fields.find(({ name }) => name === field.name);
    if (known === undefined) {
      fields.push(field);
      return;
    }
    const alternative = known.choice !== undefined && known.choice.of === field.choice?.of;
    if (!alternative || known.choice!.branch === field.choice!.branch || !sameName(known.element, field.element)) {
      node.fail('comes twice in one type, which is not supported');
    }
    // In several branches of a choice: it excludes nothing.
    delete known.choice;
  }

  /** Elements and attributes do not share their names in XML, as they do in memory: there the attribute has another. */
  #rename(): void {
    const { fields, attributes, text } = this.#type;
    const taken = new Set(fields.map(({ name }) => name));
    if (text !== undefined) taken.add('value');
    for (const [i, use] of attributes.entries()) {
      if (taken.has(use.name)) attributes[i] = { ...use, name: `${use.name}_attribute` };
    }
  }

  #check(node: Node): void {
    const { fields, attributes, text, wildcard } = this.#type;
    const names = [...fields, ...attributes].map(({ name }) => name);
    if (text !== undefined) names.push('value');
    if (wildcard !== undefined) names.push(wildcard.name);
    if (names.includes('__proto__')) node.fail('has something called __proto__, which is not supported');
    const seen = new Set<string>();
    const twice = names.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) node.fail(`has two things called ${twice}, which is not supported`);
  }
}

/** Reads a `complexType` into `type`, which others may refer to already. */
export const readComplexType = (declared: Declared, schemas: Schemas, type: ComplexType): void =>
  new Reader(schemas, type).read(declared);
