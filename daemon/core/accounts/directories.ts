/**
 * Directories: connectors whose plugins know users that the daemon does not. They are asked with what the user logged in
 * with, which is kept nowhere. What they say is held against what the configuration lets them say.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
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

/**
 * Spellings that directories take for the same login count as one: they compare without case and spaces, and without
 * soft hyphens and what else is not seen (RFC 4518, section 2.2); some without accents too. Upper case first, for `ß` is `SS`.
 */
const spelling = (login: string): string =>
  login
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc\s]+/gu, '')
    .toUpperCase()
    .toLowerCase();

/** Logins that a directory has known; beyond, those that were the longest without being asked for are forgotten. */
const mostVouched = 10_000;

/** What directories have said of a login. */
interface Answer {
  found?: DirectoryPrincipal | undefined;
  isRefused?: boolean;
  failure?: Fault;
}

const both = (one: Answer, other: Answer): Answer => ({
  found: one.found ?? other.found,
  isRefused: one.isRefused === true || other.isRefused === true,
  ...((one.failure ?? other.failure) && { failure: one.failure ?? other.failure! }),
});

/** The answer, or undefined when there is none by then. */
const within = async <T>(ms: number, answer: Promise<T>): Promise<T | undefined> => {
  const answered = new AbortController();
  try {
    return await Promise.race([
      answer,
      pause(ms, undefined, { signal: answered.signal, ref: false }).catch(() => undefined),
    ]);
  } finally {
    answered.abort();
  }
};

/** What the contract lets through. */
const isName = (login: string): boolean => login.length <= 256 && /^\P{Cc}+$/u.test(login);
const isSecret = (secret: string): boolean => secret !== '' && secret.length <= 1024;

export class Directories {
  readonly #context: DirectoriesContext;
  readonly #guesses: Guesses;
  /** Questions under way: those who ask the same at once get one answer. */
  readonly #asking = new Map<string, Promise<DirectoryPrincipal | undefined>>();
  /** Of these, how many are for logins that no directory has known yet. */
  #strangers = 0;
  /** Spellings of logins that a directory has known: made-up ones do not keep them from being asked for. */
  readonly #vouched = new Set<string>();
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

  /** Why a directory cannot be asked at the moment. */
  troubleOf(connector: string): string | undefined {
    const trouble = this.#troubles.get(connector);
    const isOne = this.#context.settings().some((one) => one.connector === connector);
    return trouble === undefined || !isOne ? undefined : `Users cannot be asked for: ${trouble}`;
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
    const name = spelling(login);
    return this.#once(digest, this.#vouched.has(name), async () => {
      // Counted as wrong until it is found right: guesses that come at once must not all pass the check first.
      this.#guesses.check(name);
      this.#guesses.failed(name);
      const { found, isRefused, failure } = await this.#askAll({ login, secret });
      if (found !== undefined) {
        this.#guesses.wasRight(name);
        this.#vouch(name);
        return found;
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
    if (backend?.state === 'ready' && !backend.supports('directory.find')) {
      return { principal: this.#principalFor(settings, { login: user, ...granted }), unasked: true };
    }
    const key = JSON.stringify([connector, user]);
    const { timeoutMs } = this.#context.limits;
    const principal = await this.#once(key, true, () => this.#ask(settings, 'find', { login: user }, timeoutMs));
    if (principal?.user !== user) return { principal: undefined };
    this.#vouch(spelling(user));
    return { principal };
  }

  #vouch(name: string): void {
    this.#vouched.delete(name);
    this.#vouched.add(name);
    if (this.#vouched.size > mostVouched) this.#vouched.delete(this.#vouched.values().next().value!);
  }

  /**
   * One after the other, in the order of the configuration, since none should read secrets that are for one before it. One
   * that is silent has its part of the time; then the next is asked beside it. The login waits once for all of them.
   */
  #askAll(params: { login: string; secret: string }): Promise<Answer> {
    const all = this.#context.settings().filter(({ connector }) => !this.#isNone(connector));
    const { timeoutMs } = this.#context.limits;
    const over = performance.now() + timeoutMs;
    const from = async (place: number): Promise<Answer> => {
      const settings = all[place];
      if (settings === undefined) return {};
      const asking = this.#ask(settings, 'authenticate', params, over - performance.now()).then(
        (found): Answer => ({ found, isRefused: found === undefined }),
        (failure: Fault): Answer => ({ failure }),
      );
      const early = await within(timeoutMs / all.length, asking);
      if (early?.found !== undefined) return early;
      if (early !== undefined) return both(early, await from(place + 1));
      const others = from(place + 1);
      const first = await Promise.race([asking, others]);
      return first.found === undefined ? both(await asking, await others) : first;
    };
    return from(0);
  }

  /** Whether a connector is configured as a directory and its plugin is none: it is not waited for. */
  #isNone(connector: string): boolean {
    const backend = this.#context.backends.get(connector);
    return backend?.state === 'ready' && !backend.supports('directory.authenticate');
  }

  #trouble(connector: string, fault: string): void {
    if (this.#troubles.get(connector) === fault) return;
    this.#troubles.set(connector, fault);
    this.#context.log.warn({ connector, fault }, 'A directory cannot be asked for users.');
  }

  #once(
    key: string,
    isVouched: boolean,
    ask: () => Promise<DirectoryPrincipal | undefined>,
  ): Promise<DirectoryPrincipal | undefined> {
    const underWay = this.#asking.get(key);
    if (underWay !== undefined) return underWay;
    this.#assertRoom('asked', this.#asking.size);
    if (!isVouched) this.#assertRoom('strangers', this.#strangers);
    const strangers = isVouched ? 0 : 1;
    this.#strangers += strangers;
    const asking = ask().finally(() => {
      this.#strangers -= strangers;
      this.#asking.delete(key);
    });
    this.#asking.set(key, asking);
    return asking;
  }

  #assertRoom(name: 'asked' | 'strangers', count: number): void {
    if (count < this.#context.limits[name]) return;
    const message = `${count} logins wait for directories (limits.directories.${name}).`;
    throw new Fault('throttled', message, { retryAfterMs: 1000 });
  }

  async #ask(
    settings: DirectorySettings,
    how: 'authenticate' | 'find',
    params: { login: string; secret?: string },
    timeoutMs: number,
  ): Promise<DirectoryPrincipal | undefined> {
    const { backends, limits } = this.#context;
    const { connector } = settings;
    try {
      const backend = backends.get(connector);
      if (backend === undefined) throw new Fault('unavailable', `There is no connector ${connector}.`);
      const asking = backend.call(directory[how] as typeof directory.find, params, {
        timeoutMs: Math.max(1, Math.round(timeoutMs)),
        secrets: params.secret === undefined ? [] : [params.secret],
      });
      // The plugin has a moment more to say that it has given up; whoever logs in has not.
      const answer = await within(timeoutMs, asking);
      if (answer === undefined) throw new Fault('timeout', `No answer within ${limits.timeoutMs} ms.`);
      const { user } = answer;
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
