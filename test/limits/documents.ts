/** The bounds of `limits.xml`, `limits.xmlrpc`, `limits.soap` and `limits.jsonrpc`. */
import { createHash } from 'node:crypto';
import { jsonrpc as jsonrpcFrontend } from '../../daemon/frontends/jsonrpc/index.ts';
import { soap as soapFrontend } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc as xmlrpcFrontend } from '../../daemon/frontends/xmlrpc/index.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { XmlReader } from '../../daemon/wire/xml.ts';
import { fakeApi, fakeContext, request } from '../frontends/fake-api.ts';
import { ApiDouble } from '../support/api-double.ts';
import { startCore } from '../support/core.ts';
import { posting, routesOf, textOf } from '../support/post.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';
import { type Bound, counted, unsaid } from './bound.ts';

type Bounds<G extends keyof Limits> = { [L in keyof Limits[G]]: Bound };

const withLimit = <G extends keyof Limits>(group: G, limit: keyof Limits[G], value: number): Limits => ({
  ...defaultLimits,
  [group]: { ...defaultLimits[group], [limit]: value },
});

const document = (limit: keyof Limits['xml'], enough: number, text: string): Bound =>
  counted(enough, async (_context, value) => {
    const reader = new XmlReader(text, { ...defaultLimits.xml, [limit]: value });
    try {
      while (reader.next() !== 'end');
      return undefined;
    } catch (fault) {
      return (fault as Error).message;
    }
  });

export const xml: Bounds<'xml'> = {
  depth: document('depth', 3, '<a><b><c/></b></a>'),
  nodes: document('nodes', 4, '<a>x<!-- c --><b/></a>'),
  attributes: document('attributes', 3, '<a b="" c="" d=""/>'),
  nameLength: document('nameLength', 4, '<abcd/>'),
  references: document('references', 3, '<a b="&lt;">&amp;&#65;</a>'),
  textLength: document('textLength', 4, '<a>x<![CDATA[yz]]>&amp;</a>'),
};

const call = (method: string, value: string) =>
  `<methodCall><methodName>${method}</methodName><params><param><value>${value}</value></param></params></methodCall>`;
const array = (items: string) => `<array><data>${items}</data></array>`;
const member = (name: string, value: string) => `<struct><member><name>${name}</name>${value}</member></struct>`;
const oneCall = `<value>${member('methodName', '<value>system.version</value>')}</value>`;

const threeCalls = call('system.multicall', array(oneCall.repeat(3)));
const answered = async (body: string, limits = defaultLimits) =>
  (await posting(routesOf(xmlrpcFrontend, new ApiDouble(), limits))('/RPC2', body)).body;

const xmlrpcCall = (limit: keyof Limits['xmlrpc'], enough: number, body: string): Bound =>
  counted(
    enough,
    async (_context, value) =>
      /limits\.xmlrpc\.[^<]*/.exec(await answered(body, withLimit('xmlrpc', limit, value)))?.[0],
  );
/** The third call is made when the results of the two before it are within the limit. */
const twoResults = (2 * /<data>(.*)<\/data>/s.exec(await answered(threeCalls))![1]!.length) / 3;

export const xmlrpc: Bounds<'xmlrpc'> = {
  multicall: xmlrpcCall('multicall', 3, threeCalls),
  multicallBytes: xmlrpcCall('multicallBytes', twoResults, threeCalls),
  members: xmlrpcCall(
    'members',
    3,
    call('test.echo', member('list', `<value>${array('<value><int>1</int></value>'.repeat(3))}</value>`)),
  ),
};

const envelope = (body: string, header = '') =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">${header}<e:Body>${body}</e:Body></e:Envelope>`;

const soapCall = async (limits: Limits, body: string, type = 'text/xml') => {
  const reply = await request(soapFrontend.routes(fakeContext(new ApiDouble(), limits)), 'POST', '/soap', {
    body,
    headers: { 'content-type': type },
  });
  return /<faultstring[^>]*>([^<]*)</.exec(textOf(reply.body))?.[1];
};
const message = (limit: keyof Limits['soap'], enough: number, body: string, type?: string): Bound =>
  counted(enough, (_context, value) => soapCall(withLimit('soap', limit, value), body, type));

