/** Ids of what is made here: UUIDs of version 7 (RFC 9562), in the order in which they were made. */
import { randomFillSync } from 'node:crypto';
import { v7 as uuid } from 'uuid';

const idBytes = 16;
/** Random bytes for many ids: to ask for those of each took a twentieth of a durable create. */
const random = new Uint8Array(256 * idBytes);
let used = random.length;
const randomBytes = (): Uint8Array => {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += idBytes;
  return random.subarray(used - idBytes, used);
};

/** The moment of the last id, and its place among those of that moment: the first is by chance, in 31 bits. */
let msecs = 0;
let seq = 0;

export const newId = (): string => {
  const bytes = randomBytes();
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = ((bytes[6]! & 0x7f) << 24) | (bytes[7]! << 16) | (bytes[8]! << 8) | bytes[9]!;
  } else {
    seq = (seq + 1) | 0;
    if (seq === 0) msecs += 1;
  }
  return uuid({ random: bytes, msecs, seq });
};
