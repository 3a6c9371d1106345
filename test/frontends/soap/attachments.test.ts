import { expect } from 'chai';
import { method } from '../../../daemon/catalogue/method.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { bytes, optional, record, string } from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const put = method('blob.put', {
  since: '1.0',
  doc: 'Keep bytes.',
  params: {
    data: bytes('The bytes.'),
    more: optional(bytes('More.')),
    name: optional(string('A name.', { maxLength: 99 })),
  },
  result: record('Blob', 'What is kept.', { data: bytes('The bytes.') }),
  returns: 'It.',
  permission: 'public',
  example: { params: { data: '' }, result: { data: 'AP8=' } },
});

const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const include = (href: string) => `<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="${href}"/>`;
const envelope = (params: string, version = 'http://schemas.xmlsoap.org/soap/envelope/') =>
  `<e:Envelope xmlns:e="${version}"><e:Body><blobPut xmlns="urn:annelid:1">${params}</blobPut></e:Body></e:Envelope>`;
const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`;
const rootType = 'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\nContent-ID: <root>';
const related = 'multipart/related; boundary=b; type="application/xop+xml"; start="<root>"; start-info="text/xml"';

const post = async (body: string | Buffer, type = related, limits = defaultLimits) => {
  const api = { ...fakeApi(), methods: new Map([[put.name, put]]) };
  const routes = soap.routes(fakeContext(api as never, limits));
  const sent = Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1');
  const reply = await request(routes, 'POST', '/soap', { body: sent, headers: { 'content-type': type } });
  const fault = /<(?:faultstring|soap:Text[^>]*)>([^<]*)</.exec(String(reply.body))?.[1];
  return { params: api.calls[0]?.params, fault, type: reply.headers['Content-Type'], body: String(reply.body) };
};

describe('MTOM', () => {
  it('brings bytes beside the document, in any order', async () => {
    const raw = '\0\xff\r\n--bb\r\n';
    const root = part(
      rootType,
      envelope(`<data>${include('cid:a%40b')}</data><more>\n${include('cid:c')}\n</more><name>n</name>`),
    );
    const a = part('Content-ID: <a@b>\r\nContent-Transfer-Encoding: binary', raw);
    const c = part('Content-ID: <c>\r\nContent-Transfer-Encoding: base64', 'AAEC');
    for (const body of [root + a + c, a + c + root]) {
      const { params } = await post(`${body}--b--`);
      expect(params).to.deep.equal({ data: Buffer.from(raw, 'latin1').toString('base64'), more: 'AAEC', name: 'n' });
    }
  });

  it('works without a start, beside bytes in the document, and over SOAP 1.2', async () => {
    const type = `multipart/related; boundary="b"; type="application/xop+xml"; start-info="application/soap+xml"; action="urn:x"`;
    const root = part(
      'Content-Type: application/xop+xml; type="application/soap+xml"',
      envelope(`<data>AP8=</data><more>${include('cid:c')}</more>`, soap12),
    );
    const reply = await post(`${root}${part('Content-ID: <c>', 'x')}--b--`, type);
    expect([reply.params, reply.type]).to.deep.equal([
      { data: 'AP8=', more: 'eA==' },
      'application/soap+xml; charset=UTF-8',
    ]);
    const broken = await post('--b', type);
    expect([broken.fault, broken.type]).to.deep.equal([
      'The last part does not end.',
      'application/soap+xml; charset=UTF-8',
    ]);
  });

  it('takes a message that includes nothing, and hexBinary', async () => {
    const types = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"';
    const hex = `<data ${types} i:type="s:hexBinary"> 00fF </data>`;
    expect((await post(`${part(rootType, envelope(hex))}--b--`)).params).to.deep.equal({ data: 'AP8=' });
    const odd = await post(envelope(`<data ${types} i:type="s:hexBinary">00f</data>`), 'text/xml');
    expect(odd.fault).to.equal('/data must be hexadecimal, as its xsi:type says.');
  });

  it('includes parts of the same message only, each once, and leaves none over', async () => {
    const message = (params: string, ...parts: string[]) => `${part(rootType, envelope(params))}${parts.join('')}--b--`;
    const a = part('Content-ID: <a>', 'x');
    const data = (href: string) => `<data>${include(href)}</data>`;
    const cases: [body: string, fault: string][] = [
      [
        message(data('http://127.0.0.1/secret')),
        'xop:Include refers to http://127.0.0.1/secret: only parts of the message are included.',
      ],
      [
        message(data('file:///etc/passwd')),
        'xop:Include refers to file:///etc/passwd: only parts of the message are included.',
      ],
      [message(data('cid:%zz')), 'xop:Include refers to cid:%zz, which is no Content-ID.'],
      [message(data('cid:b'), a), 'No other part of the message has the Content-ID b, or it is included twice.'],
      [message(data('cid:root'), a), 'No other part of the message has the Content-ID root, or it is included twice.'],
      [
        message(`${data('cid:a')}<more>${include('cid:a')}</more>`, a),
        'No other part of the message has the Content-ID a, or it is included twice.',
      ],
      [message('<data/>', a), 'The message does not include its part a. Other attachments are not accepted.'],
      [message(data('cid:a'), a, a), 'Two parts of the message have the Content-ID a.'],
      [message(data('cid:a'), part('X: 1', 'x')), 'A part of the message has no Content-ID.'],
      [message(`<data>AP8=${include('cid:a')}!</data>`, a), '/data must be base64.'],
      [`${a}--b--`, 'The message has no root part.'],
    ];
    for (const [body, fault] of cases) expect(await post(body), body).to.include({ fault, params: undefined });
  });

  it('keeps to the limits of parts, elements and text', async () => {
    const body = `${part(rootType, envelope(`<data>${include('cid:a')}</data>`))}${part('Content-ID: <a>', 'x'.repeat(99))}--b--`;
    const over = (group: 'soap' | 'xml', own: object) =>
      post(body, related, { ...defaultLimits, [group]: { ...defaultLimits[group], ...own } });
    expect((await over('soap', { parts: 1 })).fault).to.equal('There are more than limits.soap.parts, 1, parts.');
    expect((await over('soap', { elements: 4 })).fault).to.include('limits.soap.elements');
    expect((await over('xml', { textLength: 130 })).fault).to.include('limits.xml.textLength');
    expect((await over('xml', { textLength: 132 })).fault).to.equal(undefined);
  });

  it('is needed for a document that includes something', async () => {
    const { fault } = await post(envelope(`<data>${include('cid:a')}</data>`), 'text/xml');
    expect(fault).to.equal('/data must be a single value, without &lt;x:Include&gt; in it.');
  });
});

describe('attachments of other kinds', () => {
  const instead = 'Send bytes as base64Binary, or as MTOM.';
  const withAttachment = `${part('Content-Type: text/xml\r\nContent-ID: <root>', envelope('<data href="cid:a"/>'))}${part('Content-ID: <a>', 'x')}--b--`;
  const cases: [type: string, fault: string][] = [
    [
      'multipart/related; boundary=b; type="text/xml"; start="<root>"',
      `SOAP with Attachments is not accepted. ${instead}`,
    ],
    ['Multipart/Related;boundary=b', `SOAP with Attachments is not accepted. ${instead}`],
    ['application/dime', `DIME is not accepted. ${instead}`],
    ['multipart/form-data; boundary=b', `The content type multipart/form-data is not accepted. ${instead}`],
    ['multipart/related; type="text/xml"', 'The boundary of the parts is not given, or too long.'],
  ];
  for (const [type, fault] of cases) {
    it(`are refused: ${type}`, async () => {
      expect(await post(withAttachment, type)).to.include({ fault, params: undefined });
    });
  }

  it('are none where the document is the only part, as Axis2 sends every call once it may have them', async () => {
    const type =
      'multipart/related; boundary="b"; type="text/xml"; start="<0.f@apache.org>"; charset=ISO-8859-1; action="urn:annelid:1#blobPut"';
    const headers =
      'Content-Type: text/xml; charset=ISO-8859-1\r\nContent-Transfer-Encoding: 8bit\r\nContent-ID: <0.f@apache.org>';
    const { params } = await post(`${part(headers, envelope('<data>AP8=</data><name>\xe9</name>'))}--b--\r\n`, type);
    expect(params).to.deep.equal({ data: 'AP8=', name: '\xe9' });
    const { fault } = await post(`${part('Content-Type: image/png', 'PNG')}--b--`, 'multipart/related; boundary=b');
    expect(fault).to.include('Line 1, column 1');
  });

  it('are refused where a document refers to one', async () => {
    const { fault } = await post(envelope('<data href="cid:a"/>'), 'text/xml');
    expect(fault).to.equal('&lt;data&gt; refers to cid:a: only what the message holds is read.');
  });
});
