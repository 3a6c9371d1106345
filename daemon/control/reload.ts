/** Reloading connectors through the control socket. */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Reloaded } from '../host/index.ts';
import type { Reload } from '../reload/reload.ts';

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

/**
 * What the daemon at `path` answers, whatever time that takes. Rejects with its `Fault`, or with Node's error when nobody
 * serves there.
 */
export const ask = async <T extends object>(path: string, request: object): Promise<T> => {
  const socket = connect(path);
  const ended = () => new Error('The daemon ended before it had answered; ask again once it runs.');
  const failed = new Promise<never>((_resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(ended()));
  });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const { value } = await Promise.race([lines.next(), failed]);
    if (value === undefined) throw ended();
    const answer = JSON.parse(value) as T & { fault?: { kind: Fault['kind']; message: string } };
    if (answer.fault !== undefined) throw new Fault(answer.fault.kind, answer.fault.message);
    return answer;
  } finally {
    failed.catch(() => {});
    socket.destroy();
  }
};

/** As `ask`. */
export const askReload = async (path: string, connector: string | undefined): Promise<Reloaded[]> =>
  (await ask<{ reloaded: Reloaded[] }>(path, { do: 'reload', connector })).reloaded;
