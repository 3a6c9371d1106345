/** Newline-delimited framing: bytes in, lines of text out, and batched lines out to a stream. */
import { isUtf8 } from 'node:buffer';

export interface LineReader {
  /** Take bytes; calls `onLine` for each line that they complete, without its LF or CR LF. */
  push(chunk: Buffer): void;
  /** The sender has ended: what came after the last LF is a line too. */
  end(): void;
  /** While a long line is being read: resolves once that is over, and whatever was pushed behind it has been read. */
  readonly busy: Promise<void> | undefined;
}

export interface LineReaderOptions {
  maxBytes: () => number;
  onLine: (line: string) => void;
  /** A line that is long, in UTF-8: what comes behind it waits until it has been read. It goes to `onLine` when this is left out. */
  onLong?: (line: Buffer) => Promise<void>;
  /** A line was longer than `maxBytes` and has been discarded but for its first and last bytes. */
  onTooLong: (head: string, tail: string) => void;
  /** A line is not UTF-8; U+FFFD stands for what is wrong. Such lines go to `onLine` when this is left out. */
  onInvalid?: (line: string) => void;
}

/** What is kept of the ends of a discarded line: enough to find a request's id there. */
const keptBytes = 256;

/** Bytes beyond which a line is long: one that is not is read in 2 ms. */
export const longLine = 128 * 1024;

/**
 * Memory is bounded by `maxBytes`, whatever the sender does: the rest of a line that is too long is not kept. What is pushed
 * while the reader is busy is, so that its source should wait meanwhile.
 */
export const createLineReader = ({ maxBytes, onLine, onLong, onTooLong, onInvalid }: LineReaderOptions): LineReader => {
  let partial: Buffer[] = [];
  let partialBytes = 0;
  let discarded: { head: Buffer; tail: Buffer } | undefined;
  /** A long line that is to be read next. */
  let long: Buffer | undefined;
  let busy: Promise<void> | undefined;
  const waiting: Buffer[] = [];
  let hasEnded = false;

  const takeText = (text: string, take = onLine) => {
    const line = text.charCodeAt(text.length - 1) === 13 ? text.slice(0, -1) : text;
    if (line !== '') take(line);
  };
  const isWrong = (bytes: Buffer) => onInvalid !== undefined && !isUtf8(bytes);
  const keepTail = (before: Buffer, piece: Buffer) =>
    piece.length >= keptBytes
      ? Buffer.from(piece.subarray(-keptBytes))
      : Buffer.concat([before, piece]).subarray(-keptBytes);
  const add = (piece: Buffer) => {
    if (discarded) {
      discarded.tail = keepTail(discarded.tail, piece);
      return;
    }
    partial.push(piece);
    partialBytes += piece.length;
    if (partialBytes <= maxBytes()) return;
    const all = Buffer.concat(partial);
    discarded = { head: Buffer.from(all.subarray(0, keptBytes)), tail: Buffer.from(all.subarray(-keptBytes)) };
    partial = [];
    partialBytes = 0;
  };
  const endLine = () => {
    if (discarded) {
      const { head, tail } = discarded;
      discarded = undefined;
      onTooLong(head.toString(), tail.toString());
      return;
    }
    const [first = Buffer.alloc(0)] = partial;
    const line = partial.length === 1 ? first : Buffer.concat(partial, partialBytes);
    partial = [];
    partialBytes = 0;
    const invalid = isWrong(line);
    if (onLong !== undefined && line.length > longLine && !invalid) long = line;
    else takeText(line.toString(), invalid ? onInvalid : onLine);
  };

  /** Answers where it stopped: at the end, or behind a long line. */
  const take = (chunk: Buffer): number => {
    let start = 0;
    if (discarded || partialBytes > 0) {
      const stop = chunk.indexOf(10);
      add(stop < 0 ? chunk : chunk.subarray(0, stop));
      if (stop < 0) return chunk.length;
      endLine();
      start = stop + 1;
    }
    const last = chunk.lastIndexOf(10);
    const most = onLong === undefined ? maxBytes() : Math.min(maxBytes(), longLine);
    if (long !== undefined) return start;
    if (last >= start && last - start <= most && !isWrong(chunk.subarray(start, last))) {
      // All whole lines are decoded at once: one conversion a chunk is several times cheaper than one a line.
      const text = chunk.toString('utf8', start, last + 1);
      for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
        if (to > from) takeText(text.slice(from, to));
      }
      start = last + 1;
    } else {
      for (let stop = chunk.indexOf(10, start); stop >= 0; stop = chunk.indexOf(10, start)) {
        add(chunk.subarray(start, stop));
        endLine();
        start = stop + 1;
        if (long !== undefined) return start;
      }
    }
    if (start < chunk.length) add(chunk.subarray(start));
    return chunk.length;
  };
  const takeWaiting = () => {
    while (long === undefined && waiting.length > 0) {
      const chunk = waiting.shift()!;
      const stopped = take(chunk);
      if (stopped < chunk.length) waiting.unshift(chunk.subarray(stopped));
    }
    if (long === undefined && hasEnded && (discarded || partialBytes > 0)) endLine();
  };
  const readLong = async () => {
    for (let line = long; line !== undefined; line = long) {
      await onLong!(line);
      long = undefined;
      takeWaiting();
    }
    busy = undefined;
  };

  return {
    push(chunk) {
      if (busy !== undefined) {
        waiting.push(chunk);
        return;
      }
      const stopped = take(chunk);
      if (long === undefined) return;
      waiting.push(chunk.subarray(stopped));
      busy = readLong();
    },
    end() {
      hasEnded = true;
      if (busy !== undefined) return;
      takeWaiting();
      if (long !== undefined) busy = readLong();
    },
    get busy() {
      return busy;
    },
  };
};

export interface LineWriter {
  write(line: string): void;
  /** Hand over what has been collected, now. */
  flush(): void;
}

/** More than this is handed over at once: the sender then learns that the pipe is full before it goes on. */
const collectedCharacters = 65_536;

/** Collects the lines of one turn of the event loop and hands them over as one string: one system call instead of many. */
export const createLineWriter = (send: (text: string) => void): LineWriter => {
  let collected = '';
  const flush = () => {
    const text = collected;
    collected = '';
    if (text !== '') send(text);
  };
  return {
    write(line) {
      if (collected === '') setImmediate(flush);
      collected += line;
      collected += '\n';
      if (collected.length >= collectedCharacters) flush();
    },
    flush,
  };
};
