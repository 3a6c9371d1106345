/** Users, their passwords and their tokens. */
import { hash, randomBytes } from 'node:crypto';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Session } from '../../catalogue/resources.ts';
import type { Limits } from '../../limits.ts';
import { type Credentials, type DigestCredentials, type Principal, tokenPrefix } from '../api.ts';
import type { Call } from '../call.ts';
import type { Journal } from '../journal.ts';
import type { Change, Clock, Granted, TokenRow, UserRow } from '../ports.ts';
import { Digests } from './digests.ts';
import type { Directories, DirectoryPrincipal } from './directories.ts';
import { Guesses } from './guesses.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { Tokens } from './tokens.ts';
import { Verified } from './verified.ts';

const digestOf = (token: string) => hash('sha256', token);

const wrongPassword = () => new Fault('unauthenticated', 'The user name or the password is wrong.');

const grantedTo = ({ directory, account, role }: DirectoryPrincipal): Granted => ({ directory, account, role });

export type NewUser = { user: string; password: string; account: string; role: UserRow['role'] };
export type UserInfo = Omit<UserRow, 'password'>;

export class Accounts {
  readonly #users: Map<string, UserRow>;
  readonly #tokens: Tokens;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #digests: Digests;
  readonly #directories: Directories;
  readonly #guesses: Guesses;
  readonly #verified: Verified;
  readonly #verifying = new Map<string, Promise<Principal>>();
  readonly #making = new Map<string, Promise<void>>();
  /** What an unknown user's password is compared with, so that the time taken tells nothing. */
  #decoy: Promise<string> | undefined;

