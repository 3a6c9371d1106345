/** Asks a frontend directly, without a socket. */

import type { Api } from '../../daemon/core/api.ts';
import type { Log } from '../../daemon/core/ports.ts';
import type { Frontend, FrontendContext } from '../../daemon/frontends/frontend.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import type { HttpReply, HttpRequest, Route } from '../../daemon/wire/route.ts';

/** A log that remembers its errors. */
export class LogDouble implements Log {
  readonly errors: { facts: object; message: string }[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(facts: object, message: string): void {
    this.errors.push({ facts, message });
  }
  child(): Log {
    return this;
  }
}

export const routesOf = (frontend: Frontend, api: Api, limits: Limits = defaultLimits, log: Log = new LogDouble()) => {
  const context: FrontendContext = {
    api,
    log,
    limits,
    onConnectors: () => () => undefined,
    publicUrl: () => 'http://127.0.0.1:8420',
    metrics: async () => '',
  };
  return frontend.routes(context);
};

export type Post = (
  path: string,
  body: string | Uint8Array,
  headers?: Record<string, string>,
) => Promise<Omit<HttpReply, 'body'> & { body: string }>;

/** A body, in whatever form it is. */
export const bytesOf = (body: HttpReply['body']): Buffer => {
  if (typeof body === 'function') throw new Error('The reply has no end.');
  const parts = typeof body === 'string' || body instanceof Uint8Array ? [body] : [...body];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
};

export const textOf = (body: HttpReply['body']): string => (typeof body === 'string' ? body : bytesOf(body).toString());

/** POST to the route of that path, which may have a query. Header names are given in lower case. */
export const posting =
  (routes: readonly Route[]): Post =>
  async (target, body, headers = {}) => {
    const [path, query = ''] = target.split('?') as [string, string?];
    const route =
      routes.find((one) => one.path === path) ??
      routes.find((one) => one.below === true && path.startsWith(`${one.path}/`));
    const handler = route?.POST;
    if (handler === undefined) throw new Error(`Nothing takes POST at ${path}.`);
    const request: HttpRequest = {
      method: 'POST',
      path,
      query,
      headers,
      body: Buffer.from(body),
      remote: '127.0.0.1',
      signal: new AbortController().signal,
      ended: new AbortController().signal,
    };
    const { body: text, ...reply } = await handler(request);
    return { ...reply, body: textOf(text) };
  };
