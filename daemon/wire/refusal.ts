/** The limits of HTTP, and the refusals that they lead to. */
import type { Refusal } from './route.ts';

/** Config `limits.http.*`; the sentences are in daemon/limits.ts. */
export interface HttpLimits {
  bodyBytes: number;
  bodiesBytes: number;
  repliesBytes: number;
  inflateRatio: number;
  headerBytes: number;
  headers: number;
  headersTimeoutMs: number;
  bodyIdleTimeoutMs: number;
  bodyBytesPerSecond: number;
  requestTimeoutMs: number;
  replyIdleTimeoutMs: number;
  replyBytesPerSecond: number;
  keepAliveMs: number;
  streams: number;
  streamsPerAccount: number;
  drainBytes: number;
  stopMs: number;
  connections: number;
  connectionsPerAddress: number;
  refusedConnections: number;
}

const over =
  (kind: Refusal['kind'], status: number) =>
  (limit: keyof HttpLimits, message: string): Refusal => ({
    kind,
    status,
    message: `${message} (limits.http.${limit}).`,
  });

export const tooLarge = over('too-large', 413);
export const timedOut = over('timeout', 408);
export const overBodyBytes = (limits: HttpLimits): Refusal =>
  tooLarge('bodyBytes', `The request body is longer than ${limits.bodyBytes} bytes`);
/** Others hold what memory there is for bodies. */
export const overBodiesBytes = (limits: HttpLimits): Refusal =>
  over('throttled', 503)('bodiesBytes', `All request bodies together are longer than ${limits.bodiesBytes} bytes`);
export const overRepliesBytes = (limits: HttpLimits): Refusal =>
  over('throttled', 503)(
    'repliesBytes',
    `There is no room for the reply: all replies together would be longer than ${limits.repliesBytes} bytes`,
  );
export const overHeaderBytes = (limits: HttpLimits): Refusal =>
  over('too-large', 431)('headerBytes', `The request headers are longer than ${limits.headerBytes} bytes`);
export const overHeaders = (limits: HttpLimits): Refusal =>
  over('too-large', 431)('headers', `The request has more than ${limits.headers} headers`);
export const overStreams = (limits: HttpLimits): Refusal =>
  over('throttled', 503)('streams', `${limits.streams} streams of events are open already`);
export const overStreamsPerAccount = (limits: HttpLimits): Refusal =>
  over('throttled', 429)(
    'streamsPerAccount',
    `The account has ${limits.streamsPerAccount} streams of events open already`,
  );
export const malformed = (message: string): Refusal => ({ kind: 'malformed', status: 400, message });
export const unsupportedCoding: Refusal = {
  kind: 'unsupported-encoding',
  status: 415,
  message: 'The request body has a content coding other than a single gzip or deflate.',
};
/** RFC 9110 section 10.1.1 and RFC 9112 sections 2.3, 6.1 and 6.3 have a status for each of these. */
export const unmetExpectation: Refusal = {
  kind: 'malformed',
  status: 417,
  message: 'The request expects something else than 100-continue.',
};
export const lengthRequired: Refusal = {
  kind: 'malformed',
  status: 411,
  message: 'A POST of HTTP/1.0 must have a header Content-Length.',
};
export const versionNotSupported: Refusal = {
  kind: 'malformed',
  status: 505,
  message: 'The request is of another version of HTTP than 1.0 and 1.1.',
};
export const notImplemented = (message: string): Refusal => ({ kind: 'malformed', status: 501, message });
