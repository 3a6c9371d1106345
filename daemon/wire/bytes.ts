/** The bytes of a body in the pieces in which they came: to join a long one would hold up everybody else. */
import type { Parts } from './writing.ts';

/** Bytes to be read from, one after the other, wherever they are. */
export interface Stretch {
  readonly length: number;
  /** What is there from one place to another, or to the end. */
  subarray(from: number, to: number): Buffer;
}

/** Shorter pieces are copied together: each by itself takes 200 bytes more, and a sender can make one of every byte. */
const apart = 4 * 1024;
const roomLength = 16 * 1024;

/** Up to this, bytes are joined once they are complete. */
const joinedAtEnd = 1024 * 1024;

export class Bytes implements Stretch, Parts {
  length = 0;
  readonly #pieces: Buffer[] = [];
  /** Where each of them begins. */
  readonly #begins: number[] = [];
  /** The one that was read last. */
  #near = 0;
  /** Where short pieces are copied to. */
  #room: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Where in the room the last piece begins, if that is there. */
  #open: number | undefined;

  add(piece: Buffer): void {
    const isFirst = this.#pieces.length === 0;
    if (isFirst || piece.length >= apart) {
      this.#push(piece);
      this.#open = undefined;
    } else this.#copy(piece);
    this.length += piece.length;
  }

  #push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#begins.push(this.length);
  }

  #copy(piece: Buffer): void {
    if (this.#room.length - this.#used < piece.length) {
      this.#room = Buffer.allocUnsafeSlow(roomLength);
      this.#used = 0;
      this.#open = undefined;
    }
    const from = this.#open ?? this.#used;
    this.#used += piece.copy(this.#room, this.#used);
    const all = this.#room.subarray(from, this.#used);
    if (this.#open === undefined) this.#push(all);
    else this.#pieces[this.#pieces.length - 1] = all;
    this.#open = from;
  }

  /** In one, unless that is long. */
  complete(): Buffer | Bytes {
    return this.#pieces.length === 1 || this.length <= joinedAtEnd ? this.whole() : this;
  }

  whole(): Buffer {
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.length);
  }

  /** A copy only where it is of several pieces. */
  subarray(from: number, to: number): Buffer {
    const end = Math.min(to, this.length);
    const parts: Buffer[] = [];
    for (let at = from; at < end; ) {
      const index = this.#indexOf(at);
      const begin = this.#begins[index]!;
      const part = this.#pieces[index]!.subarray(at - begin, end - begin);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** The same bytes for who reads them once, from the first to the last: what has been read is given back. */
  passing(): Stretch {
    let first = 0;
    return {
      length: this.length,
      subarray: (from, to) => {
        while (first + 1 < this.#begins.length && this.#begins[first + 1]! <= from) giveBack(this.#pieces[first++]!);
        return this.subarray(from, to);
      },
    };
  }

  /** Gives back the memory of all. Nothing can be read any more. */
  release(): void {
    this.#pieces.forEach(giveBack);
    this.#pieces.length = 0;
    this.#begins.length = 0;
    this.length = 0;
  }

  #indexOf(at: number): number {
    const begins = this.#begins;
    let index = this.#near;
    while (begins[index]! > at) index -= 1;
    while (index + 1 < begins.length && begins[index + 1]! <= at) index += 1;
    this.#near = index;
    return index;
  }

  get bytes(): number {
    return this.length;
  }

  [Symbol.iterator](): Iterator<Buffer> {
    return this.#pieces[Symbol.iterator]();
  }
}

/** The memory, unless it is shared with others or has been given back. */
const giveBack = ({ buffer, byteLength }: Buffer): void => {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
};

export const wholeOf = (bytes: Buffer | Bytes): Buffer => (bytes instanceof Bytes ? bytes.whole() : bytes);

export const passing = (bytes: Buffer | Bytes): Stretch => (bytes instanceof Bytes ? bytes.passing() : bytes);

/**
 * A body is not read any more: its memory is given back. That is outside of the heap, and for its sake garbage would be
 * collected in the middle of the next long body, which stops everybody for 5 ms or more.
 */
export const release = (bytes: Buffer | Bytes): void => {
  if (bytes instanceof Bytes) bytes.release();
};
