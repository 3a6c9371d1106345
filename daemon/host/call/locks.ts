/** Locks of plugins: among all processes of a connector, each for a time, and free when the process that holds it ends. */
import { randomUUID } from 'node:crypto';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';

interface Held {
  id: string;
  owner: object;
  /** Milliseconds since 1970. */
  until: number;
  timer: NodeJS.Timeout;
}

interface Waiter {
  owner: object;
  take: () => void;
}

interface Place {
  held: Held | undefined;
  waiting: Set<Waiter>;
}

export interface LockWish {
  /** The connector. */
  scope: string;
  name: string;
  /** The process: what it holds is free when it ends. */
  owner: object;
  leaseMs: number;
  waitMs: number;
}

export interface Locks {
  /** Answers what names the lock; rejects with `busy` when it is not free in time. */
  lock(wish: LockWish): Promise<string>;
  unlock(scope: string, lock: string): void;
  /** A process has ended. */
  release(owner: object): void;
}

export const createLocks = (limits: Pick<Limits['plugins'], 'lockLeaseMs' | 'locks'>, now: () => number): Locks => {
  const scopes = new Map<string, Map<string, Place>>();

  const free = (scope: string, name: string, place: Place) => {
    clearTimeout(place.held?.timer);
    place.held = undefined;
    const next = place.waiting.values().next();
    if (!next.done) {
      place.waiting.delete(next.value);
      next.value.take();
      return;
    }
    const places = scopes.get(scope);
    places?.delete(name);
    if (places?.size === 0) scopes.delete(scope);
  };

  const take = (place: Place, { scope, name, owner, leaseMs }: LockWish): string => {
    const id = randomUUID();
    const timer = setTimeout(() => free(scope, name, place), leaseMs).unref();
    place.held = { id, owner, until: now() + leaseMs, timer };
    return id;
  };

  return {
    async lock(wish) {
      const { scope, name, owner, leaseMs, waitMs } = wish;
      if (leaseMs > limits.lockLeaseMs) {
        const most = `at most ${limits.lockLeaseMs} ms${nameOf('lockLeaseMs')}`;
        throw new Fault('invalid-params', `A lock is for ${most}.`, { field: '/leaseMs' });
      }
      const places = scopes.get(scope) ?? new Map<string, Place>();
      const known = places.get(name);
      if (known === undefined && places.size >= limits.locks) {
        throw new Fault('throttled', `${scope} holds ${limits.locks} locks already${nameOf('locks')}.`, {
          retryAfterMs: 1000,
        });
      }
      const place = known ?? { held: undefined, waiting: new Set() };
      scopes.set(scope, places.set(name, place));
      const { held } = place;
      if (held === undefined) return take(place, wish);
      const busy = () =>
        new Fault('busy', `${name} is locked.`, { resource: name, retryAfterMs: Math.max(1, held.until - now()) });
      if (waitMs === 0) throw busy();
      return new Promise((resolve, reject) => {
        const waiter = {
          owner,
          take: () => {
            clearTimeout(timer);
            resolve(take(place, wish));
          },
        };
        const timer = setTimeout(() => {
          place.waiting.delete(waiter);
          reject(busy());
        }, waitMs).unref();
        place.waiting.add(waiter);
      });
    },
    unlock(scope, lock) {
      for (const [name, place] of scopes.get(scope) ?? []) {
        if (place.held?.id !== lock) continue;
        free(scope, name, place);
        return;
      }
      throw new Fault('not-found', 'That lock is not held (any more).', { resource: lock });
    },
    release(owner) {
      for (const [scope, places] of [...scopes]) {
        for (const [name, place] of [...places]) {
          for (const waiter of [...place.waiting]) if (waiter.owner === owner) place.waiting.delete(waiter);
          if (place.held?.owner === owner) free(scope, name, place);
        }
      }
    },
  };
};
