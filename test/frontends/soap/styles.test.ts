/** A caller is answered in the style that its request shows. */
import { expect } from 'chai';
import { lowerCamel } from '../../../daemon/catalogue/method.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { encoderOf } from '../../../daemon/frontends/soap/service/encode.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { XmlReader } from '../../../daemon/wire/xml.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const encoding11 = 'http://schemas.xmlsoap.org/soap/encoding/';
const encoding12 = 'http://www.w3.org/2003/05/soap-encoding';
const declared = `xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:annelid:1"`;

const post = async (
  body: string,
  {
    version = soap11,
    on = '',
    query = '',
    result,
  }: { version?: string; on?: string; query?: string; result?: unknown } = {},
): Promise<string> => {
  const api = fakeApi();
  api.does.set('vm.get', () => {
    if (result instanceof Fault) throw result;
    return result ?? { id: '1', labels: { a: '<b>' }, disks: [{ device: 'vda', sizeMiB: 5 }], addresses: [] };
  });
  const envelope = `<e:Envelope xmlns:e="${version}" ${declared} ${on}><e:Body>${body}</e:Body></e:Envelope>`;
  return String((await request(soap.routes(fakeContext(api)), 'POST', '/soap', { body: envelope, query })).body);
};

const styleOf = (reply: string) => {
  if (reply.includes('encodingStyle=')) return 'encoded';
  return reply.includes('<m:vmGetResponse xmlns:m="urn:annelid:1"><return>') ? 'rpc' : 'document';
};

describe('The style of a SOAP reply', () => {
  const bare = '<m:vmGet><vm>a</vm></m:vmGet>';
  const qualified = '<m:vmGet><m:vm>a</m:vm></m:vmGet>';
  const typed = '<m:vmGet><vm x:type="s:string">a</vm></m:vmGet>';
  const cases: [
    what: string,
    body: string,
    style: string,
    options?: { on?: string; query?: string; version?: string },
  ][] = [
    ['of a call whose parameters are in its namespace', qualified, 'document'],
    ['of a call whose parameters are in no namespace', bare, 'rpc'],
    ['of a call that is in no namespace itself', '<vmGet><vm>a</vm></vmGet>', 'document'],
    ['of a call with a typed parameter', typed, 'encoded'],
    [
      'of a literal call of Emacs or gSOAP, which may say types there too',
      '<m:vmGet><m:vm x:type="s:string">a</m:vm></m:vmGet>',
      'document',
    ],
    [
      'of a call with typed parameters in its namespace, and the encoding, as SOAP::Lite sends it',
      '<m:vmGet><m:vm x:type="s:string">a</m:vm></m:vmGet>',
      'encoded',
      { on: `e:encodingStyle="${encoding11}"` },
    ],
    [
      'of a call with a parameter of a type of the service',
      '<m:vmGet><m:vm x:type="m:Name">a</m:vm></m:vmGet>',
      'document',
    ],
    ['of a call in an encoded envelope', bare, 'encoded', { on: `e:encodingStyle="${encoding11}"` }],
    [
      'of a call in an encoded envelope of the early drafts',
      bare,
      'encoded',
      { on: `e:encodingStyle="${encoding11}2001 urn:x"` },
    ],
    ['of a call that is encoded itself', `<m:vmGet e:encodingStyle="${encoding11}"><vm>a</vm></m:vmGet>`, 'encoded'],
    [
      'of a call that ends the encoding',
      '<m:vmGet e:encodingStyle=""><vm>a</vm></m:vmGet>',
      'rpc',
      { on: `e:encodingStyle="${encoding11}"` },
    ],
    [
      'of a literal call of suds, which declares the encoding all the same',
      qualified,
      'document',
      { on: `e:encodingStyle="${encoding11}"` },
    ],
    [
      'of a call of SOAP::Lite whose parameters have no name, with the encoding: a record says no type',
      '<m:vmGet><m:c-gensym5>a</m:c-gensym5></m:vmGet>',
      'encoded',
      { on: `e:encodingStyle="${encoding11}"` },
    ],
    [
      'of a literal call whose parameters have no name, as Java makes it without names in the class file',
      '<m:vmGet><m:arg0>a</m:arg0></m:vmGet>',
      'document',
    ],
    ['of an encoding of SOAP 1.1 that is not known', bare, 'rpc', { on: 'e:encodingStyle="urn:other"' }],
    [
      'of a call in SOAP 1.2',
      `<m:vmGet e:encodingStyle="${encoding12}"><vm>a</vm></m:vmGet>`,
      'encoded',
      { version: soap12 },
    ],
    [
      'of a call of Lua in SOAP 1.2, with the encoding of SOAP 1.1',
      `<m:vmGet e:encodingStyle="${encoding11}"><vm>a</vm></m:vmGet>`,
      'encoded',
      { version: soap12 },
    ],
    [
      'of a call in SOAP 1.2 without an encoding',
      `<m:vmGet e:encodingStyle="${soap12}/encoding/none"><m:vm>a</m:vm></m:vmGet>`,
      'document',
      { version: soap12 },
    ],
    ['asked for by the address', qualified, 'encoded', { query: 'style=rpc' }],
    ['asked for by the address, literal', typed, 'rpc', { query: 'style=rpc&use=literal' }],
    ['asked for by the address, document', bare, 'document', { query: 'style=document' }],
    ['not asked for by another query', qualified, 'document', { query: 'style=odd' }],
  ];

  for (const [what, body, style, options] of cases) {
    it(`is ${style}: that ${what}`, async () => {
      expect(styleOf(await post(body, options))).to.equal(style);
    });
  }

  it('is refused for an encoding of SOAP 1.2 that is not known', async () => {
    const reply = await post('<m:vmGet e:encodingStyle="urn:other"/>', { version: soap12 });
    expect(reply).to.include('<soap:Value>soap:DataEncodingUnknown</soap:Value>').and.not.include('soap:Header');
  });
});

