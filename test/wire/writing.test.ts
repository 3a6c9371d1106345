import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { gunzipSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import type { Route } from '../../daemon/wire/route.ts';
import type { Parts } from '../../daemon/wire/writing.ts';
import { bodyOf, closeServers, contentOfChunks, startServer } from './raw-http.ts';

const MiB = 1024 * 1024;
const pieces = Array.from({ length: 5000 }, (_, index) => Buffer.from(`piece ${index} of a long reply, `.repeat(4)));
const whole = Buffer.concat(pieces).toString();
const partsOf = (all: readonly (string | Uint8Array)[]): Parts => ({
  bytes: all.reduce((sum, part) => sum + Buffer.byteLength(part), 0),
  [Symbol.iterator]: () => all[Symbol.iterator](),
});
const routes = (parts: readonly (string | Uint8Array)[]): Route[] => [
  { path: '/long', GET: () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: partsOf(parts) }) },
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

  it('is compressed while it is sent, in chunks, for a client that names gzip or deflate, gzip before deflate', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const codings = { gzip: gunzipSync, deflate: inflateSync } as const;
    for (const [accept, coding] of [
      ['gzip', 'gzip'],
      ['deflate', 'deflate'],
      ['deflate;q=0.9, gzip;q=0.1', 'gzip'],
      ['gzip;q=0, Deflate', 'deflate'],
    ] as const) {
      const reply = await talk(get(accept));
      expect(reply).to.include(`\r\nContent-Encoding: ${coding}\r\n`).and.include('\r\nTransfer-Encoding: chunked\r\n');
      expect(reply).not.to.include('Content-Length');
      expect(codings[coding](contentOfChunks(bodyOf(reply))).toString()).to.equal(whole);
    }
  });

  it('has its length also compressed as long as it is not longer than 256 KiB', async () => {
    const shorter = pieces.slice(0, 1000);
    const { talk } = await startServer({}, routes(shorter));
    const reply = await talk(get('gzip'));
    const packed = Buffer.from(bodyOf(reply), 'latin1');
    expect(reply).to.include('\r\nContent-Encoding: gzip\r\n').and.include(`\r\nContent-Length: ${packed.length}\r\n`);
    expect(gunzipSync(packed).toString()).to.equal(Buffer.concat(shorter).toString());
  });

  it('is sent as it is, with its length, to HTTP/1.0, which has no chunks', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const reply = await talk('GET /long HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n');
    expect(reply).to.include(`\r\nContent-Length: ${whole.length}\r\n`).and.not.include('Content-Encoding');
    expect(bodyOf(reply)).to.equal(whole);
  });

  it('can be text and bytes by turns, with characters wherever they are cut', async () => {
    const long = `${'x'.repeat(64 * 1024 - 1)}${'😀é'.repeat(MiB / 4)}`;
    const { talk } = await startServer(
      {},
      routes(['größer', Buffer.from(' é '), long, '', Buffer.from('\u{1f600}'), 'e']),
    );
    const reply = await talk(get());
    expect(Buffer.from(bodyOf(reply), 'latin1').toString()).to.equal(`größer é ${long}\u{1f600}e`);
  });

  it('leaves others their turn while it is written', async () => {
    let made = 0;
    const slow: Parts = {
      bytes: 100 * 64 * 1024,
      *[Symbol.iterator]() {
        for (; made < 100; made++) {
          const from = performance.now();
          while (performance.now() - from < 1);
          yield 'x'.repeat(64 * 1024);
        }
      },
    };
    let before = 0;
    const { open, talk } = await startServer({}, [
      { path: '/long', GET: () => ({ status: 200, headers: {}, body: slow }) },
      {
        path: '/short',
        GET: () => {
          before = made;
          return { status: 200, headers: {}, body: 'short' };
        },
      },
    ]);
    const other = await open();
    const reply = talk(get());
    while (made === 0) await new Promise(setImmediate);
    other.write('GET /short HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(other, 'readable');
    expect(before).to.be.within(1, 99);
    expect(bodyOf(await reply).length).to.equal(slow.bytes);
    other.destroy();
  });

  it('ends the connection when it is another at its second reading, so that nobody takes it for whole', async () => {
    for (const [announced, accept] of [
      [100_000, 'identity'],
      [99_998, 'identity'],
    ] as const) {
      const body: Parts = { bytes: announced, [Symbol.iterator]: () => ['x'.repeat(99_999)][Symbol.iterator]() };
      const { talk, logged } = await startServer({}, [
        { path: '/long', GET: () => ({ status: 200, headers: {}, body }) },
      ]);
      const reply = await talk(get(accept));
      expect(bodyOf(reply).length).to.be.lessThan(announced);
      const [facts] = logged[0]!;
      expect((facts as { err: Error }).err.message).to.match(/^A reply of \d+ bytes had \d+ when it was written\.$/);
    }
  });

  it('ends the connection when it cannot be written to its end, compressed or not', async () => {
    for (const accept of ['identity', 'gzip']) {
      const body: Parts = {
        bytes: MiB,
        *[Symbol.iterator]() {
          yield 'x'.repeat(MiB / 2);
          throw new Error('It broke.');
        },
      };
      const { talk, logged } = await startServer({}, [
        { path: '/long', GET: () => ({ status: 200, headers: {}, body }) },
      ]);
      const reply = await talk(get(accept));
      expect(bodyOf(reply)).not.to.match(/\r\n0\r\n\r\n$/);
      expect(logged.map(([facts]) => (facts as { err: Error }).err.message)).to.deep.equal(['It broke.']);
    }
  });

  it('is answered to HEAD by its length alone', async () => {
    const { talk } = await startServer({}, routes(pieces));
    const reply = await talk(get().replace('GET', 'HEAD'));
    expect(reply).to.include(`\r\nContent-Length: ${whole.length}\r\n`);
    expect(bodyOf(reply)).to.equal('');
    const packed = await talk(get('gzip').replace('GET', 'HEAD'));
    expect(packed).to.include('\r\nTransfer-Encoding: chunked\r\n');
    expect(bodyOf(packed)).to.equal('');
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

  for (const accept of ['identity', 'gzip']) {
    it(`goes out no faster than it is read, and gives back what it was lent once it has gone: ${accept}`, async () => {
      let taken = 0;
      let given = 0;
      const body: Parts = {
        bytes: 64 * MiB,
        giveBack: () => {
          given += 1;
        },
        *[Symbol.iterator]() {
          // What does not compress.
          for (; taken < 64; taken++) yield randomBytes(MiB);
        },
      };
      const { open, talk } = await startServer({}, [
        { path: '/long', GET: () => ({ status: 200, headers: {}, body }) },
        { path: '/short', GET: () => ({ status: 200, headers: {}, body: '' }) },
      ]);
      const socket = await open();
      socket.write(get(accept));
      await once(socket, 'readable');
      for (let before = -1; before < taken; ) {
        before = taken;
        for (let turn = 0; turn < 20; turn++) await talk('GET /short HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      }
      // What the kernel holds of replies is some megabytes.
      expect(taken).to.be.within(1, 20);
      expect(given).to.equal(0);
      let received = 0;
      for await (const chunk of socket) received += (chunk as Buffer).length;
      expect(received).to.be.greaterThan(64 * MiB);
      expect(taken).to.equal(64);
      while (given === 0) await new Promise(setImmediate);
      expect(given).to.equal(1);
    });
  }
});
