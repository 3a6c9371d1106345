import { splitName, XmlNamespaces } from './xml-namespaces.ts';
import type { XmlLimits, XmlReferenceOptions } from './xml-scanner.ts';
import type { XmlSource } from './xml-source.ts';
import { whiteSpace } from './xml-spaces.ts';
import { XmlTextScanner } from './xml-text.ts';

const GT = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;

export interface XmlAttribute {
  name: string;
  local: string;
  prefix: string;
  namespace: string;
  value: string;
}

export interface XmlTagOptions extends XmlReferenceOptions {
  /** Resolve prefixes, and check them. Without it `xmlns` is an attribute like any other. */
  namespaces?: boolean;
}

/** An element and one in it, as they are written where nothing is between their tags. */
export interface Nest {
  outer: string;
  inner: string;
  opening: string;
  closing: string;
}

export const nestOf = (outer: string, inner: string): Nest => ({
  outer,
  inner,
  opening: `<${outer}><${inner}>`,
  closing: `</${inner}></${outer}>`,
});

/** Tags with their attributes, and which elements are open. */
export class XmlTagScanner extends XmlTextScanner {
  /** The name as written: of the element opened or closed, or the target of the instruction. */
  name = '';
  protected readonly namespaces: XmlNamespaces | undefined;
  /** Whether the element just opened has ended already. */
  protected selfClosed = false;
  // The attributes of the element just opened; the arrays are used again for the next.
  #count = 0;
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  constructor(source: XmlSource, limits: XmlLimits, options: XmlTagOptions) {
    super(source, limits, options);
    this.namespaces = options.namespaces ? new XmlNamespaces() : undefined;
  }

  /** The part of `name` after the colon. */
  get local(): string {
    const colon = this.name.indexOf(':');
    return colon < 0 ? this.name : this.name.slice(colon + 1);
  }

  /** The part of `name` before the colon; empty when there is none. */
  get prefix(): string {
    const colon = this.name.indexOf(':');
    return colon < 0 ? '' : this.name.slice(0, colon);
  }

  /** The namespace of the element just opened; empty for none, and when namespaces are off. */
  get namespace(): string {
    return this.namespaces?.element ?? '';
  }

  /** Whether the element just opened has no attributes. */
  get isBare(): boolean {
    return this.#count === 0;
  }

  /** The value of an attribute of the element just opened. Without a namespace: one that is in none. */
  attribute(local: string, namespace = ''): string | undefined {
    for (let i = 0; i < this.#count; i++) {
      if (this.namespaces === undefined) {
        if (this.#names[i] === local) return this.#values[i];
      } else if (this.namespaces.locals[i] === local && this.namespaces.uris[i] === namespace) return this.#values[i];
    }
    return undefined;
  }

  /** All attributes of the element just opened, as written; with namespaces on, `xmlns` declarations are among them. */
  attributes(): readonly XmlAttribute[] {
    return this.#names.slice(0, this.#count).map((name, i) => {
      const { prefix, local } = splitName(name);
      return { name, local, prefix, namespace: this.namespaces?.uris[i] ?? '', value: this.#values[i]! };
    });
  }

  /** Whether both begin next, written so; they are then opened. */
  opens({ opening, outer, inner }: Nest): boolean {
    const { at, depth } = this;
    if (this.selfClosed || this.textBegun || this.namespaces !== undefined) return false;
    if (depth + 2 > this.limits.depth || !this.hasRoomFor(2)) return false;
    if (this.input.slice(at, at + opening.length) !== opening) return false;
    this.node(at, 2);
    this.depth = depth + 2;
    this.open.push(outer, inner);
    this.name = inner;
    this.#count = 0;
    this.at = at + opening.length;
    this.from = this.at - `<${inner}>`.length;
    return true;
  }

  /** Whether both are open and end next, written so; they are then closed. */
  closes({ closing, outer, inner }: Nest): boolean {
    const { at, depth, open } = this;
    // Most that is asked about is another opening tag.
    if (this.input.charCodeAt(at + 1) !== SLASH) return false;
    if (this.selfClosed || this.textBegun || this.namespaces !== undefined) return false;
    if (open[depth - 1] !== inner || open[depth - 2] !== outer) return false;
    if (this.input.slice(at, at + closing.length) !== closing) return false;
    this.depth = depth - 2;
    open.length = depth - 2;
    this.name = outer;
    this.at = at + closing.length;
    this.from = this.at - `</${outer}>`.length;
    return true;
  }

