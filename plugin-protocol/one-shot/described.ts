/** What a plugin says of itself, as far as it holds where each call has a process of its own. */
import type { Description } from '../contract/base.ts';

export type OneShotDescription = Description & { concurrency: number };

/** What needs a process that is there between the calls, or standard input while it has one. */
const needsToStay: readonly string[] = ['events', 'instances', 'cancel'];

/**
 * `processes` of them are there at once, or as many as it says. Each call can be cancelled, since its process can be ended.
 */
export const describedOneShot = (
  { processes: own, features = [], ...description }: Description,
  processes?: number,
): OneShotDescription => ({
  ...description,
  // With 1 there must never be two.
  ...(own === 1 && { processes: 1 }),
  features: [...features.filter((feature) => !needsToStay.includes(feature)), 'cancel'],
  concurrency: own === 1 ? 1 : (processes ?? own ?? 1),
});
