import { isSpace } from './xml-characters.ts';
import { XmlScanner } from './xml-scanner.ts';

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
  // The last text: a slice of the input that is made only when asked for, unless it had to be put together.
  #textFrom = 0;
  #textTo = 0;
  #textMade: string | undefined;

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

  protected override letGo(): void {
    // What the text is a slice of goes.
    void this.text;
    super.letGo();
  }

  /** Text, CDATA sections and comments up to the next tag or instruction; whether there was any text. */
  protected content(): boolean {
    this.#textMade = undefined;
    this.#textFrom = this.#textTo = this.at;
    let pieces = 0;
    for (;;) {
      if (this.at >= this.safe) this.slide();
      const { input, at: from } = this;
      if (input.charCodeAt(from) !== LT) {
        this.node(from);
        this.#text(from, pieces++ > 0);
      } else if (input.charCodeAt(from + 1) !== BANG) {
        return pieces > 0;
      } else if (input.startsWith('<!--', from)) this.comment(from);
      else if (input.startsWith('<![CDATA[', from)) {
        this.node(from);
        const end = this.find(']]>', from + 9, 'A CDATA section');
        this.at = end + 3;
        if (end > from + 9) this.#append(from + 9, end, pieces++ > 0);
      } else this.markup(from);
    }
  }

  /** A run of text up to the next markup. */
  #text(from: number, more: boolean): void {
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
