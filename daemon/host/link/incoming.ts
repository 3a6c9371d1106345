/** What a plugin says, by what it is: answers to calls that are under way, progress, notifications, requests, and noise. */
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Progress } from '../../../plugin-protocol/contract/base.ts';
import { type Message, readLine, readLongLine } from '../../../plugin-protocol/rpc/messages.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { checkedLong } from './checks.ts';
import type { FormerCalls } from './former-calls.ts';
import type { Line, Link, LinkOptions } from './link-port.ts';
import type { OutgoingCall } from './outgoing-call.ts';
import type { Replies } from './replies.ts';

export interface IncomingOptions extends Pick<LinkOptions, 'onNoise' | 'onNotification'> {
  /** The call with that id that was sent and not answered. */
  callFor: (id: unknown) => OutgoingCall | undefined;
  former: FormerCalls;
  replies: Replies;
  /** The call is answered; `checked` is what its result has been found to be, where that was looked at already. */
  onAnswer: (call: OutgoingCall, message: Message, checked?: () => unknown) => void;
  /** The call is answered by what cannot be used, `why` being the rest of a sentence. */
  onSpoiled: (call: OutgoingCall, why: string) => void;
  /** In bytes. */
  maxLine: () => number;
  /** Who set that, to be told behind it. */
  maxLineName: () => string;
}

export type Incoming = Pick<Link, 'receive' | 'receiveLong' | 'receiveTooLong' | 'receiveInvalid'>;

const checkProgress = compileCheck(Progress, { lenient: true });

export const createIncoming = (options: IncomingOptions): Incoming => {
  const { callFor, former, replies, onAnswer, onSpoiled, onNoise, onNotification, maxLine, maxLineName } = options;

  const receiveProgress = (params: unknown, line: Line) => {
    try {
      const { id, ...progress } = checkProgress(params) as Progress;
      const call = callFor(id);
      if (call?.ending === undefined) call?.idle?.refresh();
      if (call?.request.tap?.watched) call.request.tap.say('plugin', String(line));
      call?.request.onProgress?.(progress);
    } catch {
      onNoise(String(line), 'is no right progress');
    }
  };

  const receiveMessage = (message: Message, line: Line, checked?: () => unknown) => {
    const { id, method, params } = message;
    if (typeof method !== 'string') {
      const call = callFor(id);
      if (call === undefined) {
        if (former.answered(id)) return;
        const meant = typeof id === 'string' && /^[0-9]{1,10}$/.test(id) ? callFor(Number(id)) : undefined;
        if (meant) return onSpoiled(meant, 'with the id as a string: it must be the number of the request');
        return onNoise(String(line), 'answers no call that is under way');
      }
      if (call.request.tap?.watched) call.request.tap.say('plugin', String(line));
      onAnswer(call, message, checked);
    } else if (id === undefined || id === null) {
      if (method === '$/progress') receiveProgress(params, line);
      else onNotification(method, params, String(line));
    } else if (typeof id === 'number' || typeof id === 'string') {
      void replies.reply(id, method, params, line, callFor((params as { call?: unknown } | null | undefined)?.call));
    } else {
      onNoise(String(line), 'has an id that is neither a number nor a string');
    }
  };

  const receive = (line: string) => {
    const { message, noise } = readLine(line);
    if (noise !== undefined) onNoise(noise, 'is no message');
    if (message !== undefined) receiveMessage(message, line);
  };

  return {
    receive,
    async receiveLong(line) {
      const long = new Set<unknown>();
      const message = await inSlices(readLongLine(line, long));
      if (message === undefined) return receive(line.toString());
      const { id, method, result } = message;
      const call = method === undefined && result !== undefined ? callFor(id) : undefined;
      receiveMessage(message, line, call && (await checkedLong(call.request.check, result, long)));
    },
    receiveTooLong(head, tail) {
      for (const [, digits] of `${head}\n${tail}`.matchAll(/"id"\s*:\s*([0-9]{1,10})/g)) {
        const call = callFor(Number(digits));
        if (call === undefined) continue;
        return onSpoiled(call, `with a message of more than ${maxLine()} bytes${maxLineName()}`);
      }
      onNoise(head, `is longer than ${maxLine()} bytes`);
    },
    receiveInvalid(line) {
      const { message, noise = '' } = readLine(line);
      // Only what stood before the message is wrong.
      if (message !== undefined && !line.includes('\uFFFD', noise.length)) {
        onNoise(noise, 'is not UTF-8');
        return receiveMessage(message, line.slice(noise.length));
      }
      const call = message?.method === undefined ? callFor(message?.id) : undefined;
      if (call) onSpoiled(call, 'with text that is not UTF-8');
      else onNoise(line, 'is not UTF-8');
    },
  };
};
