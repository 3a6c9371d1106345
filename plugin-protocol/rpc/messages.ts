/** JSON-RPC 2.0 messages as both sides of the plugin protocol read and write them. */

import type { Slices } from '../slices.ts';
import { readLongJson } from './long-json.ts';
import { jsonBytes } from './long-values.ts';

export type RequestId = number | string;

/** `error` of an answer. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** A request (with `id`), a notification (without) or an answer (without `method`). Members are as unchecked as they came. */
export interface Message {
  jsonrpc: '2.0';
  id?: unknown;
  method?: unknown;
  params?: unknown;
  result?: unknown;
  error?: unknown;
}

/** What a result is that has `name` and nothing else: an answer in place of the result of the call. */
export const soleMember = (result: unknown, name: string): unknown =>
  typeof result === 'object' && result !== null && Object.hasOwn(result, name) && Object.keys(result).length === 1
    ? (result as Record<string, unknown>)[name]
    : undefined;

/** JSON-RPC's own codes. */
export const rpcCodes = { parseError: -32700, invalidRequest: -32600, methodNotFound: -32601, invalidParams: -32602 };

const messageIn = (value: unknown): Message | undefined =>
  typeof value === 'object' && value !== null && (value as Message).jsonrpc === '2.0' ? (value as Message) : undefined;

const messageFrom = (text: string): Message | undefined => {
  try {
    return messageIn(JSON.parse(text));
  } catch {
    // Not JSON: noise, which the caller reports.
    return undefined;
  }
};

/** The message that a long line in UTF-8 is, whose long parts are added to `long`; undefined where it is none: `readLine` tells what it is then. */
export function* readLongLine(line: Buffer, long: Set<unknown>): Slices<Message | undefined> {
  try {
    return messageIn(yield* readLongJson(line, long));
  } catch {
    return undefined;
  }
}

/** So many beginnings are tried in a line with noise: a line of nothing but braces must not cost quadratic time. */
const beginnings = 32;

/**
 * The message in a line, and the noise before it. A program that prints without a line feed glues its text to the next
 * message, so each `{` may be the beginning; the members of a message may come in any order.
 */
export const readLine = (line: string): { message?: Message; noise?: string } => {
  const whole = messageFrom(line);
  if (whole) return { message: whole };
  for (
    let at = line.indexOf('{', 1), tries = 0;
    at > 0 && tries < beginnings;
    at = line.indexOf('{', at + 1), tries++
  ) {
    const message = messageFrom(line.slice(at));
    if (message) return { message, noise: line.slice(0, at) };
  }
  return { noise: line };
};

const beforeParams = (id: RequestId, method: string) =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"${method}","params":`;

export const requestLine = (id: RequestId, method: string, params: object): string =>
  `${beforeParams(id, method)}${JSON.stringify(params)}}`;

/** The same of long parameters, with its LF, as bytes in pieces; undefined when it has more than `most` without that. */
export function* longRequestLine(
  id: RequestId,
  method: string,
  params: object,
  most: number,
): Slices<Buffer[] | undefined> {
  const before = Buffer.from(beforeParams(id, method));
  const pieces = yield* jsonBytes(params, most - before.length - 1);
  return pieces && [before, ...pieces, Buffer.from('}\n')];
}

export const notificationLine = (method: string, params: object): string =>
  `{"jsonrpc":"2.0","method":"${method}","params":${JSON.stringify(params)}}`;

export const resultLine = (id: RequestId, result: unknown): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result) ?? 'null'}}`;

export const errorLine = (id: RequestId, error: RpcError): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`;
