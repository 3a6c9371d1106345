/**
 * Credentials that have been verified, and whose they are: tools that log in with every call (HTTP Basic) must not pay for scrypt
 * every time. They are remembered in memory alone, and forgotten at once when users change or tokens end.
 */
import type { Credentials, Principal } from '../api.ts';
import type { Clock } from '../ports.ts';

/** How long a verified password is remembered, in milliseconds. */
const rememberMs = 60_000;
const remembered = 4096;

export class Verified {
  readonly #clock: Clock;
  #known = new Map<string, { key: string; principal: Principal; until: number }>();
  /** By credentials that a connection sends again and again: to put their key together takes longer than to look for it. */
  readonly #keys = new WeakMap<Credentials, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The key of credentials that were found by it before. */
  keyOf(credentials: Credentials): string | undefined {
    return this.#keys.get(credentials);
  }

  /** Who showed these credentials a moment ago. Where credentials are given, the key is from then on theirs, whatever else changes. */
  get(key: string, credentials?: Credentials): Principal | undefined {
    const known = this.#known.get(key);
    if (known === undefined || known.until <= this.#clock.now()) return undefined;
    // The very string that stands here, which is found without a look at its characters.
    if (credentials !== undefined && !this.#keys.has(credentials)) this.#keys.set(credentials, known.key);
    return known.principal;
  }

  /** `expires` is when the credentials themselves end. */
  add(key: string, principal: Principal, expires: number, ms = rememberMs): void {
    if (this.#known.size >= remembered) this.#known = new Map([...this.#known].slice(remembered / 2));
    this.#known.set(key, { key, principal, until: Math.min(expires, this.#clock.now() + ms) });
  }

  forget(which: (principal: Principal) => boolean): void {
    for (const [key, { principal }] of this.#known) if (which(principal)) this.#known.delete(key);
  }
}
