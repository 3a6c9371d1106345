/** Messages of a WSDL as what stands in a Body, in a Header and in the detail of a fault. */

import { isMessageBody, type Schemas } from '../schema/schemas.ts';
import { clark, type Node, type QName } from '../schema/tree.ts';
import type { Field, XsdType } from '../schema/types.ts';
import type { Block, BodyForm, ContractOperation } from './contract.ts';

/** A type whose elements may stand for parameters. */
const isWrapper = (type: XsdType): boolean =>
  type.kind === 'complex' &&
  type.attributes.length === 0 &&
  type.base === undefined &&
  type.text === undefined &&
  type.wildcard === undefined &&
  type.array === undefined &&
  !type.map;

const noName: QName = { namespace: '', local: '' };

/** What is not known before all types are: whether a part is the wrapper of the parameters. */
const unsettled = new WeakMap<BodyForm, { operation: string; reply: boolean }>();

export class Messages {
  readonly #schemas: Schemas;
  readonly #find: (name: QName, at: Node) => Node;

  constructor(schemas: Schemas, find: (name: QName, at: Node) => Node) {
    this.#schemas = schemas;
    this.#find = find;
  }

  body({
    operation,
    style,
    reply,
    body,
    parts,
    order,
  }: {
    operation: string;
    style: 'document' | 'rpc';
    reply: boolean;
    body: Node;
    parts: Node[];
    order: string | undefined;
  }): BodyForm {
    const encoded = this.#isEncoded(body);
    if (style === 'rpc') {
      const local = reply ? `${operation}Response` : operation;
      const form: BodyForm = {
        encoded,
        wrapper: { namespace: body.attribute('namespace') ?? '', local },
        parts: parts.map((part) => this.#accessor(part, '')),
        bare: false,
      };
      // WSDL 1.1 section 2.4.6: what is listed is put out, what is not is returned.
      const listed = order?.split(/\s+/) ?? [];
      const returned = parts.map((part) => part.needed('name')).find((name) => !listed.includes(name));
      if (returned !== undefined) form.returned = returned;
      return form;
    }
    const form: BodyForm = { encoded, parts: parts.map((part) => this.#accessor(part, '')), bare: parts.length > 0 };
    this.#refuseAlike(form, body);
    if (parts.some((part) => isMessageBody(part.qname('type') ?? noName))) {
      if (parts.length > 1) body.fail('has a part that is all of the Body, and another one');
      form.open = true;
    }
    if (parts.length === 1 && parts[0]!.qname('element') !== undefined) unsettled.set(form, { operation, reply });
    return form;
  }

  /** Elements are read by their local names. */
  #refuseAlike({ parts }: BodyForm, body: Node): void {
    const seen = new Set<string>();
    const twice = parts.find(({ element: { local } }) => seen.size === seen.add(local).size);
    if (twice !== undefined) body.fail(`has two parts that are elements called ${twice.element.local}`);
  }

  /** The header block that a `header` or a `headerfault` of the binding names. */
  block(header: Node): Block {
    const message = this.#find(header.resolve(header.needed('message')), header);
    const name = header.needed('part');
    const part = message.all('part').find((one) => one.attribute('name') === name);
    if (part === undefined) return header.fail(`names the part ${name}, which its message does not have`);
    return this.#block(part, header);
  }

  /** The only part of the message of a fault. */
  fault(message: Node, soap: Node | undefined): Block | undefined {
    const [part, ...more] = message.all('part');
    if (more.length > 0) return message.fail('is of a fault, and so can have one part only');
    return part && this.#block(part, soap);
  }

  /** A global element that is to be a header, by its local name or by its whole. */
  header(name: string, at: Node): Block {
    const found = /^(?:\{([^}]*)\})?([^{}]+)$/.exec(name) ?? at.fail(`cannot have a header called ${name}`);
    const names =
      found[1] === undefined ? this.#schemas.elementsCalled(found[2]!) : [{ namespace: found[1], local: found[2]! }];
    if (names.length > 1) at.fail(`has several elements ${name}: write {namespace}${name} for the header`);
    const element = names[0] ?? at.fail(`has no element ${name} to be a header`);
    return { name: element.local, field: this.#global(element, at, element.local), encoded: false };
  }

  /** Decides what could not be before all types were known. */
  settle(operation: ContractOperation): ContractOperation {
    const { request, reply } = operation;
    this.#unwrap(request, false);
    if (reply !== undefined) this.#unwrap(reply, !request.bare);
    return operation;
  }

  /** `document` wrapped is a convention and nowhere declared: the element is called like the operation, or its part is. */
  #unwrap(form: BodyForm, requestIsWrapped: boolean): void {
    const facts = unsettled.get(form);
    const [part] = form.parts;
    if (facts === undefined || part === undefined || !form.bare || !isWrapper(part.type)) return;
    const expected = facts.reply ? `${facts.operation}Response` : facts.operation;
    const named = part.name === 'parameters' || part.element.local === expected;
    if (!named || (facts.reply && !requestIsWrapped)) return;
    form.wrapper = part.element;
    form.parts = part.type.kind === 'complex' ? part.type.fields : [];
    if (part.type.kind === 'complex' && part.type.choices) form.choices = part.type.choices;
    form.bare = false;
  }

  #isEncoded(soap: Node | undefined): boolean {
    const use = soap?.attribute('use') ?? 'literal';
    if (use !== 'literal' && use !== 'encoded') return soap!.fail(`has the use ${use}`);
    return use === 'encoded';
  }

  #block(part: Node, soap: Node | undefined): Block {
    const name = part.needed('name');
    const namespace = soap?.attribute('namespace') ?? '';
    return { name, field: this.#accessor(part, namespace), encoded: this.#isEncoded(soap) };
  }

  #element(part: Node): Field {
    const element = part.qname('element');
    if (element === undefined) return part.fail('has a type in style document, where it needs an element');
    return this.#global(element, part, part.needed('name'));
  }

  #global(element: QName, at: Node, name: string): Field {
    if (this.#schemas.substitutes(element, at) !== undefined) {
      at.fail(`uses the element ${clark(element)}, the head of a substitution group: a message has none of these`);
    }
    const declared = this.#schemas.element(element, at);
    const field: Field = {
      name,
      element,
      type: declared.type,
      nillable: declared.nillable,
      optional: false,
      repeated: false,
    };
    this.#schemas.later(() => {
      field.type = declared.type;
    });
    return field;
  }

  /**
   * A part that stands in an element of its own. The Basic Profile (R2203, R2204) wants a type of rpc and of headers, and an element
   * of documents, but WSDL 1.1 says nothing against the other. An element, as iDempiere and programs of early CXF have in rpc, is what
   * stands there then; of a type in a document PHP, suds, gSOAP and SOAP::Lite make an element that is called like the part.
   */
  #accessor(part: Node, namespace: string): Field {
    if (part.qname('element') !== undefined) return this.#element(part);
    const type = part.qname('type') ?? part.fail('has no type');
    const name = part.needed('name');
    return {
      name,
      element: { namespace, local: name },
      type: this.#schemas.type(type, part),
      nillable: true,
      optional: false,
      repeated: false,
    };
  }
}
