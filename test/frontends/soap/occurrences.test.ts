/** How often the elements of a contract come, and that one of a choice is there. */
import { expect } from 'chai';
import type { Method } from '../../../daemon/catalogue/index.ts';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { any, record } from '../../../plugin-protocol/shape.ts';
import { textOf } from '../../support/post.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const element = (name: string, more = '') => `<xs:element name="${name}" type="xs:string"${more}/>`;
const op = (content: string, name = 'Op') =>
  `<xs:element name="${name}"><xs:complexType>${content}</xs:complexType></xs:element>`;

/** Calls of that content, in elements of the contract. */
const serving = (schema: string, content: string, reply = '<xs:sequence/>', params?: Method['params']) => {
  const wsdl = wsdlWith(schema, op(content), op(reply, 'OpResponse'));
  const contract = readContract('t.wsdl', wsdl, defaultLimits.xml, { readFile: () => undefined });
  const needed = methodsFor(contract, 't');
  const methods = params === undefined ? needed : new Map([...needed].map(([name, one]) => [name, { ...one, params }]));
  const api = fakeApi();
  const route = serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), fakeContext(api));
  return async (given: string, answer: unknown = {}) => {
    for (const { name } of methods.values()) api.does.set(name, () => answer);
    const { body } = await request([route], 'POST', '/soap/t', {
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"><e:Body><Op xmlns="urn:t">${given}</Op></e:Body></e:Envelope>`,
    });
    return { params: api.calls.at(-1)?.params, reply: textOf(body) };
  };
};
/** What such a call is refused with; undefined when it is taken. */
const asking = (...contract: Parameters<typeof serving>) => {
  const call = serving(...contract);
  return async (given: string, answer?: unknown): Promise<string | undefined> =>
    /<faultstring>([^<]*)/.exec((await call(given, answer)).reply)?.[1];
};
const times = (count: number, name: string) => `<${name}>1</${name}>`.repeat(count);

describe('An element of a contract that may come so many times', () => {
  const many = ' minOccurs="0" maxOccurs="3"';
  const items = `<xs:complexType name="Items"><xs:sequence>${element('item', many)}</xs:sequence></xs:complexType>`;

  it('comes no more often', async () => {
    const ask = asking(
      items,
      `<xs:sequence>${element('a', many)}<xs:element name="b" type="t:Items" minOccurs="0"/></xs:sequence>`,
    );
    expect(await ask(times(3, 'a'))).to.equal(undefined);
    expect(await ask(times(4, 'a'))).to.equal('/a may come at most 3 times.');
    expect(await ask(`<b>${times(3, 'item')}</b>`)).to.equal(undefined);
    expect(await ask(`<b>${times(4, 'item')}</b>`)).to.equal('/b may come at most 3 times.');
  });

  it('is bounded by what is around it too', async () => {
    const ask = asking(
      '',
      `<xs:choice minOccurs="0" maxOccurs="2">${element('a', ' maxOccurs="2"')}${element('b')}</xs:choice>`,
    );
    expect(await ask(times(4, 'a'))).to.equal(undefined);
    expect(await ask(times(5, 'a'))).to.equal('/choice may come at most 2 times.');
    expect(await ask(times(3, 'b'))).to.equal('/choice may come at most 2 times.');
    const one = asking('', `<xs:choice minOccurs="0" maxOccurs="2">${element('a', ' maxOccurs="2"')}</xs:choice>`);
    expect(await one(times(4, 'a'))).to.equal(undefined);
    expect(await one(times(5, 'a'))).to.equal('/a may come at most 4 times.');
    const open = asking('', `<xs:sequence maxOccurs="unbounded">${element('a', ' maxOccurs="2"')}</xs:sequence>`);
    expect(await open(times(50, 'a'))).to.equal(undefined);
  });

  it('is answered no more often', async () => {
    const ask = asking('', '<xs:sequence/>', `<xs:sequence>${element('a', many)}${element('b')}</xs:sequence>`);
    expect(await ask('', { a: ['1', '2', '3'], b: '1' })).to.equal(undefined);
    expect(await ask('', { a: ['1', '2', '3', '4'], b: '1' })).to.equal(
      'What was answered does not fit the contract: /a may come at most 3 times.',
    );
  });
});

