/**
 * Tells accounting plugins what was used: each has a cursor of its own into the ledger, which moves once the plugin has
 * answered that it has written the entries. Whichever side is killed, what was not answered comes again, with the ids that
 * it had; nothing is left out, however long a plugin is away.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { accounting } from '../../../plugin-protocol/contract/accounting.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Limits } from '../../limits.ts';
import type { Journal, NewEvent } from '../journal.ts';
import type { Backends, Change, Log, Store } from '../ports.ts';

export interface UsageFeedContext {
  store: Store;
  journal: Journal;
  backends: Backends;
  log: Log;
  limits: Limits['accounting'];
  /** The connectors that are told, as the configuration has them now. */
  connectors: () => readonly string[];
  meta: ReadonlyMap<string, string>;
  whenReady: (connector: string, signal: AbortSignal) => Promise<unknown>;
  /** What is wrong with one has changed. */
  changed: () => void;
}

interface Outbox {
  /** The place of the last entry that the plugin has. */
  taken: number;
  /** Why the last attempt failed. */
  trouble?: string;
  /** Ends what waits. */
  readonly over: AbortController;
  /** Called when there may be more. */
  wake: () => void;
}

const metaKey = (connector: string) => `accounting:${connector}`;
const firstPauseMs = 1000;

export class UsageFeed {
  readonly #context: UsageFeedContext;
  readonly #outboxes = new Map<string, Outbox>();
  /** From the store at start, and of those that are not told at the moment. */
  readonly #taken = new Map<string, number>();
  #isStopped = true;

  constructor(context: UsageFeedContext) {
    this.#context = context;
    for (const [key, value] of context.meta) {
      if (key.startsWith(metaKey(''))) this.#taken.set(key.slice(metaKey('').length), Number(value));
    }
  }

  start(): void {
    this.#isStopped = false;
    this.look();
  }

  stop(): void {
    this.#isStopped = true;
    for (const { over } of this.#outboxes.values()) over.abort();
    this.#outboxes.clear();
  }

  /** There are new entries, or other connectors. */
  look(): void {
    if (this.#isStopped) return;
    const told = new Set(this.#context.connectors());
    for (const [connector, { over }] of [...this.#outboxes]) {
      if (told.has(connector)) continue;
      over.abort();
      this.#outboxes.delete(connector);
    }
    for (const connector of told) {
      const known = this.#outboxes.get(connector);
      if (known !== undefined) {
        known.wake();
        continue;
      }
      const outbox: Outbox = { taken: this.#taken.get(connector) ?? 0, over: new AbortController(), wake: () => {} };
      this.#outboxes.set(connector, outbox);
      void this.#serve(connector, outbox);
    }
  }

  /** Why a plugin does not take what it is told. */
  troubleOf(connector: string): string | undefined {
    const trouble = this.#outboxes.get(connector)?.trouble;
    return trouble === undefined ? undefined : `Usage cannot be recorded, and is kept: ${trouble}`;
  }

  /** Those of which it is known how far they have been told. */
  connectors(): Iterable<string> {
    return this.#taken.keys();
  }

  /** What is told of it again begins with the first entry that is kept. */
  forget(connector: string): Change[] {
    return this.#taken.delete(connector) ? [{ drop: 'meta', key: metaKey(connector) }] : [];
  }

  /** The place up to which all have what there is: what lies before may be dropped. */
  get takenByAll(): number {
    const places = this.#context.connectors().map((connector) => this.#taken.get(connector) ?? 0);
    return Math.min(Number.MAX_SAFE_INTEGER, ...places);
  }

  async #serve(connector: string, outbox: Outbox): Promise<void> {
    const { log, limits } = this.#context;
    const { signal } = outbox.over;
    let pauseMs = Math.min(firstPauseMs, limits.retryMaxMs);
    signal.addEventListener('abort', () => outbox.wake(), { once: true });
    while (!signal.aborted) {
      const more = new Promise<void>((resolve) => {
        outbox.wake = resolve;
      });
      try {
        if (!(await this.#tell(connector, outbox))) await more;
        pauseMs = Math.min(firstPauseMs, limits.retryMaxMs);
      } catch (thrown) {
        if (signal.aborted || this.#context.journal.broken) return;
        const { message } = thrown as Error;
        if (message !== outbox.trouble) {
          log.warn({ connector, fault: message }, 'Usage cannot be recorded; it is kept.');
          outbox.trouble = message;
          this.#context.changed();
        }
        await pause(pauseMs, undefined, { signal, ref: false }).catch(() => {});
        pauseMs = Math.min(pauseMs * 2, limits.retryMaxMs);
      }
    }
  }

  /** Tell what comes next. Resolves with false when there is nothing. */
  async #tell(connector: string, outbox: Outbox): Promise<boolean> {
    const { store, journal, backends, limits, log, whenReady, changed } = this.#context;
    const { signal } = outbox.over;
    const rows = await store.usageAfter(outbox.taken, limits.batch);
    const last = rows.at(-1);
    if (last === undefined) return false;
    await whenReady(connector, signal);
    const backend = backends.get(connector);
    if (backend === undefined) throw new Fault('unavailable', `There is no connector ${connector}.`);
    const entries = rows.map(({ entry }) => entry);
    const { refused = [] } = await backend.call(accounting.record, { entries });
    // One that is not told any more begins where it was.
    if (signal.aborted) return false;
    const sent = new Map(entries.map((entry) => [entry.id, entry]));
    const events = refused.flatMap(({ id, message }): NewEvent[] => {
      const entry = sent.get(id);
      if (entry === undefined) return [];
      log.error({ connector, entry, reason: message }, 'An accounting plugin refuses usage.');
      const data = { connector, entry: id, vm: entry.vm, account: entry.account, message };
      return [{ type: 'usage.refused', resourceKind: 'connector', resource: connector, data }];
    });
    await journal.write([{ put: 'meta', key: metaKey(connector), value: String(last.place) }], events);
    outbox.taken = last.place;
    if (outbox.trouble !== undefined) {
      delete outbox.trouble;
      changed();
    }
    this.#taken.set(connector, last.place);
    return true;
  }
}
