import type { Slices } from '../../plugin-protocol/slices.ts';
import { isSpace } from './xml-characters.ts';
import { piecesAtOnce, same, XmlScanner } from './xml-scanner.ts';

const LT = 0x3c;
const GT = 0x3e;
const AMP = 0x26;
const BANG = 0x21;
const RIGHT_BRACKET = 0x5d;

/** Runs of text that are longer are searched, shorter ones looked at character by character: both is what is faster. */
export const longRun = 512;

/** What stands between tags: text, sections and comments. */
export class XmlTextScanner extends XmlScanner {
  /** How many elements are open. */
  depth = 0;
  protected readonly open: string[] = [];
  // The last text: a slice of the input that is made only when asked for, unless it has to be put together.
  #textFrom = 0;
  #textTo = 0;
  #textMade: string | undefined;
  /** What it is put together from: behind what is in one string already, pieces that are not. */
  #before = '';
  #pieces: string[] = [];
  /** Whether some of it has been read that has not been told of. */
  protected textBegun = false;
  #length = 0;
  /** Where the run of text ends that is being read; not beyond the reader when there is none. */
  #runEnd = 0;
  /** What has been read of that run and waits for the rest of a character that is told by its bytes. */
  #resolved = '';

  /** The last text. */
  get text(): string {
    if (this.#pieces.length > 0) this.#together();
    this.#textMade ??= this.#before === '' ? this.input.slice(this.#textFrom, this.#textTo) : this.#before;
    return this.#textMade;
  }

  /** Whether the last text is nothing but white space. */
  get blank(): boolean {
    const isSlice = this.#textMade === undefined && this.#before === '' && this.#pieces.length === 0;
    const text = isSlice ? this.input : this.text;
    const from = isSlice ? this.#textFrom : 0;
    const to = isSlice ? this.#textTo : text.length;
    for (let at = from; at < to; at++) if (!isSpace(text.charCodeAt(at))) return false;
    return true;
  }

  protected override letGo(): void {
    // What the text is a slice of goes.
    if (this.#pieces.length === 0) void this.text;
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
    while (!this.#readOn()) if (this.overOrScant() || this.slice.overNow()) yield* this.takeIn();
  }

  #begin(): void {
    this.textBegun = true;
    this.#length = 0;
    this.#before = '';
    this.#pieces = [];
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
      if (this.at >= this.safe) this.slide();
      const { input, at: from } = this;
      if (input.charCodeAt(from) !== LT) {
        this.node(from);
        if (!this.#run(from)) return false;
      } else if (input.charCodeAt(from + 1) !== BANG) {
        return true;
      } else if (input.startsWith('<!--', from)) this.comment(from);
      else if (input.startsWith('<![CDATA[', from)) {
        this.node(from);
        const end = this.find(']]>', from + 9, 'A CDATA section');
        this.at = end + 3;
        if (end > from + 9) this.#append(from + 9, end);
      } else this.markup(from);
    }
    return false;
  }

  /** A run of text up to the next markup; whether all of it is read. */
  #run(from: number): boolean {
    const input = this.input;
    const near = from + longRun;
    let at = from;
    let references = false;
    for (; ; at++) {
      if (at === near) {
        const end = input.indexOf('<', at);
        at = end < 0 ? input.length : end;
        const run = input.slice(from, at);
        const wrong = run.indexOf(']]>');
        if (wrong >= 0) this.refuse(from + wrong, 'There is a ]]> in text.');
        references = run.includes('&');
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
          this.refuse(at - 2, 'There is a ]]> in text.');
        }
      } else if (at >= input.length) {
        this.refuse(at, `The document ends within <${this.open[this.depth - 1]}>.`);
      }
    }
    if (references) {
      this.#runEnd = at;
      return this.#resolve();
    }
    this.at = at;
    this.#append(from, at);
    return true;
  }

  /** Reads on in a run of text with references; whether all of it is read. */
  #resolve(): boolean {
    const { at: from } = this;
    const end = this.#runEnd;
    this.#resolved += this.resolvedPart(from, end, undefined, piecesAtOnce);
    this.at = this.resolvedTo;
    const isAll = this.at === end;
    if (isAll || this.#resolved.charCodeAt(this.#resolved.length - 1) < 0x80 || this.referred === same) {
      const text = this.referred(this.#resolved);
      this.#resolved = '';
      this.#lengthen(text.length, from);
      this.#add(text);
    }
    return isAll;
  }

  #append(from: number, to: number): void {
    const isFirst = this.#length === 0;
    this.#lengthen(to - from, from);
    if (isFirst) {
      this.#textFrom = from;
      this.#textTo = to;
      this.#textMade = undefined;
    } else this.#add(this.input.slice(from, to));
  }

  #lengthen(by: number, from: number): void {
    this.#length += by;
    if (this.#length > this.limits.textLength) this.tooLong(from);
  }

  #add(piece: string): void {
    if (this.#pieces.length === 0) this.#before = this.text;
    this.#textMade = undefined;
    this.#pieces.push(piece);
    if (this.#pieces.length === piecesAtOnce) this.#together();
  }

  #together(): void {
    this.#before += this.#pieces.join('');
    this.#pieces = [];
  }

  protected markup(at: number): never {
    if (this.input.startsWith('<!DOCTYPE', at)) this.refuse(at, 'A document type declaration is not accepted.');
    this.refuse(at, 'This is no markup that XML knows.');
  }

  protected comment(from: number): void {
    this.node(from);
    const end = this.find('--', from + 4, 'A comment');
    this.ahead(end + 3 - this.at);
    if (this.input.charCodeAt(end + 2) !== GT) this.refuse(end, 'There is a -- in a comment.');
    this.at = end + 3;
  }
}
