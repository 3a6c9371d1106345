/** One request and its reply. */
import { type BodyReader, readBody } from './body.ts';
import { codingForReply, codingFromHeader } from './coding.ts';
import { type Connection, plainText } from './connection.ts';
import { type Endless, writeEndless } from './endless.ts';
import type { Head } from './head.ts';
import { type HttpLimits, malformed, overBodyBytes, overHeaders, overStreams, unsupportedCoding } from './refusal.ts';
import { closes, encodeReplyHead } from './reply-head.ts';
import type { Handler, HttpReply, HttpRequest, Refusal } from './route.ts';
import type { Endpoint, Routing } from './routing.ts';
import { type Body, compress, isPieces, lengthOf, writePieces } from './writing.ts';

/** Below this, a reply fits into few packets and compressing it costs more than it saves. */
const compressedFrom = 16 * 1024;

/** What exchanges need of the server. */
export interface Serving {
  routing: Routing;
  limits: HttpLimits;
  /** Milliseconds in which the headers of a request must come. */
  headersWithinMs: number;
  /** What replies say of a connection that is kept. */
  keeps: string;
  /** Whether the server is closing: replies then end their connection. */
  closing: boolean;
  /** Bytes of bodies that came in several packets and are not answered yet; within `limits.bodiesBytes`. */
  heldBytes: number;
  /** How many replies without an end are under way; within `limits.streams`. */
  streams: number;
  /** Aborted when the server stops: what has no end of its own ends then. */
  stopping: AbortSignal;
  refused(kind: string): void;
  failed(error: unknown, path: string): void;
}

const text = (status: number, message: string, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { ...plainText, ...headers },
  body: `${message}\n`,
});
const plainRefusal = ({ status, message }: Refusal): HttpReply => text(status, message);
const isPromise = (reply: HttpReply | Promise<HttpReply>): reply is Promise<HttpReply> =>
  typeof (reply as { then?: unknown }).then === 'function';

const noBody = Buffer.alloc(0);

/**
 * Whether a page of another site sent the request: a browser would add the credentials that it keeps for us. Programs
 * that are no browsers send neither header.
 */
const fromAnotherSite = ({ host, origin, 'sec-fetch-site': site }: HttpRequest['headers']): boolean => {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
};

export class Exchange implements HttpRequest {
  readonly method: string;
  path = '';
  query = '';
  readonly headers: Readonly<Record<string, string | undefined>>;
  body: Buffer = noBody;
  #gone: AbortController | undefined;
  #ended: AbortController | undefined;
  readonly #serving: Serving;
  readonly #connection: Connection;
  readonly #head: Head;
  #endpoint: Endpoint | undefined;
  #reader: BodyReader | undefined;
  /** Whether there is a body that has not been read: the connection cannot be used for another request then. */
  #unread: boolean;
  #replied = false;
  #held = 0;

  constructor(serving: Serving, connection: Connection, head: Head) {
    this.#serving = serving;
    this.#connection = connection;
    this.#head = head;
    this.#unread = head.length !== 0;
    this.method = head.method;
    this.headers = head.headers;
  }

  get connection(): object {
    return this.#connection;
  }

  get remote(): string {
    return this.#connection.address;
  }

