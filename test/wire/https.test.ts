import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { makeCertificate } from '../support/certificates.ts';
import { bodyOf, closeServers, everything, post, startServer, statusOf } from './raw-http.ts';

const selfSigned = () => {
  const folder = mkdtempSync(join(tmpdir(), 'annelid-tls-'));
  const { cert, key } = makeCertificate(folder);
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  rmSync(folder, { recursive: true });
  return pair;
};

describe('HTTPS server', () => {
  afterEach(closeServers);

  it('serves the same routes over TLS, and knows the address of the peer', async () => {
    const pair = selfSigned();
    const { port, seen } = await startServer({}, [], pair);
    const socket = connect({ host: '127.0.0.1', port, ca: pair.cert, servername: 'localhost' });
    await once(socket, 'secureConnect');
    const reply = everything(socket);
    socket.write(post('hello'));
    expect(bodyOf(await reply)).to.equal('hello');
    expect(seen[0]?.remote).to.equal('127.0.0.1');
  });

  it('keeps its limits over TLS', async () => {
    const pair = selfSigned();
    const { port } = await startServer({ bodyBytes: 3 }, [], pair);
    const socket = connect({ host: '127.0.0.1', port, ca: pair.cert, servername: 'localhost' });
    await once(socket, 'secureConnect');
    const reply = everything(socket);
    socket.write(post('hello'));
    expect(statusOf(await reply)).to.equal(413);
  });

  it('cuts who does not read, and not who reads in turns for longer: http.replyIdleTimeoutMs', async () => {
    const pair = selfSigned();
    const huge = Buffer.alloc(16 * 1024 * 1024, 'x');
    const replyIdleTimeoutMs = 800;
    const { port } = await startServer(
      { replyIdleTimeoutMs, replyBytesPerSecond: 1 },
      [{ path: '/huge', GET: () => ({ status: 200, headers: {}, body: huge }) }],
      pair,
    );
    const ask = async () => {
      const socket = connect({ host: '127.0.0.1', port, ca: pair.cert, servername: 'localhost' });
      await once(socket, 'secureConnect');
      socket.on('error', () => undefined).write('GET /huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await once(socket, 'readable');
      return socket;
    };
    const reading = await ask();
    let received = 0;
    let pauses = 0;
    const from = performance.now();
    for await (const chunk of reading) {
      received += (chunk as Buffer).length;
      if (received <= (huge.length / 16) * pauses) continue;
      pauses += 1;
      await delay(replyIdleTimeoutMs / 8);
    }
    expect(received).to.be.greaterThan(huge.length);
    expect(performance.now() - from).to.be.greaterThan(replyIdleTimeoutMs);
    const silent = await ask();
    await delay(3 * replyIdleTimeoutMs);
    const rest = await everything(silent);
    expect(rest.length).to.be.lessThan(huge.length);
  });

  it('closes a connection that never shakes hands: http.headersTimeoutMs', async () => {
    const { talk } = await startServer({ headersTimeoutMs: 60 }, [], selfSigned());
    expect(await talk()).to.equal('');
  });

  it('closes connections over the limit before the handshake: http.connections', async () => {
    const { open, talk, refused } = await startServer({ connections: 1 }, [], selfSigned());
    const held = await open();
    expect(await talk()).to.equal('');
    expect(refused).to.deep.equal(['connections']);
    held.destroy();
  });
});
