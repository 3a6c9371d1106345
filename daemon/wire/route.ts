/** Requests and replies as records: what a frontend sees of HTTP. */
import type { Bytes } from './bytes.ts';
import type { Endless } from './endless.ts';
import type { Body } from './writing.ts';

export interface HttpRequest {
  method: string;
  /** The path, decoded, without the query. */
  path: string;
  /** What stands behind `?`, raw; empty when there is none. */
  query: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The body with its content coding removed, in pieces if it is long; within `limits.http.bodyBytes`. */
  body: Buffer | Bytes;
  /** The address that it came from: that of the peer, or of whom a proxy has heard. */
  remote: string;
  /** Aborted when the connection is closed before the reply is sent. */
  signal: AbortSignal;
  /**
   * Aborted when the peer sends nothing more before the reply is sent, and when the connection is closed: a peer that has
   * closed and one that has only finished sending look the same until something is sent to it.
   */
  ended: AbortSignal;
  /** The same object in all requests of a connection, by which to keep what was made of one for the next. */
  connection?: object;
  /** Room among all replies, for those that are put together of many results. */
  room?: ReplyRoom;
}

/** What a reply takes of `limits.http.repliesBytes` while it is made. */
export interface ReplyRoom {
  /** Why there is no room left; undefined as long as there is. */
  readonly over: Refusal | undefined;
  /** So many bytes more are held for the reply. */
  hold(bytes: number): void;
}

export interface HttpReply {
  status: number;
  /** Content-Length and Date are added; gzip or deflate is applied when the client asks for it with an exact token. */
  headers: Record<string, string>;
  /** A long one is written no faster than it is read. One without an end ends with its connection. */
  body: Body | Endless;
  /** Of one without an end: the account that it is for, of whose share it takes. */
  account?: string;
}

export type Handler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** One path of a frontend. A method that is not there is answered 405 with `Allow`; HEAD follows from GET. */
export interface Route {
  path: string;
  /** Whether paths below it are meant too: `/docs` then also takes `/docs/vm.html`. */
  below?: boolean;
  GET?: Handler;
  POST?: Handler;
  /** The body of a refusal by the HTTP layer itself (too large, bad coding), in the frontend's own words. */
  refuse?: (refusal: Refusal, request: { headers: HttpRequest['headers'] }) => HttpReply;
}

/** Why the HTTP layer could not read a request. */
export interface Refusal {
  kind: 'too-large' | 'throttled' | 'unsupported-encoding' | 'malformed' | 'timeout';
  status: number;
  message: string;
}
