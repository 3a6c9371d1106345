/** The schemas of a contract together: elements and types by name, each read when it is first asked for. */
import type { Slice, Slices } from '../../../../../plugin-protocol/slices.ts';
import type { XmlLimits } from '../../../../wire/xml.ts';
import { apacheNamespace, encodings, messageNamespace, xsdNamespace, xsdNamespaces } from '../../message/names.ts';
import { readComplexType } from './complex-types.ts';
import { readSimpleType, simpleBuiltin } from './simple-types.ts';
import { clark, isSame, type Node, type QName } from './tree.ts';
import type { AnyType, ComplexType, XsdType } from './types.ts';
import { checkVocabulary } from './vocabulary.ts';

/** What a `schema` element says of all within it. */
export interface SchemaContext {
  targetNamespace: string;
  qualifiedElements: boolean;
  qualifiedAttributes: boolean;
}

/** A global declaration, with the schema that it is in. */
export interface Declared {
  node: Node;
  context: SchemaContext;
}

/** A global element. */
export interface ElementDeclaration {
  name: QName;
  type: XsdType;
  nillable: boolean;
  fallback?: string;
}

const declarations = ['element', 'complexType', 'simpleType', 'group', 'attributeGroup', 'attribute'] as const;
type Kind = (typeof declarations)[number];

export const anyType: AnyType = { kind: 'any', name: { namespace: xsdNamespace, local: 'anyType' } };

const complex = (name: QName, more: Partial<ComplexType>): ComplexType => ({
  kind: 'complex',
  name,
  abstract: false,
  fields: [],
  attributes: [],
  ...more,
});

/** The type by which WCF says that anything may be in the Body. Its schema may be nowhere to be found. */
export const isMessageBody = ({ namespace, local }: QName): boolean =>
  namespace === messageNamespace && local === 'MessageBody';

export class Schemas {
  readonly #declared = new Map<Kind, Map<string, Declared>>(declarations.map((kind) => [kind, new Map()]));
  readonly #namespaces = new Set<string>();
  /** Of each head of a substitution group, what names it. */
  readonly #members = new Map<string, QName[]>();
  readonly #types = new Map<string, XsdType>();
  readonly #elements = new Map<string, ElementDeclaration>();
  readonly #reading = new Set<Node>();
  readonly #later: (() => void)[] = [];
  /** Schemas and WSDLs that are imported from where nothing is fetched, by namespace. */
  readonly #elsewhere = new Map<string, string>();
  readonly #limits: XmlLimits;
  #counted = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  /** Takes in a `schema`. `namespace` is that of the schema that includes it, for one that has none. */
  *add(schema: Node, namespace: string, slice: Slice): Slices<void> {
    const context: SchemaContext = {
      targetNamespace: schema.attribute('targetNamespace') ?? namespace,
      qualifiedElements: schema.attribute('elementFormDefault') === 'qualified',
      qualifiedAttributes: schema.attribute('attributeFormDefault') === 'qualified',
    };
    this.#namespaces.add(context.targetNamespace);
    for (const node of schema.children) {
      checkVocabulary(node);
      if (slice.over()) yield* slice.pause();
    }
    for (const node of schema.children) {
      if (slice.over()) yield* slice.pause();
      const of = this.#declared.get(node.local as Kind);
      if (of === undefined || node.namespace !== schema.namespace) continue;
      const local = node.needed('name');
      const key = clark({ namespace: context.targetNamespace, local });
      const other = of.get(key);
      if (other !== undefined && !isSame(other.node, node)) {
        node.fail(`is another one than that of the same name at ${other.node.file}:${other.node.line}`);
      }
      of.set(key, { node, context });
      const head = node.qname('substitutionGroup');
      if (head === undefined) continue;
      const members = this.#members.get(clark(head)) ?? [];
      members.push({ namespace: context.targetNamespace, local });
      this.#members.set(clark(head), members);
    }
  }

