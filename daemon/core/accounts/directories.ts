/**
 * Directories: connectors whose plugins know users that the daemon does not. They are asked with what the user logged in
 * with, which is kept nowhere. What they say is held against what the configuration lets them say.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { type DirectoryUser, directory, type Role, roles } from '../../../plugin-protocol/contract/directory.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Limits } from '../../limits.ts';
import type { Principal } from '../api.ts';
import { unavailable } from '../discretion.ts';
import type { Backends, Clock, Granted, Log } from '../ports.ts';
import { Guesses } from './guesses.ts';

/** What the configuration says of a connector that is asked for users. */
export interface DirectorySettings {
  connector: string;
  /** The highest role that it grants. */
  role: Role;
  /** The accounts whose users it may vouch for; all when left out. */
  accounts?: readonly string[];
}

export interface DirectoriesContext {
  backends: Backends;
  /** In the order in which they are asked; another list when the configuration has changed. */
  settings: () => readonly DirectorySettings[];
  clock: Clock;
  log: Log;
  limits: Limits['directories'];
}

/** Somebody whom a directory knows. */
export type DirectoryPrincipal = Principal & { directory: string };

const lower = (one: Role, other: Role): Role => (roles.indexOf(one) < roles.indexOf(other) ? one : other);

/** Spellings that directories take for the same login count as one. */
const spelling = (login: string): string => login.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');

/** What the contract lets through. */
const isName = (login: string): boolean => login.length <= 256 && /^\P{Cc}+$/u.test(login);
const isSecret = (secret: string): boolean => secret !== '' && secret.length <= 1024;

export class Directories {
  readonly #context: DirectoriesContext;
  readonly #guesses: Guesses;
  /** Questions under way: those who ask the same at once get one answer. */
  readonly #asking = new Map<string, Promise<DirectoryPrincipal | undefined>>();
  /** Of those who cannot be asked, why: told to the log once. */
  readonly #troubles = new Map<string, string>();
  /** Of this process alone, so that digests of secrets are worth nothing elsewhere. */
  readonly #pepper = randomBytes(32);
  #current: readonly DirectorySettings[] = [];
  readonly rememberMs: number;

  constructor(context: DirectoriesContext) {
    this.#context = context;
    this.rememberMs = context.limits.rememberMs;
    this.#guesses = new Guesses(
      context.clock,
      context.limits.loginFailures,
      'Too many wrong secrets for this login (limits.directories.loginFailures).',
    );
  }

  get areThere(): boolean {
    return this.#context.settings().length > 0;
  }

  /** Whether the configuration is as it was when this was last asked: what is remembered is then worth nothing. */
  haveChanged(): boolean {
    const before = this.#current;
    this.#current = this.#context.settings();
    return before !== this.#current;
  }

  /** What stands for a login and its secret wherever something is remembered. */
  digestOf(login: string, secret: string): string {
    return createHmac('sha256', this.#pepper)
      .update(JSON.stringify([login, secret]))
      .digest('base64');
  }

  /**
   * Whose login and secret these are; undefined when nobody's. Rejects with `unavailable` when no directory knows them and
   * one could not be asked.
   */
  async authenticate(login: string, secret: string, digest: string): Promise<DirectoryPrincipal | undefined> {
    // To LDAP a bind without a secret is one without a user, and succeeds.
    if (!isSecret(secret) || !isName(login)) return undefined;
    return this.#once(digest, async () => {
      const name = spelling(login);
      // Counted as wrong until it is found right: guesses that come at once must not all pass the check first.
      this.#guesses.check(name);
      this.#guesses.failed(name);
      let failure: Fault | undefined;
      let isRefused = false;
      for (const settings of this.#context.settings()) {
        if (this.#isNone(settings.connector)) continue;
        try {
          const found = await this.#ask(settings, 'authenticate', { login, secret });
          if (found === undefined) {
            isRefused = true;
            continue;
          }
          this.#guesses.wasRight(name);
          return found;
        } catch (thrown) {
          failure = thrown as Fault;
        }
      }
      if (failure === undefined) return undefined;
      // Where one says no it stays a guess: else one that is down would let all secrets be tried on the others.
      if (!isRefused) this.#guesses.wasRight(name);
      throw failure;
    });
  }

  /**
   * Whether a directory still knows the user of a token, as it does now; undefined when it does not, and `unasked` where
   * its plugin cannot tell. Rejects with `unavailable`.
   */
  async confirm(
    user: string,
    { directory: connector, ...granted }: Granted,
  ): Promise<{ principal: DirectoryPrincipal | undefined; unasked?: true }> {
    const settings = this.#context.settings().find((one) => one.connector === connector);
    if (settings === undefined) return { principal: undefined };
    const backend = this.#context.backends.get(connector);
    if (backend?.status().state === 'ready' && !backend.supports('directory.find')) {
      return { principal: this.#principalFor(settings, { login: user, ...granted }), unasked: true };
    }
    const key = JSON.stringify([connector, user]);
    const principal = await this.#once(key, () => this.#ask(settings, 'find', { login: user }));
    return { principal: principal?.user === user ? principal : undefined };
  }

  /** Whether a connector is configured as a directory and its plugin is none: it is not waited for. */
  #isNone(connector: string): boolean {
    const backend = this.#context.backends.get(connector);
    if (backend?.status().state !== 'ready' || backend.supports('directory.authenticate')) return false;
    this.#trouble(connector, 'Its plugin has no directory.authenticate.');
    return true;
  }

  #trouble(connector: string, fault: string): void {
    if (this.#troubles.get(connector) === fault) return;
    this.#troubles.set(connector, fault);
    this.#context.log.warn({ connector, fault }, 'A directory cannot be asked for users.');
  }

  #once(key: string, ask: () => Promise<DirectoryPrincipal | undefined>): Promise<DirectoryPrincipal | undefined> {
    const underWay = this.#asking.get(key);
    if (underWay !== undefined) return underWay;
    const { asked } = this.#context.limits;
    if (this.#asking.size >= asked) {
      throw new Fault('throttled', `${asked} logins wait for directories (limits.directories.asked).`, {
        retryAfterMs: 1000,
      });
    }
    const asking = ask().finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(
    settings: DirectorySettings,
    how: 'authenticate' | 'find',
    params: { login: string; secret?: string },
  ): Promise<DirectoryPrincipal | undefined> {
    const { backends, limits } = this.#context;
    const { connector } = settings;
    try {
      const backend = backends.get(connector);
      if (backend === undefined) throw new Fault('unavailable', `There is no connector ${connector}.`);
      const { user } = await backend.call(directory[how] as typeof directory.find, params, {
        timeoutMs: limits.timeoutMs,
        secrets: params.secret === undefined ? [] : [params.secret],
      });
      this.#troubles.delete(connector);
      return user && this.#principalFor(settings, user);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      const { kind, message } = thrown;
      this.#trouble(connector, message);
      const why =
        kind === 'timeout'
          ? `did not answer within ${limits.timeoutMs} ms (limits.directories.timeoutMs)`
          : 'cannot be asked at the moment';
      throw unavailable(`The directory that knows users ${why}; whether the password is right is not known.`);
    }
  }

  #principalFor({ connector, role, accounts }: DirectorySettings, user: DirectoryUser): DirectoryPrincipal | undefined {
    const { login, account } = user;
    if (accounts === undefined || accounts.includes(account)) {
      return { user: login, account, role: lower(role, user.role), directory: connector };
    }
    this.#context.log.warn(
      { connector, login, account },
      'A directory vouches for a user of an account that is not among its accounts in the configuration.',
    );
    return undefined;
  }
}
