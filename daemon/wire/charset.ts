/** From the bytes of an XML document to its text. */
import { isUtf8 } from 'node:buffer';
import { XmlCharacterFault, XmlFault, xmlFaultAt } from './xml-fault.ts';

type Decode = (bytes: Buffer) => string;

const replacement = '\ufffd';

const utf8: Decode = (bytes) => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  // The first replacement that stands for no U+FFFD of the sender's own shows where it went wrong.
  const text = bytes.toString('utf8');
  let at = 0;
  let byte = 0;
  for (;;) {
    const next = text.indexOf(replacement, at);
    byte += Buffer.byteLength(text.slice(at, next));
    if (bytes.readUIntBE(byte, Math.min(3, bytes.length - byte)) !== 0xefbfbd) {
      const message = `The byte 0x${bytes[byte]!.toString(16)} is not UTF-8 here.`;
      throw xmlFaultAt(text, next, 'malformed', message, XmlCharacterFault);
    }
    byte += 3;
    at = next + 1;
  }
};

const utf16 = (label: 'utf-16le' | 'utf-16be'): Decode => {
  const decoder = new TextDecoder(label, { fatal: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      throw new XmlCharacterFault('malformed', 'The document is not UTF-16, as it says.', 1, 1);
    }
  };
};
const utf16le = utf16('utf-16le');
const utf16be = utf16('utf-16be');
const windows1252 = new TextDecoder('windows-1252');
// Not TextDecoder, which reads iso-8859-1 as windows-1252.
const latin1: Decode = (bytes) => bytes.toString('latin1');

/** Character sets by their names and common aliases. UTF-8 reads all that US-ASCII can hold. */
const decoders = new Map<string, Decode>([
  ['utf-8', utf8],
  ['utf8', utf8],
  ['us-ascii', utf8],
  ['ascii', utf8],
  ['ansi_x3.4-1968', utf8],
  ['iso-8859-1', latin1],
  ['iso8859-1', latin1],
  ['iso_8859-1', latin1],
  ['latin1', latin1],
  ['windows-1252', (bytes) => windows1252.decode(bytes)],
  ['cp1252', (bytes) => windows1252.decode(bytes)],
]);
const wide = new Set(['utf-16', 'utf16', 'utf-16le', 'utf-16be']);

const declared = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,64})["']/;
const declarationLength = 256;

/**
 * The text of a document: as its byte order mark says, or its XML declaration, or `charset` of the HTTP header, or
 * UTF-8. Clients set the header wrong more often than the declaration, so it comes later here than RFC 7303 has it.
 * Throws `XmlFault`: `unsupported-encoding` for a character set not in the table, `malformed` for bytes not of it.
 */
export const decodeXml = (bytes: Buffer, charset?: string): string => {
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return utf8(bytes.subarray(3));
  if (first === 0xff && second === 0xfe) return utf16le(bytes);
  if (first === 0xfe && second === 0xff) return utf16be(bytes);
  if (first === 0x3c && second === 0x3f) {
    const name = declared.exec(bytes.toString('latin1', 0, declarationLength))?.[1]?.toLowerCase();
    // .NET writes a string as "utf-16" and sends it as UTF-8: what could be read up to here is not UTF-16.
    if (name !== undefined && !wide.has(name)) return decoderFor(name)(bytes);
    return name === undefined && charset !== undefined && !wide.has(charset.toLowerCase())
      ? decoderFor(charset)(bytes)
      : utf8(bytes);
  }
  if (first === 0x3c && second === 0) return utf16le(bytes);
  if (first === 0 && second === 0x3c) return utf16be(bytes);
  return charset === undefined || wide.has(charset.toLowerCase()) ? utf8(bytes) : decoderFor(charset)(bytes);
};

const decoderFor = (charset: string): Decode => {
  const decode = decoders.get(charset.toLowerCase());
  if (decode !== undefined) return decode;
  const names = [...decoders.keys(), 'utf-16'].join(', ');
  throw new XmlFault('unsupported-encoding', `The character set ${charset} is none of ${names}.`, 1, 1);
};

const charsetParameter = /;\s*charset\s*=\s*"?([^\s;"]{1,64})/i;

/** The `charset` of a Content-Type header. */
export const charsetOf = (contentType: string | undefined): string | undefined =>
  contentType === undefined ? undefined : charsetParameter.exec(contentType)?.[1];
