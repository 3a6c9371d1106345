/** The calls that a plugin has not answered, as its keeper reads them off what passes. */
import { readLine } from '../../../plugin-protocol/rpc/messages.ts';
import type { OpenCall } from '../transport/transport.ts';

export interface OpenCalls {
  /** A line to the plugin. */
  asked(line: string): void;
  /** A line from the plugin. */
  answered(line: string): void;
  list(): OpenCall[];
}

export const createOpenCalls = (): OpenCalls => {
  const open = new Map<number, OpenCall>();
  return {
    asked(line) {
      const { id, method, params } = readLine(line).message ?? {};
      if (typeof id !== 'number' || typeof method !== 'string') return;
      const { key } = (params as { ctx?: { key?: unknown } } | undefined)?.ctx ?? {};
      open.set(id, typeof key === 'string' ? { id, key } : { id });
    },
    answered(line) {
      if (open.size === 0) return;
      const { id, method } = readLine(line).message ?? {};
      if (typeof id === 'number' && method === undefined) open.delete(id);
    },
    list: () => [...open.values()],
  };
};
