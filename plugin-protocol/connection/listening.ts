/** What is at an address, and what goes wrong there. */
import { existsSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname } from 'node:path';
import type { Address } from './address.ts';

/** Bytes of the path of a socket, which the system holds in a field of 108. */
const longestPath = 107;

/** Why an address cannot be listened at, or connected to, in words: of sockets in the file system the system's own mislead. */
export const troubleAt = (address: Address, { code, message }: NodeJS.ErrnoException): string => {
  if (code === 'EADDRINUSE') return 'something listens there already';
  if (address.kind === 'unix') {
    const { path } = address;
    if (Buffer.byteLength(path) > longestPath) return `a path of more than ${longestPath} bytes is no socket's`;
    const folder = dirname(path);
    if (!existsSync(folder)) return `there is no folder ${folder}`;
    if (code === 'EACCES') return `this user has no right to ${path}`;
  }
  return message;
};

/** Removes the socket that a process has left that ended. Throws an `Error` when what is there is no socket. */
export const clearSocket = (path: string): void => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is there already, and is no socket`);
  rmSync(path);
};

/** Listens there; at a path, nobody but the user of this process may connect. Rejects with an `Error` that says what is wrong. */
export const listenAt = async (server: Server, address: Address): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(troubleAt(address, error))));
    // The file is made before `listen` returns, and the mask is that of the whole process.
    const mask = process.umask(0o177);
    try {
      server.listen(address.kind === 'unix' ? address.path : address, resolve);
    } finally {
      process.umask(mask);
    }
  });
};
