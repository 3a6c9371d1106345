import { expect } from 'chai';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
type Version = keyof typeof envelopes;
const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const declared = `xmlns:w="${oasis}-wssecurity-secext-1.0.xsd" xmlns:u="${oasis}-wssecurity-utility-1.0.xsd" xmlns:h="urn:h"`;

const post = async (
  header: string,
  version: Version = '1.1',
  headers: Record<string, string> = {},
  does?: () => unknown,
) => {
  const api = fakeApi();
  if (does !== undefined) api.does.set('session.whoami', does);
  const body = `<e:Envelope xmlns:e="${envelopes[version]}" ${declared}><e:Header>${header}</e:Header><e:Body><sessionWhoami/></e:Body></e:Envelope>`;
  const reply = await request(soap.routes(fakeContext(api)), 'POST', '/soap', { body, headers });
  const text = String(reply.body);
  const fault = /<(?:faultstring|soap:Text[^>]*)>([^<]*)</.exec(text)?.[1];
  const code = /<(?:faultcode|soap:Value)>([^<]*)</.exec(text)?.[1];
  return { status: reply.status, text, fault, code, credentials: api.calls[0]?.request.credentials };
};

describe('SOAP headers', () => {
  it('that are not understood are named up to 64', async () => {
    const all = Array.from({ length: 100 }, (_, at) => `<h:a${at} e:mustUnderstand="1"/>`).join('');
    const { text, fault } = await post(all, '1.2');
    expect(fault).to.include('a63 of urn:h').and.to.not.include('a64 of urn:h');
    expect(text.match(/<soap:NotUnderstood /g)).to.have.length(64);
  });

  const roles: [version: Version, attribute: string, isOurs: boolean][] = [
    ['1.1', '', true],
    ['1.1', 'e:actor=""', true],
    ['1.1', 'e:actor="http://schemas.xmlsoap.org/soap/actor/next"', true],
    ['1.1', 'e:actor="urn:other"', false],
    ['1.1', 'e:role="urn:other"', true],
    ['1.1', 'actor="urn:other"', true],
    ['1.2', '', true],
    ['1.2', 'e:role=""', true],
    ['1.2', `e:role=" ${envelopes['1.2']}/role/next "`, true],
    ['1.2', `e:role="${envelopes['1.2']}/role/ultimateReceiver"`, true],
    ['1.2', `e:role="${envelopes['1.2']}/role/none"`, false],
    ['1.2', 'e:role="urn:other" e:relay="true"', false],
    ['1.2', 'e:relay="true"', true],
    ['1.2', 'e:actor="urn:other"', true],
  ];
  for (const [version, attribute, isOurs] of roles) {
    it(`are ${isOurs ? 'for us' : 'for others'} in SOAP ${version} with ${attribute || 'nothing said'}`, async () => {
      for (const yes of ['1', 'true']) {
        const { status, code } = await post(`<h:a ${attribute} e:mustUnderstand="${yes}"/>`, version);
        expect([status, code]).to.deep.equal(isOurs ? [500, 'soap:MustUnderstand'] : [200, undefined]);
      }
      for (const no of ['0', 'false']) {
        expect((await post(`<h:a ${attribute} e:mustUnderstand="${no}"><h:b/></h:a>`, version)).status).to.equal(200);
      }
    });
  }

  it('are refused with an attribute that is no boolean', async () => {
    const refused = await post('<h:a e:role="urn:other" e:mustUnderstand="9"/>', '1.2');
    expect([refused.status, refused.fault]).to.deep.equal([
      500,
      'mustUnderstand of the header h:a is neither true nor false.',
    ]);
    const relay = await post('<h:a e:relay="maybe"/>', '1.2');
    expect([relay.status, relay.fault]).to.deep.equal([500, 'relay of the header h:a is neither true nor false.']);
    expect((await post('<h:a e:relay="maybe"/>')).status).to.equal(200);
  });
});