const hrefs = envelope(
  `<eventPoll><types>${'<item href="#a"/>'.repeat(20)}</types></eventPoll><x id="a">vm.created</x>`,
);
const include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:a"/>';
const parts = [
  ['<root>', envelope(`<testEcho xmlns="urn:annelid:1"><bytes>${include}</bytes></testEcho>`)],
  ['<a>', 'x'],
].map(([id, text]) => `--b\r\nContent-Type: application/xop+xml\r\nContent-ID: ${id}\r\n\r\n${text}\r\n`);
const related = 'multipart/related; boundary=b; type="application/xop+xml"; start="<root>"; start-info="text/xml"';

const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
/** Sent so many seconds after it was made; the clock stands still meanwhile. */
const stamped = async (limits: Limits, seconds: number) => {
  const clock = Date.now;
  const now = Date.parse('2026-01-31T12:00:00Z');
  const created = new Date(now - seconds * 1000).toISOString();
  const token = `<w:UsernameToken><w:Username>alice</w:Username><w:Password>a</w:Password><u:Created>${created}</u:Created></w:UsernameToken>`;
  const names = `xmlns:w="${oasis}-wssecurity-secext-1.0.xsd" xmlns:u="${oasis}-wssecurity-utility-1.0.xsd"`;
  const header = `<e:Header><w:Security ${names}>${token}</w:Security></e:Header>`;
  Date.now = () => now;
  try {
    return await soapCall(limits, envelope('<systemVersion xmlns="urn:annelid:1"/>', header));
  } finally {
    Date.now = clock;
  }
};

/** So many tokens of one user, and digests made of the first with so many nonces: the refusal of the last. */
const digests = async (
  context: Mocha.Context,
  limits: Partial<Limits['soap']>,
  { logins, nonces }: { logins: number; nonces: number },
) => {
  const at = Date.parse('2026-01-31T12:00:00Z');
  const { call } = await startCore(context, {
    backend: new ScriptedBackend(),
    now: () => at,
    limits: { soap: limits },
  });
  const tokens: string[] = [];
  for (let login = 0; login < logins; login += 1) {
    const params = { user: 'alice', password: 'alice-password' };
    tokens.push(((await call('session.login', params, { kind: 'none' })) as { token: string }).token);
  }
  const created = new Date(at).toISOString();
  let refusal: string | undefined;
  for (let index = 0; index < nonces; index += 1) {
    const nonce = Buffer.from(`${index}`);
    const digest = createHash('sha1').update(nonce).update(created).update(tokens[0]!).digest('base64');
    const credentials = {
      kind: 'digest',
      user: 'alice',
      digest,
      nonce: nonce.toString('base64'),
      created,
      at,
    } as const;
    refusal = await call('session.whoami', {}, credentials).then(
      () => undefined,
      (fault: Error) => fault.message,
    );
  }
  return refusal;
};

export const soap: Bounds<'soap'> = {
  parts: message('parts', 2, `${parts.join('')}--b--`, related),
  elements: message('elements', 25, hrefs),
  resolvedElements: message('resolvedElements', 40, hrefs),
  resolvedLength: message('resolvedLength', 200, hrefs),
  securityWindowSeconds: counted(100, (_context, value) =>
    stamped(withLimit('soap', 'securityWindowSeconds', value), 100),
  ),
  nonces: counted(3, (context, nonces) => digests(context, { nonces }, { logins: 1, nonces: 3 })),
  digestTokens: unsaid(
    'Who guesses must not learn which tokens there were.',
    counted(3, (context, digestTokens) => digests(context, { digestTokens }, { logins: 3, nonces: 1 })),
  ),
};

const batchOfThree = JSON.stringify([1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, method: 'system.version' })));
const answeredBatch = async (limits = defaultLimits) => {
  const routes = jsonrpcFrontend.routes(fakeContext(fakeApi(), limits));
  return textOf((await request(routes, 'POST', '/jsonrpc', { body: batchOfThree })).body);
};
const batch = (limit: keyof Limits['jsonrpc'], enough: number): Bound =>
  counted(
    enough,
    async (_context, value) =>
      /limits\.jsonrpc\.\w+/.exec(await answeredBatch(withLimit('jsonrpc', limit, value)))?.[0],
  );

export const jsonrpc: Bounds<'jsonrpc'> = {
  bodyBytes: batch('bodyBytes', batchOfThree.length),
  batch: batch('batch', 3),
  // All but the brackets and commas around the results.
  batchBytes: batch('batchBytes', (await answeredBatch()).length - '[,,]'.length),
};
