/** SOAP 1.1 and 1.2 in every style, on one endpoint; its WSDLs at the same path. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { charsetOf, decodeXml } from '../../wire/charset.ts';
import type { HttpReply, Route } from '../../wire/route.ts';
import { XmlFault } from '../../wire/xml.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { serviceAddress } from './address.ts';
import { openMessage } from './attachments.ts';
import { Decoder, type Found, versionFromType } from './decode.ts';
import { describe } from './describe.ts';
import { compileReply } from './encode.ts';
import { compileEncodedReply, compileRpcReply } from './encoded.ts';
import { EnvelopeFault, encodeFault, faultFromXml, kindOf, statusOf } from './fault.ts';
import { type SoapVersion, soap11, soapVersions } from './names.ts';
import { checkTimes } from './security.ts';
import { catalogueService, type Service, type Style } from './service.ts';
import { compileParams } from './values.ts';
import { renderWsdl } from './wsdl.ts';

const name = 'soap';
const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

const replyHeaders = new Map(soapVersions.map((version) => [version, { 'Content-Type': version.contentType }]));
/** SOAP::Lite, suds and .NET send the credentials they have only when they are asked for them. */
const challenges = new Map(
  soapVersions.map((version) => [version, { 'Content-Type': version.contentType, ...challenge }]),
);

const faultReply = (
  fault: Fault | EnvelopeFault,
  { version, style }: Found,
  service: Service,
  asked = false,
): HttpReply => ({
  status: asked ? 401 : statusOf(fault, version),
  headers: (asked ? challenges : replyHeaders).get(version)!,
  body: encodeFault(fault, version, service, style),
});

const calls = (service: Service, { api, log, limits }: FrontendContext): Required<Pick<Route, 'POST' | 'refuse'>> => {
  const operations = service.operations.flatMap((operation) => {
    const { name: called, aliases, method, request } = operation;
    const encode = {
      document: compileReply(service, operation),
      rpc: compileRpcReply(service, operation),
      encoded: compileEncodedReply(service, operation),
    };
    const compiled = { method, decode: compileParams(request), encode };
    return [called, ...aliases].map((word) => [word, compiled] as const);
  });
  const window = limits.soap.securityWindowSeconds * 1000;
  const decoder = new Decoder(new Map(operations), limits);

  const faultFrom = (error: unknown): Fault | EnvelopeFault => {
    if (error instanceof Fault || error instanceof EnvelopeFault) return error;
    if (error instanceof XmlFault) return faultFromXml(error);
    log.error({ err: error }, 'A SOAP call failed outside the core.');
    return new Fault('internal', 'Internal error.');
  };

  return {
    POST: async (request) => {
      const { headers } = request;
      const found: Found = { version: soap11 };
      let called = false;
      try {
        const type = headers['content-type'];
        found.version = versionFromType(type);
        const message = openMessage(request.body, type, limits);
        const text = decodeXml(message.document, charsetOf(message.type));
        const { operation, params } = decoder.decode(text, headers, found, message.attached);
        message.close();
        if (found.secured !== undefined) checkTimes(found.secured, Date.now(), window);
        called = true;
        const result = await api.call(
          operation.method,
          params,
          new HttpCall(name, request, found.secured?.credentials),
        );
        const encode = operation.encode[styleFromQuery(request.query) ?? found.style ?? service.style];
        return { status: 200, headers: replyHeaders.get(found.version)!, body: encode(result, found.version) };
      } catch (error) {
        const fault = faultFrom(error);
        if (!called) api.refused(name, kindOf(fault));
        // Not when they were sent and are wrong: .NET throws the fault in a 401 away.
        const asks = kindOf(fault) === 'unauthenticated' && headers.authorization === undefined && !found.secured;
        return faultReply(fault, found, service, asks);
      }
    },
    refuse: ({ kind, message }, { headers }) => {
      const fault = new Fault(kind === 'timeout' ? 'malformed' : kind, message);
      return faultReply(fault, { version: versionFromType(headers['content-type']) }, service);
    },
  };
};

/** The value of a name in a query, both in any case; empty when it has none, undefined when it is not there. */
const queryValue = (query: string, wanted: string): string | undefined => {
  for (const [key, value] of new URLSearchParams(query)) if (key.toLowerCase() === wanted) return value;
  return undefined;
};

/** The queries that ask for a style, in a WSDL and in its addresses. */
const styleQueries: Record<Style, string> = {
  document: 'style=document',
  encoded: 'style=rpc',
  rpc: 'style=rpc&use=literal',
};

/** The style that a query asks for: undefined when it asks for none, null for one that is not served. */
const styleFromQuery = (query: string): Style | undefined | null => {
  if (query === '') return undefined;
  const style = queryValue(query, 'style');
  if (style === undefined) return undefined;
  const asked = { style, use: queryValue(query, 'use') ?? (style === 'rpc' ? 'encoded' : 'literal') };
  if (asked.style === 'document' && asked.use === 'literal') return 'document';
  if (asked.style !== 'rpc') return null;
  return asked.use === 'encoded' ? 'encoded' : asked.use === 'literal' ? 'rpc' : null;
};

const documents = (service: Service, { publicUrl }: FrontendContext): Required<Pick<Route, 'GET'>> => {
  const rendered = new Map<string, (address: string) => string>();
  const render = (style: Style, version: SoapVersion): ((address: string) => string) => {
    const key = `${style} ${version.name}`;
    const known = rendered.get(key) ?? renderWsdl(describe(service, style), version);
    rendered.set(key, known);
    return known;
  };
  // A service that cannot be described is no service.
  render(service.style, soap11);
  return {
    GET: ({ query, headers }) => {
      const address = serviceAddress(publicUrl(), headers.host, service.path);
      if (queryValue(query, 'wsdl') === undefined) {
        const body = `SOAP 1.1 and 1.2 are served here by POST.\nThe WSDL: ${address}?wsdl\nFor SOAP 1.2: ${address}?wsdl&soap=1.2\nIn rpc/encoded: ${address}?wsdl&${styleQueries.encoded}\nIn rpc/literal: ${address}?wsdl&${styleQueries.rpc}\n`;
        return { status: 200, headers: { ...plain, 'Cache-Control': 'no-store' }, body };
      }
      const name = queryValue(query, 'soap') ?? soap11.name;
      const version = soapVersions.find((one) => one.name === name);
      const style = styleFromQuery(query);
      if (version === undefined || style === null) {
        const names = soapVersions.map((one) => one.name).join(' and ');
        const body = `There is a WSDL for SOAP ${names}, in style document (literal) and rpc (encoded or literal).\n`;
        return { status: 404, headers: plain, body };
      }
      const type = { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' };
      // A call without parameters shows no style: its address does.
      const suffix = style === undefined || style === service.style ? '' : `?${styleQueries[style]}`;
      return { status: 200, headers: type, body: render(style ?? service.style, version)(address + suffix) };
    },
  };
};

export const soap: Frontend = {
  name,
  routes: (context) => {
    const service = catalogueService(context.api.methods.values());
    return [{ path: service.path, ...calls(service, context), ...documents(service, context) }];
  },
};
