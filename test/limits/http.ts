/** The bounds of `limits.http`. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { within } from '../../daemon/cli/last-words.ts';
import type { Limits } from '../../daemon/limits.ts';
import type { Route } from '../../daemon/wire/route.ts';
import { bodyOf, echo, everything, post, type Running, startServer, statusOf, until } from '../wire/raw-http.ts';
import { type Bound, counted, pause, pauseMs, timed, unsaid } from './bound.ts';

const head = `POST ${echo} HTTP/1.1\r\nHost: a\r\n`;
const refusalIn = (reply: string) => (statusOf(reply) === 200 ? undefined : bodyOf(reply));
const chunked = (path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`;

/** A route that holds its request until it is told to answer. */
const holding = () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const route: Route = {
    path: '/held',
    POST: async () => {
      arrived.resolve();
      await release.promise;
      return { status: 200, headers: {}, body: 'done' };
    },
  };
  return { route, arrived: arrived.promise, release: release.resolve };
};

/** A reply that has no end. */
const endlessOf = (account?: string): Route => ({
  path: '/endless',
  GET: () => ({
    status: 200,
    headers: {},
    ...(account === undefined ? {} : { account }),
    async *body(over) {
      yield 'Begun.\n';
      await once(over, 'abort');
    },
  }),
});

/** Opens three streams; answers the refusal of the last one. */
const onThirdStream = async (limits: Partial<Limits['http']>, account?: string) => {
  const { open } = await startServer(limits, [endlessOf(account)]);
  const sockets = [];
  let reply = '';
  for (let more = 0; more < 3; more += 1) {
    const socket = await open();
    sockets.push(socket);
    socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    reply = await until(socket, '.\n');
  }
  for (const socket of sockets) socket.destroy();
  return refusalIn(reply);
};

/** A peer that sends the first text, pauses, and then the second, whether anybody listens still or not. */
const pausing = async ({ open }: Running, first: string, second: string): Promise<string> => {
  const socket = await open();
  const said = everything(socket);
  socket.write(first);
  await pause();
  if (!socket.destroyed) socket.write(second);
  const reply = await said;
  socket.destroy();
  return reply;
};

/** Most of it is noise, so that it becomes between once and twice as long. */
const packed = gzipSync(Buffer.concat([randomBytes(1024 * 1024), Buffer.alloc(512 * 1024)]));

/** Holds as many connections, then makes a call on one more. */
const onOneMore = async ({ open, talk }: Running, held: number) => {
  const sockets = await Promise.all(Array.from({ length: held }, () => open()));
  const reply = await talk(post('x'));
  for (const socket of sockets) socket.destroy();
  return refusalIn(reply);
};

