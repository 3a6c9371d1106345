/** Values that nobody declared, as each of the XML wires reads and writes them. */
import { expect } from 'chai';
import { method } from '../../daemon/catalogue/method.ts';
import type { Frontend } from '../../daemon/frontends/frontend.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { any, optional } from '../../plugin-protocol/shape.ts';
import { posting, routesOf } from '../support/post.ts';
import { fakeApi, fakeContext } from './fake-api.ts';

const echo = method('test.echo', {
  since: '0.1.0',
  doc: 'Answers the value.',
  params: { value: any('A value.') },
  result: any('The value.'),
  returns: 'The value.',
  permission: 'public',
  example: { params: { value: 1 }, result: 1 },
});

const asked = async (frontend: Frontend, path: string, body: string, result: unknown = null) => {
  const api = { ...fakeApi(), methods: new Map([[echo.name, echo]]) };
  api.does.set(echo.name, () => result);
  const reply = await posting(routesOf(frontend, api as never))(path, body, { 'content-type': 'text/xml' });
  return { value: api.calls[0]?.params.value, reply: reply.body };
};

describe('a value of any kind over XML-RPC', () => {
  const read = async (value: string) => {
    const body = `<methodCall><methodName>test.echo</methodName><params><param><value>${value}</value></param></params></methodCall>`;
    return (await asked(xmlrpc, '/RPC2', body)).value;
  };
  const written = async (result: unknown, path = '/RPC2') => {
    const body = '<methodCall><methodName>test.echo</methodName><params><param><value/></param></params></methodCall>';
    return /<param><value>(.*)<\/value><\/param>/s.exec((await asked(xmlrpc, path, body, result)).reply)?.[1];
  };

  it('is what its elements say', async () => {
    expect(await read('plain text')).to.equal('plain text');
    expect(await read('<int>-7</int>')).to.equal(-7);
    expect(await read('<int>1e+21</int>')).to.equal(1e21);
    expect(await read('<i8>9007199254740993</i8>')).to.deep.equal({ $counter: '9007199254740993' });
    expect(await read('<boolean>1</boolean>')).to.equal(true);
    expect(await read('<boolean>0</boolean>')).to.equal(false);
    expect(await read('<string></string>')).to.equal('');
    expect(await read('<double>2.5</double>')).to.equal(2.5);
    expect(await read('<nil/>')).to.equal(null);
    expect(await read('<dateTime.iso8601>20260131T12:00:00</dateTime.iso8601>')).to.deep.equal({
      $time: '2026-01-31T12:00:00.000Z',
    });
    expect(await read('<base64>A Q I =</base64>')).to.deep.equal({ $bytes: 'AQI=' });
  });

  it('is refused in the words of XML-RPC when 64 bits do not hold it', async () => {
    const value = '<array><data><value><i8>9223372036854775808</i8></value></data></array>';
    const body = `<methodCall><methodName>test.echo</methodName><params><param><value>${value}</value></param></params></methodCall>`;
    expect((await asked(xmlrpc, '/RPC2', body)).reply).to.contain(
      'test.echo: value/0 must be an integer of 64 bits, not the int "9223372036854775808".',
    );
  });

  it('holds arrays and structs, a struct that comes first too, and members in any order', async () => {
    const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`;
    const value = await read(
      `<struct>${member('$time', '<array><data><value><int>1</int></value><value>x</value></data></array>')}<member><value><nil/></value><name>late</name></member></struct>`,
    );
    expect(value).to.deep.equal({ $$time: [1, 'x'], late: null });
  });

  it('is written as what it is, in the dialect that was asked for', async () => {
    const value = { a: [1, 1.5, 3e9, -0, true, null], $$b: { $counter: '5000000000' }, c: { $bytes: 'AQI=' } };
    expect(await written(value)).to.equal(
      '<struct><member><name>a</name><value><array><data><value><int>1</int></value><value><double>1.5</double></value>' +
        '<value><double>3000000000</double></value><value><double>0</double></value><value><boolean>1</boolean></value>' +
        '<value><string></string></value></data></array></value></member><member><name>$b</name><value><string>5000000000</string></value></member>' +
        '<member><name>c</name><value><base64>AQI=</base64></value></member></struct>',
    );
    expect(await written([null, { $counter: '5000000000' }], '/RPC2?nil=nil&long=i8')).to.equal(
      '<array><data><value><nil/></value><value><i8>5000000000</i8></value></data></array>',
    );
    expect(await written({ $time: '2026-01-31T12:00:00.000Z' })).to.equal(
      '<dateTime.iso8601>20260131T12:00:00</dateTime.iso8601>',
    );
  });
});

describe('a value of any kind over SOAP', () => {
  const envelope = (value: string) =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:apache="http://xml.apache.org/xml-soap" xmlns:a="urn:annelid:any"><e:Body><testEcho xmlns="urn:annelid:1">${value}</testEcho></e:Body></e:Envelope>`;
  const read = async (value: string) => (await asked(soap, '/soap', envelope(value))).value;
  const fault = async (value: string) =>
    /<faultstring[^>]*>(.*?)<\/faultstring>/s.exec((await asked(soap, '/soap', envelope(value))).reply)?.[1];
  const of = (type: string, text: string) => `<value i:type="${type}">${text}</value>`;

  it('is what its type says', async () => {
    expect(await read('<value>plain</value>')).to.equal('plain');
    expect(await read('<value i:nil="true"/>')).to.equal(null);
    expect(await read(of('s:int', ' 7 '))).to.equal(7);
    expect(await read(of('s:long', '9007199254740993'))).to.deep.equal({ $counter: '9007199254740993' });
    expect(await read(of('s:boolean', 'false'))).to.equal(false);
    expect(await read(of('s:float', '1.5'))).to.equal(1.5);
    expect(await read(of('s:string', ' a '))).to.equal(' a ');
    expect(await read(of('s:decimal', '0.10'))).to.equal('0.10');
    expect(await read(of('s:dateTime', '2026-01-31T13:00:00+01:00'))).to.deep.equal({
      $time: '2026-01-31T12:00:00.000Z',
    });
    expect(await read(of('s:hexBinary', '0102'))).to.deep.equal({ $bytes: 'AQI=' });
  });

  it('holds arrays of SOAP, maps of Apache, and our own lists and maps', async () => {
    const items = '<item i:type="s:int">1</item><item>x</item>';
    expect(await read(`<value i:type="enc:Array" enc:arrayType="s:anyType[2]">${items}</value>`)).to.deep.equal([
      1,
      'x',
    ]);
    expect(await read(`<value i:type="a:List">${items}</value>`)).to.deep.equal([1, 'x']);
    const member = '<item><key>$time</key><value i:type="s:int">1</value></item>';
    expect(await read(`<value i:type="apache:Map">${member}</value>`)).to.deep.equal({ $$time: 1 });
    expect(await read(`<value i:type="a:Map">${member}</value>`)).to.deep.equal({ $$time: 1 });
    expect(await read('<value i:type="a:Map"/>')).to.deep.equal({});
    expect(await read('<value i:type="a:List"/>')).to.deep.equal([]);
  });

  it('is what its elements show when it says no type', async () => {
    expect(await read('<value><a>1</a><b i:type="s:int">2</b><a>3</a><a/></value>')).to.deep.equal({
      a: ['1', '3', ''],
      b: 2,
    });
    expect(await read('<value><item>1</item></value>')).to.deep.equal(['1']);
    expect(await fault('<value>text<a/></value>')).to.contain('/value must not have text between its elements');
  });

  it('is refused with its place when it is not of the type that it says', async () => {
    expect(await fault('<value><a i:type="s:int">x</a></value>')).to.contain('/value/a must be an integer');
    expect(await fault(of('s:long', '-9223372036854775809'))).to.contain('/value must be an integer of 64 bits');
    expect(await fault(of('s:double', 'INF'))).to.contain('/value must be a finite number');
    expect(await fault(of('a:Map', '<item><key>a</key></item>'))).to.contain('must hold items of a key and a value');
  });

  it('is written with its type, in each style', async () => {
    const result = { a: [1, null], b: { $counter: '5' } };
    const literal = (await asked(soap, '/soap', envelope('<value/>'), result)).reply;
    expect(literal).to.contain(
      '<return xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:any="urn:annelid:any" xsi:type="any:Map">' +
        '<any:item><any:key>a</any:key><any:value xsi:type="any:List"><any:item xsi:type="xsd:int">1</any:item><any:item xsi:nil="true"/></any:value></any:item>' +
        '<any:item><any:key>b</any:key><any:value xsi:type="xsd:long">5</any:value></any:item></return>',
    );
    const typed = (await asked(soap, '/soap', envelope(of('s:int', '1')), result)).reply;
    expect(typed, 'a type says nothing of the style where none is declared').to.equal(literal);
    const encoded = (await asked(soap, '/soap?style=rpc', envelope('<value/>'), result)).reply;
    expect(encoded).to.contain(
      '<return xsi:type="apache:Map"><item><key xsi:type="xsd:string">a</key><value xsi:type="enc:Array" enc:arrayType="xsd:anyType[2]">' +
        '<item xsi:type="xsd:int">1</item><item xsi:nil="true"/></value></item><item><key xsi:type="xsd:string">b</key><value xsi:type="xsd:long">5</value></item></return>',
    );
  });

  it('is xsd:anyType in the WSDL, which brings the types of lists and maps', async () => {
    const api = { ...fakeApi(), methods: new Map([[echo.name, echo]]) };
    const [route] = soap.routes(fakeContext(api as never));
    const reply = await route!.GET!({ path: '/soap', query: 'wsdl', headers: {} } as never);
    const wsdl = String(reply.body);
    expect(wsdl).to.contain('<xsd:element name="value" type="xsd:anyType"');
    expect(wsdl).to.contain('targetNamespace="urn:annelid:any"');
    expect(wsdl).to.contain('type="any:MapItem"');
  });

  it('is xsd:anyType in rpc/encoded too when it may be left out: the SOAP encoding has a type of its own for simple ones alone', async () => {
    const may = { ...echo, params: { ...echo.params, properties: { value: optional(any('A value.')) }, required: [] } };
    const api = { ...fakeApi(), methods: new Map([[echo.name, may]]) };
    const [route] = soap.routes(fakeContext(api as never));
    const wsdl = String((await route!.GET!({ path: '/soap', query: 'wsdl&style=rpc', headers: {} } as never)).body);
    expect(wsdl).to.contain('<wsdl:part name="value" type="xsd:anyType"').and.not.contain('enc:anyType');
  });
});
