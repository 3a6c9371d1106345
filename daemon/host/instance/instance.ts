/** One configured instance of a plugin: the `Backend` that the core sees, whatever processes are behind it. */
import type { Side } from '../../../plugin-protocol/cassette/format.ts';
import {
  acceptedBeside,
  type BaseCall,
  type Description,
  type Found,
  type Pulled,
} from '../../../plugin-protocol/contract/base.ts';
import type { ContractCall } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Backend, BackendStatus, CallOptions, Clock, KeptTask, Log, TaskEnd } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { askBase, contextOf } from '../call/base-call.ts';
import type { Desk } from '../call/desk.ts';
import type { Wanted } from '../call/exchange.ts';
import { followTask } from '../call/task.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { lackOf } from '../conversation/output.ts';
import type { InstanceConfig } from '../instance-config.ts';
import { checkFor } from '../link/checks.ts';
import { createTap, type Tap } from '../link/tap.ts';
import { asSentence } from '../sentence.ts';
import { type Attachment, createAttachment } from './attachment.ts';
import { callMaker } from './call-maker.ts';
import { createPresence } from './presence.ts';
import { createQuarantine } from './quarantine.ts';

export interface HostContext {
  limits: Limits['plugins'];
  desk: Desk;
  clock: Clock;
  log: Log;
  onStatus: (status: BackendStatus) => void;
}

export interface Instance {
  readonly config: InstanceConfig;
  readonly backend: Backend;
  readonly tap: Tap;
  /** What was said with `describe` and `configure`, as lines, for one who begins to watch. */
  introduction(): [from: Side, text: string][];
  /** Resolves once it is ready or its first try has failed. */
  readonly tried: Promise<void>;
  /** Configure and probe it over a new link, again and again until it is ready or the link has gone. */
  attach(conversation: Pick<Conversation, 'link' | 'notes'>, description: Description, slot: number): Attachment;
  /** Configure and probe it once, with that configuration; nothing is called over it before `replace`. */
  prepare(
    conversation: Pick<Conversation, 'link' | 'notes'>,
    description: Description,
    slot: number,
    config: InstanceConfig,
  ): Promise<Attachment>;
  /** From now on calls go over what was prepared, and no more over what was there before. */
  replace(before: Attachment | undefined, prepared: Attachment): void;
  /** Its process is ended for another one that takes its place; calls wait for that. */
  leave(attachment: Attachment): void;
  /** What was replaced, or has left, has ended. */
  forget(attachment: Attachment): void;
  /** The process has gone. `detail` is for operators: it stands in the status, and not in what callers are told. */
  detach(attachment: Attachment | undefined, message: string, detail?: string): void;
  /** The configuration has changed; what runs keeps the one that it has. */
  take(config: InstanceConfig): void;
  /** Why a process that was to take the place of one that serves did not. */
  stale(text: string): void;
  restarting(): void;
  /** What is the matter with a process that crashes again and again; undefined when it is over. */
  alarm(slot: number, text: string | undefined): void;
  /** Let calls through again that were held back. */
  release(): void;
  /** No call is made again with another process. */
  quit(): void;
  stopped(message: string): void;
}

/** Timers of Node fire at once when they are set for longer. */
const longestTimer = 2 ** 31 - 1;

