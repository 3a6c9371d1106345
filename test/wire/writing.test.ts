import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import type { Route } from '../../daemon/wire/route.ts';
import { writePieces } from '../../daemon/wire/writing.ts';
import { bodyOf, closeServers, startServer } from './raw-http.ts';

const MiB = 1024 * 1024;
const pieces = Array.from({ length: 5000 }, (_, index) => Buffer.from(`piece ${index} of a long reply, `.repeat(4)));
const whole = Buffer.concat(pieces).toString();
const routes = (body: readonly Uint8Array[]): Route[] => [
  { path: '/long', GET: () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body }) },
];
const get = (accept = 'identity', more = 'Connection: close\r\n'): string =>
  `GET /long HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${accept}\r\n${more}\r\n`;

describe('a reply in pieces', () => {
  afterEach(closeServers);

  it('is sent in order, with its length', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const reply = await talk(get());
    expect(reply).to.include(`\r\nContent-Length: ${whole.length}\r\n`);
    expect(bodyOf(reply)).to.equal(whole);
  });

  it('can be empty, or of one long piece among short ones', async () => {
    const long = [Buffer.from('a'), Buffer.alloc(MiB, 'b'), Buffer.from('c')];
    for (const body of [[], [Buffer.alloc(0)], long]) {
      const { talk } = await startServer({}, routes(body));
      expect(bodyOf(await talk(get()))).to.equal(Buffer.concat(body).toString());
    }
  });

  it('is compressed for a client that names gzip or deflate, gzip before deflate', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const codings = { gzip: gunzipSync, deflate: inflateSync } as const;
    for (const [accept, coding] of [
      ['gzip', 'gzip'],
      ['deflate', 'deflate'],
      ['deflate;q=0.9, gzip;q=0.1', 'gzip'],
      ['gzip;q=0, Deflate', 'deflate'],
    ] as const) {
      const reply = await talk(get(accept));
      const packed = Buffer.from(bodyOf(reply), 'latin1');
      expect(reply).to.include(`\r\nContent-Encoding: ${coding}\r\n`).and.include(`: ${packed.length}\r\n`);
      expect(codings[coding](packed).toString()).to.equal(whole);
    }
  });

  it('is answered to HEAD by its length alone', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const reply = await talk(get().replace('GET', 'HEAD'));
    expect(reply).to.include(`\r\nContent-Length: ${whole.length}\r\n`);
    expect(bodyOf(reply)).to.equal('');
  });

  it('is sent whole by a server that is told to close meanwhile', async () => {
    const large = Array.from({ length: 64 }, () => Buffer.alloc(MiB, 'x'));
    const { open, server } = await startServer({}, routes(large));
    const socket = await open();
    socket.write(get('identity', ''));
    let received = 0;
    await once(socket, 'readable');
    const closed = server.close();
    for await (const chunk of socket) received += (chunk as Buffer).length;
    await closed;
    expect(received).to.be.greaterThan(64 * MiB);
  });

  it('goes out no faster than it is read', async () => {
    const large = Array.from({ length: 64 }, () => Buffer.alloc(MiB, 'x'));
    let most = 0;
    let taken = 0;
    const server = createServer((_request, response) => {
      const watched = new Proxy(large, {
        get(target, key) {
          if (/^\d+$/.test(String(key))) {
            taken++;
            most = Math.max(most, response.writableLength);
          }
          return Reflect.get(target, key);
        },
      });
      writePieces(response, watched, () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    let received = 0;
    for await (const chunk of socket) received += (chunk as Buffer).length;
    server.close();
    expect(received).to.be.greaterThan(64 * MiB);
    expect(taken).to.be.at.least(64);
    expect(most).to.be.lessThan(2 * MiB);
  });
});
