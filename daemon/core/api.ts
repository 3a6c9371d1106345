/** What frontends see of the daemon: the catalogue and one way to call it. */
import type { Role } from '../../plugin-protocol/contract/directory.ts';
import type { Method } from '../catalogue/method.ts';
import type { PublishedService } from '../catalogue/published.ts';

/** Credentials as they were found on the wire; the pipeline decides what they are worth. */
export type Credentials =
  | { kind: 'none' }
  | { kind: 'password'; user: string; password: string }
  /** A bearer token. It begins with `tokenPrefix`, so it cannot be mistaken for data. */
  | { kind: 'token'; token: string }
  | DigestCredentials;

/** A token's digest as WS-Security makes it; `nonce` and `digest` are base64, `created` is as the sender wrote it. */
export interface DigestCredentials {
  kind: 'digest';
  user: string;
  digest: string;
  nonce: string;
  created: string;
  /** The moment that `created` means, in milliseconds since 1970. */
  at: number;
}

export const noCredentials: Credentials = { kind: 'none' };
export const tokenPrefix = 'annelid_';

export interface Principal {
  user: string;
  account: string;
  role: Role;
  /** SHA-256 of the token in use; undefined when a password was. */
  token?: string;
  /** The connector whose directory knows the user; undefined for users of the daemon itself. */
  directory?: string;
}

/** A call on its way through the pipeline. */
export interface CallRequest {
  /** `xmlrpc`, `soap`, `jsonrpc`: for metrics, log and audit. */
  frontend: string;
  credentials: Credentials;
  /** The address of the peer. */
  remote: string;
  /** Aborted when the caller has gone. */
  signal?: AbortSignal;
  /** Aborted when the caller may have gone: it sends nothing more, and may yet read the answer. */
  ended?: AbortSignal;
}

export interface Api {
  /** Every method that can be called, by name. It is another map once methods have come or gone. */
  readonly methods: ReadonlyMap<string, Method>;
  /** The services of plugins whose methods are among them, by name. Another map when one comes or goes. */
  readonly services: ReadonlyMap<string, PublishedService>;
  /**
   * Call a method. `params` are named and of the kinds of the catalogue (a codec's business); whether they keep the
   * catalogue's bounds is checked here. Resolves once everything that the call wrote is durable; rejects with a `Fault`
   * and nothing else.
   */
  call(method: Method, params: Record<string, unknown>, request: CallRequest): Promise<unknown>;
  /** Count a request that never became a call, so that metrics show it. */
  refused(frontend: string, kind: string): void;
}
