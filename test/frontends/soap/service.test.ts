/** A service that is not the catalogue: names of its own, types in a namespace of their own, several parts, or none. */
import { expect } from 'chai';
import { method } from '../../../daemon/catalogue/method.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { operationFrom, type Service, wsdlNamesFor } from '../../../daemon/frontends/soap/service/service.ts';
import {
  bytes,
  counter,
  fieldsOf,
  int,
  list,
  number,
  type RecordShape,
  record,
  string,
  time,
} from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const sample = record('Sample', 'A sample.', { at: time('When.'), load: number('How much.') });
const measure = method('meter.measure', {
  since: '1.0',
  doc: 'Measure.',
  params: { ticks: counter('Ticks.'), load: number('Load.'), at: time('When.'), name: string('Who.') },
  result: record('Measured', 'What was measured.', { count: int('How many.'), samples: list(sample, 'All of them.') }),
  returns: 'It.',
  permission: 'public',
  example: { params: {}, result: { count: 1, samples: [{ at: '2026-01-31T12:00:00.000Z', load: 0.5 }] } },
});

const namespace = 'http://meter.example/';
const parts = fieldsOf(measure.result as RecordShape).map(([name, shape]) => ({ name, shape }));
const own = operationFrom(measure, 'Measure', namespace);
const service: Service = {
  path: '/soap/meter',
  namespace,
  typeNamespace: 'http://meter.example/types',
  style: 'encoded',
  names: wsdlNamesFor('Meter'),
  operations: [
    {
      ...own,
      request: own.request.map((part) => (part.name === 'name' ? { ...part, name: 'who', field: 'name' } : part)),
      reply: [
        { name: 'outCount', shape: parts[0]!.shape, required: true, field: 'count' },
        { name: 'outSamples', shape: parts[1]!.shape, required: true, field: 'samples' },
        { name: 'outNone', shape: string('Not there.'), required: false, field: '__proto__' },
      ],
    },
    { ...operationFrom(measure, 'Forget', namespace), reply: [] },
  ],
};

const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const post = async (call: string, { query = '', version = 'http://schemas.xmlsoap.org/soap/envelope/' } = {}) => {
  const api = { ...fakeApi(), methods: new Map([[measure.name, measure]]) };
  const body = `<e:Envelope xmlns:e="${version}" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"><e:Body>${call}</e:Body></e:Envelope>`;
  const reply = await request([serve(service, fakeContext(api as never))], 'POST', service.path, { body, query });
  return { params: api.calls[0]?.params, reply: /<soap:Body>(.*)<\/soap:Body>/s.exec(String(reply.body))?.[1] };
};
const call = (params: string, name = 'Measure') => `<m:${name} xmlns:m="${namespace}">${params}</m:${name}>`;
const given = '<ticks>1</ticks><load>2</load><at>2026-01-31T12:00Z</at><who>me</who>';

