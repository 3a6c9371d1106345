/** A call to a plugin until it is known what became of it, as the daemon's operations do it: nothing is sent again unasked. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../../daemon/core/ports.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Mutation } from './clouds.ts';

/** Counts by name. */
export type Tally = Map<string, number>;
export const count = (tally: Tally, name: string) => tally.set(name, (tally.get(name) ?? 0) + 1);

const again = 20;

/** Anything but a fault is a bug, and so is `internal`. */
const nameOf = (error: unknown): string => (error instanceof Fault ? error.kind : `bug: ${error}`);

export const read = async (backend: Backend, { call, params }: Mutation, faults: Tally): Promise<void> => {
  await backend.call(call, params).catch((error: unknown) => count(faults, nameOf(error)));
};

/** Resolves once it has been carried out, or it is over. */
export const change = async (
  backend: Backend,
  { call, params }: Mutation,
  { key, faults, over }: { key: string; faults: Tally; over: AbortSignal },
) => {
  for (let attempt = 1; !over.aborted; attempt += 1) {
    try {
      await backend.call(call, params, { key, attempt });
      return;
    } catch (error) {
      count(faults, nameOf(error));
      if (error instanceof Fault && error.data.outcome === 'none') {
        await pause(again);
        continue;
      }
    }
    let outcome: string | undefined;
    while (outcome !== 'none' && !over.aborted) {
      const found = await backend.find(key, call.name, params).catch((error: unknown) => {
        if (error instanceof Fault) return { outcome: 'unknown' };
        throw error;
      });
      ({ outcome } = found);
      if (outcome === 'done') return;
      if (outcome === 'unknown') await pause(again);
    }
  }
};
