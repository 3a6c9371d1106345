/** Bodies of replies: what they may be, how they are compressed, and how long ones go out. */
import { createDeflate, createGzip, constants as zlib } from 'node:zlib';

/** Text, bytes, or bytes in pieces that are one after the other. */
export type Body = string | Uint8Array | readonly Uint8Array[];

/**
 * What is written at once: enough that a piece costs little, and so little that a reader who is slow, or many of them,
 * hold no copy of a long reply.
 */
const slab = 256 * 1024;

export const isPieces = (body: Body): body is readonly Uint8Array[] => Array.isArray(body);

export const lengthOf = (body: Body): number => {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (!isPieces(body)) return body.byteLength;
  let length = 0;
  for (const piece of body) length += piece.byteLength;
  return length;
};

/** Small pieces joined to slabs, one slab a time; a long piece is one as it is. */
function* slabsOf(pieces: readonly Uint8Array[]): Generator<Uint8Array, void> {
  let from = 0;
  let length = 0;
  for (const [index, piece] of pieces.entries()) {
    if (length > 0 && length + piece.byteLength > slab) {
      yield from === index - 1 ? pieces[from]! : Buffer.concat(pieces.slice(from, index), length);
      from = index;
      length = 0;
    }
    length += piece.byteLength;
  }
  if (length > 0) yield Buffer.concat(pieces.slice(from), length);
}

/** Where pieces are written to: a stream, or what stands for a part of one. */
export interface Outlet {
  /** Whether it takes more at once; otherwise it tells when it does. */
  write(piece: Uint8Array): boolean;
  once(event: 'drain', next: () => void): unknown;
  end(): unknown;
}

/**
 * Write the body and end the outlet, no faster than it is read; `done` is called once all of it has been handed over,
 * and not at all when the peer goes before.
 */
export const writePieces = (outlet: Outlet, pieces: readonly Uint8Array[], done: () => void): void => {
  const slabs = slabsOf(pieces);
  const next = () => {
    for (;;) {
      const { value, done: over } = slabs.next();
      if (over) break;
      if (outlet.write(value)) continue;
      outlet.once('drain', next);
      return;
    }
    outlet.end();
    done();
  };
  next();
};

/** Compress a body; the answer is in pieces too. Calls back with an error in place of them when that fails. */
export const compress = (
  body: Body,
  coding: 'gzip' | 'deflate',
  done: (error: Error | undefined, packed: readonly Uint8Array[]) => void,
): void => {
  // The fastest level: XML and JSON shrink to a tenth with it already.
  const options = { level: zlib.Z_BEST_SPEED };
  const packer = coding === 'gzip' ? createGzip(options) : createDeflate(options);
  const packed: Buffer[] = [];
  packer.on('data', (piece: Buffer) => packed.push(piece));
  packer.on('end', () => done(undefined, packed));
  packer.on('error', (error) => done(error, []));
  const slabs = slabsOf(isPieces(body) ? body : [typeof body === 'string' ? Buffer.from(body) : body]);
  const next = () => {
    for (;;) {
      const { value, done: over } = slabs.next();
      if (over) break;
      if (packer.write(value)) continue;
      packer.once('drain', next);
      return;
    }
    packer.end();
  };
  next();
};
