/** The request of a call. */
import type { CallRequest, Credentials } from '../../core/api.ts';
import type { HttpRequest } from '../../wire/route.ts';
import { name } from './names.ts';

/** Makes the abort signal of the request only when the call asks for it: most calls do not wait for anything. */
export class HttpCall implements CallRequest {
  readonly frontend = name;
  readonly credentials: Credentials;
  readonly remote: string;
  readonly #request: HttpRequest;

  constructor(request: HttpRequest, credentials: Credentials) {
    this.credentials = credentials;
    this.remote = request.remote;
    this.#request = request;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  /** The same request, for a call within it that brings a token of its own. */
  withToken(token: string): HttpCall {
    return new HttpCall(this.#request, { kind: 'token', token });
  }
}
