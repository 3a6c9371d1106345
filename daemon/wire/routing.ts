/** The table of paths, compiled once: an exact path is one look-up. */
import type { Handler, Route } from './route.ts';

/** Everything that is served at one path, whichever frontends it comes from. */
export interface Endpoint {
  path: string;
  GET?: Handler;
  POST?: Handler;
  /** The value of `Allow`. */
  allow: string;
  refuse?: NonNullable<Route['refuse']>;
}

export interface Routing {
  /** By the path as it stands in nearly every request. */
  readonly exact: ReadonlyMap<string, Endpoint>;
  find(path: string): Endpoint | undefined;
}

const allowed = (route: { GET?: Handler; POST?: Handler }): string =>
  [...(route.GET ? ['GET', 'HEAD'] : []), ...(route.POST ? ['POST'] : []), 'OPTIONS'].join(', ');

const joined = (known: Endpoint | undefined, route: Route): Endpoint => {
  for (const method of ['GET', 'POST'] as const) {
    if (known?.[method] && route[method]) throw new Error(`Two routes serve ${method} ${route.path}.`);
  }
  const { path, GET = known?.GET, POST = known?.POST } = route;
  // Refusals concern bodies, so the frontend that takes them words them.
  const refuse = route.POST ? route.refuse : (known?.refuse ?? route.refuse);
  const handlers = { ...(GET && { GET }), ...(POST && { POST }) };
  return { path, ...handlers, allow: allowed(handlers), ...(refuse && { refuse }) };
};

/** Throws when two routes serve the same method at the same path. */
export const compileRoutes = (routes: readonly Route[]): Routing => {
  const exact = new Map<string, Endpoint>();
  const below = new Map<string, Endpoint>();
  for (const route of routes) {
    exact.set(route.path, joined(exact.get(route.path), route));
    if (route.below) below.set(route.path, joined(below.get(route.path), route));
  }
  const prefixes = [...below]
    .map(([path, endpoint]) => [path.endsWith('/') ? path : `${path}/`, endpoint] as const)
    .sort(([a], [b]) => b.length - a.length);
  return {
    exact,
    find: (path) => exact.get(path) ?? prefixes.find(([prefix]) => path.startsWith(prefix))?.[1],
  };
};
