/** Arrays as the SOAP encodings write them: their size, dimensions, and items that say where they belong. */

import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { shortened } from '../../../../plugin-protocol/text/shortened.ts';
import type { ElementReader } from '../message/element-reader.ts';
import type { QName } from '../message/fault-kinds.ts';
import { within, wrong } from '../message/mismatch.ts';
import { soap11, soap12 } from '../message/names.ts';
import { itemType } from '../message/xsi.ts';
import { nextElement } from './reading.ts';

const lastSize = /\[([0-9, ]*)\]\s*$/;
const position = /^\s*\[\s*([0-9]{1,9}(?:\s*,\s*[0-9]{1,9})*)\s*\]\s*$/;

/** What takes more characters is of more dimensions than any value may have. */
const longestSizes = 1024;

/** `[1,2]` as how many items are before it: in the third place of the second row. */
const positionFrom = (text: string, sizes: readonly number[]): number => {
  const misplaced = () => wrong(`has items at ${shortened(text)}, which is no place in a list`);
  if (text.length > longestSizes) misplaced();
  const steps = (position.exec(text) ?? misplaced())[1]!.split(',').map(Number);
  const beyond = steps.some((step, i) => i > 0 && step >= (sizes[i] ?? 0));
  if (steps.length !== Math.max(1, sizes.length) || beyond) misplaced();
  return steps.reduce((before, step, i) => before * (i === 0 ? 1 : sizes[i]!) + step, 0);
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
    this.#next = offset === undefined ? 0 : positionFrom(offset, sizes);
  }

  get dimensions(): number {
    return Math.max(1, this.#sizes.length);
  }

  /** Notes where the item just opened belongs. */
  place(reader: ElementReader): void {
    const position = reader.attribute('position', soap11.encoding);
    if (position !== undefined) {
      this.#placed = true;
      this.#next = positionFrom(position, this.#sizes);
    }
    this.#places.push(this.#next++);
  }

  /**
   * The items, read in a row, in their places. Where items may be unset, those that are not there are null, and
   * `mayLack` is how many places there may be; elsewhere all must be there.
   */
  arrange(items: unknown[], mayLack?: number): unknown[] {
    const inner = this.#sizes.slice(1).reduce((all, size) => all * size, 1);
    const isOpen = this.#sizes[0] === unknownSize;
    const expected = isOpen ? Math.ceil(items.length / Math.max(1, inner)) * inner : (this.#sizes[0] ?? 1) * inner;
    const least = mayLack === undefined || this.dimensions === 1 || isOpen ? 0 : expected;
    const row = this.#placed ? this.#inPlace(items, mayLack, least) : items;
    if (this.dimensions === 1) return row;
    if (row.length !== expected) wrong(`must have ${expected} items, as the size of the array says`);
    return this.#sizes.slice(1).reduceRight(folded, row);
  }

  /** SOAP 1.1 sections 5.4.2.1 and 5.4.2.2. */
  #inPlace(items: unknown[], mayLack: number | undefined, least: number): unknown[] {
    const placed = new Map(this.#places.map((place, i) => [place, items[i]]));
    if (placed.size < items.length) wrong('has two items in one place');
    if (mayLack === undefined) return items.map((_, i) => (placed.has(i) ? placed.get(i) : wrong(`has no item ${i}`)));
    const length = this.#places.reduce((most, place) => Math.max(most, place + 1), least);
    // Nothing is allocated for what a place claims before this.
    if (length > mayLack) wrong(`must have at most ${mayLack} places (limits.soap.resolvedElements)`);
    return Array.from({ length }, (_, i) => placed.get(i) ?? null);
  }
}

/** How many rows there are, before it is known. */
const unknownSize = -1;

const folded = (items: unknown[], size: number): unknown[] =>
  size === 0 ? [] : Array.from({ length: items.length / size }, (_, i) => items.slice(i * size, (i + 1) * size));

const sizesFrom = (text: string): number[] =>
  text.length > longestSizes
    ? wrong('has more dimensions than it may')
    : text.split(/[\s,]+/).flatMap((size) => (size === '' ? [] : [Number(size)]));

/** Of the element just opened; undefined for a list of a literal message. */
export const arrayFormOf = (reader: ElementReader): ArrayForm | undefined => {
  const type = reader.attribute('arrayType', soap11.encoding);
  if (type !== undefined) {
    const sizes = sizesFrom(lastSize.exec(type)?.[1] ?? '');
    return new ArrayForm(sizes, reader.attribute('offset', soap11.encoding));
  }
  const size = reader.attribute('arraySize', soap12.encoding);
  if (size === undefined) return undefined;
  // SOAP 1.2 part 2, section 3.1.6: a size that is not known is `*`, and may only be the first.
  const open = /^\s*\*(.*)$/s.exec(size);
  const given = open?.[1] ?? size;
  if (given.includes('*')) wrong('has a size that is not known where only the first may be');
  const sizes = sizesFrom(given);
  if (open === null) return new ArrayForm(sizes, undefined);
  return new ArrayForm(sizes.length === 0 ? [] : [unknownSize, ...sizes], undefined);
};

/**
 * The items of a list whose type nobody declared, each read by `read` with the type that the list names for its items, and
 * put in the places that it and they claim. `mayLack` as in `ArrayForm.arrange`.
 */
export function* readOpenList(
  reader: ElementReader,
  read: (reader: ElementReader, type: QName | undefined) => Slices<unknown>,
  mayLack?: number,
): Slices<unknown[]> {
  const form = arrayFormOf(reader);
  const type = itemType(reader);
  const items: unknown[] = [];
  for (;;) {
    if (reader.due) yield* reader.pause();
    if (!nextElement(reader, 'must be a list: one element for each item')) break;
    try {
      form?.place(reader);
      items.push(yield* read(reader, type));
    } catch (error) {
      throw within(error, items.length);
    }
  }
  return form === undefined ? items : form.arrange(items, mayLack);
}
