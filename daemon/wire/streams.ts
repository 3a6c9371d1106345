/** How many replies without an end are under way: in all, and of each who has a share of them. */
import { type HttpLimits, overStreams, overStreamsPerAccount } from './refusal.ts';
import type { Refusal } from './route.ts';

export interface Streams {
  /** Takes a place in the share of `account`, where the reply names one; answers what gives it back, or why there is none. */
  enter(account: string | undefined): { leave: () => void } | { over: Refusal };
}

export const createStreams = (limits: HttpLimits): Streams => {
  const ofAccount = new Map<string, number>();
  let all = 0;
  return {
    enter(account) {
      if (all >= limits.streams) return { over: overStreams(limits) };
      const own = account === undefined ? 0 : (ofAccount.get(account) ?? 0);
      if (own >= limits.streamsPerAccount) return { over: overStreamsPerAccount(limits) };
      all += 1;
      if (account !== undefined) ofAccount.set(account, own + 1);
      return {
        leave() {
          all -= 1;
          if (account === undefined) return;
          const left = ofAccount.get(account)! - 1;
          if (left === 0) ofAccount.delete(account);
          else ofAccount.set(account, left);
        },
      };
    },
  };
};
