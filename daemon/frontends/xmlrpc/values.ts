/** Reads `<value>` elements, one at a time, as the typed decoders ask for them. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { inOneGo, type Slices } from '../../../plugin-protocol/slices.ts';
import { areBlank, partsAfter, type TextParts, textOfParts } from '../../wire/parts.ts';
import { longText, nestOf, sourceOf, type XmlLimits, XmlReader } from '../../wire/xml.ts';
import type { Shown } from './dialect.ts';
import { isValue, shownBy, type WireType, wireTypes } from './names.ts';
import { ScalarText } from './scalar-text.ts';
import type { Written } from './written.ts';

export interface ValueLimits {
  xml: XmlLimits;
  /** Members of a struct, and items of an array. */
  members: number;
}

/** A value as it was written, piece by piece. */
export type Aside = readonly string[];

/** How most structs are written, of which arrays may have thousands. */
const structValue = nestOf('value', 'struct');

/** The document is XML but no call. */
export const notACall = (sentence: string): Fault => new Fault('invalid-request', sentence);

/**
 * A value after the other. After `enter`, `type` tells what the value is; `text` is all that a scalar holds, and of an
 * array or a struct the content is read with `nextItem` or `nextMember`, to the end.
 */
export class ValueReader extends ScalarText {
  type: WireType = 'string';
  /** How deep the arrays and structs are that were entered and are in no `<value>`, outermost first. */
  readonly #bare: number[] = [];
  /** The element that gave the type, as written; empty for text alone. */
  element = '';
  /** What the client has shown that it can read: one for all readers of a request. */
  readonly shown: Shown;
  /** The name of the member that `nextMember` found. */
  member = '';
  /** The method that the values are for, and where in its parameters the reader is: for the words of a fault. */
  method = '';
  readonly path: (string | number)[] = [];
  readonly limits: ValueLimits;

  constructor(reader: XmlReader, limits: ValueLimits, shown: Shown) {
    super(reader);
    this.limits = limits;
    this.shown = shown;
  }

  /** Whether the value entered is a scalar that is not decoded at once. */
  get isLong(): boolean {
    return this.length > longText && this.type !== 'array' && this.type !== 'struct';
  }

  /** Read again a `<value>` that was put aside. */
  *again(aside: Aside): Slices<ValueReader> {
    const { limits, reader, shown } = this;
    const values = new ValueReader(new XmlReader(sourceOf(aside, true), limits.xml, reader.options), limits, shown);
    values.reader.slice = reader.slice;
    values.method = this.method;
    values.path.push(...this.path);
    values.nextTag();
    const entering = values.enter();
    if (entering !== undefined) yield* entering;
    return values;
  }

  /** Put the `<value>` just opened aside, for `again`. */
  *putAside(): Slices<Aside> {
    this.reader.hold();
    yield* this.skip();
    return this.reader.held();
  }

  /** Read past the element just opened. */
  skip(): Slices<void> {
    return this.reader.skipInSlices();
  }

  /** The next tag; between tags there is nothing but white space. */
  nextTag(): 'open' | 'close' | 'end' {
    for (;;) {
      const event = this.reader.next();
      if (event === 'text') {
        if (!this.reader.blank) this.reader.fail('There is text where only elements may be.');
      } else if (event !== 'instruction') return event;
    }
  }

  /** The element `name` comes next, and is opened. */
  expect(name: string, within: string): void {
    if (this.nextTag() !== 'open') throw notACall(`<${within}> needs a <${name}>.`);
    this.#named(name, within);
  }

  /** The element that is open is closed next. */
  expectClose(within: string): void {
    if (this.nextTag() === 'open') throw notACall(`<${within}> holds no <${this.reader.name}> there.`);
  }

  /**
   * Take the `<value>` just opened, or the element of a type in its place, as which R's XMLRPC writes structs. Answers
   * what is left to do when that is long.
   */
  enter(): Slices<void> | undefined {
    return this.reader.isLongNext ? this.#enterAfter(this.reader.pause()) : this.#enter();
  }

