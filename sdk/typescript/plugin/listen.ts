/** A plugin that stays: hosts connect to it. */
import { readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseArgs } from 'node:util';
import { type Address, addressOf } from '../../../plugin-protocol/address.ts';

/** The arguments of the program are wrong. */
export class ArgumentError extends Error {
  override name = 'ArgumentError';
}

export interface ListenOptions {
  address: Address;
  /** As it was given. */
  text: string;
  /** PEM files, for `tls:`. */
  cert?: string;
  key?: string;
  ca?: string;
}

/** Undefined when the arguments say nothing of it. Throws what to write instead when they are wrong. */
export const listenOptions = (args: string[]): ListenOptions | undefined => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, strict: false, options: { listen: text, cert: text, key: text, ca: text } });
  const { listen: given } = values;
  if (given === undefined) return undefined;
  const address = typeof given === 'string' ? addressOf(given) : undefined;
  if (address === undefined)
    throw new ArgumentError(`--listen takes unix:PATH or tls://HOST:PORT, not ${String(given)}.`);
  const { cert, key, ca } = values as Record<'cert' | 'key' | 'ca', string | undefined>;
  if (address.kind === 'unix') return { address, text: given as string };
  if (cert === undefined || key === undefined || ca === undefined) {
    throw new ArgumentError('--listen tls: needs --cert, --key and --ca, each a PEM file.');
  }
  return { address, text: given as string, cert, key, ca };
};

/** Removes what a process left that ended without closing. Throws when one still listens there. */
const clear = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const other = connect(path);
    other.once('connect', () => {
      other.destroy();
      reject(new Error(`Something listens at unix:${path} already.`));
    });
    other.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') rmSync(path, { force: true });
      resolve();
    });
  });

const serverFor = ({ address, cert, key, ca }: ListenOptions, onSocket: (socket: Socket) => void): Server => {
  if (address.kind === 'unix') return createServer({ allowHalfOpen: true, noDelay: true }, onSocket);
  const [own, secret, authorities] = [cert!, key!, ca!].map((file) => readFileSync(file));
  const tls = { cert: own, key: secret, ca: authorities, requestCert: true, rejectUnauthorized: true };
  return createTlsServer({ ...tls, minVersion: 'TLSv1.3', allowHalfOpen: true, noDelay: true }, onSocket);
};

/** Serve every host that connects. Resolves with what closes it all, once hosts can connect. */
export const listen = async (
  options: ListenOptions,
  onSocket: (socket: Socket) => void,
): Promise<() => Promise<void>> => {
  const { address, text } = options;
  const sockets = new Set<Socket>();
  const server = serverFor(options, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  if (address.kind === 'unix') await clear(address.path);
  // Nobody but the user of this process may connect to a socket in the file system.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.kind === 'unix' ? address.path : address, resolve);
    });
  } finally {
    process.umask(mask);
  }
  console.error(`Hosts can connect to ${text}.`);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
};
