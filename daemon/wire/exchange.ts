/** One request and its reply. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BodyReader, readBody } from './body.ts';
import { codingForReply, codingFromHeader } from './coding.ts';
import { type Connection, linger } from './connection.ts';
import { type HttpLimits, malformed, overBodyBytes, overHeaders, unsupportedCoding } from './refusal.ts';
import type { Handler, HttpReply, HttpRequest, Refusal } from './route.ts';
import type { Endpoint, Routing } from './routing.ts';
import { type Body, compress, isPieces, lengthOf, writePieces } from './writing.ts';

/** Below this, a reply fits into few packets and compressing it costs more than it saves. */
const compressedFrom = 16 * 1024;

/** What exchanges need of the server. */
export interface Serving {
  routing: Routing;
  limits: HttpLimits;
  /** Whether the server is closing: replies then end their connection. */
  closing: boolean;
  /** Bytes of bodies that came in several packets and are not answered yet; within `limits.bodiesBytes`. */
  heldBytes: number;
  refused(kind: string): void;
  failed(error: unknown, path: string): void;
}

const text = (status: number, message: string, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
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
  #controller: AbortController | undefined;
  readonly #serving: Serving;
  readonly #connection: Connection;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #endpoint: Endpoint | undefined;
  #reader: BodyReader | undefined;
  #expected: number | undefined = undefined;
  /** Whether (part of) a body is still to come: the connection cannot be used for another request then. */
  #unread = false;
  #replied = false;
  #held = 0;

  constructor(serving: Serving, connection: Connection, request: IncomingMessage, response: ServerResponse) {
    this.#serving = serving;
    this.#connection = connection;
    this.#request = request;
    this.#response = response;
    this.method = request.method as string;
    // Node joins repeated headers, all but Set-Cookie, which is no request header.
    this.headers = request.headers as Record<string, string | undefined>;
  }

  get connection(): object {
    return this.#connection;
  }

  get remote(): string {
    return this.#connection.address;
  }

  /** Made when it is first asked for: most requests are answered before anyone could abort them. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#connection.gone) this.#controller.abort();
      else if (!this.#replied) this.#connection.waiting.add(this);
    }
    return this.#controller.signal;
  }

  /** The peer has gone, or sends nothing more. */
  abort(): void {
    this.#controller?.abort();
  }

  begin(expectsContinue: boolean) {
    const { headers } = this;
    const length = headers['content-length'];
    if (length !== undefined) this.#expected = Number(length);
    const chunked = headers['transfer-encoding'] !== undefined;
    this.#unread = chunked || (this.#expected ?? 0) > 0;
    const endpoint = this.#locate(this.#request.url as string);
    if (endpoint === undefined) return;
    this.#endpoint = endpoint;
    const wrong = this.#wrongHeaders();
    if (wrong !== undefined) return this.#refuse(wrong);
    if (this.method === 'POST' && endpoint.POST) return this.#receive(endpoint.POST, chunked, expectsContinue);
    if ((this.method === 'GET' || this.method === 'HEAD') && endpoint.GET) return this.#handle(endpoint.GET);
    const headersOfReply = { Allow: endpoint.allow };
    if (this.method === 'OPTIONS') return this.#send({ status: 204, headers: headersOfReply, body: '' });
    this.#serving.refused('method-not-allowed');
    this.#send(text(405, `${this.path} takes ${endpoint.allow}.`, headersOfReply));
  }

  #wrongHeaders(): Refusal | undefined {
    const { rawHeaders } = this.#request;
    const { limits } = this.#serving;
    if (rawHeaders.length > 2 * limits.headers) return overHeaders(limits);
    if (this.headers.authorization === undefined) return undefined;
    let seen = 0;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string;
      if (name.length === 'authorization'.length && name.toLowerCase() === 'authorization') seen += 1;
    }
    // Node takes the first, and what stands before us may have judged by another.
    return seen > 1 ? malformed('The request has more than one Authorization header.') : undefined;
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

  #receive(handler: Handler, chunked: boolean, expectsContinue: boolean) {
    const expected = this.#expected;
    if (fromAnotherSite(this.headers)) {
      this.#serving.refused('another-site');
      return this.#send(text(403, 'Pages of other sites may not make calls.'));
    }
    if (expected !== undefined && expected > this.#serving.limits.bodyBytes) {
      return this.#refuse(overBodyBytes(this.#serving.limits));
    }
    const coding = codingFromHeader(this.headers['content-encoding']);
    if (coding === undefined) return this.#refuse(unsupportedCoding);
    if (!this.#unread) return this.#handle(handler);
    if (expectsContinue) this.#response.writeContinue();
    const read = (first: Buffer | null) => {
      this.#connection.reading = this;
      this.#reader = readBody({
        request: this.#request,
        expected,
        first,
        coding,
        limits: this.#serving.limits,
        hold: (bytes) => this.#hold(bytes),
        gone: () => this.#letGo(),
        done: (body, refusal) => {
          this.#connection.reading = undefined;
          this.#reader = undefined;
          if (body === undefined) return this.#refuse(refusal as Refusal);
          this.#unread = false;
          this.body = body;
          this.#handle(handler);
        },
      });
    };
    if (chunked || coding !== 'identity') return read(null);
    // Nearly every call comes in one packet: by the next tick the parser has seen all of it, and one read takes it
    // without a listener, a timer or a copy.
    process.nextTick(() => {
      const first: Buffer | null = this.#request.read();
      if (first === null || first.length !== expected) return read(first);
      this.#unread = false;
      this.body = first;
      this.#handle(handler);
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
    if (this.#controller) this.#connection.waiting.delete(this);
    const { body } = reply;
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

  #write({ status, headers }: HttpReply, given: Body, length: number) {
    // What fits into few packets costs less as one piece.
    const body = isPieces(given) && length < compressedFrom ? Buffer.concat(given, length) : given;
    const connection = this.#connection;
    const response = this.#response;
    const bare = status === 204 || status === 304;
    const lines: string[] = [];
    for (const name of Object.keys(headers)) lines.push(name, headers[name] as string);
    if (!bare) lines.push('Content-Length', String(length));
    const last = this.#unread || this.#serving.closing;
    if (last) lines.push('Connection', 'close');
    if (this.#unread) linger(connection, this.#serving.limits.drainBytes, this.#serving.limits.bodyIdleTimeoutMs);
    try {
      response.writeHead(status, lines);
    } catch (error) {
      // A header that HTTP cannot carry: nothing has been sent yet.
      this.#serving.failed(error, this.path);
      response.writeHead(500, ['Content-Length', '0']);
      connection.pending -= 1;
      response.end();
      return;
    }
    const handedOver = () => {
      connection.pending -= 1;
    };
    if (bare || this.method === 'HEAD') {
      handedOver();
      response.end();
    } else if (isPieces(body)) {
      writePieces(response, body, () => {
        handedOver();
        // The server may have been told to close since the headers promised to keep the connection.
        if (this.#serving.closing && !last) connection.socket.destroySoon();
      });
    } else {
      handedOver();
      // Text that is as long in bytes is ASCII, which Node writes several times faster when it is told so.
      if (typeof body === 'string') response.end(body, body.length === length ? 'latin1' : 'utf8');
      else response.end(body);
    }
    if (connection.socket.writableLength > 0) connection.socket.setTimeout(this.#serving.limits.replyIdleTimeoutMs);
  }
}
