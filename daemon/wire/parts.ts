/** Long texts in parts, and what is made of them part by part, so that others get their turn in between. */
import type { Slices } from '../../plugin-protocol/slices.ts';

/** A text in parts, one after the other: a long one is never put together, which takes a turn of 10 ms for 15 MB. */
export type TextParts = readonly string[];

/** Where others may get their turn: a reader. */
export interface Turns {
  readonly due: boolean;
  pause(): Slices<void>;
}

/** Characters of which something is made at once: of base64 they stand for whole bytes, and of hexadecimal for whole groups of base64. */
const atOnce = 6 * 1024;

/** The collector of garbage moves shorter strings twice, and longer ones never: V8 keeps them apart. */
const partLength = 128 * 1024;

/** Pieces that are put together. */
const mostPieces = 4096;

/** The text in one. V8 does not copy it before somebody looks into it: what is only handed on, or counted, stays as it is. */
export const textOfParts = (parts: TextParts): string => {
  let all = parts[0] ?? '';
  for (let at = 1; at < parts.length; at++) all += parts[at];
  return all;
};

export const lengthOfParts = (parts: TextParts): number => {
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

export const areBlank = (parts: TextParts): boolean => parts.every((part) => part.trim() === '');

/** Without white space at both ends. */
export const trimmedParts = (parts: TextParts): TextParts => {
  const from = parts.findIndex((part) => part.trim() !== '');
  if (from < 0) return [];
  const to = parts.findLastIndex((part) => part.trim() !== '');
  const trimmed = parts.slice(from, to + 1);
  trimmed[0] = trimmed[0]!.trimStart();
  trimmed.push(trimmed.pop()!.trimEnd());
  return trimmed;
};

/** A text that is put together of pieces, of any number and length. */
export class GrowingText {
  length = 0;
  readonly #parts: string[] = [];
  #pieces: string[] = [];
  #waiting = 0;

  add(piece: string): void {
    this.length += piece.length;
    this.#waiting += piece.length;
    this.#pieces.push(piece);
    if (this.#waiting >= partLength) this.#finish();
    else if (this.#pieces.length === mostPieces) this.#pieces = [this.#pieces.join('')];
  }

  get parts(): TextParts {
    if (this.#pieces.length > 0) this.#finish();
    return this.#parts;
  }

  #finish(): void {
    this.#parts.push(this.#pieces.length === 1 ? this.#pieces[0]! : this.#pieces.join(''));
    this.#pieces = [];
    this.#waiting = 0;
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

export function* byParts(parts: Iterable<string>, turns: Turns, make: (part: string) => string): Slices<TextParts> {
  const all = new GrowingText();
  for (const part of cutParts(parts)) {
    all.add(make(part));
    if (turns.due) yield* turns.pause();
  }
  return all.parts;
}