  /** Notes that the schema of a namespace is at an address that is not read. */
  isElsewhere(namespace: string, location: string): void {
    this.#elsewhere.set(namespace, location);
  }

  /** What an element is of is looked up once all around it is known: types may be within themselves. */
  later(resolve: () => void): void {
    this.#later.push(resolve);
  }

  /** Looks up all that is left. */
  *finish(slice: Slice): Slices<void> {
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) {
      next();
      if (slice.over()) yield* slice.pause();
    }
  }

  has(namespace: string): boolean {
    return this.#namespaces.has(namespace);
  }

  declared(kind: Kind, name: QName): Declared | undefined {
    return this.#declared.get(kind)!.get(clark(name));
  }

  /** The global type of a name. `at` is where it is used. */
  type(name: QName, at: Node): XsdType {
    const key = clark(name);
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const made = this.#builtin(name);
    if (made !== undefined) {
      this.#types.set(key, made);
      return made;
    }
    const simple = this.declared('simpleType', name);
    if (simple !== undefined) {
      const type = this.within(simple.node, () => readSimpleType(simple.node, this, name));
      this.#types.set(key, type);
      return type;
    }
    const found = this.declared('complexType', name) ?? this.missing('type', name, at);
    // Known before it is read: it may be within itself.
    const type = complex(name, {});
    this.#types.set(key, type);
    this.within(found.node, () => readComplexType(found, this, type));
    for (let base = type.base; base !== undefined; base = base.base) {
      if (base === type) found.node.fail('is derived from itself');
    }
    return type;
  }

  /** Reads a declaration that cannot be within itself. */
  within<T>(node: Node, read: () => T): T {
    if (this.#reading.has(node)) node.fail('is within itself');
    const { depth } = this.#limits;
    if (this.#reading.size >= depth) node.fail(`is needed by more than ${depth} others, each by the next`);
    this.#reading.add(node);
    try {
      return read();
    } finally {
      this.#reading.delete(node);
    }
  }

  /** Counts a group or a union that is read: as each can have others twice, few of them are more than there is time for. */
  count(at: Node): void {
    const { nodes } = this.#limits;
    if (++this.#counted > nodes) at.fail(`is one of more than ${nodes} groups and unions within others`);
  }

  /** A type that has no name. */
  anonymous(node: Node, context: SchemaContext): XsdType | undefined {
    const simple = node.first('simpleType');
    if (simple !== undefined) return readSimpleType(simple, this, undefined);
    const found = node.first('complexType');
    if (found === undefined) return undefined;
    const { name: _, ...type } = complex({ namespace: '', local: '' }, {});
    readComplexType({ node: found, context }, this, type);
    return type;
  }

  /** The global element of a name. */
  element(name: QName, at: Node): ElementDeclaration {
    const key = clark(name);
    const known = this.#elements.get(key);
    if (known !== undefined) return known;
    const { node, context } = this.declared('element', name) ?? this.missing('element', name, at);
    const made: ElementDeclaration = { name, type: anyType, nillable: node.attribute('nillable') === 'true' };
    this.#elements.set(key, made);
    this.later(() => {
      made.type = this.#typeOfElement(node, context, 0);
    });
    const fallback = node.attribute('default') ?? node.attribute('fixed');
    if (fallback !== undefined) made.fallback = fallback;
    return made;
  }

  /** XML Schema part 1, section 3.3.2: who stands for another and says no type has the type of that. */
  #typeOfElement(node: Node, context: SchemaContext, depth: number): XsdType {
    const head = node.qname('substitutionGroup');
    const own = this.#ownType(node, context);
    if (own !== undefined || head === undefined) return own ?? anyType;
    if (depth >= this.#limits.depth) node.fail(`stands for more than ${this.#limits.depth} others, each for the next`);
    const found = this.declared('element', head) ?? this.missing('element', head, node);
    return this.#typeOfElement(found.node, found.context, depth + 1);
  }

  /**
   * What may stand where an element is referred to: itself, unless it is abstract, and all of its substitution group (XML Schema
   * part 1, section 3.3.6). Undefined where it is the head of none.
   */
  substitutes(name: QName, at: Node): QName[] | undefined {
    if (!this.#members.has(clark(name))) return undefined;
    const found = new Map([[clark(name), name]]);
    // What is put in on the way is looked at as well.
    for (const key of found.keys()) {
      for (const member of this.#members.get(key) ?? []) found.set(clark(member), member);
    }
    return [...found.values()].filter((one) => {
      const { node } = this.declared('element', one) ?? this.missing('element', one, at);
      return node.attribute('abstract') !== 'true';
    });
  }

  /** The global elements of that local name, in any namespace. */
  elementsCalled(local: string): QName[] {
    return [...this.#declared.get('element')!.values()]
      .filter(({ node }) => node.attribute('name') === local)
      .map(({ context }) => ({ namespace: context.targetNamespace, local }));
  }

  /** The type that an element or an attribute declares. */
  typeOf(node: Node, context: SchemaContext): XsdType {
    return this.#ownType(node, context) ?? anyType;
  }

  #ownType(node: Node, context: SchemaContext): XsdType | undefined {
    const named = node.qname('type');
    return named === undefined ? this.anonymous(node, context) : this.type(named, node);
  }

  /** All types that have a name, and were declared in the schemas; those of Apache are known without. */
  *named(slice: Slice): Slices<XsdType[]> {
    for (const kind of ['simpleType', 'complexType'] as const) {
      for (const { node, context } of this.#declared.get(kind)!.values()) {
        this.type({ namespace: context.targetNamespace, local: node.needed('name') }, node);
        if (slice.over()) yield* slice.pause();
      }
    }
    return [...this.#types.values()].filter(
      ({ name }) => name !== undefined && name.namespace !== apacheNamespace && this.has(name.namespace),
    );
  }

  missing(kind: string, name: QName, at: Node): never {
    const why = this.whereElse(name.namespace, 'schema') ?? 'which no schema declares';
    return at.fail(`uses the ${kind} ${clark(name)}, ${why}`);
  }

  /** Where the document of a namespace is, when that is where nothing is fetched, and what to do then. */
  whereElse(namespace: string, what: string): string | undefined {
    const location = this.#elsewhere.get(namespace);
    if (location === undefined) return undefined;
    return `whose ${what} is at ${location}: nothing is fetched, so keep it in a file beside this one and import that`;
  }

  #builtin(name: QName): XsdType | undefined {
    const { namespace, local } = name;
    const isXsd = xsdNamespaces.has(namespace);
    const isEncoding = encodings.has(namespace);
    // Also when a schema declares them, as those that Axis makes do.
    if (namespace === apacheNamespace && local === 'Map') return complex(name, { map: true });
    if (namespace === apacheNamespace && local === 'Vector') {
      return complex(name, { array: { items: anyType, dimensions: 1 } });
    }
    if (isMessageBody(name)) return complex(name, { wildcard: { name: 'any', repeated: true, at: 0 } });
    if (!isXsd && !isEncoding) return undefined;
    if (local === 'anyType' || local === 'ur-type' || local === 'Struct') return anyType;
    if (isEncoding && local === 'Array') return complex(name, { array: { items: anyType, dimensions: 1 } });
    const renamed = renames.get(local) ?? local;
    // The types of SOAP are those of XML Schema, only that they may be nil.
    return simpleBuiltin({ namespace: xsdNamespace, local: renamed });
  }
}

/** Names of before XML Schema was done, and of SOAP. */
const renames: ReadonlyMap<string, string> = new Map([
  ['base64', 'base64Binary'],
  ['timeInstant', 'dateTime'],
  ['uriReference', 'anyURI'],
]);
