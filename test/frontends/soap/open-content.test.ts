/** What a contract leaves open, and headers of which there may be many, in calls that are long. */
import { expect } from 'chai';
import type { Method } from '../../../daemon/catalogue/index.ts';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { any, list, optional, record } from '../../../plugin-protocol/shape.ts';
import { textOf } from '../../support/post.ts';
import { countTurns } from '../../support/slices.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const op =
  '<xs:element name="Op"><xs:complexType><xs:sequence><xs:any processContents="lax"/></xs:sequence></xs:complexType></xs:element>';
const wsdl = wsdlWith('<xs:element name="Mark" type="xs:string"/>', op, op.replace('"Op"', '"OpResponse"'));
const contract = readContract('open.wsdl', wsdl, defaultLimits.xml, { headers: ['Mark'] });
const [method] = [...methodsFor(contract, 'open').values()] as [Method];
const headers = record('Marks', 'Headers.', { Mark: list(any('A mark.'), 'Marks.') });
Object.assign(method.params.properties, { headers: optional(headers) });
const api = fakeApi();
let answered: string | undefined;
api.does.set(method.name, () => ({ any: answered }));
const served = { contract, path: '/soap/open', methods: new Map([['Op', method]]) };
const route = serve(contractService(served, defaultLimits), fakeContext(api));

const post = async (body: string, header = '') => {
  api.calls.length = 0;
  const text = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
  const reply = await request([route], 'POST', '/soap/open', { body: text });
  const params = api.calls[0]?.params as { parameters: { any: string }; headers: { Mark: string[] } };
  return { status: reply.status, xml: textOf(reply.body), params };
};

describe('a call of a contract', () => {
  it('may hold any element, as text that stands for itself', async () => {
    const inner = '<b xmlns="urn:b" a="&lt;"><c/><d> </d>é&amp;<e xmlns="">f</e><p:g xmlns:p="urn:p" p:h="1"/></b>';
    const { params } = await post(`<t:Op>${inner}</t:Op>`);
    expect(params.parameters.any).to.equal(
      '<b xmlns="urn:b" a="&lt;"><c/><d> </d>é&amp;<e xmlns="">f</e><g xmlns="urn:p" xmlns:p="urn:p" p:h="1"/></b>',
    );
  });

  it('lets others have their turn while such an element is read, however long it is', async () => {
    const texts = [
      '<c d="1">x</c>'.repeat(60_000),
      '&amp;😀'.repeat(200_000),
      `${'<a>'.repeat(50)}${'<c/>'.repeat(60_000)}${'</a>'.repeat(50)}`,
    ];
    for (const text of texts) {
      const turnsOfOthers = countTurns();
      const { params } = await post(`<t:Op><b xmlns="urn:b">${text}</b></t:Op>`);
      const turns = turnsOfOthers();
      expect(params.parameters.any === `<b xmlns="urn:b">${text}</b>`).to.equal(true);
      expect(turns).to.be.greaterThan(3);
    }
  });

  it('lets others have their turn while such an element is answered, and is told what is wrong at its end', async () => {
    const many = '<c d="1">x</c>'.repeat(250_000);
    for (const text of [many, 'é😀'.repeat(1_500_000)]) {
      answered = `<b xmlns="urn:b">${text}</b>`;
      const turnsOfOthers = countTurns();
      const { xml } = await post('<t:Op><a/></t:Op>');
      expect(turnsOfOthers()).to.be.greaterThan(3);
      expect(xml.includes(`>${answered}</ns1:OpResponse>`)).to.equal(true);
    }
    for (const [end, why] of [
      ['</c>', 'must be one element of XML'],
      ['</b><b/>', 'There is a second root element'],
    ]) {
      answered = `<b xmlns="urn:b">${many}${end}`;
      const { status, xml } = await post('<t:Op><a/></t:Op>');
      expect([status, xml.includes(why!)]).to.deep.equal([500, true]);
    }
    answered = undefined;
  });

  it('may have a header many times where the method takes a list of it', async function () {
    this.timeout(20_000);
    const { params } = await post('<t:Op><b/></t:Op>', '<t:Mark>x</t:Mark>'.repeat(100_000));
    expect(params.headers.Mark).to.have.length(100_000);
  });
});
