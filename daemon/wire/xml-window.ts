/** What a tokenizer sees of a document: a window of its text, moved on from token to token. */
import { Slice, type Slices } from '../../plugin-protocol/slices.ts';
import { codePointName, illegalCharacter, isLegal } from './xml-characters.ts';
import { XmlCharacterFault, XmlFault, type XmlFaultKind } from './xml-fault.ts';
import type { XmlSource } from './xml-source.ts';

/** What a token is within, but for long texts and attributes. */
const soon = 4096;

/** Characters that tell what begins: `<![CDATA[` has the most. */
const tellingLength = 9;

const [LT, BANG] = [0x3c, 0x21];

/** What matters to where a tag ends. */
const tagMark = /[>"']/g;

/** No window is as long: strings are not. */
const unlimited = 2 ** 30 - 1;

/** Section 2.11: a line ends with LF, however it was written. */
const withLineFeeds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/**
 * Offsets are those of the window, until it moves. Tags are read whole: those that begin between `at` and `safe` are within
 * the window, but for a `<` that is not their first character. Texts, sections and comments are read in pieces, however
 * long they are: of them there is no more in the window than the reader has asked for.
 */
export class XmlWindow {
  protected input = '';
  /** Where reading goes on. */
  protected at = 0;
  /** Where the last event began; -1 when the window has moved on since. */
  protected from = 0;
  /** A tag that begins before this is within the window. */
  protected safe = 0;
  /** Whether the last tag that has begun goes on behind the window: it then begins at `safe`. */
  #tagGoesOn = false;
  /** Whether nothing of it has come but `<`, and the quotation mark that it is within. */
  #tagBegins = false;
  #quote = '';
  /** That of the whole work: one for all readers that do it together. */
  slice = new Slice();
  /** What is still to come; undefined once all of the text is in the window. */
  #source: XmlSource | undefined;
  #afterReturn = false;
  /** Taken in and not yet joined to the window, and where the window then ends. */
  #pieces: string[] = [];
  #end = 0;
  /** What `mark` keeps. */
  #marked = 0;
  #markedPlace: Place | undefined;
  // The place of the window in the document.
  #offset = 0;
  #line = 1;
  #lineStart = 0;
  #fromPlace: Place = { line: 1, column: 1, offset: 0 };
  // What `hold` keeps.
  #held: string[] | undefined;
  #heldFrom = 0;

  constructor(source: XmlSource) {
    this.#source = source;
  }

  /** Where the last event began, in UTF-16 units once line ends are normalized. */
  get offset(): number {
    return this.from < 0 ? this.#fromPlace.offset : this.#offset + this.from;
  }

  /** Whether others should get their turn now, or what is read next be taken in. Asked between small steps. */
  protected overOrScant(): boolean {
    return this.slice.over() || this.#isScant();
  }

  #isScant(): boolean {
    return this.#source !== undefined && (this.#tagGoesOn ? this.safe : this.#end) <= this.at + soon;
  }

  /** Others get their turn, and what is read next is taken in: one long tag may need all the rest. */
  protected *takeIn(): Slices<void> {
    const { slice } = this;
    if (this.#isScant()) {
      this.letGo();
      while (this.#isScant() && this.#take()) if (slice.overNow()) yield* slice.pause();
      this.#join();
    }
    if (slice.overNow()) yield* slice.pause();
  }

  /** Keep the document as it is written, line ends normalized, from the tag just opened on, until `held` is called. */
  hold(): void {
    this.#held = [];
    this.#heldFrom = this.from;
  }

  /** What has been kept up to where the reader is, piece by piece. */
  held(): readonly string[] {
    const pieces = this.#held ?? [];
    pieces.push(this.input.slice(this.#heldFrom, this.at));
    this.#held = undefined;
    return pieces;
  }

  /**
   * Called when reading has failed: looks the rest through for characters that XML does not have. Where there is one, it
   * is thrown as what is wrong with the document, however much of that was read before.
   */
  *failed(error: unknown): Slices<void> {
    if (error instanceof XmlCharacterFault || this.#source === undefined) return;
    const { slice } = this;
    do {
      this.#join();
      this.at = this.input.length;
      this.letGo();
      if (slice.overNow()) yield* slice.pause();
    } while (this.#take());
  }

  /** The window begins where the reader is, and has the tag that begins there, or enough of what else does to tell it. */
  protected slide(): void {
    this.letGo();
    this.ahead(tellingLength);
    if (this.input.charCodeAt(0) !== LT || this.input.charCodeAt(1) === BANG) return;
    while (this.safe <= 0 && this.#take());
    this.#join();
  }

  /** The window begins where the reader is, and has one piece more; false when there is none. */
  protected more(): boolean {
    this.#markedPlace ??= this.#placeOf(this.#marked);
    this.letGo();
    const taken = this.#take();
    this.#join();
    return taken;
  }

  /** Whether all of the document is within the window. */
  protected get isWhole(): boolean {
    return this.#source === undefined;
  }

  /** Keep this place, for `refuseMarked`. */
  protected mark(offset: number): void {
    this.#marked = offset;
    this.#markedPlace = undefined;
  }

  /** Let go of what has been read. */
  protected letGo(): void {
    const { at } = this;
    if (this.from < at) {
      if (this.from >= 0) this.#fromPlace = this.#placeOf(this.from);
      this.from = -1;
    } else this.from = 0;
    if (this.#held !== undefined) {
      this.#held.push(this.input.slice(this.#heldFrom, at));
      this.#heldFrom = 0;
    }
    const { line, column, offset } = this.#placeOf(at);
    this.#line = line;
    this.#lineStart = 1 - column;
    this.#offset = offset;
    this.input = this.input.slice(at);
    this.#end = this.input.length;
    if (this.safe < at) this.#tagGoesOn = false;
    if (this.safe !== unlimited) this.safe = Math.max(0, this.safe - at);
    this.at = 0;
  }

  /** The window has so many characters from where the reader is, unless the document ends before. */
  protected ahead(characters: number): void {
    while (this.#end - this.at < characters && this.#take());
    this.#join();
  }

  /** `needle` from `at` on; a fault when it never comes. */
  protected find(needle: string, at: number, what: string): number {
    for (let from = at; ; ) {
      const found = this.input.indexOf(needle, from);
      if (found >= 0) return found;
      from = Math.max(at, this.input.length - needle.length + 1);
      // As much again as there is, so that all is copied a few times only.
      const enough = this.#end * 2;
      if (!this.#take()) this.refuse(this.from, `${what} does not end.`);
      while (this.#end < enough && this.#take());
      this.#join();
    }
  }

  protected refuse(offset: number, message: string, kind: XmlFaultKind = 'malformed', Kind = XmlFault): never {
    const { line, column } = this.#placeOf(offset);
    throw new Kind(kind, message, line, column);
  }

  protected refuseMarked(message: string, kind: XmlFaultKind): never {
    const { line, column } = this.#markedPlace ?? this.#placeOf(this.#marked);
    throw new XmlFault(kind, message, line, column);
  }

  /** Lines are counted only here: when a document is refused, and when the window moves. */
  #placeOf(offset: number): Place {
    if (offset < 0) return this.#fromPlace;
    let line = this.#line;
    let lineStart = this.#lineStart;
    const { input } = this;
    for (let at = input.indexOf('\n'); at >= 0 && at < offset; at = input.indexOf('\n', at + 1)) {
      line++;
      lineStart = at + 1;
    }
    return { line, column: offset - lineStart + 1, offset: this.#offset + offset };
  }

  /** Take in the next piece; false when there is none. */
  #take(): boolean {
    const source = this.#source;
    if (source === undefined) return false;
    const { text, wrong, legal, last } = source.next();
    const end = this.#end;
    const piece = source.prepared ? text : this.#prepared(text);
    this.#pieces.push(piece);
    this.#end += piece.length;
    const illegal = source.prepared || legal || isLegal(piece) ? -1 : piece.search(illegalCharacter);
    if (illegal >= 0) {
      const character = codePointName(piece.codePointAt(illegal)!);
      this.#noText(end + illegal, `The character ${character} is not allowed in XML.`);
    }
    if (wrong !== undefined) this.#noText(this.#end, wrong);
    if (last) {
      this.#source = undefined;
      this.#tagGoesOn = false;
      this.safe = unlimited;
    } else {
      const markup = piece.lastIndexOf('<');
      if (markup >= 0) {
        this.safe = end + markup;
        this.#tagGoesOn = this.#tagBegins = true;
        this.#quote = '';
      }
      if (this.#tagGoesOn) this.#followTag(piece, markup + 1);
    }
    return true;
  }

  /** Looks for the end of the last tag in what has come of it. */
  #followTag(piece: string, from: number): void {
    if (this.#tagBegins && from < piece.length) {
      this.#tagBegins = false;
      if (piece.charCodeAt(from) === BANG) this.#tagGoesOn = false;
    }
    for (let at = from; this.#tagGoesOn && at < piece.length; ) {
      if (this.#quote !== '') {
        const end = piece.indexOf(this.#quote, at);
        if (end < 0) return;
        this.#quote = '';
        at = end + 1;
      }
      tagMark.lastIndex = at;
      const found = tagMark.exec(piece);
      if (found === null) return;
      if (found[0] !== '>') {
        this.#quote = found[0];
        at = found.index + 1;
      } else {
        this.#tagGoesOn = false;
        this.safe += 1;
      }
    }
  }

  #noText(offset: number, message: string): never {
    this.#join();
    this.refuse(offset, message, 'malformed', XmlCharacterFault);
  }

  /** Not by `+`: what is put together so is slower to read. */
  #join(): void {
    const pieces = this.#pieces;
    if (pieces.length === 0) return;
    if (this.input === '' && pieces.length === 1) this.input = pieces.pop()!;
    else {
      this.input = [this.input, ...pieces].join('');
      this.#pieces = [];
    }
  }

  #prepared(text: string): string {
    if (text === '') return text;
    // The other half of a line end that was torn apart.
    const rest = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#afterReturn = text.endsWith('\r');
    return withLineFeeds(rest);
  }
}

interface Place {
  line: number;
  column: number;
  offset: number;
}
