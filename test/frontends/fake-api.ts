/** An Api for tests of frontends: parameters are checked as the core does, and every method answers its example. */

import { methods } from '../../daemon/catalogue/index.ts';
import type { Method } from '../../daemon/catalogue/method.ts';
import type { Api, CallRequest } from '../../daemon/core/api.ts';
import type { Log } from '../../daemon/core/ports.ts';
import type { FrontendContext } from '../../daemon/frontends/frontend.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import type { Handler, HttpReply, Route } from '../../daemon/wire/route.ts';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';

export interface FakeApi extends Api {
  /** The calls that were made, with defaults filled in. */
  calls: { method: string; params: Record<string, unknown>; request: CallRequest }[];
  refusals: [frontend: string, kind: string][];
  /** What a method does instead of answering its example. */
  does: Map<string, (params: Record<string, unknown>) => unknown>;
}

export const fakeApi = (): FakeApi => {
  const api: FakeApi = {
    methods,
    services: new Map(),
    calls: [],
    refusals: [],
    does: new Map(),
    async call(method: Method, raw, request) {
      const params = compileCheck(method.params)(raw) as Record<string, unknown>;
      api.calls.push({ method: method.name, params, request });
      const behaviour = api.does.get(method.name);
      return behaviour ? behaviour(params) : method.example.result;
    },
    refused: (frontend, kind) => api.refusals.push([frontend, kind]),
  };
  return api;
};

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export const fakeContext = (api: Api, limits: Partial<Limits> = {}): FrontendContext => ({
  api,
  log: silent,
  limits: { ...defaultLimits, ...limits },
  publicUrl: () => 'http://cloud.example',
  onConnectors: () => () => undefined,
  metrics: async () => '# metrics\n',
});

/** Calls a handler of a route as the HTTP server would. */
export const request = async (
  routes: Route[],
  method: 'GET' | 'POST',
  path: string,
  {
    body = '',
    headers = {},
    query = '',
  }: { body?: string | Buffer; headers?: Record<string, string>; query?: string } = {},
): Promise<HttpReply> => {
  const route = routes.find((one) => one.path === path || (one.below && path.startsWith(`${one.path}/`)));
  const handler = route?.[method] as Handler | undefined;
  if (!handler) throw new Error(`No route takes ${method} ${path}.`);
  const { signal } = new AbortController();
  return handler({ method, path, query, headers, body: Buffer.from(body), remote: '192.0.2.7', signal, ended: signal });
};
