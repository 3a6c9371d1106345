import { isChar, isNamePart, isNameStart, isSpace } from './xml-characters.ts';
import type { XmlSource } from './xml-source.ts';
import { XmlWindow } from './xml-window.ts';

/** Every limit of a document; config `limits.xml.*`. */
export interface XmlLimits {
  /** Elements within elements. */
  depth: number;
  /** Elements, text runs, comments and instructions in all. */
  nodes: number;
  attributes: number;
  /** Characters in a name. */
  nameLength: number;
  /** Characters in one run of text or in one attribute. */
  textLength: number;
  references: number;
}

export interface XmlReferenceOptions {
  /**
   * What becomes of a text in which there were references, once they are resolved: of what stands behind a character of
   * ASCII, whatever stands before it.
   */
  referred?: (text: string) => string;
  /**
   * Take two references in a row that name the halves of a surrogate pair for the character that they make. XML forbids
   * them; Apache XML-RPC (2 and 3) and Axis 1.4 write each character beyond U+FFFF so.
   */
  pairs?: boolean;
}

const SEMICOLON = 0x3b;

const isFirstHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isSecondHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const isHalf = (code: number): boolean => isFirstHalf(code) || isSecondHalf(code);

/** What a reference such as `#233` or `#xE9` names. */
const codeNamed = (name: string): number | undefined => {
  const numeric = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
  if (numeric === null) return undefined;
  return numeric[1] === undefined ? Number.parseInt(numeric[2]!, 10) : Number.parseInt(numeric[1], 16);
};

/** What a predefined entity stands for, in half the time that a map takes. */
const entityNamed = (name: string): string | undefined => {
  switch (name) {
    case 'amp':
      return '&';
    case 'lt':
      return '<';
    case 'gt':
      return '>';
    case 'quot':
      return '"';
    case 'apos':
      return "'";
    default:
      return undefined;
  }
};
// A character reference may have leading zeros without end; a longer one is refused before it is looked at.
const referenceLength = 1024;
// Most end sooner, and are looked at character by character: that takes less time than a search.
const usualLength = 12;
// References are joined in batches, so that a text of nothing else does not become millions of live strings.
const batch = 4096;
// Most texts are a few pieces, for which an array costs more than they do.
const few = 8;
// Names seen in any document, so that most names cost no allocation and compare by identity. Only short ones: V8 copies
// those, while a longer slice would keep its whole document alive.
const shortName = 12;
const namesSeen: string[] = new Array(256).fill('');

/** References that are resolved before others get their turn, and pieces of a text that are then put together. */
export const piecesAtOnce = batch;

/** A text as it is. */
export const same = (text: string): string => text;

/** Names, references and limits: what the tokenizer stands on. */
export class XmlScanner extends XmlWindow {
  protected readonly limits: XmlLimits;
  protected readonly referred: (text: string) => string;
  readonly #pairs: boolean;
  protected resolvedTo = 0;
  #references = 0;
  #nodes = 0;

  constructor(source: XmlSource, limits: XmlLimits, { referred = same, pairs = false }: XmlReferenceOptions) {
    super(source);
    this.limits = limits;
    this.referred = referred;
    this.#pairs = pairs;
  }

  /** Without an offset it is the text at the place that is marked. */
  protected tooLong(offset?: number): never {
    const { textLength } = this.limits;
    const message = `A text is longer than limits.xml.textLength, ${textLength} characters.`;
    if (offset === undefined) this.refuseMarked(message, 'too-large');
    this.refuse(offset, message, 'too-large');
  }

  /** Whether so many more parts are within the limit. */
  protected hasRoomFor(count: number): boolean {
    return this.#nodes + count <= this.limits.nodes;
  }

  protected node(offset: number, count = 1): void {
    this.#nodes += count;
    if (this.#nodes > this.limits.nodes) {
      this.refuse(offset, `There are more than limits.xml.nodes, ${this.limits.nodes}, parts.`, 'too-large');
    }
  }

  protected space(at: number): number {
    while (isSpace(this.input.charCodeAt(at))) at++;
    return at;
  }

  /** Checks a name and returns where it ends. */
  protected nameEnd(from: number, what: string): number {
    const input = this.input;
    let at = from;
    let code = input.charCodeAt(at);
    if (!(code < 128)) code = input.codePointAt(at) ?? Number.NaN;
    if (!isNameStart(code)) this.refuse(from, `A name is expected for ${what}.`);
    do {
      at += code > 0xffff ? 2 : 1;
      code = input.charCodeAt(at);
      if (!(code < 128)) code = input.codePointAt(at) ?? Number.NaN;
    } while (isNamePart(code));
    if (at - from > this.limits.nameLength) {
      const { nameLength } = this.limits;
      this.refuse(from, `A name is longer than limits.xml.nameLength, ${nameLength} characters.`, 'too-large');
    }
    return at;
  }

