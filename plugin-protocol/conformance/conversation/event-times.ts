/** What is held against the times of events. */
import type { Event } from '../../contract/base.ts';

const dayMs = 86_400_000;
export const timeHint = 'time is when it happened, in UTC; leave it out where the backend does not say.';

/** What is wrong with the time of something that has just happened. The clock of a backend may be some seconds off. */
export const timeComplaint = (what: string, time: string): string | undefined => {
  const ago = Date.now() - Date.parse(time);
  if (ago < -60_000) return `${what} says that it was in the future, at ${time}.`;
  return ago > dayMs ? `${what} says that it was at ${time}.` : undefined;
};

export const eventTimeComplaint = ({ type, time }: Pick<Event, 'type' | 'time'>): string | undefined =>
  time === undefined ? undefined : timeComplaint(`An event ${type} of what has just happened`, time);