  protected openTag(): void {
    const input = this.input;
    const from = this.at + 1;
    const to = this.nameEnd(from, 'an element');
    this.node(this.at);
    if (++this.depth > this.limits.depth) {
      const { depth } = this.limits;
      this.refuse(this.at, `Elements are nested deeper than limits.xml.depth, ${depth}.`, 'too-large');
    }
    this.name = this.nameAt(from, to);
    this.open.push(this.name);
    this.#count = 0;
    if (input.charCodeAt(to) === GT) this.at = to + 1;
    else this.#restOfTag(to);
    if (this.namespaces !== undefined) {
      const wrong = this.namespaces.enter(this.name, this.#names, this.#values, this.#count);
      if (wrong !== undefined) this.refuse(this.from, wrong);
    }
  }

  /** From behind the name of an opening tag. */
  #restOfTag(to: number): void {
    const input = this.input;
    for (let at = to; ; ) {
      const next = this.space(at);
      const code = input.charCodeAt(next);
      if (code === GT) {
        this.at = next + 1;
        return;
      }
      if (code === SLASH) {
        if (input.charCodeAt(next + 1) !== GT) this.refuse(next, 'After / in a tag comes >.');
        this.at = next + 2;
        this.selfClosed = true;
        return;
      }
      if (Number.isNaN(code)) this.refuse(this.from, `The tag <${this.name}> does not end.`);
      if (next === at) this.refuse(next, `White space is expected in the tag <${this.name}>.`);
      at = this.#attribute(next);
    }
  }

  /** Reads one attribute and returns where it ends. */
  #attribute(from: number): number {
    const input = this.input;
    if (this.#count >= this.limits.attributes) {
      const { attributes } = this.limits;
      this.refuse(from, `<${this.name}> has more than limits.xml.attributes, ${attributes}.`, 'too-large');
    }
    const nameEnd = this.nameEnd(from, 'an attribute');
    const name = this.nameAt(from, nameEnd);
    for (let i = 0; i < this.#count; i++) {
      if (this.#names[i] === name) this.refuse(from, `The attribute ${name} is given twice.`);
    }
    let at = this.space(nameEnd);
    if (input.charCodeAt(at) !== EQUALS) this.refuse(at, `= is expected after the attribute ${name}.`);
    at = this.space(at + 1);
    const quote = input.charAt(at);
    if (quote !== '"' && quote !== "'") this.refuse(at, `The value of the attribute ${name} is not quoted.`);
    const end = this.find(quote, at + 1, `The value of the attribute ${name}`);
    if (end - at - 1 > this.limits.textLength) this.tooLong(at);
    let value = this.input.slice(at + 1, end);
    if (value.includes('<')) this.refuse(at, `There is a < in the value of the attribute ${name}.`);
    // Section 3.3.3: white space becomes spaces, unless it was written as a reference.
    if (/[\t\n&]/.test(value)) value = this.resolved(at + 1, end, whiteSpace.replace);
    this.#names[this.#count] = name;
    this.#values[this.#count++] = value;
    return end + 1;
  }

  protected closeTag(): void {
    const input = this.input;
    const expected = this.open[this.depth - 1]!;
    const from = this.at + 2;
    const to = from + expected.length;
    if (input.startsWith(expected, from) && input.charCodeAt(to) === GT) {
      this.at = to + 1;
      this.closed();
      return;
    }
    const nameEnd = this.nameEnd(from, 'a closing tag');
    const name = input.slice(from, nameEnd);
    if (name !== expected) this.refuse(this.from, `<${expected}> is closed by </${name}>.`);
    const at = this.space(nameEnd);
    if (input.charCodeAt(at) !== GT) this.refuse(this.from, `The closing tag </${name}> does not end.`);
    this.at = at + 1;
    this.closed();
  }

  protected closed(): void {
    this.name = this.open.pop()!;
    this.depth--;
    this.namespaces?.leave();
  }
}
