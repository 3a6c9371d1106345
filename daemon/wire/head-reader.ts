/** Finds the heads of requests in what has come over a connection. */
import { endOfHead, type Head, longestMethod, readHead, wrongInPart } from './head.ts';
import { KnownHead } from './known-head.ts';
import { type HttpLimits, malformed, overHeaderBytes } from './refusal.ts';
import type { Refusal } from './route.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Of a head, beside what counts for `headerBytes`: ends of lines, colons, white space. */
const rawBytes = (headerBytes: number): number => 2 * headerBytes + 1024;

/** Some clients end a body with an empty line that does not belong to it (RFC 9112 section 2.2). */
const emptyLinesOf = (bytes: Buffer): number => {
  let length = 0;
  while (bytes[length] === CR && bytes[length + 1] === LF) length += 2;
  return length;
};

export class HeadReader {
  /** How many bytes what was found has, or what is of no use. */
  used = 0;
  /** Why there can be no head. */
  wrong: Refusal | undefined;
  readonly #limits: HttpLimits;
  /** How much has been looked through for the end of a head that is not there yet. */
  #searched = 0;
  readonly #last = new KnownHead();

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** The head that the bytes begin with; undefined when not all of it has come, or something is `wrong`. */
  find(bytes: Buffer): Head | undefined {
    const known = this.#last.at(bytes);
    if (known !== undefined) return this.#found(known, this.#last.length);
    const empty = emptyLinesOf(bytes);
    if (empty > 0) {
      this.#searched = 0;
      this.used = 0;
      const head = empty === bytes.length ? undefined : this.find(bytes.subarray(empty));
      this.used += empty;
      return head;
    }
    this.used = 0;
    const most = rawBytes(this.#limits.headerBytes);
    const end = bytes.indexOf(endOfHead, Math.max(0, this.#searched - endOfHead.length));
    if (end < 0 ? bytes.length > most : end > most) return this.#refused(overHeaderBytes(this.#limits));
    if (end < 0) return this.#searchOn(bytes);
    const head = readHead(bytes.toString('latin1', 0, end), this.#limits);
    if ('status' in head) return this.#refused(head);
    const length = end + endOfHead.length;
    this.#last.keep(head, bytes.subarray(0, length));
    return this.#found(head, length);
  }

  #found(head: Head, length: number): Head {
    this.used = length;
    this.#searched = 0;
    return head;
  }

  #refused(refusal: Refusal): undefined {
    this.wrong = refusal;
  }

  /** Only a part of it has come. */
  #searchOn(bytes: Buffer): undefined {
    const from = this.#searched - (bytes[this.#searched - 1] === CR ? 1 : 0);
    const wrong = wrongInPart(bytes.toString('latin1', 0, longestMethod), bytes.toString('latin1', from));
    if (wrong !== undefined) this.wrong = malformed(wrong);
    this.#searched = bytes.length;
  }
}
