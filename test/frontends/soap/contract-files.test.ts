/** Contracts as they lie in files, and what ASMX makes of XML and of fields called headers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  contractFromFile,
  contractService,
  methodsFor,
  readContract,
} from '../../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const elementOf = (name: string, type: string): string =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${type}</xs:sequence></xs:complexType></xs:element>`;

describe('A contract in a file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'annelid-contract-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (bytes: Buffer) => {
    const file = join(folder, 'a.wsdl');
    writeFileSync(file, bytes);
    return contractFromFile(file, defaultLimits.xml);
  };
  const street = wsdlWith('', elementOf('Op', '<xs:element name="straße" type="xs:string"/>'));
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>\n${street}`;

  it('may be in any character set, and is given out in UTF-8, which it then says', () => {
    const cases: [encoding: string, bytes: Buffer][] = [
      ['ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
      ['utf-16', Buffer.from(`\ufeff${declared('utf-16')}`, 'utf16le')],
    ];
    for (const [encoding, bytes] of cases) {
      const contract = read(bytes);
      expect(contract.operations[0]!.request.parts[0]!.name, encoding).to.equal('straße');
      const { contract: served } = contractService(
        { contract, path: '/soap/a', methods: methodsFor(contract, 'a') },
        defaultLimits,
      );
      expect(served!.document('http://old/', undefined), encoding).to.equal(declared('UTF-8'));
    }
    expect(() => read(Buffer.from(street, 'latin1'))).to.throw(/a\.wsdl: .*The byte 0xdf is not UTF-8 here\.$/);
    expect(() => read(Buffer.from(declared('x-none')))).to.throw(/a\.wsdl: .*x-none/);
  });

  it('is given out once for each file, however often that is included: clients know files by their addresses', () => {
    const schema = (inner: string) =>
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">${inner}</xs:schema>`;
    const include = (file: string) => `<xs:include schemaLocation="${file}"/>`;
    writeFileSync(join(folder, 'a.xsd'), schema(`${include('b.xsd')}<xs:element name="inA" type="xs:int"/>`));
    writeFileSync(join(folder, 'b.xsd'), schema(`${include('a.xsd')}<xs:element name="inB" type="xs:int"/>`));
    const { files } = read(Buffer.from(wsdlWith(include('a.xsd') + include('b.xsd'))));
    expect([...files.keys()]).to.deep.equal(['a.wsdl', 'a.xsd', 'b.xsd'].map((name) => join(folder, name)));
  });

  it('may include a schema without a namespace, whose names are then in its own', () => {
    const point = '<xs:complexType name="Point"><xs:attribute name="at" type="xs:int"/></xs:complexType>';
    const line = elementOf('Line', '<xs:element name="from" type="Point"/><xs:element ref="Mark"/>');
    const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${point}${line}<xs:element name="Mark" type="Point"/></xs:schema>`;
    writeFileSync(join(folder, 'line.xsd'), schema);
    const op = elementOf('Op', '<xs:element ref="t:Line"/>');
    const contract = read(Buffer.from(wsdlWith('<xs:include schemaLocation="line.xsd"/>', op)));
    expect(contract.types.map(({ name }) => `${name!.namespace} ${name!.local}`)).to.deep.equal(['urn:t Point']);
    writeFileSync(join(folder, 'line.xsd'), schema.replace('type="Point"', 'xmlns="urn:other" $&'));
    expect(() => read(Buffer.from(wsdlWith('<xs:include schemaLocation="line.xsd"/>', op)))).to.throw(
      'uses the type {urn:other}Point, which no schema declares.',
    );
  });

  it('may want WS-Addressing, but nothing that is not known here', () => {
    const wanting = (namespace: string) =>
      street.replace(
        '<soap:binding ',
        `<x:UsingAddressing xmlns:x="${namespace}" w:required="true" xmlns:w="http://schemas.xmlsoap.org/wsdl/"/>$&`,
      );
    for (const namespace of [
      'http://www.w3.org/2006/05/addressing/wsdl',
      'http://www.w3.org/2007/05/addressing/metadata',
      'http://schemas.xmlsoap.org/ws/2004/08/addressing',
    ]) {
      expect(read(Buffer.from(wanting(namespace))).operations).to.have.length(1);
    }
    expect(() => read(Buffer.from(wanting('urn:x')))).to.throw(
      '<x:UsingAddressing> is an extension that must be understood, of urn:x, and is not.',
    );
  });

  it('that declares one name twice is refused, unless in the same words', () => {
    const [a, b] = ['int', 'long'].map((type) => `<xs:element name="Twice" type="xs:${type}"/>`);
    expect(() => read(Buffer.from(wsdlWith(`${a}${a}`)))).not.to.throw();
    expect(() => read(Buffer.from(wsdlWith(`${a}\n${b}`)))).to.throw(
      /a\.wsdl:4: <xs:element name="Twice"> is another one than that of the same name at .*a\.wsdl:3\.$/,
    );
  });

  it('may leave out the prefix of a message, a port type or a binding, as those written by hand do', () => {
    const bare = street.replaceAll(/ (message|type|binding)="t:/g, ' $1="');
    expect(bare).not.to.equal(street);
    expect(read(Buffer.from(bare)).operations.map(({ name }) => name)).to.deep.equal(['Op']);
    const prefixed = bare
      .replace(' xmlns="http://schemas.xmlsoap.org/wsdl/"', ' xmlns:w="http://schemas.xmlsoap.org/wsdl/"')
      .replaceAll(/<(\/?)(?=[a-z]+[ >])/gi, '<$1w:');
    expect(read(Buffer.from(prefixed)).operations.map(({ name }) => name)).to.deep.equal(['Op']);
  });

  it('may declare a fault that has nothing to say', () => {
    const failing = street
      .replace('<portType', '<message name="F"/>$&')
      .replace('<output message="t:O"/>', '$&<fault name="F" message="t:F"/>');
    expect(read(Buffer.from(failing)).operations[0]!.faults).to.deep.equal([]);
    const two = failing.replace('<message name="F"/>', '<message name="F"><part name="a"/><part name="b"/></message>');
    expect(() => read(Buffer.from(two))).to.throw(/is of a fault, and so can have one part only\.$/);
  });

  it('that imports a WSDL from the net says which file is wanted', () => {
    const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:x="urn:x">
      <import namespace="urn:x" location="http://x.example/x.wsdl"/>
      <service name="S"><port name="P" binding="x:B"/></service>
    </definitions>`;
    expect(() => read(Buffer.from(wsdl))).to.throw(
      'a.wsdl:3: <port name="P"> names the binding {urn:x}B, whose WSDL is at http://x.example/x.wsdl: nothing is fetched, so keep it in a file beside this one and import that.',
    );
  });

  it('imports files alone: a device has no end', () => {
    const include = (location: string) => read(Buffer.from(wsdlWith(`<xs:include schemaLocation="${location}"/>`)));
    for (const location of ['/dev/zero', '.']) {
      expect(() => include(location)).to.throw(`<xs:include> imports ${location}, which is not there.`);
    }
  });
});

describe('A call of a contract', () => {
  const call = (op: string, reply: string, body: string, answer: unknown) =>
    callOf(wsdlWith('', op, reply), body, answer);
  const callOf = async (wsdl: string, body: string, answer: unknown) => {
    const contract = readContract('a.wsdl', wsdl, defaultLimits.xml);
    const methods = methodsFor(contract, 'a');
    const api = fakeApi();
    api.does.set('a.Op', () => answer);
    const route = serve(contractService({ contract, path: '/soap/a', methods }, defaultLimits), fakeContext(api));
    const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Op xmlns="urn:t">${body}</Op></e:Body></e:Envelope>`;
    const answered = String((await request([route], 'POST', '/soap/a', { body: envelope })).body);
    return {
      params: api.calls[0]?.params,
      reply: /<soap:Body>(.*)<\/soap:Body>/s.exec(answered)![1]!.replaceAll(/ xmlns:\w+="[^"]*"/g, ''),
    };
  };

  it('gets elements of mixed content, as ASMX declares an XmlNode, but no text between them', async () => {
    const node = (name: string) =>
      `<xs:element name="${name}"><xs:complexType mixed="true"><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>`;
    const [op, reply] = [elementOf('Op', node('doc')), elementOf('OpResponse', node('OpResult'))];
    const { params, reply: answered } = await call(op, reply, '<doc>\n<a xmlns="">1<b/></a></doc>', {
      any: '<r>2</r>',
    });
    expect(params).to.deep.equal({ doc: { any: '<a>1<b/></a>' } });
    expect(answered).to.equal('<ns1:OpResponse><ns1:OpResult><r>2</r></ns1:OpResult></ns1:OpResponse>');
    const refused = await call(op, reply, '<doc>text<a xmlns=""/></doc>', { any: '<r/>' });
    expect(refused.reply).to.include('/doc must be a record: one element for each field.');
  });

  it('that is empty may have an element called like the operation, as Axis sends it', async () => {
    const wsdl = wsdlWith('').replace(
      '<message name="I"><part name="parameters" element="t:Op"/>',
      '<message name="I">',
    );
    const { params, reply } = await callOf(wsdl, '', null);
    expect(params).to.deep.equal({});
    expect(reply).to.equal('<ns1:OpResponse/>');
    expect((await callOf(wsdl, '<x>1</x>', null)).reply).to.include('<faultstring>/x is not known here.</faultstring>');
  });

  it('of rpc has the element of a part that names one, as the contract of iDempiere does', async () => {
    const row =
      '<xs:element name="Row"><xs:complexType><xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element>';
    const wsdl = wsdlWith(row)
      .replaceAll(/<part name="parameters" element="t:\w+"\/>/g, '<part name="Given" element="t:Row"/>')
      .replace('<soap:binding ', '$&style="rpc" ')
      .replaceAll('<soap:body ', '$&namespace="urn:t" ');
    const { params, reply } = await callOf(wsdl, '<Row id="1"/>', { id: 2 });
    expect(params).to.deep.equal({ Given: { id: 1 } });
    expect(reply).to.equal('<ns1:OpResponse><ns1:Row id="2"/></ns1:OpResponse>');
  });

  it('has arrays whose arrayType lacks its brackets, as WSDLs of PHP programs have it', async () => {
    const lines = `<xs:complexType name="Lines"><xs:complexContent><xs:restriction base="e:Array">
      <xs:attribute ref="e:arrayType" w:arrayType="xs:int"/></xs:restriction></xs:complexContent></xs:complexType>`;
    const wsdl = wsdlWith(lines)
      .replace(
        ' xmlns:t=',
        ' xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:w="http://schemas.xmlsoap.org/wsdl/"$&',
      )
      .replaceAll(/<part name="parameters" element="t:\w+"\/>/g, '<part name="lines" type="t:Lines"/>')
      .replace('<soap:binding ', '$&style="rpc" ')
      .replaceAll('use="literal"', 'use="encoded" namespace="urn:t"');
    const { params, reply } = await callOf(wsdl, '<lines><item>1</item><item>2</item></lines>', [3]);
    expect(params).to.deep.equal({ lines: [1, 2] });
    expect(reply).to.include(
      '<lines enc:arrayType="xsd:int[1]" xsi:type="ns1:Lines"><item xsi:type="xsd:int">3</item></lines>',
    );
  });

  it('whose reply nobody bound is answered as it is asked', async () => {
    const [op, reply] = ['Op', 'OpResponse'].map((name) => elementOf(name, '<xs:element name="n" type="xs:int"/>'));
    const wsdl = wsdlWith('', op, reply);
    for (const half of ['input', 'output']) {
      const unbound = wsdl.replace(`<${half}><soap:body use="literal"/></${half}>`, '');
      expect(unbound).not.to.equal(wsdl);
      const answered = await callOf(unbound, '<n>1</n>', 2);
      expect(answered, half).to.deep.equal({
        params: { n: 1 },
        reply: '<ns1:OpResponse><ns1:n>2</ns1:n></ns1:OpResponse>',
      });
    }
    const neither = wsdl.replaceAll(/<(input|output)><soap:body use="literal"\/><\/\1>/g, '');
    expect(() => readContract('a.wsdl', neither, defaultLimits.xml)).to.throw(
      '<operation name="Op"> does not bind its input.',
    );
  });

  it('has any of a substitution group where its head is referred to, as the contract of Exchange does', async () => {
    const group = `<xs:element name="Path" type="t:Path" abstract="true"/>
      <xs:complexType name="Path"><xs:attribute name="of" type="xs:int"/></xs:complexType>
      <xs:element name="Field" substitutionGroup="t:Path"/>
      <xs:element name="Part" substitutionGroup="t:Field"/>
      <xs:element name="Index" substitutionGroup="t:Path"><xs:complexType><xs:complexContent>
        <xs:extension base="t:Path"><xs:attribute name="at" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType></xs:element>`;
    const paths = '<xs:element ref="t:Path"/>';
    const [op, reply] = [elementOf('Op', paths), elementOf('OpResponse', paths.replace('/>', ' maxOccurs="9"/>'))];
    const answer = [{ Index: { of: 4, at: 5 } }, { Field: { of: 3 } }, { Index: { at: 6 } }];
    const wsdl = wsdlWith(group, op, reply);
    const answered = await callOf(wsdl, '<Part of="2"/>', answer);
    expect(answered).to.deep.equal({
      params: { Part: { of: 2 } },
      reply: '<ns1:OpResponse><ns1:Index of="4" at="5"/><ns1:Field of="3"/><ns1:Index at="6"/></ns1:OpResponse>',
    });
    expect((await callOf(wsdl, '<Path of="1"/>', answer)).reply).to.include('/Path is not known here.');
    expect((await callOf(wsdl, '<Part of="2"/><Index/>', answer)).reply).to.include('faultstring');
    expect(() =>
      readContract('a.wsdl', wsdl.replace('element="t:Op"', 'element="t:Path"'), defaultLimits.xml),
    ).to.throw(
      '<part name="parameters"> uses the element {urn:t}Path, the head of a substitution group: a message has none of these.',
    );
  });

  it('is answered with no list whose items would be read as others', async () => {
    const codes =
      '<xs:element name="codes"><xs:simpleType><xs:list itemType="xs:string"/></xs:simpleType></xs:element>';
    const answered = async (answer: string[]) =>
      (await call('<xs:element name="Op"><xs:complexType/></xs:element>', elementOf('OpResponse', codes), '', answer))
        .reply;
    expect(await answered(['a', 'b<'])).to.equal('<ns1:OpResponse><ns1:codes>a b&lt;</ns1:codes></ns1:OpResponse>');
    for (const item of ['', 'a b', 'a\tb', '\n']) {
      expect(await answered(['a', item])).to.include('must hold one word in each item, without white space.');
    }
  });

  it('keeps an attribute apart from the element, or the text, that has its name', async () => {
    const schema = (name: string) =>
      elementOf(
        name,
        `<xs:element name="p"><xs:complexType><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence><xs:attribute name="id"/></xs:complexType></xs:element>
         <xs:element name="q"><xs:complexType><xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="value"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>`,
      );
    const values = { p: { id_attribute: 'a', id: 1 }, q: { value_attribute: 'b', value: 2 } };
    const body = '<p id="a"><id>1</id></p><q value="b">2</q>';
    const { params, reply } = await call(schema('Op'), schema('OpResponse'), body, values);
    expect(params).to.deep.equal(values);
    expect(reply.replaceAll('ns1:', '')).to.equal(`<OpResponse>${body}</OpResponse>`);
  });

  it('may take and answer a field called headers where the contract has no headers', async () => {
    const fields = '<xs:element name="headers" type="xs:string"/><xs:element name="status" type="xs:int"/>';
    const [op, reply] = [elementOf('Op', fields), elementOf('OpResponse', fields)];
    const values = { headers: 'X: 1', status: 200 };
    const body = '<headers>X: 1</headers><status>200</status>';
    const { params, reply: answered } = await call(op, reply, body, values);
    expect(params).to.deep.equal(values);
    expect(answered).to.equal(
      '<ns1:OpResponse><ns1:headers>X: 1</ns1:headers><ns1:status>200</ns1:status></ns1:OpResponse>',
    );
  });
});
