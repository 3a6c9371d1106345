/** Long results of methods that an existing contract describes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { textOf } from '../../support/post.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const fileOf = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
const readFile = (file: string) => (file === 'weather.xsd' ? { file, text: fileOf(file) } : undefined);
const contract = readContract('weather.wsdl', fileOf('weather.wsdl'), defaultLimits.xml, { readFile });
const methods = methodsFor(contract, 'weather');
const api = fakeApi();
const route = serve(contractService({ contract, path: '/soap/weather', methods }, defaultLimits), fakeContext(api));

const ask = async (body: string, answer: unknown) => {
  for (const { name } of methods.values()) api.does.set(name, () => answer);
  const text = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:weather:types"><e:Body>${body}</e:Body></e:Envelope>`;
  const reply = await request([route], 'POST', '/soap/weather', { body: text });
  return { status: reply.status, isLong: typeof reply.body !== 'string', xml: textOf(reply.body) };
};
const report = (echo: unknown[]) =>
  ask('<t:Report><t:station>X</t:station></t:Report>', { receipt: { number: '1' }, echo });
const question = { about: '{urn:q}rain', day: '2026-02-01' };
const asked = (open: unknown) =>
  ask('<t:Ask xmlns:q="urn:q"><t:about>q:rain</t:about><t:day>2026-01-31</t:day></t:Ask>', { ...question, open });

describe('a long result of a contract', () => {
  const value = { $type: 'WetReading', at: '2026-01-31T11:00:00.000Z', celsius: '-1.50', humidity: 40 };
  const item =
    '<ns1:echo xsi:type="ns1:WetReading"><ns1:at>2026-01-31T11:00:00Z</ns1:at><ns1:celsius>-1.50</ns1:celsius><ns1:humidity>40</ns1:humidity></ns1:echo>';

  it('is as many short ones are, in a list and where anything may be', async () => {
    const [short, long] = [await report([value]), await report(Array(20_000).fill(value))];
    expect([short.isLong, long.isLong]).to.deep.equal([false, true]);
    expect(long.xml).to.equal(short.xml.replace(item, item.repeat(20_000)));
    const text = '<&ü>'.repeat(50_000);
    const [one, many] = [await asked({ a: ['x', { b: 'y' }] }), await asked({ a: [text, { b: text }] })];
    const escaped = '&lt;&amp;ü&gt;'.repeat(50_000);
    expect(many.isLong).to.equal(true);
    expect(many.xml).to.equal(one.xml.replace('>x<', `>${escaped}<`).replace('>y<', `>${escaped}<`));
  });

  it('is a fault that says where it does not fit, however far that is behind', async () => {
    const { status, xml } = await report([...Array(20_000).fill(value), { ...value, humidity: 'much' }]);
    expect(status).to.equal(500);
    expect(xml).to.include('What was answered does not fit the contract: /echo/20000/humidity must be an integer');
    const wrong = await asked({ a: [...Array(20_000).fill('some text'), { '1': 'no name' }] });
    expect(wrong.xml).to.include('does not fit the contract: /open/a/20000/1 has a name that no element can have');
  });
});
