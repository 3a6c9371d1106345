/** Text and attribute values as XML holds them. What XML 1.0 cannot hold at all becomes U+FFFD. */
import { illegalCharacter } from './xml-characters.ts';

const illegal = new RegExp(illegalCharacter, 'gu');
// One look tells that nothing is to be done, which is so for almost all strings.
const special = /[&<>\r]|[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const specialInAttribute = /[&<>"\t\n\r]|[^\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
const reference = (character: string): string => references[character]!;

/** Text with references, whatever it holds. */
const rewritten = (text: string): string => text.replace(illegal, '\ufffd').replace(/[&<>\r]/g, reference);

/** Longer texts are searched faster than they are looked at character by character. */
const short = 256;
const beyondMarkup = 0x40;
/** By code, below that: what stands for a character, and the empty string for one that XML cannot hold. */
const inText = Array.from({ length: beyondMarkup }, (_, code) => {
  const character = String.fromCharCode(code);
  return special.test(character) ? (/[&<>\r]/.test(character) ? reference(character) : '') : undefined;
});

/** The same for a short text, in a fifth of the time. */
const rewrittenShort = (text: string): string => {
  let all = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800) return rewritten(text);
    const reference = code < beyondMarkup ? inText[code] : undefined;
    if (reference === undefined) continue;
    if (reference === '') return rewritten(text);
    all += text.slice(from, at) + reference;
    from = at + 1;
  }
  return all + text.slice(from);
};

/** For element content. A carriage return goes as a reference: a reader would make a line feed of it. */
export const escapeText = (text: string): string =>
  special.test(text) ? (text.length <= short ? rewrittenShort(text) : rewritten(text)) : text;

/** For a value between double quotes. White space but the space goes as references: a reader would make spaces of it. */
export const escapeAttribute = (value: string): string =>
  specialInAttribute.test(value) ? value.replace(illegal, '\ufffd').replace(/[&<>"\t\n\r]/g, reference) : value;
