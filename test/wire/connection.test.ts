import { once } from 'node:events';
import { expect } from 'chai';
import type { HttpRequest, Route } from '../../daemon/wire/route.ts';
import { bodyOf, closeServers, echo, everything, post, startServer, until } from './raw-http.ts';

const MiB = 1024 * 1024;

/** A route whose requests are answered when they are let go, in any order. */
const held = () => {
  const paths: string[] = [];
  const waiting = new Map<string, () => void>();
  const arrivals: (() => void)[] = [];
  const route: Route = {
    path: '/held',
    below: true,
    GET: ({ path }) => {
      paths.push(path);
      for (const arrived of arrivals.splice(0)) arrived();
      return new Promise((resolve) =>
        waiting.set(path, () => resolve({ status: 200, headers: {}, body: `<${path}>` })),
      );
    },
  };
  const arrived = async (path: string) => {
    while (!waiting.has(path)) await new Promise<void>((resolve) => arrivals.push(resolve));
  };
  return { route, paths, arrived, release: (path: string) => waiting.get(path)!() };
};
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

describe('HTTP connections', () => {
  afterEach(closeServers);

  it('begin a request when the one before it is answered: what they change happens in their order', async () => {
    const { route, paths, arrived, release } = held();
    const { open } = await startServer({}, [route]);
    const socket = await open();
    const said = everything(socket);
    socket.write(get('/held/1') + get('/held/2', 'Connection: close\r\n') + get('/held/3'));
    await arrived('/held/1');
    expect(paths).to.deep.equal(['/held/1']);
    release('/held/1');
    await arrived('/held/2');
    release('/held/2');
    expect((await said).match(/<.*>/g)).to.deep.equal(['</held/1>', '</held/2>']);
    expect(paths).to.deep.equal(['/held/1', '/held/2']);
    socket.destroy();
  });

  it('answer everything that was sent before the peer closed its direction, and then close', async () => {
    const { open, talk } = await startServer();
    const socket = await open();
    const said = everything(socket);
    socket.end(Buffer.concat([post('one', ''), post('two', ''), post('three', '')]));
    expect((await said).match(/\r\n\r\n(one|two|three)/g)).to.have.length(3);
    socket.destroy();
    expect(await talk(post('still here'))).to.match(/still here$/);
  });

  it('say what is wrong when the peer closes in the middle of a head, and nothing when it has said nothing', async () => {
    const { open, refused } = await startServer();
    const silent = await open();
    silent.end();
    expect(await everything(silent)).to.equal('');
    const half = await open();
    half.end(`POST ${echo} HTTP/1.1\r\nHost`);
    expect(bodyOf(await everything(half))).to.equal('The request ends in the middle of its headers.\n');
    expect(refused).to.deep.equal(['malformed']);
  });

  it('abort both signals of a request whose peer goes before the reply', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<HttpRequest>();
    const waiting: Route = {
      path: '/wait',
      GET: (request) => {
        resolve(request);
        return once(request.signal, 'abort').then(() => ({ status: 200, headers: {}, body: 'given up' }));
      },
    };
    const { open } = await startServer({}, [waiting]);
    const socket = await open();
    socket.write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n');
    const { signal, ended } = await arrived;
    const aborted = [once(signal, 'abort'), once(ended, 'abort')];
    expect([signal.aborted, ended.aborted]).to.deep.equal([false, false]);
    socket.resetAndDestroy();
    await Promise.all(aborted);
    expect([signal.aborted, ended.aborted]).to.deep.equal([true, true]);
  });

  it('abort one of them when the peer sends nothing more, and send it the reply', async () => {
    let signals: AbortSignal[] = [];
    const route: Route = {
      path: '/wait',
      GET: async ({ signal, ended }) => {
        signals = [signal, ended];
        await once(ended, 'abort');
        return { status: 200, headers: {}, body: 'here it is' };
      },
    };
    const { open } = await startServer({}, [route]);
    const socket = await open();
    const reply = everything(socket);
    socket.end('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(bodyOf(await reply)).to.equal('here it is');
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, true]);
    socket.destroy();
  });

  it('do not abort the signal of a request that was answered', async () => {
    const { open, seen, server } = await startServer();
    const socket = await open();
    socket.write(post('x', ''));
    await until(socket, '\r\n\r\nx');
    const { signal } = seen[0] as { signal: AbortSignal };
    socket.destroy();
    await server.close();
    expect(signal.aborted).to.equal(false);
  });

  it('notice that the peer goes though it has sent more', async () => {
    const aborted = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const route: Route = {
      path: '/wait',
      GET: async ({ ended }) => {
        arrived.resolve();
        await once(ended, 'abort');
        aborted.resolve();
        return { status: 200, headers: {}, body: '' };
      },
    };
    const { open } = await startServer({}, [route]);
    const socket = await open();
    // Nearly as much as is read at once.
    socket.write(`${get('/wait')}\r\n${get('/nothing').repeat(1_800)}`);
    await arrived.promise;
    socket.destroy();
    await aborted.promise;
  });

  it('tell each request that was sent before the peer ended that nothing more comes', async () => {
    let waited = 0;
    const route: Route = {
      path: '/wait',
      GET: async (request) => {
        // As calls do, it looks for the signal only after it has found out who calls.
        await Promise.resolve();
        await once(request.ended, 'abort');
        waited += 1;
        return { status: 200, headers: {}, body: '' };
      },
    };
    const { open } = await startServer({}, [route]);
    const socket = await open();
    const replies = everything(socket);
    socket.end(get('/wait').repeat(3));
    await replies;
    expect(waited).to.equal(3);
  });

  it('take no more requests from a peer that does not read, and all of them once it does', async () => {
    const body = Buffer.alloc(MiB, 'x');
    let answered = 0;
    const route: Route = {
      path: '/long',
      GET: () => {
        answered += 1;
        return { status: 200, headers: {}, body };
      },
    };
    const { open, talk } = await startServer({}, [route]);
    const socket = await open();
    const requests = 40;
    socket.write(get('/long').repeat(requests));
    while (answered === 0) await talk(post('x'));
    const unread = answered;
    // What the kernel holds of replies is some megabytes.
    expect(unread).to.be.below(requests / 2);
    let received = 0;
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      if (received > requests * MiB) break;
    }
    expect(answered).to.equal(requests);
  });

  it('hold little of what a peer sends ahead', async () => {
    const { route, arrived, release } = held();
    const { open } = await startServer({}, [route]);
    const socket = await open();
    socket.write(get('/held/1'));
    await arrived('/held/1');
    const sent = 64 * MiB;
    const flood = Buffer.from(get('/nothing').repeat(Math.ceil(sent / get('/nothing').length)));
    let taken = false;
    socket.write(flood, () => {
      taken = true;
    });
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(taken).to.equal(false);
    release('/held/1');
    await until(socket, '</held/1>');
    socket.destroy();
  });

  it('serve a thousand requests of one packet in their order', async () => {
    const { talk } = await startServer();
    const requests = Array.from({ length: 1000 }, (_, at) =>
      post(`<${at}>`, at === 999 ? 'Connection: close\r\n' : ''),
    );
    const replies = (await talk(Buffer.concat(requests))).match(/<\d+>/g);
    expect(replies).to.deep.equal(Array.from({ length: 1000 }, (_, at) => `<${at}>`));
  });
});
