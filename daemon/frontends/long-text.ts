/**
 * Text of values of any length. What is short is a string; what is long is written anew at each reading, a part at a
 * time, so that nobody needs to hold all of it, and others get their turn in between.
 */
import { Slice, type Slices } from '../../plugin-protocol/slices.ts';
import { cutBefore } from '../../plugin-protocol/text/cut.ts';
import type { Parts } from '../wire/writing.ts';

/** Characters beyond which a text is long. */
const longFrom = 64 * 1024;

/** Up to so many bytes, what is written to count it is held, and not written again. */
const heldBytes = 1024 * 1024;

export class LongText implements Iterable<string> {
  readonly #read: () => Iterator<string>;

  /** `read` begins at the beginning each time. */
  constructor(read: () => Iterator<string>) {
    this.#read = read;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#read();
  }

  /** Counts its bytes. Throws what writing it throws. */
  *counted(): Slices<Parts> {
    const slice = new Slice();
    let held: string[] | undefined = [];
    let bytes = 0;
    for (const part of this) {
      bytes += Buffer.byteLength(part);
      if (bytes > heldBytes) held = undefined;
      held?.push(part);
      if (slice.overNow()) yield* slice.pause();
    }
    const parts: Iterable<string> = held ?? this;
    return { bytes, [Symbol.iterator]: () => parts[Symbol.iterator]() };
  }
}

export type Text = string | LongText;

/** All of it in one string. */
export const wholeText = (text: Text): string => (typeof text === 'string' ? text : [...text].join(''));

export const enclosed = (before: string, text: Text, after: string): Text =>
  typeof text === 'string' ? before + text + after : enclosedLong(before, text, after);

// Apart, as these are: what a generator keeps is set aside at each call of the function around it.
const enclosedLong = (before: string, text: LongText, after: string): LongText =>
  new LongText(function* () {
    yield before;
    yield* text;
    yield after;
  });

/** The texts of all items, one after the other; `of` is handed on to `write`. */
export const joined = <T, C>(items: readonly T[], write: (item: T, of: C) => Text, of: C): Text => {
  let all = '';
  for (let at = 0; at < items.length; at++) {
    const text = write(items[at]!, of);
    if (typeof text !== 'string' || all.length > longFrom) return joinedLong(items, write, of);
    all += text;
  }
  return all;
};

/** The same of the members of a map, one by one: to list them first takes three times as long. */
export const joinedMembers = (
  map: Readonly<Record<string, string>>,
  write: (name: string, text: string) => Text,
): Text => {
  let all = '';
  for (const name in map) {
    const text = write(name, map[name]!);
    if (typeof text !== 'string' || all.length > longFrom)
      return joinedLong(Object.entries(map), ([name, text]) => write(name, text), undefined);
    all += text;
  }
  return all;
};

/** The same, long without a look; `between` stands between two items. */
export const joinedLong = <T, C>(items: readonly T[], write: (item: T, of: C) => Text, of: C, between = ''): LongText =>
  new LongText(function* () {
    let all = '';
    let before = '';
    for (const item of items) {
      all += before;
      before = between;
      const text = write(item, of);
      if (typeof text === 'string') all += text;
      else {
        yield all;
        all = '';
        yield* text;
      }
      if (all.length < longFrom) continue;
      yield all;
      all = '';
    }
    yield all;
  });

/** The same text, whose errors are what `as` makes of them, whenever it is written. */
export const failing = (text: LongText, as: (error: unknown) => unknown): LongText =>
  new LongText(function* () {
    try {
      yield* text;
    } catch (error) {
      throw as(error);
    }
  });

/** A string of which `write` makes each character what it is to be. */
export const sliced = (text: string, write: (part: string) => string): Text =>
  text.length <= longFrom ? write(text) : slicedLong(text, write);

const slicedLong = (text: string, write: (part: string) => string): LongText =>
  new LongText(function* () {
    for (let from = 0; from < text.length; ) {
      const to = Math.min(cutBefore(text, from + longFrom), text.length);
      yield write(text.slice(from, to));
      from = to;
    }
  });