export const createInstance = (
  first: InstanceConfig,
  { limits, desk, clock, log, onStatus }: HostContext,
): Instance => {
  const { id } = first;
  let config = first;
  let isQuitting = false;
  const tap = createTap();
  const tried = Promise.withResolvers<void>();
  const quarantine = createQuarantine(id, limits, log, clock);
  const presence = createPresence({
    id,
    plugin: () => config.plugin,
    limits,
    clock,
    onStatus,
    heldBack: quarantine.heldBack,
  });
  const makeCall = callMaker({ id, presence, quarantine, isQuitting: () => isQuitting, limits, desk, tap, clock });
  const placeNow = (resource?: string): Attachment => {
    const found = presence.place(resource);
    if (found === undefined) throw new Fault('unavailable', presence.unavailable());
    return found;
  };

  const ask = (over: Attachment, method: BaseCall, params: object, options: CallOptions = {}) =>
    askBase(over.link, { config: over.config, limits, desk, tap }, { method, params, limit: 'readTimeoutMs', options });

  const backend: Backend = {
    id,
    get idempotency() {
      return presence.newest?.idempotency ?? 'none';
    },
    get publishes() {
      return presence.newest?.publishes ?? [];
    },
    get cursors() {
      const { features = [], concurrency = 1 } = presence.newest?.description ?? {};
      if (!features.includes('cursors')) return undefined;
      // One that serves one call at a time hears of nothing between its calls.
      return features.includes('events') && concurrency > 1 ? 'reported' : 'asked';
    },
    get state() {
      return presence.state;
    },
    status: presence.status,
    supports: (call) => presence.newest?.calls.has(call) ?? false,
    async call<P, R>(call: ContractCall<P, R>, params: P, options: CallOptions = {}): Promise<R> {
      const { name, mutates } = call;
      const limit = mutates ? 'changeTimeoutMs' : 'readTimeoutMs';
      const timeoutMs = Math.min(options.timeoutMs ?? limits[limit], longestTimer);
      const idle =
        mutates && presence.newest?.description.features?.includes('progress') ? limits.idleTimeoutMs : timeoutMs;
      const idleMs = idle < timeoutMs ? idle : undefined;
      const { vm: given } = params as { vm?: unknown };
      const vm = typeof given === 'string' ? given : undefined;
      const accept = acceptedBeside(
        call.result,
        options.onTask === undefined ? ['need', 'blob'] : ['task', 'need', 'blob'],
      );
      const wanted: Wanted = {
        method: name,
        instance: id,
        params: params as object,
        check: checkFor(call.result),
        timeoutMs,
        idleMs,
        limit: options.timeoutMs === undefined ? limit : undefined,
        mutates,
        lock: mutates && vm !== undefined ? `${id}\n${vm}` : undefined,
        key: options.key,
        signal: options.signal,
        onProgress: options.onProgress,
        onLog: options.onLog,
        suspects: quarantine,
        tap,
        accept,
        contextOf: (more) =>
          contextOf(config, options, timeoutMs, { ...(idleMs === undefined ? {} : { idleMs }), ...more }),
      };
      const answer = await makeCall(wanted, vm, options.terms);
      if ('result' in answer) return answer.result as R;
      options.onTask?.(answer.task);
      return undefined as R;
    },
    async follow<P, R>(task: KeptTask, call: ContractCall<P, R>, options: CallOptions = {}) {
      const end = await followTask(task, options, {
        connector: id,
        call: call.name,
        check: checkFor(call.result),
        limits,
        now: () => clock.now(),
        ask: async (method, params) => ask(placeNow(), method, params),
        isThere: () => presence.place(undefined) !== undefined,
      });
      return end as TaskEnd<R>;
    },
    async find(key, call, params, options = {}) {
      const { vm } = params as { vm?: unknown };
      const over = placeNow(typeof vm === 'string' ? vm : undefined);
      for (const { link } of presence.all()) await link.former.without(key, limits.changeTimeoutMs, options.signal);
      // As long as the plugin still works on it, nobody can say what will have become of it.
      const isHeld = presence.all().some(({ link }) => link.holds(key));
      if (over.idempotency === 'none' || isHeld) return { outcome: 'unknown' };
      const found = await ask(over, 'find', { call, params }, { ...options, key });
      return (found as Found | undefined) ?? { outcome: 'unknown' };
    },
    async pullEvents(request, options) {
      const pulled = (await ask(placeNow(), 'events.pull', request, options)) as Pulled | undefined;
      if (pulled === undefined) throw new Fault('unsupported', `${id} has cursors and does not answer events.pull.`);
      const lacking = pulled.events.map(lackOf);
      const at = lacking.findIndex((lack) => lack !== undefined);
      if (at < 0) return pulled;
      throw new Fault('internal', `${id} answered events.pull with a wrong result: /events/${at} ${lacking[at]}.`);
    },
  };

  return {
    get config() {
      return config;
    },
    backend,
    tap,
    introduction: () => presence.newest?.introduction() ?? [],
    tried: tried.promise,
    attach({ link, notes }, description, slot) {
      const made = createAttachment({ config, link, description, slot, limits, desk, log, tap, notes });
      presence.add(made);
      const onReady = () => {
        presence.becameReady(made);
        tried.resolve();
      };
      const onTrouble = (reason: string) => {
        presence.lacking('failing', reason);
        tried.resolve();
      };
      void made.keepBringing(onReady, onTrouble);
      return made;
    },
    async prepare({ link, notes }, description, slot, given) {
      const made = createAttachment({ config: given, link, description, slot, limits, desk, log, tap, notes });
      await made.bring();
      return made;
    },
    replace(before, prepared) {
      ({ config } = prepared);
      before?.end();
      presence.add(prepared);
      if (before !== undefined) presence.leave(before);
      presence.becameReady(prepared);
      tried.resolve();
    },
    leave(attachment) {
      attachment.end();
      presence.leave(attachment);
    },
    forget: presence.remove,
    detach(attachment, why, more) {
      attachment?.end();
      if (attachment !== undefined) presence.remove(attachment);
      presence.lacking('failing', asSentence(why), more);
      tried.resolve();
    },
    take(given) {
      config = given;
    },
    stale: presence.stale,
    restarting: presence.restarting,
    alarm: presence.alarm,
    release: quarantine.release,
    quit() {
      isQuitting = true;
      presence.giveUp();
    },
    stopped(why) {
      presence.stopped(asSentence(why));
      tried.resolve();
    },
  };
};
