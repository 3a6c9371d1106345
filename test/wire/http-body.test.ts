import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { readBody } from '../../daemon/wire/body.ts';
import { Bytes, wholeOf } from '../../daemon/wire/bytes.ts';
import type { Route } from '../../daemon/wire/route.ts';
import { bodyOf, closeServers, echo, everything, post, startServer, statusOf, until } from './raw-http.ts';

const coded = (coding: string) => `Connection: close\r\nContent-Encoding: ${coding}\r\n`;
const MiB = 1024 * 1024;

describe('HTTP request bodies', () => {
  afterEach(closeServers);

  it('takes a body that comes in pieces', async () => {
    const { open } = await startServer();
    const socket = await open();
    const reply = everything(socket);
    const request = post('in several pieces');
    for (const byte of request) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(bodyOf(await reply)).to.equal('in several pieces');
  });

  it('takes a body whose headers came in a packet of their own', async () => {
    const { open } = await startServer();
    const socket = await open();
    const reply = everything(socket);
    socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n`);
    await new Promise(setImmediate);
    socket.write('hello');
    expect(bodyOf(await reply)).to.equal('hello');
  });

  it('takes no more than a part of a long body at once, though all of it is there', async () => {
    const length = 8 * MiB;
    let given = 0;
    const request = new Readable({
      read() {
        given += 64 * 1024;
        this.push(given > length ? null : Buffer.alloc(64 * 1024, 'x'));
      },
    });
    let turn = 0;
    let most = 0;
    request.on('data', (chunk: Buffer) => {
      turn += chunk.length;
      most = Math.max(most, turn);
    });
    let over = false;
    const count = () => {
      turn = 0;
      if (!over) setImmediate(count);
    };
    count();
    const body = await new Promise<Buffer | Bytes | undefined>((done) => {
      const reading = { expected: length, coding: 'identity', limits: defaultLimits.http } as const;
      const rest = { hold: () => true, gone: () => undefined, done };
      readBody({ request: request as IncomingMessage, ...reading, ...rest });
    });
    over = true;
    expect(body && wholeOf(body).equals(Buffer.alloc(length, 'x'))).to.equal(true);
    expect(most).to.be.below(MiB);
  });

  it('takes a long body byte for byte, however it is divided', async () => {
    const body = Buffer.alloc(3 * MiB + 1, 'all the bytes of it, ');
    const { open, seen } = await startServer();
    for (const size of [body.length, 100_000]) {
      const socket = await open();
      const reply = everything(socket);
      socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
      for (let from = 0; from < body.length; from += size) {
        socket.write(body.subarray(from, from + size));
        await new Promise(setImmediate);
      }
      await reply;
      expect(wholeOf(seen.at(-1)!.body).equals(body)).to.equal(true);
    }
  });

  it('takes long bodies in the pieces in which they came, whatever their coding', async () => {
    const body = Buffer.alloc(3 * MiB + 1, 'all the bytes of it, ');
    const inChunks = Buffer.concat([
      Buffer.from(`${body.length.toString(16)}\r\n`),
      body,
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const packed = gzipSync(body, { level: 0 });
    const sent: [headers: string, content: Buffer][] = [
      [`Content-Length: ${body.length}`, body],
      ['Transfer-Encoding: chunked', inChunks],
      [`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`, packed],
    ];
    const { open, seen } = await startServer();
    for (const [headers, content] of sent) {
      const socket = await open();
      const reply = everything(socket);
      socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n\r\n`);
      socket.write(content);
      expect(bodyOf(await reply) === body.toString('latin1'), headers).to.equal(true);
      const { body: read } = seen.at(-1)!;
      expect([read instanceof Bytes, wholeOf(read).equals(body)], headers).to.deep.equal([true, true]);
    }
  });

  it('takes chunked bodies', async () => {
    const { talk } = await startServer();
    const reply = await talk(
      `POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
      Buffer.from('5;ext=1;name="é \\"x\\\\"\r\nhello\r\n', 'latin1'),
      '6\r\n world\r\n0\r\nTrailer: x\r\n\r\n',
    );
    expect(bodyOf(reply)).to.equal('hello world');
  });

  it('refuses chunks that are malformed in the words of the route', async () => {
    const { talk } = await startServer();
    const reply = await talk(
      `POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '5\r\nhello\r\nzz\r\n',
    );
    expect(statusOf(reply)).to.equal(400);
    expect(bodyOf(reply)).to.equal('in my words: This is not a well-formed HTTP request.');
  });

  it('refuses Content-Length beside Transfer-Encoding, with which requests are smuggled', async () => {
    const { talk } = await startServer();
    const reply = await talk(
      `POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(statusOf(reply)).to.equal(400);
  });

  it('takes a POST without a body and without a content type', async () => {
    const { talk, seen } = await startServer();
    expect(statusOf(await talk(`POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))).to.equal(200);
    expect(seen[0]?.body).to.have.length(0);
    expect(seen[0]?.headers['content-type']).to.equal(undefined);
  });

  it('closes the connection after a request whose body it did not read', async () => {
    const { talk } = await startServer({}, [
      { path: '/page', GET: () => ({ status: 200, headers: {}, body: 'page' }) },
    ]);
    const smuggled = `GET ${echo} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const replies = await talk(
      `GET /page HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    expect(replies.match(/HTTP\/1\.1 /g)).to.have.length(1);
    expect(replies)
      .to.match(/\r\nConnection: close\r\n/)
      .and.to.match(/page$/);
  });

  it('answers a client that closes its own direction after the request, however long the answer takes', async () => {
    const slow: Route = {
      path: '/slow',
      POST: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return { status: 200, headers: {}, body: 'at last' };
      },
    };
    const { open } = await startServer({}, [slow]);
    const socket = await open();
    const reply = everything(socket);
    socket.end('POST /slow HTTP/1.0\r\nContent-Length: 1\r\n\r\nx');
    expect(bodyOf(await reply)).to.equal('at last');
  });

  it('refuses a body whose sender closes in the middle of it', async () => {
    const { open, seen } = await startServer();
    const socket = await open();
    const reply = everything(socket);
    socket.end(`POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf`);
    expect(statusOf(await reply)).to.equal(400);
    expect(seen).to.deep.equal([]);
  });

  describe('Expect', () => {
    const expecting = (length: number) =>
      `POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;

    it('is answered with 100 before the body is sent', async () => {
      const { open } = await startServer();
      const socket = await open();
      socket.write(expecting(5));
      expect(await until(socket, '\r\n\r\n')).to.match(/^HTTP\/1\.1 100 Continue\r\n/);
      const reply = everything(socket);
      socket.write('hello');
      expect(bodyOf(await reply)).to.equal('hello');
    });

    it('is answered with the refusal when the body would be too large', async () => {
      const { talk } = await startServer({ bodyBytes: 4 });
      expect(statusOf(await talk(expecting(5)))).to.equal(413);
    });

    it('is answered with 417 when it is something else', async () => {
      const { talk } = await startServer();
      const reply = await talk(
        `POST ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: a-miracle\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(statusOf(reply)).to.equal(417);
    });
  });

  describe('content codings', () => {
    const text = 'a machine '.repeat(100_000);
    const codings: [name: string, header: string, body: Buffer][] = [
      ['gzip', 'gzip', gzipSync(text)],
      ['x-gzip', 'X-GZip', gzipSync(text)],
      ['deflate with a zlib header', 'deflate', deflateSync(text)],
      ['deflate without a zlib header', 'deflate', deflateRawSync(text)],
      ['identity', 'identity', Buffer.from(text)],
    ];
    for (const [name, header, body] of codings) {
      it(`removes ${name}`, async () => {
        const { talk } = await startServer();
        expect(bodyOf(await talk(post(body, coded(header))))).to.equal(text);
      });
    }

    it('removes gzip from a chunked body', async () => {
      const { talk } = await startServer();
      const body = gzipSync('hello');
      const reply = await talk(
        `POST ${echo} HTTP/1.1\r\nHost: a\r\n${coded('gzip')}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
        body,
        '\r\n0\r\n\r\n',
      );
      expect(bodyOf(reply)).to.equal('hello');
    });

    for (const header of ['br', 'zstd', 'gzip, gzip', 'gzip, identity', 'gzip2']) {
      it(`refuses "${header}" with 415`, async () => {
        const { talk, refused } = await startServer();
        const reply = await talk(post('x', coded(header)));
        expect(statusOf(reply)).to.equal(415);
        expect(reply).to.match(/\r\nX-Kind: unsupported-encoding\r\n/);
        expect(refused).to.deep.equal(['unsupported-encoding']);
      });
    }

    const whole = gzipSync(text);
    const broken: [name: string, body: Buffer][] = [
      ['a bad header', Buffer.from('\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', 'latin1')],
      ['no gzip at all', Buffer.from('<?xml version="1.0"?>')],
      ['an end that is missing', whole.subarray(0, whole.length - 9)],
      ['a wrong checksum', Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)])],
    ];
    for (const [name, body] of broken) {
      it(`refuses gzip with ${name}, and lives on`, async () => {
        const { talk } = await startServer();
        const reply = await talk(post(body, coded('gzip')));
        expect(statusOf(reply)).to.equal(400);
        expect(bodyOf(reply)).to.equal('in my words: The request body is not valid gzip data.');
        expect(bodyOf(await talk(post('still here')))).to.equal('still here');
      });
    }
  });

  describe('limits', () => {
    it('refuses a body by its Content-Length before reading it: http.bodyBytes', async () => {
      const { talk, seen } = await startServer({ bodyBytes: 100 });
      const reply = await talk(post(Buffer.alloc(101)));
      expect(statusOf(reply)).to.equal(413);
      expect(bodyOf(reply)).to.equal('in my words: The request body is longer than 100 bytes (limits.http.bodyBytes).');
      expect(seen).to.deep.equal([]);
      expect(bodyOf(await talk(post(Buffer.alloc(100, 'x'))))).to.have.length(100);
    });

    it('refuses a chunked body once it is too long: http.bodyBytes', async () => {
      const { talk } = await startServer({ bodyBytes: 100 });
      const reply = await talk(
        `POST ${echo} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n${'x'.repeat(101)}\r\n`,
      );
      expect(statusOf(reply)).to.equal(413);
    });

    it('refuses a compressed body once it becomes too long: http.bodyBytes', async () => {
      const { talk } = await startServer({ bodyBytes: 2 * MiB, inflateRatio: 100_000 });
      const reply = await talk(post(gzipSync(Buffer.alloc(64 * MiB)), coded('gzip')));
      expect(statusOf(reply)).to.equal(413);
      expect(bodyOf(reply)).to.match(/http\.bodyBytes/);
    });

    it('refuses a body that becomes too many times longer: http.inflateRatio', async () => {
      const { talk } = await startServer({ inflateRatio: 50 });
      const reply = await talk(post(gzipSync(Buffer.alloc(8 * MiB)), coded('gzip')));
      expect(statusOf(reply)).to.equal(413);
      expect(bodyOf(reply)).to.match(/http\.inflateRatio/);
    });

    it('lets a short body become as many times longer as it likes', async () => {
      const { talk } = await startServer({ inflateRatio: 2 });
      expect(bodyOf(await talk(post(gzipSync(Buffer.alloc(MiB, 'x')), coded('gzip'))))).to.have.length(MiB);
    });

    const hundred = Buffer.alloc(100_000_000);
    it('cuts a client that goes on sending after a refusal: http.drainBytes', async () => {
      const { open } = await startServer({ bodyBytes: 100, drainBytes: MiB });
      const socket = await open();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined).resume();
      socket.write(`POST ${echo} HTTP/1.1\r\nHost: a\r\nContent-Length: ${hundred.length}\r\n\r\n`);
      socket.write(hundred);
      await closed;
      expect(socket.bytesWritten).to.be.above(0);
    });
  });
});