describe('An element of a contract that must come', () => {
  const optional = ' minOccurs="0"';
  /** What a method takes that asks for nothing. */
  const open = record('Open', 'Anything.', { v: any('Anything.') });

  it('is missed where it does not, at any depth', async () => {
    const line = `<xs:complexType name="Line"><xs:sequence>${element('price')}${element('note', optional)}</xs:sequence></xs:complexType>`;
    const ask = asking(
      line,
      `<xs:sequence>${element('a', optional)}<xs:element name="line" type="t:Line" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>`,
    );
    expect(await ask('<line><price>1</price></line>')).to.equal(undefined);
    expect(await ask('<line><price>1</price></line><line><note>1</note></line>')).to.equal(
      '/line/1/price must be given.',
    );
    // PHP and .NET send empty elements for what is not set.
    expect(await ask('<line><price/></line>')).to.equal(undefined);
  });

  it('may be left out where it may be nil, has a default, or stands in what may be left out', async () => {
    const contents = [
      `<xs:sequence>${element('a', ' nillable="true"')}</xs:sequence>`,
      `<xs:sequence>${element('a', ' default="1"')}</xs:sequence>`,
      `<xs:sequence minOccurs="0">${element('a')}${element('b')}</xs:sequence>`,
      `<xs:choice>${element('a')}${element('b')}</xs:choice>`,
    ];
    for (const content of contents) {
      const schema = `<xs:complexType name="V">${content}</xs:complexType>`;
      const ask = asking(schema, `<xs:sequence><xs:element name="v" type="t:V"/></xs:sequence>`, undefined, open);
      expect(await ask(`<v>${content.includes('choice') ? times(1, 'b') : ''}</v>`), content).to.equal(undefined);
    }
  });

  it('comes as often as is written', async () => {
    const items = `<xs:complexType name="Items"><xs:sequence>${element('item', ' minOccurs="2" maxOccurs="3"')}</xs:sequence></xs:complexType>`;
    const ask = asking(
      items,
      `<xs:sequence>${element('a', ' minOccurs="1" maxOccurs="unbounded"')}<xs:element name="b" type="t:Items" minOccurs="0"/></xs:sequence>`,
    );
    expect(await ask(times(1, 'a'))).to.equal(undefined);
    expect(await ask('')).to.equal('/a must come at least once.');
    expect(await ask(`${times(1, 'a')}<b>${times(2, 'item')}</b>`)).to.equal(undefined);
    expect(await ask(`${times(1, 'a')}<b>${times(1, 'item')}</b>`)).to.equal('/b must come at least 2 times.');
    const group = asking(
      '',
      `<xs:sequence minOccurs="2" maxOccurs="unbounded">${element('a', ' maxOccurs="2"')}</xs:sequence>`,
    );
    expect(await group(times(1, 'a'))).to.equal('/a must come at least 2 times.');
  });

  it('may be no item of a list, where nothing is written', async () => {
    const ask = asking('', `<xs:sequence>${element('a', ' maxOccurs="unbounded"')}</xs:sequence>`);
    expect(await ask('')).to.equal(undefined);
  });

  it('is answered as often', async () => {
    const some = ' minOccurs="2" maxOccurs="3"';
    const ask = asking('', '<xs:sequence/>', `<xs:sequence>${element('a', some)}${element('b')}</xs:sequence>`);
    expect(await ask('', { a: ['1', '2'], b: '1' })).to.equal(undefined);
    const few = 'What was answered does not fit the contract: /a must come at least 2 times.';
    expect(await ask('', { a: ['1'], b: '1' })).to.equal(few);
    expect(await ask('', { b: '1' })).to.equal(few);
  });
});

