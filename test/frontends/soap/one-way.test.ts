/** Operations of a contract that answer nothing, and headers that are another operation's. */
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import type { HttpReply } from '../../../daemon/wire/route.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <xs:element name="Tell" type="xs:int"/><xs:element name="Told" type="xs:int"/><xs:element name="Ask" type="xs:int"/>
    <xs:element name="Turn"><xs:complexType><xs:sequence><xs:element name="number" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
  </xs:schema></types>
  <message name="TellIn"><part name="number" element="t:Tell"/></message>
  <message name="AskIn"><part name="number" element="t:Ask"/></message>
  <message name="AskOut"><part name="number" element="t:Told"/></message>
  <message name="Headers"><part name="turn" element="t:Turn"/></message>
  <portType name="P"><operation name="Tell"><input message="t:TellIn"/></operation>
    <operation name="Ask"><input message="t:AskIn"/><output message="t:AskOut"/></operation></portType>
  <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Tell"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation>
    <operation name="Ask"><soap:operation soapAction=""/>
      <input><soap:body use="literal"/><soap:header message="t:Headers" part="turn" use="literal"/></input>
      <output><soap:body use="literal"/></output></operation></binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://old/"/></port></service>
</definitions>`;

const contract = readContract('one-way.wsdl', wsdl, defaultLimits.xml);
const methods = methodsFor(contract, 'told');
const api = fakeApi();
const reasons: unknown[] = [];
const context = fakeContext(api);
const log = { ...context.log, warn: (facts: object) => void reasons.push((facts as { reason: string }).reason) };
const route = serve(contractService({ contract, path: '/soap/told', methods }, defaultLimits), { ...context, log });

const post = async (body: string, header = '', does: () => unknown = () => 1): Promise<HttpReply> => {
  api.calls.length = 0;
  for (const method of methods.values()) api.does.set(method.name, does);
  const text = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
  return request([route], 'POST', '/soap/told', { body: text });
};
const failing = (kind: 'conflict' | 'unauthenticated') => () => {
  throw new Fault(kind, 'Sorry.');
};

describe('an operation of a contract that answers nothing', () => {
  it('is answered with 202 when it is done', async () => {
    const { status, body } = await post('<t:Tell>1</t:Tell>');
    expect([status, body, api.calls.length]).to.deep.equal([202, '', 1]);
  });

  it('has no envelope when it fails, of which the log tells', async () => {
    const lacking = '<t:Turn e:mustUnderstand="1"><t:number>1</t:number></t:Turn>';
    const failed: [reply: HttpReply, status: number, reason: string][] = [
      [await post('<t:Tell>1</t:Tell>', '', failing('conflict')), 500, 'Sorry.'],
      [await post('<t:Tell>1</t:Tell>', '', failing('unauthenticated')), 401, 'Sorry.'],
      [await post('<t:Tell>one</t:Tell>'), 500, '/number must be an integer.'],
      [await post('<t:Tell>1</t:Tell><t:Tell>1</t:Tell>'), 500, 'The Body holds more than one call: <t:Tell> follows.'],
      [await post('<t:Tell>1</t:Tell>', lacking), 500, 'Headers that must be understood are not: Turn of urn:t.'],
    ];
    for (const [{ status, headers, body }, expected, reason] of failed) {
      expect([status, body, headers['Content-Type']], reason).to.deep.equal([expected, '', undefined]);
      expect(headers['WWW-Authenticate'] !== undefined).to.equal(expected === 401);
    }
    expect(reasons).to.deep.equal(failed.map(([, , reason]) => reason));
  });
});

describe('a header that the contract has for another operation', () => {
  const wrong = '<t:Turn><t:number><t:a>one</t:a></t:number><t:b/></t:Turn>';

  it('is not looked at', async () => {
    const { status } = await post('<t:Tell>1</t:Tell>', `${wrong}<t:Other/>`);
    expect([status, api.calls[0]?.params]).to.deep.equal([202, { number: 1 }]);
  });

  it('is looked at by that operation', async () => {
    const { status, body } = await post('<t:Ask>1</t:Ask>', wrong);
    expect([status, api.calls]).to.deep.equal([500, []]);
    expect(body).to.include('/headers/turn/number');
  });
});
