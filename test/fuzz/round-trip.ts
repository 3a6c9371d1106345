/** A value that a frontend has written, sent back to it as a parameter: it must come out as it went in. */
import { isDeepStrictEqual } from 'node:util';
import { method } from '../../daemon/catalogue/method.ts';
import type { Api } from '../../daemon/core/api.ts';
import type { Frontend } from '../../daemon/frontends/frontend.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { untagged } from '../../plugin-protocol/any.ts';
import { optional, type Shape, type Typed } from '../../plugin-protocol/shape.ts';
import { posting, routesOf } from '../support/post.ts';

/** How to ask a frontend for the value, and how to make of its reply the request that sends it back. */
export interface Way {
  frontend: Frontend;
  path: string;
  request: string;
  sendBack(reply: string): string;
}

const name = 'fuzz.echo';
const call = `<methodCall><methodName>${name}</methodName>`;
const overXmlrpc = (path: string): Way => ({
  frontend: xmlrpc,
  path,
  request: `${call}</methodCall>`,
  sendBack: (reply) =>
    reply
      .replace(/<methodResponse([^>]*)>/, `<methodCall$1><methodName>${name}</methodName>`)
      .replace('</methodResponse>', '</methodCall>'),
});
const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const encoded = ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"';
const overSoap = (version: keyof typeof envelopes, style = ''): Way => ({
  frontend: soap,
  path: '/soap',
  request: `<s:Envelope xmlns:s="${envelopes[version]}"><s:Body${style}><fuzzEcho xmlns="urn:annelid:1"/></s:Body></s:Envelope>`,
  // The only element of these names that is not deeper is the first, and its closing tag the last.
  sendBack: (reply) =>
    reply
      .replaceAll('fuzzEchoResponse', 'fuzzEcho')
      .replace(/<((?:\w+:)?)return\b/, '<$1value')
      .replace(/<\/((?:\w+:)?)return>(?!.*<\/(?:\w+:)?return>)/s, '</$1value>'),
});

export const ways: Record<string, Way> = {
  'XML-RPC': overXmlrpc('/RPC2'),
  'XML-RPC with nil, i8 and ASCII': overXmlrpc('/RPC2?nil=nil&long=i8&text=ascii'),
  'XML-RPC with the Apache extensions': overXmlrpc('/RPC2/nil=ex:nil&long=ex:i8&time=ex:dateTime'),
  'XML-RPC with what is short': overXmlrpc('/RPC2?long=int&time=zulu'),
  'SOAP 1.1': overSoap('1.1'),
  'SOAP 1.2': overSoap('1.2'),
  'SOAP 1.1, encoded': overSoap('1.1', encoded),
};

/** Maps are without a prototype. A long that nobody declared is a string where XML-RPC has no other word for it. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const held = untagged(value);
  if (held?.kind === 'counter') return held.value;
  return Object.entries(value).map(([key, of]) => [key, plain(of)]);
};

/** Throws when what comes back differs. `change` is done to the request on its way. */
export const roundTrip = async (
  { frontend, path, request, sendBack }: Way,
  shape: Shape,
  value: unknown,
  change: (request: string) => string = (request) => request,
): Promise<void> => {
  const echo = method(name, {
    since: '0.1.0',
    doc: 'Answers the value.',
    params: { value: optional(shape as Typed<unknown>) },
    result: shape as Typed<unknown>,
    returns: 'The value.',
    permission: 'public',
    example: { params: {}, result: value },
  });
  const seen: unknown[] = [];
  const api: Api = {
    methods: new Map([[name, echo]]),
    services: new Map(),
    call: async (_method, params) => {
      seen.push(params.value);
      return value;
    },
    refused: () => undefined,
  };
  const post = posting(routesOf(frontend, api));
  const headers = { 'content-type': 'text/xml' };
  const reply = await post(path, request, headers);
  const back = change(sendBack(reply.body));
  const again = await post(path, back, headers);
  if (seen.length === 2 && isDeepStrictEqual(plain(seen[1]), plain(value))) return;
  const got = seen.length === 2 ? JSON.stringify(seen[1]) : again.body;
  throw new Error(`Sent ${JSON.stringify(value)}, got ${got}.\nIt was written as ${back}`);
};
