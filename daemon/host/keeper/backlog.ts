/**
 * Output of a plugin on its way to a daemon that may not be there. What waits is bounded: when `mayDrop` it is the oldest
 * that is dropped, and told of; else its stream is paused, so that the plugin waits with it.
 */
import type { Readable } from 'node:stream';

export interface Backlog {
  /** A daemon is there, and takes this much: false when it should be given no more until `resume`. */
  attach(write: (chunk: Buffer) => boolean): void;
  detach(): void;
  resume(): void;
  /** Bytes that were dropped since the last time that this was asked. */
  dropped(): number;
}

const lineFeed = 10;

export const createBacklog = (stream: Readable, maxBytes: number, mayDrop: boolean): Backlog => {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let lost = 0;
  let write: ((chunk: Buffer) => boolean) | undefined;
  /** What was written last was not the end of a line: whoever comes next gets no half of one. */
  let within = false;
  let skipping = false;

  const forward = (chunk: Buffer) => {
    within = chunk[chunk.length - 1] !== lineFeed;
    return write!(chunk);
  };
  stream.on('data', (chunk: Buffer) => {
    let piece = chunk;
    if (skipping) {
      const end = piece.indexOf(lineFeed);
      if (end < 0) return;
      skipping = false;
      piece = piece.subarray(end + 1);
      if (piece.length === 0) return;
    }
    if (write !== undefined) {
      if (!forward(piece)) stream.pause();
      return;
    }
    waiting.push(piece);
    bytes += piece.length;
    if (bytes <= maxBytes) return;
    if (!mayDrop) stream.pause();
    while (mayDrop && bytes > maxBytes) {
      const [oldest] = waiting as [Buffer];
      const over = Math.min(bytes - maxBytes, oldest.length);
      if (over === oldest.length) waiting.shift();
      else waiting[0] = oldest.subarray(over);
      bytes -= over;
      lost += over;
    }
  });

  return {
    attach(to) {
      write = to;
      for (const chunk of waiting.splice(0)) forward(chunk);
      bytes = 0;
      stream.resume();
    },
    detach() {
      write = undefined;
      skipping ||= within;
      within = false;
      waiting = [];
      stream.resume();
    },
    resume: () => stream.resume(),
    dropped() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
};
