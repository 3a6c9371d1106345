/** A WSDL or a schema as a tree whose nodes know where they stand, so that whatever is wrong can be named by its place. */

import type { Slice, Slices } from '../../../../../plugin-protocol/slices.ts';
import { type XmlAttribute, XmlFault, type XmlLimits, XmlReader, xmlNamespace } from '../../../../wire/xml.ts';
import type { QName } from '../../message/fault-kinds.ts';

/** What is wrong with a contract, and where: `meter.wsdl:12: <xsd:element name="a">: ...`. */
export class ContractError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContractError';
  }
}

export type { QName };

export const sameName = (a: QName, b: QName): boolean => a.local === b.local && a.namespace === b.namespace;
/** A name with its namespace as one string: `{urn:meter}Reading`. */
export const clark = ({ namespace, local }: QName): string => (namespace === '' ? local : `{${namespace}}${local}`);

export class Node implements QName {
  readonly file: string;
  readonly line: number;
  /** Where its tag begins in the text, whose line ends are line feeds. */
  readonly offset: number;
  readonly name: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly parent: Node | undefined;
  readonly children: Node[] = [];
  /** The text right within it. */
  text = '';
  /** Of a schema without a namespace: that of the one which includes it. */
  adoptedBy = '';

  constructor(file: string, line: number, reader: XmlReader, parent: Node | undefined) {
    this.file = file;
    this.line = line;
    this.offset = reader.offset;
    this.name = reader.name;
    this.local = reader.local;
    this.namespace = reader.namespace;
    this.attributes = reader.attributes();
    this.parent = parent;
  }

  get root(): Node {
    let node: Node = this;
    while (node.parent !== undefined) node = node.parent;
    return node;
  }

  attribute(local: string, namespace = ''): string | undefined {
    return this.attributes.find((one) => one.local === local && one.namespace === namespace)?.value.trim();
  }

  /** An attribute that must be there. */
  needed(local: string): string {
    return this.attribute(local) ?? this.fail(`needs the attribute ${local}`);
  }

  all(local: string, namespace = this.namespace): Node[] {
    return this.children.filter((one) => one.local === local && one.namespace === namespace);
  }

  first(local: string, namespace = this.namespace): Node | undefined {
    return this.children.find((one) => one.local === local && one.namespace === namespace);
  }

  /** What a QName in the value of an attribute stands for. */
  resolve(value: string): QName {
    const colon = value.indexOf(':');
    const prefix = colon < 0 ? '' : value.slice(0, colon);
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    let at: Node | undefined = this;
    for (; at !== undefined; at = at.parent) {
      const found = at.attributes.find(({ name }) => name === declaration);
      if (found?.value === '') break;
      if (found !== undefined) return { namespace: found.value, local: value.slice(colon + 1) };
    }
    // XML Schema part 1, section 4.2.1: what such a schema refers to is in the namespace that includes it, as it is itself.
    if (prefix === '') return { namespace: this.root.adoptedBy, local: value };
    if (prefix === 'xml') return { namespace: xmlNamespace, local: value.slice(colon + 1) };
    return this.fail(`uses the prefix ${prefix}, which is not declared`);
  }

  /** The QName in an attribute; undefined when it is not there. */
  qname(local: string): QName | undefined {
    const value = this.attribute(local);
    return value === undefined ? undefined : this.resolve(value);
  }

  /** The element as a reader finds it again. */
  get label(): string {
    const named = this.attribute('name') ?? this.attribute('ref');
    return `<${this.name}${named === undefined ? '' : ` name="${named}"`}>`;
  }

  /** `complaint` goes on where the element was named: `has no type`. */
  error(complaint: string): ContractError {
    return new ContractError(`${this.file}:${this.line}: ${this.label} ${complaint}.`);
  }

  fail(complaint: string): never {
    throw this.error(complaint);
  }
}

/** Whether two elements are written alike. */
export const isSame = (a: Node, b: Node): boolean =>
  sameName(a, b) &&
  a.attributes.length === b.attributes.length &&
  a.attributes.every(({ local, namespace, value }) => b.attribute(local, namespace) === value.trim()) &&
  a.children.length === b.children.length &&
  a.children.every((child, i) => isSame(child, b.children[i]!));

/** Throws `ContractError` when the document is none, or over a limit. */
export function* readTree(text: string, file: string, limits: XmlLimits, slice: Slice): Slices<Node> {
  try {
    return yield* read(text, file, limits, slice);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new ContractError(`${file}:${error.line}:${error.column}: ${error.message.replace(/^[^:]*: /, '')}`);
  }
}

function* read(text: string, file: string, limits: XmlLimits, slice: Slice): Slices<Node> {
  const reader = new XmlReader(text, limits, { namespaces: true });
  const source = text.replace(/\r\n?/g, '\n');
  let line = 1;
  let lineEnd = source.indexOf('\n');
  const lineAt = (offset: number): number => {
    for (; lineEnd >= 0 && lineEnd < offset; lineEnd = source.indexOf('\n', lineEnd + 1)) line++;
    return line;
  };
  let root: Node | undefined;
  let open: Node | undefined;
  for (let event = reader.next(); event !== 'end'; event = reader.next()) {
    if (slice.over()) yield* slice.pause();
    if (event === 'open') {
      const node = new Node(file, lineAt(reader.offset), reader, open);
      open?.children.push(node);
      root ??= node;
      open = node;
    } else if (event === 'text') open!.text += reader.text;
    else if (event === 'close') open = open?.parent;
  }
  return root!;
}
