/** A call to a plugin, from when it is asked for until its caller hears no more of it. */
import type { Check } from '../../../plugin-protocol/check/compile.ts';
import { Fault, type FaultData, type FaultKind } from '../../../plugin-protocol/faults.ts';
import { faultFromError } from '../../../plugin-protocol/rpc/errors.ts';
import type { Message } from '../../../plugin-protocol/rpc/messages.ts';
import type { PluginLine } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';
import { asSentence } from '../sentence.ts';
import { Lost } from './lost.ts';
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

/** What is told how it went. */
interface Caller {
  resolve: (result: unknown) => void;
  reject: (fault: Fault) => void;
}

export class OutgoingCall implements Queued {
  readonly request: Request;
  readonly lock: string | undefined;
  readonly #name: string;
  readonly #send: (call: OutgoingCall) => void;
  readonly #caller: Caller;
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

  /** `name` is that of the plugin, where no instance is named. */
  constructor(request: Request, name: string, send: (call: OutgoingCall) => void, caller: Caller) {
    this.request = request;
    this.lock = request.lock;
    this.#name = name;
    this.#send = send;
    this.#caller = caller;
  }

  /** Whom faults name. */
  get who(): string {
    return this.request.instance ?? this.#name;
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

  /** Why it is given up: the plugin was asked to end it, and did not answer. */
  unanswered(): string {
    const { method, timeoutMs, idleMs, limit } = this.request;
    if (this.ending === 'cancelled') return `${method} was cancelled, and ${this.who} did not say what became of it.`;
    if (this.ending === 'idle') {
      return `${this.who} made no progress with ${method} for ${idleMs} ms${nameOf('idleTimeoutMs')}.`;
    }
    return `${this.who} did not answer ${method} within ${timeoutMs} ms${nameOf(limit)}.`;
  }

  failUnanswered() {
    this.fail(this.ending === 'cancelled' ? 'cancelled' : 'timeout', this.unanswered(), 'unknown');
  }

  fail(kind: FaultKind, message: string, outcome: 'none' | 'unknown', data: FaultData = {}) {
    this.#caller.reject(new Fault(kind, message, this.request.mutates ? { outcome, ...data } : data));
  }

  /** Its process has ended, or takes no further calls. */
  lose(how: string, begun: boolean) {
    this.#caller.reject(new Lost(asSentence(`The plugin of ${this.who} ${how}`), begun, this.request.mutates));
  }

  /** The plugin has answered; `checked` is what the result has been found to be, where that was looked at already. */
  settle(message: Message, checked?: () => unknown) {
    if (this.abandoned) return;
    const { method, mutates, check } = this.request;
    this.end();
    if (message.error !== undefined && message.error !== null) {
      const told = faultFromError(message.error, mutates);
      const overdue = this.ending !== undefined && this.ending !== 'cancelled' && told.kind === 'cancelled';
      this.#caller.reject(
        overdue ? new Fault('timeout', `${this.who} could not finish ${method} in time.`, told.data) : told,
      );
      return;
    }
    let result: unknown;
    try {
      result = checked === undefined ? check(message.result) : checked();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.fail('internal', `${this.who} answered ${method} with a wrong result: ${why}`, 'unknown');
      return;
    }
    this.#caller.resolve(result);
  }
}
