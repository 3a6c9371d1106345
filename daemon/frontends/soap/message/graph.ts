/**
 * A message whose parts refer to each other: SOAP 1.1 section 5.4.1 (`href="#x"` and `id`), SOAP 1.2 part 2, section
 * 3.1.5 (`enc:ref` and `enc:id`). Such a message is kept as a tree, and read as if each reference were what it refers to.
 */

import { inOneSlice, Slice, type Slices } from '../../../../plugin-protocol/slices.ts';
import { shortened } from '../../../../plugin-protocol/text/shortened.ts';
import type { Limits } from '../../../limits.ts';
import { areBlank, lengthOfParts, type TextParts, textOfParts } from '../../../wire/parts.ts';
import { longText, type XmlAttribute, type XmlEvent, type XmlReader } from '../../../wire/xml.ts';
import { EncodingFault, tooLarge } from './fault-kinds.ts';
import { soap11, soap12 } from './names.ts';

/** What is read of a document by those who decode it: an `XmlReader`, or a message with references. */
export type ElementReader = Pick<
  XmlReader,
  | 'name'
  | 'local'
  | 'namespace'
  | 'text'
  | 'parts'
  | 'depth'
  | 'blank'
  | 'next'
  | 'attribute'
  | 'isBare'
  | 'attributes'
  | 'resolve'
  | 'plainText'
  | 'skip'
  | 'skipInSlices'
  | 'slice'
  | 'releaseText'
  | 'due'
  | 'isLongNext'
  | 'pause'
>;

interface Element {
  name: string;
  local: string;
  namespace: string;
  attributes: readonly XmlAttribute[];
  parent: Element | undefined;
  content: (Element | TextOfElement)[];
}

/** Whole, or in parts where it is long. */
type TextOfElement = string | TextParts;

/** What a multipart message has beside its root: the base64 of the part of that address. Throws when there is none. */
export type Attached = (href: string) => string;

const xopNamespace = 'http://www.w3.org/2004/08/xop/include';

const valueOfAttribute = ({ attributes }: Element, local: string, namespace = ''): string | undefined => {
  for (const one of attributes) if (one.local === local && one.namespace === namespace) return one.value;
  return undefined;
};

const isElement = (content: Element | TextOfElement): content is Element =>
  typeof content === 'object' && 'content' in content;

/** Thrown by those who read a document from its text when they come to a reference. */
export const byReference = new Error('The message has references.');

/** Whether the element just opened only refers to another. */
export const isReference = (reader: ElementReader): boolean =>
  !reader.isBare && (reader.attribute('href') !== undefined || reader.attribute('ref', soap12.encoding) !== undefined);

/** The id that others may refer to. */
export const idOf = (reader: ElementReader): string | undefined =>
  reader.attribute('id') ?? reader.attribute('id', soap12.encoding);

