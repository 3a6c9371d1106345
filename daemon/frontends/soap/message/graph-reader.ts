/** Reads a message whose parts refer to each other as if each reference were what it refers to. */
import { inOneSlice, Slice, type Slices } from '../../../../plugin-protocol/slices.ts';
import type { Limits } from '../../../limits.ts';
import { areBlank, lengthOfParts, type TextParts, textOfParts } from '../../../wire/parts.ts';
import { longText, type XmlAttribute, type XmlEvent } from '../../../wire/xml.ts';
import type { ElementReader } from './element-reader.ts';
import { EncodingFault, tooLarge } from './fault-kinds.ts';
import { type Element, type Graph, isElement, referenceOf, valueOfAttribute } from './graph.ts';
import { soap11, soap12 } from './names.ts';

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
