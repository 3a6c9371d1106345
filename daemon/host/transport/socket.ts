/**
 * A plugin that runs already, by itself or on another machine: the host connects to it. A unix socket is protected by
 * the rights of its file; over TCP both sides show certificates, with TLS 1.3.
 */
import { connect as connectPlain, type Socket } from 'node:net';
import { type Address, addressOf, serverNameOf } from '../../../plugin-protocol/connection/address.ts';
import { troubleAt } from '../../../plugin-protocol/connection/listening.ts';
import { readSecure, type SecureFiles, secureTrouble } from '../../../plugin-protocol/connection/secure.ts';
import type { Limits } from '../../limits.ts';
import { after } from '../after.ts';
import { nameOf } from '../limit-name.ts';
import { createOutputReader, hold, type Transport, type TransportHandlers, writeLines } from './transport.ts';

/** What stands before the names of the files in the configuration. */
const prefix = 'tls.';
/** A peer whose machine has gone without a word is noticed after some of these. */
const keepAliveMs = 30_000;

const open = (address: Address, tls: SecureFiles | undefined): Socket => {
  if (address.kind === 'unix') return connectPlain(address.path);
  if (tls === undefined) throw new Error('TLS needs the setting tls of the connector: cert, key and ca.');
  const { host, port } = address;
  const files = readSecure(tls, prefix);
  // A start without TLS does not wait for it to be loaded.
  const { connect: connectTls } = process.getBuiltinModule('node:tls');
  return connectTls({ host, port, ...files, minVersion: 'TLSv1.3', ...serverNameOf(host) });
};

/** The conversation over a socket that is open; `closed` says how it ended, the rest of a sentence. */
export const overSocket = (
  socket: Socket,
  closed: Promise<string>,
  limits: Limits['plugins'],
  handlers: TransportHandlers,
): Transport => {
  socket.setNoDelay?.(true);
  // Before there is a connection it would be forgotten how often.
  socket.setKeepAlive?.(true, keepAliveMs);
  const lines = createOutputReader(handlers);
  socket.on('data', (chunk: Buffer) => {
    lines.push(chunk);
    hold(socket, lines);
  });
  socket.on('end', lines.end);
  socket.on('drain', handlers.onWritable);
  // It waits where somebody else has read the first line.
  socket.resume();
  return {
    send: (written) => !socket.writable || writeLines(socket, written),
    ended: closed.then(async (how) => {
      await lines.busy;
      return how;
    }),
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
  tls: SecureFiles | undefined,
  limits: Limits['plugins'],
  handlers: TransportHandlers,
): Promise<Transport> => {
  const address = addressOf(plugin)!;
  const socket = open(address, tls);
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<string>();
  let why = 'closed the connection';
  socket.once(address.kind === 'unix' ? 'connect' : 'secureConnect', connected.resolve);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const reason = address.kind === 'unix' ? troubleAt(address, error) : secureTrouble(error, prefix);
    why = `lost the connection: ${reason}`;
    connected.reject(new Error(`There is no plugin at ${plugin}: ${reason}.`, { cause: error }));
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
