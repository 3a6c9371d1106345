/**
 * Which call may be sent to a plugin process next: at most `concurrency` at once, mutations of one resource one after
 * the other in the order in which they came. Calls without a lock overtake those that wait for one.
 */
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
  /** Start nothing until `resume`: the plugin does not read as fast as is written. */
  pause(): void;
  resume(): void;
  /** Take out and return all that wait. */
  clear(): T[];
}

export const createQueue = <T extends Queued>(maxWaiting: number): Queue<T> => {
  /** Calls that have their lock and wait for a place. A set keeps the order and forgets a call at once. */
  const ready = new Set<T>();
  /** Locks in use, with the calls that wait for each. */
  const locked = new Map<string, Set<T>>();
  let behindLocks = 0;
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
    if (lock === undefined) return;
    const behind = locked.get(lock);
    const next = behind?.values().next();
    if (!next || next.done) {
      locked.delete(lock);
      return;
    }
    behind?.delete(next.value);
    behindLocks--;
    ready.add(next.value);
    pump();
  };

  return {
    add(call) {
      const behind = call.lock === undefined ? undefined : locked.get(call.lock);
      const mayStart = behind === undefined && ready.size === 0 && running < limit && !paused;
      if (!mayStart && ready.size + behindLocks >= maxWaiting) return false;
      if (behind) {
        behind.add(call);
        behindLocks++;
        return true;
      }
      if (call.lock !== undefined) locked.set(call.lock, new Set());
      if (mayStart) {
        running++;
        call.start();
      } else ready.add(call);
      return true;
    },
    remove(call) {
      if (ready.delete(call)) unlock(call);
      else if (call.lock !== undefined && locked.get(call.lock)?.delete(call)) behindLocks--;
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
      const all = [...ready, ...[...locked.values()].flatMap((behind) => [...behind])];
      ready.clear();
      locked.clear();
      behindLocks = 0;
      return all;
    },
  };
};
