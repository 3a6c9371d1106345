/**
 * Time as a plugin has it: that in which it waited for a processor, or this check did, does not count. So a machine that is busy
 * with other things gives the same verdict as one that is not.
 */
import { readFileSync } from 'node:fs';
import { threadsBelow } from './proc.ts';

/** How long each thread waited for a processor, in milliseconds; nothing where the system does not tell. */
type Waits = Map<string, number>;

const waitOf = (file: string): number => Number(readFileSync(file, 'latin1').split(' ')[1]) / 1e6;

const addWait = (waits: Waits, thread: string): void => {
  try {
    waits.set(thread, waitOf(`/proc/${thread}/schedstat`));
  } catch {
    // It has ended, or the system does not tell.
  }
};

const waitsOf = (pid: number | undefined): { own: Waits; plugin: Waits } => {
  const [own, plugin]: Waits[] = [new Map(), new Map()];
  addWait(own!, `${process.pid}/task/${process.pid}`);
  for (const thread of pid === undefined ? [] : threadsBelow(pid)) addWait(plugin!, thread);
  return { own: own!, plugin: plugin! };
};

/** Of the thread that has waited longest: the others may have had nothing to do. */
const longest = (before: Waits, after: Waits): number =>
  Math.max(0, ...[...after].map(([thread, wait]) => wait - (before.get(thread) ?? 0)));

const lookEveryMs = 100;
/** What the system does not tell of, such as a backend that waits for a processor, ends at so many times the time. */
const mostStretch = 20;

interface Deadline {
  at: number;
  wallAt: number;
  late(): void;
}

/** A turn in which what has come meanwhile is read: timers run before it. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class Clock {
  readonly #pid: number | undefined;
  #counted = 0;
  #lookedAt = performance.now();
  #waits: ReturnType<typeof waitsOf>;
  readonly #deadlines = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  /** `pid`: of the plugin, or of what has started it; without one the waiting of this process alone is known. */
  constructor(pid: number | undefined) {
    this.#pid = pid;
    this.#waits = waitsOf(pid);
  }

  /**
   * Milliseconds that count, since it was made. The system tells of a wait when it is over, so that they may be fewer than the
   * last time: what was taken for time of the plugin was a wait.
   */
  read(): number {
    const now = performance.now();
    const waits = waitsOf(this.#pid);
    const waited = longest(this.#waits.own, waits.own) + longest(this.#waits.plugin, waits.plugin);
    this.#counted += now - this.#lookedAt - waited;
    this.#lookedAt = now;
    this.#waits = waits;
    return this.#counted;
  }

  /** The same, without looking again so soon: there may be thousands of calls in a second. */
  #now(): number {
    const since = performance.now() - this.#lookedAt;
    return since > lookEveryMs ? this.read() : this.#counted + since;
  }

  /** Calls `late` after so many milliseconds that count, unless it is called off. */
  deadline(ms: number, late: () => void): { callOff(): void } {
    const deadline = { at: this.#now() + ms, wallAt: performance.now() + ms * mostStretch, late };
    this.#deadlines.add(deadline);
    this.#wind();
    return {
      callOff: () => {
        this.#deadlines.delete(deadline);
        this.#wind();
      },
    };
  }

  #wind(): void {
    if (this.#deadlines.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setTimeout(() => void this.#look(), this.#nextLookMs());
  }

  #nextLookMs(): number {
    const now = this.#now();
    const left = Math.min(...[...this.#deadlines].map(({ at }) => at - now));
    return Math.min(lookEveryMs, Math.max(1, Math.ceil(left)));
  }

  async #look(): Promise<void> {
    const [counted, wall] = [this.read(), performance.now()];
    const over = [...this.#deadlines].filter(({ at, wallAt }) => at <= counted || wallAt <= wall);
    if (over.length > 0) {
      await turn();
      await turn();
    }
    for (const deadline of over) if (this.#deadlines.delete(deadline)) deadline.late();
    this.#timer = undefined;
    this.#wind();
  }

  /** What it comes to, or `late`. */
  async within<T>(ms: number, work: Promise<T>): Promise<T | 'late'> {
    let callOff = () => {};
    const late = new Promise<'late'>((resolve) => {
      ({ callOff } = this.deadline(ms, () => resolve('late')));
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      callOff();
    }
  }

  /** Resolves after so many milliseconds that count. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.deadline(ms, resolve));
  }
}
