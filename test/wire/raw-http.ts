/** A server with one echoing route, and a raw socket to speak to it: what HTTP libraries refuse to send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { defaultLimits } from '../../daemon/limits.ts';
import { createHttpServer, type HttpLimits, type HttpServer, type HttpServerOptions } from '../../daemon/wire/http.ts';
import type { HttpRequest, Route } from '../../daemon/wire/route.ts';

export interface Running {
  port: number;
  server: HttpServer;
  /** Kinds of refusals, in order. */
  refused: string[];
  /** Facts and messages that were logged. */
  logged: [object, string][];
  /** Requests that reached the echo route. */
  seen: HttpRequest[];
  /** Sends bytes, and answers everything that the server says until it closes the connection. */
  talk(...pieces: (string | Uint8Array)[]): Promise<string>;
  open(): Promise<Socket>;
}

export const echo = '/echo';

/** What a test of Mocha has to be cleaned up with. */
const servers: HttpServer[] = [];
export const closeServers = async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
};

export const startServer = async (
  limits: Partial<HttpLimits> = {},
  more: Route[] = [],
  tls?: HttpServerOptions['tls'],
): Promise<Running> => {
  const refused: string[] = [];
  const logged: [object, string][] = [];
  const seen: HttpRequest[] = [];
  const route: Route = {
    path: echo,
    POST: (request) => {
      seen.push(request);
      return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: request.body };
    },
    refuse: ({ kind, status, message }) => ({ status, headers: { 'X-Kind': kind }, body: `in my words: ${message}` }),
  };
  const server = createHttpServer({
    routes: [route, ...more],
    limits: { ...defaultLimits.http, ...limits },
    log: { error: (facts, message) => logged.push([facts, message]) },
    onRefused: (kind) => refused.push(kind),
    ...(tls && { tls }),
  });
  servers.push(server);
  const { port } = await server.listen('127.0.0.1', 0);
  const open = async () => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };
  const talk = async (...pieces: (string | Uint8Array)[]) => {
    const socket = await open();
    const said = everything(socket);
    for (const piece of pieces) socket.write(piece);
    const reply = await said;
    socket.destroy();
    return reply;
  };
  return { port, server, refused, logged, seen, talk, open };
};

/** All that a socket receives until its peer ends. A reset counts as an end: what came before it counts. */
export const everything = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', resolve);
    socket.on('error', () => resolve());
  });
  return Buffer.concat(chunks).toString('latin1');
};

/** Resolves when so many bytes, or a text, have come. */
export const until = (socket: Socket, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let all = '';
    const onData = (chunk: Buffer) => {
      all += chunk.toString('latin1');
      if (!all.includes(text)) return;
      socket.off('data', onData);
      resolve(all);
    };
    socket.on('data', onData);
    socket.once('end', () => reject(new Error(`The connection ended after: ${all}`)));
  });

/** A POST to the echo route that asks for the connection to be closed after it. */
export const post = (body: string | Uint8Array, headers = 'Connection: close\r\n'): Buffer =>
  Buffer.concat([
    Buffer.from(`POST ${echo} HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    Buffer.from(body as Uint8Array),
  ]);

export const statusOf = (reply: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]);
export const bodyOf = (reply: string): string => reply.slice(reply.indexOf('\r\n\r\n') + 4);

/** What a body in chunks holds, all of them and the end being there. */
export const contentOfChunks = (body: string): Buffer => {
  const contents: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, end), 16);
    if (size === 0 && body.slice(end) === '\r\n\r\n') return Buffer.concat(contents);
    if (!(size > 0) || body.slice(end + 2 + size, end + 4 + size) !== '\r\n') throw new Error(`No chunk at ${at}.`);
    contents.push(Buffer.from(body.slice(end + 2, end + 2 + size), 'latin1'));
    at = end + 4 + size;
  }
};
