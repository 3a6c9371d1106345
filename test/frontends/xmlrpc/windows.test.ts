import { expect } from 'chai';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { ApiDouble } from '../../support/api-double.ts';
import { posting, routesOf } from '../../support/post.ts';
import { countTurns } from '../../support/slices.ts';
import { expectSameWhereverTorn } from '../torn.ts';

/** Not at every place: a wire case has hundreds. */
const step = 5;

const post = posting(routesOf(xmlrpc, new ApiDouble()));
const answer = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<string> => {
  const reply = await post('/RPC2', body, headers);
  return reply.body.replace(/column \d+/, 'column N');
};

const call = (method: string, ...values: string[]): string =>
  `<methodCall><methodName>${method}</methodName><params>${values.map((value) => `<param><value>${value}</value></param>`).join('')}</params></methodCall>`;
const echo = (member: string, value: string): string =>
  call('test.echo', `<struct><member><name>${member}</name><value>${value}</value></member></struct>`);

const php = '<?xml version="1.0" encoding="iso-8859-1"?>\n';

describe('an XML-RPC call that is longer than a piece', () => {
  it('is answered as a short one, wherever it is torn', async function () {
    this.timeout(60_000);
    await expectSameWhereverTorn('xmlrpc', step, answer);
  });

  const long = 'é😀 &amp; &#233;\r\n'.repeat(40_000);
  const meant = 'é😀 &amp; é\n'.repeat(40_000);

  it('keeps long texts to the character', async () => {
    expect(await answer(echo('string', long))).to.contain(`<string>${meant}</string>`);
    expect(await answer(echo('string', `<string>${long}</string>`))).to.contain(`<string>${meant}</string>`);
    const section = `<![CDATA[${'<b> é😀\r\n'.repeat(40_000)}]]>`;
    expect(await answer(echo('string', section))).to.contain(`<string>${'&lt;b&gt; é😀\n'.repeat(40_000)}</string>`);
  });

  it('keeps long bytes, in lines or not', async () => {
    const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, index) => (index * 7) % 256)).toString('base64');
    const lines = bytes.replace(/.{76}/g, '$&\r\n');
    for (const written of [bytes, lines]) {
      expect(await answer(echo('bytes', `<base64>${written}</base64>`))).to.contain(`<base64>${bytes}</base64>`);
    }
  });

  it('keeps a text of many references and sections to the character', async () => {
    const bytes = Buffer.from('é😀'.repeat(20_000));
    expect(await answer(echo('string', `<base64>${bytes.toString('base64')}</base64>`))).to.contain(
      `<string>${bytes}</string>`,
    );
    const latin = Buffer.from('é'.repeat(100_000), 'latin1').toString('base64');
    expect(await answer(echo('string', `<base64>${latin}</base64>`))).to.contain(`<string>${'é'.repeat(100_000)}<`);
    expect(await answer(echo('bytes', `${bytes}`))).to.contain(`<base64>${bytes.toString('base64')}</base64>`);
    const part = `${'&#65;'.repeat(5_000)}${'<![CDATA[<]]>'.repeat(5_000)}${'&#xD83D;&#xDE00;'.repeat(5_000)}${'&#233;<!-- -->'.repeat(5_000)}`;
    const told = `${'A'.repeat(5_000)}${'&lt;'.repeat(5_000)}${'😀'.repeat(5_000)}${'é'.repeat(5_000)}`;
    for (const value of [part.repeat(3), `<string>${part.repeat(3)}</string>`]) {
      expect((await answer(echo('string', value))).includes(`<string>${told.repeat(3)}</string>`)).to.equal(true);
    }
    expect(await answer(echo('string', `${'&#65;'.repeat(5_000)}&#xD83D;`))).to.contain('half of a surrogate pair');
    expect(await answer(echo('string', `${'&#65;'.repeat(5_000)}]]>`))).to.contain('There is a ]]&gt; in text.');
  });

  it('leaves others their turn within one long value', async () => {
    const values: string[] = [
      echo('bytes', `<base64>${`${'A'.repeat(76)}\n`.repeat(50_000)}</base64>`),
      echo('string', '&#65;'.repeat(400_000)),
      echo('string', '<![CDATA[a]]>'.repeat(400_000)),
      echo('string', `<string>${'&#xD83D;&#xDE00;'.repeat(200_000)}</string>`),
      echo('string', `<base64>${Buffer.from('é'.repeat(1_500_000)).toString('base64')}</base64>`),
      echo('string', `<base64>${Buffer.from('é'.repeat(3_000_000), 'latin1').toString('base64')}</base64>`),
      echo('bytes', 'é'.repeat(1_500_000)),
      php + echo('string', '&#195;&#169;'.repeat(200_000)),
      echo('map', `<struct>${' '.repeat(10)}${'&#65;'.repeat(400_000)}</struct>`),
    ];
    for (const value of values) {
      const turns = countTurns();
      await answer(value);
      expect(turns(), value.slice(100, 140)).to.be.greaterThan(5);
    }
  });

  it('may have a number for a text, with any white space around it', async () => {
    const api = new ApiDouble();
    const inner = '<struct><member><name>name</name><value>a</value></member></struct>';
    const number = `<int>${' '.repeat(2_000_000)}5 </int>`;
    await posting(routesOf(xmlrpc, api))('/RPC2', call('test.store', inner, number), { 'content-type': 'text/xml' });
    expect(api.asked.at(-1)!.params.note).to.equal('5');
  });

  it('keeps what shows that a text or a list is too long, and no more', async () => {
    const api = new ApiDouble();
    const post = posting(routesOf(xmlrpc, api));
    const inner = '<struct><member><name>name</name><value>a</value></member></struct>';
    const text = '&#65;'.repeat(400_000);
    const base64 = `<base64>${Buffer.from('é'.repeat(400_000)).toString('base64')}</base64>`;
    const latin = `<base64>${Buffer.from('é'.repeat(400_000), 'latin1').toString('base64')}</base64>`;
    for (const value of [text, base64, latin]) {
      await post('/RPC2', call('test.store', inner, value), { 'content-type': 'text/xml' });
      expect((api.asked.at(-1)!.params.note as string).length, value.slice(0, 20)).to.be.within(
        4097,
        4097 + 128 * 1024,
      );
    }
    const types = `<array><data>${'<value>a</value>'.repeat(1000)}</data></array>`;
    const poll = `<struct><member><name>types</name><value>${types}</value></member></struct>`;
    await post('/RPC2', call('event.poll', poll), { 'content-type': 'text/xml' });
    expect(api.asked.at(-1)!.params.types).to.deep.equal(Array(65).fill('a'));
  });

  it('is read in other character sets too', async () => {
    const narrow = 'é ü\n'.repeat(100_000);
    const latin = Buffer.from(echo('string', narrow), 'latin1');
    const type = { 'content-type': 'text/xml; charset=iso-8859-1' };
    expect(await answer(latin, type)).to.contain(`<string>${narrow}</string>`);
    const wide = 'é😀\n'.repeat(100_000);
    expect(await answer(Buffer.from(`\ufeff${echo('string', wide)}`, 'utf16le'))).to.contain(
      `<string>${wide}</string>`,
    );
  });

  it('may have every byte of a text as a character, as PHP writes it', async () => {
    const references = (text: string) =>
      text.replace(/[^\0-\x7f]/gu, (of) => [...Buffer.from(of)].map((byte) => `&#${byte};`).join(''));
    const text = 'é😀 1\n'.repeat(50_000);
    expect(await answer(php + references(echo('string', text)))).to.contain(`<string>${text}</string>`);
    const letters = 'é'.repeat(20_001);
    expect(await answer(php + references(echo('string', letters)))).to.contain(`<string>${letters}</string>`);
    // Characters that are no UTF-8, and documents that have characters of their own, mean what they say.
    expect(await answer(php + echo('string', '&#233;x'.repeat(50_000)))).to.contain('<string>éxéx');
    const own = Buffer.from(php + echo('string', `${'&#195;&#169;'.repeat(50_000)}é`), 'latin1');
    expect(await answer(own)).to.contain('<string>Ã©Ã©');
    expect(await answer(php + echo('string', `${'&#195;&#169;'.repeat(50_000)}<![CDATA[]]>`))).to.contain(
      '<string>Ã©Ã©',
    );
  });

  it('may hold calls that are long themselves, their members in any order', async () => {
    const inner = (value: string) =>
      `<value><struct><member><value><array><data><value><struct><member><value>${value}</value><name>string</name></member></struct></value></data></array></value><name>params</name></member><member><name>methodName</name><value>test.echo</value></member></struct></value>`;
    const calls = [long, 'short', long].map(inner).join('');
    const body = await answer(call('system.multicall', `<array><data>${calls}</data></array>`));
    const texts = [...body.matchAll(/<name>string<\/name><value><string>(.*?)<\/string>/gs)].map(([, text]) => text);
    expect(texts.map((text) => [text === meant, text?.length])).to.deep.equal(
      [meant, 'short', meant].map((text) => [text === meant, text.length]),
    );
  });
});
