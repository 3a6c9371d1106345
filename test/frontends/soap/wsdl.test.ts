import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import { type Method, methods } from '../../../daemon/catalogue/index.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { soap11 } from '../../../daemon/frontends/soap/message/names.ts';
import { catalogueService } from '../../../daemon/frontends/soap/service/service.ts';
import { describe as describeService } from '../../../daemon/frontends/soap/wsdl/describe.ts';
import { renderWsdl } from '../../../daemon/frontends/soap/wsdl/wsdl.ts';
import { any, bool, list, optional, record, string } from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

type Element = Record<string, string> & { [child: string]: Element[] };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

const get = (query: string, headers: Record<string, string> = {}, publicUrl = 'http://cloud.example') =>
  request(soap.routes({ ...fakeContext(fakeApi()), publicUrl: () => publicUrl }), 'GET', '/soap', { query, headers });

const definitionsOf = async (query: string): Promise<Element> => {
  const { status, headers, body } = await get(query);
  expect([status, headers['Content-Type']]).to.deep.equal([200, 'text/xml; charset=utf-8']);
  return parser.parse(String(body))['wsdl:definitions'][0];
};

const locationOf = async (headers: Record<string, string>, publicUrl?: string) =>
  /<soap:address location="([^"]*)"/.exec(String((await get('wsdl', headers, publicUrl)).body))?.[1];

