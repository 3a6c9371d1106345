/** SOAP 1.1 and 1.2, document/literal, on one endpoint; its WSDL at the same path. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { charsetOf, decodeXml } from '../../wire/charset.ts';
import type { HttpReply, Route } from '../../wire/route.ts';
import { XmlFault } from '../../wire/xml.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { serviceAddress } from './address.ts';
import { Decoder, versionFromType } from './decode.ts';
import { describe } from './describe.ts';
import { compileReply } from './encode.ts';
import { EnvelopeFault, encodeFault, faultFromXml, kindOf, statusOf } from './fault.ts';
import { type SoapVersion, soap11, soapVersions } from './names.ts';
import { catalogueService, type Service } from './service.ts';
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
  version: SoapVersion,
  service: Service,
  asked = false,
): HttpReply => ({
  status: asked ? 401 : statusOf(fault, version),
  headers: (asked ? challenges : replyHeaders).get(version)!,
  body: encodeFault(fault, version, service),
});

const calls = (service: Service, { api, log, limits }: FrontendContext): Required<Pick<Route, 'POST' | 'refuse'>> => {
  const operations = service.operations.flatMap((operation) => {
    const { name: called, aliases, method, request } = operation;
    const compiled = { method, decode: compileParams(request), encode: compileReply(service, operation) };
    return [called, ...aliases].map((word) => [word, compiled] as const);
  });
  const decoder = new Decoder(new Map(operations), limits.xml);

  const faultFrom = (error: unknown): Fault | EnvelopeFault => {
    if (error instanceof Fault || error instanceof EnvelopeFault) return error;
    if (error instanceof XmlFault) return faultFromXml(error);
    log.error({ err: error }, 'A SOAP call failed outside the core.');
    return new Fault('internal', 'Internal error.');
  };

  return {
    POST: async (request) => {
      const { headers } = request;
      let version = soap11;
      let called = false;
      try {
        const type = headers['content-type'];
        version = versionFromType(type);
        const { operation, params } = decoder.decode(decodeXml(request.body, charsetOf(type)), headers, (found) => {
          version = found;
        });
        called = true;
        const result = await api.call(operation.method, params, new HttpCall(name, request));
        return { status: 200, headers: replyHeaders.get(version)!, body: operation.encode(result, version) };
      } catch (error) {
        const fault = faultFrom(error);
        if (!called) api.refused(name, kindOf(fault));
        // Not when they were sent and are wrong: .NET throws the fault in a 401 away.
        const asks = kindOf(fault) === 'unauthenticated' && headers.authorization === undefined;
        return faultReply(fault, version, service, asks);
      }
    },
    refuse: ({ kind, message }, { headers }) => {
      const fault = new Fault(kind === 'timeout' ? 'malformed' : kind, message);
      return faultReply(fault, versionFromType(headers['content-type']), service);
    },
  };
};

/** The value of a name in a query, both in any case; empty when it has none, undefined when it is not there. */
const queryValue = (query: string, wanted: string): string | undefined => {
  for (const [key, value] of new URLSearchParams(query)) if (key.toLowerCase() === wanted) return value;
  return undefined;
};

const documents = (service: Service, { publicUrl }: FrontendContext): Required<Pick<Route, 'GET'>> => {
  const description = describe(service);
  const render = new Map(soapVersions.map((version) => [version.name, renderWsdl(description, version)] as const));
  return {
    GET: ({ query, headers }) => {
      const address = serviceAddress(publicUrl(), headers.host, service.path);
      if (queryValue(query, 'wsdl') === undefined) {
        const body = `SOAP 1.1 and 1.2 are served here by POST.\nThe WSDL: ${address}?wsdl\nFor SOAP 1.2: ${address}?wsdl&soap=1.2\n`;
        return { status: 200, headers: { ...plain, 'Cache-Control': 'no-store' }, body };
      }
      const version = queryValue(query, 'soap') ?? soap11.name;
      const text = render.get(version as SoapVersion['name'])?.(address);
      if (text === undefined) {
        return { status: 404, headers: plain, body: `There is a WSDL for SOAP ${[...render.keys()].join(' and ')}.\n` };
      }
      const type = { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' };
      return { status: 200, headers: type, body: text };
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
