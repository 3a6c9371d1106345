/** What is made of long texts part by part, so that others get their turn in between. */
import type { Slices } from '../../plugin-protocol/slices.ts';

/** Where others may get their turn: a reader. */
export interface Turns {
  readonly due: boolean;
  pause(): Slices<void>;
}

/** Characters of a part: of base64 they stand for whole bytes, and of hexadecimal for whole groups of base64. */
export const partLength = 6 * 1024;

export function* byParts(text: string, turns: Turns, make: (part: string) => string): Slices<string> {
  let all = '';
  for (let from = 0; from < text.length; from += partLength) {
    all += make(text.slice(from, from + partLength));
    if (turns.due) yield* turns.pause();
  }
  return all;
}
