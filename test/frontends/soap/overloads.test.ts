/** Operations of a contract that share a name, as ASP.NET makes them of methods with a MessageName, and Axis 1 of Java's. */
import { expect } from 'chai';
import {
  contractClient,
  contractService,
  methodsFor,
  readContract,
} from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { soap11 } from '../../../daemon/frontends/soap/message/names.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const complexType = (name: string, ...fields: string[]) =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${fields.map((field) => `<xs:element name="${field}" type="xs:int"/>`).join('')}</xs:sequence></xs:complexType></xs:element>`;
const wsdl = (types: string, messages: string, portType: string, binding: string, style: string) =>
  `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">${types}</xs:schema></types>${messages}
  <portType name="P">${portType}</portType>
  <binding name="B" type="t:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>${binding}</binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://old/"/></port></service>
</definitions>`;

/** ASP.NET's: one name, and elements of their own. The binding has them in another order. */
const literal = wsdl(
  complexType('Add', 'a') +
    complexType('AddTwo', 'a', 'b') +
    complexType('AddResponse', 'sum') +
    complexType('AddTwoResponse', 'sum'),
  ['Add', 'AddTwo', 'AddResponse', 'AddTwoResponse']
    .map((name) => `<message name="${name}"><part name="parameters" element="t:${name}"/></message>`)
    .join(''),
  `<operation name="Add"><input message="t:Add"/><output message="t:AddResponse"/></operation>
   <operation name="Add"><input name="AddTwo" message="t:AddTwo"/><output name="AddTwo" message="t:AddTwoResponse"/></operation>`,
  `<operation name="Add"><soap:operation soapAction="urn:t/AddTwo"/><input name="AddTwo"><soap:body use="literal"/></input><output name="AddTwo"><soap:body use="literal"/></output></operation>
   <operation name="Add"><soap:operation soapAction="urn:t/Add"/><input name="AddRequest"><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`,
  'document',
);

/** Of rpc: one element, which is told apart by SOAPAction, if at all. */
const rpc = (actions: readonly string[]) =>
  wsdl(
    '',
    `<message name="I"><part name="a" type="xs:int"/></message><message name="I2"><part name="a" type="xs:int"/><part name="b" type="xs:int"/></message>
     <message name="O"><part name="sum" type="xs:int"/></message>`,
    ['I', 'I2']
      .map(
        (name) =>
          `<operation name="Add"><input name="${name}" message="t:${name}"/><output message="t:O"/></operation>`,
      )
      .join('<operation name="Add2"><input message="t:I"/><output message="t:O"/></operation>'),
    ['I', 'I2']
      .map(
        (name, at) =>
          `<operation name="Add"><soap:operation soapAction="${actions[at]}"/><input name="${name}"><soap:body use="literal" namespace="urn:t"/></input><output><soap:body use="literal" namespace="urn:t"/></output></operation>`,
      )
      .join(''),
    'rpc',
  );

const served = (text: string) => {
  const contract = readContract('add.wsdl', text, defaultLimits.xml);
  const api = fakeApi();
  const methods = methodsFor(contract, 'add');
  for (const { name } of methods.values()) api.does.set(name, () => 5);
  const route = serve(contractService({ contract, path: '/soap/add', methods }, defaultLimits), fakeContext(api));
  return async (body: string, action = '') => {
    const text = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t"><e:Body>${body}</e:Body></e:Envelope>`;
    const reply = await request([route], 'POST', '/soap/add', { body: text, headers: { soapaction: `"${action}"` } });
    const said = /<soap:Body>(.*)<\/soap:Body>/s.exec(String(reply.body))?.[1]?.replaceAll(/ xmlns:\w+="[^"]*"/g, '');
    return [api.calls.at(-1)?.method, api.calls.at(-1)?.params, said];
  };
};

describe('operations of a contract that share a name', () => {
  it('are told apart by their elements', async () => {
    const post = served(literal);
    expect(await post('<t:Add><t:a>1</t:a></t:Add>', 'urn:t/AddTwo')).to.deep.equal([
      'add.Add',
      { a: 1 },
      '<ns1:AddResponse><ns1:sum>5</ns1:sum></ns1:AddResponse>',
    ]);
    expect(await post('<t:AddTwo><t:a>1</t:a><t:b>2</t:b></t:AddTwo>')).to.deep.equal([
      'add.Add2',
      { a: 1, b: 2 },
      '<ns1:AddTwoResponse><ns1:sum>5</ns1:sum></ns1:AddTwoResponse>',
    ]);
  });

  it('are told apart by SOAPAction, and have a number that no other name has', async () => {
    const post = served(rpc(['urn:t#one', 'urn:t#two']));
    expect((await post('<t:Add><a>1</a></t:Add>', 'urn:t#one')).slice(0, 2)).to.deep.equal(['add.Add', { a: 1 }]);
    const two = await post('<t:Add><a>1</a><b>2</b></t:Add>', 'urn:t#two');
    expect(two).to.deep.equal(['add.Add4', { a: 1, b: 2 }, '<ns1:AddResponse><sum>5</sum></ns1:AddResponse>']);
  });

  it('are not served together where nothing tells them apart, and called all the same', () => {
    const alike = rpc(['', '']);
    expect(() => served(alike)).to.throw(
      'The operations Add and Add4 have one name, one element and one soapAction: a call does not tell which it means.',
    );
    const client = contractClient(readContract('add.wsdl', alike, defaultLimits.xml), defaultLimits);
    const sent = client
      .get('Add4')!
      .encode({ a: 1, b: 2 }, soap11)
      .replaceAll(/ xmlns:\w+="[^"]*"/g, '');
    expect(sent).to.include('<soap:Body><ns1:Add><a>1</a><b>2</b></ns1:Add></soap:Body>');
  });
});
