/**
 * How connectors are, as users see it: what the host says of the plugin's process, and whether what is behind it can be
 * read. A plugin that runs and whose backend is gone is not `ready`.
 */
import type { Limits } from '../../limits.ts';
import type { BackendStatus } from '../ports.ts';

export interface HealthContext {
  limits: Limits['plugins'];
  now: () => number;
  /** What is to be known of one that is ready. */
  remark: (connector: string) => string | undefined;
  /** The state that users see has changed. */
  tell: (status: BackendStatus, previous: BackendStatus['state']) => void;
  /** It has been away for `unknownAfterMs`. */
  lost: (connector: string) => void;
  /** Its inventory should be read again, since the last reading failed. */
  retry: (connector: string) => void;
}

interface Health {
  status: BackendStatus;
  /** Why the machines could not be read; and what else could not, which leaves the connector usable. */
  failure: { message: string; since: number } | undefined;
  note: string | undefined;
  shown: BackendStatus['state'];
  lost: NodeJS.Timeout | undefined;
  retry: NodeJS.Timeout | undefined;
  delay: number;
}

export class ConnectorHealth {
  readonly #context: HealthContext;
  readonly #all = new Map<string, Health>();

  constructor(context: HealthContext) {
    this.#context = context;
  }

  #of(status: BackendStatus): Health {
    let health = this.#all.get(status.id);
    if (health === undefined) {
      const { restartMinMs: delay } = this.#context.limits;
      const rest = { failure: undefined, note: undefined, lost: undefined, retry: undefined };
      health = { status, shown: status.state, delay, ...rest };
      this.#all.set(status.id, health);
    }
    return health;
  }

  /** A status of the host as users see it. */
  seen(status: BackendStatus): BackendStatus {
    const { failure, note } = this.#of(status);
    if (status.state !== 'ready') return status;
    if (failure !== undefined) {
      return { ...status, state: 'failing', message: failure.message, changed: failure.since };
    }
    const message = [this.#context.remark(status.id), note].filter((words) => words !== undefined).join(' ');
    return message === '' ? status : { ...status, message };
  }

  /** The host says how the plugin is. */
  report(status: BackendStatus): void {
    const health = this.#of(status);
    health.status = status;
    if (status.state !== 'ready') this.#settle(health);
    this.#update(health);
  }

  /** The inventory has been read; `note` says what of it could not be. */
  read(status: BackendStatus, note: string | undefined): void {
    const health = this.#of(status);
    this.#settle(health);
    health.note = note;
    this.#update(health);
  }

  /** The machines could not be read. Answers whether that is new. */
  failed(status: BackendStatus, message: string): boolean {
    const health = this.#of(status);
    const known = health.failure;
    health.failure = { message, since: known?.since ?? this.#context.now() };
    clearTimeout(health.retry);
    health.retry = setTimeout(() => this.#context.retry(status.id), health.delay);
    health.retry.unref();
    health.delay = Math.min(health.delay * 2, this.#context.limits.restartMaxMs);
    this.#update(health);
    return known?.message !== message;
  }

  /** It is not configured any more. */
  forget(connector: string): void {
    const health = this.#all.get(connector);
    this.#all.delete(connector);
    clearTimeout(health?.lost);
    clearTimeout(health?.retry);
  }

  #settle(health: Health): void {
    health.failure = undefined;
    health.delay = this.#context.limits.restartMinMs;
    clearTimeout(health.retry);
  }

  #update(health: Health): void {
    const status = this.seen(health.status);
    if (status.state === 'ready') {
      clearTimeout(health.lost);
      health.lost = undefined;
    } else if (health.lost === undefined) {
      // Counted from when it was last ready, however often it is tried meanwhile.
      health.lost = setTimeout(() => this.#context.lost(status.id), this.#context.limits.unknownAfterMs);
      health.lost.unref();
    }
    const previous = health.shown;
    health.shown = status.state;
    if (previous !== status.state) this.#context.tell(status, previous);
  }

  stop(): void {
    for (const { lost, retry } of this.#all.values()) {
      clearTimeout(lost);
      clearTimeout(retry);
    }
  }
}
