/** The files of a contract: a WSDL and what it imports. Where that may be is for those to say who read the files. */
import type { Slice, Slices } from '../../../../../plugin-protocol/slices.ts';
import type { XmlLimits } from '../../../../wire/xml.ts';
import { encodings, xsdNamespaces } from '../../message/names.ts';
import { Schemas } from '../schema/schemas.ts';
import { type Node, readTree } from '../schema/tree.ts';

export const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';

/**
 * The text of a file that another imports; undefined when there is none, or when it is at an address and not to be fetched.
 * Both names are as the files have them.
 */
export type ReadFile = (location: string, from: string) => { file: string; text: string } | undefined;

/** What was read. */
export interface Documents {
  /** Each `definitions`, the first file's first. */
  definitions: Node[];
  schemas: Schemas;
  /** Each file, by its name; the WSDL is the first. */
  files: Map<string, SourceFile>;
}

/** A file with the values in it that are not the same for every reader. */
export interface SourceFile {
  /** Its line ends are line feeds. */
  text: string;
  places: Place[];
}

/** The value of an attribute: the address of the service, or where an imported file is. */
export interface Place {
  from: number;
  to: number;
  /** The file that it imports, as a key of `files`; undefined for the address. */
  file?: string;
}

const attributes = /\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/y;

/** Where the value of an attribute stands in the text, between its quotes. */
const placeOf = (text: string, node: Node, attribute: string): Place => {
  attributes.lastIndex = node.offset + 1 + node.name.length;
  const space = /\s*(?=\s)/y;
  for (;;) {
    space.lastIndex = attributes.lastIndex;
    attributes.lastIndex += space.exec(text)?.[0].length ?? 0;
    const found = attributes.exec(text);
    if (found === null) return { from: 0, to: 0 };
    if (found[1] === attribute)
      return { from: attributes.lastIndex - found[2]!.length + 1, to: attributes.lastIndex - 1 };
  }
};

/** What readers have built in. */
const isKnown = (namespace: string): boolean =>
  xsdNamespaces.has(namespace) || encodings.has(namespace) || namespace === wsdlNamespace;

export const isAddress = (location: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(location);

class Loader {
  readonly documents: Documents;
  readonly #readFile: ReadFile;
  readonly #limits: XmlLimits;
  readonly #slice: Slice;
  readonly #sources = new Map<Node, SourceFile>();
  /** Files that have a namespace of their own, wherever they are included. */
  readonly #named = new Set<string>();

  constructor(readFile: ReadFile, limits: XmlLimits, slice: Slice) {
    this.#readFile = readFile;
    this.#slice = slice;
    this.#limits = limits;
    this.documents = { definitions: [], schemas: new Schemas(limits), files: new Map() };
  }

  *load(file: string, text: string): Slices<void> {
    yield* this.#load(file, text, '');
  }

  /** Returns the file's key. */
  *#load(file: string, text: string, includedFrom: string): Slices<string> {
    if (this.#named.has(file)) return file;
    const { files } = this.documents;
    const within = includedFrom === '' ? file : `${file} ${includedFrom}`;
    if (files.has(within)) return within;
    const source: SourceFile = { text: text.replace(/\r\n?/g, '\n'), places: [] };
    const root = yield* readTree(source.text, file, this.#limits, this.#slice);
    // XML Schema part 1, section 4.2.1: a schema without a namespace is another one in each that includes it.
    const isNamed = root.attribute('targetNamespace') !== undefined;
    if (isNamed) this.#named.add(file);
    else root.adoptedBy = includedFrom;
    const key = isNamed ? file : within;
    files.set(key, source);
    this.#sources.set(root, source);
    if (root.local === 'definitions' && root.namespace === wsdlNamespace) yield* this.#definitions(root);
    else if (root.local === 'schema' && xsdNamespaces.has(root.namespace)) yield* this.#schema(root, includedFrom);
    else if (root.local === 'description') root.fail('is WSDL 2.0, and only WSDL 1.1 is read');
    else root.fail('is neither a WSDL nor a schema');
    return key;
  }

  *#definitions(root: Node): Slices<void> {
    this.documents.definitions.push(root);
    for (const port of root.all('service').flatMap((service) => service.all('port'))) {
      for (const address of port.children) {
        if (address.local === 'address' && address.attribute('location') !== undefined) this.#note(address, 'location');
      }
    }
    for (const one of root.all('import')) yield* this.#follow(one, 'location');
    for (const types of root.all('types')) {
      for (const child of types.children) {
        if (child.local === 'schema' && xsdNamespaces.has(child.namespace)) yield* this.#schema(child, '');
      }
    }
  }

  *#schema(schema: Node, namespace: string): Slices<void> {
    const own = schema.attribute('targetNamespace') ?? namespace;
    for (const one of schema.children) {
      if (one.namespace !== schema.namespace) continue;
      if (one.local === 'import') yield* this.#follow(one, 'schemaLocation');
      else if (one.local === 'include') yield* this.#follow(one, 'schemaLocation', own);
      else if (one.local === 'redefine') one.fail('redefines a schema, which is not supported');
    }
    yield* this.documents.schemas.add(schema, namespace, this.#slice);
  }

  *#follow(node: Node, attribute: string, includedFrom = ''): Slices<void> {
    const location = node.attribute(attribute);
    const namespace = node.attribute('namespace') ?? '';
    if (location === undefined || isKnown(namespace)) return;
    const found = this.#readFile(location, node.file);
    if (found === undefined) {
      if (!isAddress(location)) node.fail(`imports ${location}, which is not there`);
      this.documents.schemas.isElsewhere(namespace || includedFrom, location);
      return;
    }
    this.#note(node, attribute, yield* this.#load(found.file, found.text, includedFrom));
  }

  #note(node: Node, attribute: string, file?: string): void {
    const { text, places } = this.#sources.get(node.root)!;
    places.push({ ...placeOf(text, node, attribute), ...(file !== undefined && { file }) });
  }
}

/** Reads a WSDL and all that it imports. Throws `ContractError`. */
export function* loadDocuments(
  file: string,
  text: string,
  readFile: ReadFile,
  limits: XmlLimits,
  slice: Slice,
): Slices<Documents> {
  const loader = new Loader(readFile, limits, slice);
  yield* loader.load(file, text);
  return loader.documents;
}
