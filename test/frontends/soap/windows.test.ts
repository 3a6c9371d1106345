import { expect } from 'chai';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { ApiDouble } from '../../support/api-double.ts';
import { posting, routesOf } from '../../support/post.ts';
import { countTurns } from '../../support/slices.ts';
import { expectSameWhereverTorn } from '../torn.ts';

/** Not at every place: a wire case has hundreds. */
const step = 13;

const call = (content: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><testEcho xmlns="urn:annelid:1">${content}</testEcho></s:Body></s:Envelope>`;
const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const wss = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const security = (filling: string): string =>
  `<w:Security xmlns:w="${wss}"><w:UsernameToken><w:Username>a</w:Username><w:Password>b</w:Password>${filling}</w:UsernameToken></w:Security>`;
const item = '<item><name>é😀</name><size>1</size></item>';

describe('a SOAP call that is longer than a piece', () => {
  it('is answered as a short one, wherever it is torn', async function () {
    this.timeout(60_000);
    const post = posting(routesOf(soap, new ApiDouble()));
    const answer = async (text: string): Promise<string> =>
      (await post('/soap', text, { 'content-type': 'text/xml' })).body.replace(/column \d+/g, 'column N');
    await expectSameWhereverTorn('soap', step, answer);
  });

  const forms: [what: string, content: string][] = [
    ['of records', `<records>${item.repeat(60_000)}</records>`],
    [
      'that refers to records',
      `<records href="#r"/></testEcho><records id="r">${item.repeat(30_000)}</records><testEcho>`,
    ],
  ];
  const aside: [what: string, text: (filling: string) => string][] = [
    ['before the call', (filling) => call('').replace('<s:Body>', `<s:Header><h>${filling}</h></s:Header><s:Body>`)],
    ['beside the call', (filling) => call('').replace('</s:Body>', `<x id="x">${filling}</x></s:Body>`)],
    ['after the Body', (filling) => call('').replace('</s:Body>', `</s:Body><x>${filling}</x>`)],
    ['in what is nil', (filling) => call(`<records xsi:nil="1" xmlns:xsi="${xsi}">${filling}</records>`)],
    [
      'beside credentials',
      (filling) => call('').replace('<s:Body>', `<s:Header>${security(filling)}</s:Header><s:Body>`),
    ],
  ];
  for (const [where, text] of aside) {
    it(`and has much ${where} gives others their turn`, async () => {
      const post = posting(routesOf(soap, new ApiDouble({ 'test.echo': () => ({}) })));
      const turnsOfOthers = countTurns();
      const { status } = await post('/soap', text('<a/>'.repeat(400_000)), { 'content-type': 'text/xml' });
      const turns = turnsOfOthers();
      expect(status).to.equal(200);
      expect(turns).to.be.greaterThan(10);
    });
  }

  for (const [what, content] of forms) {
    it(`${what} gives others their turn while it is read`, async () => {
      const api = new ApiDouble({ 'test.echo': () => ({}) });
      const post = posting(routesOf(soap, api));
      const turnsOfOthers = countTurns();
      const text = call(content).replace('<testEcho></testEcho>', '');
      const { status, body } = await post('/soap', text, { 'content-type': 'text/xml' });
      const turns = turnsOfOthers();
      expect([status, body.includes('Fault')]).to.deep.equal([200, false]);
      const records = api.asked[0]!.params.records as object[];
      expect(records.length).to.be.at.least(30_000);
      expect(records.at(-1)).to.deep.equal({ name: 'é😀', size: 1 });
      expect(turns).to.be.greaterThan(10);
    });
  }

  const xsd = `xmlns:d="http://www.w3.org/2001/XMLSchema" xmlns:xsi="${xsi}"`;
  const lines = `${'A'.repeat(76)}\n`.repeat(50_000);
  const digits = '0a'.repeat(1_500_000);
  const longs: [what: string, content: string, params: Record<string, unknown>][] = [
    ['base64', `<bytes>${lines}</bytes>`, { bytes: lines.replaceAll('\n', '') }],
    [
      'hexadecimal digits',
      `<bytes ${xsd} xsi:type="d:hexBinary"> ${digits} </bytes>`,
      { bytes: Buffer.from(digits, 'hex').toString('base64') },
    ],
    ['references', `<string>${'&#65;'.repeat(400_000)}</string>`, { string: 'A'.repeat(400_000) }],
    ['pairs of references', `<string>${'&#xD83D;&#xDE00;'.repeat(200_000)}</string>`, { string: '😀'.repeat(200_000) }],
    ['CDATA sections', `<string>${'<![CDATA[a]]>'.repeat(400_000)}</string>`, { string: 'a'.repeat(400_000) }],
    [
      'text in base64',
      `<string ${xsd} xsi:type="d:base64Binary">${Buffer.from('é😀'.repeat(300_000)).toString('base64')}</string>`,
      { string: 'é😀'.repeat(300_000) },
    ],
    [
      'a text in a record',
      `<record><name>${'&#65;'.repeat(400_000)}</name></record>`,
      { record: { name: 'A'.repeat(400_000) } },
    ],
    [
      'a text in a map',
      `<map><item><key>a</key><value>${'&#65;'.repeat(400_000)}</value></item></map>`,
      { map: { a: 'A'.repeat(400_000) } },
    ],
  ];
  for (const [what, content, params] of longs) {
    for (const referring of [false, true]) {
      it(`of ${what}${referring ? ', which it refers to,' : ''} gives others their turn`, async () => {
        const api = new ApiDouble({ 'test.echo': () => ({}) });
        const name = Object.keys(params)[0]!;
        const aside = content.replace(name, `${name} id="r"`);
        const text = referring ? call(`<${name} href="#r"/>`).replace('</s:Body>', `${aside}</s:Body>`) : call(content);
        const turnsOfOthers = countTurns();
        const { status } = await posting(routesOf(soap, api))('/soap', text, { 'content-type': 'text/xml' });
        const turns = turnsOfOthers();
        expect(status).to.equal(200);
        // A message of both is a long one to compare.
        expect(JSON.stringify(api.asked[0]!.params) === JSON.stringify(params)).to.equal(true);
        expect(turns).to.be.greaterThan(5);
      });
    }
  }

  it('keeps what shows that a text is too long, and no more', async () => {
    const coded = Buffer.from('é'.repeat(400_000)).toString('base64');
    for (const note of [`>${'&#65;'.repeat(400_000)}`, ` ${xsd} xsi:type="d:base64Binary">${coded}`]) {
      const api = new ApiDouble();
      const text = call('')
        .replace(/<testEcho[^>]*>/, '<testStore xmlns="urn:annelid:1"><inner><name>a</name></inner>')
        .replace('</testEcho>', `<note${note}</note></testStore>`);
      const { status } = await posting(routesOf(soap, api))('/soap', text, { 'content-type': 'text/xml' });
      expect(status).to.equal(200);
      expect((api.asked[0]!.params.note as string).length).to.be.within(4097, 4097 + 128 * 1024);
    }
  });

  it('that is refused gives others their turn before it is', async () => {
    const references = '&#65;'.repeat(400_000);
    const refused: [content: string, words: string][] = [
      [`<list>${references}</list>`, 'must be a list'],
      [`<list><item>1</item>${references}<item>2</item></list>`, 'must be a list'],
      [`<record>${references}</record>`, 'must be a record'],
      [`<int>${references}</int>`, 'must be an integer'],
      [`<bytes>${lines}*</bytes>`, 'must be base64'],
      [references, 'one element each'],
    ];
    for (const [content, words] of refused) {
      const turnsOfOthers = countTurns();
      const { body } = await posting(routesOf(soap, new ApiDouble()))('/soap', call(content), {
        'content-type': 'text/xml',
      });
      expect(turnsOfOthers(), words).to.be.greaterThan(5);
      expect(body).to.contain(words);
    }
  });

  it('says where a wrong value is, and takes it for worse that a character is none', async () => {
    const post = posting(routesOf(soap, new ApiDouble()));
    const wrong = `<records>${item.repeat(2000)}<item><name>a</name><size>x</size></item>${item.repeat(2000)}</records>`;
    expect((await post('/soap', call(wrong))).body).to.contain('/records/2000/size must be an integer');
    expect((await post('/soap', call(`${wrong}\n\u0007`))).body).to.contain(
      'The character U+0007 is not allowed in XML',
    );
  });
});
