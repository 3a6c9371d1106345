/** Wrong guesses in the current minute, by who makes them or at what. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Clock } from '../ports.ts';

/** Beyond that they are all forgotten: a table that others can make as large as they like is a hole of its own. */
const mostKnown = 10_000;

export class Guesses {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #message: string;
  #known = new Map<string, { count: number; minute: number }>();

  /** After `most` of them further ones are refused with that message. */
  constructor(clock: Clock, most: number, message: string) {
    this.#clock = clock;
    this.#most = most;
    this.#message = message;
  }

  #minute(): number {
    return Math.floor(this.#clock.now() / 60_000);
  }

  /** Throws when there were too many. */
  check(key: string): void {
    const minute = this.#minute();
    const seen = this.#known.get(key);
    if (seen?.minute !== minute || seen.count < this.#most) return;
    throw new Fault('throttled', this.#message, { retryAfterMs: (minute + 1) * 60_000 - this.#clock.now() });
  }

  failed(key: string): void {
    const minute = this.#minute();
    const seen = this.#known.get(key);
    if (seen?.minute === minute) seen.count += 1;
    else {
      if (this.#known.size > mostKnown) this.#known = new Map();
      this.#known.set(key, { count: 1, minute });
    }
  }

  /** What was counted as wrong was not. */
  wasRight(key: string): void {
    const seen = this.#known.get(key);
    if (seen !== undefined && seen.count > 0) seen.count -= 1;
  }
}
