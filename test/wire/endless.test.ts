import { once } from 'node:events';
import { expect } from 'chai';
import type { Route } from '../../daemon/wire/route.ts';
import { closeServers, everything, startServer, statusOf, until } from './raw-http.ts';

const get = 'GET /endless HTTP/1.1\r\nHost: a\r\n\r\n';

/** Says `begun`, and resolves `over` with how it ended once nobody wants more. */
const endless = (pieces: (over: AbortSignal) => AsyncGenerator<string, void>) => {
  const { promise: over, resolve } = Promise.withResolvers<AbortSignal>();
  const route: Route = {
    path: '/endless',
    GET: () => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain' },
      async *body(signal) {
        try {
          yield* pieces(signal);
        } finally {
          resolve(signal);
        }
      },
    }),
  };
  return { route, over };
};
const silent = () =>
  endless(async function* (over) {
    yield 'begun\n';
    await once(over, 'abort');
  });

describe('A reply without an end', () => {
  afterEach(closeServers);

  it('is sent as it comes, and ends with its connection', async () => {
    const { route } = endless(async function* () {
      yield 'one\n';
      yield 'two\n';
    });
    const { talk } = await startServer({}, [route]);
    const reply = await talk(get);
    expect(reply)
      .to.match(/\r\nConnection: close\r\n/)
      .and.to.not.include('Content-Length');
    expect(reply).to.match(/\r\n\r\none\ntwo\n$/);
  });

  it('is over when its peer goes, or sends nothing more', async () => {
    for (const leave of ['destroy', 'end'] as const) {
      const { route, over } = silent();
      const { open } = await startServer({}, [route]);
      const socket = await open();
      socket.write(get);
      await until(socket, 'begun');
      socket[leave]();
      expect((await over).aborted).to.equal(true);
      socket.destroy();
    }
  });

  it('is over when the server stops, before requests under way are', async () => {
    for (const stop of ['stopAccepting', 'close'] as const) {
      const { route, over } = silent();
      const { open, server } = await startServer({}, [route]);
      const socket = await open();
      const reply = everything(socket);
      socket.write(get);
      await once(socket, 'data');
      const stopped = server[stop]();
      expect((await over).aborted).to.equal(true);
      expect(await reply).to.match(/begun\n$/);
      socket.destroy();
      await stopped;
    }
  });

  it('is asked for no faster than it is read, and cut when it is not read at all', async () => {
    let made = 0;
    const { route, over } = endless(async function* () {
      for (;;) {
        made += 1;
        yield 'x'.repeat(64 * 1024);
      }
    });
    const { open } = await startServer({ replyIdleTimeoutMs: 200 }, [route]);
    const socket = await open();
    socket.write(get);
    socket.pause();
    expect((await over).aborted).to.equal(true);
    // What the kernel takes for a peer that does not read, and no more.
    expect(made).to.be.lessThan(200);
    socket.destroy();
  });

  it('has a head and nothing else for HEAD', async () => {
    let begun = false;
    const { route } = endless(async function* () {
      begun = true;
      yield 'begun\n';
    });
    const { talk } = await startServer({}, [route]);
    const reply = await talk(get.replace('GET', 'HEAD'));
    expect(statusOf(reply)).to.equal(200);
    expect(reply).to.match(/\r\n\r\n$/);
    expect(begun).to.equal(false);
  });

  it('ends when it fails, and the cause is logged', async () => {
    const { route } = endless(async function* () {
      yield 'begun\n';
      throw new Error('a bug');
    });
    const { talk, logged } = await startServer({}, [route]);
    expect(await talk(get)).to.match(/begun\n$/);
    expect(logged).to.have.nested.property('[0][0].err.message', 'a bug');
  });
});
