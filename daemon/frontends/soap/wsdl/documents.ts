/** What a service says of itself: its WSDLs, and a page that points to them. */
import type { Handler, Route } from '../../../wire/route.ts';
import type { FrontendContext } from '../../frontend.ts';
import { wsdls } from '../../soap-documents.ts';
import { type SoapVersion, soap11, soapVersions } from '../message/names.ts';
import type { Service, ServiceContract, Style } from '../service/service.ts';
import { serviceAddress } from './address.ts';
import { describe } from './describe.ts';
import { asksForWsdl, queryValue, styleFromQuery, styleQueries } from './queries.ts';
import { renderWsdl } from './wsdl.ts';

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
const xml = { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' };

/** The documents of an existing contract: it has one form, whatever style is asked for. */
const contractDocuments = ({ path }: Service, contract: ServiceContract, publicUrl: () => string): Handler => {
  return ({ query, headers }) => {
    const address = serviceAddress(publicUrl(), headers.host, path);
    if (!asksForWsdl(query)) {
      const body = `SOAP is served here by POST. The WSDL:\n\n${address}?wsdl\n`;
      return { status: 200, headers: { ...plain, 'Cache-Control': 'no-store' }, body };
    }
    const body = contract.document(address, queryValue(query, 'file'));
    if (body === undefined) return { status: 404, headers: plain, body: 'The WSDL has no such file.\n' };
    return { status: 200, headers: xml, body };
  };
};

/** Throws when the service cannot be described. */
export const documents = (service: Service, { publicUrl }: FrontendContext): Required<Pick<Route, 'GET'>> => {
  if (service.contract !== undefined) return { GET: contractDocuments(service, service.contract, publicUrl) };
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
      if (!asksForWsdl(query)) {
        const lines = wsdls.map(({ query: of, doc }) => `\n${address}?${of}\n${doc}\n`);
        const body = `SOAP 1.1 and 1.2 are served here by POST. The WSDLs:\n${lines.join('')}`;
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
      // A call without parameters shows no style: its address does.
      const suffix = style === undefined || style === service.style ? '' : `?${styleQueries[style]}`;
      return { status: 200, headers: xml, body: render(style ?? service.style, version)(address + suffix) };
    },
  };
};
