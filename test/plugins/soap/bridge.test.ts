/** The SOAP bridge before servers that do as they please. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createInstance } from '../../../plugins/soap/instance.ts';
import { bridged, refusal, scriptedServer } from '../bridged.ts';

const textOf = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const envelope = (body: string, version = soap11, header = '') =>
  `<e:Envelope xmlns:e="${version}" xmlns:m="urn:meters">${header}<e:Body>${body}</e:Body></e:Envelope>`;
const reading =
  '<m:ReadResponse><m:reading meter="a"><m:value>1.50</m:value><m:note xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/></m:reading></m:ReadResponse>';

describe('the SOAP bridge', () => {
  const server = scriptedServer();
  let files: Record<string, string>;
  let wsdl: string;

  /** Gives out the files, and answers calls with `xml`. */
  const answering = (xml: string, headers: Record<string, string> = { 'Content-Type': 'text/xml' }, status = 200) => {
    server.answer = (body, response, { url = '' }) => {
      const file = files[url.slice(1)];
      if (body === '' && file === undefined) response.writeHead(404).end();
      else if (body === '') response.end(file);
      else response.writeHead(status, headers).end(xml);
    };
  };
  beforeEach(() => {
    wsdl = textOf('meters.wsdl').replace('ADDRESS', `${server.url}/meters`);
    files = { 'meters.wsdl': wsdl, 'meters.xsd': textOf('meters.xsd') };
    answering(envelope(reading));
  });
  const config = () => ({ wsdl: `${server.url}/meters.wsdl` });
  const open = (more: object = {}) => bridged(createInstance, { ...config(), ...more });

  it('publishes what the WSDL describes, and calls it in that form', async () => {
    const { described, call } = await open({ reads: ['Read'] });
    const [{ name, changes, params } = {}] = described.methods as {
      name?: string;
      changes?: boolean;
      params?: object;
    }[];
    expect([described.service, name, changes]).to.deep.equal(['old', 'Read', false]);
    expect(params).to.have.nested.property('properties.since.x-xsd', 'date');
    expect(await call('Read', { meter: ['a<b', 'c'] })).to.deep.equal([{ meter: 'a', value: '1.50' }]);
    const { body, headers, path } = server.requests.at(-1)!;
    expect([path, headers.soapaction, headers['content-type']]).to.deep.equal([
      '/meters',
      '"urn:meters:Read"',
      'text/xml; charset=UTF-8',
    ]);
    expect(body.replace(/ xmlns:\w+="[^"]*"/g, '')).to.contain(
      '<soap:Body><ns1:Read><ns1:meter>a&lt;b</ns1:meter><ns1:meter>c</ns1:meter></ns1:Read></soap:Body>',
    );
  });

  it('leaves out an operation that is bound twice, and publishes the rest', async () => {
    const [binding] = /<binding.*<\/binding>/s.exec(wsdl)!;
    const [operation] = /<operation name="Read">.*?<\/operation>/s.exec(binding)!;
    files['meters.wsdl'] = wsdl.replace(binding, binding.replace(operation, operation + operation));
    const { described, log } = await open();
    expect((described.methods as { name: string }[]).filter(({ name }) => name === 'Read')).to.have.length(1);
    expect(JSON.stringify(log)).to.include(
      'is there twice (overloaded), and no names of its messages say which one it is.',
    );
  });

  it('refuses parameters that do not fit the contract, before anything is sent', async () => {
    const { kind, data } = await (await open()).fault('Read', { meter: ['a'], since: 'yesterday' });
    expect([kind, data.field, server.requests.at(-1)!.path]).to.deep.equal(['invalid-params', '/since', '/meters.xsd']);
  });

  it('speaks SOAP 1.2 where the port is bound to it, and reads its faults', async () => {
    files['meters.wsdl'] = wsdl.replace('wsdl/soap/', 'wsdl/soap12/');
    const code =
      '<e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:Gone</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">It is gone.</e:Text></e:Reason>';
    answering(envelope(`<e:Fault>${code}</e:Fault>`, soap12), {}, 400);
    const { fault } = await open({ faults: { Gone: 'not-found' } });
    const { kind, message, data } = await fault('Read', { meter: ['a'] });
    expect([kind, message, data.provider]).to.deep.equal(['not-found', 'It is gone.', 'Gone']);
    expect(server.requests.at(-1)!.headers['content-type']).to.equal(
      'application/soap+xml; charset=UTF-8; action="urn:meters:Read"',
    );
  });

  for (const [what, xml, words] of [
    ['a DTD', `<!DOCTYPE x [<!ENTITY e "x">]>${envelope(reading)}`, 'document type'],
    ['a web page', '<html><body/></html>', 'no SOAP envelope'],
    ['half an envelope', envelope(reading).slice(0, -20), 'no reply'],
    ['another element', envelope('<m:Other/>'), 'no operation Other'],
    ['a value that is none', envelope(reading.replace('1.50', 'much')), '/reading/0/value must be a decimal number'],
    ['an endless reference', envelope('<m:ReadResponse id="a"><m:reading href="#a"/></m:ReadResponse>'), 'no reply'],
    [
      'a header that must be understood',
      envelope(reading, soap11, '<e:Header><m:X e:mustUnderstand="1"/></e:Header>'),
      'X of urn:meters',
    ],
  ] as const) {
    it(`calls ${what} no reply`, async () => {
      answering(xml);
      const { kind, message } = await (await open()).fault('Read', { meter: ['a'] });
      expect([kind, message.includes(words)], message).to.deep.equal(['failed', true]);
    });
  }

  it('says that there is a web page where the WSDL should be, and takes one that calls itself text', async () => {
    const file = files['meters.wsdl'];
    const serve = (type: string, text: string) => {
      server.answer = (_body, response, { url = '' }) => {
        if (url === '/meters.wsdl') response.writeHead(200, { 'Content-Type': type }).end(text);
        else response.end(files[url.slice(1)]);
      };
    };
    serve('text/html; charset=utf-8', '<!DOCTYPE html><html></html>');
    const { message } = await refusal(createInstance, config());
    expect(message).to.equal(
      `There is no WSDL at ${server.url}/meters.wsdl. It is text/html, so this may be the wrong address.`,
    );
    serve('text/plain', file!);
    expect((await open()).described.methods).to.not.have.length(0);
  });

  it('does not follow redirects, nor take what is compressed or of no status of SOAP', async () => {
    const { fault } = await open();
    const seen: unknown[] = [];
    for (const [status, headers] of [
      [302, { Location: 'http://127.0.0.2:1/' }],
      [200, { 'Content-Encoding': 'gzip' }],
      [418, {}],
      [503, {}],
    ] as const) {
      answering(envelope(reading), headers, status);
      const { kind } = await fault('Read', { meter: ['a'] });
      seen.push([status, kind, server.requests.at(-1)!.path]);
    }
    expect(seen).to.deep.equal([
      [302, 'failed', '/meters'],
      [200, 'failed', '/meters'],
      [418, 'failed', '/meters'],
      [503, 'unavailable', '/meters'],
    ]);
  });

  it('fetches nothing from other hosts, unless they are allowed', async () => {
    const elsewhere = server.url.replace('127.0.0.1', 'localhost');
    files['meters.wsdl'] = wsdl.replace('"meters.xsd"', `"${elsewhere}/meters.xsd"`);
    const { kind, message } = await refusal(createInstance, config());
    expect(
      [kind, message.includes(`Not fetched, as their hosts are not in \`hosts\`: ${elsewhere}`)],
      message,
    ).to.deep.equal(['invalid-params', true]);
    expect(server.requests.map(({ path }) => path)).to.deep.equal(['/meters.wsdl']);
    await open({ hosts: [new URL(elsewhere).host] });
    expect(server.requests.at(-1)!.path).to.equal('/meters.xsd');
    files['meters.wsdl'] = wsdl.replace('"meters.xsd"', '"file:///etc/passwd"');
    expect((await refusal(createInstance, config())).message).to.contain('file:///etc/passwd');
  });

  it('sends credentials to no other host because a WSDL says so', async () => {
    files['meters.wsdl'] = wsdl.replace(`${server.url}/meters`, 'http://thief.example/meters');
    const { data, message } = await refusal(createInstance, { ...config(), username: 'a', password: 'b' });
    expect([data.field, message.includes('thief.example')]).to.deep.equal(['/config/url', true]);
    const { call } = await open({ url: `${server.url}/elsewhere` });
    await call('Read', { meter: ['a'] });
    expect(server.requests.at(-1)!.path).to.equal('/elsewhere');
  });

  it('reads a WSDL from a file, with what stands beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-wsdl-'));
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    const { call } = await open({ wsdl: join(folder, 'meters.wsdl') });
    expect(await call('Read', { meter: ['a'] })).to.have.length(1);
    expect((await refusal(createInstance, { wsdl: join(folder, 'none.wsdl') })).message).to.contain('ENOENT');
    await rm(folder, { recursive: true });
  });

  it('ends with a WSDL that has no end', async () => {
    server.answer = (_body, response, { url = '' }) => {
      const [, at] = /(\d+)\.xsd$/.exec(url) ?? [];
      const next = Number(at ?? 0) + 1;
      response.end(
        at === undefined
          ? wsdl.replace('"meters.xsd"', '"1.xsd"')
          : `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="${next}.xsd"/></xs:schema>`,
      );
    };
    expect((await refusal(createInstance, config())).message).to.contain('200 files');
    server.answer = (_body, response, { url = '' }) => {
      if (!url.endsWith('.xsd')) response.end(wsdl);
    };
    const { kind, message } = await refusal(createInstance, { ...config(), timeoutMs: 300 });
    expect([kind, message.includes('did not answer within')]).to.deep.equal(['timeout', true]);
  });

  it('publishes no more operations than the daemon takes', async () => {
    const more = Array.from({ length: 1001 }, (_, at) => ({
      abstract: `<operation name="o${at}"><input message="m:ReadIn"/></operation>`,
      bound: `<operation name="o${at}"><soap:operation soapAction="${at}"/><input><soap:body use="literal"/></input></operation>`,
    }));
    files['meters.wsdl'] = wsdl
      .replace('</portType>', `${more.map(({ abstract }) => abstract).join('')}</portType>`)
      .replace('</binding>', `${more.map(({ bound }) => bound).join('')}</binding>`);
    expect((await refusal(createInstance, config())).data.field).to.equal('/config/include');
    const { described } = await open({ include: ['o1', 'o10?', 'o100*'], exclude: ['o100'] });
    expect(described.methods.map(({ name }) => name)).to.deep.equal(['o1', 'o1000']);
  });

  it('refuses a configuration, or a WSDL, by what is wrong with it', async () => {
    const fields: [object, string][] = [
      [{ wsdl: 'old.wsdl' }, '/config/wsdl'],
      [{ wsdl: 'ftp://a/' }, '/config/wsdl'],
      [{ url: 'x' }, '/config/url'],
      [{ port: 'Nowhere' }, '/config/wsdl'],
      [{ methods: { Write: {} } }, '/config/methods/Write'],
      [{ replyMiB: 0 }, '/config/replyMiB'],
    ];
    for (const [more, field] of fields) {
      const { kind, data } = await refusal(createInstance, { ...config(), ...more });
      expect([kind, data.field]).to.deep.equal(['invalid-params', field]);
    }
    files['meters.xsd'] = '<!DOCTYPE x><x/>';
    expect((await refusal(createInstance, config())).message).to.contain('document type');
    delete files['meters.xsd'];
    expect((await refusal(createInstance, config())).kind).to.equal('failed');
  });

  it('offers types as deep as there is room, and members that no wire can carry as values of any kind', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) =>
        `<xs:complexType name="L${at}"><xs:sequence>${['a', 'b', 'c', 'd'].map((name) => `<xs:element name="${name}" type="m:L${at + 1}" minOccurs="0"/>`).join('')}</xs:sequence></xs:complexType>`,
    ).join('');
    files['meters.xsd'] = textOf('meters.xsd')
      .replace('<xs:schema ', '<xs:schema xmlns:m="urn:meters" ')
      .replace(
        '</xs:schema>',
        `${levels}<xs:complexType name="L12"><xs:sequence><xs:element name="größe" type="xs:decimal"/></xs:sequence></xs:complexType></xs:schema>`,
      )
      .replace('type="xs:date"', 'type="m:L0"');
    const { described, call } = await open();
    expect(JSON.stringify(described).length).to.be.below(8 * 1024 * 1024);
    let deepest: object = { größe: { $counter: '9007199254740993' } };
    for (let at = 0; at < 12; at++) deepest = { a: deepest };
    await call('Read', { meter: ['a'], since: deepest });
    expect(server.requests.at(-1)!.body).to.contain('größe>9007199254740993</');
  });
});