  *#enterAfter(text: Slices<void>): Slices<void> {
    yield* text;
    const rest = this.#enter();
    if (rest !== undefined) yield* rest;
  }

  #enter(): Slices<void> | undefined {
    const { reader } = this;
    if (reader.name !== 'value') return this.#typed(true);
    let event = reader.next();
    let text: TextParts | undefined;
    while (event === 'text' || event === 'instruction') {
      // A slice, and only white space before a type: it is looked at below.
      if (event === 'text') text = partsAfter(text, reader.parts);
      event = reader.next();
    }
    if (event === 'close') {
      this.type = 'string';
      this.take(text ?? []);
      this.element = '';
      return undefined;
    }
    if (text !== undefined && !areBlank(text)) reader.fail('A <value> holds either text or an element.');
    return this.#typed(false);
  }

  /** Take the element of a type just opened, which `isBare` is in no `<value>`. */
  #typed(isBare: boolean): Slices<void> | undefined {
    const { reader } = this;
    const { name } = reader;
    const type = wireTypes.get(name) ?? wireTypes.get(reader.local);
    if (type === undefined) throw notACall(`XML-RPC has no type <${name}>.`);
    this.type = type;
    this.element = name;
    if (type === 'array' || type === 'struct') {
      if (isBare) this.#bare.push(reader.depth);
      return undefined;
    }
    const plain = reader.plainText();
    if (plain === undefined && reader.isLongNext) return this.#scalarAfter(reader.pause(), isBare);
    if (plain === undefined) this.take(reader.mixedText());
    else this.takePlain(plain);
    this.#scalarEnd(isBare);
    return undefined;
  }

  *#scalarAfter(text: Slices<void>, isBare: boolean): Slices<void> {
    yield* text;
    this.take(this.reader.mixedText());
    this.#scalarEnd(isBare);
  }

  #scalarEnd(isBare: boolean): void {
    this.#shows(shownBy(this.element));
    if (!isBare) this.expectClose('value');
  }

  /** Take what the `<param>` just opened holds: a `<value>`, or nothing, which is how kolo's library for Go writes nil. */
  enterParam(): Slices<void> | undefined {
    if (this.nextTag() === 'close') {
      this.type = 'nil';
      this.element = 'param';
      return undefined;
    }
    this.#valueIn('param');
    return this.enter();
  }

  /** The `</param>` after what it held was read; one that held nothing is closed already. */
  paramEnd(): void {
    if (this.element !== 'param') this.expectClose('param');
  }

  /** Whether the next member of the struct entered, a scalar, is written as one before it was; it is then read. */
  nextAs({ type, member, shown, around }: Written<unknown>, index: number): boolean {
    const text = this.reader.expected(around);
    if (text === undefined) return false;
    this.#count(index, 'members');
    this.type = type;
    this.takePlain(text);
    this.member = member;
    this.#shows(shown);
    return true;
  }

  #shows(shown: Shown | undefined): void {
    if (shown !== undefined) Object.assign(this.shown, { ...shown, ...this.shown });
  }

  /** `nextItem`, which is then entered. Answers what is left to do when that is long. */
  enterItem(index: number): Slices<void> | boolean {
    if (index === 0 || !this.reader.opens(structValue)) return this.nextItem(index) && (this.enter() ?? true);
    this.#count(index, 'items');
    this.type = this.element = structValue.inner as 'struct';
    return true;
  }

  /** The next item of the array entered, which is then entered itself; false when there is none. Start with index 0. */
  nextItem(index: number): boolean {
    if (index === 0) {
      if (this.nextTag() === 'close') return this.#left();
      this.#named('data', 'array');
    }
    if (this.nextTag() === 'close') {
      this.expectClose('array');
      return this.#left();
    }
    this.#valueIn('data');
    this.#count(index, 'items');
    return true;
  }

  /**
   * The next member of the struct entered, whose `<value>` has then been opened. The answer is 'value' when its name is
   * in `member`, 'unnamed' when the name comes after the value, with `nameBehind`, and undefined when there is none.
   */
  nextMember(index: number): 'value' | 'unnamed' | undefined {
    if (this.reader.closes(structValue)) return undefined;
    if (this.nextTag() === 'close') {
      this.#left();
      return undefined;
    }
    this.#named('member', 'struct');
    this.#count(index, 'members');
    if (this.nextTag() !== 'open') throw notACall('<member> needs a <name>.');
    const first: string = this.reader.name;
    if (first === 'name') {
      this.member = this.#name();
      if (this.nextTag() !== 'open') throw notACall('<member> needs a <value>.');
      this.#valueIn('member');
      return 'value';
    }
    if (!isValue(first)) throw notACall(`<member> holds <name> and <value>, not <${first}>.`);
    // Node's xmlrpc takes members in this order too.
    return 'unnamed';
  }

  /** What the `<name>` just opened holds: text, or a `<value>`, which Apache's extensions write for a key that is no string. */
  #name(): string {
    const { reader } = this;
    const plain = reader.plainText();
    if (plain !== undefined) return plain;
    let key: string | undefined;
    const around = textOfParts(
      reader.mixedText(() => {
        if (key !== undefined || !isValue(reader.name)) throw notACall(`<name> holds text only, not <${reader.name}>.`);
        const rest = this.#enter();
        if (rest !== undefined) inOneGo(rest);
        if (this.type === 'array' || this.type === 'struct') throw notACall(`<name> holds no <${this.type}>.`);
        key = this.type === 'string' ? this.text : this.text.trim();
      }),
    );
    if (key === undefined) return around;
    if (around.trim() !== '') reader.fail('A <name> holds either text or a <value>.');
    return key;
  }

  /** Read the name of a member after its value: it is in `member`. */
  nameBehind(): void {
    this.expect('name', 'member');
    this.member = this.#name();
  }

  /** The `</member>` after a value that was read. */
  memberEnd(): void {
    this.expectClose('member');
  }

  /** Leave an array or a struct with its `<value>`, if it has one. */
  #left(): false {
    if (this.#bare.length > 0 && this.#bare.at(-1) === this.reader.depth + 1) this.#bare.pop();
    else this.expectClose('value');
    return false;
  }

  #valueIn(within: string): void {
    if (!isValue(this.reader.name)) this.#named('value', within);
  }

  #named(name: string, within: string): void {
    if (this.reader.name !== name) throw notACall(`<${within}> holds <${name}>, not <${this.reader.name}>.`);
  }

  #count(index: number, what: string): void {
    if (index >= this.limits.members) {
      throw new Fault('too-large', `There are more than limits.xmlrpc.members, ${this.limits.members}, ${what}.`);
    }
  }
}
