/** Arrays of SOAP, written: SOAP 1.1 section 5.4.2, SOAP 1.2 part 2, section 3.1.6. */
import { wrong } from '../../message/mismatch.ts';
import type { SoapVersion } from '../../message/names.ts';
import { encodingPrefix } from './prefixes.ts';
import { eachOf, element, listOf, nil, type Write } from './writing.ts';

/** What an array of these sizes says of itself; nothing in literal messages. `item` is the name of the type of its items. */
export const arrayAttributes =
  (encoding: SoapVersion | undefined, item: string) =>
  (sizes: readonly number[]): string => {
    if (encoding === undefined) return '';
    return encoding.name === '1.1'
      ? ` ${encodingPrefix}:arrayType="${item}[${sizes.join(',')}]"`
      : ` ${encodingPrefix}:itemType="${item}" ${encodingPrefix}:arraySize="${sizes.join(' ')}"`;
  };

/** All items in one row; `sizes` is filled with the size of each dimension, which must be the same in all rows. */
const flat = (list: readonly unknown[], dimensions: number, sizes: number[], depth = 0): readonly unknown[] => {
  sizes[depth] ??= list.length;
  if (sizes[depth] !== list.length) wrong('must have rows of one length');
  if (depth === dimensions - 1) return list;
  return list.flatMap((row) => flat(listOf(row), dimensions, sizes, depth + 1));
};

/** Writes arrays of so many dimensions. `typed` is what says the type of the array itself. */
export const arrayWriter =
  (write: Write, dimensions: number, attributesOf: (sizes: readonly number[]) => string, typed: string): Write =>
  (tag, value, attributes = '') => {
    const sizes: number[] = [];
    const items = flat(listOf(value), dimensions, sizes);
    while (sizes.length < dimensions) sizes.push(0);
    const content = eachOf(items, (one) => (one === undefined || one === null ? nil('item') : write('item', one)));
    return element(tag, attributes + attributesOf(sizes) + typed, content);
  };
