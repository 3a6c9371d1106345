/** The conversation with one plugin process: calls with their deadlines, from when they are asked for to their ends. */
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import { createLineWriter } from '../../../plugin-protocol/rpc/lines.ts';
import { isLong } from '../../../plugin-protocol/rpc/long-values.ts';
import { longRequestLine, notificationLine, requestLine } from '../../../plugin-protocol/rpc/messages.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { nameOf } from '../limit-name.ts';
import { asSentence } from '../sentence.ts';
import type { Lines } from '../transport/transport.ts';
import { createFormerCalls } from './former-calls.ts';
import { createIncoming } from './incoming.ts';
import type { Link, LinkOptions } from './link-port.ts';
import { Lost } from './lost.ts';
import { type Ending, OutgoingCall, reasons } from './outgoing-call.ts';
import { createQueue } from './queue.ts';
import { createReplies } from './replies.ts';

export type { Link } from './link-port.ts';

export const createLink = (options: LinkOptions): Link => {
  const { name, limits, turns, send, onUnanswered, onLeft, onNoise, onNotification, onRequest } = options;
  const pending = new Map<number, OutgoingCall>();
  const queue = createQueue<OutgoingCall>(limits.queued, turns);
  const hand = (lines: Lines) => {
    if (send(lines)) return;
    queue.pause();
    replies.pause();
  };
  const writer = createLineWriter(hand);
  let maxToPlugin = limits.lineToPlugin;
  let maxFromPlugin = limits.lineFromPlugin;
  let ownLimits: Description['limits'];
  let concurrency = 1;
  let canCancel = false;
  let keepsParts = true;
  let abandoned = 0;
  let closed: string | undefined;
  /** Calls that may take several requests. */
  let entered = 0;
  /** It has ended; when it is `closed` alone it takes no further calls. */
  let isOver = false;
  let onDrained: (() => void) | undefined;
  const spread = () => queue.setConcurrency(concurrency - former.size);
  const former = createFormerCalls(spread);

  /** Who set that limit: the configuration, unless the plugin did. */
  const lineLimit = (limit: 'lineToPlugin' | 'lineFromPlugin') =>
    ownLimits?.[limit] === undefined ? nameOf(limit) : ` (${limit} of its describe)`;
  /** Nobody waits any more for calls that were abandoned. */
  const lookDrained = () => {
    if (entered === 0 && pending.size === abandoned) onDrained?.();
  };

  /** The place of a call is free again. */
  const leave = (call: OutgoingCall) => {
    pending.delete(call.id);
    if (call.abandoned) abandoned--;
    else queue.unlock(call);
    if (!call.request.urgent) queue.free();
    onLeft?.(call.id);
    lookDrained();
  };

  const write = ({ request: { tap } }: OutgoingCall, line: string) => {
    if (tap?.watched) tap.say('host', line);
    writer.write(line);
  };

  const refuse = (call: OutgoingCall) => {
    const what = `The parameters of ${call.request.method} make a message of more than ${maxToPlugin} bytes`;
    call.end();
    call.fail('too-large', `${what}${lineLimit('lineToPlugin')}.`, 'none');
    leave(call);
  };
  const sent = (call: OutgoingCall) => {
    const { idleMs } = call.request;
    call.isSent = true;
    if (idleMs !== undefined) call.idle = setTimeout(endEarly, idleMs, call, 'idle');
  };
  const startLong = async (call: OutgoingCall) => {
    const { method, params, tap } = call.request;
    const line = await inSlices(longRequestLine(call.id, method, params, maxToPlugin));
    // Where it has ended meanwhile the plugin never hears of it.
    if (pending.get(call.id) !== call) return;
    if (line === undefined) return refuse(call);
    if (tap?.watched) tap.say('host', Buffer.concat(line).toString().trimEnd());
    // Behind what was said before.
    writer.flush();
    hand(line);
    sent(call);
  };
  const start = (call: OutgoingCall) => {
    const { method, params } = call.request;
    do call.id = former.id();
    while (pending.has(call.id));
    pending.set(call.id, call);
    if (isLong(params)) return void startLong(call);
    const line = requestLine(call.id, method, params);
    // A character has at most 3 bytes for each UTF-16 unit: most lines need not be measured.
    if (line.length * 3 > maxToPlugin && Buffer.byteLength(line) > maxToPlugin) return refuse(call);
    write(call, line);
    sent(call);
  };

  const giveUp = (call: OutgoingCall) => {
    const message = call.unanswered();
    call.end();
    call.failUnanswered();
    call.abandoned = true;
    abandoned++;
    lookDrained();
    queue.unlock(call);
    onUnanswered(call.id, message, abandoned >= concurrency);
  };

  /** The deadline has passed, or the caller does not want it any more. */
  const endEarly = (call: OutgoingCall, ending: Ending) => {
    if (call.ending) return;
    if (!call.isSent) {
      call.end();
      const { method, timeoutMs, limit } = call.request;
      const why =
        ending === 'timeout'
          ? `waited ${timeoutMs} ms for ${call.who} and was not begun${nameOf(limit)}`
          : 'was cancelled in time';
      call.fail(ending === 'cancelled' ? 'cancelled' : 'timeout', `${method} ${why}.`, 'none');
      if (call.id === 0) queue.remove(call);
      else leave(call);
      return;
    }
    // A plugin that cannot cancel goes on; the caller gets its answer, or `timeout` at the deadline.
    if (ending === 'cancelled' && !canCancel) return;
    call.ending = ending;
    clearTimeout(call.timer);
    clearTimeout(call.idle);
    if (canCancel) write(call, notificationLine('$/cancel', { id: call.id, reason: reasons[ending] }));
    call.timer = setTimeout(giveUp, limits.cancelMs, call);
  };

  const replies = createReplies({
    onRequest,
    write: (line) => writer.write(line),
    onNoise,
    unread: () => maxToPlugin,
  });
  const callFor = (id: unknown) => (typeof id === 'number' ? pending.get(id) : undefined);

  /** An answer that cannot be used, though it is clear which call is meant. */
  const spoil = (call: OutgoingCall, why: string) => {
    call.end();
    if (!call.abandoned) call.fail('internal', `${call.who} answered ${call.request.method} ${why}.`, 'unknown');
    leave(call);
  };

  const incoming = createIncoming({
    callFor,
    former,
    replies,
    onAnswer(call, message, checked) {
      call.settle(message, checked);
      leave(call);
    },
    onSpoiled: spoil,
    onNoise,
    onNotification,
    maxLine: () => maxFromPlugin,
    maxLineName: () => lineLimit('lineFromPlugin'),
  });

  return {
    ...incoming,
    request: (request) =>
      new Promise((resolve, reject) => {
        const call = new OutgoingCall(request, name, start, { resolve, reject });
        const { signal, timeoutMs, spentMs = 0, urgent, method } = request;
        if (closed !== undefined && (isOver || entered === 0)) return call.lose(closed, false);
        if (signal?.aborted) return call.fail('cancelled', `${method} was cancelled in time.`, 'none');
        call.timer = setTimeout(endEarly, timeoutMs - spentMs, call, 'timeout');
        if (signal) {
          call.onAbort = () => endEarly(call, 'cancelled');
          signal.addEventListener('abort', call.onAbort, { once: true });
        }
        if (urgent) return call.start();
        if (queue.add(call)) return;
        call.end();
        const text = `${limits.queued} calls are waiting for ${call.who} already${nameOf('queued')}.`;
        call.fail('throttled', text, 'none', { retryAfterMs: 1000 });
      }),
    lost(id, how, begun) {
      const call = callFor(id);
      if (call === undefined) return undefined;
      const { abandoned: isKnown, ending, request } = call;
      call.end();
      if (!isKnown) {
        if (ending !== undefined) call.failUnanswered();
        else if (begun) call.lose(how, true);
        else call.fail('unavailable', asSentence(`The plugin of ${call.who} ${how}`), 'none');
      }
      leave(call);
      return { method: request.method, isKnown: isKnown || ending !== undefined };
    },
    get keepsParts() {
      return keepsParts;
    },
    described(description, keeps = true) {
      keepsParts = keeps;
      canCancel = description.features?.includes('cancel') ?? false;
      ownLimits = description.limits;
      maxToPlugin = description.limits?.lineToPlugin ?? limits.lineToPlugin;
      maxFromPlugin = description.limits?.lineFromPlugin ?? limits.lineFromPlugin;
      concurrency = description.concurrency ?? 1;
      spread();
    },
    enter({ instance = name, mutates }) {
      if (closed !== undefined) throw new Lost(asSentence(`The plugin of ${instance} ${closed}`), false, mutates);
      entered++;
      return () => {
        entered--;
        lookDrained();
      };
    },
    maxLineFromPlugin: () => maxFromPlugin,
    maxLineToPlugin: () => maxToPlugin,
    writable() {
      replies.resume();
      queue.resume();
    },
    get isOpen() {
      return closed === undefined;
    },
    get load() {
      return pending.size + queue.waiting;
    },
    get isAtCall() {
      return concurrency === 1 && pending.size > abandoned;
    },
    former,
    holds: (key) =>
      former.holds(key) || [...pending.values()].some(({ request }) => request.mutates && request.key === key),
    logged(line, { id, instance }) {
      const meant = id === undefined ? [...pending.values()] : [callFor(id)];
      const listeners = meant.flatMap((call) =>
        call?.request.onLog === undefined ||
        call.abandoned ||
        (instance ?? call.request.instance) !== call.request.instance
          ? []
          : [call.request.onLog],
      );
      for (const listener of listeners) listener({ ...line, among: listeners.length });
    },
    drain() {
      closed ??= 'is being stopped';
      for (const call of queue.clear()) {
        call.end();
        call.lose(closed, false);
      }
      return new Promise((resolve) => {
        onDrained = resolve;
        lookDrained();
      });
    },
    close(how, isCrash) {
      closed = how;
      isOver = true;
      const isStuck = abandoned >= concurrency;
      const crash = {};
      for (const call of queue.clear()) {
        call.end();
        call.lose(how, false);
      }
      for (const call of pending.values()) {
        call.end();
        if (isCrash && call.isSent && (call.abandoned || !isStuck)) call.request.suspects?.blame(call.request, crash);
        if (call.abandoned) continue;
        queue.unlock(call);
        call.lose(how, call.isSent);
      }
      pending.clear();
      onDrained?.();
    },
  };
};