describe('WS-Security', () => {
  const token = (content: string, attributes = 'e:mustUnderstand="1"') =>
    `<w:Security ${attributes}><w:UsernameToken u:Id="t">${content}</w:UsernameToken></w:Security>`;
  const user = '<w:Username>alice</w:Username>';
  const profile = `${oasis}-username-token-profile-1.0`;
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
  const created = (seconds: number) => `<u:Created>${ago(seconds)}</u:Created>`;

  it('gives the name and the password, or a token, in either version', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const plain = await post(token(`${user}<w:Password>a &amp; b</w:Password>`), version);
      expect(plain.credentials).to.deep.equal({ kind: 'password', user: 'alice', password: 'a & b' });
      const typed = await post(
        token(`${user}<w:Password Type="${profile}#PasswordText">annelid_x</w:Password>`),
        version,
      );
      expect(typed.credentials).to.deep.equal({ kind: 'token', token: 'annelid_x' });
    }
  });

  it('comes before the Authorization header', async () => {
    const headers = { authorization: `Basic ${Buffer.from('bob:pw').toString('base64')}` };
    const both = await post(token(`${user}<w:Password>a</w:Password>`), '1.1', headers);
    expect(both.credentials).to.include({ user: 'alice' });
    const stamped = await post(`<w:Security><u:Timestamp>${created(0)}</u:Timestamp></w:Security>`, '1.1', headers);
    expect(stamped.credentials).to.include({ user: 'bob' });
  });

  it('gives a digest as it was sent', async () => {
    const nonce = `<w:Nonce EncodingType="${oasis}-soap-message-security-1.0#Base64Binary">bm9u\nY2U</w:Nonce>`;
    const sent = ago(1);
    const { credentials } = await post(
      token(
        `${user}<w:Password Type="${profile}#PasswordDigest"> ZGln </w:Password>${nonce}<u:Created>${sent}</u:Created>`,
      ),
    );
    expect(credentials).to.deep.equal({
      kind: 'digest',
      user: 'alice',
      digest: 'ZGln',
      nonce: 'bm9uY2U=',
      created: sent,
      at: Date.parse(sent),
    });
  });

  it('is refused when it is too old, of a time to come, or has expired', async () => {
    const password = '<w:Password>a</w:Password>';
    const stamp = (content: string) => `<w:Security><u:Timestamp>${content}</u:Timestamp></w:Security>`;
    const expires = (seconds: number) => `<u:Expires>${ago(seconds)}</u:Expires>`;
    const good = [token(user + password + created(290)), stamp(created(-290) + expires(-300)), stamp(expires(290))];
    for (const header of good) expect((await post(header)).status, header).to.equal(200);
    const bad = [
      token(user + password + created(310)),
      token(user + password + created(-310)),
      stamp(created(310)),
      stamp(expires(310)),
    ];
    for (const header of bad) {
      const { fault, credentials } = await post(header);
      expect(fault, header).to.match(
        /^The message (was created|expired) at .*limits\.soap\.securityWindowSeconds, 300\)\.$/,
      );
      expect(credentials).to.equal(undefined);
    }
  });

  it('is refused when it makes no sense', async () => {
    const digest = `<w:Password Type="${profile}#PasswordDigest">ZGln</w:Password>`;
    const cases: [content: string, message: string][] = [
      [token('<w:Password>a</w:Password>'), 'The UsernameToken has no Username.'],
      [token(user), 'The UsernameToken has no Password.'],
      [token(`${user}${user}<w:Password>a</w:Password>`), '&lt;w:Username&gt; is given twice.'],
      [
        token(`<w:Username><h:a/></w:Username><w:Password>a</w:Password>`),
        '&lt;w:Username&gt; holds text only, not &lt;h:a&gt;.',
      ],
      [
        token(`${user}<w:Password Type="urn:x">a</w:Password>`),
        'The password type urn:x is neither PasswordText nor PasswordDigest.',
      ],
      [token(`${user}${digest}${created(0)}`), 'A password digest needs a Nonce and Created.'],
      [token(`${user}${digest}<w:Nonce>bm9u</w:Nonce>`), 'A password digest needs a Nonce and Created.'],
      [token(`${user}${digest}<w:Nonce>!</w:Nonce>${created(0)}`), 'The Nonce is not in base64.'],
      [
        token(`${user}${digest}<w:Nonce EncodingType="urn:hex">aa</w:Nonce>${created(0)}`),
        'The Nonce is not in base64.',
      ],
      [
        token(`${user}<w:Password>a</w:Password><u:Created>now</u:Created>`),
        'Created of the Security header is no time.',
      ],
      [token(`${user}<w:Password>a</w:Password></w:UsernameToken><w:UsernameToken>`), 'There are two UsernameTokens.'],
      [token(`${user}<w:Password>a</w:Password>`).repeat(2), 'There are two Security headers for one receiver.'],
    ];
    for (const [header, message] of cases) {
      const { fault, credentials } = await post(header);
      expect([fault, credentials], header).to.deep.equal([message, undefined]);
    }
  });

  it('has to be understood as a whole, where it has to be understood', async () => {
    const signed = (attributes: string) =>
      token(`${user}<w:Password>a</w:Password>`, attributes).replace('</w:Security>', '<h:Signature/></w:Security>');
    expect((await post(signed('e:mustUnderstand="1"'))).code).to.equal('soap:MustUnderstand');
    expect((await post(signed(''))).credentials).to.include({ user: 'alice' });
    expect((await post(signed('e:actor="urn:other" e:mustUnderstand="1"'))).credentials).to.deep.equal({
      kind: 'none',
    });
    expect((await post('<h:Security e:mustUnderstand="1"/>')).code).to.equal('soap:MustUnderstand');
  });

  it('that is wrong is answered with an ordinary fault: .NET throws the fault in a 401 away', async () => {
    const refuse = () => {
      throw new Fault('unauthenticated', 'Who are you?');
    };
    expect((await post(token(`${user}<w:Password>a</w:Password>`), '1.1', {}, refuse)).status).to.equal(500);
    expect((await post('', '1.1', {}, refuse)).status).to.equal(401);
  });
});
