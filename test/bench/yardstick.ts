/**
 * How fast this machine is beside the one that the budgets in milliseconds and megabytes are from, by what saxes reads in a
 * second of processor time. It changes while a run goes on, so it is looked at around each scenario; in a process of its
 * own, so that nobody's heap is in its way.
 */
import { join } from 'node:path';
import { output, processors } from './children.ts';
import { root } from './daemon.ts';

/** Megabytes in a second; 60 to 80 were seen there, and the slower is the stricter. */
export const saxesThere = 60;

export const saxesHere = async (): Promise<number> =>
  Number(await output([process.execPath, join(root, 'test/bench/labs/yardstick.ts')], processors.server));