  protected nameAt(from: number, to: number): string {
    const { input } = this;
    const length = to - from;
    if (length > shortName) return input.slice(from, to);
    const slot = (input.charCodeAt(from) * 31 + input.charCodeAt(to - 1) * 7 + length) & (namesSeen.length - 1);
    const known = namesSeen[slot]!;
    if (known.length === length && input.startsWith(known, from)) return known;
    const name = input.slice(from, to);
    namesSeen[slot] = name;
    return name;
  }

  /** A piece of the input with its references resolved; `plain` is applied to what stands between them. */
  protected resolved(from: number, to: number, plain: (text: string) => string = same): string {
    return this.referred(this.resolvedPart(from, to, plain));
  }

  /**
   * The same before `referred` is applied, up to `resolvedTo`: where there are more references than `most`, or more
   * characters than `room`, that is behind one of them, and between the halves of no character.
   */
  protected resolvedPart(
    from: number,
    to: number,
    plain: (text: string) => string = same,
    most = Number.POSITIVE_INFINITY,
    room = Number.POSITIVE_INFINITY,
  ): string {
    const input = this.input;
    const last = this.#references + most;
    let all = '';
    let parts: string[] = [];
    let length = 0;
    let pieces = 0;
    let at = from;
    /** Where the first half of a surrogate pair is named that waits for the other. */
    let half = -1;
    while (at < to && (length <= room || half >= 0)) {
      let ampersand = input.indexOf('&', at);
      if (ampersand < 0 || ampersand > to) ampersand = to;
      if (ampersand > at) {
        if (half >= 0) this.#alone(half);
        const text = plain(input.slice(at, ampersand));
        if (pieces++ < few) all += text;
        else parts.push(text);
        length += text.length;
        at = ampersand;
        continue;
      }
      if (++this.#references > this.limits.references) {
        this.refuse(
          ampersand,
          `There are more than limits.xml.references, ${this.limits.references}, references.`,
          'too-large',
        );
      }
      const end = this.#referenceEnd(ampersand, to);
      const resolved = this.#reference(ampersand, end);
      const code = resolved.length === 1 ? resolved.charCodeAt(0) : 0;
      if (half >= 0 ? !isSecondHalf(code) : isSecondHalf(code)) this.#alone(half < 0 ? ampersand : half);
      half = isFirstHalf(code) ? ampersand : -1;
      if (pieces++ < few) all += resolved;
      else parts.push(resolved);
      length += resolved.length;
      at = end + 1;
      if (this.#references >= last && half < 0) break;
      if (parts.length >= batch) {
        all += parts.join('');
        parts = [];
      }
    }
    if (half >= 0) this.#alone(half);
    this.resolvedTo = at;
    return parts.length === 0 ? all : all + parts.join('');
  }

  /** Where the `;` is of the reference that begins at `ampersand`. */
  #referenceEnd(ampersand: number, to: number): number {
    const { input } = this;
    const near = Math.min(to, ampersand + usualLength);
    for (let at = ampersand + 1; at < near; at++) if (input.charCodeAt(at) === SEMICOLON) return at;
    const end = input.slice(ampersand, Math.min(to, ampersand + referenceLength)).indexOf(';');
    if (end < 0) this.#beginsNone(ampersand);
    return ampersand + end;
  }

  #beginsNone(ampersand: number): never {
    this.refuse(ampersand, 'An & does not begin a reference.');
  }

  #alone(half: number): never {
    this.refuse(half, 'A reference names half of a surrogate pair, and none beside it the other half.');
  }

  /**
   * Up to where the references of a text can be resolved that goes on behind `to`: before one that is not whole, and before
   * the first half of a surrogate pair.
   */
  protected wholeReferences(from: number, to: number): number {
    const { input } = this;
    const before = (end: number): number => {
      const begin = Math.max(from, end - referenceLength);
      const ampersand = input.slice(begin, end).lastIndexOf('&');
      return ampersand < 0 ? end : begin + ampersand;
    };
    const last = before(to);
    const border = input.slice(last, to).includes(';') ? to : last;
    const name = input.slice(before(border) + 1, border);
    return name.endsWith(';') && isFirstHalf(codeNamed(name.slice(0, -1)) ?? 0) ? border - name.length - 1 : border;
  }

  /** What the reference from `&` to `;` stands for. */
  #reference(from: number, to: number): string {
    const name = this.input.slice(from + 1, to);
    const entity = entityNamed(name);
    if (entity !== undefined) return entity;
    const code = codeNamed(name);
    if (code === undefined) {
      // Of a document in pieces it ends before the next one.
      if (name.includes('&')) this.#beginsNone(from);
      this.refuse(from, `The entity &${name}; is not defined.`);
    }
    if (!isChar(code) && !(this.#pairs && isHalf(code))) {
      this.refuse(from, `The reference &${name}; names a character that is not allowed in XML.`);
    }
    return String.fromCodePoint(code);
  }
}
