/** Base64 as clients write it, and hexadecimal as base64. */
import type { Slice, Slices } from '../../plugin-protocol/slices.ts';
import { cutBefore } from '../../plugin-protocol/text/cut.ts';
import { byParts, cutParts, GrowingText, type TextParts } from './parts.ts';

const long = 1024;
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;
const white = /[\t-\r ]+/g;
const spaced = /^[A-Za-z0-9+/=\t-\r ]*$/;

/** Where short texts become bytes that are at once made something else: memory beside the heap that is got for each has it collected, for 20 ms. */
const room = Buffer.allocUnsafeSlow(64 * 1024);

/** The bytes of a text. They stand until this is called again. */
export const bytesAtOnce = (text: string, encoding: 'base64' | 'latin1'): Buffer =>
  text.length > room.length ? Buffer.from(text, encoding) : room.subarray(0, room.write(text, encoding));

/** Digits without white space. Of long texts it is left out byte by byte: where each digit has some, replacing takes ten times longer. */
export const withoutSpaces = (text: string): string => {
  if (text.search(white) < 0) return text;
  if (text.length <= long || !spaced.test(text)) return text.replace(white, '');
  const bytes = bytesAtOnce(text, 'latin1');
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte > 0x20) bytes[to++] = byte;
  }
  return bytes.toString('latin1', 0, to);
};

/**
 * Canonical base64 (RFC 4648 section 4: padded, no white space, no stray bits) of what a client wrote with line breaks,
 * spaces or without padding. Undefined when it is no base64.
 */
export const canonicalBase64 = (text: string): string | undefined => {
  const packed = withoutSpaces(text);
  // What stays the same is canonical: of long ones this is known in half the time.
  if (packed.length > long && bytesAtOnce(packed, 'base64').toString('base64') === packed) return packed;
  if (!alphabet.test(packed)) return undefined;
  const digits = packed.endsWith('==') ? packed.length - 2 : packed.endsWith('=') ? packed.length - 1 : packed.length;
  if (digits % 4 === 1) return undefined;
  const whole = digits - (digits % 4);
  if (whole === digits) return digits === packed.length ? packed : packed.slice(0, digits);
  // Only the last group can have bits astray.
  return packed.slice(0, whole) + Buffer.from(packed.slice(whole, digits), 'base64').toString('base64');
};

/** Thrown where a text in parts turns out to be no base64. */
export const notBase64 = new Error('It is no base64.');

/** `canonicalBase64` piece by piece, so that what is made of it need not wait for all. Throws `notBase64`. */
export function* canonicalPieces(parts: TextParts): Generator<string, void, void> {
  let left = '';
  for (const part of cutParts(parts)) {
    const packed = left + withoutSpaces(part);
    const padding = packed.indexOf('=');
    if (padding >= 0 && padding < packed.length - 2) throw notBase64;
    const whole = padding < 0 ? packed.length - (packed.length % 4) : 0;
    const canonical = canonicalBase64(packed.slice(0, whole));
    if (canonical === undefined) throw notBase64;
    left = packed.slice(whole);
    yield canonical;
  }
  const last = canonicalBase64(left);
  if (last === undefined) throw notBase64;
  yield last;
}

/** `canonicalBase64` in slices. */
export function* canonicalBase64InSlices(parts: TextParts, slice: Slice): Slices<TextParts | undefined> {
  const all = new GrowingText();
  try {
    for (const piece of canonicalPieces(parts)) {
      all.add(piece);
      if (slice.overNow()) yield* slice.pause();
    }
  } catch (error) {
    if (error === notBase64) return undefined;
    throw error;
  }
  return all;
}

/** The base64 of what hexadecimal digits stand for. Undefined when they are none, or half of a byte is left. */
export const base64OfHex = (text: string): string | undefined => {
  // Reading ends at the first that is none, but of characters beyond bytes it takes the last eight bits. A regular expression
  // for all of them takes longer, and memory for each.
  if (Buffer.byteLength(text) > text.length) return undefined;
  const bytes = Buffer.from(text, 'hex');
  return bytes.length * 2 === text.length ? bytes.toString('base64') : undefined;
};

/** The same in slices. */
export function* base64OfHexInSlices(parts: TextParts, slice: Slice): Slices<TextParts | undefined> {
  const all = new GrowingText();
  for (const part of cutParts(parts)) {
    const bytes = base64OfHex(part);
    if (bytes === undefined) return undefined;
    all.add(bytes);
    if (slice.overNow()) yield* slice.pause();
  }
  return all;
}

/** The base64 of the UTF-8 bytes of a text. */
export const base64OfText = (text: string): string => Buffer.from(text).toString('base64');

/** The same in slices. */
export function* base64OfTextInSlices(parts: TextParts, slice: Slice): Slices<TextParts> {
  const all = new GrowingText();
  let torn = '';
  let left = Buffer.alloc(0);
  for (const part of cutParts(parts)) {
    const text = torn + part;
    const to = cutBefore(text, text.length);
    torn = text.slice(to);
    const bytes = Buffer.concat([left, Buffer.from(text.slice(0, to))]);
    const whole = bytes.length - (bytes.length % 3);
    all.add(bytes.toString('base64', 0, whole));
    left = bytes.subarray(whole);
    if (slice.overNow()) yield* slice.pause();
  }
  all.add(Buffer.concat([left, Buffer.from(torn)]).toString('base64'));
  return all;
}

/** The text whose UTF-8 bytes canonical base64 stands for; what is no UTF-8 becomes U+FFFD. */
export const textOfBase64 = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** The same in slices, `most` as `GrowingText` has it. With `fatal`, undefined where it is no UTF-8. */
export function textOfBase64InSlices(base64: Iterable<string>, slice: Slice, most?: number): Slices<TextParts>;
export function textOfBase64InSlices(
  base64: Iterable<string>,
  slice: Slice,
  most: number | undefined,
  fatal: true,
): Slices<TextParts | undefined>;
export function* textOfBase64InSlices(
  base64: Iterable<string>,
  slice: Slice,
  most?: number,
  fatal = false,
): Slices<TextParts | undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal, ignoreBOM: true });
  const make = (coded: string) => utf8.decode(bytesAtOnce(coded, 'base64'), { stream: true });
  try {
    const all = yield* byParts(base64, slice, make, most);
    return [...all, utf8.decode()];
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
