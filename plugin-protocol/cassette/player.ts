/** A plugin that says what a cassette has recorded: for hosts, and for tests that need no cloud. */
import { baseResults } from '../contract/base.ts';
import { errorLine, type Message, readLine, rpcCodes } from '../rpc/messages.ts';
import { differenceText, Matching } from './differences.ts';
import { type Exchange, exchangesIn } from './exchanges.ts';
import type { Cassette, CassetteLine } from './format.ts';

export interface PlayerOutput {
  line(text: string): void;
  error(text: string): void;
}

/** What a plugin need not have: when it was not recorded, the plugin that plays has it neither. */
const optional: ReadonlySet<string> = new Set(Object.keys(baseResults).filter((method) => method !== 'describe'));

interface Playing {
  exchange: Exchange;
  id: unknown;
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
  /** Calls that were cancelled when they were recorded, and wait for that. */
  const waiting: Playing[] = [];

  const say = ({ from, text, message }: CassetteLine, { id, exchange }: Playing): void => {
    if (from !== 'plugin') {
      if (from === 'error') output.error(text);
      else output.line(text);
      return;
    }
    const recorded = exchange.request.message.id;
    const params = message.params as { id?: unknown } | undefined;
    const own = matching.current(message);
    if (message.method === undefined && message.id === recorded) output.line(JSON.stringify({ ...own, id }));
    else if (message.method !== undefined && params?.id === recorded && message.id === undefined) {
      output.line(JSON.stringify({ ...own, params: { ...(own.params as object), id } }));
    } else output.line(JSON.stringify(own));
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
    const playing = { exchange, id };
    for (const line of exchange.said.slice(0, exchange.cancelledAt)) say(line, playing);
    if (exchange.cancelledAt !== undefined) waiting.push(playing);
  };

  const cancel = (id: unknown): void => {
    const at = waiting.findIndex((playing) => playing.id === id);
    const [playing] = at < 0 ? [] : waiting.splice(at, 1);
    for (const line of playing?.exchange.said.slice(playing.exchange.cancelledAt) ?? []) say(line, playing!);
  };

  return {
    receive(line) {
      const { message } = readLine(line);
      if (message === undefined || typeof message.method !== 'string') return;
      if (message.id !== undefined && message.id !== null) answer(message);
      else if (message.method === '$/cancel') cancel((message.params as { id?: unknown } | undefined)?.id);
    },
  };
};
