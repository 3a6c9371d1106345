/** Reading a request body that did not come in one piece, or that is compressed or in chunks. */
import type { Readable, Transform } from 'node:stream';
import { Bytes } from './bytes.ts';
import { type Coding, inflaterFor } from './coding.ts';
import { type HttpLimits, malformed, overBodiesBytes, overBodyBytes, timedOut, tooLarge } from './refusal.ts';
import type { Refusal } from './route.ts';

/** Short bodies compress to almost nothing, so a ratio says something only about long ones. */
const ratioCountsFrom = 1024 * 1024;

/** What is taken of a long body until others get their turn: Node reads up to 2 MiB at once, which takes 2 ms. */
const takenAtOnce = 64 * 1024;

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
  done: (body: Buffer | Bytes | undefined, refusal: Refusal | undefined) => void;
  /** The peer has gone. */
  gone: () => void;
}

/**
 * Reads a body with the limits `bodyBytes`, `inflateRatio`, `bodyIdleTimeoutMs` and `bodyBytesPerSecond`; never holds more
 * than `bodyBytes`.
 */
export const readBody = (reading: Reading): BodyReader => {
  const { request, limits, coding } = reading;
  const body = new Bytes();
  let received = 0;
  let taken = 0;
  let settled = false;
  /** What had come when its rate was last looked at. */
  let since = { at: performance.now(), received };
  let inflater: Transform | undefined;

  const settle = (whole: Buffer | Bytes | undefined, refusal: Refusal | undefined): void => {
    if (settled) return;
    settled = true;
    clearTimeout(idle);
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    inflater?.destroy();
    if (whole === undefined) body.release();
    reading.done(whole, refusal);
  };
  const idle = setTimeout(
    () =>
      settle(
        undefined,
        timedOut('bodyIdleTimeoutMs', `Nothing more of the request body came for ${limits.bodyIdleTimeoutMs} ms`),
      ),
    limits.bodyIdleTimeoutMs,
  );
  /** Whether the sender trickles: one that is silent is timed by `idle`. */
  const isTooSlow = (): boolean => {
    const now = performance.now();
    const ms = now - since.at;
    if (ms < limits.bodyIdleTimeoutMs || received === reading.expected) return false;
    const came = received - since.received;
    since = { at: now, received };
    return came < (ms / 1000) * limits.bodyBytesPerSecond;
  };
  const keep = (chunk: Buffer) => {
    if (body.length + chunk.length > limits.bodyBytes) return settle(undefined, overBodyBytes(limits));
    if (!reading.hold(chunk.length)) return settle(undefined, overBodiesBytes(limits));
    body.add(chunk);
  };
  const complete = (): void => settle(body.complete(), undefined);

  const startInflater = (named: 'gzip' | 'deflate', first: Buffer): Transform => {
    const made = inflaterFor(named, first);
    made.on('data', (chunk: Buffer) => {
      const compressed = Math.max(received, reading.expected ?? 0);
      const inflated = body.length + chunk.length;
      if (inflated > ratioCountsFrom && inflated > compressed * limits.inflateRatio) {
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
    if (isTooSlow()) {
      const message = `The request body came at less than ${limits.bodyBytesPerSecond} bytes a second`;
      return settle(undefined, timedOut('bodyBytesPerSecond', message));
    }
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
    body.release();
    reading.gone();
  };

  request.on('data', onData).on('end', onEnd).on('close', onClose);
  return { refuse: (refusal) => settle(undefined, refusal) };
};
