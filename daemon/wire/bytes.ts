/** The bytes of a body in chunks: to join a long one would hold up everybody else. */
import { chunkLength, pool } from './chunk-pool.ts';
import type { Parts } from './writing.ts';

/** Bytes to be read from, one after the other, wherever they are. */
export interface Stretch {
  readonly length: number;
  /** What is there from one place to another, or to the end. */
  subarray(from: number, to: number): Buffer;
}

/** What is taken at first where a body comes in several pieces: a sender can make one of every byte, and many such. */
const roomLength = 4 * 1024;

/** Up to this, bytes are joined once they are complete. */
const joinedAtEnd = 1024 * 1024;

/** Where what reaches beyond a chunk is put together. */
const together = Buffer.allocUnsafeSlow(chunkLength);

export class Bytes implements Stretch, Parts {
  length = 0;
  /** The first piece, while it is the only one. */
  #only: Buffer | undefined;
  /** All are full but the last. Those that have been given back are empty. */
  readonly #chunks: Buffer[] = [];

  /** Takes a copy, but of the first piece while it is the only one. */
  add(piece: Buffer): void {
    if (this.length === 0) this.#only = piece;
    else {
      if (this.#only !== undefined) this.#copy(this.#only, 0);
      this.#only = undefined;
      this.#copy(piece, this.length);
    }
    this.length += piece.length;
  }

  #copy(piece: Buffer, length: number): void {
    for (let from = 0; from < piece.length; ) {
      const at = (length + from) % chunkLength;
      from += piece.copy(this.#roomFor(piece.length - from, at), at, from);
    }
  }

  /** The chunk that is filled, with room for some of so many bytes. */
  #roomFor(bytes: number, used: number): Buffer {
    const last = this.#chunks.at(-1);
    if (last !== undefined && used > 0 && used < last.length) return last;
    const isFirst = used > 0 || last === undefined;
    const length = isFirst ? Math.max(roomLength, 2 * (used + bytes)) : chunkLength;
    const room = length < chunkLength ? Buffer.allocUnsafeSlow(length) : pool.take();
    if (used > 0) {
      last!.copy(room, 0, 0, used);
      pool.giveBack(this.#chunks.pop()!);
    }
    this.#chunks.push(room);
    return room;
  }

  /** In one, unless that is long. What is in one has memory of its own. */
  complete(): Buffer | Bytes {
    if (this.#only === undefined && this.length > joinedAtEnd) return this;
    const whole = this.whole();
    this.release();
    return whole;
  }

  whole(): Buffer {
    return this.#only ?? Buffer.concat(this.#chunks, this.length);
  }

  /** Stands until more is asked for, here or elsewhere, or all is released. */
  subarray(from: number, to: number): Buffer {
    const end = Math.min(to, this.length);
    if (this.#only !== undefined || from >= end) return (this.#only ?? together).subarray(from, Math.max(from, end));
    const [first, last] = [Math.floor(from / chunkLength), Math.floor((end - 1) / chunkLength)];
    const at = from - first * chunkLength;
    if (first === last) return this.#chunks[first]!.subarray(at, at + end - from);
    const all = end - from > together.length ? Buffer.allocUnsafe(end - from) : together.subarray(0, end - from);
    let copied = this.#chunks[first]!.copy(all, 0, at);
    for (let index = first + 1; index <= last; index++) copied += this.#chunks[index]!.copy(all, copied);
    return all;
  }

  /** The same bytes for who reads them once, from the first to the last: the memory of what has been read is given back. */
  passing(): Stretch {
    let first = 0;
    return {
      length: this.length,
      subarray: (from, to) => {
        for (; first < Math.floor(from / chunkLength) && first < this.#chunks.length; first++) this.#giveBack(first);
        return this.subarray(from, to);
      },
    };
  }

  /** Gives back the memory of all. Nothing can be read any more. */
  release(): void {
    for (let index = 0; index < this.#chunks.length; index++) this.#giveBack(index);
    this.#chunks.length = 0;
    this.#only = undefined;
    this.length = 0;
  }

  #giveBack(index: number): void {
    const chunk = this.#chunks[index]!;
    this.#chunks[index] = nothing;
    if (chunk !== nothing) pool.giveBack(chunk);
  }

  get bytes(): number {
    return this.length;
  }

  *[Symbol.iterator](): Iterator<Buffer> {
    for (let at = 0; at < this.length; at += chunkLength) yield this.subarray(at, at + chunkLength);
  }
}

const nothing = Buffer.alloc(0);

export const wholeOf = (bytes: Buffer | Bytes): Buffer => (bytes instanceof Bytes ? bytes.whole() : bytes);

/** The same, where they are read once and from the first to the last: memory is given back as they are. */
export const passing = (bytes: Buffer | Bytes): Stretch => (bytes instanceof Bytes ? bytes.passing() : bytes);

/** A body is not read any more: its memory is given back. */
export const release = (bytes: Buffer | Bytes): void => {
  if (bytes instanceof Bytes) bytes.release();
};
