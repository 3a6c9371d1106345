/**
 * The one XML tokenizer of both XML wires: strict XML 1.0 with namespaces, no DTD, the five predefined entities and
 * numeric character references, and limits that are checked before anything is kept.
 */
import type { Slices } from '../../plugin-protocol/slices.ts';
import { lengthOfParts, partsAfter, type TextParts, textOfParts } from './parts.ts';
import { isSpace } from './xml-characters.ts';
import type { XmlFaultKind } from './xml-fault.ts';
import type { XmlLimits } from './xml-scanner.ts';
import { sourceOf, type XmlSource } from './xml-source.ts';
import { type XmlTagOptions, XmlTagScanner } from './xml-tags.ts';
import { longRun } from './xml-text.ts';

export { XmlCharacterFault, XmlFault, type XmlFaultKind } from './xml-fault.ts';
export { xmlNamespace, xmlnsNamespace } from './xml-namespaces.ts';
export type { XmlLimits } from './xml-scanner.ts';
export { sourceOf, type XmlPiece, type XmlSource } from './xml-source.ts';
export { nestOf, type XmlAttribute } from './xml-tags.ts';

export interface XmlOptions extends XmlTagOptions {
  /** `false` refuses processing instructions, as SOAP demands. */
  instructions?: boolean;
}

/** How a text is expected to be enclosed: in the very characters of opening tags, and of the closing ones. */
export interface Surroundings {
  before: string;
  after: string;
  /** How many elements and texts these are, and how many elements within each other. */
  nodes: number;
  levels: number;
  /** What is expected right behind, and `after` with what is before that: both are compared at once. */
  next?: Surroundings | undefined;
  between?: string | undefined;
}

export type XmlEvent = 'open' | 'close' | 'text' | 'end' | 'instruction';

const LT = 0x3c;
const GT = 0x3e;
const AMP = 0x26;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;

/** Characters beyond which a text is read in slices. */
export const longText = 64 * 1024;

const declarationLength = 512;
/** The last one that was right: most documents begin with the same. */
let usualDeclaration = '<?xml version="1.0"?>';
const declaration =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>$/;

/**
 * Reads a document event by event, without an object for any of them. Every method that reads on throws `XmlFault`.
 * Of a long document, no more of the text is there at a time than a piece of its source, or one token.
 *
 * After `open`: `name`, `attribute()`. A self-closing tag gives `open`, then `close`. After `text`: `text`, never
 * empty; CDATA sections and what stands around comments are one text. `depth` counts the elements that are open once
 * the event has happened.
 */
export class XmlReader extends XmlTagScanner {
  readonly options: XmlOptions;
  #begun = false;
  #rootSeen = false;
  /** What is known to begin there, of the window. */
  #begins: Surroundings | undefined;
  #beginsAt = 0;

  constructor(document: string | XmlSource, limits: XmlLimits, options: XmlOptions = {}) {
    super(typeof document === 'string' ? sourceOf([document]) : document, limits, options);
    this.options = options;
  }

  /** Read on. After `end` there is nothing more to read. */
  next(): XmlEvent {
    if (this.selfClosed) {
      this.selfClosed = false;
      this.closed();
      return 'close';
    }
    if (this.textBegun) return this.content() ? 'text' : this.next();
    if (this.at >= this.safe) this.slide();
    this.from = this.at;
    if (this.depth === 0) return this.#outside();
    if (this.input.charCodeAt(this.at) === LT) {
      const code = this.input.charCodeAt(this.at + 1);
      if (code === SLASH) {
        this.closeTag();
        return 'close';
      }
      if (code === QUESTION) return this.#instruction();
      if (code !== BANG) {
        this.openTag();
        return 'open';
      }
    }
    // Only a comment, or an empty CDATA section, leaves no text.
    return this.content() ? 'text' : this.next();
  }

  /** Read past the element just opened. */
  skip(): void {
    const depth = this.depth;
    while (this.depth >= depth) this.next();
  }

