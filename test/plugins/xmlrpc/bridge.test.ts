/** The XML-RPC bridge before servers that do as they please. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createInstance } from '../../../plugins/xmlrpc/instance.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { bridged, refusal, scriptedServer } from '../bridged.ts';

const value = (xml: string) => `<methodResponse><params><param><value>${xml}</value></param></params></methodResponse>`;
const fault = (code: number, text: string) =>
  `<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>${code}</int></value></member><member><name>faultString</name><value>${text}</value></member></struct></value></fault></methodResponse>`;
const strings = (...all: string[]) =>
  `<array><data>${all.map((one) => `<value>${one}</value>`).join('')}</data></array>`;

const methods = { 'a.b': { params: { type: 'object', properties: { x: {}, y: {}, z: {} } } } };

describe('the XML-RPC bridge', () => {
  const server = scriptedServer();
  const config = () => ({ url: `${server.url}/RPC2`, methods });

  /** Answers introspection with faults, and everything else with `xml`. */
  const answering = (xml: string, headers: Record<string, string> = {}, status = 200) => {
    server.answer = (body, response) => {
      const introspects = body.includes('<methodName>system.');
      response.writeHead(introspects ? 200 : status, introspects ? {} : headers);
      response.end(introspects ? fault(-32601, 'No.') : xml);
    };
  };
  const open = () => bridged(createInstance, config());

  it('takes names, types and words from introspection', async () => {
    const told: Record<string, string> = {
      'system.listMethods': value(strings('system.listMethods', 'get-all.v2', 'get_all_v2', '1st', 'math.add')),
      'system.methodHelp math.add': value('\n    Adds.\n\n    How:\n      by counting.\n    '),
      'system.methodSignature math.add': value(
        `<array><data>${[strings('int', 'int'), strings('int', 'int', 'dateTime.iso8601')].map((one) => `<value>${one}</value>`).join('')}</data></array>`,
      ),
    };
    server.answer = (body, response) => {
      const [, name = '', of] = /<methodName>([^<]*)<.*?(?:<string>([^<]*)<|$)/s.exec(body) ?? [];
      response.end(told[of === undefined ? name : `${name} ${of}`] ?? value('undef'));
    };
    const { described } = await bridged(createInstance, { url: server.url, reads: ['get*'] });
    expect(described.service).to.equal('old');
    expect(described.methods.map(({ name, changes, doc }) => [name, changes, doc])).to.deep.equal([
      ['get_all_v2', false, 'undef'],
      ['get_all_v2_2', false, 'undef'],
      ['m1st', true, 'undef'],
      ['math_add', true, 'Adds.\n\nHow:\n  by counting.'],
    ]);
    const { params, result } = described.methods.at(-1)! as unknown as {
      params: { properties: Record<string, { 'x-kind': string }>; required: string[] };
      result: object;
    };
    expect(Object.entries(params.properties).map(([name, { 'x-kind': kind }]) => [name, kind])).to.deep.equal([
      ['arg1', 'int'],
      ['arg2', 'time'],
    ]);
    expect(params.required).to.deep.equal(['arg1']);
    expect(result).to.have.property('x-kind', 'int');
  });

  it('writes parameters by position, with nil where one is left out, and integers of 64 bits as such', async () => {
    answering(value('<i8>9007199254740993</i8>'));
    const { call } = await open();
    expect(await call('a_b', { y: { $counter: '-9007199254740993' } })).to.deep.equal({ $counter: '9007199254740993' });
    expect(server.requests.at(-1)!.body).to.contain(
      '<methodName>a.b</methodName><params><param><value><nil/></value></param><param><value><i8>-9007199254740993</i8></value></param></params>',
    );
  });

  it('sends credentials as they are configured, and to nobody that the server refers to', async () => {
    answering('', { Location: 'http://127.0.0.2:1/steal' }, 307);
    const { fault: faultOf } = await bridged(createInstance, { ...config(), username: 'ann', password: 'sécret' });
    const { kind, message, data } = await faultOf('a_b');
    expect(server.requests.at(-1)!.headers.authorization).to.equal(
      `Basic ${Buffer.from('ann:sécret').toString('base64')}`,
    );
    expect([kind, data.outcome]).to.deep.equal(['failed', 'none']);
    expect(message).to.contain('to http://127.0.0.2:1/steal, which is not followed');
  });

  it('never repeats the password', async () => {
    answering(fault(1, 'Wrong: hunter22 and YW5uOmh1bnRlcjIy'));
    const { fault: faultOf } = await bridged(createInstance, { ...config(), username: 'ann', password: 'hunter22' });
    expect((await faultOf('a_b')).message).to.equal('Wrong: *** and ***');
  });

  it('ends a reply that is longer than the bound', async () => {
    server.answer = (body, response) => {
      if (body.includes('system.')) return void response.end(fault(-32601, 'No.'));
      const piece = Buffer.alloc(256 * 1024, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const { fault: faultOf } = await bridged(createInstance, { ...config(), replyMiB: 1 });
    const { kind, message } = await faultOf('a_b');
    expect([kind, message.includes('longer than 1048576 bytes (replyMiB)')]).to.deep.equal(['failed', true]);
  });

  it('waits no longer than it should, and says that what became of a change is not known', async () => {
    server.answer = (body, response) => {
      if (body.includes('system.')) response.end(fault(-32601, 'No.'));
      else response.write(' ');
    };
    const { call, fault: faultOf } = await bridged(createInstance, { ...config(), timeoutMs: 5000 });
    const { kind, data } = await faultOf('a_b', {}, { timeoutMs: 50 });
    expect([kind, data.outcome]).to.deep.equal(['timeout', 'unknown']);
    const abort = new AbortController();
    const given = call('a_b', {}, { signal: abort.signal }).catch((error: Error) => error);
    abort.abort(new Error('No more.'));
    expect(await given).to.have.property('message', 'No more.');
  });

  for (const [what, xml, words] of [
    ['a DTD', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${value('&e;')}`, 'document type'],
    ['an unknown entity', value('&e;'), 'entity'],
    ['half a reply', value('x').slice(0, -30), 'no reply'],
    ['a web page', '<html><body>Hello</body></html>', 'it is a <html>'],
    ['nothing', '', 'no element'],
    ['too many levels', value('<array><data><value>'.repeat(50)), 'limits.xml.depth'],
    ['a number that is none', value('<int>12abc</int>'), 'must be an integer'],
    ['text after the reply', `${value('x')}<x/>`, 'second root'],
  ] as const) {
    it(`calls ${what} no reply`, async () => {
      answering(xml);
      const { kind, message } = await (await open()).fault('a_b');
      expect(kind).to.equal('failed');
      expect(message).to.contain(words);
    });
  }

  it('says so when the server does not speak HTTP, and that what became of a change is not known', async () => {
    answering('');
    const { fault: faultOf } = await open();
    server.answer = (_body, response) => void response.socket!.end('220 mail.example ESMTP\r\n');
    const { kind, message, data } = await faultOf('a_b');
    expect([kind, data.outcome]).to.deep.equal(['failed', 'unknown']);
    expect(message).to.match(/^What the server at http:.* answers is no HTTP: Parse Error/);
  });

  it('tells what HTTP says when nothing else does', async () => {
    answering('');
    const { fault: faultOf } = await open();
    const seen: unknown[] = [];
    for (const status of [401, 404, 429, 500, 503, 504]) {
      answering('<p>x</p>', { 'Retry-After': '2' }, status);
      const { kind, data } = await faultOf('a_b');
      seen.push([status, kind, data.retryAfterMs ?? 0, data.outcome ?? '']);
    }
    expect(seen).to.deep.equal([
      [401, 'unavailable', 0, 'none'],
      [404, 'failed', 0, 'none'],
      [429, 'throttled', 2000, 'none'],
      [500, 'failed', 0, ''],
      [503, 'unavailable', 2000, ''],
      [504, 'timeout', 0, ''],
    ]);
  });

  it('keeps names such as __proto__, character sets and empty results', async () => {
    answering(value('<struct><member><name>__proto__</name><value><int>1</int></value></member></struct>'));
    const { call } = await open();
    expect(JSON.stringify(await call('a_b'))).to.equal('{"__proto__":1}');
    answering('<methodResponse><params/></methodResponse>');
    expect(await call('a_b')).to.equal(null);
    server.answer = (_body, response) =>
      response.end(Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${value('M\u00fcller')}`, 'latin1'));
    expect(await call('a_b')).to.equal('Müller');
  });

  it('trusts the authorities that are configured, and no others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-bridge-'));
    const { cert, key } = makeCertificate(folder);
    const ca = await readFile(cert, 'utf8');
    const secure = createServer({ cert: ca, key: await readFile(key) }, (_request, response) =>
      response.end(value('secure')),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(secure.address() as AddressInfo).port}/`;
    try {
      const { call } = await bridged(createInstance, { ...config(), url, ca });
      expect(await call('a_b')).to.equal('secure');
      const { kind, message } = await refusal(createInstance, { ...config(), url });
      expect([kind, message.includes('its certificate is signed by nobody whom ca has')], message).to.deep.equal([
        'unavailable',
        true,
      ]);
    } finally {
      secure.closeAllConnections();
      secure.close();
      await rm(folder, { recursive: true });
    }
  });

  it('holds a server that lists too much, or what is no name, within bounds', async () => {
    const listing = (names: readonly string[]) => {
      server.answer = (body, response) =>
        response.end(body.includes('system.listMethods') ? value(strings(...names)) : value('undef'));
    };
    listing(Array.from({ length: 1001 }, (_, at) => `m${at}`));
    expect((await refusal(createInstance, { url: server.url })).data.field).to.equal('/config/include');
    const { described } = await bridged(createInstance, { url: server.url, include: ['m1', 'm2'] });
    expect(described.methods.map(({ name }) => name)).to.deep.equal(['m1', 'm2']);
    listing(['__proto__', 'constructor', '', 'x'.repeat(5000), 'ä', 'm__proto__']);
    const { described: odd, call } = await bridged(createInstance, { url: server.url });
    expect(odd.methods.map(({ name }) => name)).to.deep.equal([
      ...['m__proto__', 'constructor', 'm', 'x'.repeat(64), 'm_', 'm__proto___2'],
    ]);
    await call('m__proto__');
    expect(server.requests.at(-1)!.body).to.contain('<methodName>__proto__</methodName>');
  });

  it('refuses a configuration by the field that is wrong', async () => {
    answering('');
    const fields: [object, string][] = [
      [{ url: 'file:///etc/passwd' }, '/config/url'],
      [{ url: 'http://ann:x@127.0.0.1/' }, '/config/url'],
      [{ service: 'a.b' }, '/config/service'],
      [{ password: 'x' }, '/config/username'],
      [{ methods: { f: { parms: {} } } }, '/config/methods/f/parms'],
      [{ methods: { f: { params: { type: 'array' } } } }, '/config/methods/f/params/properties'],
      [{ methods: { f: { name: 'x' }, g: { name: 'X' } } }, '/config/methods/g/name'],
      [{ faults: { 7: 'bad' } }, '/config/faults/7'],
      [{ methods: undefined }, '/config/methods'],
      [{ lnog: 'i8' }, '/config/lnog'],
    ];
    for (const [more, field] of fields) {
      const { kind, data } = await refusal(createInstance, { ...config(), ...more });
      expect([kind, data.field]).to.deep.equal(['invalid-params', field]);
    }
  });

  it('is not ready while the server cannot be reached', async () => {
    const { kind, message } = await refusal(createInstance, { ...config(), url: 'http://127.0.0.1:1/' });
    expect([kind, message]).to.deep.equal([
      'unavailable',
      'The server at http://127.0.0.1:1/ cannot be reached: nobody listens at 127.0.0.1:1 (ECONNREFUSED).',
    ]);
  });

  it('says what is wrong with an address where there is no XML-RPC, and nothing of methods', async () => {
    const answers: [what: [status: number, headers: Record<string, string>, body: string], words: string][] = [
      [
        [200, { 'Content-Type': 'text/html; charset=utf-8' }, '<!DOCTYPE html><p>It works!'],
        'The server answered what is no reply: It is text/html, so this may be the wrong address. Line 1, column 1: A document type declaration is not accepted.',
      ],
      [
        [200, { 'Content-Type': 'application/json' }, '{}'],
        'The server answered what is no reply: It is application/json, so this may be the wrong address. Line 1, column 1: There is text outside of the root element.',
      ],
      [[404, {}, ''], `The server has nothing to call at ${server.url}/ (HTTP 404).`],
      [
        [302, { Location: '/RPC2' }, ''],
        `The server at ${server.url}/ refers to ${server.url}/RPC2, which is not followed: give that address if it is the right one.`,
      ],
      [[401, {}, ''], `The server at ${server.url}/ asks who is calling: give username and password.`],
    ];
    for (const [[status, headers, body], words] of answers) {
      server.answer = (_, response) => void response.writeHead(status, headers).end(body);
      expect((await refusal(createInstance, { url: server.url })).message).to.equal(words);
    }
    server.answer = (_, response) => void response.writeHead(401).end();
    const { message } = await refusal(createInstance, { url: server.url, username: 'ann', password: 'wrong' });
    expect(message).to.equal(`The server at ${server.url}/ refuses the credentials of the configuration.`);
    const plain = server.url.replace('http:', 'https:');
    expect((await refusal(createInstance, { url: plain })).message).to.equal(
      `The server at ${plain}/ cannot be reached: it does not speak TLS; does its URL begin with http://?`,
    );
  });

  it('asks for methods where the server says that it does not list them', async () => {
    answering('');
    const { message, data } = await refusal(createInstance, { url: server.url });
    expect([message, data.field]).to.deep.equal([
      `The server at ${server.url}/ does not list its methods, so \`methods\` must. To system.listMethods it says: No.`,
      '/config/methods',
    ]);
  });
});
