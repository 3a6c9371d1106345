/** From the bytes of an XML document to its text. */
import { isUtf8 } from 'node:buffer';
import type { Stretch } from './bytes.ts';
import { hasNoControls } from './xml-characters.ts';
import { XmlFault } from './xml-fault.ts';
import type { XmlPiece, XmlSource } from './xml-source.ts';

/** What a piece of a document says. */
type Decoded = Omit<XmlPiece, 'last'>;

interface Charset {
  /** `last` says that nothing follows. */
  decode(bytes: Buffer, last: boolean): Decoded;
  /** Where the bytes can be cut: there or a little later, so that no character is torn. */
  border(bytes: Buffer, at: number): number;
}

const replacement = '\ufffd';

/** U+FFFE and U+FFFF, the only characters that UTF-8 can hold and XML cannot, beside control characters. */
const nonCharacters = [Buffer.from('\ufffe'), Buffer.from('\uffff')];

const utf8: Charset = {
  decode(bytes) {
    const text = bytes.toString('utf8');
    if (isUtf8(bytes)) {
      return { text, legal: hasNoControls(bytes) && !nonCharacters.some((wrong) => bytes.includes(wrong)) };
    }
    // The first replacement that stands for no U+FFFD of the sender's own shows where it went wrong.
    let at = 0;
    let byte = 0;
    for (;;) {
      const next = text.indexOf(replacement, at);
      byte += Buffer.byteLength(text.slice(at, next));
      if (bytes.readUIntBE(byte, Math.min(3, bytes.length - byte)) !== 0xefbfbd) {
        return { text: text.slice(0, next), wrong: `The byte 0x${bytes[byte]!.toString(16)} is not UTF-8 here.` };
      }
      byte += 3;
      at = next + 1;
    }
  },
  border(bytes, at) {
    let to = at;
    while (to < at + 3 && (bytes[to]! & 0xc0) === 0x80) to++;
    return to;
  },
};

const utf16 = (bigEndian: boolean): Charset => ({
  decode(bytes) {
    const whole = bytes.subarray(0, bytes.length & ~1);
    const text = (bigEndian ? Buffer.from(whole).swap16() : whole).toString('utf16le');
    const wrong = 'The document is not UTF-16, as it says.';
    const alone = text.search(/\p{Surrogate}/u);
    if (alone >= 0) return { text: text.slice(0, alone), wrong };
    return whole.length === bytes.length ? { text } : { text, wrong };
  },
  border(bytes, at) {
    const to = at + (at & 1);
    const high = bytes[bigEndian ? to - 2 : to - 1]!;
    return high >= 0xd8 && high <= 0xdb ? to + 2 : to;
  },
});
const utf16le = utf16(false);
const utf16be = utf16(true);

/** A character for each byte. */
const narrow = (decode: (bytes: Buffer) => string): Charset => ({
  decode: (bytes) => ({ text: decode(bytes) }),
  border: (_bytes, at) => at,
});
// Not TextDecoder, which reads iso-8859-1 as windows-1252.
const latin1 = narrow((bytes) => bytes.toString('latin1'));
const decoder1252 = new TextDecoder('windows-1252');
const windows1252 = narrow((bytes) => decoder1252.decode(bytes));

/** Character sets by their names and common aliases. UTF-8 reads all that US-ASCII can hold. */
const charsets = new Map<string, Charset>([
  ['utf-8', utf8],
  ['utf8', utf8],
  ['us-ascii', utf8],
  ['ascii', utf8],
  ['ansi_x3.4-1968', utf8],
  ['iso-8859-1', latin1],
  ['iso8859-1', latin1],
  ['iso_8859-1', latin1],
  ['latin1', latin1],
  // What Python's programmers call it, and its clients then declare.
  ['latin-1', latin1],
  ['windows-1252', windows1252],
  ['cp1252', windows1252],
]);

/**
 * Further ones of the Encoding standard: those in which the bytes of ASCII are its characters, so that a declaration can
 * be read. Python's, Apache's and others take any that their platform has; the manual of XML::RPC::Fast shows koi8-r.
 */
const further = new Set([
  ...['windows-874', 'windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256'],
  ...['windows-1257', 'windows-1258', 'iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-5', 'iso-8859-6'],
  ...['iso-8859-7', 'iso-8859-8', 'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16'],
  ...['koi8-r', 'koi8-u', 'ibm866', 'macintosh', 'x-mac-cyrillic'],
  ...['shift_jis', 'euc-jp', 'euc-kr', 'gbk', 'gb18030', 'big5'],
]);

/** One of those, for one document: what is torn at the end of a piece is kept for the next. */
const furtherCharset = (encoding: string): Charset => {
  const decoder = new TextDecoder(encoding, { fatal: true });
  // It has read up to the piece before: a decoder that has found something wrong does not say where.
  const behind = new TextDecoder(encoding, { fatal: true });
  let before: Buffer = Buffer.alloc(0);
  const rightPart = (bytes: Buffer): string => {
    let text = '';
    try {
      for (let at = 0; at < bytes.length; at++) text += behind.decode(bytes.subarray(at, at + 1), { stream: true });
    } catch {
      // That is the wrong one.
    }
    return text;
  };
  return {
    decode(bytes, last) {
      behind.decode(before, { stream: true });
      // A copy: where the bytes are, others have theirs as soon as more is asked for.
      before = Buffer.from(bytes);
      try {
        return { text: decoder.decode(bytes, { stream: !last }) };
      } catch {
        return { text: rightPart(bytes), wrong: `The document is not ${encoding}, as it says.` };
      }
    },
    border: (_bytes, at) => at,
  };
};