  /** The same in slices. */
  *skipInSlices(): Slices<void> {
    const depth = this.depth;
    while (this.depth >= depth) {
      if (this.due) yield* this.pause();
      this.next();
    }
  }

  /** The text of the element just opened, which is then closed; an element within it is a fault. */
  elementText(): string {
    return this.plainText() ?? textOfParts(this.mixedText());
  }

  /** The same where `plainText` has none, in parts. An element within it is for `inner` to read, which is called once it is open. */
  mixedText(inner?: () => void): TextParts {
    const { name } = this;
    let all: TextParts | undefined;
    for (;;) {
      const event = this.next();
      if (event === 'close') return all ?? [];
      if (event === 'text') {
        const text: TextParts = partsAfter(all, this.parts);
        if (all !== undefined && lengthOfParts(text) > this.limits.textLength) this.tooLong(this.from);
        all = text;
      } else if (event === 'open') {
        if (inner === undefined) this.fail(`<${name}> holds text only, not <${this.name}>.`);
        inner();
      }
    }
  }

  /** The text of an element that holds nothing else and is short, as most do; read in one go. */
  plainText(): string | undefined {
    if (this.selfClosed || this.textBegun) return undefined;
    const { input, name } = this;
    const from = this.at;
    const stop = Math.min(input.length, from + longRun);
    let to = from;
    let references = false;
    for (let code = input.charCodeAt(to); code !== LT; code = input.charCodeAt(++to)) {
      if (code === AMP) references = true;
      else if (code === GT || to >= stop) return undefined;
    }
    // What references stand for is shorter.
    if (references && to - from > this.limits.textLength) return undefined;
    const end = to + 2 + name.length;
    if (input.charCodeAt(to + 1) !== SLASH || input.charCodeAt(end) !== GT || !input.startsWith(name, to + 2)) {
      return undefined;
    }
    if (to > from) this.node(from);
    if (to - from > this.limits.textLength) this.tooLong(from);
    const text = references ? this.resolved(from, to) : input.slice(from, to);
    this.from = to;
    this.at = end + 1;
    this.closed();
    return text;
  }

  /** Whether it is time for `pause`. Asked between small steps. */
  get due(): boolean {
    return this.overOrScant() || this.isLongNext;
  }

  /** Others get their turn, and what is read next is taken in: of the document, and of a text that may be long. */
  *pause(): Slices<void> {
    yield* this.takeIn();
    if (this.isLongNext) yield* this.contentAhead();
  }

  /** Whether a text comes next that may be long: then it is time for `pause`. */
  get isLongNext(): boolean {
    const { input, at } = this;
    const isTag = input.charCodeAt(at) === LT;
    if ((isTag && input.charCodeAt(at + 1) !== BANG) || this.selfClosed || this.depth === 0) return false;
    const end = isTag ? at : input.indexOf('<', at);
    return end < 0 || end - at > longText || end + 1 >= input.length || input.charCodeAt(end + 1) === BANG;
  }

  /** The namespace that a prefix stands for where the reader is, for names in content such as `xsi:type`. */
  resolve(prefix: string): string | undefined {
    return this.namespaces?.resolve(prefix);
  }

