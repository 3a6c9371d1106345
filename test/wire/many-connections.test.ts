/** Connections that send at once: all of them read into one buffer, and none may see what another has sent. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { randomFrom } from '../support/random.ts';
import { closeServers, post, type Running, startServer } from './raw-http.ts';

/** What a connection reads at once. */
const atOnce = 64 * 1024;

/** Bytes as no other name has them, anywhere. */
const bytesOf = (name: string, length: number): Buffer => {
  const words = [createHash('sha512').update(name).digest()];
  for (let bytes = 0; bytes < length; bytes += 64) words.push(createHash('sha512').update(words.at(-1)!).digest());
  return Buffer.concat(words).subarray(0, length);
};

const inChunks = (body: Buffer, longest: number): Buffer => {
  const parts: (string | Buffer)[] = [];
  for (let at = 0; at < body.length; at += longest) {
    const chunk = body.subarray(at, at + longest);
    parts.push(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
  }
  return Buffer.concat([...parts, '0\r\n\r\n'].map((part) => Buffer.from(part as Buffer)));
};

const chunked = (body: Buffer, longest: number): Buffer => {
  const head = 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  return Buffer.concat([Buffer.from(head), inChunks(body, longest)]);
};

type Ways = Record<string, (body: Buffer) => Buffer>;
const ways: Ways = {
  'with its length': (body) => post(body, ''),
  'in long chunks': (body) => chunked(body, atOnce),
  'in short chunks': (body) => chunked(body, 4_001),
  compressed: (body) => post(gzipSync(body, { level: 1 }), 'Content-Encoding: gzip\r\n'),
};

/** The bodies of so many replies, which all have their length. */
const replies = async (socket: AsyncIterable<Buffer>, count: number): Promise<Buffer[]> => {
  const bodies: Buffer[] = [];
  let rest = Buffer.alloc(0);
  for await (const piece of socket) {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const [, length] =
        /^HTTP\/1\.1 200 .*^Content-Length: (\d+)\r$/ms.exec(rest.toString('latin1', 0, end + 2)) ?? [];
      if (length === undefined || rest.length < end + 4 + Number(length)) break;
      bodies.push(rest.subarray(end + 4, end + 4 + Number(length)));
      rest = rest.subarray(end + 4 + Number(length));
      if (bodies.length === count) return bodies;
    }
  }
  throw new Error(`The connection ended after ${bodies.length} replies: ${rest.toString('latin1', 0, 200)}`);
};

/** Sends all of it in pieces of any length, a turn of the event loop for each, and answers what comes back. */
const exchange = async ({ open }: Running, requests: Buffer[], random: (below: number) => number) => {
  const socket = await open();
  const all = Buffer.concat(requests);
  const reading = random(2) === 0 ? replies(socket, requests.length) : undefined;
  for (let at = 0; at < all.length; ) {
    const piece = all.subarray(at, at + 1 + random(random(2) === 0 ? 600 : 2 * atOnce));
    at += piece.length;
    // Who does not read until all is sent would wait for a server that waits for its reader.
    if (!socket.write(piece) && reading) await once(socket, 'drain');
    else await new Promise(setImmediate);
  }
  return (reading ?? replies(socket, requests.length)).finally(() => socket.destroy());
};

describe('Many connections at once', () => {
  afterEach(closeServers);

  for (const [way, encode] of Object.entries(ways)) {
    it(`each get back what they have sent ${way}, in pieces and ahead`, async () => {
      const random = randomFrom(way.length);
      const running = await startServer();
      const lengths = [0, 1, 700, 4_096, atOnce - 1, atOnce, atOnce + 1, 3 * atOnce];
      const each = Array.from({ length: 24 }, async (_, connection) => {
        const bodies = lengths.map((_, at) =>
          bytesOf(`${connection} ${at}`, lengths[(at + connection) % lengths.length]!),
        );
        const back = await exchange(running, bodies.map(encode), random);
        expect(back.map((body, at) => body.equals(bodies[at]!))).to.deep.equal(bodies.map(() => true));
      });
      await Promise.all(each);
    });
  }
});
