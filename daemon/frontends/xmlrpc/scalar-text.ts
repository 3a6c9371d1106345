/** The text of a scalar: whole, or in the parts that a long one was read in. */
import type { Slices } from '../../../plugin-protocol/slices.ts';
import { beginningOf, lengthOfParts, type TextParts, textInSlices, textOfParts } from '../../wire/parts.ts';
import type { XmlReader } from '../../wire/xml.ts';

/** What a reader of values stands on: the text of the scalar that it has entered. It is the reader itself, so that no value needs an object. */
export abstract class ScalarText {
  readonly reader: XmlReader;
  #text: string | undefined = '';
  #parts: TextParts | undefined;

  constructor(reader: XmlReader) {
    this.reader = reader;
  }

  get text(): string {
    this.#text ??= textOfParts(this.parts);
    return this.#text;
  }

  /** How long `text` is, without making it. */
  get length(): number {
    return this.#text?.length ?? lengthOfParts(this.parts);
  }

  /** Makes `text` of a long value in slices; with `most`, of a longer one at least so many characters. */
  *makeText(most?: number): Slices<void> {
    this.#text ??= yield* textInSlices(this.parts, this.reader.slice, most);
  }

  /** `text` in parts, which a long one is read in: it would be put together by whoever looks into it. */
  get parts(): TextParts {
    return this.#parts ?? [this.#text!];
  }

  /** What was made of `parts` is there: they are not read any more. */
  partsRead(): void {
    this.#parts = undefined;
    this.#text ??= '';
    this.reader.releaseText();
  }

  /** So many characters of `text`. */
  beginning(length: number): string {
    return this.#parts === undefined ? this.text.slice(0, length) : beginningOf(this.#parts, length);
  }

  /** The text is this, in parts. */
  protected take(parts: TextParts): void {
    this.#parts = parts;
    this.#text = undefined;
  }

  /** The text is this. */
  protected takePlain(text: string): void {
    this.#parts = undefined;
    this.#text = text;
  }
}
