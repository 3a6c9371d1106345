/** MIME multipart bodies (RFC 2046 section 5.1), and the header fields that describe them (RFC 2045). */

export interface MultipartLimits {
  /** Parts of one body. */
  parts: number;
  /** Bytes of the headers of one part. */
  headerBytes: number;
}

export interface MultipartPart {
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** Its transfer encoding removed. */
  body: Buffer;
}

/** A body that is refused; the message is a sentence. */
export class MultipartFault extends Error {
  readonly kind: 'malformed' | 'too-large';

  constructor(kind: MultipartFault['kind'], message: string) {
    super(message);
    this.name = 'MultipartFault';
    this.kind = kind;
  }
}

const malformed = (message: string): never => {
  throw new MultipartFault('malformed', message);
};

const parameter = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;

/** A content type in lower case, without its parameters; and these, by name in lower case. */
export const readContentType = (header: string): { type: string; parameters: ReadonlyMap<string, string> } => {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of header.matchAll(parameter)) {
    parameters.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain!);
  }
  return { type: header.split(';', 1)[0]!.trim().toLowerCase(), parameters };
};

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** What may follow a boundary; anything else makes it part of the content. */
const endsDelimiter: ReadonlySet<number | undefined> = new Set([LF, CR, DASH, 0x20, 0x09, undefined]);

const readHeaders = (text: string): Map<string, string> => {
  const headers = new Map<string, string>();
  // A line that begins with white space goes on with the one before.
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
};

const decoded = (headers: ReadonlyMap<string, string>, body: Buffer): Buffer => {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (encoding === 'binary' || encoding === '8bit' || encoding === '7bit') return body;
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  return malformed(`The transfer encoding ${encoding} of a part is none of binary, 8bit, 7bit and base64.`);
};

/** Where the headers of a part end and its content begins, if it has any; some senders write no CR. */
const blankLine = (part: Buffer): { end: number; begin: number } => {
  if (part[0] === LF) return { end: 0, begin: 1 };
  if (part[0] === CR && part[1] === LF) return { end: 0, begin: 2 };
  for (let at = part.indexOf(LF); at >= 0; at = part.indexOf(LF, at + 1)) {
    if (part[at + 1] === LF) return { end: at, begin: at + 2 };
    if (part[at + 1] === CR && part[at + 2] === LF) return { end: at, begin: at + 3 };
  }
  return { end: part.length, begin: part.length };
};

const readPart = (part: Buffer, { headerBytes }: MultipartLimits): MultipartPart => {
  const { end, begin } = blankLine(part);
  if (end > headerBytes) {
    throw new MultipartFault('too-large', `The headers of a part are longer than ${headerBytes} bytes.`);
  }
  const headers = readHeaders(part.toString('latin1', 0, end));
  return { headers, body: decoded(headers, part.subarray(begin)) };
};

/** The parts of a body, in their order. Parts are views of the body unless they had to be decoded. */
export const readMultipart = (body: Buffer, boundary: string, limits: MultipartLimits): MultipartPart[] => {
  if (boundary === '' || boundary.length > 70) malformed('The boundary of the parts is not given, or too long.');
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: MultipartPart[] = [];
  let from: number | undefined;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if ((at > 0 && body[at - 1] !== LF) || !endsDelimiter.has(body[at + delimiter.length])) continue;
    if (from !== undefined) {
      const to = at - (body[at - 2] === CR ? 2 : 1);
      parts.push(readPart(body.subarray(from, Math.max(from, to)), limits));
      if (parts.length > limits.parts)
        throw new MultipartFault('too-large', `There are more than limits.soap.parts, ${limits.parts}, parts.`);
    }
    let after = at + delimiter.length;
    if (body[after] === DASH && body[after + 1] === DASH) return parts;
    after = body.indexOf(LF, after);
    if (after < 0) break;
    from = after + 1;
  }
  return malformed('The last part does not end.');
};
