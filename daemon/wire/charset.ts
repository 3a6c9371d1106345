/** From the bytes of an XML document to its text. */
import { isUtf8 } from 'node:buffer';
import { Slice, type Slices } from './slices.ts';
import { illegalCharacter } from './xml-characters.ts';
import { XmlCharacterFault, XmlFault, xmlFaultAt } from './xml-fault.ts';
import { withLineFeeds } from './xml-scanner.ts';

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

interface Reading {
  decode: Decode;
  bytes: Buffer;
}

/** More bytes than that are decoded in pieces of as many. */
const pieceLength = 128 * 1024;

/**
 * The text of a document as `decodeXml` has it, its line ends and characters already looked at. A long one in UTF-8 is
 * read in slices. Throws what `decodeXml` and the tokenizer would.
 */
export function* xmlTextInSlices(all: Buffer, charset?: string): Slices<{ text: string; prepared: boolean }> {
  const { decode, bytes } = readingOf(all, charset);
  if (decode !== utf8 || bytes.length <= pieceLength) return { text: decode(bytes), prepared: false };
  const pieces: string[] = [];
  const slice = new Slice();
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + pieceLength, bytes.length);
    // Neither a character nor a line end is torn apart.
    while (to < bytes.length && ((bytes[to]! & 0xc0) === 0x80 || bytes[to - 1] === 0x0d)) to++;
    const piece = bytes.subarray(from, to);
    const text = isUtf8(piece) ? piece.toString('utf8') : undefined;
    // What is wrong, and where, is said of the whole.
    if (text === undefined || illegalCharacter.test(text)) return { text: decode(bytes), prepared: false };
    pieces.push(withLineFeeds(text));
    from = to;
    if (!slice.overNow()) continue;
    yield;
    slice.begin();
  }
  return { text: pieces.join(''), prepared: true };
}

/**
 * The text of a document: as its byte order mark says, or its XML declaration, or `charset` of the HTTP header, or
 * UTF-8. Clients set the header wrong more often than the declaration, so it comes later here than RFC 7303 has it.
 * Throws `XmlFault`: `unsupported-encoding` for a character set not in the table, `malformed` for bytes not of it.
 */
export const decodeXml = (all: Buffer, charset?: string): string => {
  const { decode, bytes } = readingOf(all, charset);
  return decode(bytes);
};

const readingOf = (bytes: Buffer, charset: string | undefined): Reading => {
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return { decode: utf8, bytes: bytes.subarray(3) };
  if (first === 0xff && second === 0xfe) return { decode: utf16le, bytes };
  if (first === 0xfe && second === 0xff) return { decode: utf16be, bytes };
  if (first === 0x3c && second === 0x3f) {
    const name = declared.exec(bytes.toString('latin1', 0, declarationLength))?.[1]?.toLowerCase();
    // .NET writes a string as "utf-16" and sends it as UTF-8: what could be read up to here is not UTF-16.
    if (name !== undefined && !wide.has(name)) return { decode: decoderFor(name), bytes };
    if (name !== undefined) return { decode: utf8, bytes };
    return { decode: narrow(charset), bytes };
  }
  if (first === 0x3c && second === 0) return { decode: utf16le, bytes };
  if (first === 0 && second === 0x3c) return { decode: utf16be, bytes };
  return { decode: narrow(charset), bytes };
};

/** What could be looked at byte by byte is not UTF-16, whatever the header says. */
const narrow = (charset: string | undefined): Decode =>
  charset === undefined || wide.has(charset.toLowerCase()) ? utf8 : decoderFor(charset);

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
