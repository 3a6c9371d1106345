/** Long work in slices, so that other requests get their turn in between. */
import { setImmediate } from 'node:timers/promises';

/** Work that yields where it may be interrupted. */
export type Slices<T> = Generator<void, T, void>;

/** Milliseconds of a slice: what a small call waits for behind a large one. A turn of the event loop takes a fiftieth of it. */
const sliceMs = 0.5;
/** The clock is read once in so many steps. */
const steps = 32;

/** Tells when a slice is over. */
export class Slice {
  readonly #ms: number;
  #left = steps;
  #began = performance.now();

  constructor(ms = sliceMs) {
    this.#ms = ms;
  }

  /** Whether others should get their turn now: then yield. Called after each small step. */
  over(): boolean {
    if (--this.#left > 0) return false;
    this.#left = steps;
    return this.overNow();
  }

  /** The same after a step that took a while. */
  overNow(): boolean {
    return performance.now() - this.#began >= this.#ms;
  }

  /** Others get their turn. */
  *pause(): Slices<void> {
    yield;
    this.begin();
  }

  /** The next slice begins. */
  begin(): void {
    this.#began = performance.now();
  }
}

/** Whether there is work to do, where others have what comes of it already. */
export const isSlices = <T extends object>(work: Slices<T> | T): work is Slices<T> => Symbol.iterator in work;

/** Work that is done in one go, where it may be in slices. */
export function* inOneSlice<T>(work: () => T): Slices<T> {
  yield* [];
  return work();
}

/** The work in one go, where nobody else waits. */
export const inOneGo = <T>(work: Slices<T>): T => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

/** Do the work; the answer is a promise only if it was interrupted. Throws, or rejects with, what the work throws. */
export const inSlices = <T>(work: Slices<T>): T | Promise<T> => {
  const first = work.next();
  return first.done ? first.value : rest(work);
};

const rest = async <T>(work: Slices<T>): Promise<T> => {
  for (;;) {
    await setImmediate();
    const { done, value } = work.next();
    if (done) return value;
  }
};