const referenceOf = (element: Element): string | undefined => {
  const href = valueOfAttribute(element, 'href');
  if (href === undefined) return valueOfAttribute(element, 'ref', soap12.encoding)?.trim().replace(/^#/, '');
  if (href.startsWith('#')) return href.slice(1);
  throw new EncodingFault(
    'MissingID',
    `<${element.name}> refers to ${shortened(href)}: only what the message holds is read.`,
  );
};

/** Reads the document as a whole: `limits.soap.elements` bounds what that takes. */
export class Graph {
  readonly root: Element;
  readonly #ids: ReadonlyMap<string, Element>;

  private constructor(root: Element, ids: ReadonlyMap<string, Element>) {
    this.root = root;
    this.#ids = ids;
  }

  /** Takes in what `reader` has, which has read nothing yet. An `xop:Include` becomes what it includes. */
  static *of(reader: XmlReader, { elements }: Limits['soap'], attached?: Attached): Slices<Graph> {
    const ids = new Map<string, Element>();
    const document: Element[] = [];
    let count = 0;
    let open: Element | undefined;
    for (let event = reader.next(); event !== 'end'; event = reader.next()) {
      if (event === 'open') {
        if (++count > elements) {
          throw tooLarge(`A message with references or attachments has more than ${elements} elements`, 'elements');
        }
        const { name, local, namespace } = reader;
        const element = { name, local, namespace, attributes: reader.attributes(), parent: open, content: [] };
        if (open === undefined) document.push(element);
        else open.content.push(element);
        open = element;
        const id = idOf(reader);
        if (id !== undefined) {
          if (ids.has(id)) throw new EncodingFault('DuplicateID', `The id ${shortened(id)} is given to two elements.`);
          ids.set(id, element);
        }
      } else if (event === 'text') open!.content.push(reader.textOrParts);
      else {
        const { parent }: Element = open!;
        if (attached !== undefined && open!.local === 'Include' && open!.namespace === xopNamespace) {
          parent?.content.splice(-1, 1, attached(valueOfAttribute(open!, 'href') ?? ''));
        }
        open = parent;
      }
      if (reader.due) yield* reader.pause();
    }
    return new Graph(document[0]!, ids);
  }

  get(id: string): Element {
    const found = this.#ids.get(id);
    if (found === undefined)
      throw new EncodingFault('MissingID', `Nothing in the message has the id ${shortened(id)}.`);
    return found;
  }
}

interface Frame {
  /** What was opened, with the name that counts. */
  element: Element;
  /** What it stands for: itself, or what it refers to. */
  target: Element;
  /** How much of the target's content has been read. */
  at: number;
  byReference: boolean;
}

/** Reads a graph event by event, each reference in the Body as if it were what it refers to. */
export class GraphReader implements ElementReader {
  name = '';
  local = '';
  namespace = '';
  parts: TextParts = [];

  readonly #graph: Graph;
  readonly #limits: Limits;
  readonly slice = new Slice();
  readonly #frames: Frame[] = [];
  readonly #open = new Set<Element>();
  #started = false;
  #references = 0;
  #elements = 0;
  #characters = 0;

  constructor(graph: Graph, limits: Limits) {
    this.#graph = graph;
    this.#limits = limits;
  }

  get depth(): number {
    return this.#frames.length;
  }

  get blank(): boolean {
    return areBlank(this.parts);
  }

  get text(): string {
    return textOfParts(this.parts);
  }

  get due(): boolean {
    return this.slice.over();
  }

  /** All texts are there; what is made of a long one takes a while. */
  get isLongNext(): boolean {
    const frame = this.#frames.at(-1);
    const next = frame?.target.content[frame.at];
    if (next === undefined || isElement(next)) return false;
    return typeof next !== 'string' || next.length > longText;
  }

  pause(): Slices<void> {
    return this.slice.pause();
  }

  /** What a reference stands for may be read again. */
  releaseText(): void {}

  next(): XmlEvent {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      if (this.#started) return 'end';
      this.#started = true;
      return this.#enter(this.#graph.root);
    }
    const child = frame.target.content[frame.at++];
    if (child === undefined) return this.#leave();
    if (isElement(child)) return this.#enter(child);
    this.parts = typeof child === 'string' ? [child] : child;
    if (this.#references > 0) this.#charge(0, lengthOfParts(this.parts));
    return 'text';
  }

  /** Texts are read one after the other: what they are read through is counted. */
  plainText(): undefined {}

  skip(): void {
    this.#leave();
  }

  skipInSlices(): Slices<void> {
    return inOneSlice(() => this.skip());
  }

  get isBare(): boolean {
    return this.#frames.at(-1)!.target.attributes.length === 0;
  }

  attribute(local: string, namespace = ''): string | undefined {
    return valueOfAttribute(this.#frames.at(-1)!.target, local, namespace);
  }

  attributes(): readonly XmlAttribute[] {
    return this.#frames.at(-1)!.target.attributes;
  }

  resolve(prefix: string): string | undefined {
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    let element: Element | undefined = this.#frames.at(-1)?.target;
    for (; element !== undefined; element = element.parent) {
      for (const { name, value } of element.attributes) if (name === declaration) return value;
    }
    return undefined;
  }

  #enter(element: Element): XmlEvent {
    const target = this.#inBody() ? this.#follow(element) : element;
    const { depth } = this.#limits.xml;
    if (this.#frames.length === depth) {
      throw tooLarge(`References resolved, elements are nested deeper than ${depth}`, 'depth', 'xml');
    }
    if (this.#open.has(target)) throw new EncodingFault('MissingID', `<${element.name}> is within what it refers to.`);
    this.#open.add(target);
    const byReference = target !== element;
    if (byReference) this.#references++;
    if (this.#references > 0) this.#charge(1, 0);
    this.#frames.push({ element, target, at: 0, byReference });
    this.#named(element);
    return 'open';
  }

  #leave(): XmlEvent {
    const { element, target, byReference } = this.#frames.pop()!;
    this.#open.delete(target);
    if (byReference) this.#references--;
    this.#named(element);
    return 'close';
  }

  #named({ name, local, namespace }: Element): void {
    this.name = name;
    this.local = local;
    this.namespace = namespace;
  }

  #inBody(): boolean {
    const { element } = this.#frames[1] ?? {};
    return (
      element?.local === 'Body' && (element.namespace === soap11.envelope || element.namespace === soap12.envelope)
    );
  }

  #follow(element: Element): Element {
    const passed = new Set<Element>();
    let target = element;
    for (let id = referenceOf(target); id !== undefined; id = referenceOf(target)) {
      if (passed.has(target)) throw new EncodingFault('MissingID', `<${element.name}> refers to itself.`);
      passed.add(target);
      this.#charge(1, 0);
      target = this.#graph.get(id);
    }
    return target;
  }

  /** What is read through references counts each time, so that a short message does not become an endless one. */
  #charge(elements: number, characters: number): void {
    const { resolvedElements, resolvedLength } = this.#limits.soap;
    this.#elements += elements;
    this.#characters += characters;
    if (this.#elements > resolvedElements) {
      throw tooLarge(`References stand for more than ${resolvedElements} elements`, 'resolvedElements');
    }
    if (this.#characters > resolvedLength) {
      throw tooLarge(`References stand for more than ${resolvedLength} characters`, 'resolvedLength');
    }
  }
}
