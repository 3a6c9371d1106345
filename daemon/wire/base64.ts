/** Base64 as clients write it, and hexadecimal as base64. */
import type { Slices } from '../../plugin-protocol/slices.ts';

const long = 1024;
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;
const white = /[\t-\r ]+/g;
const spaced = /^[A-Za-z0-9+/=\t-\r ]*$/;

/** Digits without white space. Of long texts it is left out byte by byte: where each digit has some, replacing takes ten times longer. */
export const withoutSpaces = (text: string): string => {
  if (text.search(white) < 0) return text;
  if (text.length <= long || !spaced.test(text)) return text.replace(white, '');
  const bytes = Buffer.from(text, 'latin1');
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
  if (packed.length > long && Buffer.from(packed, 'base64').toString('base64') === packed) return packed;
  if (!alphabet.test(packed)) return undefined;
  const digits = packed.endsWith('==') ? packed.length - 2 : packed.endsWith('=') ? packed.length - 1 : packed.length;
  if (digits % 4 === 1) return undefined;
  const whole = digits - (digits % 4);
  if (whole === digits) return digits === packed.length ? packed : packed.slice(0, digits);
  // Only the last group can have bits astray.
  return packed.slice(0, whole) + Buffer.from(packed.slice(whole, digits), 'base64').toString('base64');
};

/** Where others may get their turn: a reader. */
interface Turns {
  readonly due: boolean;
  pause(): Slices<void>;
}

/** Of a long text, characters that are read at once: a multiple of those that stand for whole bytes. */
const part = 8 * 1024;

/** The same in slices. */
export function* canonicalBase64InSlices(text: string, turns: Turns): Slices<string | undefined> {
  let all = '';
  let left = '';
  let from = 0;
  for (; text.length - from > part; from += part) {
    const packed = left + withoutSpaces(text.slice(from, from + part));
    const padding = packed.indexOf('=');
    if (padding >= 0 && padding < packed.length - 2) return undefined;
    const whole = padding < 0 ? packed.length - (packed.length % 4) : 0;
    const canonical = canonicalBase64(packed.slice(0, whole));
    if (canonical === undefined) return undefined;
    all += canonical;
    left = packed.slice(whole);
    if (turns.due) yield* turns.pause();
  }
  const last = canonicalBase64(left + text.slice(from));
  return last === undefined ? undefined : all + last;
}

/** The base64 of what hexadecimal digits stand for. Undefined when they are none, or half of a byte is left. */
export const base64OfHex = (text: string): string | undefined => {
  // Reading ends at the first that is none, but of characters beyond bytes it takes the last eight bits. A regular expression
  // for all of them takes longer, and memory for each.
  if (Buffer.byteLength(text) > text.length) return undefined;
  const bytes = Buffer.from(text, 'hex');
  return bytes.length * 2 === text.length ? bytes.toString('base64') : undefined;
};
