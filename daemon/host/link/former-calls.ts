/**
 * A plugin that a keeper held may still be at calls that the daemon before this one made. They keep their places and
 * their keys until it answers them, and no answer to one of them is taken for an answer to a call of this daemon.
 */
import { after } from '../after.ts';
import type { OpenCall } from '../transport/transport.ts';
import { randomId } from './random-id.ts';

/** Of the 31 bits of an id so many say which daemon chose it: 32 daemons later nothing of the first is still open. */
const generationBits = 5;
const chosenBits = 31 - generationBits;

export interface FormerCalls {
  /** The plugin was held for this daemon, the `generation`th, counted from 0; these calls are open. */
  take(generation: number, calls: readonly OpenCall[]): void;
  /** An id for a call of ours. */
  id(): number;
  /** Whether the answer with this id is to a daemon before this one: nobody waits for it any more. */
  answered(id: unknown): boolean;
  holds(key: string): boolean;
  readonly size: number;
  /** Resolves with whether there are fewer than so many, at the latest after `ms`. */
  fewerThan(count: number, ms: number): Promise<boolean>;
  /** Resolves once none has that key, at the latest after `ms` or when aborted. */
  without(key: string, ms: number, signal?: AbortSignal): Promise<void>;
}

export const createFormerCalls = (onAnswered: () => void): FormerCalls => {
  const open = new Map<number, OpenCall>();
  const waiting = new Set<() => void>();
  /** The first bits of our ids; undefined when nobody has come before, and all bits are chosen. */
  let ours: number | undefined;

  const until = async (isSo: () => boolean, ms: number, signal?: AbortSignal): Promise<boolean> => {
    if (isSo()) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => isSo() && resolve();
    const aborted = () => resolve();
    waiting.add(look);
    signal?.addEventListener('abort', aborted, { once: true });
    await Promise.race([promise, after(ms)]);
    signal?.removeEventListener('abort', aborted);
    waiting.delete(look);
    return isSo();
  };
  const holds = (key: string) => [...open.values()].some((call) => call.key === key);

  return {
    take(generation, calls) {
      ours = generation % 2 ** generationBits;
      for (const call of calls) open.set(call.id, call);
    },
    id() {
      const random = randomId();
      if (ours === undefined) return random;
      return (ours << chosenBits) | (random & (2 ** chosenBits - 1)) || 1;
    },
    answered(id) {
      if (ours === undefined || typeof id !== 'number' || id >> chosenBits === ours) return false;
      if (open.delete(id)) {
        for (const look of waiting) look();
        onAnswered();
      }
      return true;
    },
    holds,
    get size() {
      return open.size;
    },
    fewerThan: (count, ms) => until(() => open.size < count, ms),
    async without(key, ms, signal) {
      await until(() => !holds(key), ms, signal);
    },
  };
};
