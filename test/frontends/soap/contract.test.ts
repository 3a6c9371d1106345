/** An existing contract, given as a WSDL with what it imports, served as it is. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import {
  type ContractOptions,
  contractService,
  methodsFor,
  readContract,
} from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { countTurns } from '../../support/slices.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const readFile = (location: string, from: string) => {
  const file = join(dirname(from), location);
  return file === 'weather.xsd' ? { file, text: textOf(file) } : undefined;
};
const read = (text = textOf('weather.wsdl'), options: ContractOptions = {}) =>
  readContract('weather.wsdl', text, defaultLimits.xml, { readFile, ...options });

const contract = read();
const methods = methodsFor(contract, 'weather');
const api = fakeApi();
const route = serve(contractService({ contract, path: '/soap/weather', methods }, defaultLimits), fakeContext(api));

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const types =
  'xmlns:t="urn:weather:types" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"';

/** Calls an operation and tells what the method got, and what the Body, or the Envelope, of the reply holds. */
const post = async (body: string, { answer = {} as unknown, header = '', version = soap11 } = {}) => {
  api.calls.length = 0;
  api.does.clear();
  for (const method of methods.values()) {
    api.does.set(method.name, () => {
      if (answer instanceof Fault) throw answer;
      return answer;
    });
  }
  const text = `<e:Envelope xmlns:e="${version}" ${types}>${header && `<e:Header>${header}</e:Header>`}<e:Body>${body}</e:Body></e:Envelope>`;
  const reply = await request([route], 'POST', '/soap/weather', { body: text });
  const xml = String(reply.body).replaceAll(/ xmlns:\w+="[^"]*"/g, '');
  return {
    status: reply.status,
    params: api.calls[0]?.params,
    body: /<soap:Body>(.*)<\/soap:Body>/s.exec(xml)?.[1],
    header: /<soap:Header>(.*)<\/soap:Header>/s.exec(xml)?.[1],
    refusal: /<faultstring>([^<]*)|<soap:Text[^>]*>([^<]*)/.exec(xml)?.[1],
  };
};
const reading = '<t:reading><t:at>2026-01-31T12:00:00+01:00</t:at><t:celsius>-1.50</t:celsius></t:reading>';
const report = (inner: string) => `<t:Report>${inner}</t:Report>`;
const station = '<t:station height="-3">ABC</t:station>';
const receipt = { receipt: { number: '18446744073709551615' } };

