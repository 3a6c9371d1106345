/** The live part of a page as server-sent events: the whole of it, each time that it reads otherwise than before. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { CallRequest } from '../../core/api.ts';
import type { HttpReply } from '../../wire/route.ts';
import { faultSent, heartbeat, heartbeatMs, serverSent, streamBegins, streamTo } from '../event-stream.ts';
import type { FrontendContext } from '../frontend.ts';

/** Between two readings: nobody reads faster, and many calls are made in it. */
const restMs = 500;

const idOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Pauses until something may have changed, at most as long as a stream may be silent. */
const changesOf = ({ onConnectors }: FrontendContext, over: AbortSignal) => {
  let changed = Promise.withResolvers<void>();
  const forget = onConnectors(() => changed.resolve());
  return {
    /** What changes from now on counts. */
    begin() {
      changed = Promise.withResolvers<void>();
    },
    async next() {
      const ended = new AbortController();
      const signal = AbortSignal.any([over, ended.signal]);
      const pause = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => {});
      await pause(restMs);
      await Promise.race([changed.promise, pause(heartbeatMs - restMs)]);
      ended.abort();
    },
    forget,
  };
};

export interface Follower {
  call: CallRequest;
  /** What the client says that it has already. */
  last: string | undefined;
}

/** `read` answers the part as HTML, as the caller may read it; a fault of it before the stream begins is thrown. */
export const liveStream = async (
  context: FrontendContext,
  { call, last }: Follower,
  read: () => Promise<string>,
): Promise<HttpReply> => {
  async function* stream(over: AbortSignal) {
    yield streamBegins;
    const changes = changesOf(context, over);
    try {
      for (let sent = last; ; ) {
        changes.begin();
        const text = await read();
        const id = idOf(text);
        yield id === sent ? heartbeat : serverSent({ id, data: text });
        sent = id;
        await changes.next();
        if (over.aborted) return;
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      yield faultSent(error);
    } finally {
      changes.forget();
    }
  }
  await read();
  return streamTo(context.api, call, stream);
};