describe('A choice of a contract', () => {
  it('must be made where it is required', async () => {
    const ask = asking('', `<xs:choice>${element('card')}${element('cash', ' nillable="true"')}</xs:choice>`);
    expect(await ask('')).to.equal('must have card or cash.');
    expect(await ask(times(1, 'card'))).to.equal(undefined);
    expect(await ask('<cash x:nil="true"/>')).to.equal(undefined);
    // Without a name of its own it is the first.
    expect(await ask('<c-gensym1>1</c-gensym1>')).to.equal(undefined);
  });

  it('is required of what extends its type, and where it stands within another element', async () => {
    const base = `<xs:complexType name="Base"><xs:choice>${element('a')}<xs:sequence>${element('b')}${element('c', ' minOccurs="0"')}</xs:sequence></xs:choice></xs:complexType>`;
    const more = `<xs:complexType name="More"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>${element('d', ' minOccurs="0"')}</xs:sequence></xs:extension></xs:complexContent></xs:complexType>`;
    const ask = asking(base + more, '<xs:sequence><xs:element name="v" type="t:More"/></xs:sequence>');
    expect(await ask('<v><d>1</d></v>')).to.equal('/v must have a or b or c.');
    expect(await ask('<v><b>1</b><d>1</d></v>')).to.equal(undefined);
  });

  it('is made once, at any depth, of elements that may be in several branches', async () => {
    const ask = asking(
      '',
      `<xs:choice><xs:sequence>${element('a')}${element('b')}</xs:sequence><xs:sequence>${element('b')}<xs:choice>
        ${element('c')}${element('d')}</xs:choice></xs:sequence><xs:sequence>${element('b', ' maxOccurs="2"')}${element('e')}</xs:sequence></xs:choice>`,
    );
    for (const given of ['ab', 'bc', 'bd', 'bbe']) {
      expect(await ask([...given].map((name) => times(1, name)).join('')), given).to.equal(undefined);
    }
    expect(await ask(times(1, 'b') + times(1, 'c') + times(1, 'd'))).to.equal('/d excludes what is given before it.');
    expect(await ask(times(1, 'a') + times(1, 'b') + times(1, 'c'))).to.equal('/c excludes what is given before it.');
    expect(await ask(times(3, 'b'))).to.equal('/b may come at most 2 times.');
  });

  it('may be left out where the contract lets it be', async () => {
    const contents: [schema: string, content: string][] = [
      ['', `<xs:choice minOccurs="0">${element('a')}${element('b')}</xs:choice>`],
      ['', `<xs:choice>${element('a')}${element('b', ' minOccurs="0"')}</xs:choice>`],
      ['', `<xs:choice>${element('a')}<xs:sequence minOccurs="0">${element('b')}</xs:sequence></xs:choice>`],
      ['', `<xs:sequence minOccurs="0"><xs:choice>${element('a')}${element('b')}</xs:choice></xs:sequence>`],
      ['', `<xs:choice>${element('a')}<xs:choice>${element('b')}<xs:sequence/></xs:choice></xs:choice>`],
      ['', `<xs:choice>${element('a')}<xs:any processContents="skip"/></xs:choice>`],
      [`<xs:group name="G"><xs:sequence/></xs:group>`, `<xs:choice>${element('a')}<xs:group ref="t:G"/></xs:choice>`],
    ];
    for (const [schema, content] of contents) expect(await asking(schema, content)(''), content).to.equal(undefined);
  });
});

describe('An element of a contract that stands in two places', () => {
  const none = ' minOccurs="0"';
  const twice = (first: string, second: string) => {
    const base = `<xs:complexType name="Base"><xs:sequence>${element('a', first)}${element('b')}</xs:sequence></xs:complexType>`;
    const content = `<xs:complexContent><xs:extension base="t:Base"><xs:sequence>${element('a', second)}</xs:sequence></xs:extension></xs:complexContent>`;
    return serving(base, content, content);
  };
  const inner = (reply: string) =>
    /<(\w+:)OpResponse[^>]*>(.*)<\/\1OpResponse>/s.exec(reply)![2]!.replaceAll('ns1:', '');

  it('is one field where it may be left out in one of them, as in replies of PayPal, and comes where it must', async () => {
    const [early, late] = ['<a>1</a><b>2</b>', '<b>2</b><a>1</a>'];
    for (const [first, second, answered] of [
      [none, none, early],
      ['', none, early],
      [none, '', late],
    ] as const) {
      const call = twice(first, second);
      for (const given of [early, late]) {
        const { params, reply } = await call(given, { a: '1', b: '2' });
        expect(params).to.deep.equal({ parameters: { a: '1', b: '2' } });
        expect(inner(reply)).to.equal(answered);
      }
      expect((await call('<a>1</a><b>2</b><a>1</a>')).reply).to.include('/parameters/a is given twice.');
    }
    expect((await twice(none, '')('<b>2</b>')).reply).to.include('/parameters/a must be given.');
  });

  it('is not supported otherwise', () => {
    for (const [first, second] of [
      ['', ''],
      [none, ' minOccurs="0" maxOccurs="2"'],
    ] as const) {
      expect(() => twice(first, second)).to.throw('<xs:element name="a"> comes twice in one type');
    }
  });
});