export const http: { [L in keyof Limits['http']]: Bound } = {
  bodyBytes: counted(100, async (_context, bodyBytes) => {
    const { talk } = await startServer({ bodyBytes });
    return refusalIn(await talk(post(Buffer.alloc(100))));
  }),
  bodiesBytes: counted(3000, async (_context, bodiesBytes) => {
    const { route, arrived, release } = holding();
    const { talk } = await startServer({ bodiesBytes }, [route]);
    const first = talk(chunked('/held', 1000));
    await arrived;
    const reply = await talk(chunked(echo, 2000));
    release();
    await first;
    // What was held is free again.
    const after = await talk(chunked(echo, bodiesBytes));
    return refusalIn(after) ?? refusalIn(reply);
  }),
  repliesBytes: counted(200_000, async (_context, repliesBytes) => {
    const long = Buffer.alloc(100_000, 'x');
    const { open, talk } = await startServer({ repliesBytes }, [
      { path: '/long', GET: () => ({ status: 200, headers: {}, body: long }) },
      {
        path: '/several',
        POST: async ({ room }) => {
          room?.hold(100_000);
          arrived.resolve();
          await release.promise;
          return { status: 200, headers: {}, body: 'done' };
        },
      },
    ]);
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const ask = 'GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const several = await open();
    several.write('POST /several HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx');
    await arrived.promise;
    const second = await talk(ask);
    // A short one is always answered, and what was held is free again.
    const short = await talk(post('x'));
    release.resolve();
    await until(several, 'done');
    several.destroy();
    return refusalIn(short) ?? refusalIn(await talk(ask)) ?? refusalIn(second)?.slice(0, 200);
  }),
  inflateRatio: counted(2, async (_context, inflateRatio) => {
    const { talk } = await startServer({ inflateRatio });
    return refusalIn(await talk(post(packed, 'Connection: close\r\nContent-Encoding: gzip\r\n')));
  }),
  headerBytes: counted(2000, async (_context, headerBytes) => {
    const { talk } = await startServer({ headerBytes });
    const counts = `${echo}HostaConnectioncloseContent-Length1X`.length;
    return refusalIn(await talk(post('x', `Connection: close\r\nX: ${'y'.repeat(2000 - counts)}\r\n`)));
  }),
  headers: counted(10, async (_context, headers) => {
    const { talk } = await startServer({ headers });
    return refusalIn(await talk(post('x', `Connection: close\r\n${'A: b\r\n'.repeat(7)}`)));
  }),
  headersTimeoutMs: timed(async (_context, headersTimeoutMs) => {
    const running = await startServer({ headersTimeoutMs });
    return refusalIn(await pausing(running, head, 'Connection: close\r\nContent-Length: 1\r\n\r\nx'));
  }),
  bodyIdleTimeoutMs: timed(async (_context, bodyIdleTimeoutMs) => {
    const running = await startServer({ bodyIdleTimeoutMs });
    return refusalIn(await pausing(running, `${head}Connection: close\r\nContent-Length: 2\r\n\r\nx`, 'y'));
  }),
  bodyBytesPerSecond: {
    enough: 1,
    tooLittle: 2 ** 31 - 1,
    use: async (_context, bodyBytesPerSecond) => {
      const { open } = await startServer({ bodyIdleTimeoutMs: 5 * pauseMs, bodyBytesPerSecond });
      const socket = await open();
      const said = everything(socket);
      socket.write(`${head}Connection: close\r\nContent-Length: 8\r\n\r\n`);
      for (let sent = 0; sent < 8 && !socket.destroyed; sent += 1) {
        socket.write('x');
        await pause();
      }
      const reply = await said;
      socket.destroy();
      return refusalIn(reply);
    },
  },
  requestTimeoutMs: timed(async (_context, requestTimeoutMs) => {
    const running = await startServer({ requestTimeoutMs });
    return refusalIn(await pausing(running, `${head}Connection: close\r\nContent-Length: 2\r\n\r\nx`, 'y'));
  }),
  replyIdleTimeoutMs: unsaid(
    'It does not read.',
    timed(async (_context, replyIdleTimeoutMs) => {
      const huge = Buffer.alloc(16 * 1024 * 1024);
      const { open } = await startServer({ replyIdleTimeoutMs }, [
        { path: '/huge', GET: () => ({ status: 200, headers: {}, body: huge }) },
      ]);
      const socket = await open();
      socket.write('GET /huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await pause();
      const reply = await everything(socket);
      socket.destroy();
      return reply.length > huge.length ? undefined : 'cut';
    }),
  ),
  replyBytesPerSecond: unsaid('It reads too slowly to be told.', {
    enough: 1,
    tooLittle: 2 ** 31 - 1,
    use: async (_context, replyBytesPerSecond) => {
      const huge = Buffer.alloc(32 * 1024 * 1024);
      const { open } = await startServer({ replyIdleTimeoutMs: 5 * pauseMs, replyBytesPerSecond }, [
        { path: '/huge', GET: () => ({ status: 200, headers: {}, body: huge }) },
      ]);
      const socket = await open();
      socket.on('error', () => undefined);
      socket.write('GET /huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      let [received, pauses] = [0, 0];
      for await (const chunk of socket) {
        received += (chunk as Buffer).length;
        if (received <= (huge.length / 10) * pauses) continue;
        pauses += 1;
        await pause();
      }
      return received > huge.length ? undefined : 'cut';
    },
  }),
  keepAliveMs: unsaid(
    'Nothing is under way.',
    timed(async (_context, keepAliveMs) => {
      const { open } = await startServer({ keepAliveMs });
      const socket = await open();
      socket.write(post('first', ''));
      await until(socket, 'first');
      const more = everything(socket);
      await pause();
      if (!socket.destroyed) socket.write(post('second'));
      const reply = await more;
      socket.destroy();
      return reply.endsWith('second') ? undefined : 'closed';
    }),
  ),
  streams: counted(3, (_context, streams) => onThirdStream({ streams })),
  streamsPerAccount: counted(3, (_context, streamsPerAccount) => onThirdStream({ streamsPerAccount }, 'acme')),
  drainBytes: unsaid(
    'The refusal has been sent.',
    counted(50_000, async (_context, drainBytes) => {
      const { open, talk } = await startServer({ bodyBytes: 1, drainBytes });
      const socket = await open();
      socket.on('error', () => {});
      socket.write(`${head}Content-Length: 1000000\r\n\r\n`);
      await until(socket, 'limits.http.bodyBytes');
      // What came before another request is answered has been read. What is sent to nobody is reset, as what follows it meets.
      socket.write(Buffer.alloc(50_000));
      await talk(post('x'));
      socket.write('x');
      await talk(post('x'));
      const refused = await new Promise((resolve) => socket.write('x', resolve));
      const outcome = refused ? 'cut' : undefined;
      socket.destroy();
      return outcome;
    }),
  ),
  stopMs: unsaid(
    'The daemon ends.',
    timed(async (_context, stopMs) => {
      const { route, arrived, release } = holding();
      const { talk, server } = await startServer({ stopMs }, [route]);
      const reply = talk(chunked('/held', 1));
      await arrived;
      const closed = server.close();
      await pause();
      release();
      await closed;
      return (await reply) === '' ? 'cut' : undefined;
    }),
  ),
  lastWordsMs: unsaid(
    'The daemon ends.',
    timed(async (_context, lastWordsMs) => ((await within(lastWordsMs, pause())) ? undefined : 'cut')),
  ),
  connections: counted(3, async (_context, connections) => onOneMore(await startServer({ connections }), 2)),
  connectionsPerAddress: counted(3, async (_context, connectionsPerAddress) =>
    onOneMore(await startServer({ connectionsPerAddress }), 2),
  ),
  refusedConnections: unsaid(
    'It is closed because others are being told.',
    counted(2, async (_context, refusedConnections) => {
      const { open } = await startServer({ connections: 1, refusedConnections });
      const sockets = [await open()];
      const told: number[] = [];
      for (let more = 0; more < 2; more += 1) {
        const socket = await open();
        sockets.push(socket);
        told.push(statusOf(await everything(socket)));
      }
      for (const socket of sockets) socket.destroy();
      return told.every((status) => status === 503) ? undefined : 'closed';
    }),
  ),
};