describe('A contract', () => {
  it('gives the methods that it needs, with shapes from its schemas', () => {
    expect([...methods.keys()]).to.deep.equal(['Report', 'Ask', 'Forget', 'Grid']);
    expect(methods.get('Report')).to.include({ name: 'weather.Report', doc: 'Tell what was read.' });
    const { params } = methods.get('Report')!;
    expect(JSON.parse(JSON.stringify(params.properties))).to.deep.include.keys(
      'station',
      'reading',
      'comment',
      'headers',
    );
    expect(params.required).to.deep.equal(['station']);
  });

  it('reads attributes, text with attributes, lists, choices, dates and bytes', async () => {
    const raw =
      '<t:reading hours="1 2" level="grey"><t:at>2026-01-31T12:00:00Z</t:at><t:raw>00ff</t:raw><t:gain>0.5</t:gain><t:sky/></t:reading>';
    const { params, body, refusal } = await post(report(station + reading + raw), { answer: { ...receipt } });
    expect(params, refusal).to.deep.equal({
      station: { value: 'ABC', height: -3, kind: 'mast' },
      reading: [
        { at: '2026-01-31T11:00:00.000Z', celsius: '-1.50' },
        { at: '2026-01-31T12:00:00.000Z', raw: 'AP8=', gain: 0.5, sky: 'clear', hours: [1, 2], level: 'grey' },
      ],
    });
    expect(body).to.equal('<ns1:ReportResponse><ns1:receipt number="18446744073709551615"/></ns1:ReportResponse>');
  });

  it('says what does not fit, and where', async () => {
    const cases: [inner: string, refusal: string][] = [
      ['<t:station>abc</t:station>', '/station/value must match [A-Z]{3}|X.'],
      ['<t:station height="40000">X</t:station>', '/station/height must be an integer from -32768 to 32767.'],
      ['<t:nope/>', '/nope is not known here.'],
      [`${station}${station}`, '/station is given twice.'],
      [
        reading.replace('</t:celsius>', '</t:celsius><t:raw>00</t:raw>'),
        '/reading/0/raw excludes what is given before it.',
      ],
      [reading.replace('-1.50', '1e5'), '/reading/0/celsius must be a decimal number, as 1.50.'],
      [reading.replace('</t:celsius>', '</t:celsius><t:sky>red</t:sky>'), '/reading/0/sky must be one of clear, grey.'],
      [
        reading.replace('<t:reading>', '<t:reading level="red">'),
        '/reading/0/level is of none of the types that it may be of.',
      ],
      [
        reading
          .replace('<t:reading>', '<t:reading x:type="t:WetReading">')
          .replace('</t:reading>', '<t:humidity>101</t:humidity></t:reading>'),
        '/reading/0/humidity must be less than 101.',
      ],
    ];
    for (const [inner, refusal] of cases) expect((await post(report(inner))).refusal, inner).to.equal(refusal);
  });

  it('knows derived types by xsi:type, which records say in $type, in both directions', async () => {
    const wet = reading
      .replace('<t:reading>', '<t:reading x:type="t:WetReading">')
      .replace('</t:reading>', '<t:humidity>40</t:humidity></t:reading>');
    const value = { $type: 'WetReading', at: '2026-01-31T11:00:00.000Z', celsius: '-1.50', humidity: 40 };
    const { params, body } = await post(report(station + wet), { answer: { ...receipt, echo: [value] } });
    expect(params?.reading).to.deep.equal([value]);
    expect(body).to.include(
      '<ns1:echo xsi:type="ns1:WetReading"><ns1:at>2026-01-31T11:00:00Z</ns1:at><ns1:celsius>-1.50</ns1:celsius><ns1:humidity>40</ns1:humidity></ns1:echo>',
    );
  });

  it('takes headers as a parameter and answers them from the result', async () => {
    const header = '<t:Session e:mustUnderstand="1">abc</t:Session><t:Other>1</t:Other>';
    const { params, header: answered } = await post(report(station), {
      header,
      answer: { ...receipt, headers: { rest: 5 } },
    });
    expect(params?.headers).to.deep.equal({ session: 'abc' });
    expect(answered).to.equal('<ns1:Rest>5</ns1:Rest>');
    // No operation but Report takes it.
    const elsewhere = await post(`<t:Ask/>`, { header });
    expect(elsewhere.refusal).to.equal('Headers that must be understood are not: Session of urn:weather:types.');
    expect((await post(report(station), { header: header + header })).refusal).to.match(/Session is given twice\.$/);
  });

  it('has the details of its faults', async () => {
    const storm = new Fault('failed', 'It is windy.', { contract: { fault: 'Storm', detail: { force: 12 } } });
    expect((await post(report(station), { answer: storm })).body).to.equal(
      '<soap:Fault><faultcode>soap:Server</faultcode><faultstring>It is windy.</faultstring><detail><ns1:Storm><ns1:force>12</ns1:force></ns1:Storm></detail></soap:Fault>',
    );
    expect((await post(report(station), { answer: storm, version: soap12 })).body).to.include(
      '<soap:Detail><ns1:Storm><ns1:force>12</ns1:force></ns1:Storm></soap:Detail>',
    );
    const other = new Fault('conflict', 'No.', { contract: { fault: 'Nope', detail: 1 } });
    expect((await post(report(station), { answer: other })).body)
      .to.include('No.')
      .and.not.include('detail');
  });

  it('asks for no credentials with a fault of its own: clients lose what comes with 401', async () => {
    const detail = { fault: 'Storm', detail: { force: 12 } };
    const statusOf = async (data: object) =>
      (await post(report(station), { answer: new Fault('unauthenticated', 'Wrong password.', data) })).status;
    expect(await statusOf({ contract: detail })).to.equal(500);
    expect(await statusOf({})).to.equal(401);
  });

  it('answers nothing where nothing is to be answered', async () => {
    const { status, params, body } = await post('<t:Forget> X </t:Forget>');
    expect({ status, params, body }).to.deep.equal({ status: 202, params: { station: 'X' }, body: undefined });
  });

  it('passes names, types within themselves, open values and open elements', async () => {
    const inner = '<t:about xmlns:q="urn:q">q:rain</t:about><t:day>2026-01-31</t:day>';
    const open = `<t:open x:type="s:float">411</t:open><b xmlns="urn:b" x:type="t:Sky"><c d="&lt;"/>e</b><f/>`;
    const { params, body } = await post(`<t:Ask>${inner}<t:within>${inner}</t:within>${open}</t:Ask>`, {
      answer: {
        about: '{urn:q}rain',
        day: '2026-02-01',
        open: [1, { $type: 'Sky', value: 'grey' }],
        any: ['<z a="1"/>'],
      },
    });
    expect(params).to.deep.equal({
      question: {
        about: '{urn:q}rain',
        day: '2026-01-31',
        within: { about: '{urn:q}rain', day: '2026-01-31' },
        open: { $type: 'float', value: 411 },
        any: [
          '<b xmlns="urn:b" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:weather:types" x:type="t:Sky"><c d="&lt;"/>e</b>',
          '<f xmlns=""/>'.replace(' xmlns=""', ''),
        ],
      },
    });
    expect(body).to.equal(
      '<ns1:Answer><ns1:about>q:rain</ns1:about><ns1:day>2026-02-01</ns1:day><ns1:open><item xsi:type="xsd:int">1</item><item xsi:type="ns1:Sky">grey</item></ns1:open><z a="1"/></ns1:Answer>',
    );
    const wrong = await post(`<t:Ask>${inner}</t:Ask>`, { answer: { about: 'a', day: '2026-02-01', any: ['<z>'] } });
    expect(wrong.refusal, wrong.body).to.match(
      /^What was answered does not fit the contract: \/any\/0 must be one element/,
    );
  });

  it('passes arrays of two dimensions, and those of which only a part is sent', async () => {
    const enc = 'xmlns:c="http://schemas.xmlsoap.org/soap/encoding/"';
    const cells = '<cells c:arrayType="s:int[2,2]"><i>1</i><i>2</i><i>3</i><i>4</i></cells>';
    const sparse = (items: string) => `<sparse c:arrayType="t:Station[9]" c:offset="[1]">${items}</sparse>`;
    const call = (inner: string) => `<g:Grid xmlns:g="urn:weather:grid" ${enc}>${inner}<scale>1.0</scale></g:Grid>`;
    const { params, body } = await post(call(cells + sparse('<i>X</i><i c:position="[3]">ABC</i>')), {
      answer: { cells: [[1], [2]], sparse: [null, { value: 'X' }] },
    });
    const mast = (value: string) => ({ value, kind: 'mast' });
    expect(params).to.deep.equal({
      cells: [
        [1, 2],
        [3, 4],
      ],
      sparse: [null, mast('X'), null, mast('ABC')],
      scale: '1.0',
    });
    expect(body)
      .to.match(/^<ns\d:GridResponse soap:encodingStyle="[^"]*">/)
      .and.include(
        '<cells enc:arrayType="xsd:int[2,1]" xsi:type="ns1:Grid"><item xsi:type="xsd:int">1</item><item xsi:type="xsd:int">2</item></cells><sparse enc:arrayType="ns1:Station[2]" xsi:type="ns1:Cells"><item xsi:nil="true"/><item xsi:type="ns1:Station">X</item></sparse>',
      );
    const huge = await post(call(cells + sparse('<i c:position="[999999999]">X</i>')));
    expect(huge.refusal).to.equal('/sparse must have at most 100000 places (limits.soap.resolvedElements).');
    const ragged = await post(call(cells), { answer: { cells: [[1], [2, 3]], sparse: [] } });
    expect(ragged.refusal).to.equal(
      'What was answered does not fit the contract: /cells must have rows of one length.',
    );
    const places = '<cells c:arrayType="s:int[2,2]"><i c:position="[1,1]">4</i><i c:position="[0,0]">1</i></cells>';
    expect((await post(call(places + sparse('')))).params?.cells).to.deep.equal([
      [1, null],
      [null, 4],
    ]);
  });

  it('is read in slices when a call is long, so that others get their turn', async () => {
    const turnsOfOthers = countTurns();
    const { params } = await post(report(station + reading.repeat(20_000)), { answer: receipt });
    const turns = turnsOfOthers();
    expect(params?.reading).to.have.length(20_000);
    expect(turns).to.be.greaterThan(2);
  });

  it('forbids to answer what it does not have', async () => {
    const cases: [answer: unknown, refusal: string][] = [
      [{}, '/receipt must be given.'],
      [{ receipt: { number: '18446744073709551616' } }, '/receipt/number must be at most 18446744073709551615.'],
      [{ receipt: { number: '1', more: 1 } }, '/receipt/more is not in the contract.'],
      [{ ...receipt, echo: {} }, '/echo must be a list.'],
      [{ ...receipt, echo: [{ $type: 'Nope' }] }, '/echo/0 is labelled Nope, which is no type that may be here.'],
      [{ ...receipt, headers: { nope: 1 } }, '/headers/nope is no header of the contract.'],
    ];
    for (const [answer, refusal] of cases) {
      expect((await post(report(station), { answer })).refusal).to.equal(
        `What was answered does not fit the contract: ${refusal}`,
      );
    }
  });

  it('is given out as it is, but for its addresses', async () => {
    const get = async (query: string) => {
      const reply = await request([route], 'GET', '/soap/weather', { query });
      return { ...reply, body: String(reply.body) };
    };
    const { body } = await get('wsdl');
    const expected = textOf('weather.wsdl')
      .replace('http://old.example/weather', 'http://cloud.example/soap/weather')
      .replace("'weather.xsd'", "'http://cloud.example/soap/weather?wsdl&amp;file=1'");
    expect(body).to.equal(expected);
    expect((await get('wsdl&file=1')).body).to.equal(textOf('weather.xsd'));
    for (const query of ['wsdl&file=2', 'wsdl&file=../x']) expect(await get(query)).to.include({ status: 404 });
    expect((await get('')).body).to.include('http://cloud.example/soap/weather?wsdl');
  });

  it('that is wrong or not supported is refused with file, line and element', () => {
    const refusal = (from: string | RegExp, to: string, options?: ContractOptions) => {
      try {
        read(textOf('weather.wsdl').replace(from, to), options);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    const at = '<xs:element name="Session" type="xs:string"/>';
    const cases: [to: string, refusal: string][] = [
      [
        '<xs:element name="Session" type="xs:strong"/>',
        '<xs:element name="Session"> uses the type {http://www.w3.org/2001/XMLSchema}strong, which no schema declares.',
      ],
      [
        '<xs:element name="Session" type="y:string"/>',
        '<xs:element name="Session"> uses the prefix y, which is not declared.',
      ],
      [
        '<xs:element name="Session"><xs:complexType><xs:sequence><xs:element name="a"/><xs:element name="b"/><xs:element name="a"/></xs:sequence></xs:complexType></xs:element>',
        '<xs:element name="a"> comes twice in one type, which is not supported.',
      ],
      [
        '<xs:element name="Session"><xs:complexType><xs:attribut name="a"/></xs:complexType></xs:element>',
        '<xs:attribut name="a"> is no element of XML Schema.',
      ],
      [
        '<xs:element name="Session"><xs:complexType><xs:sequence><xs:element name="a" maxOccurs="many"/></xs:sequence></xs:complexType></xs:element>',
        '<xs:element name="a"> has maxOccurs="many", where a number or "unbounded" is needed.',
      ],
    ];
    for (const [to, message] of cases) expect(refusal(at, to)).to.equal(`weather.wsdl:28: ${message}`);
    expect(refusal('weather.xsd', 'gone.xsd')).to.equal(
      'weather.wsdl:9: <xs:include> imports gone.xsd, which is not there.',
    );
    expect(refusal('</definitions>', '')).to.match(/^weather\.wsdl:\d+:\d+: /);
    expect(refusal(/<binding [\s\S]*<\/service>/, '')).to.equal(
      'weather.wsdl:2: <definitions name="Weather"> has no binding to SOAP 1.1 or 1.2.',
    );
    expect(refusal('', '', { port: 'Nope' })).to.equal(
      'weather.wsdl:2: <definitions name="Weather"> has no port Nope.',
    );
    expect(refusal('soapAction="" style="rpc"', 'soapAction="" style="doc"')).to.match(
      /:\d+: <soap:operation> has the style doc\.$/,
    );
    expect(
      refusal(
        "<xs:include schemaLocation='weather.xsd'/>",
        '<xs:import namespace="urn:x" schemaLocation="http://x.example/"/>',
      ),
    ).to.match(/uses the type \{urn:weather:types\}\w+, which no schema declares\.$/);
    const circle =
      '<xs:simpleType name="C"><xs:restriction base="t:C"/></xs:simpleType><xs:element name="Session" type="t:C"/>';
    expect(refusal(at, circle)).to.equal('weather.wsdl:28: <xs:simpleType name="C"> is within itself.');
    const derived = ['A', 'B'].map((name, i) => {
      const extension = `<xs:extension base="t:${['B', 'A'][i]}"/>`;
      return `<xs:complexType name="${name}"><xs:complexContent>${extension}</xs:complexContent></xs:complexType>`;
    });
    expect(refusal(at, derived.join('') + at)).to.match(/<xs:complexType name="[AB]"> is derived from itself\.$/);
    const group =
      '<xs:group name="G"><xs:sequence><xs:group ref="t:G"/></xs:sequence></xs:group><xs:complexType name="D"><xs:group ref="t:G"/></xs:complexType>';
    expect(refusal(at, group + at)).to.equal('weather.wsdl:28: <xs:group name="G"> is within itself.');
    const elsewhere =
      '<xs:import namespace="urn:x" schemaLocation="http://x.example/x.xsd"/><xs:element name="Session" xmlns:u="urn:x" type="u:a"/>';
    expect(refusal(at, elsewhere)).to.match(
      /uses the type \{urn:x\}a, whose schema is at http:\/\/x\.example\/x\.xsd: nothing is fetched/,
    );
  });
});
