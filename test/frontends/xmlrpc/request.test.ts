import { expect } from 'chai';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { defaultLimits, type Limits } from '../../../daemon/limits.ts';
import { ApiDouble, failing } from '../../support/api-double.ts';
import { LogDouble, posting, routesOf } from '../../support/post.ts';
import { countTurns } from '../../support/slices.ts';

const call = (method: string, ...values: string[]): string =>
  `<methodCall><methodName>${method}</methodName><params>${values.map((value) => `<param><value>${value}</value></param>`).join('')}</params></methodCall>`;
const whoami = call('session.whoami');
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const faultCode = (body: string): number => Number(/<int>(-?\d+)<\/int>/.exec(body)?.[1]);
const faultString = (body: string): string => /faultString<\/name><value><string>(.*?)<\/string>/.exec(body)?.[1] ?? '';

describe('XML-RPC over HTTP', () => {
  it('serves POST at /RPC2 and /xmlrpc, with a slash behind them too, and at /, and GET at none of them', () => {
    const routes = routesOf(xmlrpc, new ApiDouble());
    expect(routes.map(({ path }) => path)).to.deep.equal(['/RPC2', '/RPC2/', '/', '/xmlrpc', '/xmlrpc/']);
    expect(routes.filter(({ GET }) => GET !== undefined)).to.deep.equal([]);
  });

  it('reads switches in the query, and below /RPC2 in the path', async () => {
    const post = posting(routesOf(xmlrpc, new ApiDouble()));
    const echoed = call('test.echo', '<struct><member><name>string</name><value>é</value></member></struct>');
    const bodies = await Promise.all(
      ['/RPC2?text=ascii', '/?text=ascii&other=1', '/RPC2/text=ascii', '/RPC2/nil=nil&text=ascii'].map(
        async (path) => (await post(path, echoed)).body,
      ),
    );
    expect(bodies.map((body) => body.includes('encoding="US-ASCII"') && body.includes('&#233;'))).to.deep.equal(
      bodies.map(() => true),
    );
    expect(bodies.map((body) => body.includes('<nil/>'))).to.deep.equal([false, false, false, true]);
  });

  it('refuses a setting of a switch that there is not', async () => {
    const { body } = await posting(routesOf(xmlrpc, new ApiDouble()))('/RPC2?text=ebcdic', whoami);
    expect([faultCode(body), faultString(body)]).to.deep.equal([
      -32600,
      'The endpoint asks for text=ebcdic; there are all, bmp, ascii.',
    ]);
  });

  const credentials: [header: string | undefined, seen: object][] = [
    [undefined, { kind: 'none' }],
    [basic('alice:correct:horse'), { kind: 'password', user: 'alice', password: 'correct:horse' }],
    [basic('alice:annelid_1'), { kind: 'token', token: 'annelid_1' }],
    [basic('annelid_1:'), { kind: 'token', token: 'annelid_1' }],
    ['Bearer annelid_1', { kind: 'token', token: 'annelid_1' }],
    ['Digest username="alice"', { kind: 'token', token: '' }],
  ];
  for (const [header, seen] of credentials) {
    it(`reads the credentials of Authorization: ${header}`, async () => {
      const api = new ApiDouble();
      const post = posting(routesOf(xmlrpc, api));
      await post('/RPC2', whoami, header === undefined ? {} : { authorization: header });
      expect(api.asked.map(({ request }) => request.credentials)).to.deep.equal([seen]);
    });
  }

  it('asks for credentials with HTTP 401 where the endpoint says so, and with a fault alone elsewhere', async () => {
    const api = new ApiDouble({
      'session.whoami': failing('unauthenticated', 'session.whoami needs credentials.'),
      'vm.start': failing('forbidden', 'No.'),
    });
    const post = posting(routesOf(xmlrpc, api));
    const named = '<struct><member><name>methodName</name><value>session.whoami</value></member></struct>';
    const multicall = call('system.multicall', `<array><data><value>${named}</value></data></array>`);
    const seen = await Promise.all(
      [
        ['/RPC2', whoami],
        ['/RPC2?auth=challenge', whoami],
        ['/RPC2/auth=challenge', whoami],
        ['/RPC2?auth=challenge', call('vm.start', 'web1')],
        ['/RPC2?auth=challenge', multicall],
      ].map(async ([path, body]) => {
        const reply = await post(path!, body!);
        return [reply.status, 'WWW-Authenticate' in reply.headers, faultCode(reply.body)];
      }),
    );
    expect(seen).to.deep.equal([
      [200, false, 401],
      [401, true, 401],
      [401, true, 401],
      [200, false, 403],
      [401, true, 401],
    ]);
  });

  it('prefers the token among the parameters to the header', async () => {
    const api = new ApiDouble();
    await posting(routesOf(xmlrpc, api))('/RPC2', call('session.whoami', 'annelid_2'), {
      authorization: 'Bearer annelid_1',
    });
    expect(api.asked[0]?.request.credentials).to.deep.equal({ kind: 'token', token: 'annelid_2' });
  });

  it('hands the address and the abort signals of the peer to the core', async () => {
    const api = new ApiDouble();
    await posting(routesOf(xmlrpc, api))('/RPC2', whoami);
    const request = api.asked[0]!.request;
    expect([request.frontend, request.remote]).to.deep.equal(['xmlrpc', '127.0.0.1']);
    expect(request.signal).to.be.instanceOf(AbortSignal);
    expect(request.ended).to.be.instanceOf(AbortSignal).and.not.equal(request.signal);
  });

  it('reads the character set of the declaration before that of the header', async () => {
    const api = new ApiDouble();
    const text = `<?xml version="1.0" encoding="iso-8859-1"?>${call('vm.get', 'caf\xe9')}`;
    await posting(routesOf(xmlrpc, api))('/RPC2', Buffer.from(text, 'latin1'), {
      'content-type': 'text/xml; charset=utf-8',
    });
    expect(api.asked[0]?.params).to.deep.equal({ vm: 'café' });
  });

  it('lists the methods of its own among those of the catalogue', async () => {
    const { body } = await posting(routesOf(xmlrpc, new ApiDouble()))('/RPC2', call('system.listMethods'));
    const names = [...body.matchAll(/<string>([^<]+)<\/string>/g)].map(([, name]) => name);
    expect(names).to.include.members(['system.getCapabilities', 'system.multicall', 'vm.start']);
    expect(names).to.deep.equal(names.toSorted());
  });

  it('names the specifications that it keeps to', async () => {
    const { body } = await posting(routesOf(xmlrpc, new ApiDouble()))('/RPC2', call('system.getCapabilities'));
    expect(body).to.contain('<name>faults_interop</name><value><struct><member><name>specUrl</name>');
    expect(body).to.contain('<name>specVersion</name><value><int>20010516</int></value>');
  });

  it('gives others their turn while it reads a long call', async () => {
    const api = new ApiDouble();
    const post = posting(routesOf(xmlrpc, api));
    const turnsOfOthers = countTurns();
    const record = '<value><struct><member><name>name</name><value>é</value></member></struct></value>';
    const records = `<array><data>${record.repeat(90_000)}</data></array>`;
    const members = `<member><name>records</name><value>${records}</value></member>`;
    await post('/RPC2', call('test.echo', `<struct>${members}</struct>`));
    const turns = turnsOfOthers();
    expect((api.asked[0]!.params.records as object[]).length).to.equal(90_000);
    expect(turns).to.be.greaterThan(10);
  });

  it('counts what never became a call, and says why in a fault', async () => {
    const api = new ApiDouble();
    const post = posting(routesOf(xmlrpc, api));
    const codes: number[] = [];
    for (const body of ['<a', '<a/>', call('vm.fly'), call('vm.get')])
      codes.push(faultCode((await post('/', body)).body));
    expect(codes).to.deep.equal([-32700, -32600, -32601, -32602]);
    expect(api.refusals).to.deep.equal([
      'xmlrpc malformed',
      'xmlrpc invalid-request',
      'xmlrpc unknown-method',
      'xmlrpc invalid-params',
    ]);
  });

  it('answers an unknown character set with its interoperability code', async () => {
    const post = posting(routesOf(xmlrpc, new ApiDouble()));
    expect(faultCode((await post('/RPC2', whoami, { 'content-type': 'text/xml; charset=utf-7' })).body)).to.equal(
      -32701,
    );
  });

  it('answers what is no character with its interoperability code', async () => {
    const post = posting(routesOf(xmlrpc, new ApiDouble()));
    const codes: number[] = [];
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`<a>\ud800</a>`, 'utf16le')]);
    for (const body of [call('vm.get', '\u0007'), Buffer.from('<a>\xff</a>', 'latin1'), utf16]) {
      codes.push(faultCode((await post('/RPC2', body)).body));
    }
    expect(codes).to.deep.equal([-32702, -32702, -32702]);
  });

  it('logs the cause of what nobody expected, and does not send it', async () => {
    const log = new LogDouble();
    const api = new ApiDouble({
      'session.whoami': () => {
        throw new TypeError('secret');
      },
    });
    const { body } = await posting(routesOf(xmlrpc, api, defaultLimits, log))('/RPC2', whoami);
    expect(faultCode(body)).to.equal(-32603);
    expect(body).to.not.contain('secret');
    expect(log.errors).to.have.lengthOf(1);
  });

  it('words the refusals of the HTTP server as faults', () => {
    const [route] = routesOf(xmlrpc, new ApiDouble());
    const reply = route!.refuse!(
      { kind: 'too-large', status: 413, message: 'The body is too large.' },
      { headers: {} },
    );
    expect([reply.status, faultCode(String(reply.body)), faultString(String(reply.body))]).to.deep.equal([
      200,
      413,
      'The body is too large.',
    ]);
  });

  it('writes a record of the inventory anew only when it is another object', async () => {
    const vm = { ...(new ApiDouble().methods.get('vm.get')!.example.result as object), name: 'web1' };
    let answered: object = vm;
    const post = posting(routesOf(xmlrpc, new ApiDouble({ 'vm.get': () => answered })));
    const first = (await post('/RPC2', call('vm.get', 'web1'))).body;
    expect((await post('/RPC2', call('vm.get', 'web1'))).body).to.equal(first);
    answered = { ...vm, name: 'web2' };
    const second = (await post('/RPC2', call('vm.get', 'web1'))).body;
    expect(second).to.equal(first.replace('web1', 'web2'));
  });
});