describe('A SOAP service of its own', () => {
  it('has its own names for parts, in every style', async () => {
    const params = { ticks: '1', load: 2, at: '2026-01-31T12:00:00.000Z', name: 'me' };
    const encoded = await post(call(given));
    expect(encoded.params).to.deep.equal(params);
    expect(
      (await post(call('<arg0>1</arg0><arg1>2</arg1><arg2>2026-01-31T12:00Z</arg2><arg3>me</arg3>'))).params,
    ).to.deep.equal(params);
    const sampleXml = '<item><at>2026-01-31T12:00:00.000Z</at><load>0.5</load></item>';
    const rpc = await post(call(given), { query: 'style=rpc&use=literal' });
    expect(rpc.reply).to.equal(
      `<m:MeasureResponse xmlns:m="${namespace}"><outCount>1</outCount><outSamples>${sampleXml}</outSamples><outNone xsi:nil="true"/></m:MeasureResponse>`,
    );
    const document = await post(call(given), { query: 'style=document' });
    expect(document.reply).to.equal(
      `<m:MeasureResponse xmlns:m="${namespace}" xmlns="http://meter.example/types"><m:outCount>1</m:outCount><m:outSamples>${sampleXml}</m:outSamples><m:outNone xsi:nil="true"/></m:MeasureResponse>`,
    );
    const typed = await post(call(given.replace('<ticks>', '<ticks x:type="s:long">')));
    expect(typed.reply)
      .to.include('xmlns:types="http://meter.example/types"')
      .and.include(
        '<outCount xsi:type="xsd:int">1</outCount><outSamples xsi:type="enc:Array" enc:arrayType="types:Sample[1]">',
      );
  });

  it('answers in its own style those who show none, and nothing where there is nothing', async () => {
    const { reply } = await post(`<Forget>${given.replaceAll('who>', 'name>')}</Forget>`, { version: soap12 });
    expect(reply).to.match(/^<m:ForgetResponse xmlns:m="[^>]*encodingStyle="[^"]*"><\/m:ForgetResponse>$/);
  });

  it('has the detail of its faults in its own namespace', async () => {
    const { reply } = await post(call('<nope/>'), { query: 'style=document' });
    expect(reply).to.include(`<detail><m:ApiFault xmlns:m="${namespace}"><kind>invalid-params</kind>`);
  });

  it('is described at its own path, in its own style', async () => {
    const { body } = await request([serve(service, fakeContext(fakeApi()))], 'GET', service.path, { query: 'wsdl' });
    const text = String(body);
    expect(text).to.include('<soap:address location="http://cloud.example/soap/meter"/>');
    expect(text).to.include('<wsdl:part name="outSamples" type="types:ArrayOfSample"/>');
    expect(text).to.include('<wsdl:part name="who" type="xsd:string"/>').and.include('wsdl:arrayType="types:Sample[]"');
    expect(text).to.include('<wsdl:message name="ForgetResponse"/>');
  });
});

describe('Values that name a type of XML Schema', () => {
  const fields = {
    price: string('Exact.', { 'x-xsd': 'decimal' }),
    day: string('A day.', { 'x-xsd': 'date' }),
    raw: bytes('In hexadecimal.', { 'x-xsd': 'hexBinary' }),
    ratio: number('Of 32 bits.', { 'x-xsd': 'float' }),
  };
  const book = method('shop.book', {
    since: '1.0',
    doc: 'Book.',
    params: fields,
    result: record('Booked', 'The same.', fields),
    returns: 'It.',
    permission: 'public',
    example: { params: {}, result: {} },
  });
  const shop: Service = { ...service, path: '/soap/shop', operations: [operationFrom(book, 'Book', namespace)] };
  const value = { price: '1.50', day: '2026-01-31', raw: 'AP8=', ratio: 0.5 };
  const given = '<price> 1.50 </price><day>2026-01-31</day><raw>00ff</raw><ratio>0.5</ratio>';
  const booked = async (params: string, answer: object = value) => {
    const api = fakeApi();
    api.does.set('shop.book', () => answer);
    const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"><e:Body>${call(params, 'Book')}</e:Body></e:Envelope>`;
    const reply = await request([serve(shop, fakeContext(api))], 'POST', shop.path, { body });
    return { params: api.calls[0]?.params, reply: String(reply.body) };
  };

  it('are read and written as of that type, and are described so', async () => {
    const { params, reply } = await booked(given);
    expect(params).to.deep.equal(value);
    expect(reply).to.include('<price>1.50</price><day>2026-01-31</day><raw>00FF</raw><ratio>0.5</ratio>');
    const typed = await booked(given.replace('<raw>00ff', '<raw x:type="s:base64Binary">AP8='));
    expect(typed.params).to.deep.equal(value);
    expect(typed.reply).to.include('<price xsi:type="xsd:decimal">1.50</price>').and.include('xsd:hexBinary">00FF<');
    const { body } = await request([serve(shop, fakeContext(fakeApi()))], 'GET', shop.path, { query: 'wsdl' });
    for (const type of ['decimal', 'date', 'hexBinary', 'float']) expect(String(body)).to.include(`type="xsd:${type}"`);
  });

  it('are refused when they are none, from callers and from plugins', async () => {
    expect((await booked(given.replace('1.50', '1e5'))).reply).to.include('/price must be a decimal number, as 1.50.');
    expect((await booked(given.replace('2026-01-31', 'today'))).reply).to.include('/day must be a date as 2026-01-31.');
    expect((await booked(given, { ...value, price: 'dear' })).reply).to.include(
      'What was answered must be a decimal number, as 1.50.',
    );
  });

  it('cannot be of a type that has other values, or that is none', () => {
    const withType = (shape: object, type: string) => () => {
      const odd = { ...book, params: record('OddParams', '', { a: { ...shape, 'x-xsd': type } as never }) };
      return serve({ ...shop, operations: [operationFrom(odd as never, 'Book', namespace)] }, fakeContext(fakeApi()));
    };
    expect(withType(string(''), 'int')).to.throw('x-xsd is int, whose values are of the kind int and not string');
    expect(withType(string(''), 'odd')).to.throw('x-xsd is odd, which is no simple type of XML Schema');
  });
});

describe('SOAP values', () => {
  const read = async (params: string) => {
    const { params: read, reply } = await post(call(params));
    return read ?? /<faultstring>([^<]*)</.exec(reply!)?.[1];
  };
  const others = '<at>2026-01-31T12:00Z</at><who>me</who>';

  it('of 64 bits are exact, however they are typed', async () => {
    for (const [written, exact] of [
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '-9223372036854775808'],
      [' +0009007199254740993 ', '9007199254740993'],
      ['-0', '0'],
    ] as const) {
      for (const type of ['', ' x:type="s:int"', ' x:type="s:string"', ' x:type="s:decimal"']) {
        expect(await read(`<ticks${type}>${written}</ticks><load>1</load>${others}`)).to.include({ ticks: exact });
      }
    }
    for (const wrong of ['1.5', '1e3', '0x1', '1 2', '--1', '١']) {
      expect(await read(`<ticks>${wrong}</ticks><load>1</load>${others}`)).to.equal('/ticks must be an integer.');
    }
  });

  it('that are decimals are the nearest double; infinity and NaN are spelled right and refused', async () => {
    for (const [written, value] of [
      ['1.50', 1.5],
      ['.1', 0.1],
      ['-5.', -5],
      ['+1E-3', 0.001],
      ['00.1000', 0.1],
      ['-0', -0],
    ] as const) {
      expect(await read(`<ticks>1</ticks><load> ${written} </load>${others}`)).to.include({ load: value });
    }
    for (const infinite of ['INF', '-INF', 'NaN']) {
      expect(await read(`<ticks>1</ticks><load>${infinite}</load>${others}`), infinite).to.match(
        /^\/load must be a number/,
      );
    }
    for (const wrong of ['Infinity', 'inf', 'nan', '1,5', '1e', '0x1', '.']) {
      expect(await read(`<ticks>1</ticks><load>${wrong}</load>${others}`), wrong).to.equal(
        '/load must be a number, as 1.5 or 2e3.',
      );
    }
  });

  it('that are times may be in any zone', async () => {
    for (const written of [
      '2026-01-31T12:00:00Z',
      '2026-01-31T13:30:00+01:30',
      '2026-01-31T02:00:00.000-10:00',
      '2026-01-31T12:00:00',
      '2026-01-31T12:00:00.0000000Z',
    ]) {
      const seen = await read(`<ticks>1</ticks><load>1</load><at>${written}</at><who>me</who>`);
      expect(seen, written).to.include({ at: '2026-01-31T12:00:00.000Z' });
    }
    expect(await read('<ticks>1</ticks><load>1</load><at>31.1.2026</at><who>me</who>')).to.match(
      /^\/at must be a time/,
    );
  });

  it('that are text may come as base64, and what looks like base64 stays text', async () => {
    const start = '<ticks>1</ticks><load>1</load><at>2026-01-31T12:00Z</at>';
    expect(await read(`${start}<who x:type="s:base64Binary">w6nDvA==</who>`)).to.include({ name: 'éü' });
    expect(await read(`${start}<who x:type="s:string">w6nDvA==</who>`)).to.include({ name: 'w6nDvA==' });
    expect(await read(`${start}<who x:type="s:base64Binary">!</who>`)).to.equal(
      '/who must be base64, as its xsi:type says.',
    );
    expect(await read(`${start}<who x:type="q:base64Binary" xmlns:q="urn:q">w6k=</who>`)).to.include({ name: 'w6k=' });
  });
});
