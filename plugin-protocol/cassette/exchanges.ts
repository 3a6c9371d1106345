/** What a cassette tells of each request: what was said until its answer, and the answer. */
import type { Message } from '../rpc/messages.ts';
import type { Cassette, CassetteLine } from './format.ts';

export interface Exchange {
  method: string;
  request: CassetteLine;
  /** What the plugin said from then on, the answer included, and before the next request where it names none. */
  said: CassetteLine[];
  /** Where among `said` the host did not want it any more; undefined when it always did. */
  cancelledAt: number | undefined;
  answer: CassetteLine | undefined;
}

/** The request of the host that a message is about: the call of one that the plugin makes, the id of any other. */
const idIn = ({ id, method, params }: Message): unknown => {
  const { id: about, call } = (params ?? {}) as { id?: unknown; call?: unknown };
  if (method === undefined) return id;
  return id === undefined ? about : call;
};

/** A request of the plugin to the host. */
export const isAsked = ({ from, message }: CassetteLine): boolean =>
  from === 'plugin' && typeof message.method === 'string' && message.id !== undefined;

export const isRequest = ({ from, message }: CassetteLine): boolean =>
  from === 'host' && typeof message.method === 'string' && message.id !== undefined;

export const exchangesIn = ({ lines }: Cassette): Exchange[] => {
  const exchanges: Exchange[] = [];
  const open = new Map<unknown, Exchange>();
  for (const line of lines) {
    const { from, message } = line;
    if (isRequest(line)) {
      const method = message.method as string;
      const exchange: Exchange = { method, request: line, said: [], cancelledAt: undefined, answer: undefined };
      exchanges.push(exchange);
      open.set(message.id, exchange);
      continue;
    }
    const meant = open.get(idIn(message)) ?? exchanges.at(-1);
    if (from === 'host') {
      if (message.method === '$/cancel' && meant !== undefined) meant.cancelledAt ??= meant.said.length;
      continue;
    }
    meant?.said.push(line);
    if (from !== 'plugin' || message.method !== undefined || meant?.request.message.id !== message.id) continue;
    meant!.answer = line;
    open.delete(message.id);
  }
  return exchanges;
};
