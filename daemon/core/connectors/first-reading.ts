/**
 * Connectors of which nothing is known yet, as in a new state: for a moment calls wait for their first reading, since an
 * empty list would look like an empty cloud.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Step } from '../call.ts';

/** The nouns of what is read from connectors. */
const read = /^(vm|host|image|network|volume)\./;

export class FirstReadings {
  readonly #withinMs: number;
  readonly #known = new Set<string>();
  readonly #awaited = new Map<string, PromiseWithResolvers<void>>();
  /** Those that were not there at the start: one that is added keeps nobody from the others. */
  readonly #later = new Set<string>();

  /** Nobody waits for a connector longer than `withinMs` from when it was first heard of. */
  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  /** A connector is there, from the start on or later. `isRead`: what it has is known from before. */
  expect(connector: string, when: 'start' | 'later', isRead: () => boolean): void {
    if (this.#known.has(connector)) return;
    this.#known.add(connector);
    if (isRead()) return;
    this.#awaited.set(connector, Promise.withResolvers());
    if (when === 'later') this.#later.add(connector);
    void pause(this.#withinMs, undefined, { ref: false }).then(() => this.over(connector));
  }

  /** It has been read, or will not be at the moment. */
  over(connector: string): void {
    this.#awaited.get(connector)?.resolve();
    this.#awaited.delete(connector);
    this.#later.delete(connector);
  }

  /** It is not configured any more. */
  forget(connector: string): void {
    this.over(connector);
    this.#known.delete(connector);
  }

  /** A call about what connectors have waits for those that it is about. */
  readonly wait: Step = ({ method, params: { connector } }) => {
    if (this.#awaited.size === 0 || method.service !== undefined || !read.test(method.name)) return;
    const isMeant = (id: string) => (typeof connector === 'string' ? id === connector : !this.#later.has(id));
    const waiting = [...this.#awaited].flatMap(([id, { promise }]) => (isMeant(id) ? [promise] : []));
    if (waiting.length > 0) return Promise.all(waiting).then(() => {});
  };
}
