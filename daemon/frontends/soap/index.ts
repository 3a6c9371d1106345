/** SOAP 1.1 and 1.2 in every style, on one endpoint for each service; its WSDLs at the same path. */
import { soapService } from '../../catalogue/index.ts';
import type { Handler, Route } from '../../wire/route.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { calls, name } from './calls.ts';
import { missing, publishedServices } from './profiles/published.ts';
import { catalogueService, type Service } from './service/service.ts';
import { documents } from './wsdl/documents.ts';

/** One service at its path. Throws when it cannot be described: two of its things have one name. */
export const serve = (
  service: Service,
  context: FrontendContext,
): Required<Pick<Route, 'path' | 'GET' | 'POST' | 'refuse'>> => ({
  path: service.path,
  ...calls(service, context),
  ...documents(service, context),
});

/** Behind the start of the daemon, in milliseconds, or at the first request: it takes a tenth of a start. */
const compileAfterMs = 1000;

export const soap: Frontend = {
  name,
  routes: (context) => {
    const catalogue = catalogueService(
      [...context.api.methods.values()].filter(({ service }) => service === undefined),
    );
    let compiled: ReturnType<typeof serve> | undefined;
    const own = () => {
      compiled ??= serve(catalogue, context);
      return compiled;
    };
    setTimeout(own, compileAfterMs).unref();
    const nothing = missing(context, catalogue);
    const published = publishedServices(context, (service) => serve(service, context), catalogue);
    /** What is at `meant`, which other paths may stand for. */
    const at =
      (method: 'GET' | 'POST', meant?: string): Handler =>
      (request) => {
        const asked = meant ?? request.path;
        // Some join addresses with a slash more.
        const path = asked.endsWith('/') ? asked.slice(0, -1) : asked;
        if (path === catalogue.path) return own()[method](request);
        const served = published(path);
        if (!(served instanceof Promise)) return (served ?? nothing)[method](request);
        return served.then((one) => (one ?? nothing)[method](request));
      };
    const refuse: Route['refuse'] = (refusal, request) => own().refuse(refusal, request);
    const further = (context.profiles ?? []).flatMap(({ name: service, soapPaths = [] }) => {
      const meant = soapService(service).path;
      return soapPaths.map((path): Route => ({ path, GET: at('GET', meant), POST: at('POST', meant), refuse }));
    });
    return [{ path: catalogue.path, below: true, GET: at('GET'), POST: at('POST'), refuse }, ...further];
  },
};
