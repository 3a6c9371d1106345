/** Services of plugins in forms that the configuration has for them, in memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type PublishedService, serviceFrom } from '../../../daemon/catalogue/published.ts';
import type { ServiceProfile } from '../../../daemon/frontends/service-profile.ts';
import { contractFromFileInSlices } from '../../../daemon/frontends/soap/contract/index.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const number = { type: 'integer' };
const published = serviceFrom(
  {
    service: 'clerk',
    methods: [
      { name: 'place', params: { properties: { line: { type: 'string' }, count: number } }, result: number },
      { name: 'Forget', result: number },
    ],
  },
  'office',
  'clerk 1',
);
const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:o="urn:o"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o">
  <message name="In"><part name="line" type="xs:string"/><part name="count" type="xs:int"/></message>
  <message name="Out"><part name="number" type="xs:int"/></message>
  <message name="Odd"><part name="more" type="xs:string"/></message>
  <portType name="P">
    <operation name="Place"><input message="o:In"/><output message="o:Out"/></operation>
    <operation name="Forget"><input message="o:Odd"/><output message="o:Out"/></operation>
    <operation name="Gone"><input message="o:In"/></operation>
  </portType>
  <binding name="B" type="o:P">
    <s:binding style="rpc"/>
    ${['Place', 'Forget', 'Gone']
      .map((name) => {
        const body = '<s:body use="literal" namespace="urn:o"/>';
        const output = name === 'Gone' ? '' : `<output>${body}</output>`;
        return `<operation name="${name}"><input>${body}</input>${output}</operation>`;
      })
      .join('')}
  </binding>
</definitions>`;

describe('A profile', () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'annelid-profile-'));
    file = join(folder, 'o.wsdl');
    writeFileSync(file, wsdl);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has a large contract read while others have their turn', () => {
    const large = join(folder, 'large.wsdl');
    const element = (at: number) => `<xs:element name="e${at}" type="xs:string"/>`;
    const schema = `<xs:schema targetNamespace="urn:o">${Array.from({ length: 5000 }, (_, at) => element(at)).join('')}</xs:schema>`;
    writeFileSync(large, wsdl.replace('<message', `<types>${schema}</types><message`));
    let turns = 0;
    const work = contractFromFileInSlices(large, defaultLimits.xml);
    while (!work.next().done) turns++;
    expect(turns).to.be.above(0);
  });

  const served = (profile: Partial<ServiceProfile>, of: PublishedService = published) => {
    const api = fakeApi();
    const services = new Map([[of.name, of]]);
    const warnings: string[] = [];
    const context = fakeContext({ ...api, services } as never);
    const log = { ...context.log, warn: (_: object, message: string) => void warnings.push(message) };
    const profiles = [{ name: 'old', service: 'clerk', ...profile }];
    const routes = soap.routes({ ...context, log, profiles });
    return {
      api,
      services,
      warnings,
      post: async (body: string) => {
        const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`;
        return String((await request(routes, 'POST', '/soap/old', { body: envelope })).body);
      },
      get: async (query = 'wsdl') => request(routes, 'GET', '/soap/old', { query }),
    };
  };

  it('with a WSDL calls the method that serves the operation', async () => {
    const { api, post } = served({ wsdl: file, operations: { Place: { method: 'place' } } });
    api.does.set('clerk.place', ({ count }) => count);
    const reply = await post('<o:Place xmlns:o="urn:o"><line>a</line><count>3</count></o:Place>');
    expect(api.calls[0]).to.deep.include({ method: 'clerk.place', params: { line: 'a', count: 3 } });
    expect(reply).to.match(/PlaceResponse[^>]*><number>3<\/number>/);
  });

  it('warns of operations that no method serves, or none that fits, once the service is there', async () => {
    const { warnings, post } = served({ wsdl: file, operations: { Place: { method: 'place' } } });
    expect(warnings).to.deep.equal([]);
    expect(await post('<o:Gone xmlns:o="urn:o"/>')).to.include('There is no operation Gone.');
    expect(warnings).to.deep.equal([
      `The operation Forget of ${file} cannot be served right: there is no /more.`,
      `The operation Gone of ${file} cannot be served right: clerk has no method Gone.`,
    ]);
  });

  it('without a WSDL has names of its own', async () => {
    const operations = { Order: { method: 'place', parts: { item: 'line' }, action: 'urn:act', reply: 'number' } };
    const { api, get, post } = served({ namespace: 'urn:old', style: 'rpc', portType: 'Old', operations });
    const text = String((await get()).body);
    expect(text).to.include('<wsdl:portType name="Old">').and.include('soapAction="urn:act"');
    expect(text).to.include('<wsdl:part name="item" type="xsd:string"/>').and.not.include('Forget');
    const reply = await post('<o:Order xmlns:o="urn:old"><item>a</item></o:Order>');
    expect(api.calls[0]?.params).to.deep.equal({ line: 'a' });
    expect(reply).to.match(/<m:OrderResponse xmlns:m="urn:old"><number>\d+<\/number>/);
  });

  it('is there as long as its service is', async () => {
    const { services, get } = served({ wsdl: file });
    expect((await get()).status).to.equal(200);
    services.clear();
    expect(await get()).to.deep.include({
      status: 404,
      body: 'There is no service at /soap/old. No plugin publishes one at the moment.\n',
    });
    services.set('clerk', published);
    expect((await get()).status).to.equal(200);
  });

  it('that names what is not there is not served', async () => {
    for (const [operations, complaint] of [
      [{ X: { method: 'nope' } }, 'clerk has no method nope'],
      [{ X: { method: 'place', parts: { a: 'nope' } } }, 'clerk.place has no parameter nope'],
    ] as const) {
      const { get, warnings } = served({ operations });
      expect((await get()).status).to.equal(404);
      expect(warnings).to.deep.equal([`The service old cannot be served over SOAP: ${complaint}`]);
    }
    const { get, warnings } = served({ wsdl: join(folder, 'gone.wsdl') });
    expect((await get()).status).to.equal(404);
    expect(warnings[0]).to.match(
      /^The service old cannot be served over SOAP: .*gone\.wsdl cannot be read \(ENOENT\)\.$/,
    );
  });
});
