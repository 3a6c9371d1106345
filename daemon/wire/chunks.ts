/** The chunked transfer coding (RFC 9112 section 7.1), read as it comes. */
import { wrongIn } from './head.ts';
import { type HttpLimits, malformed, overHeaderBytes } from './refusal.ts';
import type { Refusal } from './route.ts';

const LF = 0x0a;

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
/** RFC 9110 section 5.6.4: text without quotes and backslashes, and any character behind a backslash. */
const quoted = '"(?:[\\t\\x20!#-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const extension = `;${token}(?:=(?:${token}|${quoted}))?`;
/** As many digits as a number loses none of. */
const sizeLine = new RegExp(`^([0-9A-Fa-f]{1,12})((?:${extension})*)$`);
const longestSize = 12;
const beginningOfSize = /^[0-9A-Fa-f]+(?:[;\r]|$)/;

const frames = /^(?:connection|content-length|host|transfer-encoding):/i;

export class ChunkReader {
  /** Whether the last chunk and the trailers have been read. */
  done = false;
  readonly #limits: HttpLimits;
  #expects: 'size' | 'data' | 'end of data' | 'trailer' = 'size';
  /** What has come of a line. */
  #line = '';
  #left = 0;
  /** Bytes of extensions and trailers so far: they are headers to whoever counts. */
  #spent = 0;

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** Reads on, and hands over what is content; answers how many bytes it has used, all of them unless it is done. */
  read(bytes: Buffer, take: (content: Buffer) => void): number | Refusal {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#expects === 'data') {
        const content = bytes.subarray(at, at + this.#left);
        at += content.length;
        this.#left -= content.length;
        if (this.#left === 0) this.#expects = 'end of data';
        take(content);
        continue;
      }
      const end = bytes.indexOf(LF, at);
      const to = end < 0 ? bytes.length : end + 1;
      this.#line += bytes.toString('latin1', at, to);
      at = to;
      if (this.#line.length + this.#spent > longestSize + 2 + this.#limits.headerBytes)
        return overHeaderBytes(this.#limits);
      const wrong = end < 0 ? this.#begin(this.#line) : this.#end(this.#line);
      if (wrong !== undefined) return wrong;
      if (end >= 0) this.#line = '';
    }
    return at;
  }

  /** A line has begun: what can be no line any more is not waited for. */
  #begin(line: string): Refusal | undefined {
    if (this.#expects === 'end of data') return line === '\r' ? undefined : wrongChunk;
    return this.#expects === 'trailer' || beginningOfSize.test(line.slice(0, longestSize + 1)) ? undefined : wrongChunk;
  }

  /** A line is there, with its end. */
  #end(whole: string): Refusal | undefined {
    if (!whole.endsWith('\r\n')) return wrongChunk;
    const line = whole.slice(0, -2);
    switch (this.#expects) {
      case 'size': {
        const [, digits, extensions] = sizeLine.exec(line) ?? [];
        if (digits === undefined) return wrongChunk;
        this.#spent += extensions!.length;
        this.#left = Number.parseInt(digits, 16);
        this.#expects = this.#left === 0 ? 'trailer' : 'data';
        return undefined;
      }
      case 'end of data':
        this.#expects = 'size';
        return line === '' ? undefined : wrongChunk;
      default:
        this.#spent += line.length;
        if (line === '') this.done = true;
        // What trailers say is not asked for; but who took them for headers would see other requests.
        else if (wrongIn(line, line.indexOf(':')) !== undefined || frames.test(line)) return wrongChunk;
        return undefined;
    }
  }
}

const wrongChunk = malformed('This is not a well-formed HTTP request.');
