/** The HTTP server: routes, limits, timeouts and connections. It knows nothing of the API that it carries. */
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { addressOf, type Connection, connectionOf, linger, openConnection } from './connection.ts';
import { Exchange, type Serving } from './exchange.ts';
import { type HttpLimits, malformed, overHeaderBytes, timedOut } from './refusal.ts';
import type { Refusal, Route } from './route.ts';
import { compileRoutes } from './routing.ts';

export type { HttpLimits } from './refusal.ts';

/** Where the server tells what the peer is not told. */
export interface HttpLog {
  error(facts: object, message: string): void;
}

export interface HttpServerOptions {
  /** Throws when two of them serve the same method at the same path. */
  routes: readonly Route[];
  limits: HttpLimits;
  log?: HttpLog;
  /** Counts what never reached a route, or was refused before its handler saw it. */
  onRefused?: (kind: string) => void;
  /** PEM; with it the server speaks TLS and nothing else. */
  tls?: { cert: string | Buffer; key: string | Buffer };
}

export interface HttpServer {
  /** Rejects with Node's error, such as EADDRINUSE. Port 0 takes any free port; the answer says which. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Take no new connections; those that are open are served on. */
  stopAccepting(): void;
  /** Take no new connections, finish the requests under way within `stopMs`, and end every connection. */
  close(): Promise<void>;
}

const optionsFrom = (limits: HttpLimits): ServerOptions => ({
  // Node refuses what reaches its bound.
  maxHeaderSize: limits.headerBytes + 1,
  // Node wants the timeout of the whole request to be the longest.
  headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
  requestTimeout: limits.requestTimeoutMs,
  // Node looks for requests that are overdue only so often; its default is 30 seconds.
  connectionsCheckingInterval: Math.max(20, Math.min(1000, limits.headersTimeoutMs / 4, limits.requestTimeoutMs / 4)),
  keepAliveTimeout: limits.keepAliveMs,
  noDelay: true,
});

const rawReply = (status: string, message: string): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${message.length + 1}\r\nConnection: close\r\n\r\n${message}\n`;

/** What Node's parser found wrong with a request, by its code; `reading` tells whether its headers had come. */
const refusalFrom = (code: string | undefined, reading: boolean, limits: HttpLimits): [Refusal, status: string] => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [overHeaderBytes(limits), '431 Request Header Fields Too Large'];
    case 'ERR_HTTP_REQUEST_TIMEOUT': {
      const message = `The ${reading ? 'request' : 'headers of the request'} did not arrive in time`;
      return [timedOut(reading ? 'requestTimeoutMs' : 'headersTimeoutMs', message), '408 Request Timeout'];
    }
    default:
      return [malformed('This is not a well-formed HTTP request.'), '400 Bad Request'];
  }
};

export const createHttpServer = ({ routes, limits, log, onRefused, tls }: HttpServerOptions): HttpServer => {
  const connections = new Set<Connection>();
  const openFrom = new Map<string, number>();
  const serving: Serving = {
    routing: compileRoutes(routes),
    limits,
    closing: false,
    heldBytes: 0,
    refused: (kind) => onRefused?.(kind),
    failed: (error, path) => log?.error({ err: error, path }, 'A request failed in its handler.'),
  };
  const server: Server = tls
    ? createTlsServer({ ...optionsFrom(limits), ...tls, handshakeTimeout: limits.headersTimeoutMs })
    : createPlainServer(optionsFrom(limits));
  let open = 0;
  // Not in Node's documentation, but in all its versions: otherwise a client that closes its own direction after the
  // request, as old HTTP/1.0 clients do, is cut off before a reply that takes a while.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  // Node drops what is beyond its own limit without a word, credentials included: `limits.headers` refuses them.
  server.maxHeadersCount = 0;

  const serve = (expectsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const connection = connectionOf(request.socket);
    if (connection === undefined || connection.deaf) return;
    connection.pending += 1;
    new Exchange(serving, connection, request, response).begin(expectsContinue);
  };
  server.on('request', serve(false));
  server.on('checkContinue', serve(true));

  const admit = (socket: Socket): boolean => {
    const address = addressOf(socket);
    const fromThere = openFrom.get(address) ?? 0;
    if (open >= limits.connections || fromThere >= limits.connectionsPerAddress) return false;
    open += 1;
    openFrom.set(address, fromThere + 1);
    socket.once('close', () => {
      open -= 1;
      const left = (openFrom.get(address) ?? 1) - 1;
      if (left === 0) openFrom.delete(address);
      else openFrom.set(address, left);
    });
    return true;
  };
  server.on('connection', (socket: Socket) => {
    const admitted = admit(socket);
    if (!admitted) serving.refused('connections');
    if (tls) {
      // Nothing can be said before the handshake.
      if (!admitted) socket.destroy();
      return;
    }
    const connection = keep(socket);
    if (admitted) return;
    connection.deaf = true;
    const limit = open >= limits.connections ? 'connections' : 'connectionsPerAddress';
    const message = `More than ${limits[limit]} connections are open (limits.http.${limit}).`;
    refuseRaw(connection, rawReply('503 Service Unavailable', message));
  });
  server.on('secureConnection', (socket: Socket) => keep(socket));

  const keep = (socket: Socket): Connection => {
    const connection = openConnection(socket, addressOf(socket));
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    return connection;
  };
  const refuseRaw = (connection: Connection, reply: string): void => {
    linger(connection, limits.headerBytes, limits.bodyIdleTimeoutMs);
    connection.socket.write(reply);
    connection.socket.destroySoon();
  };

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = connectionOf(socket);
    if (connection === undefined || connection.deaf || !socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [refusal, status] = refusalFrom(error.code, connection.reading !== undefined, limits);
    if (connection.reading?.refuseReading(refusal)) return;
    serving.refused(refusal.kind);
    // A reply out of turn would be taken for the answer to the request before.
    if (connection.pending > 0) socket.destroy();
    else refuseRaw(connection, rawReply(status, refusal.message));
  });

  // The HTTP server's own `close` cuts replies that are still being written, and stops looking for overdue requests.
  const stop = (done?: () => void): void => {
    NetServer.prototype.close.call(server, done);
  };

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port, backlog: 1024 }, () => {
          server.off('error', reject);
          const bound = server.address() as AddressInfo;
          resolve({ host: bound.address, port: bound.port });
        });
      }),
    stopAccepting: () => stop(),
    close: () =>
      new Promise((resolve) => {
        serving.closing = true;
        const overdue = setTimeout(() => server.closeAllConnections(), limits.stopMs);
        stop(() => {
          clearTimeout(overdue);
          // Ends the timer with which Node looks for overdue requests.
          server.close();
          resolve();
        });
        for (const connection of connections) if (connection.pending === 0) connection.socket.destroySoon();
      }),
  };
};
