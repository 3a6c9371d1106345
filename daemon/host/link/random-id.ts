/** Ids of requests to plugins. */
import { randomFillSync } from 'node:crypto';

const randomIds = new Int32Array(1024);
let nextRandom = randomIds.length;
/**
 * Ids are random, and only those under way count: text that a plugin prints by accident, or that somebody makes it
 * print, is not taken for an answer. 31 bits, not zero, are a plain integer in every language.
 */
export const randomId = (): number => {
  if (nextRandom === randomIds.length) {
    randomFillSync(randomIds);
    nextRandom = 0;
  }
  return randomIds[nextRandom++]! & 0x7fffffff || 1;
};
