/** Keeps the ledger of usage going: machines that run already, the ends of periods, and plugins that are told of it. */
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import type { Backends, Clock, Log } from '../ports.ts';
import type { Meters } from './meters.ts';
import type { UsageFeed } from './usage-feed.ts';

/** Rows that ends of periods make in one transaction: others get their turn between, also when there are many periods. */
const rowsAtOnce = 1000;

export interface LedgerContext {
  meters: Meters;
  feed: UsageFeed;
  journal: Journal;
  inventory: Inventory;
  backends: Backends;
  clock: Clock;
  log: Log;
}

export interface Ledger {
  start(): void;
  stop(): void;
}

export const createLedger = ({ meters, feed, journal, inventory, backends, clock, log }: LedgerContext): Ledger => {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const isThere = (connector: string) => backends.get(connector) !== undefined;
  const endPeriods = async () => {
    for (;;) {
      const changes = meters.turn(clock.now(), rowsAtOnce, isThere);
      if (changes.length === 0 || isStopped) return;
      await journal.write(changes);
    }
  };
  const turn = () => {
    void endPeriods()
      .catch((cause: unknown) => log.warn({ cause }, 'The end of a period could not be entered.'))
      .finally(() => {
        if (isStopped) return;
        timer = setTimeout(turn, meters.untilTurn(clock.now()));
        timer.unref();
      });
  };

  return {
    start() {
      const changes = meters.begin(inventory.vm.values(), clock.now());
      if (changes.length > 0) void journal.write(changes).catch(() => {});
      turn();
      journal.onUsage(() => feed.look());
      // Connectors come and go when the configuration is read again.
      backends.listen({ status: () => feed.look(), event() {}, removed: () => feed.look() });
      feed.start();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      feed.stop();
    },
  };
};
