/** From results and faults to JSON-RPC 2.0 responses. Values on this wire are the values in memory. */
import type { Fault } from '../../../plugin-protocol/faults.ts';
import { enclosed, joinedLong, sliced, type Text } from '../long-text.ts';
import { type Encoded, Pieces } from '../pieces.ts';
import type { Id } from './decode.ts';

/** What is surely shorter than this, in characters, is written in one go. */
const shortLength = 64 * 1024;

/** How much of the length is left behind a value, which is not looked through once there is none. */
const leftBehind = (value: unknown, length: number): number => {
  if (typeof value === 'string') return length - value.length - 3;
  if (typeof value !== 'object' || value === null) return length - 8;
  let left = length - 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left > 0; at++) left = leftBehind(value[at], left);
  } else {
    for (const name in value) {
      left = leftBehind((value as Record<string, unknown>)[name], left - name.length - 4);
      if (left <= 0) break;
    }
  }
  return left;
};

const charactersOf = (part: string): string => JSON.stringify(part).slice(1, -1);

const member = ([name, value]: readonly [string, unknown]): Text =>
  enclosed(`${JSON.stringify(name)}:`, textOf(value), '');

const textOf = (value: unknown): Text => {
  if (leftBehind(value, shortLength) > 0) return JSON.stringify(value) ?? 'null';
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
