/** A call to a plugin, from when it is asked for until its caller hears no more of it. */
import type { Check } from '../../plugin-protocol/check.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import type { PluginLine } from '../core/ports.ts';
import type { Limits } from '../limits.ts';
import type { Queued } from './queue.ts';

export interface Request {
  method: string;
  params: object;
  check: Check;
  timeoutMs: number;
  /** The limit of plugins that `timeoutMs` is from; undefined when the caller chose it. */
  limit?: keyof Limits['plugins'] | undefined;
  mutates: boolean;
  /** The resource that the call must have for itself. */
  lock?: string | undefined;
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { percent?: number; message?: string }) => void) | undefined;
  onLog?: ((line: PluginLine) => void) | undefined;
  /** Sent at once, beside the calls that are under way. */
  urgent?: boolean;
  /** The instance that it is for: faults then name this. */
  instance?: string;
}

/** ` (limits.plugins.readTimeoutMs)`, behind what is over that limit; nothing where no limit says so. */
export const nameOf = (limit: keyof Limits['plugins'] | undefined): string =>
  limit === undefined ? '' : ` (limits.plugins.${limit})`;

export class OutgoingCall implements Queued {
  readonly request: Request;
  readonly resolve: (result: unknown) => void;
  readonly reject: (fault: Fault) => void;
  readonly lock: string | undefined;
  readonly #send: (call: OutgoingCall) => void;
  /** 0 until it is sent. */
  id = 0;
  timer: NodeJS.Timeout | undefined;
  /** Why the plugin was asked to end it. */
  ending: 'timeout' | 'cancelled' | undefined;
  /** The caller has been told that there is no answer; the place is kept until there is one. */
  abandoned = false;
  onAbort: (() => void) | undefined;

  constructor(
    request: Request,
    send: (call: OutgoingCall) => void,
    resolve: (result: unknown) => void,
    reject: (fault: Fault) => void,
  ) {
    this.request = request;
    this.lock = request.lock;
    this.#send = send;
    this.resolve = resolve;
    this.reject = reject;
  }

  start() {
    this.#send(this);
  }

  /** The caller hears no more of it. */
  end() {
    clearTimeout(this.timer);
    if (this.onAbort) this.request.signal?.removeEventListener('abort', this.onAbort);
    this.onAbort = undefined;
  }
}
