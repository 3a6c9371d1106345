/** From results and faults to JSON-RPC 2.0 responses. Values on this wire are the values in memory. */
import type { Fault } from '../../../plugin-protocol/faults.ts';
import { enclosed, joinedLong, sliced, type Text } from '../long-text.ts';
import { type Encoded, Pieces } from '../pieces.ts';
import type { Id } from './decode.ts';

/** What is surely shorter than this, in characters, is written in one go. */
const shortLength = 64 * 1024;

/** How much of the length is left behind what an object or a list holds; once there is none, the rest is not looked at. */
const leftBehind = (value: object, length: number): number => {
  let left = length;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left > 0; at++) left -= lengthOf(value[at], left);
    return left;
  }
  for (const name in value) {
    left -= name.length + lengthOf((value as Record<string, unknown>)[name], left);
    if (left <= 0) break;
  }
  return left;
};

/** About how long a value is, or would have to be to leave nothing. */
const lengthOf = (value: unknown, left: number): number => {
  if (typeof value === 'string') return value.length + 4;
  return typeof value === 'object' && value !== null ? left - leftBehind(value, left - 4) : 8;
};

const charactersOf = (part: string): string => JSON.stringify(part).slice(1, -1);

const member = ([name, value]: readonly [string, unknown]): Text =>
  enclosed(`${JSON.stringify(name)}:`, textOf(value), '');

const textOf = (value: unknown): Text => {
  if (lengthOf(value, shortLength) < shortLength) return JSON.stringify(value) ?? 'null';
  if (typeof value === 'string') return enclosed('"', sliced(value, charactersOf), '"');
  if (Array.isArray(value)) return enclosed('[', joinedLong(value, textOf, undefined, ','), ']');
  const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
  return enclosed('{', joinedLong(members, member, undefined, ','), '}');
};

export const encodeResult = (id: Id, result: unknown): Encoded => {
  const [before, after] = ['{"jsonrpc":"2.0","result":', `,"id":${JSON.stringify(id)}}`];
  const text = textOf(result);
  return typeof text === 'string' ? before + text + after : new Pieces(before, text, after);
};

/** The responses to a batch. */
export const encodeBatch = (responses: readonly Encoded[]): Encoded => {
  if (responses.every((response) => typeof response === 'string')) return `[${responses.join(',')}]`;
  return new Pieces('[', ...responses.flatMap((response, index) => (index === 0 ? [response] : [',', response])), ']');
};

export const encodeFault = (id: Id, { kind, message, data, wireCode }: Fault): string =>
  JSON.stringify({ jsonrpc: '2.0', error: { code: wireCode, message, data: { kind, ...data } }, id });
