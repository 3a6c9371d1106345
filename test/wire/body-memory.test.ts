/** What bodies of requests take in memory, whatever their senders do. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { readBody } from '../../daemon/wire/body.ts';
import { type Bytes, wholeOf } from '../../daemon/wire/bytes.ts';
import { IncomingBody } from '../../daemon/wire/incoming-body.ts';
import { closeServers, echo, everything, post, startServer, statusOf, until } from './raw-http.ts';

const MiB = 1024 * 1024;

/** Bytes that are still referred to: packets that were read and dropped are no more than garbage. */
const kept = (where: 'arrayBuffers' | 'heapUsed'): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // What the first has found is given back beside it, and is when the next one begins.
  collect();
  return process.memoryUsage()[where];
};

describe('The memory of HTTP request bodies', () => {
  afterEach(closeServers);

  it('keeps little more than the bytes of a body, though each comes by itself', async () => {
    const request = new Readable({ read: () => undefined }) as IncomingMessage;
    const body = new Promise<Buffer | Bytes | undefined>((done) => {
      const rest = { hold: () => true, gone: () => undefined, done };
      readBody({ request, expected: undefined, coding: 'identity', limits: defaultLimits.http, ...rest });
    });
    const before = kept('heapUsed');
    for (let sent = 0; sent < 300_000; sent += 100) {
      for (let byte = 0; byte < 100; byte += 1) request.push(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(kept('heapUsed') - before).to.be.below(8 * MiB);
    request.push(null);
    const hundred = Buffer.from(Array.from({ length: 100 }, (_, byte) => byte));
    expect(wholeOf((await body)!).equals(Buffer.alloc(300_000, hundred))).to.equal(true);
  });

  it('joins the chunks that came in one packet', async () => {
    const body = new IncomingBody('chunked', defaultLimits.http, () => undefined);
    const seen: string[] = [];
    body.on('data', (piece: Buffer) => seen.push(piece.toString()));
    expect(body.feed(Buffer.from('1\r\na\r\n2\r\nbc\r\n3\r\nd'))).to.equal(17);
    expect(body.feed(Buffer.from('ef\r\n0\r\n\r\nGET'))).to.equal(9);
    await once(body, 'end');
    expect(seen).to.deep.equal(['abcd', 'ef']);
  });

  it('keeps nothing of a body once it is answered, nor what came with it, though its connection stays', async () => {
    const forgets = () => ({ status: 200, headers: {}, body: 'done' });
    const { open } = await startServer({}, [{ path: '/forgets', POST: forgets }]);
    const before = kept('arrayBuffers');
    const sockets = await Promise.all(Array.from({ length: 400 }, () => open()));
    const request = post('x'.repeat(3_000), '').toString().replace(echo, '/forgets');
    for (const socket of sockets) {
      socket.write(request);
      await until(socket, 'done');
    }
    // Of each its head is kept, to know the next one by.
    expect(kept('arrayBuffers') - before).to.be.below(400 * 1024);
    for (const socket of sockets) socket.destroy();
  });

  it('takes no memory for a length that is announced', async () => {
    const { open } = await startServer();
    const before = kept('arrayBuffers');
    const sockets = await Promise.all(Array.from({ length: 16 }, () => open()));
    for (const socket of sockets) {
      socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${16 * MiB}\r\n\r\n`);
      await until(socket, '100 Continue');
    }
    expect(kept('arrayBuffers') - before).to.be.below(16 * MiB);
    for (const socket of sockets) socket.destroy();
  });

  const hundred = Buffer.alloc(100_000_000);
  for (const [name, header, prefix] of [
    ['announced', `Content-Length: ${hundred.length}`, ''],
    ['chunked', 'Transfer-Encoding: chunked', `${hundred.length.toString(16)}\r\n`],
  ] as const) {
    it(`lets a client that sends 100 MB, ${name}, see the refusal, and keeps none of it`, async () => {
      const { open } = await startServer();
      const socket = await open();
      const before = kept('arrayBuffers');
      const reply = everything(socket);
      socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n${prefix}`);
      // The client writes everything before it reads, as most do.
      await new Promise<void>((resolve) => socket.write(hundred, () => resolve()));
      // Packets under way are counted here, and nothing but what is kept once the reply is there.
      expect(kept('arrayBuffers') - before).to.be.below(64 * MiB);
      expect(statusOf(await reply)).to.equal(413);
      expect(kept('arrayBuffers') - before).to.be.below(16 * MiB);
      socket.destroy();
    });
  }
});
