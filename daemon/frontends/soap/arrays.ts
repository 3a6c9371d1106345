/** Arrays as the SOAP encodings write them: their size, dimensions, and items that say where they belong. */
import type { ElementReader } from './graph.ts';
import { soap11, soap12 } from './names.ts';
import { wrong } from './scalars.ts';

const lastSize = /\[([0-9, ]*)\]\s*$/;
const onePosition = /^\s*\[\s*([0-9]{1,9})\s*\]\s*$/;

const positionFrom = (text: string): number => {
  const found = onePosition.exec(text) ?? wrong(`has items at ${text}, which is no place in a list`);
  return Number(found[1]);
};

/** What an array says of itself. Nothing is allocated for it: a size is a claim. */
export class ArrayForm {
  /** The size of each dimension, where it is given for several. */
  readonly #sizes: number[];
  readonly #places: number[] = [];
  #next: number;
  #placed: boolean;

  constructor(sizes: number[], offset: string | undefined) {
    this.#sizes = sizes;
    this.#placed = offset !== undefined;
    this.#next = offset === undefined ? 0 : positionFrom(offset);
  }

  get dimensions(): number {
    return Math.max(1, this.#sizes.length);
  }

  /** Notes where the item just opened belongs. */
  place(reader: ElementReader): void {
    const position = reader.attribute('position', soap11.encoding);
    if (position !== undefined) {
      this.#placed = true;
      this.#next = positionFrom(position);
    }
    this.#places.push(this.#next++);
  }

  /** The items, read in a row, in their places. */
  arrange(items: unknown[]): unknown[] {
    const row = this.#placed ? this.#inPlace(items) : items;
    if (this.dimensions === 1) return row;
    const expected = this.#sizes.reduce((all, size) => all * size, 1);
    if (row.length !== expected) wrong(`must have ${expected} items, as the size of the array says`);
    return this.#sizes.slice(1).reduceRight(folded, row);
  }

  /** SOAP 1.1 sections 5.4.2.1 and 5.4.2.2. What is not there would be unset, which no item may be. */
  #inPlace(items: unknown[]): unknown[] {
    const placed = new Map(this.#places.map((place, i) => [place, items[i]]));
    if (placed.size < items.length) wrong('has two items in one place');
    return items.map((_, i) => (placed.has(i) ? placed.get(i) : wrong(`has no item ${i}`)));
  }
}

const folded = (items: unknown[], size: number): unknown[] =>
  size === 0 ? [] : Array.from({ length: items.length / size }, (_, i) => items.slice(i * size, (i + 1) * size));

const sizesFrom = (text: string): number[] =>
  text.split(/[\s,]+/).flatMap((size) => (size === '' ? [] : [Number(size)]));

/** Of the element just opened; undefined for a list of a literal message. */
export const arrayFormOf = (reader: ElementReader): ArrayForm | undefined => {
  const type = reader.attribute('arrayType', soap11.encoding);
  if (type !== undefined) {
    const sizes = sizesFrom(lastSize.exec(type)?.[1] ?? '');
    return new ArrayForm(sizes, reader.attribute('offset', soap11.encoding));
  }
  const size = reader.attribute('arraySize', soap12.encoding);
  // A size that is not known is `*`; it may only be the first.
  return size === undefined ? undefined : new ArrayForm(size.includes('*') ? [] : sizesFrom(size), undefined);
};
