/** SOAP 1.1 and 1.2 in every style, on one endpoint for each service; its WSDLs at the same path. */
import type { Route } from '../../wire/route.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { calls, name } from './calls.ts';
import { documents } from './documents.ts';
import { missing, publishedServices } from './published.ts';
import { catalogueService, type Service } from './service.ts';

/** One service at its path. Throws when it cannot be described: two of its things have one name. */
export const serve = (
  service: Service,
  context: FrontendContext,
): Required<Pick<Route, 'path' | 'GET' | 'POST' | 'refuse'>> => ({
  path: service.path,
  ...calls(service, context),
  ...documents(service, context),
});

export const soap: Frontend = {
  name,
  routes: (context) => {
    const catalogue = catalogueService(
      [...context.api.methods.values()].filter(({ service }) => service === undefined),
    );
    const own = serve(catalogue, context);
    const nothing = missing(context, catalogue);
    const published = publishedServices(context, (service) => serve(service, context));
    const at = (path: string) => (path === own.path ? own : (published(path) ?? nothing));
    return [
      {
        ...own,
        below: true,
        GET: (request) => at(request.path).GET(request),
        POST: (request) => at(request.path).POST(request),
      },
    ];
  },
};
