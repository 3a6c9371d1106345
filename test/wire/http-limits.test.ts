import { expect } from 'chai';
import type { Route } from '../../daemon/wire/route.ts';
import { bodyOf, closeServers, echo, everything, post, startServer, statusOf, until } from './raw-http.ts';

describe('HTTP limits', () => {
  afterEach(closeServers);

  it('refuses headers that are too long: http.headerBytes', async () => {
    const { talk, refused } = await startServer({ headerBytes: 2048 });
    const reply = await talk(post('x', `X-Long: ${'y'.repeat(4096)}\r\n`));
    expect(statusOf(reply)).to.equal(431);
    expect(bodyOf(reply)).to.match(/limits\.http\.headerBytes/);
    expect(refused).to.deep.equal(['too-large']);
  });

  it('closes a connection on which half of the headers came: http.headersTimeoutMs', async () => {
    const { talk, refused } = await startServer({ headersTimeoutMs: 60 });
    expect(statusOf(await talk(`POST ${echo} HTTP/1.1\r\nHost:`))).to.equal(408);
    expect(refused).to.deep.equal(['timeout']);
  });

  it('closes a connection on which nothing came: http.headersTimeoutMs', async () => {
    const { talk } = await startServer({ headersTimeoutMs: 60 });
    expect(statusOf(await talk())).to.equal(408);
  });

  it('closes a connection whose headers trickle: http.headersTimeoutMs', async () => {
    const { open } = await startServer({ headersTimeoutMs: 60 });
    const socket = await open();
    socket.write(`POST ${echo} HTTP/1.1\r\n`);
    const trickle = setInterval(() => socket.write('X-A: b\r\n'), 5);
    const reply = await everything(socket);
    clearInterval(trickle);
    expect(statusOf(reply)).to.equal(408);
    socket.destroy();
  });

  it('refuses a body that stops half-way, in the words of the route: http.bodyIdleTimeoutMs', async () => {
    const { talk, refused } = await startServer({ bodyIdleTimeoutMs: 40 });
    const reply = await talk(`POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf`);
    expect(statusOf(reply)).to.equal(408);
    expect(bodyOf(reply)).to.match(/^in my words: .*limits\.http\.bodyIdleTimeoutMs/);
    expect(refused).to.deep.equal(['timeout']);
  });

  it('refuses a compressed body that stops half-way: http.bodyIdleTimeoutMs', async () => {
    const { talk } = await startServer({ bodyIdleTimeoutMs: 40 });
    const reply = await talk(
      `POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\x1f`,
    );
    expect(statusOf(reply)).to.equal(408);
  });

  it('refuses a body that trickles for too long: http.requestTimeoutMs', async () => {
    const { open } = await startServer({ requestTimeoutMs: 80, headersTimeoutMs: 80 });
    const socket = await open();
    socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n`);
    const trickle = setInterval(() => socket.write('x'), 5);
    const reply = await everything(socket);
    clearInterval(trickle);
    expect(statusOf(reply)).to.equal(408);
    expect(bodyOf(reply)).to.match(/limits\.http\.requestTimeoutMs/);
    socket.destroy();
  });

  it('does not count the time that the answer takes against the request', async () => {
    const slow: Route = {
      path: '/slow',
      POST: async () => {
        // Longer than the timeout, and than the interval at which overdue requests are looked for.
        await new Promise((resolve) => setTimeout(resolve, 120));
        return { status: 200, headers: {}, body: 'done' };
      },
    };
    const { talk } = await startServer({ requestTimeoutMs: 40, headersTimeoutMs: 40, bodyIdleTimeoutMs: 40 }, [slow]);
    const reply = await talk('POST /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx');
    expect(bodyOf(reply)).to.equal('done');
  });

  it('ends a connection that is idle after its request: http.keepAliveMs', async () => {
    const { talk } = await startServer({ keepAliveMs: 1 });
    expect(bodyOf(await talk(post('hello', '')))).to.equal('hello');
  });

  it('cuts a peer that does not read its reply: http.replyIdleTimeoutMs', async () => {
    const huge = Buffer.alloc(64 * 1024 * 1024);
    const { open, server } = await startServer({ replyIdleTimeoutMs: 40 }, [
      { path: '/huge', GET: () => ({ status: 200, headers: {}, body: huge }) },
    ]);
    const socket = await open();
    socket.on('error', () => undefined).pause();
    socket.write('GET /huge HTTP/1.1\r\nHost: a\r\n\r\n');
    const other = await open();
    other.write(post('y', ''));
    await until(other, '\r\n\r\ny');
    // With `stopMs` at its default of ten seconds, closing would outlast the test if the reply were still under way.
    await server.close();
    socket.destroy();
  });

  it('cuts a peer that does not read its reply, though it sends: http.replyIdleTimeoutMs', async () => {
    const huge = Buffer.alloc(32 * 1024 * 1024);
    const { open } = await startServer({ replyIdleTimeoutMs: 80 }, [
      { path: '/huge', GET: () => ({ status: 200, headers: {}, body: huge }) },
    ]);
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write('GET /huge HTTP/1.1\r\nHost: a\r\n\r\n');
    const sending = setInterval(() => socket.write('\r\n'), 5);
    await closed;
    clearInterval(sending);
  });

  it('answers 503 when there are too many connections: http.connections', async () => {
    const { open, talk, refused } = await startServer({ connections: 2 });
    const held = [await open(), await open()];
    expect(statusOf(await talk(post('x')))).to.equal(503);
    expect(refused).to.deep.equal(['connections']);
    for (const socket of held) socket.write(post('x', ''));
    await Promise.all(held.map((socket) => until(socket, '\r\n\r\nx')));
    for (const socket of held) socket.destroy();
  });

  it('answers 503 when one address has too many connections, until it closes one: http.connectionsPerAddress', async () => {
    const { open, talk } = await startServer({ connectionsPerAddress: 1 });
    const held = await open();
    expect(statusOf(await talk(post('x')))).to.equal(503);
    const ended = everything(held);
    held.write(post('x'));
    await ended;
    held.destroy();
    let reply = await talk(post('x'));
    // The end of the first connection may still be on its way.
    while (statusOf(reply) === 503) reply = await talk(post('x'));
    expect(bodyOf(reply)).to.equal('x');
  });

  it('gives back the room for a body whose sender has gone: http.bodiesBytes', async () => {
    const { open, talk } = await startServer({ bodiesBytes: 3000 });
    const body = 'x'.repeat(2000);
    const start = `POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${body}`;
    const whole = () => talk(`${start}\r\n0\r\n\r\n`);
    const half = await open();
    half.write(start);
    let reply = await whole();
    // The half may still be on its way.
    while (statusOf(reply) === 200) reply = await whole();
    expect(bodyOf(reply)).to.equal(
      'in my words: All request bodies together are longer than 3000 bytes (limits.http.bodiesBytes).',
    );
    half.destroy();
    while (statusOf(reply) !== 200) reply = await whole();
    expect(bodyOf(reply)).to.equal(body);
  });
});
