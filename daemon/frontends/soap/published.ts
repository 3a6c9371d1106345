/** The services of plugins, below `/soap`: each with its own WSDL, as long as it is there. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { soapService } from '../../catalogue/index.ts';
import type { PublishedService } from '../../catalogue/published.ts';
import type { HttpReply, HttpRequest, Route } from '../../wire/route.ts';
import type { FrontendContext } from '../frontend.ts';
import { type Found, versionFromType } from './decode.ts';
import { encodeFault, statusOf } from './fault.ts';
import { publishedService, type Service } from './service.ts';

export type Served = Required<Pick<Route, 'GET' | 'POST'>>;

/** Finds what is served at a path now; compiled when it is first asked for, and again when the service has changed. */
export const publishedServices = (
  { api, log }: FrontendContext,
  serve: (service: Service) => Served,
): ((path: string) => Served | undefined) => {
  const compiled = new WeakMap<PublishedService, Served | Error>();
  return (path) => {
    const service = api.services.get(path.slice(soapService('').path.length).replace(/\/$/, ''));
    if (service === undefined) return undefined;
    let served = compiled.get(service);
    if (served === undefined) {
      try {
        served = serve(publishedService(service));
      } catch (error) {
        log.warn(
          { err: error, service: service.name },
          'A service that a plugin publishes cannot be served over SOAP.',
        );
        served = error as Error;
      }
      compiled.set(service, served);
    }
    return served instanceof Error ? undefined : served;
  };
};

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

const known = ({ services }: FrontendContext['api']): string =>
  services.size === 0
    ? 'No plugin publishes one at the moment.'
    : `There are ${[...services.keys()].map((name) => soapService(name).path).join(', ')}.`;

/** What is answered where no service is. */
export const missing = ({ api }: FrontendContext, describing: Service): Served => ({
  GET: ({ path }) => ({ status: 404, headers: plain, body: `There is no service at ${path}. ${known(api)}\n` }),
  POST: ({ path, headers }: HttpRequest): HttpReply => {
    const fault = new Fault('unknown-method', `There is no service at ${path}. ${known(api)}`);
    const found: Found = { version: versionFromType(headers['content-type']) };
    api.refused('soap', fault.kind);
    return {
      status: statusOf(fault, found.version),
      headers: { 'Content-Type': found.version.contentType },
      body: encodeFault(fault, found.version, describing),
    };
  },
});
