/**
 * The one way by which the core changes the store: changes and the events that tell of them are one transaction, and
 * events become visible, in order, once they are durable.
 */
import { unavailable } from './discretion.ts';
import type { Change, Clock, EventRow, Store } from './ports.ts';
import type { Meters } from './usage/meters.ts';

/** How many events are kept in memory, so that pollers that keep up never read the store. */
const recentEvents = 10_000;

export type NewEvent = Omit<EventRow, 'cursor' | 'time'>;
type Wake = () => void;
type WakeWithEvents = (events: readonly EventRow[]) => void;

/** What those are told whose change may not be durable, and those who wait for one. */
export const storeBroken = () => unavailable('The store cannot be written.', { outcome: 'unknown' });

export class Journal {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #meters: Pick<Meters, 'follow'>;
  #usageListener: Wake = () => {};
  #next: number;
  #visible: number;
  /** The last moment that was asked for, and how it is written. */
  #moment = Number.NaN;
  #time = '';
  #first: number;
  #recent: EventRow[] = [];
  readonly #waiters = new Set<WakeWithEvents>();
  #fail!: (cause: unknown) => void;
  /** Rejects when the store could not be written: memory is ahead of it then, and only a restart mends that. */
  readonly failed: Promise<never>;
  broken = false;

  constructor(
    store: Store,
    clock: Clock,
    range: { lastCursor: number; firstCursor: number },
    meters: Pick<Meters, 'follow'> = { follow: () => [] },
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#meters = meters;
    this.#next = range.lastCursor + 1;
    this.#visible = range.lastCursor;
    this.#first = range.firstCursor === 0 ? this.#next : range.firstCursor;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever cares awaits it; nobody having done so yet is no reason to end the process.
    this.failed.catch(() => {});
  }

  now(): string {
    return this.#timeOf(this.#clock.now());
  }

  /** Written once for each moment: all that happens in one is asked for it some ten times. */
  #timeOf(moment: number): string {
    if (moment !== this.#moment) {
      this.#moment = moment;
      this.#time = new Date(moment).toISOString();
    }
    return this.#time;
  }

  /** Write changes and tell of them. Resolves when both are durable. */
  async write(changes: readonly Change[], events: readonly NewEvent[] = []): Promise<void> {
    const now = this.#clock.now();
    const time = this.#timeOf(now);
    const metered = this.#meters.follow(changes, now);
    const rows = events.map((event): EventRow => ({ cursor: this.#next++, time, ...event }));
    try {
      await this.#store.write([...changes, ...metered, ...rows.map((row) => ({ put: 'event', row }) as const)]);
    } catch (cause) {
      this.broken = true;
      this.#fail(cause);
      throw storeBroken();
    }
    if (rows.length > 0) this.#publish(rows);
    if ([...changes, ...metered].some((change) => 'put' in change && change.put === 'usage')) this.#usageListener();
  }

  #publish(rows: EventRow[]): void {
    this.#visible = rows.at(-1)!.cursor;
    this.#recent.push(...rows);
    if (this.#recent.length > 2 * recentEvents) this.#recent = this.#recent.slice(-recentEvents);
    for (const wake of this.#waiters) wake(rows);
  }

  get lastCursor(): number {
    return this.#visible;
  }

  /** Events after a cursor, oldest first; `reset` when some after it are not kept any more, or it was never given out. */
  async read(after: number, limit: number): Promise<{ events: EventRow[]; reset: boolean }> {
    const reset = after < this.#first - 1 || after > this.#visible;
    const from = reset ? this.#first - 1 : after;
    const oldest = this.#recent[0]?.cursor ?? this.#next;
    if (from >= oldest - 1) {
      const start = Math.max(0, from + 1 - oldest);
      return { events: this.#recent.slice(start, start + limit), reset };
    }
    const events = await this.#store.events(from, limit);
    return { events: events.filter((event) => event.cursor <= this.#visible), reset };
  }

  /** Calls `wake` with new events until the returned function is called. */
  onEvent(wake: WakeWithEvents): () => void {
    this.#waiters.add(wake);
    return () => this.#waiters.delete(wake);
  }

  /** Calls `wake` whenever there is more in the ledger. */
  onUsage(wake: Wake): void {
    this.#usageListener = wake;
  }

  /** Forget events older than what `Store.prune` has dropped. */
  async prune(before: Parameters<Store['prune']>[0]): Promise<void> {
    await this.#store.prune(before);
    const [oldest] = await this.#store.events(0, 1);
    this.#first = oldest?.cursor ?? this.#visible + 1;
    this.#recent = this.#recent.filter(({ cursor }) => cursor >= this.#first);
  }
}
