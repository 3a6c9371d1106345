/** A call that came over HTTP, as the core is told of it. */
import type { CallRequest, Credentials } from '../core/api.ts';
import { credentialsFrom } from '../core/credentials.ts';
import { readAuthorization } from '../wire/authorization.ts';
import type { HttpRequest } from '../wire/route.ts';

/** The challenge that asks for credentials: many clients send the ones they have only then. */
export const challenge = { 'WWW-Authenticate': 'Basic realm="annelid", charset="UTF-8"' };

/** The signal is made only if it is asked for. */
export class HttpCall implements CallRequest {
  readonly frontend: string;
  readonly credentials: Credentials;
  readonly #request: HttpRequest;

  /** `credentials` are those of the `Authorization` header unless the frontend found others. */
  constructor(
    frontend: string,
    request: HttpRequest,
    credentials = credentialsFrom(readAuthorization(request.headers.authorization)),
  ) {
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

  /** The same request with another token: for a call that brings one of its own. */
  withToken(token: string): HttpCall {
    return new HttpCall(this.frontend, this.#request, { kind: 'token', token });
  }
}