const inner = (reply: string) => /<soap:Body>(.*)<\/soap:Body>/s.exec(reply)?.[1];
const string = (name: string, text: string) => `<${name} xsi:type="xsd:string">${text}</${name}>`;

describe('An encoded SOAP reply', () => {
  const nils = (names: string) =>
    names
      .split(' ')
      .map((name) => `<${name} xsi:nil="true"/>`)
      .join('');
  const record = (arrays: [disks: string, addresses: string]) =>
    `${string('id', '1')}${nils('name account connector nativeId host state lastState image vcpus memoryMiB')}` +
    `<disks xsi:type="enc:Array" ${arrays[0]}><item xsi:type="types:Disk">${string('device', 'vda')}` +
    `<sizeMiB xsi:type="xsd:int">5</sizeMiB>${nils('volume readOnly')}</item></disks>${nils('nics')}` +
    `<addresses xsi:type="enc:Array" ${arrays[1]}></addresses>` +
    `<labels xsi:type="apache:Map"><item>${string('key', 'a')}${string('value', '&lt;b&gt;')}</item></labels>${nils('created changed')}`;
  const namespaces =
    'xmlns:m="urn:annelid:1" xmlns:types="urn:annelid:1" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:apache="http://xml.apache.org/xml-soap"';

  it('says the type of every element, in arrays and maps that clients know without a WSDL', async () => {
    const reply = await post('<m:vmGet><vm x:type="s:string">a</vm></m:vmGet>');
    expect(inner(reply)).to.equal(
      `<m:vmGetResponse ${namespaces} xmlns:enc="${encoding11}" soap:encodingStyle="${encoding11}"><return xsi:type="types:Vm">` +
        `${record(['enc:arrayType="types:Disk[1]"', 'enc:arrayType="xsd:string[0]"'])}</return></m:vmGetResponse>`,
    );
  });

  it('has the arrays of SOAP 1.2, and names its result', async () => {
    const reply = await post('<m:vmGet><vm x:type="s:string">a</vm></m:vmGet>', { version: soap12 });
    expect(inner(reply)).to.equal(
      `<m:vmGetResponse ${namespaces} xmlns:enc="${encoding12}" soap:encodingStyle="${encoding12}"><return xsi:type="types:Vm">` +
        record(['enc:itemType="types:Disk" enc:arraySize="1"', 'enc:itemType="xsd:string" enc:arraySize="0"']) +
        '</return><rpc:result xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">return</rpc:result></m:vmGetResponse>',
    );
  });

  it('is well-formed for every method, each name within it declared, in each style and version', async () => {
    const api = fakeApi();
    const routes = soap.routes(fakeContext(api));
    for (const { name, params, example } of api.methods.values()) {
      const operation = lowerCamel(name);
      const call = `<m:${operation} xmlns:m="urn:annelid:1">${encoderOf(params)(example.params)}</m:${operation}>`;
      for (const version of [soap11, soap12]) {
        for (const query of ['style=document', 'style=rpc', 'style=rpc&use=literal']) {
          const body = `<e:Envelope xmlns:e="${version}" ${declared} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>${call}</e:Body></e:Envelope>`;
          const reply = await request(routes, 'POST', '/soap', { body, query });
          expect(reply.status, `${name}: ${reply.body}`).to.equal(200);
          const reader = new XmlReader(String(reply.body), defaultLimits.xml, { namespaces: true });
          for (let event = reader.next(); event !== 'end'; event = reader.next()) {
            if (event !== 'open') continue;
            const type = reader.attribute('type', 'http://www.w3.org/2001/XMLSchema-instance');
            if (type !== undefined)
              expect(reader.resolve(type.slice(0, type.indexOf(':'))), type).to.match(/^(http|urn):/);
          }
        }
      }
      expect(api.calls.at(-1)?.method).to.equal(name);
    }
  });

  it('has a detail without namespaces, and in SOAP 1.2 the codes of rpc', async () => {
    const typed = (name: string) => `<m:${name}><vm x:type="s:string">a</vm></m:${name}>`;
    const conflict = await post(typed('vmGet'), { result: new Fault('conflict', 'No.') });
    expect(conflict).to.include('<detail><m:ApiFault xmlns:m="urn:annelid:1"><kind>conflict</kind>');
    const codes = async (body: string, on = '') =>
      [...(await post(body, { version: soap12, on })).matchAll(/<soap:Value[^>]*>([^<]*)</g)].map(([, code]) => code);
    expect(await codes('<m:vmGet><nope x:type="s:string">a</nope></m:vmGet>')).to.deep.equal([
      'soap:Sender',
      'std:BadArguments',
      'tns:invalid-params',
    ]);
    expect(await codes('<m:nope/>', `e:encodingStyle="${encoding12}"`)).to.deep.equal([
      'soap:Sender',
      'std:ProcedureNotPresent',
      'tns:unknown-method',
    ]);
    expect(await codes('<m:nope/>')).to.deep.equal(['soap:Sender', 'tns:unknown-method']);
  });
});
