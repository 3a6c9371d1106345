/** A core with a store in memory, or in a file that outlives it, and a backend under the test's control. */
import { setImmediate } from 'node:timers/promises';
import type { DirectorySettings } from '../../daemon/core/accounts/directories.ts';
import type { Credentials } from '../../daemon/core/api.ts';
import { type Core, createCore } from '../../daemon/core/index.ts';
import type { Backends, Log, Metrics, Store, UserRow } from '../../daemon/core/ports.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { openSqliteStore } from '../../daemon/store/sqlite.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import { quickHash } from './quick-hash.ts';
import type { ScriptedBackend } from './scripted-backend.ts';

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
const noMetrics: Metrics = { called() {}, refused() {} };

export const passwords = { root: 'root-password', alice: 'alice-password', bob: 'bob-password', eve: 'eve-password' };

export interface Bench<B extends Backends> {
  core: Core;
  store: Store;
  backend: B;
  /** Call a method as a user. */
  as(user: keyof typeof passwords): <T = never>(method: string, params?: Record<string, unknown>) => Promise<T>;
  call(
    method: string,
    params: Record<string, unknown>,
    credentials: Credentials,
    signal?: AbortSignal,
  ): Promise<unknown>;
}

export interface BenchOptions<B extends Backends> {
  backend: B;
  file?: string;
  limits?: { [G in keyof Limits]?: Partial<Limits[G]> };
  now?: () => number;
  log?: Log;
  directories?: () => readonly DirectorySettings[];
  accounting?: () => readonly string[];
}

const testLimits = (changed: BenchOptions<Backends>['limits'] = {}): Limits =>
  Object.fromEntries(
    Object.entries(defaultLimits).map(([group, limits]) => [group, { ...limits, ...changed[group as keyof Limits] }]),
  ) as Limits;

const accounts = {
  root: ['admin', 'admin'],
  alice: ['acme', 'user'],
  bob: ['bobs', 'user'],
  eve: ['acme', 'reader'],
} as const;

const rows = Object.entries(accounts).map(([id, [account, role]]): UserRow => {
  const password = quickHash(passwords[id as keyof typeof passwords]);
  return { id, account, role, password, created: '2026-01-31T12:00:00.000Z' };
});

/** Users: root (admin), alice (user of acme), bob (user of bobs), eve (reader of acme). */
export const startCore = async <B extends Backends = ScriptedBackend>(
  context: Mocha.Context,
  { backend, file = ':memory:', limits, now = Date.now, log = silentLog, directories, accounting }: BenchOptions<B>,
): Promise<Bench<B>> => {
  const store = await openSqliteStore(file, log);
  const { users } = await store.load();
  if (users.length === 0) await store.write(rows.map((row) => ({ put: 'user', row })));
  const core = await createCore({
    store,
    backends: backend,
    clock: { now },
    log,
    metrics: noMetrics,
    limits: testLimits(limits),
    version: '0.0.0',
    ...(directories && { directories }),
    ...(accounting && { accounting }),
  });
  core.start();
  cleanup(context, async () => {
    await core.stop();
    await store.close();
  });
  const call: Bench<B>['call'] = (method, params, credentials, signal) =>
    core.call(core.methods.get(method)!, params, {
      frontend: 'test',
      credentials,
      remote: '127.0.0.1',
      ...(signal === undefined ? {} : { signal }),
    });
  const as: Bench<B>['as'] =
    (user) =>
    async <T>(method: string, params: Record<string, unknown> = {}) =>
      (await call(method, params, { kind: 'password', user, password: passwords[user] })) as T;
  return { core, store, backend, as, call };
};

/** What a core does by itself at its start has been written. */
export const settled = async ({ store }: Pick<Bench<Backends>, 'store'>): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) {
    await store.pending();
    await setImmediate();
  }
};

const cleanups = new WeakMap<object, (() => Promise<void>)[]>();

/** Run something when the current test is over, whether it passed or not. */
export const cleanup = (context: Mocha.Context, work: () => Promise<void>): void => {
  const test = context.test!;
  const known = cleanups.get(test);
  if (known !== undefined) {
    known.unshift(work);
    return;
  }
  const list = [work];
  cleanups.set(test, list);
  const suite = test.parent!;
  const once = async () => {
    for (const each of list.splice(0)) await each();
  };
  suite.afterEach(once);
};

/** The fault that a call ends with. */
export const faultOf = async (call: Promise<unknown>): Promise<Fault> => {
  try {
    await call;
  } catch (thrown) {
    return thrown as Fault;
  }
  throw new Error('The call was answered; a fault was expected.');
};
