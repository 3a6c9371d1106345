/** Server-sent events, as the HTML standard has them: what a page or a program follows over one reply without an end. */
import type { Fault } from '../../plugin-protocol/faults.ts';
import type { Api, CallRequest } from '../core/api.ts';
import type { Endless } from '../wire/endless.ts';
import type { HttpReply } from '../wire/route.ts';

/** Nothing for so long, and proxies take the connection for dead; a peer that has gone is noticed by it, too. */
export const heartbeatMs = 15_000;

/** One of them. Its id is what the client sends as `Last-Event-ID` when it comes again; without data it only sets that. */
export interface ServerSent {
  id?: string;
  /** Its type; left out, it is a `message`. */
  event?: string;
  data?: string;
}

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would hold back what is not a bufferful.
  'X-Accel-Buffering': 'no',
};

/** A stream for a caller, of the share of whose account it takes. Rejects with a `Fault` when that may not read. */
export const streamTo = async (api: Api, call: CallRequest, body: Endless): Promise<HttpReply> => {
  const { account } = (await api.call(api.methods.get('session.whoami')!, {}, call)) as { account: string };
  return { status: 200, headers, body, account };
};

/** The first words: how many milliseconds a client waits until it comes again. */
export const streamBegins = 'retry: 2000\n\n';
export const heartbeat = ':\n\n';

export const serverSent = ({ id, event, data }: ServerSent): string => {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(data === undefined ? [] : data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`)),
  ];
  return `${lines.join('\n')}\n\n`;
};

/** A fault in place of the stream, or in the midst of it: the last thing that comes. */
export const faultSent = ({ kind, message }: Fault): string =>
  serverSent({ event: 'fault', data: JSON.stringify({ kind, message }) });
