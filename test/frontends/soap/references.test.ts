import { expect } from 'chai';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { compileParams } from '../../../daemon/frontends/soap/service/params.ts';
import { decodeAny } from '../../../daemon/frontends/soap/values/any.ts';
import { defaultLimits, type Limits } from '../../../daemon/limits.ts';
import { XmlReader } from '../../../daemon/wire/xml.ts';
import { list, record, string } from '../../../plugin-protocol/shape.ts';
import { toTheEnd } from '../../support/slices.ts';
import { type FakeApi, fakeApi, fakeContext, request } from '../fake-api.ts';

const envelopes = {
  '1.1': { env: 'http://schemas.xmlsoap.org/soap/envelope/', enc: 'http://schemas.xmlsoap.org/soap/encoding/' },
  '1.2': { env: 'http://www.w3.org/2003/05/soap-envelope', enc: 'http://www.w3.org/2003/05/soap-encoding' },
};

const call = async (
  body: string,
  {
    version = '1.1',
    soap: own = {},
    xml = {},
  }: { version?: '1.1' | '1.2'; soap?: Partial<Limits['soap']>; xml?: Partial<Limits['xml']> } = {},
) => {
  const { env, enc } = envelopes[version];
  const api: FakeApi = fakeApi();
  const limits = { soap: { ...defaultLimits.soap, ...own }, xml: { ...defaultLimits.xml, ...xml } };
  const reply = await request(soap.routes(fakeContext(api, limits)), 'POST', '/soap', {
    body: `<e:Envelope xmlns:e="${env}" xmlns:c="${enc}"><e:Body>${body}</e:Body></e:Envelope>`,
  });
  const text = (name: string) => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(String(reply.body))?.[1];
  const codes = [...String(reply.body).matchAll(/<soap:Value[^>]*>([^<]*)</g)].map(([, code]) => code);
  return { params: api.calls[0]?.params, kind: text('kind'), message: text('message'), codes };
};

describe('SOAP references', () => {
  it('that go round in circles are refused', async () => {
    const circles = {
      'to itself': '<vmGet><vm href="#a"/></vmGet><x id="a" href="#a"/>',
      'over another': '<vmGet><vm href="#a"/></vmGet><x id="a" href="#b"/><x id="b" href="#a"/>',
      'from within': '<vmCreate><disks href="#a"/></vmCreate><x id="a"><item href="#a"/></x>',
      'to what is around': '<vmCreate><disks id="a"><item href="#a"/></disks></vmCreate>',
    };
    for (const [name, body] of Object.entries(circles)) {
      const { kind, message, params } = await call(body);
      expect([kind, params], name).to.deep.equal(['invalid-request', undefined]);
      expect(message, name).to.match(/refers to/);
    }
  });

  it('that stand for ever more are refused at a limit, however short the message is', async () => {
    const many = `<eventPoll><types>${'<item href="#a"/>'.repeat(20)}</types></eventPoll><x id="a">vm.created</x>`;
    const refused = {
      resolvedElements: await call(many, { soap: { resolvedElements: 39 } }),
      resolvedLength: await call(many, { soap: { resolvedLength: 199 } }),
      elements: await call(many, { soap: { elements: 20 } }),
    };
    for (const [name, one] of Object.entries(refused)) {
      expect(one.kind, name).to.equal('too-large');
      expect(one.message).to.include(`limits.soap.${name}`);
    }
    expect((await call(many)).params?.types).to.have.lengthOf(20);
  });

  it('that nest deeper than elements may are refused', async () => {
    const chain = Array.from({ length: 20 }, (_, i) => `<x id="n${i}"><item href="#n${i + 1}"/></x>`).join('');
    const { kind, message } = await call(`<nobody href="#n0" id="z"/><vmGet><vm href="#n0"/></vmGet>${chain}`, {
      xml: { depth: 5 },
    });
    expect([kind, message]).to.deep.equal([
      'invalid-params',
      '/vm must be a single value, without &lt;item&gt; in it.',
    ]);
  });

  it('and ids that break the rules have the codes of SOAP 1.2', async () => {
    const twice = await call('<vmGet><vm c:ref="a"/></vmGet><x c:id="a">1</x><x c:id="a">2</x>', { version: '1.2' });
    expect(twice.codes).to.deep.equal(['soap:Sender', 'std:DuplicateID', 'tns:invalid-request']);
    const none = await call('<vmGet><vm c:ref="b"/></vmGet>', { version: '1.2' });
    expect(none.codes).to.deep.equal(['soap:Sender', 'std:MissingID', 'tns:invalid-request']);
  });

  it('never leave the message', async () => {
    for (const href of ['http://127.0.0.1/secret', 'file:///etc/passwd', 'cid:a', '']) {
      const { kind, message } = await call(`<vmGet><vm href="${href}"/></vmGet>`);
      expect([kind, message], href).to.deep.equal([
        'invalid-request',
        `&lt;vm&gt; refers to ${href}: only what the message holds is read.`,
      ]);
    }
  });

  it('are read with the namespaces of where they point to', async () => {
    const { params } = await call(
      '<vmGet><vm href="#a"/></vmGet><x id="a" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="http://www.w3.org/2001/XMLSchema" i:type="d:base64Binary">w6k=</x>',
    );
    expect(params?.vm).to.equal('é');
  });
});

