/**
 * What daemon and keeper say to each other over their socket: a letter, the length of what follows (4 bytes, big-endian)
 * and that.
 */

/** From the daemon. `lines` is whole lines for standard input, so that a daemon that dies never leaves half of one. */
export const toKeeper = { hello: 'h', lines: 'i', note: 'n', stop: 's', kill: 'k' } as const;
/** From the keeper. `full` asks for no more lines until `free`; `ended` is how the plugin did, the rest of a sentence. */
export const fromKeeper = { welcome: 'w', output: 'o', errors: 'r', full: 'f', free: 'c', ended: 'x' } as const;

const headBytes = 5;

const headOf = (type: string, length: number): Buffer => {
  const head = Buffer.allocUnsafe(headBytes);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(length, 1);
  return head;
};

/** A frame of what is in pieces, which are not copied. */
export const framed = (type: string, pieces: readonly Buffer[]): Buffer[] => [
  headOf(
    type,
    pieces.reduce((sum, { length }) => sum + length, 0),
  ),
  ...pieces,
];

export const frame = (type: string, content: string | Buffer = ''): Buffer => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([headOf(type, bytes.length), bytes]);
};

/** Takes bytes; what is no whole frame yet is kept, and of no use once the other side has gone. */
export const createFrameReader = (onFrame: (type: string, content: Buffer) => void): ((chunk: Buffer) => void) => {
  let pieces: Buffer[] = [];
  let bytes = 0;
  /** Of the frame that is being read, its head included; unknown while that is. */
  let wanted = headBytes;
  return (chunk) => {
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes < wanted) return;
    let rest = pieces.length === 1 ? chunk : Buffer.concat(pieces, bytes);
    for (;;) {
      wanted = rest.length < headBytes ? headBytes : headBytes + rest.readUInt32BE(1);
      if (rest.length < wanted) break;
      const content = rest.subarray(headBytes, wanted);
      onFrame(rest.toString('latin1', 0, 1), content);
      rest = rest.subarray(wanted);
    }
    pieces = rest.length === 0 ? [] : [rest];
    bytes = rest.length;
  };
};