describe('a hostile XML-RPC client', () => {
  const limitsWith = (xmlrpcLimits: Partial<Limits['xmlrpc']>, xml: Partial<Limits['xml']> = {}): Limits => ({
    ...defaultLimits,
    xmlrpc: { ...defaultLimits.xmlrpc, ...xmlrpcLimits },
    xml: { ...defaultLimits.xml, ...xml },
  });
  const answer = async (body: string | Buffer, limits = defaultLimits): Promise<[code: number, message: string]> => {
    const reply = await posting(routesOf(xmlrpc, new ApiDouble(), limits))('/RPC2', body);
    return [faultCode(reply.body), faultString(reply.body)];
  };
  const array = (items: string): string => `<array><data>${items}</data></array>`;

  it('is refused with an entity bomb', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${call('vm.get', '&b;')}`;
    expect(await answer(bomb)).to.deep.equal([
      -32700,
      'Line 1, column 1: A document type declaration is not accepted.',
    ]);
  });

  it('is refused with 200,000 levels of arrays', async () => {
    const levels = '<array><data><value>'.repeat(200_000);
    const member = `<struct><member><name>unknown</name><value>${levels}`;
    for (const deep of [call('test.echo', member), call('vm.fly', levels)]) {
      const [code, message] = await answer(deep);
      expect([code, message.replace(/^Line 1, column \d+: /, '')]).to.deep.equal([
        413,
        'Elements are nested deeper than limits.xml.depth, 64.',
      ]);
    }
  });

  it('is refused with a name of a megabyte', async () => {
    const [code, message] = await answer(call('vm.get', `<${'x'.repeat(1_000_000)}/>`));
    expect([code, message]).to.deep.equal([
      413,
      'Line 1, column 67: A name is longer than limits.xml.nameLength, 1024 characters.',
    ]);
  });

  it('is refused with a thousand attributes', async () => {
    const attributes = Array.from({ length: 1000 }, (_, index) => ` a${index}=""`).join('');
    const [code, message] = await answer(call('vm.get', `<string${attributes}>x</string>`));
    expect(code).to.equal(413);
    expect(message).to.contain('limits.xml.attributes, 64.');
  });

  it('is refused with bytes that are not UTF-8', async () => {
    const body = Buffer.from(call('vm.get', '\xff'), 'latin1');
    expect(await answer(body)).to.deep.equal([-32702, 'Line 1, column 66: The byte 0xff is not UTF-8 here.']);
  });

  it('is refused with more members or items than limits.xmlrpc.members', async () => {
    const limits = limitsWith({ members: 2 });
    const items = array('<value><int>1</int></value>'.repeat(3));
    const members = ['a', 'b', 'c'].map((name) => `<member><name>${name}</name><value/></member>`).join('');
    const list = `<struct><member><name>list</name><value>${items}</value></member></struct>`;
    const map = `<struct><member><name>map</name><value><struct>${members}</struct></value></member></struct>`;
    expect(await answer(call('test.echo', list), limits)).to.deep.equal([
      413,
      'There are more than limits.xmlrpc.members, 2, items.',
    ]);
    expect(await answer(call('test.echo', map), limits)).to.deep.equal([
      413,
      'There are more than limits.xmlrpc.members, 2, members.',
    ]);
  });

  it('is refused with more calls in one than limits.xmlrpc.multicall', async () => {
    const calls = array('<value><struct/></value>'.repeat(3));
    expect(await answer(call('system.multicall', calls), limitsWith({ multicall: 2 }))).to.deep.equal([
      413,
      'There are more than limits.xmlrpc.multicall, 2, calls.',
    ]);
  });

  it('gets no more results in one reply than limits.xmlrpc.multicallBytes allows', async () => {
    const one = '<value><struct><member><name>methodName</name><value>system.version</value></member></struct></value>';
    const post = posting(routesOf(xmlrpc, new ApiDouble(), limitsWith({ multicallBytes: 100 })));
    const { body } = await post('/RPC2', call('system.multicall', array(one.repeat(3))));
    expect(body.match(/<string>annelid<\/string>/g)).to.have.lengthOf(1);
    expect(body.match(/limits\.xmlrpc\.multicallBytes, 100 bytes/g)).to.have.lengthOf(2);
  });

  it('cannot reach the prototype of what it names', async () => {
    const api = new ApiDouble();
    const member = (name: string) => `<member><name>${name}</name><value>x</value></member>`;
    const map = `<struct>${['__proto__', 'constructor', 'toString'].map(member).join('')}</struct>`;
    await posting(routesOf(xmlrpc, api))(
      '/RPC2',
      call('test.echo', `<struct><member><name>map</name><value>${map}</value></member></struct>`),
    );
    const seen = api.asked[0]!.params.map as object;
    expect(Object.entries(seen)).to.deep.equal([
      ['__proto__', 'x'],
      ['constructor', 'x'],
      ['toString', 'x'],
    ]);
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
  });

  it('gets one fault for each call that fails among others', async () => {
    const one = '<value><struct><member><name>methodName</name><value>vm.start</value></member></struct></value>';
    const api = new ApiDouble({ 'vm.start': failing('conflict', 'No.') });
    const { body } = await posting(routesOf(xmlrpc, api))('/RPC2', call('system.multicall', array(one.repeat(3))));
    expect(body.match(/faultCode/g)).to.have.lengthOf(3);
    expect(api.asked).to.have.lengthOf(0);
  });
});
