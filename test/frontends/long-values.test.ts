/** Results of any length: written in parts while they are read, and the same as if they were short. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { method } from '../../daemon/catalogue/method.ts';
import type { Frontend } from '../../daemon/frontends/frontend.ts';
import { jsonrpc } from '../../daemon/frontends/jsonrpc/index.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { any, int, list, map, optional, record, type Shape, string } from '../../plugin-protocol/shape.ts';
import { bodyOf, closeServers, contentOfChunks, startServer, statusOf } from '../wire/raw-http.ts';
import { fakeApi, fakeContext } from './fake-api.ts';

const MiB = 1024 * 1024;
const Row = record('LongRow', 'A row.', {
  name: string('A name.', { maxLength: 32 * MiB }),
  size: optional(int('A size.')),
  price: optional(string('Exact.', { 'x-xsd': 'decimal' })),
  labels: optional(map('Labels.')),
  more: optional(any('What nobody declared.')),
});

const answering = (result: Shape) =>
  method('test.long', {
    since: '0.1.0',
    doc: 'Answers something long.',
    params: {},
    result: result as typeof Row,
    returns: 'It.',
    permission: 'public',
    example: { params: {}, result: { name: '' } },
  });

const wires = {
  'XML-RPC': {
    frontend: xmlrpc,
    path: '/RPC2',
    call: '<methodCall><methodName>test.long</methodName></methodCall>',
  },
  SOAP: { frontend: soap, path: '/soap', call: envelope() },
  'SOAP, rpc/encoded': { frontend: soap, path: '/soap?style=rpc', call: envelope() },
  'JSON-RPC': { frontend: jsonrpc, path: '/jsonrpc', call: '{"jsonrpc":"2.0","method":"test.long","id":1}' },
} as const;

function envelope(): string {
  return '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><testLong xmlns="urn:annelid:1"/></s:Body></s:Envelope>';
}

const requestFor = ({ path, call }: { path: string; call: string }, headers = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}Content-Type: text/xml\r\nContent-Length: ${call.length}\r\n\r\n${call}`;

const serve = async (frontend: Frontend, shape: Shape, result: unknown) => {
  const long = answering(shape);
  const api = { ...fakeApi(), methods: new Map([[long.name, long]]) } as never as ReturnType<typeof fakeApi>;
  api.does.set(long.name, () => result);
  return startServer({}, frontend.routes(fakeContext(api)));
};

const ask = async (wire: (typeof wires)[keyof typeof wires], shape: Shape, result: unknown, headers = '') => {
  const { talk } = await serve(wire.frontend, shape, result);
  return talk(requestFor(wire, `Connection: close\r\n${headers}`));
};
const bodyFor = async (...about: Parameters<typeof ask>): Promise<string> =>
  Buffer.from(bodyOf(await ask(...about)), 'latin1').toString();

/** Characters that are references, of several bytes and of two units, wherever a text may be cut. */
const characters = (length: number): string => '<a>&é€😀\r"'.repeat(Math.ceil(length / 9)).slice(0, length);

