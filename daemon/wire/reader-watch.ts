/** Ends a connection whose peer does not read what is written to it, or reads too little of it. */
import type { Socket } from 'node:net';

interface Handle {
  bytesWritten: number;
  writeQueueSize: number;
  /** Of TLS: what the encrypted bytes go to. */
  _parent?: Handle;
}

/**
 * Bytes that the system has taken of all that was written. Node counts whole writes in public, and one can be of
 * megabytes; its own timers of sockets look here. What the system holds for the peer counts as taken.
 */
const takenBy = (socket: Socket): number => {
  const { _handle: handle } = socket as unknown as { _handle: Handle | null };
  if (handle === null) return 0;
  const { bytesWritten, writeQueueSize } = handle._parent ?? handle;
  return bytesWritten - writeQueueSize;
};

export interface ReaderLimits {
  /** Milliseconds that a peer may pause. */
  replyIdleTimeoutMs: number;
  /** What it must take in that time, for each second of it; at least one byte. */
  replyBytesPerSecond: number;
}

export class ReaderWatch {
  readonly #socket: Socket;
  readonly #withinMs: number;
  /** Bytes that must be taken within that time. */
  readonly #least: number;
  /** What had been taken when the time was last counted anew; undefined when nothing is waiting to be taken. */
  #since: { at: number; taken: number } | undefined;

  constructor(socket: Socket, { replyIdleTimeoutMs, replyBytesPerSecond }: ReaderLimits) {
    this.#socket = socket;
    this.#withinMs = replyIdleTimeoutMs;
    this.#least = Math.max(1, (replyIdleTimeoutMs / 1000) * replyBytesPerSecond);
  }

  /** Something has been written: the time counts from now, unless something has been waiting before. */
  start(): void {
    if (this.#socket.writableLength > 0) this.#since ??= this.#now(performance.now());
  }

  /** Called from time to time. */
  check(now: number): void {
    if (this.#socket.writableLength === 0) this.#since = undefined;
    else if (this.#since === undefined || takenBy(this.#socket) - this.#since.taken >= this.#least)
      this.#since = this.#now(now);
    else if (now - this.#since.at >= this.#withinMs) this.#socket.destroy();
  }

  #now(at: number): { at: number; taken: number } {
    return { at, taken: takenBy(this.#socket) };
  }
}
