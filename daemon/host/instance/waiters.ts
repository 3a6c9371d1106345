/** Calls that wait until a process can be called: one has ended, and is being started again. */
import { Fault, type FaultData, type FaultKind } from '../../../plugin-protocol/faults.ts';
import { nameOf } from '../limit-name.ts';
import type { Request } from '../link/outgoing-call.ts';

type Waiting = Pick<Request, 'method' | 'timeoutMs' | 'spentMs' | 'limit' | 'mutates' | 'signal'>;

export interface Waiters {
  /** Resolves when a process can be called. Rejects when waiting is over, for this one or for all. */
  wait(call: Waiting): Promise<void>;
  admit(): void;
  dismiss(why: string): void;
}

/** `id` is the connector; at most `most` wait at once. */
export const createWaiters = (id: string, most: number): Waiters => {
  /** Each ends the waiting of one: with a process, or with the reason why there is none. */
  const waiting = new Set<(why?: string) => void>();
  const faultFor = ({ mutates }: Waiting, kind: FaultKind, text: string, data: FaultData = {}) =>
    new Fault(kind, text, mutates ? { outcome: 'none', ...data } : data);
  return {
    wait(call) {
      const { method, timeoutMs, spentMs = 0, limit, signal } = call;
      if (waiting.size >= most) {
        const text = `${most} calls are waiting for ${id} already${nameOf('queued')}.`;
        return Promise.reject(faultFor(call, 'throttled', text, { retryAfterMs: 1000 }));
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const settle = (fault?: Fault) => {
        waiting.delete(end);
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        if (fault === undefined) resolve();
        else reject(fault);
      };
      const end = (why?: string) => settle(why === undefined ? undefined : faultFor(call, 'unavailable', why));
      const cancel = () => settle(faultFor(call, 'cancelled', `${method} was cancelled in time.`));
      const late = `${method} waited ${timeoutMs} ms for ${id} and was not begun${nameOf(limit)}.`;
      const timer = setTimeout(() => settle(faultFor(call, 'timeout', late)), Math.max(0, timeoutMs - spentMs));
      waiting.add(end);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
      return promise;
    },
    admit() {
      for (const end of [...waiting]) end();
    },
    dismiss(why) {
      for (const end of [...waiting]) end(why);
    },
  };
};
