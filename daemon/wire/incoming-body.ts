/** The body of a request that did not come with its head: a stream that is fed by the connection. */
import { Readable } from 'node:stream';
import { ChunkReader } from './chunks.ts';
import type { Head } from './head.ts';
import type { HttpLimits } from './refusal.ts';
import type { Refusal } from './route.ts';

export class IncomingBody extends Readable {
  /** Whether all of it has come. */
  complete = false;
  #left: number;
  readonly #chunks: ChunkReader | undefined;
  readonly #wanted: () => void;
  #full = false;

  /** `wanted` is called when there is room again after there was none. */
  constructor(length: Head['length'], limits: HttpLimits, wanted: () => void) {
    super();
    this.#left = length === 'chunked' ? 0 : length;
    this.#chunks = length === 'chunked' ? new ChunkReader(limits) : undefined;
    this.#wanted = wanted;
  }

  /** Whether it holds as much as it should until it is read. */
  get full(): boolean {
    return this.#full;
  }

  override _read(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#wanted();
  }

  /** Takes what belongs to the body; answers how many bytes that was. */
  feed(bytes: Buffer): number | Refusal {
    const used = this.#chunks ? this.#join(this.#chunks, bytes) : this.#count(bytes);
    if (typeof used !== 'number') return used;
    this.complete = this.#chunks ? this.#chunks.done : this.#left === 0;
    if (this.complete) this.push(null);
    return used;
  }

  /** What came at once goes on as one piece, whatever chunks it is in: a sender can make one of every byte. */
  #join(chunks: ChunkReader, bytes: Buffer): number | Refusal {
    const contents: Buffer[] = [];
    const used = chunks.read(bytes, (content) => contents.push(content));
    if (contents.length > 0) this.#take(contents.length === 1 ? contents[0]! : Buffer.concat(contents));
    return used;
  }

  #count(bytes: Buffer): number {
    const content = bytes.subarray(0, this.#left);
    this.#left -= content.length;
    this.#take(content);
    return content.length;
  }

  #take(content: Buffer): void {
    if (!this.push(content)) this.#full = true;
  }
}
