/**
 * Which call may be sent to a plugin process next: at most `concurrency` at once, mutations of one resource one after
 * the other in the order in which they came. Calls without a lock overtake those that wait for one.
 */
import { createTurns, type Turns } from './turns.ts';

export interface Queued {
  /** What the call must have for itself. */
  readonly lock: string | undefined;
  /** Send it. */
  start(): void;
}

export interface Queue<T extends Queued> {
  /** Takes a call, and starts it now if it may. Returns false when too many are waiting. */
  add(call: T): boolean;
  /** A waiting call is no longer wanted. */
  remove(call: T): void;
  /** A started call holds its resource no longer. */
  unlock(call: T): void;
  /** A started call no longer takes a place. */
  free(): void;
  setConcurrency(concurrency: number): void;
  /** How many wait. */
  readonly waiting: number;
  /** Start nothing until `resume`: the plugin does not read as fast as is written. */
  pause(): void;
  resume(): void;
  /** Take out and return all that wait. */
  clear(): T[];
}

/** `turns` are shared by the queues of all processes that may change the same resources. */
export const createQueue = <T extends Queued>(maxWaiting: number, turns: Turns = createTurns()): Queue<T> => {
  /** Calls that have their lock and wait for a place. A set keeps the order and forgets a call at once. */
  const ready = new Set<T>();
  /** Calls that wait for their lock, and what takes them on when they have it. */
  const behind = new Map<T, () => void>();
  let running = 0;
  let limit = 1;
  let paused = false;

  const pump = () => {
    while (running < limit && !paused) {
      const next = ready.values().next();
      if (next.done) return;
      ready.delete(next.value);
      running++;
      next.value.start();
    }
  };
  const unlock = ({ lock }: T) => {
    if (lock !== undefined) turns.release(lock);
  };

  return {
    get waiting() {
      return ready.size + behind.size;
    },
    add(call) {
      const { lock } = call;
      const isFree = lock === undefined || !turns.has(lock);
      const mayStart = isFree && ready.size === 0 && running < limit && !paused;
      if (!mayStart && ready.size + behind.size >= maxWaiting) return false;
      if (lock !== undefined) {
        const granted = () => {
          behind.delete(call);
          ready.add(call);
          pump();
        };
        if (!turns.take(lock, granted)) {
          behind.set(call, granted);
          return true;
        }
      }
      if (mayStart) {
        running++;
        call.start();
      } else ready.add(call);
      return true;
    },
    remove(call) {
      if (ready.delete(call)) return unlock(call);
      const granted = behind.get(call);
      if (granted === undefined) return;
      behind.delete(call);
      turns.leave(call.lock!, granted);
    },
    unlock,
    free() {
      running--;
      pump();
    },
    setConcurrency(concurrency) {
      limit = concurrency;
      pump();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      pump();
    },
    clear() {
      const all = [...ready, ...behind.keys()];
      for (const [{ lock }, granted] of behind) turns.leave(lock!, granted);
      behind.clear();
      const waiting = [...ready];
      ready.clear();
      // Others may have been waiting for these, with another process.
      for (const call of waiting) unlock(call);
      return all;
    },
  };
};
