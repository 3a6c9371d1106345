/** A connection: what comes in is read as requests, each answered before the next one is begun. */
import type { Socket } from 'node:net';
import { Exchange } from './exchange.ts';
import type { Head } from './head.ts';
import { HeadReader } from './head-reader.ts';
import { IncomingBody } from './incoming-body.ts';
import { ReaderWatch } from './reader-watch.ts';
import { malformed, timedOut } from './refusal.ts';
import type { Serving } from './reply.ts';
import { closes, encodeReplyHead } from './reply-head.ts';
import type { Refusal } from './route.ts';

/** An IPv4 address is written as one also where a socket takes both families. */
export const addressOf = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');

const nothing = Buffer.alloc(0);
export const plainText = { 'Content-Type': 'text/plain; charset=utf-8' };

/** What is read of requests that are sent ahead; without it nobody would see the peer go. As much as comes at once. */
const readAhead = 64 * 1024;

/** What the peer is waited for; as long as a request is under way nothing is due. */
type Awaited = 'head' | 'next request' | 'body' | 'end';

export class Connection {
  readonly address: string;
  readonly socket: Socket;
  /** Whether the socket is closed. */
  gone = false;
  readonly #serving: Serving;
  /** What has come and is not used yet. */
  #rest: Buffer = nothing;
  readonly #heads: HeadReader;
  #exchange: Exchange | undefined;
  /** The body that is being received. */
  #body: IncomingBody | undefined;
  #pumping = false;
  #awaited: Awaited = 'head';
  /** When that must be there. */
  #due: number;
  /** When the first part of a request came that was not there at once. */
  #began: number | undefined;
  /** Bytes that are still read to be thrown away, once nobody wants them. */
  #drain: number | undefined;
  /** The peer sends nothing more. */
  #ended = false;
  /** Nothing more is read. */
  #over = false;
  readonly #reader: ReaderWatch;

  constructor(socket: Socket, serving: Serving) {
    this.socket = socket;
    this.address = addressOf(socket);
    this.#serving = serving;
    this.#due = performance.now() + serving.headersWithinMs;
    this.#heads = new HeadReader(serving.limits);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#close());
    socket.on('drain', () => this.#goOn());
    // Whatever it is, the socket closes, and nobody is there to be told.
    socket.on('error', () => undefined);
    this.#reader = new ReaderWatch(socket, serving.limits);
  }

  /** Whether a request is under way. */
  get busy(): boolean {
    return this.#exchange !== undefined;
  }

  /** Whether the reply that is sent now is the last: the peer has ended, and nothing that it sent before is left. */
  get last(): boolean {
    return this.#ended && this.#rest.length === 0;
  }

  #receive(chunk: Buffer): void {
    if (this.#drain !== undefined) {
      this.#drain -= chunk.length;
      if (this.#drain < 0) this.socket.destroy();
      return;
    }
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#goOn();
  }

  #goOn(): void {
    this.#pump();
    this.#flow();
  }

