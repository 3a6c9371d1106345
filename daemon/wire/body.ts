/** Reading a request body that did not come in one piece, or that is compressed or in chunks. */
import type { Readable, Transform } from 'node:stream';
import { type Coding, inflaterFor } from './coding.ts';
import { type HttpLimits, malformed, overBodiesBytes, overBodyBytes, timedOut, tooLarge } from './refusal.ts';
import type { Refusal } from './route.ts';

/** Short bodies compress to almost nothing, so a ratio says something only about long ones. */
const ratioCountsFrom = 1024 * 1024;

/** What is taken of a long body until others get their turn: Node reads up to 2 MiB at once, which takes 2 ms. */
const takenAtOnce = 256 * 1024;

/** Bodies up to this are joined when they are complete. */
const joinedAtEnd = 1024 * 1024;

/** So many pieces are made one: each by itself takes 200 bytes more, and a sender can make one of every byte. */
const piecesApart = 256;

export interface BodyReader {
  /** Stop, with this refusal unless the body is already complete. */
  refuse(refusal: Refusal): void;
}

export interface Reading {
  /** The body as it comes; `complete` once all of it has. */
  request: Readable & { readonly complete: boolean };
  /** Content-Length, when there is one. */
  expected: number | undefined;
  coding: Coding;
  limits: HttpLimits;
  /** Told of bytes before they are kept; whether there is room for them among all bodies. */
  hold: (bytes: number) => boolean;
  /** Called once, with the body or with why there is none; not at all when the peer goes. */
  done: (body: Buffer | undefined, refusal: Refusal | undefined) => void;
  /** The peer has gone. */
  gone: () => void;
}

/** Reads a body with the limits `bodyBytes`, `inflateRatio` and `bodyIdleTimeoutMs`; never holds more than `bodyBytes`. */
export const readBody = (reading: Reading): BodyReader => {
  const { request, limits, coding } = reading;
  const chunks: Buffer[] = [];
  /** How many of them are made of others. */
  let joined = 0;
  let received = 0;
  let kept = 0;
  let taken = 0;
  let settled = false;
  let inflater: Transform | undefined;

  const settle = (body: Buffer | undefined, refusal: Refusal | undefined): void => {
    if (settled) return;
    settled = true;
    clearTimeout(idle);
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    inflater?.destroy();
    reading.done(body, refusal);
  };
  const idle = setTimeout(
    () =>
      settle(
        undefined,
        timedOut('bodyIdleTimeoutMs', `Nothing more of the request body came for ${limits.bodyIdleTimeoutMs} ms`),
      ),
    limits.bodyIdleTimeoutMs,
  );
  // Joining a long body once it is there would hold up everybody else for a while. The memory is not touched, and so
  // not used, before that many bytes have come; but to be promised much of it makes Node collect garbage for everybody,
  // so that it is taken for a length that is announced, and a part of it sent.
  const isLong = coding === 'identity' && reading.expected !== undefined && reading.expected > joinedAtEnd;
  let whole: Buffer | undefined;
  const keep = (chunk: Buffer) => {
    const from = kept;
    kept += chunk.length;
    if (kept > limits.bodyBytes) return settle(undefined, overBodyBytes(limits));
    if (!reading.hold(chunk.length)) return settle(undefined, overBodiesBytes(limits));
    if (whole !== undefined) {
      chunk.copy(whole, from);
      return;
    }
    chunks.push(chunk);
    if (isLong && kept > joinedAtEnd) {
      whole = Buffer.allocUnsafeSlow(reading.expected as number);
      let at = 0;
      for (const piece of chunks.splice(0)) at += piece.copy(whole, at);
    } else if (chunks.length - joined === piecesApart) {
      chunks.push(Buffer.concat(chunks.splice(joined)));
      joined += 1;
    }
  };
  const complete = (): void =>
    settle(whole ?? (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, kept)), undefined);

  const startInflater = (named: 'gzip' | 'deflate', first: Buffer): Transform => {
    const made = inflaterFor(named, first);
    made.on('data', (chunk: Buffer) => {
      const compressed = Math.max(received, reading.expected ?? 0);
      if (kept + chunk.length > ratioCountsFrom && kept + chunk.length > compressed * limits.inflateRatio) {
        const message = `The request body becomes more than ${limits.inflateRatio} times longer than it was sent`;
        return settle(undefined, tooLarge('inflateRatio', message));
      }
      keep(chunk);
    });
    made.on('drain', resume);
    made.on('end', complete);
    made.on('error', () => settle(undefined, malformed(`The request body is not valid ${named} data.`)));
    return made;
  };
  const resume = (): void => {
    if (!inflater?.writableNeedDrain) request.resume();
  };
  const onData = (chunk: Buffer) => {
    idle.refresh();
    received += chunk.length;
    taken += chunk.length;
    if (taken >= takenAtOnce) {
      taken = 0;
      request.pause();
      setImmediate(resume);
    }
    if (coding === 'identity') return keep(chunk);
    if (received > limits.bodyBytes) return settle(undefined, overBodyBytes(limits));
    inflater ??= startInflater(coding, chunk);
    if (!inflater.write(chunk)) request.pause();
  };
  const onEnd = (): void => {
    if (inflater) inflater.end();
    else complete();
  };
  const onClose = (): void => {
    if (request.complete) return;
    settled = true;
    clearTimeout(idle);
    inflater?.destroy();
    reading.gone();
  };

  request.on('data', onData).on('end', onEnd).on('close', onClose);
  return { refuse: (refusal) => settle(undefined, refusal) };
};