  /**
   * The text of what comes next when it is written exactly so; otherwise undefined, and nothing is read. Four tags of
   * which the caller knows how they will be are read so at the cost of two comparisons, and of one where others follow.
   */
  expected(around: Surroundings): string | undefined {
    const { before, after, nodes, levels, next, between } = around;
    const { input } = this;
    const { depth, textLength } = this.limits;
    const from = this.at + before.length;
    if (this.selfClosed || this.textBegun || this.depth + levels > depth) return undefined;
    const isKnown = this.#begins === around && this.#beginsAt === this.at;
    if (!isKnown && input.slice(this.at, from) !== before) return undefined;
    const stop = Math.min(input.length, from + longRun);
    let to = from;
    let references = false;
    for (let code = input.charCodeAt(to); code !== LT; code = input.charCodeAt(++to)) {
      if (code === AMP) references = true;
      else if (code === GT || to >= stop) return undefined;
    }
    const parts = to > from ? nodes : nodes - 1;
    if (to - from > textLength || !this.hasRoomFor(parts)) return undefined;
    const end = to + after.length;
    if (between !== undefined && input.slice(to, to + between.length) === between) {
      this.#begins = next;
      this.#beginsAt = end;
    } else if (input.slice(to, end) !== after) return undefined;
    this.node(from, parts);
    this.from = to;
    this.at = end;
    return references ? this.resolved(from, to) : input.slice(from, to);
  }

  /** Refuse the document because of the last event. `message` is a sentence. */
  fail(message: string, kind: XmlFaultKind = 'malformed'): never {
    this.refuse(this.from, message, kind);
  }

  protected override letGo(): void {
    this.#begins = undefined;
    super.letGo();
  }

  /** At the very beginning. */
  #begin(): void {
    this.#begun = true;
    this.ahead(7);
    if (this.input.charCodeAt(0) === 0xfeff) this.at = 1;
    if (!this.input.startsWith('<?xml', this.at) || !isSpace(this.input.charCodeAt(this.at + 5))) return;
    if (this.input.startsWith(usualDeclaration, this.at)) this.at += usualDeclaration.length;
    else this.#declaration();
  }

  #declaration(): void {
    this.ahead(declarationLength);
    const end = this.input.slice(this.at, this.at + declarationLength).indexOf('?>');
    const whole = this.input.slice(this.at, this.at + end + 2);
    if (end < 0 || !declaration.test(whole)) this.refuse(this.at, 'The XML declaration is wrong.');
    // A copy, since a slice keeps its whole document.
    usualDeclaration = Buffer.from(whole, 'latin1').toString('latin1');
    this.at += whole.length;
  }

  /** Before and after the root element. */
  #outside(): XmlEvent {
    if (!this.#begun) this.#begin();
    for (;;) {
      this.from = this.at = this.space(this.at);
      if (this.at >= this.safe) {
        const isBehind = this.at >= this.input.length;
        this.slide();
        if (isBehind) continue;
      }
      const { at } = this;
      const code = this.input.charCodeAt(at);
      if (Number.isNaN(code)) {
        if (!this.#rootSeen) this.refuse(at, 'There is no element.');
        return 'end';
      }
      if (code !== LT) this.refuse(at, 'There is text outside of the root element.');
      const next = this.input.charCodeAt(at + 1);
      if (next === QUESTION) return this.#instruction();
      if (next === BANG) {
        if (!this.input.startsWith('<!--', at)) this.markup(at);
        this.comment(at);
        continue;
      }
      if (this.#rootSeen) this.refuse(at, 'There is a second root element.');
      if (next === SLASH) this.refuse(at, 'There is a closing tag without an element.');
      this.#rootSeen = true;
      this.openTag();
      return 'open';
    }
  }

  #instruction(): XmlEvent {
    const from = this.at;
    const nameEnd = this.nameEnd(from + 2, 'an instruction');
    const name = this.input.slice(from + 2, nameEnd);
    if (name.toLowerCase() === 'xml') this.refuse(from, 'An XML declaration stands at the very beginning only.');
    if (this.options.instructions === false) this.refuse(from, 'A processing instruction is not accepted.');
    if (this.namespaces !== undefined && name.includes(':')) this.refuse(from, `The target ${name} has a colon.`);
    const end = this.find('?>', nameEnd, 'An instruction');
    if (end !== nameEnd && !isSpace(this.input.charCodeAt(nameEnd))) {
      this.refuse(nameEnd, `White space is expected after the target ${name}.`);
    }
    this.node(from);
    this.name = name;
    this.at = end + 2;
    return 'instruction';
  }
}