describe('a result that is long', () => {
  afterEach(closeServers);

  for (const [name, wire] of Object.entries(wires)) {
    it(`is as many short ones are, in a list: ${name}`, async () => {
      const row = {
        name: characters(90),
        size: 7,
        labels: { a: 'b' },
        more: [{ x: [1, 'two', null] }, { $bytes: 'AQI=' }],
      };
      const rows = (count: number) => bodyFor(wire, list(Row, 'Rows.'), Array(count).fill(row));
      const [two, three] = [await rows(2), await rows(3)];
      const item = differenceOf(two, three);
      const long = await rows(2000);
      const at = long.indexOf(item);
      expect(long.slice(at, at + item.length * 1999)).to.equal(item.repeat(1999));
      // The size of an array has more digits.
      expect(long.length - two.length - item.length * 1998).to.be.within(0, 3);
    });

    it(`is whole in whatever holds it: ${name}`, async () => {
      const text = characters(300_000);
      const [escaped, parts] =
        wire.frontend === jsonrpc ? [JSON.stringify(text).slice(1, -1), 4] : [escapedXml(text), 4];
      const result = { name: text, labels: { a: 'b' }, more: { first: [text, [text]], last: text } };
      expect((await bodyFor(wire, Row, result)).split(escaped)).to.have.lengthOf(parts + 1);
    });

    it(`is compressed while it goes out: ${name}`, async () => {
      const rows = Array.from({ length: 8_000 }, (_, size) => ({ name: characters(50), size }));
      const plain = await bodyFor(wire, list(Row, 'Rows.'), rows);
      const reply = await ask(wire, list(Row, 'Rows.'), rows, 'Accept-Encoding: gzip\r\n');
      expect(reply).to.include('\r\nTransfer-Encoding: chunked\r\n');
      expect(gunzipSync(contentOfChunks(bodyOf(reply))).toString()).to.equal(plain);
    });
  }

  it('is a fault with its own status when the last of it cannot be written, and nothing of it is sent', async () => {
    const rows = Array.from({ length: 20_000 }, () => ({ name: 'x'.repeat(100), price: '1.50' }));
    const broken = [...rows, { name: 'x', price: 'about two' }];
    const shape = record('LongRows', 'Rows.', { rows: list(Row, 'Rows.') });
    for (const wire of [wires.SOAP, wires['SOAP, rpc/encoded']]) {
      for (const headers of ['', 'Accept-Encoding: gzip\r\n']) {
        expect(statusOf(await ask(wire, shape, { rows }, headers))).to.equal(200);
        const reply = await ask(wire, shape, { rows: broken }, headers);
        expect(statusOf(reply)).to.equal(500);
        expect(bodyOf(reply)).to.match(/<faultstring>What was answered must be a decimal/);
      }
    }
  });

  it('leaves others their turn while it is written', async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 30_000 }, (_, size) => ({ name: 'x'.repeat(100), size, more: [size] }));
    for (const wire of Object.values(wires)) {
      const { talk, open } = await serve(wire.frontend, list(Row, 'Rows.'), rows);
      let over = false;
      const long = talk(requestFor(wire, 'Connection: close\r\n')).then((reply) => {
        over = true;
        return reply;
      });
      const other = await open();
      let between = 0;
      while (!over) {
        other.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n');
        await once(other, 'data');
        if (!over) between += 1;
      }
      other.destroy();
      expect(bodyOf(await long).length).to.be.greaterThan(3 * MiB);
      expect(between).to.be.greaterThan(5);
    }
  });

  it('takes little memory beside the value for each reader who does not read', async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 60_000 }, (_, size) => ({ name: 'x'.repeat(50), size }));
    const readers = 8;
    for (const [wire, headers] of [
      [wires['XML-RPC'], ''],
      [wires['SOAP, rpc/encoded'], ''],
      [wires['SOAP, rpc/encoded'], 'Accept-Encoding: gzip\r\n'],
    ] as const) {
      const { open } = await serve(wire.frontend, list(Row, 'Rows.'), rows);
      const before = kept();
      const sockets: Socket[] = [];
      for (let reader = 0; reader < readers; reader++) {
        const socket = await open();
        sockets.push(socket);
        socket.write(requestFor(wire, headers));
        await once(socket, 'readable');
      }
      expect(kept() - before).to.be.lessThan(readers * 2 * MiB);
      for (const socket of sockets) socket.destroy();
    }
  });
});

/** Bytes that are still referred to, in the heap and beside it. */
const kept = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** What the second of two texts has once more than the first, which has it twice. */
const differenceOf = (two: string, three: string): string => {
  const more = three.length - two.length;
  let at = 0;
  while (three.slice(at, at + more) !== three.slice(at + more, at + 2 * more)) at += 1;
  return three.slice(at, at + more);
};

const escapedXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
