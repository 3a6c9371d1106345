/** Reloading connectors through the control socket. */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Fault } from '../plugin-protocol/faults.ts';
import type { Reloaded } from './host/index.ts';
import type { Reload } from './reload.ts';

export type { Reloaded };

export interface ReloadRequest {
  do: 'reload';
  connector?: string;
}

/** What a request asks to be reloaded; undefined when it is another one. */
export const reloadIn = (request: unknown): ReloadRequest | undefined => {
  const { do: what, connector } = (request ?? {}) as { do?: unknown; connector?: unknown };
  if (what !== 'reload' || (connector !== undefined && typeof connector !== 'string')) return undefined;
  return { do: what, ...(connector === undefined ? {} : { connector }) };
};

export const answerReload = async (reload: Reload, { connector }: ReloadRequest): Promise<object> => {
  try {
    return { reloaded: await reload(connector) };
  } catch (error) {
    if (error instanceof Fault) return { fault: { kind: error.kind, message: error.message } };
    throw error;
  }
};

/** Rejects with a `Fault`, or with Node's error when nobody serves at `path`. It takes as long as the plugins take. */
export const askReload = async (path: string, connector: string | undefined): Promise<Reloaded[]> => {
  const socket = connect(path);
  const failed = new Promise<never>((_resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The daemon ended before it had answered.')));
  });
  try {
    socket.write(`${JSON.stringify({ do: 'reload', connector })}\n`);
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const { value } = await Promise.race([lines.next(), failed]);
    const { reloaded, fault } = JSON.parse(value ?? '{}') as {
      reloaded?: Reloaded[];
      fault?: { kind: Fault['kind']; message: string };
    };
    if (reloaded !== undefined) return reloaded;
    throw new Fault(fault?.kind ?? 'internal', fault?.message ?? 'The daemon gave no reason.');
  } finally {
    failed.catch(() => {});
    socket.destroy();
  }
};