  constructor(
    users: UserRow[],
    tokens: TokenRow[],
    {
      journal,
      clock,
      limits,
      directories,
    }: { journal: Journal; clock: Clock; limits: Limits; directories: Directories },
  ) {
    this.#users = new Map(users.map((user) => [user.id, user]));
    this.#tokens = new Tokens(tokens);
    this.#journal = journal;
    this.#clock = clock;
    this.#verified = new Verified(clock);
    this.#limits = limits;
    this.#digests = new Digests(limits.soap);
    this.#directories = directories;
    this.#guesses = new Guesses(
      clock,
      limits.calls.loginFailures,
      'Too many wrong passwords from this address (limits.calls.loginFailures).',
    );
  }

  /** Who that is. A known caller is answered without a promise: it is on the path of every call. */
  authenticate(credentials: Credentials, remote: string): Principal | undefined | Promise<Principal> {
    if (credentials.kind === 'none') return undefined;
    if (credentials.kind === 'digest') return this.#byDigest(credentials, remote);
    if (this.#directories.haveChanged()) this.#verified.forget(({ directory }) => directory !== undefined);
    if (credentials.kind === 'token') {
      const key = this.#verified.keyOf(credentials) ?? `\0${credentials.token}`;
      return this.#verified.get(key, credentials) ?? this.#byToken(credentials.token, key, remote);
    }
    const { user, password } = credentials;
    if (this.#directories.areThere && !this.#users.has(user) && !this.#making.has(user)) {
      // Not kept for the credentials: the name may become that of a user of the daemon.
      const key = this.#directories.digestOf(user, password);
      return this.#verified.get(key) ?? this.#byDirectory(user, password, key, remote);
    }
    const key = this.#verified.keyOf(credentials) ?? `${user}\0${password}`;
    return this.#verified.get(key, credentials) ?? this.#byPassword(user, password, key, remote);
  }

  /** Whether a caller is who it was when the call began. Rejects when its credentials are not valid any more. */
  async isStill({ request: { credentials, remote }, principal }: Call): Promise<boolean> {
    // A digest is good once: its token is looked for.
    if (credentials.kind === 'digest') return this.#tokens.get(principal!.token!) !== undefined;
    const now = await this.authenticate(credentials, remote);
    return now?.account === principal?.account && now?.role === principal?.role;
  }

  #byDigest(credentials: DigestCredentials, remote: string): Principal | Promise<Principal> {
    this.#guesses.check(remote);
    const token = this.#digests.find(credentials);
    if (token === undefined) {
      this.#guesses.failed(remote);
      // In the message, since libraries show of a fault of SOAP that alone.
      throw new Fault(
        'unauthenticated',
        'The digest is of no token of that user: make it of a token of session.login, not of the password, and of a new one once the daemon was started again; or send the password as PasswordText.',
      );
    }
    this.#digests.spend(credentials, this.#clock.now());
    return this.#byToken(token, `\0${token}`, remote);
  }

  #byToken(token: string, key: string, remote: string): Principal | Promise<Principal> {
    this.#guesses.check(remote);
    const row = this.#tokens.get(digestOf(token));
    const user = row && this.#users.get(row.user);
    const now = this.#clock.now();
    if (row?.granted !== undefined && row.expires >= now) return this.#byGrant(row, row.granted, key, remote);
    if (row === undefined || user === undefined || row.expires < now) {
      this.#guesses.failed(remote);
      if (token === '') {
        throw new Fault('unauthenticated', 'The credentials cannot be read; HTTP Basic and Bearer are taken.');
      }
      throw new Fault('unauthenticated', 'The token is not valid, or not any more.', {
        hint: 'Log in with session.login.',
      });
    }
    const principal: Principal = { user: user.id, account: user.account, role: user.role, token: row.id };
    // Renewed when remembered anew, that is once a minute at most: not a write for every call.
    row.expires = now + this.#limits.store.sessionSeconds * 1000;
    void this.#journal.write([{ put: 'token', row }]).catch(() => {});
    this.#verified.add(key, principal, row.expires);
    return principal;
  }

  /** A token of a user whom a directory knows: it is good as long as that is so. */
  async #byGrant(row: TokenRow, granted: Granted, key: string, remote: string): Promise<Principal> {
    const { principal: found, unasked } = await this.#directories.confirm(row.user, granted);
    // It may have ended while the directory was asked.
    if (found === undefined || this.#tokens.get(row.id) !== row) {
      this.#guesses.failed(remote);
      if (found === undefined) await this.#journal.write(this.#end([row]));
      throw new Fault('unauthenticated', 'The token is not valid, or not any more.', {
        hint: 'Log in with session.login.',
      });
    }
    const principal: Principal = { ...found, token: row.id };
    // Where nobody can be asked whether the user is still there, it ends by itself, however much it is used.
    if (!unasked) {
      row.expires = this.#clock.now() + this.#limits.store.sessionSeconds * 1000;
      row.granted = grantedTo(found);
      void this.#journal.write([{ put: 'token', row }]).catch(() => {});
    }
    this.#verified.add(key, principal, row.expires, this.#directories.rememberMs);
    return principal;
  }

  async #byDirectory(name: string, password: string, key: string, remote: string): Promise<Principal> {
    this.#guesses.check(remote);
    this.#guesses.failed(remote);
    let found: DirectoryPrincipal | undefined;
    try {
      found = await this.#directories.authenticate(name, password, key);
    } catch (thrown) {
      // It is not known to be wrong.
      this.#guesses.wasRight(remote);
      throw thrown;
    }
    // A directory may spell the name of somebody whom the daemon knows itself, who may also have been made meanwhile.
    if (found === undefined || this.#users.has(name) || this.#users.has(found.user)) throw wrongPassword();
    this.#guesses.wasRight(remote);
    this.#verified.add(key, found, Number.POSITIVE_INFINITY, this.#directories.rememberMs);
    return found;
  }

  #byPassword(name: string, password: string, key: string, remote: string): Promise<Principal> {
    this.#guesses.check(remote);
    // Calls of one client that come at once wait for one verification.
    let verifying = this.#verifying.get(key);
    if (verifying === undefined) {
      if (this.#verifying.size >= this.#limits.calls.logins) {
        throw new Fault('throttled', `${this.#verifying.size} passwords are being verified (limits.calls.logins).`, {
          retryAfterMs: 1000,
        });
      }
      // Counted as wrong until it is found right: guesses that come at once must not all pass the check first.
      this.#guesses.failed(remote);
      verifying = this.#verify(name, password, key, remote).finally(() => this.#verifying.delete(key));
      this.#verifying.set(key, verifying);
    }
    return verifying;
  }

  async #verify(name: string, password: string, key: string, remote: string): Promise<Principal> {
    await this.#making.get(name)?.catch(() => {});
    const user = this.#users.get(name);
    if (user === undefined) this.#decoy ??= hashPassword(randomBytes(16).toString('hex'));
    const matches = await verifyPassword(password, user?.password ?? (await this.#decoy)!);
    // The user may have been changed meanwhile.
    if (!matches || user === undefined || this.#users.get(name) !== user) {
      throw wrongPassword();
    }
    this.#guesses.wasRight(remote);
    const principal: Principal = { user: user.id, account: user.account, role: user.role };
    this.#verified.add(key, principal, Number.POSITIVE_INFINITY);
    return principal;
  }

  /** Log in and get a token. */
  async login(user: string, password: string, remote: string): Promise<Session> {
    const principal = await this.authenticate({ kind: 'password', user, password }, remote);
    if (principal === undefined || principal.token !== undefined) throw new Fault('unauthenticated', 'No such user.');
    const token = tokenPrefix + randomBytes(32).toString('base64url');
    const expires = this.#clock.now() + this.#limits.store.sessionSeconds * 1000;
    const row: TokenRow = { id: digestOf(token), user: principal.user, expires };
    if (principal.directory !== undefined) row.granted = grantedTo({ ...principal, directory: principal.directory });
    // Before it is there itself: by a clock that has been set back it would be the oldest.
    const ended = this.#end(this.#tokens.beyond(principal.user, this.#limits.store.sessions - 1));
    this.#tokens.add(row);
    this.#digests.issued(principal.user, row.id, token);
    await this.#journal.write([...ended, { put: 'token', row }]);
    const { account, role } = principal;
    return { token, user: principal.user, account, role, expires: new Date(expires).toISOString() };
  }

  /** `token` is the digest of one. */
  async logout(token: string): Promise<void> {
    const row = this.#tokens.get(token);
    if (row !== undefined) await this.#journal.write(this.#end([row]));
  }

  /** End tokens; answers what that changes in the store. */
  #end(rows: readonly TokenRow[]): Change[] {
    if (rows.length === 0) return [];
    for (const row of rows) {
      this.#tokens.delete(row);
      this.#digests.ended(row.user, row.id);
    }
    const ids = new Set(rows.map(({ id }) => id));
    this.#verified.forget(({ token }) => token !== undefined && ids.has(token));
    return rows.map(({ id }) => ({ drop: 'token', id }));
  }

  /** Drop tokens that have ended from memory; the store drops them by itself. */
  forgetEnded(): void {
    this.#end(this.#tokens.endedBy(this.#clock.now()));
  }

  has(user: string): boolean {
    return this.#users.has(user);
  }

  list(): UserInfo[] {
    return [...this.#users.values()].map(({ id, account, role, created }) => ({ id, account, role, created }));
  }

  /** Make a user, or give an existing one another password, account and role; its tokens end. */
  async putUser(wish: NewUser): Promise<void> {
    const making = this.#putUser(wish);
    // Who logs in while the password is hashed, as at the first start, waits for it.
    this.#making.set(wish.user, making);
    await making.finally(() => this.#making.delete(wish.user));
  }

  async #putUser({ user, password, account, role }: NewUser): Promise<void> {
    const row: UserRow = {
      id: user,
      account,
      role,
      password: await hashPassword(password),
      created: this.#users.get(user)?.created ?? this.#journal.now(),
    };
    this.#users.set(user, row);
    await this.#journal.write([...this.#endTokens(user), { put: 'user', row }]);
  }

  async removeUser(user: string): Promise<void> {
    if (!this.#users.delete(user)) throw new Fault('not-found', `There is no user ${user}.`, { resource: user });
    await this.#journal.write([...this.#endTokens(user), { drop: 'user', id: user }]);
  }

  #endTokens(user: string): Change[] {
    this.#verified.forget((principal) => principal.user === user);
    return this.#end(this.#tokens.of(user));
  }
}
