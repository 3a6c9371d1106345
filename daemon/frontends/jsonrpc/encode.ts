/** From results and faults to JSON-RPC 2.0 responses. Values on this wire are the values in memory. */
import type { Fault } from '../../../plugin-protocol/faults.ts';
import type { Id } from './decode.ts';

export const encodeResult = (id: Id, result: unknown): string =>
  `{"jsonrpc":"2.0","result":${JSON.stringify(result) ?? 'null'},"id":${JSON.stringify(id)}}`;

export const encodeFault = (id: Id, { kind, message, data, wireCode }: Fault): string =>
  JSON.stringify({ jsonrpc: '2.0', error: { code: wireCode, message, data: { kind, ...data } }, id });
