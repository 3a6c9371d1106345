/** Lets somebody see what an instance and its plugin say to each other; costs one look at a number where nobody does. */
import type { Side } from '../../../plugin-protocol/cassette/format.ts';

export type TapListener = (from: Side, text: string) => void;

export interface Tap {
  /** Whether anybody looks. */
  readonly watched: boolean;
  say(from: Side, text: string): void;
  /** Told every line until the returned function is called. */
  watch(listener: TapListener): () => void;
}

export const createTap = (): Tap => {
  const listeners = new Set<TapListener>();
  return {
    get watched() {
      return listeners.size > 0;
    },
    say(from, text) {
      for (const listener of listeners) listener(from, text);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
