/** JSON-RPC over HTTP, on connections that are kept. */
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { ClientOptions } from './options.ts';

export interface Answer {
  result?: unknown;
  error?: { message?: string; data?: unknown };
}

export interface Transport {
  /** `waitMs` is what the method is asked to wait. Rejects with a `Fault`, or with the reason of `signal`. */
  post(request: object, waitMs: number, signal: AbortSignal | undefined): Promise<Answer>;
  useToken(token: string): void;
  close(): void;
}

const defaultTimeoutMs = 90_000;

const authorizationFrom = ({ user, password, token }: ClientOptions): string | undefined => {
  if (token !== undefined) return `Bearer ${token}`;
  if (user === undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
};

export const createTransport = (url: string, options: ClientOptions): Transport => {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`${url} is no address of a daemon: it begins with http:// or https://.`);
  }
  const endpoint = new URL(`${pathname.replace(/\/+$/, '')}/jsonrpc`, url);
  const secure = protocol === 'https:';
  const { ca, timeoutMs = defaultTimeoutMs } = options;
  const agent = secure ? new https.Agent({ keepAlive: true, ...(ca && { ca }) }) : new http.Agent({ keepAlive: true });
  let authorization = authorizationFrom(options);

  /** Rejects with what the connection failed with, or with the reason of `signal`. */
  const send = (body: string, signal: AbortSignal): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', ...(authorization && { Authorization: authorization }) };
      const request = (secure ? https : http).request(endpoint, { method: 'POST', agent, headers, signal });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body);
    });

  return {
    async post(request, waitMs, signal) {
      const over = AbortSignal.timeout(timeoutMs + waitMs);
      const either = signal === undefined ? over : AbortSignal.any([over, signal]);
      let status = '';
      let body: string;
      try {
        const response = await send(JSON.stringify(request), either);
        status = `${response.statusCode} ${response.statusMessage}`;
        body = await text(response);
      } catch (error) {
        signal?.throwIfAborted();
        if (over.aborted) throw new Fault('timeout', `${host} did not answer in time.`);
        const { message, code = '' } = error as NodeJS.ErrnoException;
        throw new Fault('unavailable', `${host} cannot be reached: ${message || code}.`);
      }
      try {
        const answer: unknown = JSON.parse(body);
        if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer;
      } catch {
        // Some other server's page: refused below.
      }
      throw new Fault('unavailable', `${host} answered ${status}, and no JSON-RPC.`);
    },
    useToken(token) {
      authorization = `Bearer ${token}`;
    },
    close: () => agent.destroy(),
  };
};
