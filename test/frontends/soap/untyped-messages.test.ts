/** Messages of WCF that have no type: anything may be in their Body. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import {
  contractClient,
  contractService,
  methodsFor,
  readContract,
} from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { soapVersions } from '../../../daemon/frontends/soap/message/names.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { createHttpServer } from '../../../daemon/wire/http.ts';
import { sourceOf } from '../../../daemon/wire/xml.ts';
import { inOneGo } from '../../../plugin-protocol/slices.ts';
import { requireSuite } from '../../setup/packages.ts';
import { textOf } from '../../support/post.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const part = '<part xmlns:q="http://schemas.microsoft.com/Message" name="message" type="q:MessageBody"/>';
const typed = '<xs:element name="Plain" type="xs:string"/><xs:element name="PlainResponse" type="xs:string"/>';
const operation = (name: string, binding: string, message = 'Untyped') =>
  binding === ''
    ? `<operation name="${name}"><input message="t:${message}"/><output message="t:${message === 'Untyped' ? message : `${message}Out`}"/></operation>`
    : `<operation name="${name}"><soap:operation soapAction="urn:t/IRelay/${name}"/><input>${binding}</input><output>${binding}</output></operation>`;

/** As WCF writes it; the schema of `MessageBody` is imported from nowhere. */
const wsdlOf = (names: readonly string[], parts = part): string => {
  const operations = (binding: string) =>
    names.map((name) => operation(name, binding, name === 'Plain' ? name : 'Untyped')).join('');
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
      xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
    <types><xs:schema targetNamespace="urn:t"><xs:import namespace="http://schemas.microsoft.com/Message"/>${typed}</xs:schema></types>
    <message name="Untyped">${parts}</message>
    <message name="Plain"><part name="text" element="t:Plain"/></message>
    <message name="PlainOut"><part name="text" element="t:PlainResponse"/></message>
    <portType name="P">${operations('')}</portType>
    <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${operations('<soap:body use="literal"/>')}</binding>
    <service name="S"><port name="P" binding="t:B"><soap:address location="http://old/"/></port></service></definitions>`;
};
const contractOf = (names: readonly string[], parts?: string) =>
  readContract('t.wsdl', wsdlOf(names, parts), defaultLimits.xml, { readFile: () => undefined });

const served = (...names: string[]) => {
  const contract = contractOf(names);
  const methods = methodsFor(contract, 't');
  const api = fakeApi();
  for (const { name } of methods.values()) api.does.set(name, (params) => Object.values(params)[0] ?? {});
  const routes = [serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), fakeContext(api))];
  const post = async (given: string, action?: string) => {
    const { body } = await request(routes, 'POST', '/soap/t', {
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${given}</e:Body></e:Envelope>`,
      headers: action === undefined ? {} : { soapaction: `"urn:t/IRelay/${action}"` },
    });
    const text = textOf(body);
    return /<faultstring>([^<]*)/.exec(text)?.[1] ?? /<soap:Body>(.*)<\/soap:Body>|<soap:Body\/>/.exec(text)?.[1] ?? '';
  };
  return { api, post, routes };
};

const order = '<order xmlns="urn:o" id="1"><line xmlns="">cup &amp; saucer</line></order>';

describe('A message without a type', () => {
  it('has any elements in its Body, as text of XML, and is told by its action', async () => {
    const { api, post } = served('Process', 'Forget', 'Plain');
    expect(await post(order, 'Process')).to.equal(order);
    expect(api.calls.at(-1)).to.deep.include({ method: 't.Process', params: { message: { any: [order] } } });
    // An element that another operation has is not that one.
    expect(await post(`<Plain xmlns="urn:t">1</Plain>${order}`, 'Forget')).to.equal(
      `<Plain xmlns="urn:t">1</Plain>${order}`,
    );
    expect(api.calls.at(-1)).to.deep.include({ method: 't.Forget' });
    expect(await post('', 'Forget')).to.equal('');
    expect(api.calls.at(-1)).to.deep.include({ method: 't.Forget', params: {} });
    expect(await post('<Plain xmlns="urn:t">1</Plain>', 'Plain')).to.include('>1</ns1:PlainResponse>');
    expect(api.calls.at(-1)).to.deep.include({ method: 't.Plain', params: { text: '1' } });
  });

  it('needs no action where it is the only one, and is not guessed where it is not', async () => {
    const one = served('Process', 'Plain');
    expect(await one.post(order)).to.equal(order);
    expect(await one.post('')).to.equal('');
    expect(await one.post('<a/>', 'Other')).to.equal('There is no operation a.');
    expect(await served('Process', 'Forget').post('<a/>')).to.equal('There is no operation a.');
  });

  it('is answered with elements of XML and nothing else', async () => {
    const { api, post } = served('Process');
    const unfit = 'What was answered does not fit the contract: /message';
    const cases: [answer: unknown, message: string][] = [
      [{ any: ['<a>'] }, `${unfit}/any/0 must be one element of XML`],
      [{ any: order }, `${unfit}/any must be a list.`],
      [{ order: {} }, `${unfit}/order is not in the contract.`],
    ];
    for (const [answer, message] of cases) {
      api.does.set('t.Process', () => answer);
      expect(await post(order)).to.include(message);
    }
  });

  it('is all of the Body', () => {
    const both = `${part}<part name="more" type="xs:string"/>`;
    expect(() => contractOf(['Process'], both)).to.throw('has a part that is all of the Body, and another one.');
  });

  it('is sent to a service of others, and its answer read', () => {
    const client = contractClient(contractOf(['Process']), defaultLimits).get('Process')!;
    const sent = client.encode({ message: { any: [order] } }, soapVersions[0]!);
    expect(sent).to.include(`<soap:Body>${order}</soap:Body>`);
    expect(inOneGo(client.decode(() => sourceOf([sent])))).to.deep.equal({ result: { any: [order] } });
  });

  it('is sent and got by WCF', async function () {
    this.timeout(60_000);
    await requireSuite(this, 'soap clients of .NET');
    const { routes } = served('Process', 'Forget', 'Plain');
    const server = createHttpServer({ routes, limits: defaultLimits.http });
    const directory = await mkdtemp(join(tmpdir(), 'annelid-messages-'));
    try {
      const { host, port } = await server.listen('127.0.0.1', 0);
      const program = join(directory, 'messages.exe');
      const libraries = ['System.ServiceModel', 'System.Runtime.Serialization'].map((name) => `-r:${name}`);
      const source = fileURLToPath(new URL('../../clients/dotnet/messages.cs', import.meta.url));
      await execa('mcs', [`-out:${program}`, ...libraries, source], { stdin: 'ignore' });
      const { stdout } = await execa('mono', [program, `http://${host}:${port}/soap/t`], { stdin: 'ignore' });
      expect(stdout.split('\n')).to.deep.equal([order, 'True']);
    } finally {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
