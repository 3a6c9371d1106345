/** Notices that the clock of the machine was set, as when it was wrong until the time came from the network. */
import type { Clock, Log } from '../ports.ts';

/** What is less is made up by and by, and not worth a line. */
const leastStepMs = 1000;

/** Answers by how many milliseconds the clock has been set since it was last asked, forward or (negative) back. */
export const createClockSteps = (clock: Clock, log: Log): (() => number) => {
  const { steady } = clock;
  if (steady === undefined) return () => 0;
  const apart = () => clock.now() - steady();
  let before = apart();
  return () => {
    const step = Math.round(apart() - before);
    if (Math.abs(step) < leastStepMs) return 0;
    before += step;
    log.warn({ seconds: step / 1000 }, 'The clock was set; machines are taken to have run as long as it really was.');
    return step;
  };
};
