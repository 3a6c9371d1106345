import type { Slices } from '../../plugin-protocol/slices.ts';
import { PassingText, type TextParts, textOfParts } from './parts.ts';
import { isSpace } from './xml-characters.ts';
import { piecesAtOnce, same, XmlScanner } from './xml-scanner.ts';

const LT = 0x3c;
const GT = 0x3e;
const AMP = 0x26;
const BANG = 0x21;
const RIGHT_BRACKET = 0x5d;

/** Runs of text that are longer are searched, shorter ones looked at character by character: both is what is faster. */
export const longRun = 512;

const isBlank = (text: string, from = 0, to = text.length): boolean => {
  for (let at = from; at < to; at++) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
};

/** What may go on behind the window. */
type Within = 'run' | 'section' | 'comment';
const notEnded = { section: 'A CDATA section does not end.', comment: 'A comment does not end.' };

/** What stands between tags: text, sections and comments. */
export class XmlTextScanner extends XmlScanner {
  /** How many elements are open. */
  depth = 0;
  protected readonly open: string[] = [];
  // The last text: a slice of the input that is made only when asked for, unless it has to be put together.
  #textFrom = 0;
  #textTo = 0;
  #textMade: string | undefined;
  #together: PassingText | undefined;
  /** Whether some of it has been read that has not been told of. */
  protected textBegun = false;
  #length = 0;
  /** What is being read that goes on behind the window. */
  #within: Within | undefined;
  /** Where references have been read up to in a run, and are to be; that is not beyond the reader when there are none. */
  #runEnd = 0;
  /** What has been read of that run and waits for the rest of a character that is told by its bytes. */
  #resolved = '';

  /** The last text. */
  get text(): string {
    this.#textMade ??=
      this.#together === undefined ? this.input.slice(this.#textFrom, this.#textTo) : textOfParts(this.#together);
    return this.#textMade;
  }

  /** The last text in parts: of a long one, they need not be put together. */
  get parts(): TextParts {
    return this.#together ?? [this.text];
  }

  /** The last text; in parts where it is long. */
  get textOrParts(): string | TextParts {
    return this.#together === undefined || this.#together.length <= longRun ? this.text : this.#together;
  }

  /** The last text has been read: memory that it has outside of the heap is given back. */
  releaseText(): void {
    this.#together?.release();
  }

  /** Whether the last text is nothing but white space. */
  get blank(): boolean {
    if (this.#textMade !== undefined || this.#together !== undefined) {
      for (const part of this.parts) if (!isBlank(part)) return false;
      return true;
    }
    return isBlank(this.input, this.#textFrom, this.#textTo);
  }

  protected override letGo(): void {
    // What the text is a slice of goes.
    if (this.#together === undefined) void this.text;
    this.#runEnd = Math.max(0, this.#runEnd - this.at);
    super.letGo();
  }

  /** Text, CDATA sections and comments up to the next tag or instruction; whether there was any text. */
  protected content(): boolean {
    if (!this.textBegun) this.#begin();
    while (!this.#readOn());
    this.textBegun = false;
    return this.#length > 0;
  }

  /** Reads in slices what `content` then has at once. */
  protected *contentAhead(): Slices<void> {
    this.from = this.at;
    this.#begin();
    while (!this.#readOn()) if (this.slice.overNow()) yield* this.slice.pause();
  }

  #begin(): void {
    this.textBegun = true;
    this.#length = 0;
    this.#together = undefined;
    this.#textMade = undefined;
    this.#textFrom = this.#textTo = this.at;
  }

  /** Reads so much as may be read at once; whether that is all. */
  #readOn(): boolean {
    for (let left = piecesAtOnce; left > 0; left--) {
      if (this.#runEnd > this.at) {
        this.#resolve();
        return false;
      }
      if (this.#within !== undefined) {
        this.#goOn(this.#within);
        return false;
      }
      if (this.at >= this.safe) this.slide();
      const { input, at: from } = this;
      if (input.charCodeAt(from) !== LT) {
        this.node(from);
        this.mark(from);
        if (!this.#run(from)) return false;
      } else if (input.charCodeAt(from + 1) !== BANG) {
        return true;
      } else if (input.startsWith('<!--', from)) this.#beginComment(from);
      else if (input.startsWith('<![CDATA[', from)) {
        this.node(from);
        this.at = from + 9;
        this.mark(this.at);
        this.#section();
      } else this.markup(from);
    }
    return false;
  }

  /** Reads on in the next piece of the document. */
  #goOn(within: Within): void {
    const hasMore = this.more();
    if (within === 'run') this.#run(this.at);
    else if (!hasMore) this.refuse(this.from, notEnded[within]);
    else if (within === 'comment') this.#comment();
    else this.#section();
  }

  /** A run of text up to the next markup, or what there is of it in the window; whether all of it is read. */
  #run(from: number): boolean {
    const input = this.input;
    const near = from + longRun;
    let at = from;
    let references = this.#resolved !== '';
    let goesOn = false;
    for (; ; at++) {
      if (at === near) {
        const end = input.indexOf('<', at);
        const run = input.slice(from, end < 0 ? input.length : end);
        const wrong = run.indexOf(']]>');
        at = from + (wrong < 0 ? run.length : wrong + 2);
        references ||= run.includes('&');
      }
      const code = input.charCodeAt(at);
      if (code === LT) break;
      if (code === AMP) references = true;
      else if (code === GT) {
        if (
          at >= from + 2 &&
          input.charCodeAt(at - 1) === RIGHT_BRACKET &&
          input.charCodeAt(at - 2) === RIGHT_BRACKET
        ) {
          goesOn = true;
          at -= 2;
          if (at === from) this.refuse(at, 'There is a ]]> in text.');
          break;
        }
      } else if (at >= input.length) {
        goesOn = true;
        if (!this.isWhole) at = this.#border(from, at, references);
        else if (at === from) this.refuse(at, `The document ends within <${this.open[this.depth - 1]}>.`);
        break;
      }
    }
    // What is wrong is told once all that stands before it has been read.
    this.#within = goesOn ? 'run' : undefined;
    if (references) {
      this.#runEnd = at;
      return this.#resolve() && !goesOn;
    }
    this.at = at;
    if (at > from) this.#append(from, at);
    return !goesOn;
  }

  /** Up to where a run is read that goes on behind the window: what the rest may give another meaning waits for it. */
  #border(from: number, to: number, references: boolean): number {
    let at = to;
    while (at > from && at > to - 2 && this.input.charCodeAt(at - 1) === RIGHT_BRACKET) at--;
    return at === to && references ? this.wholeReferences(from, to) : at;
  }

