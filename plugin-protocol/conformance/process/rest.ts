/** When a process has come to rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { hasProc, restOf } from './proc.ts';

/** One that has not run in between has nothing to do. One that always has is not waited for longer than this. */
const lookEveryMs = 20;
const longestMs = 500;

/** Resolves once it waits for something: what it was about to write stands in the pipes. */
export const resting = async (pid: number | undefined, clock: Clock): Promise<void> => {
  if (pid === undefined || !hasProc()) return clock.pass(longestMs);
  const began = clock.read();
  for (let before = restOf(pid); clock.read() - began < longestMs; ) {
    await sleep(lookEveryMs);
    const rest = restOf(pid);
    if (rest !== undefined && rest === before) return;
    before = rest;
  }
};
