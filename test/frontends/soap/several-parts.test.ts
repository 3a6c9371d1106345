/** Documents with several parts, or with parts that have a type where others have an element. */
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
import { xmlSource } from '../../../daemon/wire/charset.ts';

import { textOf } from '../../support/post.ts';
import { toTheEnd } from '../../support/slices.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const operation = (name: string) =>
  `<operation name="${name}"><soap:operation soapAction="urn:t#${name}"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`;
const wsdl = (
  messages: string,
) => `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <xs:element name="key" type="xs:string"/><xs:element name="count" type="xs:int"/>
    <xs:complexType name="Item"><xs:sequence><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType>
  </xs:schema></types>${messages}
  <portType name="P">
    <operation name="Take"><input message="t:I"/><output message="t:O"/></operation>
    <operation name="Give"><input message="t:I2"/><output message="t:O2"/></operation>
  </portType>
  <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${operation('Take')}${operation('Give')}</binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://old/"/></port></service>
</definitions>`;
const elements = (names: string[]) => names.map((name) => `<part name="${name}Part" element="t:${name}"/>`).join('');
/** ASP.NET's with ParameterStyle.Bare. */
const several = wsdl(
  `<message name="I">${elements(['key', 'count'])}</message><message name="O">${elements(['count', 'key'])}</message>
   <message name="I2">${elements(['key'])}</message><message name="O2">${elements(['key'])}</message>`,
);
const typed = wsdl(
  `<message name="I"><part name="item" type="t:Item"/></message><message name="O"><part name="item" type="t:Item"/></message>
   <message name="I2"><part name="item" type="t:Item"/><part name="times" type="xs:int"/></message><message name="O2"><part name="times" type="xs:int"/></message>`,
);
const read = (text: string) => readContract('t.wsdl', text, defaultLimits.xml);

const serving = (text: string, answers: Record<string, unknown>) => {
  const contract = read(text);
  const methods = methodsFor(contract, 't');
  const api = fakeApi();
  const calls: unknown[] = [];
  for (const [name, answer] of Object.entries(answers)) {
    api.does.set(`t.${name}`, (params) => {
      calls.push({ [name]: params });
      return answer;
    });
  }
  const route = serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), fakeContext(api));
  const post = async (content: string, action = '') => {
    const { body } = await request([route], 'POST', '/soap/t', {
      headers: { soapaction: `"urn:t#${action}"` },
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t"><e:Body>${content}</e:Body></e:Envelope>`,
    });
    const reply = textOf(body);
    const inner = /<soap:Body>(.*)<\/soap:Body>/s.exec(reply)![1]!;
    return { reply, inner: inner.replaceAll(/ xmlns:?\w*="[^"]*"/g, ''), calls };
  };
  return { contract, post };
};

describe('A document with several parts', () => {
  it('has them side by side in the Body, in any order, and is answered so', async () => {
    const { post } = serving(several, { Take: { countPart: 2, keyPart: 'b' } });
    const answered = '<ns1:count>2</ns1:count><ns1:key>b</ns1:key>';
    expect((await post('<t:key>a</t:key> <t:count>1</t:count>', 'Take')).inner).to.equal(answered);
    const { inner, calls } = await post('<t:count>1</t:count><t:key>a</t:key>');
    expect(inner).to.equal(answered);
    expect(calls).to.deep.equal([{ Take: { keyPart: 'a', countPart: 1 } }, { Take: { keyPart: 'a', countPart: 1 } }]);
  });

  it('may begin as another does: then its action says which it is', async () => {
    const { post } = serving(several, { Give: 'b' });
    const { inner, calls } = await post('<t:key>a</t:key>', 'Give');
    expect(inner).to.equal('<ns1:key>b</ns1:key>');
    expect(calls).to.deep.equal([{ Give: { keyPart: 'a' } }]);
  });

  it('is told what is wrong with each part, and what is none', async () => {
    const { post } = serving(several, { Take: { keyPart: 'b' } });
    const told = async (content: string) => /<faultstring>([^<]*)/.exec((await post(content, 'Take')).reply)?.[1];
    expect(await told('<t:key>a</t:key><t:count>x</t:count>')).to.equal('/countPart must be an integer.');
    expect(await told('<t:key>a</t:key><t:key>a</t:key>')).to.equal('/keyPart is given twice.');
    expect(await told('<t:key>a</t:key><t:other/>')).to.equal(
      'The Body holds more than one call: &lt;t:other&gt; follows.',
    );
    expect(await told('<t:key>a</t:key>')).to.equal('/countPart is missing.');
  });

  it('is called from the side of its clients too', async () => {
    const { contract, post } = serving(several, { Take: { countPart: 2, keyPart: 'b' } });
    const { encode, decode } = contractClient(contract, defaultLimits).get('Take')!;
    const sent = encode({ keyPart: 'a', countPart: 1 }, soap11);
    const { reply } = await post(/<soap:Body>(.*)<\/soap:Body>/s.exec(sent)![1]!, 'Take');
    const answer = toTheEnd(decode(() => xmlSource(Buffer.from(reply), undefined)));
    expect(answer).to.deep.equal({ result: { countPart: 2, keyPart: 'b' } });
  });

  it('cannot have two that are called alike', () => {
    const twice = several
      .replace('name="O2"', 'name="X"')
      .replace('t:O2', 't:O2')
      .replace(
        '</types>',
        '</types><message name="O2"><part name="a" element="t:key"/><part name="b" element="t:key"/></message>',
      );
    expect(() => read(twice)).to.throw('<soap:body> has two parts that are elements called key.');
  });
});

describe('A part of a document with a type', () => {
  it('is an element that is called like it, in no namespace', async () => {
    const { post } = serving(typed, { Take: { name: 'b' }, Give: 2 });
    const item = '<item><t:name>a</t:name></item>';
    const taken = await post(item, 'Take');
    expect(taken.inner).to.equal('<item><ns1:name>b</ns1:name></item>');
    // As gSOAP has it.
    const given = await post(`<t:item><t:name>a</t:name></t:item><t:times>2</t:times>`, 'Give');
    expect(given.inner).to.equal('<times>2</times>');
    expect(given.calls).to.deep.equal([{ Take: { item: { name: 'a' } } }, { Give: { item: { name: 'a' }, times: 2 } }]);
  });
});
