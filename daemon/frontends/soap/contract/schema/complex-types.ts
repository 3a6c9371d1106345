/** Complex types of a schema: extension and restriction, arrays of SOAP. */
import { readAttributes } from './attributes.ts';
import { readContent } from './content.ts';
import { anyType, type Declared, type SchemaContext, type Schemas } from './schemas.ts';
import { restricted } from './simple-types.ts';
import type { Node } from './tree.ts';
import { type ComplexType, elementsIn, type Field, type SimpleType, wildcardsIn, type XsdType } from './types.ts';

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';

class Reader {
  readonly #schemas: Schemas;
  readonly #type: ComplexType;

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
    readContent(node, context, this.#schemas, this.#type);
    readAttributes(node, context, this.#schemas, this.#type.attributes);
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
    if ([...names, ...elementsIn(fields)].includes('__proto__'))
      node.fail('has something called __proto__, which is not supported');
    const seen = new Set<string>();
    const twice = names.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) node.fail(`has two things called ${twice}, which is not supported`);
    if (!fields.some(({ group }) => group !== undefined)) return;
    const elements = new Set<string>();
    const shared = elementsIn(fields).find((local) => elements.size === elements.add(local).size);
    const where = 'one of them in a group that may come more than once, which is not supported';
    if (shared !== undefined) node.fail(`has two elements called ${shared}, ${where}`);
    if (wildcardsIn(this.#type) > 1) node.fail(`has two elements that may be any, ${where}`);
  }
}

/** Reads a `complexType` into `type`, which others may refer to already. */
export const readComplexType = (declared: Declared, schemas: Schemas, type: ComplexType): void =>
  new Reader(schemas, type).read(declared);
