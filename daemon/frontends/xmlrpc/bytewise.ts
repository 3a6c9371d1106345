/** Text of which every byte was written as a character. */
import { isUtf8 } from 'node:buffer';

const declared = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']iso-8859-1["']/i;
const highByte = /&#(?:12[89]|1[3-9]\d|2[0-4]\d|25[0-5]);/;
const run = new RegExp(`(?:${highByte.source})+`, 'g');

/**
 * A document of PHP's xmlrpc extension, put right: it declares ISO-8859-1 and writes each byte of a text in UTF-8 as a
 * reference to a character, so that U+00E9 comes as `&#195;&#169;`. Only where nothing beyond ASCII is written as
 * itself, and the references make UTF-8: anything else means what it says.
 */
export const withCharactersOfBytes = (text: string): string => {
  if (text.charCodeAt(1) !== 0x3f || !declared.test(text) || !highByte.test(text)) return text;
  if (/[^\0-\x7f]/.test(text) || text.includes('<![CDATA[')) return text;
  return text.replace(run, (references) => {
    const bytes = Buffer.from(references.slice(2, -1).split(';&#').map(Number));
    return isUtf8(bytes) ? bytes.toString('utf8') : references;
  });
};
