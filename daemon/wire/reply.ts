/** The reply to a request: which way it goes out, and whether its connection is kept. */
import { codingForReply } from './coding.ts';
import { type Connection, plainText } from './connection.ts';
import { type Endless, writeEndless } from './endless.ts';
import type { Head } from './head.ts';
import { type HttpLimits, overRepliesBytes } from './refusal.ts';
import { closes, encodeReplyHead, type ReplyHead } from './reply-head.ts';
import type { HttpReply, Refusal, ReplyRoom } from './route.ts';
import type { Routing } from './routing.ts';
import type { Streams } from './streams.ts';
import { type Body, heldBy, lengthOf, type Packing, pack, writePacked, writeParts, writeWhole } from './writing.ts';

/** Below this, a reply fits into few packets and compressing it costs more than it saves. */
const packedFrom = 16 * 1024;

/** Up to this, a reply is compressed first and has its length; a longer one is compressed while it is sent, in chunks. */
const packedAtOnce = 256 * 1024;

/** Up to this, a reply is written in one go, and does not count among those that are held. */
const writtenAtOnce = 64 * 1024;

/** What exchanges need of the server. */
export interface Serving {
  routing: Routing;
  limits: HttpLimits;
  /** Whether an address is that of a proxy, which says whose a request is. */
  isProxy(address: string): boolean;
  /** Milliseconds in which the headers of a request must come. */
  headersWithinMs: number;
  /** What replies say of a connection that is kept. */
  keeps: string;
  /** Whether the server is closing: replies then end their connection. */
  closing: boolean;
  /** Bytes of bodies that came in several packets and are not answered yet; within `limits.bodiesBytes`. */
  heldBytes: number;
  /** Bytes of long replies that are being made or sent; within `limits.repliesBytes`. */
  repliesBytes: number;
  /** Replies without an end that are under way. */
  streams: Streams;
  /** Aborted when the server stops: what has no end of its own ends then. */
  stopping: AbortSignal;
  /** Sends a reply, together with others that are ready. */
  outgoing(send: () => void): void;
  refused(kind: string): void;
  failed(error: unknown, path: string): void;
}

export const text = (status: number, message: string, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { ...plainText, ...headers },
  body: `${message}\n`,
});

/** A request as far as its reply needs it. */
export class Replying implements ReplyRoom {
  readonly method: string;
  path = '';
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly connection: Connection;
  protected readonly serving: Serving;
  protected readonly head: Head;
  /** Whether there is a body that has not been read: the connection cannot be used for another request then. */
  protected unread: boolean;
  #gone: AbortController | undefined;
  #ended: AbortController | undefined;
  #replied = false;
  /** Bytes that it has of all that are held for replies. */
  #holds = 0;

  constructor(serving: Serving, connection: Connection, head: Head) {
    this.serving = serving;
    this.connection = connection;
    this.head = head;
    this.unread = head.length !== 0;
    this.method = head.method;
    this.headers = head.headers;
  }