describe('SOAP arrays', () => {
  const grid = list(list(string('A cell.'), 'A row.'), 'Rows.');
  const decode = (element: string) => {
    const text = `<call xmlns:c="${envelopes['1.1'].enc}" xmlns:d="${envelopes['1.2'].enc}">${element}</call>`;
    const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
    reader.next();
    const shown = { typed: false, undeclared: false, first: undefined };
    return toTheEnd(compileParams([{ name: 'grid', shape: grid, required: true }])(reader, shown));
  };
  const cells = (letters: string) => [...letters].map((letter) => `<i>${letter}</i>`).join('');
  const rows = {
    grid: [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ],
  };

  it('of two dimensions are rows of rows', () => {
    expect(decode(`<grid c:arrayType="x[2,3]">${cells('abcdef')}</grid>`)).to.deep.equal(rows);
    expect(decode(`<grid d:arraySize="2 3">${cells('abcdef')}</grid>`)).to.deep.equal(rows);
    expect(decode(`<grid c:arrayType="x[][2]"><i>${cells('abc')}</i><i>${cells('def')}</i></grid>`)).to.deep.equal(
      rows,
    );
    expect(decode(`<grid c:arrayType="x[0,3]"/>`)).to.deep.equal({ grid: [] });
  });

  it('that are not what they say are refused', () => {
    const refused: [string, string][] = [
      [
        `<grid c:arrayType="x[2,3]">${cells('abcde')}</grid>`,
        '/grid must have 6 items, as the size of the array says.',
      ],
      [`<grid c:arrayType="x[999999999,999999999]"/>`, '/grid must have 999999998000000000 items'],
      [`<grid c:arrayType="x[1,1,1]">a</grid>`, '/grid has more dimensions than it may.'],
      [`<grid c:arrayType="x[${'1,'.repeat(1_000_000)}1]">a</grid>`, '/grid has more dimensions than it may.'],
      [`<grid c:arrayType="x[2]"><i c:position="[1]"/></grid>`, '/grid has no item 0.'],
      [`<grid c:arrayType="x[2]" c:offset="[1]"><i/></grid>`, '/grid has no item 0.'],
      [
        `<grid c:arrayType="x[2]"><i c:position="[0]"/><i c:position="[0]"/></grid>`,
        '/grid has two items in one place.',
      ],
      [
        `<grid c:arrayType="x[2]"><i c:position="[x]"/></grid>`,
        '/grid/0 has items at [x], which is no place in a list.',
      ],
    ];
    for (const [element, message] of refused) expect(() => decode(element), element).to.throw(message);
  });
});

describe('Values that say themselves what they are', () => {
  it('may be lists of Java, and of no type that says anything', () => {
    const spaces = `xmlns:c="${envelopes['1.1'].enc}" xmlns:s="${envelopes['1.2'].enc}" xmlns:a="http://xml.apache.org/xml-soap" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="http://www.w3.org/1999/XMLSchema"`;
    const decode = (type: string, inner: string) => {
      const text = `<value ${spaces} x:type="${type}">${inner}</value>`;
      const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
      reader.next();
      return toTheEnd(decodeAny(reader));
    };
    const items = '<item x:type="d:string">x</item><item x:type="d:int">3</item>';
    expect(decode('a:Vector', items)).to.deep.equal(['x', 3]);
    expect(decode('a:Vector', '')).to.deep.equal([]);
    expect(decode('c:Array" c:arrayType="d:int[2]', '<i>1</i><i x:type="d:string">2</i>')).to.deep.equal([1, '2']);
    expect(decode('c:Array" c:arrayType="d:ur-type[2]', '<c:int>1</c:int><c:string>2</c:string>')).to.deep.equal([
      1,
      '2',
    ]);
    expect(decode('c:Array" s:itemType="d:boolean" s:arraySize="1', '<i>1</i>')).to.deep.equal([true]);
    expect(decode('c:Array" c:arrayType="d:string[1]', '<i><a>1</a></i>')).to.deep.equal([{ a: '1' }]);
    expect(() => decode('c:Array" c:arrayType="d:int[1]', '<i>one</i>')).to.throw('must be an integer');
    expect(decode('d:ur-type', '<b x:type="d:ur-type">2</b>')).to.deep.equal({ b: '2' });
  });
});

describe('SOAP records', () => {
  it('may be Apache maps, and must then be such', () => {
    const pair = record('Pair', 'A pair.', { a: string('First.'), b: string('Second.') });
    const decode = (items: string) => {
      const reader = new XmlReader(`<call><pair>${items}</pair></call>`, defaultLimits.xml, { namespaces: true });
      reader.next();
      const shown = { typed: false, undeclared: false, first: undefined };
      return toTheEnd(compileParams([{ name: 'pair', shape: pair, required: true }])(reader, shown));
    };
    expect(decode('<item><key>b</key><value>2</value></item> <item><key>a</key><value>1</value></item>')).to.deep.equal(
      {
        pair: { a: '1', b: '2' },
      },
    );
    expect(() => decode('<item><value>2</value><key>b</key></item>')).to.throw('/pair must be a record');
    expect(() => decode('<item><key>b</key></item>')).to.throw('/pair must be a record');
    expect(() => decode('<item><key>__proto__</key><value/></item>')).to.throw('/pair/__proto__ is not known here.');
    expect(() => decode('<item><key>a</key><value/></item><a/>')).to.throw('/pair/a is given twice.');
  });
});
