/** The head that a connection has sent last: clients write the same again for each call. */
import type { Head } from './head.ts';

/** Up to this it is kept. */
const longest = 4 * 1024;

export class KnownHead {
  /** How many bytes it has. */
  length = 0;
  #head: Head | undefined;
  /** Its own, since a piece of what has come keeps all of that in memory; and used again for the next one. */
  #bytes = Buffer.alloc(0);

  /** The head, if it is what the bytes begin with. */
  at(bytes: Buffer): Head | undefined {
    const { length } = this;
    if (this.#head === undefined || bytes.length < length) return undefined;
    return bytes.compare(this.#bytes, 0, length, 0, length) === 0 ? this.#head : undefined;
  }

  keep(head: Head, bytes: Buffer): void {
    const { length } = bytes;
    this.#head = length <= longest ? head : undefined;
    if (this.#head === undefined) return;
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length);
    this.length = bytes.copy(this.#bytes);
  }
}