describe('the WSDL', () => {
  for (const [query, binding] of [
    ['wsdl', 'http://schemas.xmlsoap.org/wsdl/soap/'],
    ['WSDL', 'http://schemas.xmlsoap.org/wsdl/soap/'],
    ['singleWsdl', 'http://schemas.xmlsoap.org/wsdl/soap/'],
    ['wsdl&soap=1.1', 'http://schemas.xmlsoap.org/wsdl/soap/'],
    ['Wsdl=&SOAP=1.2', 'http://schemas.xmlsoap.org/wsdl/soap12/'],
  ] as const) {
    it(`is for one version of SOAP at ?${query}`, async () => {
      const wsdl = await definitionsOf(query);
      expect(wsdl['@xmlns:soap']).to.equal(binding);
      expect([wsdl['wsdl:binding']!.length, wsdl['wsdl:service']!.length]).to.deep.equal([1, 1]);
      expect(wsdl['wsdl:service']![0]!['wsdl:port']!.length).to.equal(1);
    });
  }

  it('has its prose in marks that a raw text of Go can hold', async () => {
    const body = String((await get('wsdl')).body);
    expect(body).to.include("'next' of the page before").and.not.include('`');
    expect(String((await get('wsdl&style=rpc')).body))
      .to.include('<wsdl:documentation>')
      .and.not.include('`');
  });

  it('is not there for other versions', async () => {
    for (const query of [
      'wsdl&soap=2',
      'wsdl&style=odd',
      'wsdl&style=rpc&use=odd',
      'wsdl&style=document&use=encoded',
    ]) {
      const { status, body } = await get(query);
      expect([status, body], query).to.deep.equal([
        404,
        'There is a WSDL for SOAP 1.1 and 1.2, in style document (literal) and rpc (encoded or literal).\n',
      ]);
    }
  });

  it('is what the page without a query points to', async () => {
    const { status, body } = await get('');
    expect(status).to.equal(200);
    expect(body)
      .to.include('http://cloud.example/soap?wsdl\n')
      .and.include('http://cloud.example/soap?wsdl&soap=1.2\n')
      .and.include('http://cloud.example/soap?wsdl&style=rpc\n')
      .and.include('http://cloud.example/soap?wsdl&style=rpc&use=literal\n');
  });

  it('has every method as an operation, its action, its messages and its fault', async () => {
    const wsdl = await definitionsOf('wsdl');
    const names = [...methods.keys()].map((name) => name.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()));
    const operations = wsdl['wsdl:binding']![0]!['wsdl:operation']!;
    expect(operations.map((one) => one['@name'])).to.deep.equal(names);
    expect(operations.map((one) => one['soap:operation']![0]!['@soapAction'])).to.deep.equal(
      names.map((name) => `urn:annelid:1#${name}`),
    );
    const port = wsdl['wsdl:portType']![0]!['wsdl:operation']!;
    expect(port.map((one) => [one['wsdl:input'], one['wsdl:output'], one['wsdl:fault']])).to.deep.equal(
      names.map((name) => [
        [{ '@message': `tns:${name}` }],
        [{ '@message': `tns:${name}Response` }],
        [{ '@name': 'ApiException', '@message': 'tns:ApiException' }],
      ]),
    );
    const parts = wsdl['wsdl:message']!.map((one) => [one['@name'], one['wsdl:part']]);
    expect(parts).to.deep.equal([
      ...names.flatMap((name) =>
        [name, `${name}Response`].map((of) => [of, [{ '@name': 'parameters', '@element': `tns:${of}` }]]),
      ),
      ['ApiException', [{ '@name': 'fault', '@element': 'tns:ApiFault' }]],
    ]);
  });

  it('is one file: nothing is imported or included', async () => {
    expect(String((await get('wsdl')).body)).not.to.match(/<[\w:]*(?:import|include)\b/);
  });

  for (const [style, query] of [
    ['rpc', 'style=rpc&use=literal'],
    ['encoded', 'style=rpc'],
  ] as const) {
    it(`is ${style} at ?wsdl&${query}: parts with types, and nothing to be fetched`, async () => {
      const wsdl = await definitionsOf(`wsdl&${query}`);
      const binding = wsdl['wsdl:binding']![0]!;
      expect(binding['soap:binding']![0]!['@style']).to.equal('rpc');
      const [input] = binding['wsdl:operation']!.map((one) => one['wsdl:input']![0]!['soap:body']![0]!);
      const encodingStyle = 'http://schemas.xmlsoap.org/soap/encoding/';
      const use = style === 'rpc' ? { '@use': 'literal' } : { '@use': 'encoded', '@encodingStyle': encodingStyle };
      expect(input).to.deep.equal({ ...use, '@namespace': 'urn:annelid:1' });
      const parts = wsdl['wsdl:message']!.find((one) => one['@name'] === 'eventPoll')!['wsdl:part']!;
      const prefix = style === 'rpc' ? 'xsd' : 'enc';
      expect(parts.map((one) => [one['@name'], one['@type']])).to.deep.equal([
        ['after', `${prefix}:long`],
        ['wait', `${prefix}:double`],
        ['limit', `${prefix}:int`],
        ['types', 'tns:ArrayOfString'],
      ]);
      const text = String((await get(`wsdl&${query}`)).body);
      expect(text).not.to.match(/<[\w:]*include\b|(?:schemaLocation|[^:]location)="(?!http:\/\/cloud)/);
      expect(text).not.to.include('elementFormDefault');
      expect(text.match(/wsdl:arrayType="[^"]*"/g) ?? []).to.have.lengthOf(style === 'rpc' ? 0 : 17);
      expect(text).to.include(`<soap:address location="http://cloud.example/soap?${query.replace('&', '&amp;')}"/>`);
      const defined = [...text.matchAll(/<xsd:complexType name="([^"]+)"/g)].map(([, name]) => name);
      const used = new Set([...text.matchAll(/[ :](?:t|arrayT)ype="(?:tns|apache):([^"[]+)/g)].map(([, name]) => name));
      used.delete('Annelid');
      expect(new Set(defined)).to.deep.equal(used);
    });
  }

  it('has the types of a service in their own namespace', async () => {
    const { methods: all } = fakeApi();
    const service = { ...catalogueService(all.values()), typeNamespace: 'urn:types' };
    const text = renderWsdl(describeService(service, 'document'), soap11)('http://a');
    const schemas = parser.parse(text)['wsdl:definitions'][0]['wsdl:types'][0]['xsd:schema'];
    expect(schemas.map((one: Element) => [one['@targetNamespace'], one['xsd:import']])).to.deep.equal([
      ['urn:types', undefined],
      ['urn:annelid:1', [{ '@namespace': 'urn:types' }]],
    ]);
    expect(text).to.include('type="types:Vm"').and.not.include('type="tns:Vm"');
  });

  it('refers to types that it has, and has no type that nothing refers to', async () => {
    const text = String((await get('wsdl')).body);
    const defined = [...text.matchAll(/<xsd:complexType name="([^"]+)"/g)].map(([, name]) => name);
    const used = new Set([...text.matchAll(/ type="tns:([^"]+)"/g)].map(([, name]) => name));
    used.delete('Annelid');
    expect(new Set(defined)).to.deep.equal(used);
    expect(defined.length).to.equal(used.size);
    // Its wrapper element is vmStats, which Java makes the class VmStats of.
    expect(defined).to.include('VmStatistics').and.not.include('VmStats');
  });

  it('lets an element be nil or be left out, but never both', async () => {
    const elements = [...String((await get('wsdl')).body).matchAll(/<xsd:element [^>]*>/g)].map(([tag]) => tag);
    expect(elements.filter((tag) => tag.includes('nillable'))).to.have.lengthOf.above(50);
    expect(elements.filter((tag) => tag.includes('nillable') && tag.includes('Occurs'))).to.deep.equal([]);
    expect(elements.filter((tag) => tag.includes('Occurs')).every((tag) => tag.includes('name="item"'))).to.equal(true);
  });

  it('lets what is of any type be nil, and names no type that there is not', () => {
    const echo = {
      ...(methods.get('system.version') as Method),
      params: record('Params', 'Its own.', { value: any('It.'), note: optional(any('More.')) }),
      result: any('The same.'),
    } as Method;
    const wsdlIn = (style: 'document' | 'encoded') =>
      renderWsdl(describeService(catalogueService([echo]), style), soap11)('http://cloud.example/soap');
    const tags = [...wsdlIn('document').matchAll(/<xsd:element name="(value|note|return)" type="xsd:anyType"[^>]*>/g)];
    // The first is that of maps.
    expect(tags.map(([tag, name]) => [name, tag.includes('nillable="true"')])).to.deep.equal([
      ['value', true],
      ['value', true],
      ['note', true],
      ['return', true],
    ]);
    const parts = [...wsdlIn('encoded').matchAll(/<wsdl:part name="(?:value|note|return)" type="([^"]*)"/g)];
    expect(parts.map(([, type]) => type)).to.deep.equal(['xsd:anyType', 'xsd:anyType', 'xsd:anyType']);
  });

  it('describes parameters in the order of the catalogue, with their kinds', async () => {
    const wsdl = await definitionsOf('wsdl');
    const elements = wsdl['wsdl:types']![0]!['xsd:schema']![0]!['xsd:element']!;
    const poll = elements.find((one) => one['@name'] === 'eventPoll')!;
    const fields = poll['xsd:complexType']![0]!['xsd:sequence']![0]!['xsd:element']!;
    expect(fields.map((one) => [one['@name'], one['@type'], one['@nillable']])).to.deep.equal([
      ['after', 'xsd:long', 'true'],
      ['wait', 'xsd:double', 'true'],
      ['limit', 'xsd:int', 'true'],
      ['types', 'tns:ArrayOfString', 'true'],
    ]);
  });

  it('has no two names that are one class name', () => {
    const named = (name: string, type: string): Method => ({
      ...(methods.get('system.version') as Method),
      name,
      result: record(type, 'A type.', { a: bool('A.') }),
    });
    const describeApi = (of: Method[]) => describeService(catalogueService(of), 'document');
    expect(() => describeApi([named('a.b', 'X'), named('aB', 'X')])).to.throw(/both called aB/);
    expect(() => describeApi([named('vm.look', 'VmLook')])).to.throw(/both called VmLook/);
    expect(() => describeApi([named('vm.look', 'VmLookResponse')])).to.throw(/both called VmLookResponse/);
    expect(() => describeApi([named('a.b', 'annelidService')])).to.throw(/both called annelidService/i);
    const other = { ...named('c.d', 'X'), result: list(record('X', 'Another.', { a: string('A.') }), 'Them.') };
    expect(() => describeApi([named('a.b', 'X'), other as Method])).to.throw('two different types called X');
  });
});

describe('the address in the WSDL', () => {
  it('is the public URL, whatever the Host header says', async () => {
    expect(await locationOf({ host: 'evil.example' })).to.equal('http://cloud.example/soap');
    expect(await locationOf({ host: 'x' }, 'https://a.example/api')).to.equal('https://a.example/api/soap');
  });

  it('is the host that the reader used when the public URL names this machine only', async () => {
    const seen: unknown[] = [];
    for (const host of ['10.0.0.7:9000', 'vms.example', '[::1]:8420']) {
      for (const publicUrl of [
        'http://127.0.0.1:8420',
        'http://0.0.0.0:8420',
        'http://localhost:1',
        'http://[::]:8420',
      ]) {
        seen.push(await locationOf({ host }, publicUrl));
      }
    }
    expect(new Set(seen)).to.deep.equal(
      new Set(['http://10.0.0.7:9000/soap', 'http://vms.example/soap', 'http://[::1]:8420/soap']),
    );
  });

  it('is never a Host header that is no host', async () => {
    for (const host of [
      '',
      'a b',
      'a/b',
      'a"><x',
      'u@h',
      '-a',
      'a:port',
      'a:123456',
      'a:65536',
      '[a]',
      'a?b',
      'é.example',
    ]) {
      expect(await locationOf({ host }, 'http://127.0.0.1:8420'), host).to.equal('http://127.0.0.1:8420/soap');
    }
  });

  it('is not stored for other readers', async () => {
    expect((await get('wsdl')).headers['Cache-Control']).to.equal('no-store');
  });
});
