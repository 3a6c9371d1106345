/** Long values as JSON text, in pieces: to write a short one at once costs less, and how long one is, is seen at a glance. */
import { Slice, type Slices } from '../slices.ts';
import { cutBefore } from '../text/cut.ts';

/** Characters of JSON text beyond which a value is long, and of a piece: written in some 0.3 ms. */
const longFrom = 64 * 1024;

/** More than any value has that is right: what is deeper is taken for long, and need not be looked through to its end. */
const deepest = 128;

/** How much of the length is left behind what an object or a list holds; once there is none, the rest is not looked at. */
const leftBehind = (value: object, length: number, depth: number): number => {
  if (depth > deepest) return 0;
  let left = length;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left > 0; at++) left -= lengthOf(value[at], left, depth);
    return left;
  }
  for (const name in value) {
    left -= name.length + lengthOf((value as Record<string, unknown>)[name], left, depth);
    if (left <= 0) break;
  }
  return left;
};

/** About how long the text of a value is, or would have to be to leave nothing. */
const lengthOf = (value: unknown, left: number, depth: number): number => {
  if (typeof value === 'string') return value.length + 4;
  return typeof value === 'object' && value !== null ? left - leftBehind(value, left - 4, depth + 1) : 8;
};

/** What has been found to be long: to begin to go through an object with very many members takes a while each time. */
const found = new WeakSet<object>();

/** Whether work on all of a value takes so long that it is to be done in slices. */
export const isLong = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return lengthOf(value, longFrom, 0) >= longFrom;
  if (found.has(value)) return true;
  const long = lengthOf(value, longFrom, 0) >= longFrom;
  if (long) found.add(value);
  return long;
};

const charactersOf = (part: string): string => JSON.stringify(part).slice(1, -1);

function* piecesOfText(text: string): Generator<string, void, void> {
  yield '"';
  for (let from = 0; from < text.length; ) {
    const to = Math.min(cutBefore(text, from + longFrom), text.length);
    yield charactersOf(text.slice(from, to));
    from = to;
  }
  yield '"';
}

/** Each member or item with what stands before it. */
function* membersOf(value: object): Generator<[before: string, member: unknown], void, void> {
  let comma = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      yield [comma, item];
      comma = ',';
    }
    return;
  }
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    yield [`${comma}${JSON.stringify(name)}:`, member];
    comma = ',';
  }
}

/** The JSON text of a value, one piece after the other: together what `JSON.stringify` makes of it. */
export function* jsonPieces(value: unknown): Generator<string, void, void> {
  if (!isLong(value)) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  if (typeof value === 'string') {
    yield* piecesOfText(value);
    return;
  }
  const [begin, end] = Array.isArray(value) ? '[]' : '{}';
  let text = begin!;
  for (const [before, member] of membersOf(value as object)) {
    text += before;
    if (isLong(member)) {
      yield text;
      text = '';
      yield* jsonPieces(member);
    } else text += JSON.stringify(member) ?? 'null';
    if (text.length < longFrom) continue;
    yield text;
    text = '';
  }
  yield text + end;
}

/** The same as bytes, in slices; undefined when they are more than `most`. */
export function* jsonBytes(value: unknown, most: number): Slices<Buffer[] | undefined> {
  const slice = new Slice();
  const bytes: Buffer[] = [];
  let length = 0;
  for (const piece of jsonPieces(value)) {
    const part = Buffer.from(piece);
    length += part.length;
    if (length > most) return undefined;
    bytes.push(part);
    if (slice.overNow()) yield* slice.pause();
  }
  return bytes;
}
