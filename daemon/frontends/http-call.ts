/** A call that came over HTTP, as the core is told of it. */

import { Fault } from '../../plugin-protocol/faults.ts';
import { credentialsFrom } from '../core/accounts/credentials.ts';
import type { CallRequest, Credentials } from '../core/api.ts';
import { readAuthorization } from '../wire/authorization.ts';
import type { HttpRequest } from '../wire/route.ts';
import { heldBy } from '../wire/writing.ts';
import type { Encoded } from './pieces.ts';

/** The challenge that asks for credentials: many clients send the ones they have only then. */
export const challenge = { 'WWW-Authenticate': 'Basic realm="annelid", charset="UTF-8"' };

const lastOn = new WeakMap<object, { header: string; credentials: Credentials }>();

/** The credentials in the header. A client sends the same with each request of a connection: they are read once. */
const credentialsOf = ({ headers: { authorization: header }, connection }: HttpRequest): Credentials => {
  const last = connection && lastOn.get(connection);
  if (last !== undefined && last.header === header) return last.credentials;
  const credentials = credentialsFrom(readAuthorization(header));
  if (header !== undefined && connection !== undefined) lastOn.set(connection, { header, credentials });
  return credentials;
};

/** The signals are made only if they are asked for. */
export class HttpCall implements CallRequest {
  readonly frontend: string;
  readonly credentials: Credentials;
  readonly #request: HttpRequest;

  /** `credentials` are those of the `Authorization` header unless the frontend found others. */
  constructor(frontend: string, request: HttpRequest, credentials = credentialsOf(request)) {
    this.frontend = frontend;
    this.credentials = credentials;
    this.#request = request;
  }

  get remote(): string {
    return this.#request.remote;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get ended(): AbortSignal {
    return this.#request.ended;
  }

  /** Why there is no room for one more result of a request that has several; undefined when there is. */
  get over(): Fault | undefined {
    const over = this.#request.room?.over;
    return over && new Fault('throttled', over.message);
  }

  /** Throws what `over` is. */
  needRoom(): void {
    const { over } = this;
    if (over !== undefined) throw over;
  }

  /** A result that is kept until the whole reply is sent. */
  hold(result: Encoded, length: number): void {
    this.#request.room?.hold(heldBy(result, length));
  }

  /** The same request with another token: for a call that brings one of its own. */
  withToken(token: string): HttpCall {
    return new HttpCall(this.frontend, this.#request, { kind: 'token', token });
  }
}
