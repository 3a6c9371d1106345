/** Long texts in parts, and what is made of them part by part, so that others get their turn in between. */
import type { Slice, Slices } from '../../plugin-protocol/slices.ts';
import { chunkLength, pool } from './chunk-pool.ts';

/**
 * A text in parts, one after the other, that can be gone through again: a long one is never put together, which takes a
 * turn of 10 ms for 15 MB.
 */
export type TextParts = Iterable<string>;

/** Characters of which something is made at once: of base64 they stand for whole bytes, and of hexadecimal for whole groups of base64. */
const atOnce = 6 * 1024;

/** What V8 keeps apart begins at 128 Ki characters: of a text in such parts, giving the memory back takes 10 ms in one go. */
const partLength = 64 * 1024;

/** Pieces that are put together. */
const mostPieces = 4096;

/** The text in one. V8 does not copy it before somebody looks into it: what is only handed on, or counted, stays as it is. */
export const textOfParts = (parts: TextParts): string => {
  let all = '';
  for (const part of parts) all += part;
  return all;
};

/** The same in slices, and of a longer text than that at least so many characters. */
export function* textInSlices(parts: TextParts, slice: Slice, most = Number.POSITIVE_INFINITY): Slices<string> {
  let all = '';
  for (const part of parts) {
    all += part;
    if (all.length >= most) break;
    if (slice.overNow()) yield* slice.pause();
  }
  return all;
}

export const lengthOfParts = (parts: TextParts): number => {
  if (parts instanceof GrowingText) return parts.length;
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
};

export const beginningOf = (parts: TextParts, length: number): string => {
  let beginning = '';
  for (const part of parts) {
    beginning += part.slice(0, length - beginning.length);
    if (beginning.length === length) break;
  }
  return beginning;
};

export const areBlank = (parts: TextParts): boolean => {
  for (const part of parts) if (part.trim() !== '') return false;
  return true;
};

/** Without white space at both ends. */
export const trimmedParts = (parts: TextParts): TextParts => {
  const all = [...parts];
  const from = all.findIndex((part) => part.trim() !== '');
  if (from < 0) return [];
  const to = all.findLastIndex((part) => part.trim() !== '');
  const trimmed = all.slice(from, to + 1);
  trimmed[0] = trimmed[0]!.trimStart();
  trimmed.push(trimmed.pop()!.trimEnd());
  return trimmed;
};

/** A text that is put together of pieces, of any number and length. */
export class GrowingText implements Iterable<string> {
  length = 0;
  readonly #most: number;
  readonly #parts: (string | Buffer)[] = [];
  #pieces: string[] = [];
  #waiting = 0;

  /** With `most`, what comes behind so many characters is counted and not kept. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  add(piece: string): void {
    const before = this.length;
    this.length += piece.length;
    if (piece === '' || before >= this.#most) return;
    this.#waiting += piece.length;
    this.#pieces.push(piece);
    if (this.#waiting >= partLength) this.#finish();
    else if (this.#pieces.length === mostPieces) this.#pieces = [this.#pieces.join('')];
  }

  *[Symbol.iterator](): Generator<string, void, void> {
    if (this.#pieces.length > 0) this.#parts.push(this.#joined());
    for (const part of this.#parts) yield typeof part === 'string' ? part : part.toString('latin1');
  }

  /** The text is not read any more: its memory is given back. */
  release(): void {
    this.#parts.length = 0;
    this.#pieces = [];
  }

  /** Keeps a part by `keep`. Answers what of its end is left to be kept with what follows. */
  protected kept(part: string, keep: (part: string | Buffer) => void): string {
    keep(part);
    return '';
  }

  #finish(): void {
    const left = this.kept(this.#joined(), (part) => this.#parts.push(part));
    if (left !== '') this.#pieces.push(left);
    this.#waiting = left.length;
  }

  /** What waits, which then does not. */
  #joined(): string {
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : this.#pieces.join('');
    this.#pieces = [];
    this.#waiting = 0;
    return all;
  }
}

/** Texts that came one after the other. */
class FollowingTexts extends GrowingText {}

/** A text, and what follows it, if there was one: there may be any number, of which each is gone through once. */
export const partsAfter = (before: TextParts | undefined, parts: TextParts): TextParts => {
  if (before === undefined) return parts;
  const all = before instanceof FollowingTexts ? before : new FollowingTexts();
  if (all !== before) for (const part of before) all.add(part);
  for (const part of parts) all.add(part);
  return all;
};

/** A text that is read and then made something else: where it is ASCII, as long ones are, it is outside of the heap. */
export class PassingText extends GrowingText {
  readonly #chunks: Buffer[] = [];
  /** Of the last of them. */
  #used = chunkLength;

  override release(): void {
    super.release();
    for (const chunk of this.#chunks) pool.giveBack(chunk);
    this.#chunks.length = 0;
    this.#used = chunkLength;
  }

  protected override kept(part: string, keep: (part: string | Buffer) => void): string {
    let from = 0;
    for (; from + partLength <= part.length; from += partLength) {
      const piece = part.slice(from, from + partLength);
      if (Buffer.byteLength(piece) > piece.length) {
        keep(part.slice(from));
        return '';
      }
      keep(this.#written(piece));
    }
    return part.slice(from);
  }

  #written(piece: string): Buffer {
    if (this.#used === chunkLength) {
      this.#chunks.push(pool.take());
      this.#used = 0;
    }
    const place = this.#chunks.at(-1)!.subarray(this.#used, this.#used + partLength);
    this.#used += place.write(piece, 'latin1');
    return place;
  }
}

/** A text cut anew, to be looked at: all but the last are of the same length. */
export function* cutParts(parts: Iterable<string>): Generator<string, void, void> {
  let left = '';
  for (const part of parts) {
    let from = 0;
    if (left !== '') {
      from = atOnce - left.length;
      left += part.slice(0, from);
      if (left.length < atOnce) continue;
      yield left;
    }
    for (; from + atOnce <= part.length; from += atOnce) yield part.slice(from, from + atOnce);
    left = part.slice(from);
  }
  if (left !== '') yield left;
}

export function* byParts(
  parts: Iterable<string>,
  slice: Slice,
  make: (part: string) => string,
  most?: number,
): Slices<TextParts> {
  const all = new GrowingText(most);
  for (const part of cutParts(parts)) {
    all.add(make(part));
    if (slice.overNow()) yield* slice.pause();
  }
  return all;
}