  /** Made when it is first asked for: most requests are answered before anyone could abort them. */
  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController();
      if (this.connection.gone && !this.#replied) this.#gone.abort();
    }
    return this.#gone.signal;
  }

  get ended(): AbortSignal {
    if (this.#ended === undefined) {
      this.#ended = new AbortController();
      if (this.connection.gone && !this.#replied) this.#ended.abort();
    }
    return this.#ended.signal;
  }

  /** The peer sends nothing more. */
  end(): void {
    this.#ended?.abort();
  }

  get room(): ReplyRoom {
    return this;
  }

  get over(): Refusal | undefined {
    const { repliesBytes, limits } = this.serving;
    return repliesBytes >= limits.repliesBytes ? overRepliesBytes(limits) : undefined;
  }

  hold(bytes: number): void {
    // A peer that has gone has been let go of already.
    if (this.connection.gone) return;
    this.#holds += bytes;
    this.serving.repliesBytes += bytes;
  }

  /** Nothing of the reply is held any more. */
  #release(): void {
    this.serving.repliesBytes -= this.#holds;
    this.#holds = 0;
  }

  /** The peer has gone. */
  abort(): void {
    this.#release();
    this.#gone?.abort();
    this.end();
  }

  /** The request is answered: what is held for it can go. */
  protected letGo(): void {}

  /** Answers a refusal instead of a reply. */
  protected refuse(_refusal: Refusal): void {}

  /** Sends the reply; a second one is nobody's. */
  protected send(reply: HttpReply) {
    if (this.#replied) return;
    const { body } = reply;
    const length = typeof body === 'function' ? 0 : lengthOf(body);
    if (typeof body !== 'function' && length > writtenAtOnce && !this.#takeRoom(heldBy(body, length)))
      return this.refuse(overRepliesBytes(this.serving.limits));
    this.#replied = true;
    this.letGo();
    if (typeof body === 'function') return this.#stream(reply, body);
    if (length < packedFrom) return this.#write(reply, body, length);
    const headers = { ...reply.headers, Vary: 'Accept-Encoding' };
    const packing = codingForReply(this.headers['accept-encoding']);
    if (packing === undefined) return this.#write({ ...reply, headers }, body, length);
    const packed = { ...reply, headers: { ...headers, 'Content-Encoding': packing } };
    if (length <= packedAtOnce) {
      pack(body, packing).then(
        (bytes) => this.#write(packed, bytes, bytes.length),
        () => this.#write({ ...reply, headers }, body, length),
      );
    } else if (this.head.takesChunks) this.#writePacked(packed, body, packing);
    else this.#write({ ...reply, headers }, body, length);
  }

  /** Room for a long reply; one that was put together of many results has it already. */
  #takeRoom(bytes: number): boolean {
    const { serving } = this;
    if (this.#holds === 0 && serving.repliesBytes + bytes > serving.limits.repliesBytes) return false;
    this.#release();
    this.hold(bytes);
    return true;
  }

  /** Without a length: the end of the connection is the end of the reply, if there ever is one. */
  #stream({ status, headers, account }: HttpReply, pieces: Endless) {
    const connection = this.connection;
    const serving = this.serving;
    const { limits } = serving;
    if (connection.gone) return connection.replied(true);
    const place = serving.streams.enter(account);
    if ('over' in place) {
      const { kind, status: refused, message } = place.over;
      serving.refused(kind);
      const reply = text(refused, message, { 'Retry-After': '10' });
      return this.#write(reply, reply.body as string, message.length + 1);
    }
    if (this.unread) connection.discard(limits.drainBytes);
    connection.socket.write(encodeReplyHead({ status, headers, length: undefined, connection: closes }), 'latin1');
    if (this.method === 'HEAD') {
      place.leave();
      return connection.replied(true);
    }
    const over = AbortSignal.any([this.ended, serving.stopping]);
    writeEndless(connection.socket, pieces, over, () => connection.watchReader())
      .catch((error) => serving.failed(error, this.path))
      .finally(() => {
        place.leave();
        connection.replied(true);
      });
  }

  /** The head of a reply, and whether that is the last one. Undefined when there can be none, which is answered. */
  #open({ status, headers }: HttpReply, length: ReplyHead['length']): { head: string; last: boolean } | undefined {
    const connection = this.connection;
    const serving = this.serving;
    const last = this.unread || serving.closing || !this.head.keepAlive || connection.last;
    if (this.unread) connection.discard(serving.limits.drainBytes);
    const about = { status, headers, length, connection: last ? closes : serving.keeps };
    try {
      return { head: encodeReplyHead(about), last };
    } catch (error) {
      // Nothing has been sent yet.
      serving.failed(error, this.path);
      connection.socket.write(encodeReplyHead({ ...about, status: 500, headers: {}, length: 0 }), 'latin1');
      this.#done(last);
      return undefined;
    }
  }

  #write(reply: HttpReply, body: Body, length: number) {
    const { status } = reply;
    const bare = status === 204 || status === 304;
    const begun = this.#open(reply, bare ? undefined : length);
    if (begun === undefined) return;
    const { head, last } = begun;
    const connection = this.connection;
    const { socket } = connection;
    if (bare || this.method === 'HEAD') socket.write(head, 'latin1');
    else if (length <= writtenAtOnce) writeWhole(socket, head, body, length);
    else {
      writeParts(socket, head, body, (error) => this.#written(last, error));
      return connection.watchReader();
    }
    connection.watchReader();
    this.#done(last);
  }

  #writePacked(reply: HttpReply, body: Body, packing: Packing) {
    const connection = this.connection;
    const begun = this.#open(reply, 'chunked');
    if (begun === undefined || connection.gone) return;
    const { head, last } = begun;
    if (this.method === 'HEAD') {
      connection.socket.write(head, 'latin1');
      return this.#done(last);
    }
    writePacked(connection.socket, head, body, packing, this.signal).then(
      () => this.#written(last),
      (error) => this.#written(last, error),
    );
  }

  /** All of a long body has been handed over, unless there is an error: then the peer must not take it for whole. */
  #written(last: boolean, error?: Error) {
    const connection = this.connection;
    if (error === undefined) {
      // The server may have been told to close since the head promised to keep the connection.
      return this.#done(last || this.serving.closing);
    }
    if (!connection.gone) this.serving.failed(error, this.path);
    connection.socket.destroy();
  }

  /** All of the reply has been handed over. */
  #done(last: boolean) {
    this.#release();
    this.connection.replied(last);
  }
}
