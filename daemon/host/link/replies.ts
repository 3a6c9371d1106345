/** The answers of the host to requests of one plugin. One that asks on and does not read what it is answered gets no more. */
import type { Fault } from '../../../plugin-protocol/faults.ts';
import { errorFromFault } from '../../../plugin-protocol/rpc/errors.ts';
import { errorLine, type RequestId, resultLine, rpcCodes } from '../../../plugin-protocol/rpc/messages.ts';
import { nameOf } from '../limit-name.ts';
import type { Line } from './link-port.ts';
import type { OutgoingCall } from './outgoing-call.ts';

export interface RepliesOptions {
  /** Answer a request of the plugin for an instance, if it names a call that is under way. Rejects with a `Fault`. */
  onRequest: (method: string, params: unknown, instance: string | undefined) => Promise<object>;
  write: (line: string) => void;
  onNoise: (text: string, why: string) => void;
  /** Characters of answers that may wait for the plugin to read. */
  unread: () => number;
}

export interface Replies {
  /** `call` is the call that the request names. */
  reply(id: RequestId, method: string, params: unknown, line: Line, call: OutgoingCall | undefined): Promise<void>;
  /** The plugin does not read as fast as is written. */
  pause(): void;
  resume(): void;
}

export const createReplies = ({ onRequest, write, onNoise, unread }: RepliesOptions): Replies => {
  let isFull = false;
  let waiting = 0;
  return {
    async reply(id, method, params, line, call) {
      if (waiting > unread())
        return onNoise(String(line), `asks, and what it asked before is not read${nameOf('lineToPlugin')}`);
      const tap = call?.request.tap;
      if (tap?.watched) tap.say('plugin', String(line));
      const instance = call?.abandoned === false ? call.request.instance : undefined;
      const answer = await onRequest(method, params, instance).then(
        (result) => resultLine(id, result),
        (fault: Fault) => {
          const code = fault.kind === 'unknown-method' ? rpcCodes.methodNotFound : fault.code;
          return errorLine(id, { ...errorFromFault(fault), code });
        },
      );
      if (tap?.watched) tap.say('host', answer);
      if (isFull) waiting += answer.length;
      write(answer);
    },
    pause() {
      isFull = true;
    },
    resume() {
      isFull = false;
      waiting = 0;
    },
  };
};
