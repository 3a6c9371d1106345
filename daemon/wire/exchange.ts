/** One request: read, handled, and answered. */
import { type BodyReader, readBody } from './body.ts';
import type { Bytes } from './bytes.ts';
import { codingFromHeader } from './coding.ts';
import { callerOf } from './forwarded.ts';
import { malformed, overBodyBytes, overHeaders, unsupportedCoding } from './refusal.ts';
import { Replying, text } from './reply.ts';
import type { Handler, HttpReply, HttpRequest, Refusal } from './route.ts';
import type { Endpoint } from './routing.ts';

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

export class Exchange extends Replying implements HttpRequest {
  query = '';
  body: Buffer | Bytes = noBody;
  #endpoint: Endpoint | undefined;
  #reader: BodyReader | undefined;
  #held = 0;

  get remote(): string {
    return callerOf(this.connection.address, this.headers['x-forwarded-for'], this.serving.isProxy);
  }

  begin() {
    const endpoint = this.#locate(this.head.target);
    if (endpoint === undefined) return;
    this.#endpoint = endpoint;
    const wrong = this.#wrongHeaders();
    if (wrong !== undefined) return this.refuse(wrong);
    if (this.method === 'POST' && endpoint.POST) return this.#receive(endpoint.POST);
    if ((this.method === 'GET' || this.method === 'HEAD') && endpoint.GET) return this.#handle(endpoint.GET);
    const headersOfReply = { Allow: endpoint.allow };
    if (this.method === 'OPTIONS') return this.send({ status: 204, headers: headersOfReply, body: '' });
    this.serving.refused('method-not-allowed');
    this.send(text(405, `${this.path} takes ${endpoint.allow}.`, headersOfReply));
  }

  #wrongHeaders(): Refusal | undefined {
    const { limits } = this.serving;
    if (this.head.count > limits.headers) return overHeaders(limits);
    // The first is taken, and what stands before us may have judged by another.
    return this.head.authorizedTwice ? malformed('The request has two Authorization headers that differ.') : undefined;
  }

  #hold(bytes: number): boolean {
    this.#held += bytes;
    this.serving.heldBytes += bytes;
    return this.serving.heldBytes <= this.serving.limits.bodiesBytes;
  }

  protected override letGo() {
    this.serving.heldBytes -= this.#held;
    this.#held = 0;
  }

  /** Refuse the request while its body is being read; whether it was. */
  refuseReading(refusal: Refusal): boolean {
    if (this.#reader === undefined) return false;
    this.#reader.refuse(refusal);
    return true;
  }

  #locate(url: string): Endpoint | undefined {
    const { routing } = this.serving;
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
      this.refuse(malformed('The path of the request is not valid percent-encoded UTF-8.'));
      return undefined;
    }
    const endpoint = routing.find(this.path);
    if (endpoint !== undefined) return endpoint;
    if (this.method === 'OPTIONS' && raw === '*') {
      this.send({ status: 204, headers: { Allow: 'GET, HEAD, POST, OPTIONS' }, body: '' });
      return undefined;
    }
    this.serving.refused('not-found');
    this.send(text(404, 'There is nothing at this path.'));
    return undefined;
  }

  #receive(handler: Handler) {
    const { limits } = this.serving;
    const { length, expectsContinue } = this.head;
    const connection = this.connection;
    if (fromAnotherSite(this.headers)) {
      this.serving.refused('another-site');
      return this.send(text(403, 'Pages of other sites may not make calls.'));
    }
    if (length !== 'chunked' && length > limits.bodyBytes) return this.refuse(overBodyBytes(limits));
    const coding = codingFromHeader(this.headers['content-encoding']);
    if (coding === undefined) return this.refuse(unsupportedCoding);
    if (!this.unread) return this.#handle(handler);
    // Nearly every call comes in one packet with its head: then there is no stream, no timer and no copy.
    const body = coding === 'identity' && length !== 'chunked' ? connection.takeBody(length) : undefined;
    if (body !== undefined) {
      this.unread = false;
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
      gone: () => this.letGo(),
      done: (whole, refusal) => {
        this.#reader = undefined;
        if (whole === undefined) return this.refuse(refusal as Refusal);
        this.unread = false;
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
    if (!isPromise(reply)) return this.send(reply);
    reply.then(
      (ready) => this.serving.outgoing(() => this.send(ready)),
      (error) => this.#fail(error),
    );
  }

  #fail(error: unknown) {
    this.serving.failed(error, this.path);
    this.send(text(500, 'Internal error.'));
  }

  protected override refuse(refusal: Refusal) {
    this.serving.refused(refusal.kind);
    const inWords = this.#endpoint?.refuse;
    if (inWords === undefined) return this.send(plainRefusal(refusal));
    this.#handle(() => inWords(refusal, this));
  }
}
