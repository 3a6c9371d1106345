import { expect } from 'chai';
import { exampleVm } from '../../../daemon/catalogue/examples.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import type { HttpReply } from '../../../daemon/wire/route.ts';
import { Fault, type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import { type FakeApi, fakeApi, fakeContext, request } from '../fake-api.ts';

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
type Version = keyof typeof envelopes;

const envelope = (body: string, version: Version = '1.1') =>
  `<e:Envelope xmlns:e="${envelopes[version]}"><e:Body>${body}</e:Body></e:Envelope>`;

const post = (api: FakeApi, body: string | Buffer, headers: Record<string, string> = {}): Promise<HttpReply> =>
  request(soap.routes(fakeContext(api)), 'POST', '/soap', { body, headers });

/** The text of the first element of that name. */
const textOf = ({ body }: HttpReply, element: string): string | undefined =>
  new RegExp(`<${element}(?: [^>]*)?>([^<]*)<`).exec(String(body))?.[1];

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe('SOAP replies', () => {
  it('writes every element of a result in the order of the schema, and nil for what is unset', async () => {
    const api = fakeApi();
    api.does.set('vm.get', () => ({ labels: { 'a&b': '<x>' }, id: '1', nics: [{ addresses: [] }], state: 'running' }));
    const { body } = await post(api, envelope('<vmGet><vm>a</vm></vmGet>'));
    expect(body).to.equal(
      `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="${envelopes['1.1']}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>` +
        '<vmGetResponse xmlns="urn:annelid:1"><return><id>1</id><name xsi:nil="true"/><account xsi:nil="true"/>' +
        '<connector xsi:nil="true"/><nativeId xsi:nil="true"/><host xsi:nil="true"/><state>running</state>' +
        '<lastState xsi:nil="true"/><image xsi:nil="true"/><vcpus xsi:nil="true"/><memoryMiB xsi:nil="true"/>' +
        '<disks xsi:nil="true"/><nics><item><mac xsi:nil="true"/><network xsi:nil="true"/><addresses></addresses></item></nics>' +
        '<addresses xsi:nil="true"/><labels><item><key>a&amp;b</key><value>&lt;x&gt;</value></item></labels>' +
        '<created xsi:nil="true"/><changed xsi:nil="true"/></return></vmGetResponse></soap:Body></soap:Envelope>\n',
    );
  });

  it('writes a machine anew once the inventory has a new record of it', async () => {
    const api = fakeApi();
    const before = { ...exampleVm };
    const after = { ...exampleVm, name: 'web2' };
    const answers = [before, before, after];
    api.does.set('vm.get', () => answers.shift());
    const names: (string | undefined)[] = [];
    while (answers.length > 0) names.push(textOf(await post(api, envelope('<vmGet><vm>a</vm></vmGet>')), 'name'));
    expect(names).to.deep.equal(['web1', 'web1', 'web2']);
  });

  it('writes what XML cannot hold as U+FFFD', async () => {
    const api = fakeApi();
    api.does.set('system.methodHelp', () => 'a\u0000b\ud800c\rd');
    const reply = await post(api, envelope('<systemMethodHelp><method>vm.get</method></systemMethodHelp>'));
    expect(textOf(reply, 'return')).to.equal('a\ufffdb\ufffdc&#13;d');
  });

  it('names the character set of a reply as its XML declaration does', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const { headers, body } = await post(fakeApi(), envelope('<systemVersion/>', version), {});
      const declared = /^<\?xml version="1.0" encoding="([^"]+)"\?>/.exec(String(body))?.[1];
      expect(headers['Content-Type']).to.match(new RegExp(`; charset=${declared}$`));
    }
  });

  it('answers in the version of the envelope and never with the content type of the request', async () => {
    const types: unknown[] = [];
    for (const version of ['1.1', '1.2'] as const) {
      for (const type of ['text/xml; charset=iso-8859-1', 'application/soap+xml', 'text/html']) {
        const { status, headers } = await post(fakeApi(), envelope('<systemVersion/>', version), {
          'content-type': type,
        });
        types.push([status, headers['Content-Type']]);
      }
    }
    const text = [200, 'text/xml; charset=UTF-8'];
    const soapXml = [200, 'application/soap+xml; charset=UTF-8'];
    expect(types).to.deep.equal([text, text, text, soapXml, soapXml, soapXml]);
  });
});

