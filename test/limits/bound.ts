/**
 * How a limit is shown at its bound. A bound uses a fixed amount of something under a limit that it is given: with just
 * enough it must be served, with one less it must be refused, in words that name the limit as it is configured.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';

/** Uses that amount; resolves with the words of the refusal, or undefined when it was served. */
export type Use = (context: Mocha.Context, limit: number) => Promise<string | undefined>;

export interface Bound {
  enough: number;
  tooLittle: number;
  use: Use;
  /** Why a refusal does not name the limit: there is nobody to tell, or who hears it must not know. */
  unsaid?: string;
}

/** What takes exactly `enough`. */
export const counted = (enough: number, use: Use): Bound => ({ enough, tooLittle: enough - 1, use });

const [shortMs, pauseMs, longMs] = [30, 150, 30_000];
/** What pauses for longer than the shorter limit; the peer's own pause is what is tested. */
export const timed = (use: Use): Bound => ({ enough: longMs, tooLittle: shortMs, use });
/** The pause of such a peer. */
export const pause = (): Promise<void> => delay(pauseMs);
export { pauseMs };

export const unsaid = (why: string, bound: Bound): Bound => ({ ...bound, unsaid: why });

/** Shows both sides. `name` is that of the configuration: `http.bodyBytes`. */
export const show = async (context: Mocha.Context, name: string, bound: Bound): Promise<void> => {
  const { enough, tooLittle, use, unsaid: why } = bound;
  expect(await use(context, enough), `with limits.${name} at ${enough}`).to.equal(undefined);
  const words = await use(context, tooLittle);
  expect(words, `with limits.${name} at ${tooLittle}`).to.be.a('string');
  if (why === undefined) expect(words).to.include(`limits.${name}`);
};
