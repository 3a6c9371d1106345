/** Asking a running daemon by its control socket. */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Reloaded } from '../host/index.ts';
import type { UserList, UserRequest } from './users.ts';

/** Whom to ask: the socket in the state directory of the daemon. */
type Path = string;

/**
 * What the daemon answers, whatever time that takes. Rejects with its `Fault`, or with Node's error when nobody serves
 * there.
 */
const ask = async <T extends object>(path: Path, request: object): Promise<T> => {
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

/** The users as they are afterwards. */
export const askUsers = async (path: Path, request: UserRequest): Promise<UserList> =>
  (await ask<{ users: UserList }>(path, request)).users;

/** Reload a connector, or all. */
export const askReload = async (path: Path, connector: string | undefined): Promise<Reloaded[]> =>
  (await ask<{ reloaded: Reloaded[] }>(path, { do: 'reload', connector })).reloaded;

/** Drop what is kept of a connector that is gone. */
export const askForget = async (path: Path, connector: string): Promise<void> => {
  await ask(path, { do: 'forget', connector });
};
