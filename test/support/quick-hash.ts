/** Passwords of users whom a test needs and is not about. */
import { randomBytes, scryptSync } from 'node:crypto';

/** `passwords.ts` writes a cost that takes a quarter of a second, each time that a password is made or verified; this takes a millisecond. */
const cost = { N: 2 ** 8, r: 8, p: 1 };

/** A password as `daemon/core/accounts/passwords.ts` keeps it, of little cost: a hash is verified by what stands in it. */
export const quickHash = (password: string): string => {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
};
