/**
 * The one XML tokenizer of both XML wires: strict XML 1.0 with namespaces, no DTD, the five predefined entities and
 * numeric character references, and limits that are checked before anything is kept.
 */
import { isSpace } from './xml-characters.ts';
import { type XmlFaultKind, xmlFaultAt } from './xml-fault.ts';
import { splitName, XmlNamespaces } from './xml-namespaces.ts';
import { type XmlLimits, XmlScanner } from './xml-scanner.ts';

export { XmlFault, type XmlFaultKind } from './xml-fault.ts';
export { xmlNamespace, xmlnsNamespace } from './xml-namespaces.ts';
export type { XmlLimits } from './xml-scanner.ts';

export interface XmlOptions {
  /** Resolve prefixes, and check them. Without it `xmlns` is an attribute like any other. */
  namespaces?: boolean;
  /** `false` refuses processing instructions, as SOAP demands. */
  instructions?: boolean;
}

export interface XmlAttribute {
  name: string;
  local: string;
  prefix: string;
  namespace: string;
  value: string;
}

export type XmlEvent = 'open' | 'close' | 'text' | 'end' | 'instruction';

const LT = 0x3c;
const GT = 0x3e;
const AMP = 0x26;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const RIGHT_BRACKET = 0x5d;

const declarationLength = 512;
const declaration =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>$/;

/**
 * Reads a document event by event, without an object for any of them. The constructor and every method that reads on
 * throw `XmlFault`.
 *
 * After `open`: `name`, `attribute()`. A self-closing tag gives `open`, then `close`. After `text`: `text`, never
 * empty; CDATA sections and what stands around comments are one text. `depth` counts the elements that are open once
 * the event has happened.
 */
export class XmlReader extends XmlScanner {
  /** The name as written: of the element opened or closed, or the target of the instruction. */
  name = '';
  depth = 0;

  readonly #namespaces: XmlNamespaces | undefined;
  readonly #instructions: boolean;
  #rootSeen = false;
  #selfClosed = false;
  readonly #open: string[] = [];
  // The last text: a slice of the input that is made only when asked for, unless it had to be put together.
  #textFrom = 0;
  #textTo = 0;
  #textMade: string | undefined;
  // The attributes of the element just opened; the arrays are used again for the next.
  #count = 0;
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  constructor(text: string, limits: XmlLimits, options: XmlOptions = {}) {
    super(text, limits);
    this.#namespaces = options.namespaces ? new XmlNamespaces() : undefined;
    this.#instructions = options.instructions ?? true;
    if (this.input.charCodeAt(0) === 0xfeff) this.at = 1;
    if (this.input.startsWith('<?xml', this.at) && isSpace(this.input.charCodeAt(this.at + 5))) this.#declaration();
  }

  /** Where the last event began, in UTF-16 units once line ends are normalized. */
  get offset(): number {
    return this.from;
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
    return this.#namespaces?.element ?? '';
  }

  /** The last text. */
  get text(): string {
    this.#textMade ??= this.input.slice(this.#textFrom, this.#textTo);
    return this.#textMade;
  }

  /** Whether the last text is nothing but white space. */
  get blank(): boolean {
    const from = this.#textMade === undefined ? this.#textFrom : 0;
    const to = this.#textMade === undefined ? this.#textTo : this.#textMade.length;
    const text = this.#textMade ?? this.input;
    for (let at = from; at < to; at++) if (!isSpace(text.charCodeAt(at))) return false;
    return true;
  }

  /** Read on. After `end` there is nothing more to read. */
  next(): XmlEvent {
    if (this.#selfClosed) {
      this.#selfClosed = false;
      return this.#closed();
    }
    this.from = this.at;
    if (this.depth === 0) return this.#outside();
    if (this.input.charCodeAt(this.at) === LT) {
      const code = this.input.charCodeAt(this.at + 1);
      if (code === SLASH) return this.#closeTag();
      if (code === QUESTION) return this.#instruction();
      if (code !== BANG) return this.#openTag();
    }
    // Only a comment, or an empty CDATA section, leaves no text.
    return this.#content() ? 'text' : this.next();
  }

  /** The document as written, line ends normalized, from an offset to where the reader is. */
  source(from: number): string {
    return this.input.slice(from, this.at);
  }

  /** Read past the element just opened. */
  skip(): void {
    const depth = this.depth;
    while (this.depth >= depth) this.next();
  }

