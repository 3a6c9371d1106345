/** WS-Addressing, for those who get their reply where they have sent the request. */
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { serve, soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import type { Route } from '../../../daemon/wire/route.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const core = 'http://www.w3.org/2005/08/addressing';
const submission = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';

const api = fakeApi();
const routes = soap.routes(fakeContext(api));

interface Sent {
  header: string;
  body?: string;
  version?: string;
  addressing?: string;
  does?: () => unknown;
  at?: { routes: Route[]; path: string };
}

const post = async ({ header, body = '<sessionWhoami/>', version = soap12, addressing = core, does, at }: Sent) => {
  api.calls.length = 0;
  api.does.clear();
  if (does !== undefined) api.does.set('session.whoami', does);
  const text = `<e:Envelope xmlns:e="${version}" xmlns:a="${addressing}"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
  const reply = await request(at?.routes ?? routes, 'POST', at?.path ?? '/soap', { body: text });
  const xml = String(reply.body);
  return {
    status: reply.status,
    calls: api.calls.length,
    body: xml,
    header: /<soap:Header>(.*)<\/soap:Header>/s.exec(xml)?.[1],
    refusal: /<faultstring>([^<]*)|<soap:Text[^>]*>([^<]*)/.exec(xml)?.slice(1).find(Boolean),
  };
};

const must = 'e:mustUnderstand="1"';
const replyTo = (address: string, more = '') =>
  `<a:ReplyTo ${must}><a:Address>${address}</a:Address>${more}</a:ReplyTo>`;
const answered = (action: string, message?: string, namespace = core) =>
  `<wsa:Action xmlns:wsa="${namespace}">${action}</wsa:Action>` +
  (message === undefined ? '' : `<wsa:RelatesTo xmlns:wsa="${namespace}">${message}</wsa:RelatesTo>`);

/** What .NET sends with WSHttpBinding, where there is no security of messages. */
const dotnet = `<a:Action ${must}>urn:annelid:1#sessionWhoami</a:Action><a:MessageID>urn:uuid:1&amp;2</a:MessageID>
  ${replyTo(`${core}/anonymous`)}<a:To ${must}>http://127.0.0.1:8420/soap</a:To>`;

describe('WS-Addressing', () => {
  for (const version of [soap11, soap12]) {
    it(`is understood and answered in ${version}`, async () => {
      const { status, header, body } = await post({ header: dotnet, version });
      expect([status, header]).to.deep.equal([
        200,
        answered('urn:annelid:1:Annelid:sessionWhoamiResponse', 'urn:uuid:1&amp;2'),
      ]);
      expect(body).to.include('<sessionWhoamiResponse ');
    });
  }

  it('is understood as it was submitted in 2004', async () => {
    const header = `<a:MessageID ${must}>uuid:7</a:MessageID>${replyTo(`${submission}/role/anonymous`)}`;
    const reply = await post({ header, addressing: submission });
    expect(reply.header).to.equal(answered('urn:annelid:1:Annelid:sessionWhoamiResponse', 'uuid:7', submission));
  });

  it('says what a fault is', async () => {
    const header = `<a:MessageID>uuid:7</a:MessageID>`;
    const failing = () => {
      throw new Fault('conflict', 'Sorry.');
    };
    const declared = answered('urn:annelid:1:Annelid:sessionWhoamiFault:ApiException', 'uuid:7');
    const undeclared = answered(`${core}/soap/fault`, 'uuid:7');
    expect((await post({ header, does: failing })).header).to.equal(declared);
    expect((await post({ header, body: '<nope/>' })).header).to.equal(undeclared);
    const lacking = await post({ header: `${header}<b:B xmlns:b="urn:b" ${must}/>` });
    expect(lacking.header).to.match(new RegExp(`^${undeclared}<soap:NotUnderstood `));
  });

  it('is answered in every style', async () => {
    const xsi = 'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"';
    const calls = ['<sessionWhoami/>', '<m:sessionWhoami xmlns:m="urn:annelid:1"/>', `<sessionWhoami ${xsi}/>`];
    for (const body of calls) {
      for (const query of ['', 'style=rpc']) {
        const text = `<e:Envelope xmlns:e="${soap11}" xmlns:a="${core}"><e:Header>${dotnet}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
        const reply = await request(routes, 'POST', '/soap', { body: text, query });
        expect(String(reply.body)).to.match(
          /<soap:Header><wsa:Action .*<\/soap:Header><soap:Body><(?:m:)?sessionWhoamiR/,
        );
      }
    }
  });

  it('sends nothing elsewhere', async () => {
    const refused: [header: string, refusal: string][] = [
      [
        replyTo('http://192.0.2.1/'),
        'The ReplyTo is http://192.0.2.1/: a reply comes where the request was sent, and nowhere else.',
      ],
      [
        replyTo(`${core}/anonymous`, '<a:ReferenceParameters><b xmlns="urn:b"/></a:ReferenceParameters>'),
        'The ReplyTo has reference parameters, which are not sent back.',
      ],
      ['<a:MessageID>1</a:MessageID><a:MessageID>2</a:MessageID>', 'There are two headers MessageID of WS-Addressing.'],
      ['<a:Action><b/></a:Action>', 'The header a:Action must be a single value, without &lt;b&gt; in it.'],
      [`<a:Action>1</a:Action><To xmlns="${submission}">2</To>`, 'The headers are of two versions of WS-Addressing.'],
    ];
    for (const [header, refusal] of refused) {
      const reply = await post({ header });
      expect([reply.refusal, reply.calls, reply.status]).to.deep.equal([refusal, 0, 500]);
    }
    const other = '<a:ReplyTo e:role="urn:other"><a:Address>http://192.0.2.1/</a:Address></a:ReplyTo>';
    expect((await post({ header: other })).header).to.equal(undefined);
    expect((await post({ header: replyTo(`${core}/anonymous`, '<a:ReferenceParameters/>') })).status).to.equal(200);
  });

  it('tells the operation where nothing else does', async () => {
    expect((await post({ header: dotnet, body: '' })).body).to.include('<sessionWhoamiResponse ');
  });

  it('answers nothing to who wants none', async () => {
    const none = replyTo(`${core}/none`);
    const failing = () => {
      throw new Fault('conflict', 'Sorry.');
    };
    const done = await post({ header: none });
    expect([done.status, done.calls, done.body]).to.deep.equal([202, 1, '']);
    const failed = await post({ header: none, does: failing });
    expect([failed.status, failed.body]).to.deep.equal([500, '']);
    const told = `${none}<a:FaultTo><a:Address>${core}/anonymous</a:Address></a:FaultTo>`;
    expect((await post({ header: told, does: failing })).refusal).to.equal('Sorry.');
  });

  it('has the actions of a contract', async () => {
    const served = (wsdl: string) => {
      const contract = readContract('small.wsdl', wsdl, defaultLimits.xml);
      const service = contractService({ contract, path: '/soap/t', methods: methodsFor(contract, 't') }, defaultLimits);
      return { routes: [serve(service, fakeContext(api))], path: '/soap/t' };
    };
    const small = wsdlWith('');
    const call = { header: '<a:MessageID>1</a:MessageID>', body: '<Op xmlns="urn:t"/>' };
    expect((await post({ ...call, at: served(small) })).header).to.equal(answered('urn:t:P:OpResponse', '1'));
    const named = small.replace('<output message="t:O"/>', '<output name="Done" message="t:O"/>');
    expect((await post({ ...call, at: served(named) })).header).to.equal(answered('urn:t:P:Done', '1'));
    const said = small.replace(
      '<output message="t:O"/>',
      '<output message="t:O" m:Action="urn:done" xmlns:m="http://www.w3.org/2007/05/addressing/metadata"/>',
    );
    expect((await post({ ...call, at: served(said) })).header).to.equal(answered('urn:done', '1'));
  });
});
