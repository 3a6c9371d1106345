/** The services of plugins, below `/soap`: each with its own WSDL, as long as it is there. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { soapService } from '../../catalogue/index.ts';
import type { PublishedService } from '../../catalogue/published.ts';
import type { HttpReply, HttpRequest, Route } from '../../wire/route.ts';
import type { FrontendContext } from '../frontend.ts';
import { type Found, versionFromType } from './decode.ts';
import { encodeFault, statusOf } from './fault.ts';
import { compileProfile } from './profiles.ts';
import { publishedService, type Service } from './service.ts';

export type Served = Required<Pick<Route, 'GET' | 'POST'>>;

/**
 * Finds what is served at a path now; compiled when it is first asked for, and again when the service has changed. A
 * profile of that name comes first. Throws when a profile cannot be.
 */
export const publishedServices = (
  context: FrontendContext,
  serve: (service: Service) => Served,
): ((path: string) => Served | undefined) => {
  const { api, log, profiles = [] } = context;
  const forms = new Map(
    profiles.map((profile) => [profile.name, { of: profile.service, form: compileProfile(profile, context) }]),
  );
  const compiled = new Map<string, { service: PublishedService; served: Served | undefined }>();
  const compile = (name: string, service: PublishedService): Served | undefined => {
    try {
      return serve((forms.get(name)?.form ?? publishedService)(service));
    } catch (error) {
      const { message } = error as Error;
      log.warn({ err: error, service: name }, `The service ${name} cannot be served over SOAP: ${message}`);
      return undefined;
    }
  };
  return (path) => {
    const name = path.slice(soapService('').path.length).replace(/\/$/, '');
    const service = api.services.get(forms.get(name)?.of ?? name);
    if (service === undefined) {
      compiled.delete(name);
      return undefined;
    }
    const known = compiled.get(name);
    if (known?.service === service) return known.served;
    const served = compile(name, service);
    compiled.set(name, { service, served });
    return served;
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
