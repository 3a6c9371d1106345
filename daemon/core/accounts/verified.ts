/**
 * Credentials that have been verified, and whose they are: tools that log in with every call (HTTP Basic) must not pay for scrypt
 * every time. They are remembered in memory alone, and forgotten at once when users change or tokens end.
 */
import type { Principal } from '../api.ts';
import type { Clock } from '../ports.ts';

/** How long a verified password is remembered, in milliseconds. */
const rememberMs = 60_000;
const remembered = 4096;

export class Verified {
  readonly #clock: Clock;
  #known = new Map<string, { principal: Principal; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who showed these credentials a moment ago. */
  get(key: string): Principal | undefined {
    const known = this.#known.get(key);
    return known !== undefined && known.until > this.#clock.now() ? known.principal : undefined;
  }

  /** `expires` is when the credentials themselves end. */
  add(key: string, principal: Principal, expires: number, ms = rememberMs): void {
    if (this.#known.size >= remembered) this.#known = new Map([...this.#known].slice(remembered / 2));
    this.#known.set(key, { principal, until: Math.min(expires, this.#clock.now() + ms) });
  }

  forget(which: (principal: Principal) => boolean): void {
    for (const [key, { principal }] of this.#known) if (which(principal)) this.#known.delete(key);
  }
}