  /** The text of the element just opened, which is then closed; an element within it is a fault. */
  elementText(): string {
    const name = this.name;
    const plain = this.#plainText(name);
    if (plain !== undefined) return plain;
    let all = '';
    for (;;) {
      const event = this.next();
      if (event === 'close') return all;
      if (event === 'text') {
        all = all === '' ? this.text : all + this.text;
        if (all.length > this.limits.textLength) this.tooLong(this.from);
      } else if (event === 'open') this.fail(`<${name}> holds text only, not <${this.name}>.`);
    }
  }

  /** The text of an element that holds nothing else and no reference, as most do; read in one go. */
  #plainText(name: string): string | undefined {
    if (this.#selfClosed) return undefined;
    const input = this.input;
    const from = this.at;
    let to = from;
    for (let code = input.charCodeAt(to); code !== LT; code = input.charCodeAt(++to)) {
      if (code === AMP || code === GT || to >= input.length) return undefined;
    }
    const end = to + 2 + name.length;
    if (input.charCodeAt(to + 1) !== SLASH || input.charCodeAt(end) !== GT || !input.startsWith(name, to + 2)) {
      return undefined;
    }
    if (to > from) this.node(from);
    if (to - from > this.limits.textLength) this.tooLong(from);
    this.from = to;
    this.at = end + 1;
    this.#closed();
    return input.slice(from, to);
  }

  /** The value of an attribute of the element just opened. Without a namespace: one that is in none. */
  attribute(local: string, namespace = ''): string | undefined {
    for (let i = 0; i < this.#count; i++) {
      if (this.#namespaces === undefined) {
        if (this.#names[i] === local) return this.#values[i];
      } else if (this.#namespaces.locals[i] === local && this.#namespaces.uris[i] === namespace) return this.#values[i];
    }
    return undefined;
  }

  /** All attributes of the element just opened, as written; with namespaces on, `xmlns` declarations are among them. */
  attributes(): readonly XmlAttribute[] {
    return this.#names.slice(0, this.#count).map((name, i) => {
      const { prefix, local } = splitName(name);
      return { name, local, prefix, namespace: this.#namespaces?.uris[i] ?? '', value: this.#values[i]! };
    });
  }

  /** The namespace that a prefix stands for where the reader is, for names in content such as `xsi:type`. */
  resolve(prefix: string): string | undefined {
    return this.#namespaces?.resolve(prefix);
  }

  /** Refuse the document because of the last event. `message` is a sentence. */
  fail(message: string, kind: XmlFaultKind = 'malformed'): never {
    throw xmlFaultAt(this.input, this.from, kind, message);
  }

  #declaration(): void {
    const end = this.input.slice(this.at, this.at + declarationLength).indexOf('?>');
    const whole = this.input.slice(this.at, this.at + end + 2);
    if (end < 0 || !declaration.test(whole)) this.refuse(this.at, 'The XML declaration is wrong.');
    this.at += whole.length;
  }

  /** Before and after the root element. */
  #outside(): XmlEvent {
    for (;;) {
      const at = this.space(this.at);
      this.from = this.at = at;
      const code = this.input.charCodeAt(at);
      if (Number.isNaN(code)) {
        if (!this.#rootSeen) this.refuse(at, 'There is no element.');
        return 'end';
      }
      if (code !== LT) this.refuse(at, 'There is text outside of the root element.');
      const next = this.input.charCodeAt(at + 1);
      if (next === QUESTION) return this.#instruction();
      if (next === BANG) {
        if (!this.input.startsWith('<!--', at)) this.#markup(at);
        this.#comment(at);
        continue;
      }
      if (this.#rootSeen) this.refuse(at, 'There is a second root element.');
      if (next === SLASH) this.refuse(at, 'There is a closing tag without an element.');
      this.#rootSeen = true;
      return this.#openTag();
    }
  }

  #markup(at: number): never {
    if (this.input.startsWith('<!DOCTYPE', at)) this.refuse(at, 'A document type declaration is not accepted.');
    this.refuse(at, 'This is no markup that XML knows.');
  }

