/**
 * The head of a request: its first line and its headers, as strictly as RFC 9112 (sections 2 to 7) has them. What two
 * readers can take for two things is refused: so are requests smuggled past the one that stands before the other.
 */
import {
  type HttpLimits,
  lengthRequired,
  malformed,
  notImplemented,
  overHeaderBytes,
  unmetExpectation,
  versionNotSupported,
} from './refusal.ts';
import type { Refusal } from './route.ts';

export interface Head {
  readonly method: string;
  /** A path with its query, a whole URL, or `*`: printable ASCII. */
  readonly target: string;
  /** Names in lower case; those that come several times are joined, or the first is taken where there can be but one. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How many headers there are. */
  readonly count: number;
  /** Whether there are Authorization headers that differ. */
  readonly authorizedTwice: boolean;
  /** Bytes of the body, or that it comes in chunks. */
  readonly length: number | 'chunked';
  /** Whether the peer may send another request on the connection. */
  readonly keepAlive: boolean;
  /** Whether the peer reads replies in chunks: HTTP/1.0 has none. */
  readonly takesChunks: boolean;
  /** Whether the peer waits for a word before it sends the body. */
  readonly expectsContinue: boolean;
}

export const endOfHead = Buffer.from('\r\n\r\n');

const wrongBeginning = 'The request does not begin with a method, a target and HTTP/1.1.';
const firstLine = /^([A-Z]+(?:-[A-Z]+)*) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
/** RFC 9110 section 9.3 and RFC 5789, without CONNECT, after which there is no HTTP any more. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']);
/** Section 3.2; a URL has no user before its host (RFC 9110 section 4.2.4). */
const knownTarget = /^(?:\/|https?:\/\/([^/?#@]+)(?:[/?]|$))/i;
const notInTarget = /#/;
const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
/** Text of a header, RFC 9110 section 5.5. */
const isFieldValue = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
const host = /^[\w.~%!$&'()*+,;=:[\]-]*$/;
/** Fewer digits than a number loses any of. */
const length = /^\d{1,15}$/;

const TAB = 0x09;
const SPACE = 0x20;
const isWhite = (code: number) => code === SPACE || code === TAB;

/** By steps: a regular expression takes quadratic time for a long run of spaces. */
const withoutWhite = (text: string): string => {
  let from = 0;
  let to = text.length;
  while (from < to && isWhite(text.charCodeAt(from))) from += 1;
  while (to > from && isWhite(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
};

/** Two of them are two lengths, or two hosts. */
const once: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding']);
/** No lists, so the first is taken: some clients write theirs beside the one of their library. */
const first: ReadonlySet<string> = new Set([
  'authorization',
  'content-type',
  'from',
  'if-modified-since',
  'max-forwards',
  'origin',
  'proxy-authorization',
  'referer',
  'user-agent',
]);

/** What is wrong with a line of headers or trailers; undefined when it is well-formed. */
export const wrongIn = (line: string, colon: number): string | undefined => {
  if (isWhite(line.charCodeAt(0))) return 'A header goes on in a second line.';
  const name = line.slice(0, Math.max(0, colon));
  if (!isToken(name)) return 'A line among the headers does not begin with a name and a colon.';
  if (!isFieldValue(line.slice(colon + 1))) return `The header ${name} has a character that no header may have.`;
  return undefined;
};

/** The words of a list, in lower case. */
const words = (list: string): string[] => list.split(',').map((word) => withoutWhite(word).toLowerCase());

type Headers = Record<string, string | undefined>;

const bodyLength = (headers: Headers, minor: number, method: string): number | 'chunked' | Refusal => {
  const coding = headers['transfer-encoding'];
  const digits = headers['content-length'];
  if (coding === undefined) {
    // RFC 1945 section 7.2.2: a body could end with the connection alone, which the reply needs.
    if (digits === undefined) return minor === 0 && method === 'POST' ? lengthRequired : 0;
    return length.test(digits) ? Number(digits) : malformed('Content-Length is not a number of at most 15 digits.');
  }
  if (digits !== undefined) return malformed('The request has both Content-Length and Transfer-Encoding.');
  if (minor === 0) return malformed('A request of HTTP/1.0 has no Transfer-Encoding.');
  return coding.toLowerCase() === 'chunked'
    ? 'chunked'
    : notImplemented('The Transfer-Encoding is another than chunked.');
};

const persists = (connection: string | undefined, minor: number): boolean => {
  if (connection === undefined) return minor === 1;
  const options = words(connection);
  return !options.includes('close') && (minor === 1 || options.includes('keep-alive'));
};

/** Reads a head, as Latin-1 and without the empty line at its end. */
export const readHead = (text: string, limits: HttpLimits): Head | Refusal => {
  const lines = text.split('\r\n');
  const [, method, target, major, minorDigit] = firstLine.exec(lines[0]!) ?? [];
  if (method === undefined || target === undefined) {
    return malformed(wrongInPart(text, text) ?? wrongBeginning);
  }
  if (!methods.has(method)) return notImplemented('The method of the request is not one of HTTP that is known here.');
  const minor = Number(minorDigit);
  if (major !== '1' || minor > 1) return versionNotSupported;
  const known = knownTarget.exec(target);
  if (!(target === '*' && method === 'OPTIONS') && (known === null || notInTarget.test(target))) {
    return malformed('The target of the request is neither a path nor a URL of http.');
  }

  const headers: Headers = Object.create(null) as Headers;
  let bytes = target.length;
  let authorizedTwice = false;
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at]!;
    const colon = line.indexOf(':');
    const wrong = wrongIn(line, colon);
    if (wrong !== undefined) return malformed(wrong);
    const name = line.slice(0, colon).toLowerCase();
    const value = withoutWhite(line.slice(colon + 1));
    bytes += name.length + value.length;
    // White space that may be there (section 5.1), and by which Node reads another coding.
    if (name === 'transfer-encoding' && line.endsWith('\t')) return malformed('The Transfer-Encoding ends with a tab.');
    const before = headers[name];
    if (name === 'authorization' && before !== undefined && before !== value) authorizedTwice = true;
    if (before === undefined) headers[name] = value;
    else if (once.has(name)) return malformed(`The request has more than one header ${name}.`);
    else if (!first.has(name)) headers[name] = `${before}, ${value}`;
  }
  if (bytes > limits.headerBytes) return overHeaderBytes(limits);

  if (headers.host === undefined) {
    if (minor === 1) return malformed('A request of HTTP/1.1 must have a header Host.');
  } else if (!host.test(headers.host)) return malformed('The header Host is no host and port.');
  // A whole URL is of the host that it names, whatever Host says (section 3.2.2).
  const named = known?.[1];
  if (named !== undefined && !host.test(named)) return malformed('The target of the request names no host and port.');
  if (named !== undefined) headers.host = named;
  const body = bodyLength(headers, minor, method);
  if (typeof body === 'object') return body;
  const expected = minor === 1 ? headers.expect?.toLowerCase() : undefined;
  if (expected !== undefined && expected !== '100-continue') return unmetExpectation;
  return {
    method,
    target,
    headers,
    count: lines.length - 1,
    authorizedTwice,
    length: body,
    keepAlive: persists(headers.connection, minor),
    takesChunks: minor === 1,
    expectsContinue: expected !== undefined,
  };
};

/** As much of a head as shows whether it begins with a method. */
export const longestMethod = 32;
const beginning = /^(?:\r?$|[A-Z][A-Z-]*(?: |$))/;
/** A control character, or half of the end of a line. */
const neverInHead = /[^\t\r\n\x20-\x7e\x80-\xff]|(?<!\r)\n|\r(?=[^\n])/;

/** Why what has come of a head can become none: who has sent something else gets an answer at once. */
export const wrongInPart = (begin: string, part: string): string | undefined => {
  if (!beginning.test(begin)) return wrongBeginning;
  return neverInHead.test(part)
    ? 'The headers have a control character, or a line that ends with half of CRLF.'
    : undefined;
};
