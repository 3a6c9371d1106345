/** What the handlers of methods work with. */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Method } from '../catalogue/method.ts';
import type { Limits } from '../limits.ts';
import type { Accounts } from './accounts.ts';
import type { Inventory } from './inventory.ts';
import type { Journal } from './journal.ts';
import type { Operations } from './operations.ts';
import type { Backends, Clock, Store } from './ports.ts';
import type { Reconciler } from './reconcile.ts';

export interface Services {
  readonly methods: ReadonlyMap<string, Method>;
  readonly store: Store;
  readonly journal: Journal;
  readonly inventory: Inventory;
  readonly backends: Backends;
  readonly reconciler: Reconciler;
  readonly operations: Operations;
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly version: string;
  readonly started: number;
  /** Wait for something, counted: `limits.calls.waiting` bounds how many calls wait at once. */
  waiting<T>(work: () => Promise<T>, seconds: number): Promise<T>;
}

/** Counts calls that wait. */
export const waitingRoom = (limits: Limits) => {
  let inside = 0;
  return async <T>(work: () => Promise<T>, seconds: number): Promise<T> => {
    if (seconds === 0) return work();
    if (inside >= limits.calls.waiting) {
      throw new Fault('throttled', `${inside} calls are waiting already (limits.calls.waiting).`, {
        retryAfterMs: 1000,
      });
    }
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
    }
  };
};
