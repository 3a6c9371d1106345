/** A call to a plugin, from when it is asked for until its caller hears no more of it. */
import type { Check } from '../../../plugin-protocol/check/compile.ts';
import type { Fault } from '../../../plugin-protocol/faults.ts';
import type { PluginLine } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';
import type { Queued } from './queue.ts';
import type { Tap } from './tap.ts';

export interface Request {
  method: string;
  params: object;
  check: Check;
  timeoutMs: number;
  /** How much of that has passed already. */
  spentMs?: number | undefined;
  /** The limit of plugins that `timeoutMs` is from; undefined when the caller chose it. */
  limit?: keyof Limits['plugins'] | undefined;
  /** The call fails when it has made no progress for so long. */
  idleMs?: number | undefined;
  mutates: boolean;
  /** The resource that the call must have for itself. */
  lock?: string | undefined;
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { percent?: number; message?: string }) => void) | undefined;
  onLog?: ((line: PluginLine) => void) | undefined;
  /** Where it can be watched. */
  tap?: Tap | undefined;
  /** Sent at once, beside the calls that are under way. */
  urgent?: boolean;
  /** The instance that it is for: faults then name this. */
  instance?: string;
  /** Told when the process ends while the call is with it. */
  suspects?: Suspects | undefined;
}

/** What a call is recognized by: its method and its machine, or all its parameters where it is for none. */
export type Called = Pick<Request, 'method' | 'params' | 'key' | 'mutates'>;

export interface Suspects {
  /** The plugin crashed while it had this call; `crash` is the same object for all that it had: a crash counts once. */
  blame(call: Called, crash: object): void;
}

/** What a plugin is told with `$/cancel`. */
export const reasons: Record<Ending, string> = {
  timeout: 'The deadline has passed.',
  idle: 'Nothing was heard of it for too long.',
  cancelled: 'The caller does not want it any more.',
};

/** Why the plugin is asked to end a call before it has answered. */
export type Ending = 'timeout' | 'idle' | 'cancelled';

export class OutgoingCall implements Queued {
  readonly request: Request;
  readonly resolve: (result: unknown) => void;
  readonly reject: (fault: Fault) => void;
  readonly lock: string | undefined;
  readonly #send: (call: OutgoingCall) => void;
  /** 0 until it has a place. */
  id = 0;
  /** Whether the plugin has it: a long one is written for a while before. */
  isSent = false;
  timer: NodeJS.Timeout | undefined;
  idle: NodeJS.Timeout | undefined;
  /** Why the plugin was asked to end it. */
  ending: Ending | undefined;
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
    clearTimeout(this.idle);
    if (this.onAbort) this.request.signal?.removeEventListener('abort', this.onAbort);
    this.onAbort = undefined;
  }

  /** Why it is given up: `who` was asked to end it, and did not answer. */
  unanswered(who: string): string {
    const { method, timeoutMs, idleMs, limit } = this.request;
    if (this.ending === 'cancelled') return `${method} was cancelled, and ${who} did not say what became of it.`;
    if (this.ending === 'idle') {
      return `${who} made no progress with ${method} for ${idleMs} ms${nameOf('idleTimeoutMs')}.`;
    }
    return `${who} did not answer ${method} within ${timeoutMs} ms${nameOf(limit)}.`;
  }
}
