/** Groups of elements that may come more than once: each time is a record, in its order, and nothing is lost either way. */
import { expect } from 'chai';
import { execa } from 'execa';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { createHttpServer, type HttpServer } from '../../../daemon/wire/http.ts';
import { requireSuite } from '../../setup/packages.ts';
import { systemPython } from '../../setup/python.ts';
import { textOf } from '../../support/post.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const element = (name: string, more = '') => `<xs:element name="${name}" type="xs:string"${more}/>`;
const op = (content: string, name: string) =>
  `<xs:element name="${name}"><xs:complexType>${content}</xs:complexType></xs:element>`;
const optional = ' minOccurs="0"';
const many = ' maxOccurs="unbounded"';

/** A service whose operation answers what it was called with, or what is given. */
const served = (content: string, schema = '') => {
  const wsdl = wsdlWith(schema, op(content, 'Op'), op(content, 'OpResponse'));
  const contract = readContract('t.wsdl', wsdl, defaultLimits.xml, { readFile: () => undefined });
  const methods = methodsFor(contract, 't');
  const { name } = [...methods.values()][0]!;
  const api = fakeApi();
  const echo = (params: Record<string, unknown>) =>
    contract.operations[0]!.reply!.parts.length === 1 ? Object.values(params)[0] : params;
  api.does.set(name, echo);
  const route = (publicUrl: () => string) =>
    serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), { ...fakeContext(api), publicUrl });
  const routes = [route(() => 'http://cloud.example')];
  const post = async (given: string) => {
    const { body } = await request(routes, 'POST', '/soap/t', {
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body><Op xmlns="urn:t">${given}</Op></e:Body></e:Envelope>`,
    });
    const text = textOf(body).replaceAll('ns1:', '');
    const fault = /<faultstring>([^<]*)/.exec(text)?.[1];
    return fault ?? /<OpResponse[^>]*>(.*)<\/OpResponse>/.exec(text)?.[1] ?? '';
  };
  return {
    api,
    post,
    route,
    async params(given: string): Promise<unknown> {
      expect(await post(given)).to.equal(given);
      return api.calls.at(-1)!.params;
    },
    async answering(answer: unknown): Promise<string> {
      api.does.set(name, () => answer);
      const text = await post('');
      api.does.set(name, echo);
      return text.replace('What was answered does not fit the contract: ', '');
    },
  };
};

const choice = `<xs:choice minOccurs="0"${many}>${element('a')}${element('b')}</xs:choice>`;
const one = (name: string, value = '1') => `<${name}>${value}</${name}>`;

describe('A group of a contract that may come more than once', () => {
  it('is a list of records in the order of the elements, one for each time', async () => {
    expect(await served(choice).params('<a>1</a><b>2</b><a>3</a><a>4</a>')).to.deep.equal({
      choice: [{ a: '1' }, { b: '2' }, { a: '3' }, { a: '4' }],
    });
    const sequence = served(
      `<xs:sequence${many}>${element('a')}${element('b', optional)}${element('c', many)}</xs:sequence>`,
    );
    expect(await sequence.params('<a>1</a><c>2</c><c>3</c><a>4</a><b>5</b><c>6</c>')).to.deep.equal({
      sequence: [
        { a: '1', c: ['2', '3'] },
        { a: '4', b: '5', c: ['6'] },
      ],
    });
  });

  it('is called like the group or the head of a substitution group that it is, and has a number when its name is taken', async () => {
    const schema = `<xs:group name="Entry"><xs:sequence>${element('key')}${element('value')}</xs:sequence></xs:group>
      ${element('Shape', ' abstract="true"')}${element('Circle', ' substitutionGroup="t:Shape"')}${element('Square', ' substitutionGroup="t:Shape"')}`;
    const content = `<xs:sequence><xs:group ref="t:Entry"${many}/>${choice}<xs:choice${many}>${element('c')}${element('d')}</xs:choice>
      <xs:element ref="t:Shape"${many}/></xs:sequence>`;
    const given =
      '<key>1</key><value>2</value><key>3</key><value>4</value><b>5</b><d>6</d><c>7</c><Square>8</Square><Circle>9</Circle>';
    expect(await served(content, schema).params(given)).to.deep.equal({
      Entry: [
        { key: '1', value: '2' },
        { key: '3', value: '4' },
      ],
      choice: [{ b: '5' }],
      choice2: [{ d: '6' }, { c: '7' }],
      Shape: [{ Square: '8' }, { Circle: '9' }],
    });
  });

  it('leaves out what has a list of its own, as the transitions of Exchange do', async () => {
    const schema = `${element('Shape')}${element('Circle', ' substitutionGroup="t:Shape"')}${element('Square', ' substitutionGroup="t:Shape"')}`;
    const times = `minOccurs="0"${many}`;
    const lists = (...names: string[]) =>
      `<xs:sequence>${names.map((name) => `<xs:element ref="t:${name}" ${times}/>`).join('')}</xs:sequence>`;
    const all = served(lists('Circle', 'Square', 'Shape'), schema);
    expect(await all.params('<Circle>1</Circle><Square>2</Square><Square>3</Square><Shape>4</Shape>')).to.deep.equal({
      Circle: ['1'],
      Square: ['2', '3'],
      Shape: ['4'],
    });
    const some = served(lists('Circle', 'Shape'), schema);
    expect(await some.params('<Circle>1</Circle><Shape>2</Shape><Square>3</Square>')).to.deep.equal({
      Circle: ['1'],
      Shape: [{ Shape: '2' }, { Square: '3' }],
    });
  });

  it('may have others in it, and what is nil or any element', async () => {
    const inner = `<xs:choice minOccurs="0"${many}>${element('b', ' nillable="true"')}${element('c')}<xs:any namespace="##other"/></xs:choice>`;
    const nested = served(
      `<xs:sequence><xs:sequence${many}>${element('a')}${inner}</xs:sequence>${element('z')}</xs:sequence>`,
    );
    const params = await nested.params(
      '<a>1</a><c>2</c><b xsi:nil="true"/><x xmlns="urn:o"/><c>3</c><a>4</a><a>5</a><b>6</b><z>7</z>',
    );
    expect(params).to.deep.equal({
      sequence: [
        { a: '1', choice: [{ c: '2' }, { b: null }, { any: '<x xmlns="urn:o"/>' }, { c: '3' }] },
        { a: '4' },
        { a: '5', choice: [{ b: '6' }] },
      ],
      z: '7',
    });
  });

  it('is the value itself where the type holds nothing else', async () => {
    const schema = `<xs:complexType name="V">${choice}</xs:complexType>`;
    const v = served(
      '<xs:sequence><xs:element name="v" type="t:V"/><xs:element name="w" type="t:V"/></xs:sequence>',
      schema,
    );
    const given = '<v><b>1</b><a>2</a></v><w/>';
    expect(await v.params(given)).to.deep.equal({ v: [{ b: '1' }, { a: '2' }], w: [] });
    expect(await v.post('<v><b>1</b><c>2</c></v><w/>')).to.equal('/v/c is not known here.');
  });

  it('comes back as it was, whatever its form', async () => {
    const pair = `<xs:sequence>${element('a')}${element('b')}</xs:sequence>`;
    const forms: [content: string, ...given: string[]][] = [
      // In a choice in a choice each element is a time of its own.
      [
        `<xs:choice${many}>${element('a')}<xs:choice>${element('b')}${element('c')}</xs:choice></xs:choice>`,
        '<b>1</b><c>2</c><a>3</a>',
      ],
      [`<xs:sequence${many}><xs:choice>${element('a')}${element('b')}</xs:choice></xs:sequence>`, '<b>1</b><a>2</a>'],
      [
        `<xs:choice${many}>${pair}<xs:sequence>${element('b')}${element('c')}</xs:sequence>${element('c')}</xs:choice>`,
        '<b>1</b><c>2</c><c>3</c><a>4</a><b>5</b>',
      ],
      [
        `<xs:sequence minOccurs="2" maxOccurs="3">${element('a', ' maxOccurs="2"')}${element('b', optional)}</xs:sequence>`,
        '<a>1</a><a>2</a><a>3</a>',
      ],
      [
        `<xs:sequence${many}><xs:any namespace="##other"/>${element('a')}</xs:sequence>`,
        '<x xmlns="urn:o"/><a>1</a><y xmlns="urn:o"/><a>2</a>',
      ],
      [
        `<xs:sequence>${choice}${element('y')}<xs:any namespace="##other" minOccurs="0"/></xs:sequence>`,
        '<a>1</a><b>2</b><y>3</y><x xmlns="urn:o"/>',
      ],
      [`<xs:sequence><xs:any namespace="##other"/>${element('y')}</xs:sequence>`, '<x xmlns="urn:o"/><y>1</y>'],
      [
        `<xs:choice><xs:sequence>${element('k')}${choice}</xs:sequence>${element('l')}</xs:choice>`,
        '<k>1</k><b>2</b><a>3</a>',
        '<l>1</l>',
      ],
    ];
    for (const [content, ...all] of forms) for (const given of all) await served(content).params(given);
  });

  it('comes so many times, and has what must be in it', async () => {
    const bounded = served(`<xs:sequence minOccurs="2" maxOccurs="3">${element('a')}${element('b')}</xs:sequence>`);
    const pair = one('a') + one('b');
    expect(await bounded.post(pair)).to.equal('/sequence must come at least 2 times.');
    expect(await bounded.post(pair.repeat(4))).to.equal('/sequence may come at most 3 times.');
    expect(await bounded.post(one('a') + pair)).to.equal('/sequence/0/b must be given.');
    expect(await bounded.post(pair + one('a'))).to.equal('/sequence/1/b must be given.');
    expect(await bounded.answering([{ a: '1', b: '2' }])).to.equal('/sequence must come at least 2 times.');
    // Whose the second is cannot be told: where there are two, they may be of two groups.
    const vague = served(
      `<xs:sequence minOccurs="2"${many}>${element('a', ' minOccurs="2" maxOccurs="3"')}${element('b', optional)}</xs:sequence>`,
    );
    expect(await vague.post(one('a').repeat(4))).to.equal(one('a').repeat(4));
    expect(await vague.post('')).to.equal('/sequence must come at least once.');
    const inner = served(
      `<xs:sequence${many}>${element('a')}<xs:choice>${element('b')}${element('c')}</xs:choice></xs:sequence>`,
    );
    expect(await inner.post(one('a') + one('c') + one('a'))).to.equal('/sequence/1 must have b or c.');
    expect(await inner.post('')).to.equal('');
  });

  it('is answered as what is read of it again, or not at all', async () => {
    const some = served(`<xs:sequence>${choice}${element('z', optional)}</xs:sequence>`);
    expect(await some.answering({ choice: [{ b: '1' }, { a: '2' }] })).to.equal('<b>1</b><a>2</a>');
    const cases: [answer: unknown, message: string][] = [
      [[{ a: '1' }, { a: '1', b: '2' }], '/choice/1 must have a or b, and not both.'],
      [[{}], '/choice/0 must have a or b.'],
      [[{ c: '1' }], '/choice/0/c is not in the contract.'],
      [[null], '/choice/0 must be a record.'],
      [{ a: '1' }, '/choice must be a list.'],
    ];
    for (const [answer, message] of cases) expect(await some.answering({ choice: answer })).to.equal(message);
  });

  it('is refused in a contract where its elements could not be told from others', () => {
    const any = '<xs:any namespace="##other"/>';
    const cases: [content: string, message: string][] = [
      [
        `<xs:sequence>${element('a')}${choice}</xs:sequence>`,
        'has two elements called a, one of them in a group that may come more than once',
      ],
      [
        `<xs:sequence><xs:choice${many}>${element('a')}${any}</xs:choice>${any}</xs:sequence>`,
        'has two elements that may be any, one of them in a group',
      ],
      [
        `<xs:sequence${many}>${any}${element('a')}${any}</xs:sequence>`,
        'is the second of a group that may come more than once',
      ],
      [
        `<xs:choice${many}><xs:sequence>${element('a')}${element('b')}</xs:sequence><xs:sequence>${element('c')}${element('a')}</xs:sequence></xs:choice>`,
        'comes in one place in one branch and in another in the next',
      ],
      [`<xs:choice${many}>${element('any')}${any}</xs:choice>`, 'has two things called any'],
      [`<xs:choice${many}>${element('a')}${element('__proto__')}</xs:choice>`, 'has something called __proto__'],
    ];
    for (const [content, message] of cases) expect(() => served(content), content).to.throw(message);
  });
});

describe('zeep as a client of a contract with groups', function () {
  this.timeout(60_000);
  let server: HttpServer | undefined;
  before(async function () {
    await requireSuite(this, 'soap clients');
  });
  afterEach(() => server?.close());

  /** What a program prints that has `call`, the operation, and `zeep`. */
  const printed = async ({ route }: ReturnType<typeof served>, program: string): Promise<string[]> => {
    let publicUrl = '';
    const routes = [route(() => publicUrl)];
    server = createHttpServer({ routes, limits: defaultLimits.http });
    const { host, port } = await server.listen('127.0.0.1', 0);
    publicUrl = `http://${host}:${port}`;
    const setUp = 'import sys, zeep; call = zeep.Client(sys.argv[1] + "/soap/t?wsdl").service.Op';
    const { stdout } = await execa(systemPython, ['-c', `${setUp}\n${program}`, publicUrl]);
    return stdout.split('\n');
  };

  it('sends and gets them in their order', async () => {
    // zeep does not find the end of a sequence that is repeated.
    const schema = `<xs:complexType name="V"><xs:sequence${many}>${element('k')}${element('v', optional)}</xs:sequence></xs:complexType>`;
    const service = served(`<xs:sequence><xs:element name="v" type="t:V"/>${choice}</xs:sequence>`, schema);
    const program = `reply = call(v={"_value_1": [{"k": "1"}, {"k": "2", "v": "3"}]}, _value_1=[{"b": "4"}, {"a": "5"}, {"b": "6"}])
print([dict(one) for one in reply.v._value_1])
print([{name: one[name] for name in one if one[name]} for one in reply._value_1])`;
    expect(await printed(service, program)).to.deep.equal([
      "[{'k': '1', 'v': None}, {'k': '2', 'v': '3'}]",
      "[{'b': '4'}, {'a': '5'}, {'b': '6'}]",
    ]);
    expect(service.api.calls.at(-1)!.params).to.deep.equal({
      v: [{ k: '1' }, { k: '2', v: '3' }],
      choice: [{ b: '4' }, { a: '5' }, { b: '6' }],
    });
  });

  it('makes a choice of empty elements, as the contract of EC2 has it, with SkipValue: without it sends none', async () => {
    const schema = `<xs:complexType name="Empty"/><xs:group name="Attribute"><xs:choice>
      <xs:element name="kernel" type="t:Empty"/><xs:element name="ramdisk" type="t:Empty"/></xs:choice></xs:group>`;
    const service = served(`<xs:sequence>${element('id')}<xs:group ref="t:Attribute"/></xs:sequence>`, schema);
    const program = `try: call(id="i", kernel={})
except zeep.exceptions.Fault as fault: print(fault.message)
call(id="i", kernel=zeep.xsd.SkipValue)`;
    expect(await printed(service, program)).to.deep.equal(['must have kernel or ramdisk.']);
    expect(service.api.calls.at(-1)!.params).to.deep.equal({ id: 'i', kernel: {} });
  });
});