  /** Reads on in a run of text with references; whether all of it is read that is to be. */
  #resolve(): boolean {
    const end = this.#runEnd;
    const room = Math.max(0, this.limits.textLength - this.#length - this.#resolved.length);
    this.#resolved += this.resolvedPart(this.at, end, undefined, piecesAtOnce, room);
    this.at = this.resolvedTo;
    const isAll = this.at === end;
    const isEnd = isAll && this.#within === undefined;
    if (isEnd || this.#resolved.charCodeAt(this.#resolved.length - 1) < 0x80 || this.referred === same) {
      const text = this.referred(this.#resolved);
      this.#resolved = '';
      this.#lengthen(text.length);
      if (text !== '') this.#add(text);
    }
    return isAll;
  }

  #append(from: number, to: number): void {
    const isFirst = this.#length === 0;
    this.#lengthen(to - from);
    if (isFirst) {
      this.#textFrom = from;
      this.#textTo = to;
      this.#textMade = undefined;
    } else this.#add(this.input.slice(from, to));
  }

  #lengthen(by: number): void {
    this.#length += by;
    if (this.#length > this.limits.textLength) this.tooLong();
  }

  #add(piece: string): void {
    if (this.#together === undefined) {
      const first = this.text;
      this.#together = new PassingText();
      if (first !== '') this.#together.add(first);
    }
    this.#textMade = undefined;
    this.#together.add(piece);
  }

  protected markup(at: number): never {
    if (this.input.startsWith('<!DOCTYPE', at)) this.refuse(at, 'A document type declaration is not accepted.');
    this.refuse(at, 'This is no markup that XML knows.');
  }

  /** What there is in the window of a CDATA section. */
  #section(): void {
    const { input, at: from } = this;
    const end = input.indexOf(']]>', from);
    const to = end < 0 ? Math.max(from, input.length - 2) : end;
    this.#within = end < 0 ? 'section' : undefined;
    this.at = end < 0 ? to : end + 3;
    if (to > from) this.#append(from, to);
  }

  /** Reads past a comment. */
  protected comment(from: number): void {
    this.#beginComment(from);
    while (this.#within !== undefined) this.#goOn(this.#within);
  }

  #beginComment(from: number): void {
    this.node(from);
    this.at = from + 4;
    this.#comment();
  }

  /** What there is in the window of a comment. */
  #comment(): void {
    const end = this.input.indexOf('--', this.at);
    this.#within = end < 0 ? 'comment' : undefined;
    this.at = end < 0 ? Math.max(this.at, this.input.length - 1) : end;
    if (end < 0) return;
    this.ahead(3);
    if (this.input.charCodeAt(end + 2) !== GT) this.refuse(end, 'There is a -- in a comment.');
    this.at = end + 3;
  }
}
