/**
 * Digests of WS-Security UsernameToken Profile 1.1: `Base64(SHA-1(nonce + created + password))`. Whoever checks one needs
 * the plain password, and passwords are kept as scrypt hashes. So the password of a digest is a token of `session.login`:
 * those that were given out since the daemon started are held in memory for this.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Limits } from '../../limits.ts';
import type { DigestCredentials } from '../api.ts';

const digestOf = ({ nonce, created }: DigestCredentials, password: string): Buffer =>
  createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(password).digest();

export class Digests {
  /** By user and by id of the token, the oldest first. */
  readonly #tokens = new Map<string, Map<string, string>>();
  /** Nonces that were used, and until when nobody may use them again. */
  readonly #nonces = new Map<string, number>();
  readonly #limits: Limits['soap'];

  constructor(limits: Limits['soap']) {
    this.#limits = limits;
  }

  /** A token was given to the user. */
  issued(user: string, id: string, token: string): void {
    const tokens = this.#tokens.get(user) ?? new Map<string, string>();
    this.#tokens.set(user, tokens.set(id, token));
    if (tokens.size > this.#limits.digestTokens) tokens.delete(tokens.keys().next().value!);
  }

  /** A token of the user has ended. */
  ended(user: string, id: string): void {
    const tokens = this.#tokens.get(user);
    if (tokens?.delete(id) && tokens.size === 0) this.#tokens.delete(user);
  }

  /** The token of which the digest is made; undefined when there is none. Takes the same time for each. */
  find(credentials: DigestCredentials): string | undefined {
    const given = Buffer.from(credentials.digest, 'base64');
    let found: string | undefined;
    for (const token of this.#tokens.get(credentials.user)?.values() ?? []) {
      const expected = digestOf(credentials, token);
      if (given.length === expected.length && timingSafeEqual(given, expected)) found = token;
    }
    return found;
  }

  /** Lets each nonce be used once, as long as its time is accepted. To be asked only for a digest that is right. */
  spend({ user, nonce, at }: DigestCredentials, now: number): void {
    const { nonces, securityWindowSeconds } = this.#limits;
    const window = securityWindowSeconds * 1000;
    if (Math.abs(at - now) > window) throw new Fault('unauthenticated', 'The digest is not of this time.');
    const key = `${user}\0${nonce}`;
    if ((this.#nonces.get(key) ?? 0) >= now) throw new Fault('unauthenticated', 'The nonce has been used before.');
    if (this.#nonces.size >= nonces) {
      for (const [one, until] of this.#nonces) if (until < now) this.#nonces.delete(one);
      if (this.#nonces.size >= nonces) {
        throw new Fault('throttled', `More than ${nonces} nonces are in use (limits.soap.nonces).`, {
          retryAfterMs: window,
        });
      }
    }
    this.#nonces.set(key, at + window);
  }
}
