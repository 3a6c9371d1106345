/** A plugin that says what a cassette has recorded: for hosts, and for tests that need no cloud. */
import { baseResults } from '../contract/base.ts';
import { errorLine, type Message, readLine, rpcCodes } from '../rpc/messages.ts';
import { differenceText, Matching } from './differences.ts';
import { type Exchange, exchangesIn, isAsked } from './exchanges.ts';
import type { Cassette, CassetteLine } from './format.ts';

export interface PlayerOutput {
  line(text: string): void;
  error(text: string): void;
}

/** What a plugin need not have: when it was not recorded, the plugin that plays has it neither. */
const optional: ReadonlySet<string> = new Set(Object.keys(baseResults).filter((method) => method !== 'describe'));

interface Playing {
  exchange: Exchange;
  /** Of the host's request, now. */
  id: unknown;
  /** What of the exchange is said next. */
  next: number;
  isCancelled: boolean;
  /** The plugin's own request whose answer it waits for. */
  asked: unknown;
}

const paramsOf = ({ method, params }: Message): Record<string, unknown> => {
  const { ctx, ...given } = (params ?? {}) as { ctx?: { key?: unknown; instance?: unknown } };
  // Whatever it is configured with, it plays what is there.
  const { config: _, ...rest } =
    method === 'configure' ? (given as { config?: unknown }) : { ...given, config: undefined };
  // Of the context, what comes back in answers and events.
  return { ...rest, ...(ctx && { ctx: { key: ctx.key, instance: ctx.instance } }) };
};

/** Takes the lines of a host one after another. Calls that are made more often than they were recorded are answered as at last. */
export const createPlayer = (cassette: Cassette, output: PlayerOutput): { receive(line: string): void } => {
  const matching = new Matching('host', cassette.volatile);
  const exchanges = exchangesIn(cassette);
  const used = new Set<Exchange>();
  /** What has not come to its end: it waits until it is cancelled, as it was, or for an answer of the host. */
  const playing = new Set<Playing>();

  const say = ({ from, text, message }: CassetteLine, { id, exchange }: Playing): void => {
    if (from !== 'plugin') {
      if (from === 'error') output.error(text);
      else output.line(text);
      return;
    }
    const recorded = exchange.request.message.id;
    const own = matching.current(message);
    const params = own.params as { id?: unknown; call?: unknown } | undefined;
    if (message.method === undefined) output.line(JSON.stringify(message.id === recorded ? { ...own, id } : own));
    else if (message.id !== undefined) output.line(JSON.stringify({ ...own, params: { ...params, call: id } }));
    else if (params?.id === recorded) output.line(JSON.stringify({ ...own, params: { ...params, id } }));
    else output.line(JSON.stringify(own));
  };

  /** Goes on with it as far as it can be told now. */
  const play = (one: Playing): void => {
    const { said, cancelledAt } = one.exchange;
    playing.add(one);
    while (one.next < said.length) {
      if (one.next === cancelledAt && !one.isCancelled) return;
      const line = said[one.next++]!;
      say(line, one);
      if (isAsked(line)) {
        one.asked = line.message.id;
        return;
      }
    }
    playing.delete(one);
  };

  const choose = (method: string, params: object): Exchange | string => {
    const known = exchanges.filter((exchange) => exchange.method === method);
    const fresh = known.filter((exchange) => !used.has(exchange));
    let nearest: string | undefined;
    for (const exchange of [...fresh, ...known.toReversed()]) {
      const differences = matching.differences(paramsOf(exchange.request.message), params);
      if (differences.length === 0) return exchange;
      nearest ??= `line ${exchange.request.line}: ${differences.map(differenceText).join('; ')}`;
    }
    if (nearest === undefined) return `The cassette has no call of ${method}.`;
    return `The cassette has no such call of ${method}. The nearest is at ${nearest}.`;
  };

  const answer = (message: Message): void => {
    const { id, method } = message as { id: number; method: string };
    const exchange = choose(method, paramsOf(message));
    if (typeof exchange === 'string') {
      const isAbsent = optional.has(method) && !exchanges.some((one) => one.method === method);
      const code = isAbsent ? rpcCodes.methodNotFound : rpcCodes.invalidParams;
      output.line(errorLine(id, { code, message: exchange }));
      return;
    }
    used.add(exchange);
    play({ exchange, id, next: 0, isCancelled: false, asked: undefined });
  };

  const cancel = (id: unknown): void => {
    for (const one of playing) {
      if (one.id !== id) continue;
      one.isCancelled = true;
      if (one.asked === undefined) play(one);
    }
  };

  const hear = (id: unknown): void => {
    for (const one of playing) {
      if (one.asked !== id) continue;
      one.asked = undefined;
      play(one);
    }
  };

  return {
    receive(line) {
      const { message } = readLine(line);
      if (message === undefined) return;
      if (typeof message.method !== 'string') hear(message.id);
      else if (message.id !== undefined && message.id !== null) answer(message);
      else if (message.method === '$/cancel') cancel((message.params as { id?: unknown } | undefined)?.id);
    },
  };
};
