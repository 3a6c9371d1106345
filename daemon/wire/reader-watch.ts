/** Ends a connection whose peer does not read what is written to it. */
import type { Socket } from 'node:net';

export class ReaderWatch {
  readonly #socket: Socket;
  readonly #limitMs: number;
  #on = false;
  /** When the peer last took all that was written, and what it had sent by then. */
  #taken = { at: 0, bytesRead: 0 };

  /** `limitMs` is how long the peer may pause. */
  constructor(socket: Socket, limitMs: number) {
    this.#socket = socket;
    this.#limitMs = limitMs;
    socket.on('drain', () => {
      if (this.#on) this.#take();
    });
    socket.on('timeout', () => {
      if (socket.writableLength > 0) socket.destroy();
    });
  }

  /** Something has been written; until it is taken, the socket's own timer runs. */
  start(): void {
    if (this.#socket.writableLength === 0) return;
    if (!this.#on) this.#take();
    this.#on = true;
    this.#socket.setTimeout(this.#limitMs);
  }

  stop(): void {
    if (!this.#on) return;
    this.#socket.setTimeout(0);
    this.#on = false;
  }

  #take(): void {
    this.#taken = { at: performance.now(), bytesRead: this.#socket.bytesRead };
  }

  /**
   * Called from time to time. What a peer sends starts the socket's timer anew, so that one which sends and does not read
   * would be kept for as long as it likes.
   */
  check(now: number): void {
    if (!this.#on || !this.#socket.writableNeedDrain || now - this.#taken.at < this.#limitMs) return;
    if (this.#socket.bytesRead > this.#taken.bytesRead) this.#socket.destroy();
  }
}
