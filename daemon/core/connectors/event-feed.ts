/**
 * Follows connectors whose events have cursors: after each attach it asks for what happened since the cursor that is in
 * the store, and it goes on asking those that cannot report. A cursor is written in the transaction of what its events
 * changed, so that no event is lost, and none taken twice, whichever side is killed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { eventsPulled } from '../../../plugin-protocol/contract/base.ts';
import type { Backend, Change, Log, NativeEvent } from '../ports.ts';
import type { KeepsByConnector } from './leftovers.ts';

export interface EventFeedContext {
  meta: ReadonlyMap<string, string>;
  log: Log;
  /** Milliseconds between two questions to a plugin that cannot report. */
  pollMs: number;
  /** Write what events mean, and `changes` with it. Resolves when both are durable. */
  take: (backend: Backend, events: readonly NativeEvent[], changes: readonly Change[]) => Promise<void>;
  /** Up to now everything is taken over; not `isComplete` when there is a gap that only a reading can close. */
  caughtUp: (backend: Backend, isComplete: boolean) => void;
}

interface Feed {
  cursor: string | undefined;
  /** While it asks, reported events wait for the answer that has them. */
  isAsking: boolean;
  /** The cursor of the last event that was reported meanwhile. */
  waiting: string | undefined;
  /** Cursors in the last answer: those events may be reported once more. */
  answered: ReadonlySet<string>;
  /** Ends the conversation with the plugin that is attached. */
  over: AbortController;
}

const prefix = 'cursor:';
const metaKey = (connector: string) => `${prefix}${connector}`;
/** The longest pause after a question that failed. */
const longestPauseMs = 30_000;

export class EventFeed implements KeepsByConnector {
  readonly #context: EventFeedContext;
  readonly #feeds = new Map<string, Feed>();

  constructor(context: EventFeedContext) {
    this.#context = context;
    for (const [key, cursor] of context.meta) if (key.startsWith(prefix)) this.#of(key.slice(prefix.length), cursor);
  }

  connectors(): Iterable<string> {
    return [...this.#feeds].flatMap(([connector, { cursor }]) => (cursor === undefined ? [] : [connector]));
  }

  forget(connector: string): readonly Change[] {
    this.detached(connector);
    return this.#feeds.delete(connector) ? [{ drop: 'meta', key: metaKey(connector) }] : [];
  }

  #of(connector: string, cursor?: string): Feed {
    let feed = this.#feeds.get(connector);
    if (feed === undefined) {
      const over = new AbortController();
      feed = { cursor, isAsking: false, waiting: undefined, answered: new Set(), over };
      this.#feeds.set(connector, feed);
    }
    return feed;
  }

  /** A connector is ready, with another plugin process than before. */
  attached(backend: Backend): void {
    this.detached(backend.id);
    if (backend.cursors === undefined) {
      this.#context.caughtUp(backend, false);
      return;
    }
    const feed = this.#of(backend.id);
    feed.over = new AbortController();
    void this.#follow(backend, feed, feed.over.signal);
  }

  detached(connector: string): void {
    const feed = this.#feeds.get(connector);
    if (feed === undefined) return;
    feed.over.abort();
    feed.isAsking = false;
  }

  stop(): void {
    for (const connector of this.#feeds.keys()) this.detached(connector);
  }

  /** What taking over an event that the plugin reported changes beside; undefined when it is not to be taken over now. */
  pushed(backend: Backend, { cursor }: NativeEvent): readonly Change[] | undefined {
    if (cursor === undefined || backend.cursors === undefined) return [];
    const feed = this.#of(backend.id);
    if (feed.isAsking) feed.waiting = cursor;
    if (feed.isAsking || feed.answered.has(cursor)) return undefined;
    feed.cursor = cursor;
    return [{ put: 'meta', key: metaKey(backend.id), value: cursor }];
  }

  async #follow(backend: Backend, feed: Feed, signal: AbortSignal): Promise<void> {
    let isFirst = true;
    let wasReset = false;
    let pauseMs = this.#context.pollMs;
    feed.isAsking = true;
    while (!signal.aborted) {
      try {
        const { reset, isLast } = await this.#ask(backend, feed, signal);
        wasReset ||= reset;
        if (!isLast) continue;
        pauseMs = this.#context.pollMs;
        if (isFirst || wasReset) this.#context.caughtUp(backend, !wasReset);
        isFirst = false;
        wasReset = false;
        if (backend.cursors === 'reported') {
          feed.isAsking = false;
          return;
        }
      } catch (thrown) {
        if (signal.aborted) return;
        this.#context.log.warn(
          { connector: backend.id, fault: (thrown as Error).message },
          'The events of a connector cannot be asked for.',
        );
        // Better known late and by reading than not at all.
        if (isFirst) this.#context.caughtUp(backend, false);
        isFirst = false;
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
      await pause(pauseMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Ask once and take over the answer: whether history was gone, and whether there is nothing more to ask for. */
  async #ask(backend: Backend, feed: Feed, signal: AbortSignal): Promise<{ reset: boolean; isLast: boolean }> {
    const { cursor: since } = feed;
    const request = { ...(since === undefined ? {} : { since }), max: eventsPulled };
    const { events, next, reset = since === undefined } = await backend.pullEvents(request, { signal });
    if (signal.aborted) return { reset, isLast: true };
    if (events.length > 0 && next === since)
      throw new Error(`It answers events after ${since}, and goes on at ${next}.`);
    const cursors = [next, ...events.flatMap(({ cursor }) => cursor ?? [])];
    feed.answered = new Set(events.length > 0 ? cursors : [...feed.answered, next]);
    if (events.length > 0 || next !== since) {
      feed.cursor = next;
      await this.#context.take(backend, events, [{ put: 'meta', key: metaKey(backend.id), value: next }]);
    }
    const { waiting } = feed;
    feed.waiting = undefined;
    return { reset, isLast: events.length === 0 && (waiting === undefined || feed.answered.has(waiting)) };
  }
}
