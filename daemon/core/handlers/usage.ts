/** The methods of usage. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { UsageRow } from '../ports.ts';
import type { Services } from '../services.ts';
import { callerOf, type Handlers } from './table.ts';

/** By value and not by number, so that nothing is skipped or repeated when entries come or go between two pages. */
const encodePlace = ({ ended, place }: UsageRow): string =>
  Buffer.from(JSON.stringify([ended, place])).toString('base64url');

const decodePlace = (after: string): { ended: number; place: number } => {
  try {
    const [ended, place] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    if (Number.isSafeInteger(ended) && Number.isSafeInteger(place)) {
      return { ended: ended as number, place: place as number };
    }
  } catch {
    // Told below, with everything else that is no place.
  }
  throw new Fault('invalid-params', '`after` is not the `next` of an answer.', { field: '/after' });
};

export const usageHandlers = ({ store }: Services): { usage: Handlers<'usage'> } => ({
  usage: {
    async list({ account, vm, since, before, limit, after }, call) {
      const caller = callerOf(call);
      if (caller.role !== 'admin' && account !== undefined && account !== caller.account) return { items: [] };
      const rows = await store.usage({
        account: caller.role === 'admin' ? account : caller.account,
        vm,
        since: since === undefined ? undefined : Date.parse(since),
        before: before === undefined ? undefined : Date.parse(before),
        after: after === undefined ? undefined : decodePlace(after),
        limit: limit! + 1,
      });
      const page = rows.slice(0, limit!);
      const items = page.map(({ entry }) => entry);
      return { items, ...(rows.length > page.length ? { next: encodePlace(page.at(-1)!) } : {}) };
    },
  },
});
