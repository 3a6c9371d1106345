/** Base64 as clients write it. */

const long = 1024;
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Canonical base64 (RFC 4648 section 4: padded, no white space, no stray bits) of what a client wrote with line breaks,
 * spaces or without padding. Undefined when it is no base64.
 */
export const canonicalBase64 = (text: string): string | undefined => {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
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
