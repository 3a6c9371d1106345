/** The tokens that there are, by their digests and by their users. */
import type { TokenRow } from '../ports.ts';

export class Tokens {
  readonly #byId = new Map<string, TokenRow>();
  readonly #byUser = new Map<string, Set<TokenRow>>();

  constructor(rows: readonly TokenRow[]) {
    for (const row of rows) this.add(row);
  }

  get(id: string): TokenRow | undefined {
    return this.#byId.get(id);
  }

  add(row: TokenRow): void {
    this.#byId.set(row.id, row);
    const others = this.#byUser.get(row.user);
    if (others === undefined) this.#byUser.set(row.user, new Set([row]));
    else others.add(row);
  }

  delete(row: TokenRow): void {
    this.#byId.delete(row.id);
    const others = this.#byUser.get(row.user);
    others?.delete(row);
    if (others?.size === 0) this.#byUser.delete(row.user);
  }

  of(user: string): TokenRow[] {
    return [...(this.#byUser.get(user) ?? [])];
  }

  /** Those of a user that are more than so many: that were not used for the longest. */
  beyond(user: string, most: number): TokenRow[] {
    const all = this.#byUser.get(user);
    if (all === undefined || all.size <= most) return [];
    // Each use puts the end off.
    return [...all].sort((one, other) => one.expires - other.expires).slice(0, all.size - most);
  }

  /** Those that have ended by then. */
  endedBy(now: number): TokenRow[] {
    return [...this.#byId.values()].filter(({ expires }) => expires < now);
  }
}
