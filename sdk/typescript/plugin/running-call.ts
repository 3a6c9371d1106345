/** A call that is under way, as its handler sees it. */
import { type Context, type LogLevel, logLevels } from '../../../plugin-protocol/contract/base.ts';
import type { Given } from '../../../plugin-protocol/contract/host.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { notificationLine, type RequestId } from '../../../plugin-protocol/rpc/messages.ts';
import type { CallContext, PluginEvent, PluginLog } from './calls.ts';
import type { createAsking, Host } from './host.ts';

export type Send = (line: string) => void;
type Asking = ReturnType<typeof createAsking>;

/** `about` is the request that the lines are about, where they are about one. */
export const createLog = (send: Send, instance: string | undefined, least: LogLevel, about?: RequestId): PluginLog => {
  const from = logLevels.indexOf(least);
  const lines = logLevels.map((level, index) => [
    level,
    (message: string) => {
      if (index < from) return;
      const line = { level, message, ...(instance && { instance }), ...(about !== undefined && { id: about }) };
      send(notificationLine('$/log', line));
    },
  ]);
  return Object.fromEntries(lines);
};

export const sendEvent = (send: Send, instance: string, event: PluginEvent) =>
  send(notificationLine('$/event', { instance, ...event }));

/** A class because one is made for each call: what a call does not use is not made. */
export class RunningCall implements CallContext {
  readonly #send: Send;
  readonly #id: RequestId;
  readonly #ctx: Partial<Context>;
  readonly #asking: Asking;
  #host: Host | undefined;
  #abort: AbortController | undefined;
  #log: PluginLog | undefined;

  constructor(send: Send, id: RequestId, ctx: Partial<Context>, asking: Asking) {
    this.#send = send;
    this.#id = id;
    this.#ctx = ctx;
    this.#asking = asking;
  }

  get instance() {
    return this.#ctx.instance ?? '';
  }
  get key() {
    return this.#ctx.key;
  }
  get attempt() {
    return this.#ctx.attempt ?? 1;
  }
  get timeoutMs() {
    return this.#ctx.timeoutMs;
  }
  get idleMs() {
    return this.#ctx.idleMs;
  }
  get accept() {
    return this.#ctx.accept ?? [];
  }
  get given() {
    return (this.#ctx.given ?? {}) as Given;
  }
  get host() {
    this.#host ??= this.#asking.for(this.#id, this.signal);
    return this.#host;
  }
  get actor() {
    return this.#ctx.actor;
  }
  get account() {
    return this.#ctx.account;
  }
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }
  get log() {
    this.#log ??= createLog(this.#send, this.instance, this.#ctx.logLevel ?? 'info', this.#id);
    return this.#log;
  }
  // Getters, so that a call may take them out of its context: `({ vm }, { progress }) => ...`.
  get progress(): CallContext['progress'] {
    return (percent, message) => this.#send(notificationLine('$/progress', { id: this.#id, percent, message }));
  }
  get event(): CallContext['event'] {
    return (event) => sendEvent(this.#send, this.instance, event);
  }
  cancel(reason: string) {
    this.#abort ??= new AbortController();
    this.#abort.abort(new Fault('cancelled', reason));
  }
}
