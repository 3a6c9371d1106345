/** The HTTP server: routes, limits, timeouts and connections. It knows nothing of the API that it carries. */
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { addressOf, Connection } from './connection.ts';
import { createOutgoing } from './outgoing.ts';
import type { HttpLimits } from './refusal.ts';
import type { Serving } from './reply.ts';
import { keeps } from './reply-head.ts';
import type { Route } from './route.ts';
import { compileRoutes } from './routing.ts';
import { readingIntoOne } from './shared-buffer.ts';
import { createStreams } from './streams.ts';

export type { HttpLimits } from './refusal.ts';

/** Where the server tells what the peer is not told. */
export interface HttpLog {
  error(facts: object, message: string): void;
}

/** PEM: the chain, and the key of its first certificate. */
export interface Certificate {
  cert: string | Buffer;
  key: string | Buffer;
}

export interface HttpServerOptions {
  /** Throws when two of them serve the same method at the same path. */
  routes: readonly Route[];
  limits: HttpLimits;
  log?: HttpLog;
  /** Counts what never reached a route, or was refused before its handler saw it. */
  onRefused?: (kind: string) => void;
  /** Whether an address is that of a proxy in front of the server: it says whose its requests are. None is when left out. */
  isProxy?: (address: string) => boolean;
  /** With it the server speaks TLS and nothing else. */
  tls?: Certificate;
}

export interface HttpServer {
  /** Rejects with Node's error, such as EADDRINUSE. Port 0 takes any free port; the answer says which. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Show another certificate to those who connect from now on; of a server that speaks TLS. */
  renew(tls: Certificate): void;
  /** Take no new connections; those that are open are served on, and what has no end of its own ends. */
  stopAccepting(): void;
  /** Take no new connections, finish the requests under way within `stopMs`, and end every connection. */
  close(): Promise<void>;
}

/** Milliseconds between two looks for peers that are overdue. */
const checkedEvery = (limits: HttpLimits): number => {
  const { headersTimeoutMs, requestTimeoutMs, replyIdleTimeoutMs, keepAliveMs } = limits;
  const all = [headersTimeoutMs, requestTimeoutMs, replyIdleTimeoutMs, keepAliveMs];
  return Math.max(20, Math.min(1000, ...all.map((limit) => limit / 4)));
};

export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const { routes, limits, log, onRefused, isProxy = () => false, tls } = options;
  const sockets = new Set<Socket>();
  const connections = new Set<Connection>();
  const openFrom = new Map<string, number>();
  /** Over TLS, those that have not shaken hands yet. */
  const shaking = new Map<string, Socket>();
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const stopping = new AbortController();
  const serving: Serving = {
    routing: compileRoutes(routes),
    limits,
    isProxy,
    headersWithinMs: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    keeps: keeps(limits.keepAliveMs),
    closing: false,
    heldBytes: 0,
    repliesBytes: 0,
    streams: createStreams(limits),
    stopping: stopping.signal,
    outgoing: createOutgoing(() => connections.size),
    refused: (kind) => onRefused?.(kind),
    failed: (error, path) => log?.error({ err: error, path }, 'A request failed in its handler.'),
  };
  // A client may close its own direction after the request, as old HTTP/1.0 clients do, and wait for the reply.
  const socketOptions = { noDelay: true, allowHalfOpen: true };
  // `node:tls` is loaded where it is needed alone: it takes some 10 ms of a start.
  const server: Server = tls
    ? process.getBuiltinModule('node:tls').createServer({
        ...socketOptions,
        ...tls,
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: limits.headersTimeoutMs,
      })
    : createPlainServer({ ...socketOptions, pauseOnConnect: true });

  /** The limit that the connection is over; counts it when there is none. */
  const admit = (socket: Socket): 'connections' | 'connectionsPerAddress' | undefined => {
    const address = addressOf(socket);
    const fromThere = openFrom.get(address) ?? 0;
    if (open >= limits.connections) return 'connections';
    if (fromThere >= limits.connectionsPerAddress && !isProxy(address)) return 'connectionsPerAddress';
    open += 1;
    openFrom.set(address, fromThere + 1);
    socket.once('close', () => {
      open -= 1;
      const left = (openFrom.get(address) ?? 1) - 1;
      if (left === 0) openFrom.delete(address);
      else openFrom.set(address, left);
    });
    return undefined;
  };
  let open = 0;
  const keep = (socket: Socket): Connection => {
    const connection = new Connection(socket, serving);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    return connection;
  };
  let told = 0;
  const tell = (socket: Socket, over: 'connections' | 'connectionsPerAddress') => {
    told += 1;
    socket.once('close', () => {
      told -= 1;
    });
    const message = `More than ${limits[over]} connections are open (limits.http.${over}).`;
    keep(socket).refuse({ status: 503, message }, limits.headerBytes);
  };
  server.on('connection', (accepted: Socket) => {
    const socket = tls ? accepted : readingIntoOne(accepted);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const over = admit(socket);
    if (over !== undefined) {
      serving.refused('connections');
      // Over TLS nothing can be said before the handshake; and those that are told must not fill the process instead.
      if (tls || told === limits.refusedConnections) socket.destroy();
      else tell(socket, over);
      return;
    }
    if (tls) {
      const key = keyOf(socket);
      shaking.set(key, socket);
      socket.once('close', () => {
        if (shaking.get(key) === socket) shaking.delete(key);
      });
      return;
    }
    keep(socket);
  });
  server.on('secureConnection', (socket: Socket) => {
    shaking.delete(keyOf(socket));
    keep(socket);
  });
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());

  const check = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) connection.check(now);
  }, checkedEvery(limits));
  check.unref();

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
    renew: (given) => (server as TlsServer).setSecureContext(given),
    stopAccepting: () => {
      server.close();
      stopping.abort();
    },
    close: () =>
      new Promise((resolve) => {
        serving.closing = true;
        stopping.abort();
        const overdue = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, limits.stopMs);
        server.close(() => {
          clearTimeout(overdue);
          clearInterval(check);
          resolve();
        });
        for (const connection of connections) if (!connection.busy) connection.finish();
        for (const socket of shaking.values()) socket.destroy();
      }),
  };
};
