/** Long work in slices, so that other requests get their turn in between. */
import { setImmediate } from 'node:timers/promises';

/** Work that yields where it may be interrupted. */
export type Slices<T> = Generator<void, T, void>;

/** Milliseconds of a slice while nobody else has work: a turn of the event loop takes a fiftieth of it. */
const aloneMs = 0.5;
/** The same while others have: what a small call waits for behind a large one. Four clients that call again at once get half of the time so. */
const besideOthersMs = 0.1;
/** Milliseconds of a turn of the event loop in which others did something; one with nothing in it takes a third. */
const usedTurnMs = 0.03;
/** After so many turns that nobody used, the work is alone: who has just been answered needs some of them to call again. */
const unusedTurns = 16;
/** The clock is read once in so many steps. */
const steps = 32;

/** Tells when a slice is over. */
export class Slice {
  readonly #fixed: number | undefined;
  #ms: number;
  #left = steps;
  #began = performance.now();
  #ended = this.#began;
  #unused = unusedTurns;

  /** Without `ms` slices are as short as others need them. */
  constructor(ms?: number) {
    this.#fixed = ms;
    this.#ms = ms ?? aloneMs;
  }

  /** Whether others should get their turn now: then yield. Called after each small step. */
  over(): boolean {
    if (--this.#left > 0) return false;
    this.#left = steps;
    return this.overNow();
  }

  /** The same after a step that took a while. */
  overNow(): boolean {
    this.#ended = performance.now();
    return this.#ended - this.#began >= this.#ms;
  }

  /** Others get their turn. */
  *pause(): Slices<void> {
    this.#ended = performance.now();
    yield;
    this.begin();
  }

  /** The next slice begins. */
  begin(): void {
    this.#began = performance.now();
    this.#unused = this.#began - this.#ended < usedTurnMs ? this.#unused + 1 : 0;
    this.#ms = this.#fixed ?? (this.#unused < unusedTurns ? besideOthersMs : aloneMs);
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
