/**
 * Managing users of a running daemon, and watching and reloading its plugins, from the machine that it runs on: a unix socket
 * in the state directory, which only the user of the daemon can open. One JSON line each way.
 */
import { createServer, type Socket } from 'node:net';
import { listenAt } from '../../plugin-protocol/connection/listening.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Log } from '../core/ports.ts';
import type { Reload } from '../reload/reload.ts';
import { manageUsers, type Users } from './users.ts';
import { serveWatch, type Watchable } from './watch.ts';

const longestRequest = 16 * 1024;
const requestTimeoutMs = 10_000;

/** Everything up to the end of the first line. */
const readLine = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(requestTimeoutMs, () => socket.destroy(new Error('nothing was said in time')));
    socket.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > longestRequest) socket.destroy(new Error('the line is too long'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });

interface Request {
  do?: unknown;
  connector?: unknown;
}

const requestIn = (line: string): Request => {
  try {
    return Object(JSON.parse(line)) as Request;
  } catch {
    throw new Fault('malformed', 'The request is no JSON.');
  }
};

/** What concerns plugins. */
export interface PluginControl {
  watchable: Watchable;
  /** Bytes that wait for a watcher who is slow. */
  maxBytes: number;
  reload: Reload;
  /** Drop what is kept of a connector that is gone. Rejects with a `Fault`. */
  forget: (connector: string) => Promise<void>;
}

export interface Control {
  /** No further requests; those that come over connections that there are already are refused. */
  close(): void;
}

/** Serve requests; rejects with an `Error` that says why when the socket cannot be made. */
export const openControl = async (path: string, users: Users, plugins: PluginControl, log: Log): Promise<Control> => {
  let isClosed = false;
  let managing: Promise<unknown> = Promise.resolve();
  /** One after the other: what one has found, such as that there is no such user, holds until it is done. */
  const manage = (request: object): ReturnType<typeof manageUsers> => {
    const done = managing.then(() => manageUsers(users, request));
    managing = done.catch(() => {});
    return done;
  };

  const answer = async (request: Request, socket: Socket): Promise<object> => {
    const { do: what, connector } = request;
    if (what === 'reload' && (connector === undefined || typeof connector === 'string')) {
      // It takes as long as plugins take to become ready.
      socket.setTimeout(0);
      return { reloaded: await plugins.reload(connector) };
    }
    if (what === 'forget' && typeof connector === 'string') {
      await plugins.forget(connector);
      return { forgotten: connector };
    }
    return { users: await manage(request) };
  };
  const failed = (error: unknown): object => {
    if (error instanceof Fault) return { fault: { kind: error.kind, message: error.message } };
    log.error({ err: error }, 'A request on the control socket could not be carried out.');
    return { fault: { kind: 'internal', message: 'The daemon could not do it; its log says why.' } };
  };
  const serve = async (socket: Socket, line: string): Promise<void> => {
    let reply: object;
    try {
      if (isClosed) throw new Fault('unavailable', 'The daemon is stopping; ask again once it runs.');
      const request = requestIn(line);
      if (request.do === 'watch' && typeof request.connector === 'string') {
        return serveWatch(socket, plugins.watchable, request.connector, plugins.maxBytes);
      }
      reply = await answer(request, socket);
    } catch (error) {
      reply = failed(error);
    }
    socket.end(`${JSON.stringify(reply)}\n`);
  };

  const server = createServer((socket) => {
    readLine(socket)
      .then((line) => serve(socket, line))
      .catch(() => socket.destroy());
  });
  await listenAt(server, { kind: 'unix', path });
  return {
    close() {
      isClosed = true;
      server.close();
    },
  };
};
