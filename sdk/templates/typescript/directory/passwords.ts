/** Passwords, kept as hashes of scrypt. Run by itself it reads one from standard input, and prints its hash. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Doubled, it takes twice the time and twice the memory, which is 16 MiB: to those who guess, too. */
const usualCost = 2 ** 14;

export const hashPattern = String.raw`\d+\$[0-9a-f]{32}\$[0-9a-f]{128}`;

const keyOf = (password: string, salt: Buffer, cost: number): Promise<Buffer> =>
  derive(password, salt, 64, { N: cost, maxmem: 2048 * cost });

export const hash = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  return `${usualCost}$${salt.toString('hex')}$${(await keyOf(password, salt, usualCost)).toString('hex')}`;
};

export const isRight = async (password: string, kept: string): Promise<boolean> => {
  const [cost, salt = '', key = ''] = kept.split('$');
  return timingSafeEqual(await keyOf(password, Buffer.from(salt, 'hex'), Number(cost)), Buffer.from(key, 'hex'));
};

if (import.meta.main) console.log(await hash((await text(process.stdin)).replace(/\n$/, '')));