  /** Made when it is first asked for: most requests are answered before anyone could abort them. */
  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController();
      if (this.#connection.gone && !this.#replied) this.#gone.abort();
    }
    return this.#gone.signal;
  }

  get ended(): AbortSignal {
    if (this.#ended === undefined) {
      this.#ended = new AbortController();
      if (this.#connection.gone && !this.#replied) this.#ended.abort();
    }
    return this.#ended.signal;
  }

  /** The peer sends nothing more. */
  end(): void {
    this.#ended?.abort();
  }

  /** The peer has gone. */
  abort(): void {
    this.#gone?.abort();
    this.end();
  }

  begin() {
    const endpoint = this.#locate(this.#head.target);
    if (endpoint === undefined) return;
    this.#endpoint = endpoint;
    const wrong = this.#wrongHeaders();
    if (wrong !== undefined) return this.#refuse(wrong);
    if (this.method === 'POST' && endpoint.POST) return this.#receive(endpoint.POST);
    if ((this.method === 'GET' || this.method === 'HEAD') && endpoint.GET) return this.#handle(endpoint.GET);
    const headersOfReply = { Allow: endpoint.allow };
    if (this.method === 'OPTIONS') return this.#send({ status: 204, headers: headersOfReply, body: '' });
    this.#serving.refused('method-not-allowed');
    this.#send(text(405, `${this.path} takes ${endpoint.allow}.`, headersOfReply));
  }

  #wrongHeaders(): Refusal | undefined {
    const { limits } = this.#serving;
    if (this.#head.count > limits.headers) return overHeaders(limits);
    // The first is taken, and what stands before us may have judged by another.
    return this.#head.authorizedTwice ? malformed('The request has more than one Authorization header.') : undefined;
  }

  #hold(bytes: number): boolean {
    this.#held += bytes;
    this.#serving.heldBytes += bytes;
    return this.#serving.heldBytes <= this.#serving.limits.bodiesBytes;
  }

  #letGo() {
    this.#serving.heldBytes -= this.#held;
    this.#held = 0;
  }

  /** Refuse the request while its body is being read; whether it was. */
  refuseReading(refusal: Refusal): boolean {
    if (this.#reader === undefined) return false;
    this.#reader.refuse(refusal);
    return true;
  }

  #locate(url: string): Endpoint | undefined {
    const { routing } = this.#serving;
    const exact = routing.exact.get(url);
    if (exact !== undefined) {
      this.path = url;
      return exact;
    }
    // A request to a proxy names the whole URL (RFC 9112 section 3.2.2).
    const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
    const mark = target.indexOf('?');
    const raw = (mark < 0 ? target : target.slice(0, mark)) || '/';
    this.query = mark < 0 ? '' : target.slice(mark + 1);
    try {
      this.path = raw.includes('%') ? decodeURIComponent(raw) : raw;
    } catch {
      this.#refuse(malformed('The path of the request is not valid percent-encoded UTF-8.'));
      return undefined;
    }
    const endpoint = routing.find(this.path);
    if (endpoint !== undefined) return endpoint;
    if (this.method === 'OPTIONS' && raw === '*') {
      this.#send({ status: 204, headers: { Allow: 'GET, HEAD, POST, OPTIONS' }, body: '' });
      return undefined;
    }
    this.#serving.refused('not-found');
    this.#send(text(404, 'There is nothing at this path.'));
    return undefined;
  }

  #receive(handler: Handler) {
    const { limits } = this.#serving;
    const { length, expectsContinue } = this.#head;
    const connection = this.#connection;
    if (fromAnotherSite(this.headers)) {
      this.#serving.refused('another-site');
      return this.#send(text(403, 'Pages of other sites may not make calls.'));
    }
    if (length !== 'chunked' && length > limits.bodyBytes) return this.#refuse(overBodyBytes(limits));
    const coding = codingFromHeader(this.headers['content-encoding']);
    if (coding === undefined) return this.#refuse(unsupportedCoding);
    if (!this.#unread) return this.#handle(handler);
    // Nearly every call comes in one packet with its head: then there is no stream, no timer and no copy.
    const body = coding === 'identity' && length !== 'chunked' ? connection.takeBody(length) : undefined;
    if (body !== undefined) {
      this.#unread = false;
      this.body = body;
      return this.#handle(handler);
    }
    if (expectsContinue) connection.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
    this.#reader = readBody({
      request: connection.receiveBody(length),
      expected: length === 'chunked' ? undefined : length,
      coding,
      limits,
      hold: (bytes) => this.#hold(bytes),
      gone: () => this.#letGo(),
      done: (whole, refusal) => {
        this.#reader = undefined;
        if (whole === undefined) return this.#refuse(refusal as Refusal);
        this.#unread = false;
        this.body = whole;
        this.#handle(handler);
      },
    });
  }

  #handle(handler: Handler) {
    let reply: HttpReply | Promise<HttpReply>;
    try {
      reply = handler(this);
    } catch (error) {
      return this.#fail(error);
    }
    if (!isPromise(reply)) return this.#send(reply);
    reply.then(
      (ready) => this.#send(ready),
      (error) => this.#fail(error),
    );
  }

  #fail(error: unknown) {
    this.#serving.failed(error, this.path);
    this.#send(text(500, 'Internal error.'));
  }

  #refuse(refusal: Refusal) {
    this.#serving.refused(refusal.kind);
    const inWords = this.#endpoint?.refuse;
    if (inWords === undefined) return this.#send(plainRefusal(refusal));
    this.#handle(() => inWords(refusal, this));
  }

  #send(reply: HttpReply) {
    if (this.#replied) return;
    this.#replied = true;
    this.#letGo();
    const { body } = reply;
    if (typeof body === 'function') return this.#stream(reply, body);
    const length = lengthOf(body);
    if (length < compressedFrom) return this.#write(reply, body, length);
    const headers = { ...reply.headers, Vary: 'Accept-Encoding' };
    const coding = codingForReply(this.headers['accept-encoding']);
    if (coding === undefined) return this.#write({ ...reply, headers }, body, length);
    compress(body, coding, (error, packed) => {
      if (error) return this.#write({ ...reply, headers }, body, length);
      this.#write({ ...reply, headers: { ...headers, 'Content-Encoding': coding } }, packed, lengthOf(packed));
    });
  }

  /** Without a length: the end of the connection is the end of the reply, if there ever is one. */
  #stream({ status, headers }: HttpReply, pieces: Endless) {
    const connection = this.#connection;
    const serving = this.#serving;
    const { limits } = serving;
    if (connection.gone) return connection.replied(true);
    if (serving.streams >= limits.streams) {
      const over = overStreams(limits);
      serving.refused(over.kind);
      const reply = text(over.status, over.message, { 'Retry-After': '10' });
      return this.#write(reply, reply.body as string, over.message.length + 1);
    }
    if (this.#unread) connection.discard(limits.drainBytes);
    connection.socket.write(encodeReplyHead({ status, headers, length: undefined, connection: closes }), 'latin1');
    if (this.method === 'HEAD') return connection.replied(true);
    const over = AbortSignal.any([this.ended, serving.stopping]);
    serving.streams += 1;
    writeEndless(connection.socket, pieces, over, () => connection.watchReader())
      .catch((error) => serving.failed(error, this.path))
      .finally(() => {
        serving.streams -= 1;
        connection.replied(true);
      });
  }

  #write({ status, headers }: HttpReply, given: Body, length: number) {
    // What fits into few packets costs less as one piece.
    const body = isPieces(given) && length < compressedFrom ? Buffer.concat(given, length) : given;
    const connection = this.#connection;
    const { socket } = connection;
    const serving = this.#serving;
    const bare = status === 204 || status === 304;
    const last = this.#unread || serving.closing || !this.#head.keepAlive || connection.last;
    if (this.#unread) connection.discard(serving.limits.drainBytes);
    const about = { status, headers, length: bare ? undefined : length, connection: last ? closes : serving.keeps };
    let head: string;
    try {
      head = encodeReplyHead(about);
    } catch (error) {
      // Nothing has been sent yet.
      serving.failed(error, this.path);
      socket.write(encodeReplyHead({ ...about, status: 500, headers: {}, length: 0 }), 'latin1');
      return connection.replied(last);
    }
    if (bare || this.method === 'HEAD') socket.write(head, 'latin1');
    // Text that is as long in bytes is ASCII, which is written several times faster as Latin-1.
    else if (typeof body === 'string') socket.write(head + body, body.length === length ? 'latin1' : 'utf8');
    else if (isPieces(body)) {
      socket.write(head, 'latin1');
      // The server may have been told to close since the head promised to keep the connection.
      writePieces(connection.outlet, body, () => connection.replied(last || serving.closing));
      return connection.watchReader();
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
    connection.watchReader();
    connection.replied(last);
  }
}
