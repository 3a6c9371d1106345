/** Maps of Apache in a contract, whose schemas may declare them. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const textOf = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

describe('Maps of Apache', () => {
  it('are maps, also when the schemas declare them as Axis does', async () => {
    const declared = `<xs:schema targetNamespace="http://xml.apache.org/xml-soap">
      <xs:complexType name="mapItem"><xs:sequence>
        <xs:element name="key" nillable="true" type="xs:anyType"/><xs:element name="value" nillable="true" type="xs:anyType"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="Map"><xs:sequence>
        <xs:element maxOccurs="unbounded" minOccurs="0" name="item" type="a:mapItem"/>
      </xs:sequence></xs:complexType></xs:schema>`;
    const changed = textOf('weather.wsdl')
      .replace('<types>', `<types xmlns:a="http://xml.apache.org/xml-soap">${declared}`)
      .replace('name="scale" type="xs:decimal"', 'name="scale" xmlns:a="http://xml.apache.org/xml-soap" type="a:Map"')
      .replace('<xs:element name="Ask" type="t:Question"/>', '<xs:element name="Ask" type="xs:anyType"/>');
    const mapped = readContract('weather.wsdl', changed, defaultLimits.xml, {
      readFile: (file) => ({ file, text: textOf(file) }),
    });
    const taken = methodsFor(mapped, 'weather');
    expect(taken.get('Grid')!.params.properties.scale).to.include({ 'x-kind': 'any' });
    const own = fakeApi();
    const got: unknown[] = [];
    for (const { name } of taken.values()) own.does.set(name, (params) => void got.push(params));
    const service = contractService({ contract: mapped, path: '/soap/weather', methods: taken }, defaultLimits);
    const entry = (name: string) => `<item><key x:type="s:string">${name}</key><value x:type="s:int">1</value></item>`;
    const send = (body: string) =>
      request([serve(service, fakeContext(own))], 'POST', '/soap/weather', {
        body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:weather:types" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:a="http://xml.apache.org/xml-soap"><e:Body>${body}</e:Body></e:Envelope>`,
      });
    await send(`<w:Grid xmlns:w="urn:weather:grid"><cells/><sparse/><scale>${entry('a')}</scale></w:Grid>`);
    await send(`<t:Ask x:type="a:Map">${entry('b')}</t:Ask>`);
    expect(got).to.deep.equal([{ cells: [], sparse: [], scale: { a: 1 } }, { question: { b: 1 } }]);
  });
});
