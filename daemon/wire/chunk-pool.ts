/**
 * Memory outside of the heap for what is long and does not stay. It is used again: got anew for each body, V8 would collect
 * garbage for its sake, twice in one of 50 MB, which takes 30 ms of a processor each time.
 */

/** From 128 KiB on the C library takes memory from the system and gives it back by itself: shorter ones would hold what is freed around them. */
export const chunkLength = 128 * 1024;

/** Milliseconds after which chunks that nobody has needed are given back to the system. */
const keptMs = 5000;

const isChunk = ({ length, buffer }: Buffer): boolean => length === chunkLength && buffer.byteLength === length;

const toSystem = ({ buffer }: Buffer): void => {
  (buffer as ArrayBuffer).transfer(0);
};

export class ChunkPool {
  readonly #free: Buffer[] = [];
  /** How many have been free all the time since the last look. */
  #unneeded = 0;
  #looks = false;

  /** Its content is anything. */
  take(): Buffer {
    const chunk = this.#free.pop() ?? Buffer.allocUnsafeSlow(chunkLength);
    this.#unneeded = Math.min(this.#unneeded, this.#free.length);
    return chunk;
  }

  /** A chunk is not read any more; or memory of another length, which nobody else has. */
  giveBack(memory: Buffer): void {
    if (isChunk(memory)) {
      this.#free.push(memory);
      if (!this.#looks) this.#lookLater();
    } else toSystem(memory);
  }

  #lookLater(): void {
    this.#looks = true;
    setTimeout(() => {
      this.#free.splice(0, this.#unneeded).forEach(toSystem);
      this.#unneeded = this.#free.length;
      this.#looks = false;
      if (this.#unneeded > 0) this.#lookLater();
    }, keptMs).unref();
  }
}

export const pool = new ChunkPool();
