/** From results and faults to JSON-RPC 2.0 responses. Values on this wire are the values in memory. */
import type { Fault } from '../../../plugin-protocol/faults.ts';
import { isLong, jsonPieces } from '../../../plugin-protocol/rpc/long-values.ts';
import { LongText, type Text } from '../long-text.ts';
import { type Encoded, Pieces } from '../pieces.ts';
import type { Id } from './decode.ts';

const textOf = (value: unknown): Text =>
  isLong(value) ? new LongText(() => jsonPieces(value)) : (JSON.stringify(value) ?? 'null');

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