  #openTag(): XmlEvent {
    const input = this.input;
    const from = this.at + 1;
    const to = this.nameEnd(from, 'an element');
    this.node(this.at);
    if (++this.depth > this.limits.depth) {
      const { depth } = this.limits;
      this.refuse(this.at, `Elements are nested deeper than limits.xml.depth, ${depth}.`, 'too-large');
    }
    this.name = this.nameAt(from, to);
    this.#open.push(this.name);
    this.#count = 0;
    if (input.charCodeAt(to) === GT) this.at = to + 1;
    else this.#restOfTag(to);
    if (this.#namespaces !== undefined) {
      const wrong = this.#namespaces.enter(this.name, this.#names, this.#values, this.#count);
      if (wrong !== undefined) this.fail(wrong);
    }
    return 'open';
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
        this.#selfClosed = true;
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
    let value = input.slice(at + 1, end);
    if (value.includes('<')) this.refuse(at, `There is a < in the value of the attribute ${name}.`);
    // Section 3.3.3: white space becomes spaces, unless it was written as a reference.
    if (/[\t\n&]/.test(value)) value = this.resolved(at + 1, end, (text) => text.replace(/[\t\n]/g, ' '));
    this.#names[this.#count] = name;
    this.#values[this.#count++] = value;
    return end + 1;
  }

  #closeTag(): XmlEvent {
    const input = this.input;
    const expected = this.#open[this.depth - 1]!;
    const from = this.at + 2;
    const to = from + expected.length;
    if (input.startsWith(expected, from) && input.charCodeAt(to) === GT) {
      this.at = to + 1;
      return this.#closed();
    }
    const nameEnd = this.nameEnd(from, 'a closing tag');
    const name = input.slice(from, nameEnd);
    if (name !== expected) this.fail(`<${expected}> is closed by </${name}>.`);
    const at = this.space(nameEnd);
    if (input.charCodeAt(at) !== GT) this.fail(`The closing tag </${name}> does not end.`);
    this.at = at + 1;
    return this.#closed();
  }

  #closed(): XmlEvent {
    this.name = this.#open.pop()!;
    this.depth--;
    this.#namespaces?.leave();
    return 'close';
  }

  #instruction(): XmlEvent {
    const from = this.at;
    if (!this.#instructions) this.refuse(from, 'A processing instruction is not accepted.');
    const nameEnd = this.nameEnd(from + 2, 'an instruction');
    const name = this.input.slice(from + 2, nameEnd);
    if (name.toLowerCase() === 'xml') this.refuse(from, 'An XML declaration stands at the very beginning only.');
    if (this.#namespaces !== undefined && name.includes(':')) this.refuse(from, `The target ${name} has a colon.`);
    const end = this.find('?>', nameEnd, 'An instruction');
    if (end !== nameEnd && !isSpace(this.input.charCodeAt(nameEnd))) {
      this.refuse(nameEnd, `White space is expected after the target ${name}.`);
    }
    this.node(from);
    this.name = name;
    this.at = end + 2;
    return 'instruction';
  }

  #comment(from: number): void {
    this.node(from);
    const end = this.find('--', from + 4, 'A comment');
    if (this.input.charCodeAt(end + 2) !== GT) this.refuse(end, 'There is a -- in a comment.');
    this.at = end + 3;
  }

  /** Text, CDATA sections and comments up to the next tag or instruction; whether there was any text. */
  #content(): boolean {
    const input = this.input;
    this.#textMade = undefined;
    this.#textFrom = this.#textTo = this.at;
    let pieces = 0;
    for (;;) {
      const from = this.at;
      if (input.charCodeAt(from) !== LT) {
        this.node(from);
        this.#text(from, pieces++ > 0);
      } else if (input.charCodeAt(from + 1) !== BANG) {
        return pieces > 0;
      } else if (input.startsWith('<!--', from)) this.#comment(from);
      else if (input.startsWith('<![CDATA[', from)) {
        this.node(from);
        const end = this.find(']]>', from + 9, 'A CDATA section');
        this.at = end + 3;
        if (end > from + 9) this.#append(from + 9, end, pieces++ > 0);
      } else this.#markup(from);
    }
  }

  /** A run of text up to the next markup. */
  #text(from: number, more: boolean): void {
    const input = this.input;
    let at = from;
    let references = false;
    for (; ; at++) {
      const code = input.charCodeAt(at);
      if (code === LT) break;
      if (code === AMP) references = true;
      else if (code === GT) {
        if (
          at >= from + 2 &&
          input.charCodeAt(at - 1) === RIGHT_BRACKET &&
          input.charCodeAt(at - 2) === RIGHT_BRACKET
        ) {
          this.refuse(at - 2, 'There is a ]]> in text.');
        }
      } else if (at >= input.length) {
        this.refuse(at, `The document ends within <${this.#open[this.depth - 1]}>.`);
      }
    }
    this.at = at;
    if (!references) this.#append(from, at, more);
    else {
      const resolved = this.resolved(from, at);
      this.#textMade = more ? this.text + resolved : resolved;
      if (this.#textMade.length > this.limits.textLength) this.tooLong(from);
    }
  }

  #append(from: number, to: number, more: boolean): void {
    if (!more) {
      if (to - from > this.limits.textLength) this.tooLong(from);
      this.#textFrom = from;
      this.#textTo = to;
    } else {
      const before = this.text;
      if (before.length + to - from > this.limits.textLength) this.tooLong(from);
      this.#textMade = before + this.input.slice(from, to);
    }
  }
}
