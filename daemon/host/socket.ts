/**
 * A plugin that runs already, by itself or on another machine: the host connects to it. A unix socket is protected by
 * the rights of its file; over TCP both sides show certificates, with TLS 1.3.
 */
import { readFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { type Address, addressOf, serverNameOf } from '../../plugin-protocol/address.ts';
import { createLineReader } from '../../plugin-protocol/rpc/lines.ts';
import type { Limits } from '../limits.ts';
import { nameOf } from './outgoing-call.ts';
import { after, type Transport, type TransportHandlers } from './transport.ts';

/** PEM files. */
export interface PluginTls {
  /** The certificate that the host shows, and its key. */
  cert: string;
  key: string;
  /** Who has signed the certificate of the plugin. */
  ca: string;
}

const open = async (address: Address, tls: PluginTls | undefined): Promise<Socket> => {
  if (address.kind === 'unix') return connectPlain(address.path);
  if (tls === undefined) throw new Error('TLS needs the setting tls of the connector: cert, key and ca.');
  const [cert, key, ca] = await Promise.all([tls.cert, tls.key, tls.ca].map((file) => readFile(file)));
  const { host, port } = address;
  // A start without TLS does not wait for it to be loaded.
  const { connect: connectTls } = await import('node:tls');
  return connectTls({ host, port, cert, key, ca, minVersion: 'TLSv1.3', ...serverNameOf(host) });
};

/** The conversation over a socket that is open; `closed` says how it ended, the rest of a sentence. */
export const overSocket = (
  socket: Socket,
  closed: Promise<string>,
  limits: Limits['plugins'],
  handlers: TransportHandlers,
): Transport => {
  socket.setNoDelay?.(true);
  const lines = createLineReader({
    maxBytes: handlers.maxLine,
    onLine: handlers.onLine,
    onTooLong: handlers.onTooLong,
    onInvalid: handlers.onInvalid,
  });
  socket.on('data', lines.push);
  socket.on('end', lines.end);
  socket.on('drain', handlers.onWritable);
  // It waits where somebody else has read the first line.
  socket.resume();
  return {
    send: (text) => !socket.writable || socket.write(text),
    ended: closed,
    async stop() {
      socket.end();
      if ((await Promise.race([closed, after(limits.stopMs)])) === 'late') socket.destroy();
      await closed;
    },
    kill: () => socket.destroy(),
  };
};

/** Rejects with an `Error` that says why when there is no connection. */
export const connectPlugin = async (
  plugin: string,
  tls: PluginTls | undefined,
  limits: Limits['plugins'],
  handlers: TransportHandlers,
): Promise<Transport> => {
  const address = addressOf(plugin)!;
  const socket = await open(address, tls);
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<string>();
  let why = 'closed the connection';
  socket.once(address.kind === 'unix' ? 'connect' : 'secureConnect', connected.resolve);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    why = `lost the connection: ${error.message}`;
    connected.reject(new Error(`There is no plugin at ${plugin}: ${error.message}.`, { cause: error }));
  });
  socket.once('close', () => {
    connected.reject(new Error(`There is no plugin at ${plugin}: the connection was closed at once.`));
    closed.resolve(why);
  });
  const { connectTimeoutMs } = limits;
  const late = setTimeout(() => {
    connected.reject(
      new Error(
        `There is no plugin at ${plugin} that answers within ${connectTimeoutMs} ms${nameOf('connectTimeoutMs')}.`,
      ),
    );
  }, connectTimeoutMs);
  try {
    await connected.promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }

  return overSocket(socket, closed.promise, limits, handlers);
};
