/** Values that are too long for a line, as JSON text in parts that go into one: PROTOCOL.md, section 17. */
import type { BlobHandle, BlobPart } from '../contract/base.ts';

/** A part is no longer than this: other lines come between. */
const longestPart = 1024 * 1024;
/** What a line has beside the part: its context, above all. */
const aroundPart = 1024;
const shortestPart = 64;

/** How many bytes of a part go into a line of so many bytes, in base64. */
export const partOf = (line: number): number =>
  Math.max(shortestPart, Math.min(longestPart, Math.floor(((line - aroundPart) * 3) / 4)));

export interface PartReader {
  /** How many bytes the next part may have. */
  most: () => number;
  read: (params: { blob: string; offset: number; length: number }) => Promise<BlobPart>;
  /** Makes what is thrown where the parts are not as many bytes as the handle says: where that shows, and whether they end there. */
  wrong: (offset: number, end: boolean) => Error;
}

/** The bytes of a blob, part by part. How many there may be is for the caller to look at. */
export const joinParts = async ({ id, bytes }: BlobHandle, { most, read, wrong }: PartReader): Promise<Buffer> => {
  let text: Buffer | undefined;
  for (let offset = 0; offset < bytes; ) {
    const length = Math.min(most(), bytes - offset);
    const { data, end = false } = await read({ blob: id, offset, length });
    const part = Buffer.from(data, 'base64');
    const behind = offset + part.length;
    if (part.length === 0 || part.length > length || end !== behind >= bytes) throw wrong(behind, end);
    // In its place at once: to put 10 MB together in the end is a turn of 10 ms.
    text ??= Buffer.allocUnsafeSlow(bytes);
    part.copy(text, offset);
    offset = behind;
  }
  return text ?? Buffer.alloc(0);
};

/** Bytes in pieces, cut anew into parts of so many. */
export function* partsFrom(pieces: Iterable<Buffer>, length: number): Generator<Buffer, void, void> {
  let part: Buffer[] = [];
  let room = length;
  for (let piece of pieces) {
    while (piece.length >= room) {
      part.push(piece.subarray(0, room));
      yield Buffer.concat(part);
      piece = piece.subarray(room);
      part = [];
      room = length;
    }
    part.push(piece);
    room -= piece.length;
  }
  if (room < length) yield Buffer.concat(part);
}
