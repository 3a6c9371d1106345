/** The services of plugins, below `/soap`: each with its own WSDL, as long as it is there. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import { soapService } from '../../../catalogue/index.ts';
import type { PublishedService } from '../../../catalogue/published.ts';
import type { HttpReply, HttpRequest, Route } from '../../../wire/route.ts';
import type { FrontendContext } from '../../frontend.ts';
import { servicesInWords } from '../../service-profile.ts';
import { type Found as Answered, versionFromType } from '../service/decode.ts';
import { encodeFault, faultStatus } from '../service/fault.ts';
import { publishedService, type Service } from '../service/service.ts';
import { compileProfile } from './profiles.ts';

export type Served = Required<Pick<Route, 'GET' | 'POST'>>;

type Found = Served | undefined;

/**
 * Finds what is served at a path now; compiled when it is first asked for, and again when the service has changed. A
 * profile of that name comes first.
 */
export const publishedServices = (
  context: FrontendContext,
  serve: (service: Service) => Served,
  describing: Service,
): ((path: string) => Found | Promise<Found>) => {
  const { api, log, profiles = [] } = context;
  const forms = new Map(
    profiles.map((profile) => [profile.name, { of: profile.service, form: compileProfile(profile, context) }]),
  );
  const compiled = new Map<string, { service: PublishedService; served: Found | Promise<Found> }>();
  const failed = (name: string, error: Error): Served => {
    const words = `The service ${name} cannot be served over SOAP: ${error.message}`;
    log.warn({ err: error, service: name }, words);
    return unserved(context, describing, words);
  };
  const compile = (name: string, service: PublishedService): Found | Promise<Found> => {
    try {
      const made = (forms.get(name)?.form ?? publishedService)(service);
      if (!(made instanceof Promise)) return serve(made);
      return made.then(serve).catch((error: Error) => failed(name, error));
    } catch (error) {
      return failed(name, error as Error);
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

/** What is answered where no service is. */
export const missing = (context: FrontendContext, describing: Service): Served => {
  const { api, profiles = [] } = context;
  const known = () => servicesInWords(api.services, profiles, (name) => soapService(name).path);
  const at = (path: string) => unserved(context, describing, `There is no service at ${path}. ${known()}`);
  return { GET: (request) => at(request.path).GET(request), POST: (request) => at(request.path).POST(request) };
};

const unserved = (context: FrontendContext, describing: Service, words: string): Served => ({
  GET: () => ({ status: 404, headers: plain, body: `${words}\n` }),
  POST: ({ headers }: HttpRequest): HttpReply => {
    const fault = new Fault('unknown-method', words);
    const found: Answered = { version: versionFromType(headers['content-type']) };
    context.api.refused('soap', fault.kind);
    return {
      status: faultStatus,
      headers: { 'Content-Type': found.version.contentType },
      body: encodeFault(fault, found.version, describing),
    };
  },
});
