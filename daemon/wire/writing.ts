/** Bodies of replies: what they may be, how they are compressed, and how long ones go out. */
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createDeflate, createGzip, deflate, gzip, constants as zlib } from 'node:zlib';
import { Slice } from '../../plugin-protocol/slices.ts';
import { cutBefore } from '../../plugin-protocol/text/cut.ts';

/**
 * Text and bytes that are one after the other. They are made while they are read, by an iterator that is asked for the
 * next part once the one before is on its way; at each reading they are the same.
 */
export interface Parts extends Iterable<string | Uint8Array> {
  /** How long they are together. */
  readonly bytes: number;
  /** How many of these others do not hold anyway; all of them when left out. */
  readonly held?: number;
  /** Nobody reads it any more: what it was lent can be written over. Not called, it is collected with all else. */
  giveBack?(): void;
}

export type Body = string | Uint8Array | Parts;

/**
 * What is written at once: enough that a part costs little, and so little that a reader who is slow, or many of them,
 * hold no copy of a long reply. To encode text takes longer than to join bytes.
 */
const slab = { text: 64 * 1024, bytes: 256 * 1024 };

/** Bytes that are there anyway are handed to the system so many at a time: to be asked for each slab took it half as long again. */
const handedOver = 1024 * 1024;

export const lengthOf = (body: Body): number => {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : body.bytes;
};

/** How many of so many bytes a body holds that others do not hold anyway. */
export const heldBy = (body: Body, length: number): number =>
  typeof body === 'string' || body instanceof Uint8Array ? length : (body.held ?? length);

/** Nobody reads the body any more. */
export const giveBack = (body: Body): void => {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) body.giveBack?.();
};

/** Short parts joined and long ones cut, one slab a time; long bytes are one as they are. */
function* slabsOf(parts: Iterable<string | Uint8Array>): Generator<string | Uint8Array, void> {
  let text = '';
  let held: Uint8Array[] = [];
  let length = 0;
  const joined = () => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held, length);
    held = [];
    length = 0;
    return bytes;
  };
  for (const part of parts) {
    if (typeof part === 'string') {
      if (length > 0) yield joined();
      text = text === '' ? part : text + part;
      while (text.length >= 2 * slab.text) {
        const cut = cutBefore(text, slab.text);
        yield text.slice(0, cut);
        text = text.slice(cut);
      }
      if (text.length < slab.text) continue;
      yield text;
      text = '';
    } else {
      if (text !== '') yield text;
      text = '';
      if (length > 0 && length + part.byteLength > slab.bytes) yield joined();
      held.push(part);
      length += part.byteLength;
    }
  }
  if (length > 0) yield joined();
  if (text !== '') yield text;
}

const partsOf = (body: Body): Iterable<string | Uint8Array> =>
  typeof body === 'string' || body instanceof Uint8Array ? [body] : body;

/** The body in one piece. */
const whole = (body: Body): string | Uint8Array => {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  return Buffer.concat([...body].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
};

/** Write the head and a body that is not long. */
export const writeWhole = (socket: Socket, head: string, given: Body, length: number): void => {
  const body = whole(given);
  giveBack(given);
  // Text that is as long in bytes is ASCII, which is written several times faster as Latin-1.
  if (typeof body === 'string') socket.write(head + body, body.length === length ? 'latin1' : 'utf8');
  else {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }
};

/** Where parts are written to: a stream, or what stands for a piece of one. */
export interface Outlet {
  /** Whether it takes more at once; otherwise it tells when it does. `taken` is called once it has no more need of the piece. */
  write(piece: string | Uint8Array, encoding?: BufferEncoding, taken?: () => void): boolean;
  once(event: 'drain', next: () => void): unknown;
  /** What is written in between goes out together. */
  cork(): void;
  uncork(): void;
}

/** What has been written is not what was announced. */
const changed = (announced: number, found: number): Error =>
  new Error(`A reply of ${announced} bytes had ${found} when it was written.`);

/**
 * Write the head and the body, no faster than it is read, and in between others get their turn. `done` is called once
 * all of it has been handed over, with an error when the body is not what it was; and not at all when the peer goes before.
 */
export const writeParts = (outlet: Outlet, head: string, body: Body, done: (error?: Error) => void): void => {
  const announced = lengthOf(body);
  const slice = new Slice();
  let left = announced;
  function* all() {
    yield head;
    yield* partsOf(body);
  }
  left += head.length;
  const slabs = slabsOf(all());
  // What the outlet still needs, and that there is more to come.
  let needed = 1;
  const taken = () => {
    needed -= 1;
    if (needed === 0) giveBack(body);
  };
  const write = (piece: string | Uint8Array): boolean => {
    const length = lengthOf(piece);
    left -= length;
    if (left < 0) return true;
    needed += 1;
    return outlet.write(piece, typeof piece === 'string' && piece.length < length ? 'utf8' : 'latin1', taken);
  };
  /** Writes what goes out together. Answers what has to be waited for before there is more; undefined when that is all. */
  const writeSome = (): 'drain' | 'turn' | undefined => {
    let takesMore = true;
    for (let together = 0; left >= 0; ) {
      const { value, done: over } = slabs.next();
      if (over) return takesMore ? undefined : 'drain';
      takesMore = write(value);
      together += value.length;
      if (!takesMore && (typeof value === 'string' || together >= handedOver)) return 'drain';
      if (slice.overNow()) return takesMore ? 'turn' : 'drain';
    }
    return undefined;
  };
  const next = () => {
    slice.begin();
    let wait: 'drain' | 'turn' | undefined;
    outlet.cork();
    try {
      wait = writeSome();
    } catch (error) {
      return done(error as Error);
    } finally {
      outlet.uncork();
    }
    if (wait === 'drain') return outlet.once('drain', next);
    if (wait === 'turn') return setImmediate(next);
    if (left !== 0) return done(changed(announced, announced - left));
    taken();
    done();
  };
  next();
};

export type Packing = 'gzip' | 'deflate';

// The fastest level: XML and JSON shrink to a tenth with it already.
const options = { level: zlib.Z_BEST_SPEED };
const atOnce = { gzip: promisify(gzip), deflate: promisify(deflate) };
const packers = { gzip: createGzip, deflate: createDeflate };

/** Compress a body that is not long. */
export const pack = (body: Body, packing: Packing): Promise<Uint8Array> => atOnce[packing](whole(body), options);

/**
 * Write the head and then the body, compressed, in chunks (RFC 9112 section 7.1), no faster than they are read.
 * `signal` is aborted when the peer goes. Rejects when the body cannot be written to its end.
 */
export const writePacked = async (
  outlet: Outlet,
  head: string,
  body: Body,
  packing: Packing,
  signal: AbortSignal,
): Promise<void> => {
  outlet.write(head, 'latin1');
  const chunks = new Writable({
    write(chunk: Buffer, _encoding, taken) {
      outlet.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
      outlet.write(chunk);
      if (outlet.write('\r\n', 'latin1')) taken();
      else outlet.once('drain', taken);
    },
  });
  const packer = packers[packing]({ ...options, chunkSize: slab.text });
  await pipeline(Readable.from(slabsOf(partsOf(body)), { objectMode: true }), packer, chunks, { signal });
  giveBack(body);
  outlet.write('0\r\n\r\n', 'latin1');
};
