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

/** For element content. A carriage return goes as a reference: a reader would make a line feed of it. */
export const escapeText = (text: string): string =>
  special.test(text) ? text.replace(illegal, '\ufffd').replace(/[&<>\r]/g, reference) : text;

/** For a value between double quotes. White space but the space goes as references: a reader would make spaces of it. */
export const escapeAttribute = (value: string): string =>
  specialInAttribute.test(value) ? value.replace(illegal, '\ufffd').replace(/[&<>"\t\n\r]/g, reference) : value;
