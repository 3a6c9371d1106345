/**
 * HTTP to the server behind a bridge: one request, one reply, within bounds, over a connection of its own. Many such
 * servers serve one connection at a time: one that was kept would hold up all others; and when it is closed at the moment
 * of the next request, nobody knows whether that was read. Redirects are not followed, nothing is decompressed, and
 * credentials go where the configuration says and nowhere else. What fails is a `Fault` that says whether the server can
 * have seen the request.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { secureTrouble } from '../../../plugin-protocol/connection/secure.ts';
import { Fault, type FaultKind, type Outcome } from '../../../plugin-protocol/faults.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';

export interface Reach {
  username?: string;
  password?: string;
  /** PEM: the authorities of the server's certificate, instead of those that Node knows. */
  ca?: string;
  /** Bytes of a reply. */
  mostBytes: number;
  /** Milliseconds from the request to the end of the reply. */
  timeoutMs: number;
}

export interface Asked {
  url: URL;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Whether the request may change something: when it fails, what has happened may then not be known. */
  changes: boolean;
  /** Milliseconds that the caller waits, when that is less than the bridge would. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a reply says of itself that is no XML, to go before the complaint about it; empty where it says nothing of the kind. */
export const typeComplaint = ({ headers }: Reply): string => {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  return type === '' || type.includes('xml') || type === 'multipart/related'
    ? ''
    : `It is ${shortened(type)}, so this may be the wrong address. `;
};

/** Where something is, for words about it: what stands behind a question mark may be a secret. */
export const placeOf = ({ origin, pathname }: URL): string => shortened(`${origin}${pathname}`);

const retryAfter = (headers: IncomingHttpHeaders): { retryAfterMs?: number } => {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 86_400) * 1000 } : {};
};

export class Http {
  readonly #reach: Reach;
  readonly #authorization: { Authorization?: string };

  constructor(reach: Reach) {
    const { username, password = '' } = reach;
    this.#reach = reach;
    this.#authorization =
      username === undefined
        ? {}
        : { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }

  /** Resolves with any reply but those that say for themselves what is wrong, whatever is in it. Throws `Fault`. */
  async ask({ url, method, headers, body, changes, timeoutMs, signal }: Asked): Promise<Reply> {
    signal?.throwIfAborted();
    const { mostBytes, ca } = this.#reach;
    const patience = Math.min(timeoutMs ?? Infinity, this.#reach.timeoutMs);
    const tls = url.protocol === 'https:';
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    // Until the request can have gone out, nothing has happened.
    let outcome: Outcome = 'none';
    const fail = (kind: FaultKind, message: string) =>
      reject(new Fault(kind, message, { outcome: changes ? outcome : 'none' }));
    const request = (tls ? tlsRequest : plainRequest)(url, {
      method,
      agent: false,
      ...(ca === undefined ? {} : { ca }),
      headers: {
        ...this.#authorization,
        'Accept-Encoding': 'identity',
        'User-Agent': 'annelid',
        ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    const broken = (error: NodeJS.ErrnoException) => {
      const { code, message } = error;
      // Node's parser: there is a server, and what it says is not HTTP.
      if (code?.startsWith('HPE_'))
        return fail('failed', `What the server at ${placeOf(url)} answers is no HTTP: ${shortened(message)}.`);
      fail('unavailable', `The server at ${placeOf(url)} cannot be reached: ${troubleWith(url, error)}`);
    };
    request.on('socket', (socket) =>
      socket.once(tls ? 'secureConnect' : 'connect', () => {
        outcome = 'unknown';
      }),
    );
    request.on('error', broken);
    request.on('response', (response: IncomingMessage) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length <= mostBytes) pieces.push(piece);
        else {
          fail('failed', `The reply of ${placeOf(url)} is longer than ${mostBytes} bytes (replyMiB).`);
          request.destroy();
        }
      });
      response.on('error', broken);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    });
    const late = setTimeout(() => {
      fail('timeout', `The server at ${placeOf(url)} did not answer within ${patience} ms.`);
      request.destroy();
    }, patience);
    const cancel = () => {
      reject(signal!.reason);
      request.destroy();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    request.end(body);
    try {
      return judged(await promise, url, this.#reach);
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', cancel);
    }
  }
}

/** Why there is no connection, as the rest of a sentence: the names that systems have for it do not say what to do. */
const troubleWith = ({ protocol, host, hostname }: URL, error: NodeJS.ErrnoException): string => {
  const { code, message } = error;
  if (code === 'ECONNREFUSED') return `nobody listens at ${host} (${code}).`;
  if (code === 'ENOTFOUND') return `there is no host ${hostname} (${code}).`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is not for ${hostname}.`;
  if (protocol !== 'https:') return `${shortened(code ?? message)}.`;
  const trouble = secureTrouble(error, '');
  return trouble === 'it does not speak TLS'
    ? `${trouble}; does its URL begin with http://?`
    : `${shortened(trouble)}.`;
};

/** Replies of HTTP itself, as faults: in these, no program behind the server has said anything. */
const judged = (reply: Reply, url: URL, { username }: Reach): Reply => {
  const { status, headers } = reply;
  const place = placeOf(url);
  const none = { outcome: 'none', provider: `HTTP ${status}` } as const;
  if (status >= 300 && status < 400) {
    const to = URL.parse(headers.location ?? '', url.href);
    const where = to === null ? 'elsewhere' : `to ${placeOf(to)}`;
    throw new Fault(
      'failed',
      `The server at ${place} refers ${where}, which is not followed: give that address if it is the right one.`,
      none,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    const words =
      username === undefined && status === 401
        ? 'asks who is calling: give username and password'
        : 'refuses the credentials of the configuration';
    throw new Fault('unavailable', `The server at ${place} ${words}.`, none);
  }
  if (status === 404 || status === 405 || status === 410) {
    throw new Fault('failed', `The server has nothing to call at ${place} (HTTP ${status}).`, none);
  }
  if (status === 429) {
    throw new Fault('throttled', `The server at ${place} is called too often.`, { ...none, ...retryAfter(headers) });
  }
  if (status === 502 || status === 503) {
    const more = { provider: none.provider, ...retryAfter(headers) };
    throw new Fault('unavailable', `The server at ${place} is not available (HTTP ${status}).`, more);
  }
  if (status === 504) {
    throw new Fault('timeout', `What is behind ${place} did not answer in time (HTTP 504).`, {
      provider: none.provider,
    });
  }
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') {
    throw new Fault('failed', `The reply of ${place} is compressed (${shortened(coding)}), which was not asked for.`);
  }
  return reply;
};
