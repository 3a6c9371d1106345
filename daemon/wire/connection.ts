/** What is known of a connection beside its socket. */
import type { Socket } from 'node:net';
import type { Exchange } from './exchange.ts';

export interface Connection {
  readonly socket: Socket;
  /** The address of the peer. */
  readonly address: string;
  /** Requests that have come and are not answered. */
  pending: number;
  /** The request whose body is being read. */
  reading: Exchange | undefined;
  /** Those who want to know when the peer goes. */
  readonly waiting: Set<Exchange>;
  /** Whether what still comes in is thrown away. */
  deaf: boolean;
  gone: boolean;
}

const known = Symbol('connection');
type Known = Socket & { [known]?: Connection };

export const connectionOf = (socket: Socket): Connection | undefined => (socket as Known)[known];

/** An IPv4 address is written as one also where a socket takes both families. */
export const addressOf = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');

export const openConnection = (socket: Socket, address: string): Connection => {
  const connection: Connection = {
    socket,
    address,
    pending: 0,
    reading: undefined,
    waiting: new Set(),
    deaf: false,
    gone: false,
  };
  (socket as Known)[known] = connection;
  const abort = () => {
    for (const exchange of connection.waiting) exchange.abort();
    connection.waiting.clear();
  };
  // A peer that has closed and one that has only finished sending look the same: work that would wait for long is
  // given up, and whatever reply there is goes out.
  socket.once('end', abort);
  socket.once('close', () => {
    connection.gone = true;
    abort();
  });
  return connection;
};

/**
 * Let the reply go out, then throw away what the peer still sends, for so many bytes and milliseconds: closing at once
 * would reset the connection, and most clients would see that instead of the reply (RFC 9112 section 9.6).
 */
export const linger = (connection: Connection, bytes: number, milliseconds: number): void => {
  const { socket } = connection;
  connection.deaf = true;
  // Node calls this once it has written a reply that says `Connection: close`.
  socket.destroySoon = () => {
    let left = bytes;
    const over = setTimeout(() => socket.destroy(), milliseconds);
    socket.once('close', () => clearTimeout(over));
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) socket.destroy();
    });
    socket.on('end', () => socket.destroy());
    socket.end();
    socket.resume();
  };
};