const furtherFor = (label: string): Charset | undefined => {
  try {
    const { encoding } = new TextDecoder(label);
    return further.has(encoding) ? furtherCharset(encoding) : undefined;
  } catch {
    return undefined;
  }
};
const wide = new Set(['utf-16', 'utf16', 'utf-16le', 'utf-16be']);

const declared = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,64})["']/;
const declarationLength = 256;

/** Bytes of one, in the character sets that have a border to look for. */
const longestCharacter = 4;

interface Reading {
  charset: Charset;
  /** Where the text begins. */
  from: number;
  /** What the XML declaration says, in lower case. */
  declared?: string | undefined;
}

/**
 * More bytes than that are decoded in pieces of as many. Those stay in the caches of a processor, and the collector of
 * garbage takes them for short-lived: 200 MB/s are read so, and 170 in pieces of 128 KiB.
 */
export const pieceLength = 32 * 1024;

/**
 * The text of a document: as its byte order mark says, or its XML declaration, or `charset` of the HTTP header, or
 * UTF-8. Clients set the header wrong more often than the declaration, so it comes later here than RFC 7303 has it.
 * Throws `XmlFault`, `unsupported-encoding`, for a character set not in the table.
 */
export const xmlSource = (
  bytes: Stretch,
  named?: string,
  length = pieceLength,
): XmlSource & Pick<Reading, 'declared'> => {
  const beginning = bytes instanceof Buffer ? bytes : bytes.subarray(0, declarationLength);
  const { charset, from: first, declared } = readingOf(beginning, named);
  let from = first;
  return {
    declared,
    prepared: false,
    next() {
      const begin = from;
      if (begin + length >= bytes.length) {
        from = bytes.length;
        const rest = begin === 0 && bytes instanceof Buffer ? bytes : bytes.subarray(begin, from);
        return { ...charset.decode(rest, true), last: true };
      }
      const ahead = bytes.subarray(begin, begin + length + longestCharacter);
      const border = charset.border(ahead, length);
      from = begin + border;
      const last = from >= bytes.length;
      return { ...charset.decode(ahead.subarray(0, border), last), last };
    },
  };
};

/** What the first four bytes of a document show that is in a character set which is not read: XML 1.0, appendix F.1. */
const unreadable: ReadonlyMap<number, string> = new Map([
  [0x0000feff, 'UTF-32'],
  [0xfffe0000, 'UTF-32'],
  [0x0000003c, 'UTF-32'],
  [0x3c000000, 'UTF-32'],
  [0x4c6fa794, 'EBCDIC'],
]);

const readingOf = (bytes: Buffer, charset: string | undefined): Reading => {
  const other = bytes.length < 4 ? undefined : unreadable.get(bytes.readUInt32BE());
  if (other !== undefined) return unknownCharset(other);
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return { charset: utf8, from: 3 };
  if (first === 0xff && second === 0xfe) return { charset: utf16le, from: 2 };
  if (first === 0xfe && second === 0xff) return { charset: utf16be, from: 2 };
  if (first === 0x3c && second === 0x3f) {
    const name = declared.exec(bytes.toString('latin1', 0, declarationLength))?.[1]?.toLowerCase();
    // .NET writes a string as "utf-16" and sends it as UTF-8: what could be read up to here is not UTF-16.
    if (name !== undefined && !wide.has(name)) return { charset: charsetFor(name), from: 0, declared: name };
    if (name !== undefined) return { charset: utf8, from: 0 };
    return { charset: byteWise(charset), from: 0 };
  }
  if (first === 0x3c && second === 0) return { charset: utf16le, from: 0 };
  if (first === 0 && second === 0x3c) return { charset: utf16be, from: 0 };
  return { charset: byteWise(charset), from: 0 };
};

/** What could be looked at byte by byte is not UTF-16, whatever the header says. */
const byteWise = (charset: string | undefined): Charset =>
  charset === undefined || wide.has(charset.toLowerCase()) ? utf8 : charsetFor(charset);

const charsetFor = (charset: string): Charset => {
  const known = charsets.get(charset.toLowerCase()) ?? furtherFor(charset);
  return known ?? unknownCharset(charset);
};

const unknownCharset = (charset: string): never => {
  const names = [...charsets.keys(), 'utf-16', ...further].join(', ');
  throw new XmlFault('unsupported-encoding', `The character set ${charset} is none of ${names}.`, 1, 1);
};

/** In single quotes, too, which some write and which are no part of any name; and before what a second header joins to it. */
const charsetParameter = /;\s*charset\s*=\s*["']?([^\s;,"']{1,64})/i;

/** The `charset` of a Content-Type header. */
export const charsetOf = (contentType: string | undefined): string | undefined =>
  contentType === undefined ? undefined : charsetParameter.exec(contentType)?.[1];
