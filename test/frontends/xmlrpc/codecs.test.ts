import { expect } from 'chai';
import { methods } from '../../../daemon/catalogue/index.ts';
import { type Call, readCall } from '../../../daemon/frontends/xmlrpc/call.ts';
import { plain, withShown } from '../../../daemon/frontends/xmlrpc/dialect.ts';
import { decimal, encodeResponse, encoderFor } from '../../../daemon/frontends/xmlrpc/encode.ts';
import { type Signature, signatureFor } from '../../../daemon/frontends/xmlrpc/params.ts';
import type { ValueLimits } from '../../../daemon/frontends/xmlrpc/values.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { Fault, type FaultData } from '../../../plugin-protocol/faults.ts';
import { any, int, list, optional, record, string } from '../../../plugin-protocol/shape.ts';
import { echo } from '../../support/api-double.ts';
import { textOf } from '../../support/post.ts';
import { toTheEnd } from '../../support/slices.ts';

const callIn = (text: string, limits: ValueLimits, callables: ReadonlyMap<string, Signature>): Call<Signature> =>
  toTheEnd(readCall(text, limits, callables));

describe('doubles', () => {
  const written: [value: number, text: string][] = [
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [-1e-7, '-0.0000001'],
    [1.25e-9, '0.00000000125'],
    [1e21, '1000000000000000000000'],
    [-1.5e22, '-15000000000000000000000'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [123456789.125, '123456789.125'],
  ];
  for (const [value, text] of written) {
    it(`writes ${value} as ${text}`, () => {
      expect(decimal(value)).to.equal(text);
      expect(Number(decimal(value)) + 0).to.equal(value + 0);
    });
  }
});

describe('a record with fields called as what every object has', () => {
  const odd = record('Odd', 'Odd names.', {
    constructor: optional(string('Who built it.')),
    toString: optional(int('A number.')),
    items: list(string('One.'), 'Some.'),
  });

  it('is written with those that are there, and with no others', () => {
    const write = (value: object) => textOf(encoderFor(odd)(plain)(value));
    expect(write({ items: [] })).to.not.match(/constructor|toString/);
    expect(write({ constructor: 'Brabham', items: [] })).to.include(
      '<name>constructor</name><value><string>Brabham</string>',
    );
  });
});

describe('a fault of the parameters', () => {
  const dataOf = (values: string): FaultData => {
    const text = `<methodCall><methodName>test.echo</methodName><params><param><value>${values}</value></param></params></methodCall>`;
    try {
      callIn(text, { xml: defaultLimits.xml, members: 100 }, new Map([[echo.name, signatureFor(echo)]]));
    } catch (error) {
      if (error instanceof Fault) return error.data;
      throw error;
    }
    throw new Error(`Read without a fault: ${values}`);
  };
  const struct = (name: string, value: string): string =>
    `<struct><member><name>${name}</name><value>${value}</value></member></struct>`;

  it('points to the parameter', () => {
    expect(dataOf('<array/>')).to.deep.equal({ field: '/bool' });
    expect(dataOf(struct('int', 'x'))).to.deep.equal({ field: '/int' });
  });

  it('points into records and lists', () => {
    const items = `<array><data><value>1</value><value>x</value></data></array>`;
    expect(dataOf(struct('list', items))).to.deep.equal({ field: '/list/1' });
    expect(dataOf(struct('record', struct('size', '1')))).to.deep.equal({ field: '/record/name' });
  });

  it('points to it when the value stands before the name', () => {
    const turned = '<struct><member><value><struct/></value><name>int</name></member></struct>';
    expect(dataOf(turned)).to.deep.equal({ field: '/int' });
  });

  it('says what is missing', () => {
    const [value, count] = [any('It.'), int('A number.')];
    for (const [params, must] of [
      [{ value }, 'of any type'],
      [{ value: count }, 'int'],
    ] as const) {
      const needy = { ...echo, params: record('Needy', 'What it needs.', params) };
      const text = '<methodCall><methodName>test.echo</methodName></methodCall>';
      expect(() =>
        callIn(text, { xml: defaultLimits.xml, members: 100 }, new Map([[echo.name, signatureFor(needy)]])),
      ).to.throw(Fault, `test.echo: value is missing; it must be ${must}.`);
    }
  });

  it('escapes what a JSON pointer has to', () => {
    expect(dataOf(struct('map', struct('a/b~c', '<nil/>')))).to.deep.equal({ field: '/map/a~1b~0c' });
  });
});

describe('structs of which one is written as the one before', () => {
  const member = (name: string, value: string): string =>
    `<member><name>${name}</name><value>${value}</value></member>`;
  const read = (...records: string[]): unknown =>
    readItems(...records.map((members) => `<value><struct>${members}</struct></value>`));
  const readItems = (...written: string[]): unknown => {
    const items = written.join('');
    const text = `<methodCall><methodName>test.echo</methodName><params><param><value><struct>${member('records', `<array><data>${items}</data></array>`)}</struct></value></param></params></methodCall>`;
    const callables = new Map([[echo.name, signatureFor(echo)]]);
    return callIn(text, { xml: defaultLimits.xml, members: 100 }, callables).params.records;
  };
  const name = member('name', '<string>a &amp; b</string>');

  it('are read alike', () => {
    const one = { name: 'a & b', size: 1 };
    expect(read(...Array.from({ length: 3 }, () => name + member('size', '<int>1</int>')))).to.deep.equal([
      one,
      one,
      one,
    ]);
  });

  it('may be followed by ones that are not', () => {
    const forms = [
      name + member('size', '<int>1</int>'),
      member('size', '<int>2</int>') + name,
      name + member('size', '<i4>3</i4>'),
      name + member('size', '4'),
      name + member('size', '<nil/>'),
      member('name', 'b'),
      member('name', '<string><![CDATA[c]]></string>'),
      member('name', '<string/>') + member('size', ' <int>5</int> '),
    ];
    expect(read(...forms)).to.deep.equal([
      { name: 'a & b', size: 1 },
      { name: 'a & b', size: 2 },
      { name: 'a & b', size: 3 },
      { name: 'a & b', size: 4 },
      { name: 'a & b' },
      { name: 'b' },
      { name: 'c' },
      { name: '', size: 5 },
    ]);
  });

  it('may be enclosed otherwise', () => {
    const forms = [
      `<value><struct>${name}</struct></value>`,
      `<value><struct>${name}</struct> </value>`,
      `<value> <struct>${name} </struct></value>`,
      `<value ><struct id="1">${name}</struct></value>`,
      `<struct>${name}</struct>`,
      `\n<!-- one more --><value><struct>${name}</struct></value >`,
    ];
    expect(readItems(...forms, ...forms)).to.deep.equal(Array.from({ length: 12 }, () => ({ name: 'a & b' })));
    const first = forms[0]!;
    expect(() => readItems(first, first, '<value><struct></struct></value>'))
      .to.throw(Fault)
      .with.property('data')
      .that.deep.equals({ field: '/records/2/name' });
    expect(() => readItems(first, `<value><struct>${name}</struct></item>`)).to.throw('<value> is closed by </item>.');
    expect(() => readItems(first, `<value><struct>${name}</value>`)).to.throw('<struct> is closed by </value>.');
    expect(() => readItems(...Array.from({ length: 101 }, () => first))).to.throw('limits.xmlrpc.members, 100, items.');
  });

  const wrong: [form: string, field: string][] = [
    [name + name, '/records/2/name'],
    [name + member('size', '<int>x</int>'), '/records/2/size'],
    [name + member('length', '<int>1</int>'), '/records/2/length'],
    [member('size', '<int>1</int>'), '/records/2/name'],
  ];
  for (const [form, field] of wrong) {
    it(`are refused for ${field} in ${form}`, () => {
      const plain = name + member('size', '<int>1</int>');
      const data = { field };
      expect(() => read(plain, plain, form))
        .to.throw(Fault)
        .with.property('data')
        .that.deep.equals(data);
    });
  }
});

describe('a list of the inventory', () => {
  const { result, example } = methods.get('vm.list')!;
  const [vm] = (example.result as { items: object[] }).items;
  const first = { ...vm, name: 'é1' };
  const second = { ...vm, name: 'w2' };

  it('is written alike with and without what is remembered, in each way of writing nil', () => {
    const encode = encoderFor(result);
    for (const nil of ['omit', 'nil', 'ex:nil'] as const) {
      const dialect = withShown(plain, { nil });
      const fresh = textOf(encode(dialect)({ items: [{ ...first }, { ...second }], total: 2 }));
      for (let count = 0; count < 2; count++) {
        const again = encode(dialect)({ items: [first, second], total: 2 });
        expect(textOf(again)).to.equal(fresh);
      }
      expect(fresh.match(/<name>state<\/name>/g)).to.have.lengthOf(2);
      expect(fresh).to.contain('<string>é1</string>');
      expect(fresh.includes(`<name>lastState</name><value><${nil}/></value>`)).to.equal(nil !== 'omit');
    }
  });

  it('is enclosed in a whole reply', () => {
    const reply = textOf(encodeResponse(encoderFor(result)(plain)({ items: [], total: 0 }), plain));
    expect(reply).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse><params><param><value><struct><member><name>items</name><value><array><data></data></array></value></member><member><name>total</name><value><int>0</int></value></member></struct></value></param></params></methodResponse>',
    );
  });
});
