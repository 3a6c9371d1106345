/** What the handlers of methods work with. */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Limits } from '../limits.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Call } from './call.ts';
import type { Proof } from './connectors/proof.ts';
import type { Published } from './connectors/published.ts';
import type { Reconciler } from './connectors/reconcile.ts';
import type { Inventory } from './inventory.ts';
import type { Journal } from './journal.ts';
import type { Operations } from './operations/operations.ts';
import type { Stories } from './operations/stories.ts';
import type { Backends, Clock, Store } from './ports.ts';

export interface Services {
  readonly published: Published;
  readonly proof: Proof;
  readonly store: Store;
  readonly journal: Journal;
  readonly inventory: Inventory;
  readonly backends: Backends;
  readonly reconciler: Reconciler;
  readonly operations: Operations;
  readonly stories: Stories;
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly version: string;
  readonly started: number;
  readonly waiting: WaitingRoom;
}

/** What resolves when there is no more waiting: the time is over, the caller may have gone, or the daemon stops. */
export type Over = Promise<void>;

export interface WaitingRoom {
  /**
   * Wait for something at most so many seconds. Counted: `limits.calls.waiting` bounds how many calls wait at once, and
   * `limits.calls.waitingPerAccount` how many of one account. `over` is undefined when there is nothing to wait for.
   * `work` is called at once, or not at all when there is no room: a change that is not begun can be asked for again.
   */
  wait<T>(seconds: number, call: Call, work: (over: Over | undefined) => Promise<T>): Promise<T>;
  /** Let everybody go, and nobody wait any more. */
  close(): void;
}

export const waitingRoom = (limits: Limits): WaitingRoom => {
  const inside = new Set<() => void>();
  const ofAccount = new Map<string, number>();
  let closed = false;
  const assertRoom = (count: number, name: 'waiting' | 'waitingPerAccount'): void => {
    if (count < limits.calls[name]) return;
    const data = { retryAfterMs: 1000, outcome: 'none' } as const;
    throw new Fault('throttled', `${count} calls are waiting already (limits.calls.${name}).`, data);
  };
  return {
    async wait(seconds, { request: { ended }, principal }, work) {
      if (seconds === 0 || closed || ended?.aborted) return work(undefined);
      const account = principal?.account ?? '';
      const others = ofAccount.get(account) ?? 0;
      assertRoom(inside.size, 'waiting');
      assertRoom(others, 'waitingPerAccount');
      ofAccount.set(account, others + 1);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, seconds * 1000);
      ended?.addEventListener('abort', () => resolve(), { once: true });
      inside.add(resolve);
      try {
        return await work(promise);
      } finally {
        clearTimeout(timer);
        inside.delete(resolve);
        const left = ofAccount.get(account)! - 1;
        if (left === 0) ofAccount.delete(account);
        else ofAccount.set(account, left);
      }
    },
    close() {
      closed = true;
      for (const leave of inside) leave();
    },
  };
};