describe('SOAP requests', () => {
  it('are read in the character set that they name', async () => {
    const api = fakeApi();
    const list = envelope('<vmList><name>é</name></vmList>');
    await post(api, Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${list}`, 'latin1'));
    await post(api, Buffer.from(list, 'latin1'), { 'content-type': 'text/xml; charset="iso-8859-1"' });
    await post(api, Buffer.from(`\ufeff${list}`, 'utf16le'));
    expect(api.calls.map(({ params }) => params.name)).to.deep.equal(['é', 'é', 'é']);
  });

  it('are refused in a character set that is not known', async () => {
    const api = fakeApi();
    const reply = await post(api, `<?xml version="1.0" encoding="utf-7"?>${envelope('<systemVersion/>')}`);
    expect([reply.status, textOf(reply, 'kind')]).to.deep.equal([500, 'unsupported-encoding']);
    expect(api.refusals).to.deep.equal([['soap', 'unsupported-encoding']]);
  });

  it('are refused beyond each limit of XML', async () => {
    const limits = {
      xml: { ...defaultLimits.xml, depth: 5, attributes: 2, nameLength: 20, textLength: 100, nodes: 20 },
    };
    const over = {
      depth: envelope('<vmCreate><disks><item><sizeMiB/></item></disks></vmCreate>'),
      attributes: envelope('<vmGet a="1" b="2" c="3"/>'),
      nameLength: envelope(`<${'a'.repeat(21)}/>`),
      textLength: envelope(`<vmGet><vm>${'a'.repeat(101)}</vm></vmGet>`),
      nodes: envelope(`<vmCreate><networks>${'<item>a</item>'.repeat(20)}</networks></vmCreate>`),
    };
    for (const [name, body] of Object.entries(over)) {
      const api = fakeApi();
      const reply = await request(soap.routes(fakeContext(api, limits)), 'POST', '/soap', { body });
      expect([reply.status, textOf(reply, 'kind')], name).to.deep.equal([500, 'too-large']);
      expect(textOf(reply, 'message')).to.include(`limits.xml.${name}`);
      expect([api.calls, api.refusals]).to.deep.equal([[], [['soap', 'too-large']]]);
    }
  });

  it('are refused with a header of 200,000 levels', async () => {
    const body = `<e:Envelope xmlns:e="${envelopes['1.1']}"><e:Header>${'<a>'.repeat(200_000)}`;
    const reply = await post(fakeApi(), body);
    expect(textOf(reply, 'kind')).to.equal('too-large');
  });

  it('may have no more items and members than the catalogue says', async () => {
    const item = (name: string) => `<item><key>${name}</key><value/></item>`;
    const labels = Array.from({ length: 65 }, (_, i) => item(`l${i}`)).join('');
    const networks = '<item>a</item>'.repeat(33);
    const replies = [
      await post(fakeApi(), envelope(`<vmList><labels>${labels}</labels></vmList>`)),
      await post(fakeApi(), envelope(`<vmCreate><name>a</name><networks>${networks}</networks></vmCreate>`)),
    ];
    expect(replies.map((reply) => textOf(reply, 'message'))).to.deep.equal([
      '/labels must have at most 64 members.',
      '/networks must have at most 32 items.',
    ]);
  });
});

describe('SOAP credentials', () => {
  it('come in the Authorization header', async () => {
    const api = fakeApi();
    const call = envelope('<sessionWhoami/>');
    for (const headers of [
      basic('alice', 'a:b'),
      basic('alice', 'annelid_x'),
      { authorization: 'Bearer annelid_y' },
      {} as Record<string, string>,
    ]) {
      await post(api, call, headers);
    }
    expect(api.calls.map(({ request }) => request.credentials)).to.deep.equal([
      { kind: 'password', user: 'alice', password: 'a:b' },
      { kind: 'token', token: 'annelid_x' },
      { kind: 'token', token: 'annelid_y' },
      { kind: 'none' },
    ]);
    expect(api.calls.map(({ request: { frontend, remote } }) => [frontend, remote])[0]).to.deep.equal([
      'soap',
      '192.0.2.7',
    ]);
  });

  it('are asked for with 401 when there are none, and with an ordinary fault when they are wrong', async () => {
    const api = fakeApi();
    api.does.set('session.whoami', () => {
      throw new Fault('unauthenticated', 'Who are you?');
    });
    const replies: unknown[] = [];
    for (const version of ['1.1', '1.2'] as const) {
      for (const headers of [{} as Record<string, string>, basic('alice', 'wrong')]) {
        const reply = await post(api, envelope('<sessionWhoami/>', version), headers);
        replies.push([reply.status, reply.headers['WWW-Authenticate'], textOf(reply, 'kind')]);
      }
    }
    const challenge = 'Basic realm="annelid", charset="UTF-8"';
    expect(replies).to.deep.equal([
      [401, challenge, 'unauthenticated'],
      [500, undefined, 'unauthenticated'],
      [401, challenge, 'unauthenticated'],
      [500, undefined, 'unauthenticated'],
    ]);
  });
});

describe('SOAP faults', () => {
  const failing = (error: unknown): FakeApi => {
    const api = fakeApi();
    api.does.set('system.version', () => {
      throw error;
    });
    return api;
  };

  for (const [kind, { code }] of Object.entries(faults) as [FaultKind, { code: number }][]) {
    it(`say ${kind} in both versions`, async () => {
      const api = failing(new Fault(kind, 'Sorry.'));
      const headers = basic('alice', 'pw');
      const old = await post(api, envelope('<systemVersion/>'), headers);
      expect([old.status, textOf(old, 'faultcode'), textOf(old, 'faultstring')]).to.deep.equal([
        500,
        code < 500 ? 'soap:Client' : 'soap:Server',
        'Sorry.',
      ]);
      const recent = await post(api, envelope('<systemVersion/>', '1.2'), headers);
      expect(recent.status).to.equal(500);
      expect([...String(recent.body).matchAll(/<soap:Value[^>]*>([^<]*)</g)].map(([, value]) => value)).to.deep.equal([
        code < 500 ? 'soap:Sender' : 'soap:Receiver',
        `tns:${kind}`,
      ]);
      for (const reply of [old, recent]) {
        expect([textOf(reply, 'kind'), textOf(reply, 'code')]).to.deep.equal([kind, String(code)]);
      }
      expect(api.refusals).to.deep.equal([]);
    });
  }

  it('carry all that the caller may see of a fault', async () => {
    const data = {
      field: '/a',
      resource: 'r',
      operation: 'o',
      retryAfterMs: 5,
      hint: 'H',
      outcome: 'none',
      provider: 'E1',
    };
    const { body } = await post(failing(new Fault('busy', 'No.', data as object)), envelope('<systemVersion/>'));
    expect(/<detail>(.*)<\/detail>/.exec(String(body))?.[1]).to.equal(
      '<ApiFault xmlns="urn:annelid:1"><kind>busy</kind><code>423</code><message>No.</message><field>/a</field>' +
        '<outcome>none</outcome><resource>r</resource><operation>o</operation><retryAfterMs>5</retryAfterMs><hint>H</hint></ApiFault>',
    );
  });

  it('tell nothing of what should not have happened', async () => {
    const reply = await post(failing(new TypeError('secret')), envelope('<systemVersion/>'));
    expect([reply.status, textOf(reply, 'kind'), textOf(reply, 'faultstring')]).to.deep.equal([
      500,
      'internal',
      'Internal error.',
    ]);
    expect(String(reply.body)).not.to.include('secret');
  });

  it('stand for refusals of the HTTP layer', () => {
    const { refuse } = soap.routes(fakeContext(fakeApi()))[0]!;
    const refusal = { kind: 'too-large', status: 413, message: 'The body is longer than 5 bytes.' } as const;
    const old = refuse!(refusal, { headers: {} });
    const recent = refuse!(refusal, { headers: { 'content-type': 'application/soap+xml' } });
    expect([old.status, textOf(old, 'kind'), textOf(old, 'faultstring')]).to.deep.equal([
      500,
      'too-large',
      refusal.message,
    ]);
    expect([recent.status, textOf(recent, 'kind')]).to.deep.equal([500, 'too-large']);
  });
});
