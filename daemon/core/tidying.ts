/** Drops what has been kept for as long as it is to be. Nobody waits for it. */
import type { Limits } from '../limits.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Leftovers } from './connectors/leftovers.ts';
import type { Inventory } from './inventory.ts';
import type { Journal } from './journal.ts';
import type { Clock, Log } from './ports.ts';
import type { UsageFeed } from './usage/usage-feed.ts';

const everyMs = 3_600_000;
const dayMs = 86_400_000;

export interface TidyingContext {
  journal: Journal;
  inventory: Inventory;
  accounts: Accounts;
  leftovers: Leftovers;
  feed: UsageFeed;
  clock: Clock;
  log: Log;
  limits: Limits['store'];
}

export interface Tidying {
  /** Now, and every hour from now on. */
  start(): void;
  /** Tells the log where such work fails. */
  tend(work: Promise<unknown>): void;
  /** Resolves when nothing is dropped any more. */
  stop(): Promise<void>;
}

export const createTidying = (context: TidyingContext): Tidying => {
  const { journal, inventory, accounts, leftovers, feed, clock, log, limits } = context;
  let tending = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const dropOld = async () => {
    const now = clock.now();
    const { eventDays, operationDays, deletedDays, usageDays } = limits;
    await journal.prune({
      events: now - eventDays * dayMs,
      operations: now - operationDays * dayMs,
      tokens: now,
      usage: now - usageDays * dayMs,
      taken: feed.takenByAll,
    });
    accounts.forgetEnded();
    const before = new Date(now - deletedDays * dayMs).toISOString();
    const old = [...inventory.vm.values()].filter((vm) => vm.state === 'deleted' && vm.changed < before);
    for (const { id } of old) inventory.vm.delete(id);
    await journal.write(old.map(({ id }) => ({ drop: 'resource', kind: 'vm', id }) as const));
    await leftovers.look();
  };
  const tend = (work: Promise<unknown>) => {
    const done = work.catch((cause: unknown) => log.warn({ cause }, 'Old records could not be dropped.'));
    tending = Promise.all([tending, done]).then(() => {});
  };
  const tidy = () => tend(dropOld());

  return {
    tend,
    start() {
      tidy();
      timer = setInterval(tidy, everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      await tending;
    },
  };
};