  /** Reads as long as somebody takes what comes, and a little ahead. */
  #flow(): void {
    if (this.#over) return;
    const { socket } = this;
    const full = this.#body?.full ?? this.#rest.length > (this.busy || socket.writableNeedDrain ? readAhead : Infinity);
    if (full && this.#drain === undefined) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  /** Goes on with what has come, as far as that is possible. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#rest.length > 0 && this.#drain === undefined && !this.#over) {
      if (this.#body !== undefined) this.#feed(this.#body);
      else if (this.busy || !this.#begin()) break;
    }
    this.#pumping = false;
    if (this.#ended && !this.busy) this.#endOfInput();
  }

  /** Begins with the next request, if its head is there. */
  #begin(): boolean {
    const { socket } = this;
    // The reply before is not read yet; its reader is timed.
    if (socket.writableNeedDrain) return false;
    const head = this.#readHead();
    if (head === undefined) return false;
    this.#due = Infinity;
    const exchange = new Exchange(this.#serving, this, head);
    this.#exchange = exchange;
    exchange.begin();
    // Sent ahead of an end that has been seen already: it is told of it as others are.
    if (this.#ended) setImmediate(() => this.#exchange === exchange && exchange.end());
    return true;
  }

  /** The head of the next request, taken from what has come; undefined when it is not there, or is refused. */
  #readHead(): Head | undefined {
    const heads = this.#heads;
    const head = heads.find(this.#rest);
    if (heads.used > 0) this.#use(heads.used);
    if (heads.wrong !== undefined) this.#refuse(heads.wrong);
    else if (head === undefined && this.#rest.length > 0) this.#awaitHead();
    return head;
  }

  /** So many bytes of what has come are used; of what is used nothing is kept. */
  #use(bytes: number): void {
    this.#rest = this.#rest.length === bytes ? nothing : this.#rest.subarray(bytes);
  }

  /** Only a part of it has come. */
  #awaitHead(): void {
    if (this.#began !== undefined) return;
    this.#began = performance.now();
    if (this.#awaited === 'head') return;
    this.#awaited = 'head';
    this.#due = this.#began + this.#serving.headersWithinMs;
  }

  #refuse(refusal: Refusal): void {
    this.#serving.refused(refusal.kind);
    this.refuse(refusal, this.#serving.limits.drainBytes);
  }

  /** Answers what is no request, and ends the connection; `bytes` of what still comes are read. */
  refuse({ status, message }: Pick<Refusal, 'status' | 'message'>, bytes: number): void {
    const head = encodeReplyHead({ status, headers: plainText, length: message.length + 1, connection: closes });
    this.discard(bytes);
    this.socket.write(`${head}${message}\n`, 'latin1');
    this.watchReader();
    this.replied(true);
  }

  /** The body of the request that has just begun, if all of it is there. */
  takeBody(length: number): Buffer | undefined {
    const rest = this.#rest;
    if (rest.length < length) return undefined;
    this.#use(length);
    return rest.length === length ? rest : rest.subarray(0, length);
  }

  /** The same, as it comes. */
  receiveBody(length: Head['length']): IncomingBody {
    const { limits } = this.#serving;
    this.#body = new IncomingBody(length, limits, () => this.#flow());
    this.#awaited = 'body';
    this.#due = (this.#began ?? performance.now()) + limits.requestTimeoutMs;
    return this.#body;
  }

  #feed(body: IncomingBody): void {
    const used = body.feed(this.#rest);
    if (typeof used !== 'number') {
      this.#rest = nothing;
      this.#exchange?.refuseReading(used);
      return;
    }
    this.#use(used);
    if (!body.complete) return;
    this.#body = undefined;
    this.#due = Infinity;
  }

  /**
   * What still comes is read and thrown away, up to so many bytes: closing at once would reset the connection, and most
   * clients would see that instead of the reply (RFC 9112 section 9.6).
   */
  discard(bytes: number): void {
    this.#drain = bytes;
    this.#rest = nothing;
    this.#body?.destroy();
    this.#body = undefined;
    this.#flow();
  }

  /** A reply is under way: a peer that does not read it is not waited for. */
  watchReader(): void {
    this.#reader.start();
  }

  /** The reply has been handed over. */
  replied(last: boolean): void {
    this.#exchange = undefined;
    if (last) {
      this.finish();
      return;
    }
    this.#began = undefined;
    this.#awaited = 'next request';
    this.#due = performance.now() + this.#serving.limits.keepAliveMs;
    if (this.#rest.length > 0 || this.#ended) this.#goOn();
  }

  /** Ends the connection once everything is written. */
  finish(): void {
    if (this.#drain === undefined || this.#ended) {
      this.#over = true;
      this.socket.pause().destroySoon();
      return;
    }
    this.#awaited = 'end';
    this.#due = performance.now() + this.#serving.limits.bodyIdleTimeoutMs;
    this.socket.end();
  }

  /**
   * The peer sends nothing more. One that has closed and one that has only finished sending look the same: nothing is
   * waited for any more that may not come, and whatever reply there is goes out.
   */
  #end(): void {
    this.#ended = true;
    const exchange = this.#exchange;
    exchange?.end();
    if (this.#body !== undefined) exchange?.refuseReading(malformed('The request ends in the middle of its body.'));
    else if (this.#awaited === 'end') this.socket.destroy();
    else this.#pump();
  }

  #endOfInput(): void {
    if (this.#drain !== undefined || this.#over) return;
    if (this.#rest.length > 0) this.#refuse(malformed('The request ends in the middle of its headers.'));
    else this.finish();
  }

  #close(): void {
    this.gone = true;
    this.#over = true;
    this.#exchange?.abort();
    this.#body?.destroy();
  }

  /** Called from time to time: what is overdue is not waited for. */
  check(now: number): void {
    this.#reader.check(now);
    if (now < this.#due) return;
    switch (this.#awaited) {
      case 'head':
        this.#refuse(timedOut('headersTimeoutMs', 'The headers of the request did not arrive in time'));
        break;
      case 'body':
        this.#exchange?.refuseReading(timedOut('requestTimeoutMs', 'The request did not arrive in time'));
        break;
      // As long as a reply is being read, its reader is timed.
      case 'next request':
        if (this.socket.writableLength === 0) this.finish();
        break;
      case 'end':
        if (this.socket.writableLength === 0) this.socket.destroy();
    }
  }
}
