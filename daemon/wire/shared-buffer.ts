/** Connections that all read into one buffer. */
import { Socket } from 'node:net';

/** What Node keeps of a socket. */
interface Internals {
  _handle: object | null;
  /** The server that has accepted it. */
  _server: object | null;
}

/** As much as libuv reads at once. */
const shared = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A socket that takes the place of one that a server has accepted. Node gives each read 64 KiB of its own and cuts them
 * down to what has come, which takes a tenth of a small call; here they are read into one buffer, of which `data` is a
 * copy. Only a socket that is made with `onread` can do that, and a server makes its sockets without.
 */
export const readingIntoOne = (accepted: Socket): Socket => {
  const from = accepted as unknown as Internals;
  const { _handle: handle, _server: server } = from;
  const socket: Socket = new Socket({
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: shared,
      callback: (bytes) => {
        socket.emit('data', Buffer.from(shared.subarray(0, bytes)));
        return true;
      },
    },
  } as ConstructorParameters<typeof Socket>[0]);
  // The server counts it until it is closed, and nothing is kept of the other one.
  (socket as unknown as Internals)._server = server;
  from._handle = null;
  from._server = null;
  return socket;
};
