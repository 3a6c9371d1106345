/** Keeps the ledger of usage going: machines that run already, the ends of periods, and plugins that are told of it. */
import type { Reconciler } from '../connectors/reconcile.ts';
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
  reconciler: Pick<Reconciler, 'isCurrent'>;
  clock: Clock;
  log: Log;
}

export interface Ledger {
  start(): void;
  /** Of some connector it is known again what its machines do. */
  look(): void;
  stop(): void;
}

export const createLedger = ({
  meters,
  feed,
  journal,
  inventory,
  backends,
  reconciler,
  clock,
  log,
}: LedgerContext): Ledger => {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = true;

  // Whose machines cannot be seen may say later that they stopped before.
  const isSeen = (connector: string) => backends.get(connector) !== undefined && reconciler.isCurrent(connector);
  const endPeriods = async () => {
    for (;;) {
      const changes = meters.turn(clock.now(), rowsAtOnce, isSeen);
      if (changes.length === 0 || isStopped) return;
      await journal.write(changes);
    }
  };
  const look = () =>
    endPeriods().catch((cause: unknown) => log.warn({ cause }, 'The end of a period could not be entered.'));
  const turn = () => {
    void look().finally(() => {
      if (isStopped) return;
      timer = setTimeout(turn, meters.untilTurn(clock.now()));
      timer.unref();
    });
  };

  return {
    start() {
      isStopped = false;
      const changes = meters.begin(inventory.vm.values(), clock.now());
      if (changes.length > 0) void journal.write(changes).catch(() => {});
      turn();
      journal.onUsage(() => feed.look());
      // Connectors come and go when the configuration is read again.
      backends.listen({ status: () => feed.look(), event() {}, removed: () => feed.look() });
      feed.start();
    },
    look() {
      if (!isStopped) void look();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      feed.stop();
    },
  };
};
