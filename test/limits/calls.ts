/** The bounds of `limits.calls` and `limits.store`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Story } from '../../daemon/catalogue/story.ts';
import type { Limits } from '../../daemon/limits.ts';
import { cleanup, passwords, settled, startCore } from '../support/core.ts';
import { ScriptedBackend, seeded } from '../support/scripted-backend.ts';
import { type Bound, counted, unsaid } from './bound.ts';

type Bounds<G extends keyof Limits> = { [L in keyof Limits[G]]: Bound };

const wordsOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (fault: Error) => fault.message,
  );
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const firstOf = async (all: Promise<string | undefined>[]) =>
  (await Promise.all(all)).find((words) => words !== undefined);

type Name = keyof typeof passwords;
const noon = Date.parse('2026-01-31T12:00:00Z');

const called = (
  limit: keyof Limits['calls'],
  use: (core: Awaited<ReturnType<typeof startCore<ScriptedBackend>>>) => Promise<string | undefined>,
): Bound =>
  counted(3, async (context, value) => {
    const options = { backend: new ScriptedBackend(), now: () => noon, limits: { calls: { [limit]: value } } };
    return use(await startCore(context, options));
  });

export const calls: Bounds<'calls'> = {
  inFlight: called('inFlight', async ({ as }) => {
    await as('alice')('session.whoami');
    const polls = times(2, () => as('alice')('event.poll', { wait: 0.1 }));
    const words = await wordsOf(as('alice')('session.whoami'));
    await Promise.all(polls);
    return words;
  }),
  waiting: called('waiting', async ({ as }) => {
    for (const user of ['alice', 'bob'] as const) await as(user)('session.whoami');
    return firstOf((['alice', 'bob', 'alice'] as const).map((user) => wordsOf(as(user)('event.poll', { wait: 0.1 }))));
  }),
  waitingPerAccount: called('waitingPerAccount', async ({ as }) => {
    // Alice and Eve are of one account.
    const users: Name[] = ['alice', 'eve', 'bob', 'alice'];
    for (const user of users) await as(user)('session.whoami');
    return firstOf(users.map((user) => wordsOf(as(user)('event.poll', { wait: 0.1 }))));
  }),
  perSecond: called('perSecond', async ({ as }) => {
    let words: string | undefined;
    for (let call = 0; call < 3; call += 1) words = await wordsOf(as('alice')('session.whoami'));
    return words;
  }),
  logins: called('logins', ({ as }) =>
    firstOf((['alice', 'bob', 'eve'] as const).map((user) => wordsOf(as(user)('session.whoami')))),
  ),
  loginFailures: called('loginFailures', async ({ call }) => {
    let words: string | undefined;
    for (let guess = 0; guess < 3; guess += 1) {
      words = await wordsOf(
        call('session.whoami', {}, { kind: 'password', user: 'alice', password: `guess ${guess}` }),
      );
    }
    return words?.startsWith('The user name or the password is wrong') ? undefined : words;
  }),
  operations: called('operations', async ({ as, backend }) => {
    backend.scripts.set('compute.create', () => Promise.withResolvers().promise);
    let words: string | undefined;
    for (let made = 0; made < 3; made += 1) words = await wordsOf(as('alice')('vm.create', { name: `vm${made}` }));
    return words;
  }),
};

const dayMs = 86_400_000;

/** Makes and deletes a machine, starts again after three days, and looks for what was there. */
const kept = (
  limit: 'eventDays' | 'operationDays' | 'deletedDays' | 'usageDays',
  look: (
    as: (method: string, params: Record<string, unknown>) => Promise<unknown>,
    operation: { id: string; resource: string },
  ) => Promise<string | undefined>,
): Bound =>
  unsaid(
    'It is as if it had never been.',
    counted(3, async (context, value) => {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
      cleanup(context, () => rm(folder, { recursive: true }));
      let now = noon;
      const limits = { store: { [limit]: value } };
      const options = { backend: new ScriptedBackend(), file: join(folder, 'store.db'), limits, now: () => now };
      const { as } = await startCore(context, options);
      await as('alice')('vm.create', { name: 'db1', start: true, wait: 5 });
      now += 1;
      await as('alice')('vm.powerOff', { vm: 'db1', wait: 5 });
      const ended = await as('alice')<{ id: string; resource: string }>('vm.delete', { vm: 'db1', wait: 5 });
      now += 3 * dayMs - 1;
      const later = await startCore(context, options);
      await later.as('alice')('session.whoami');
      return look(later.as('alice'), ended);
    }),
  );

export const store: Bounds<'store'> = {
  eventDays: kept('eventDays', async (as) =>
    ((await as('event.poll', { after: '0' })) as { reset: boolean }).reset ? 'gone' : undefined,
  ),
  operationDays: kept('operationDays', (as, { id }) => wordsOf(as('operation.get', { operation: id }))),
  deletedDays: kept('deletedDays', (as, { resource }) => wordsOf(as('vm.get', { vm: resource }))),
  connectorDays: unsaid(
    'The log says so before.',
    counted(3, async (context, connectorDays) => {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
      cleanup(context, () => rm(folder, { recursive: true }));
      let now = noon;
      const limits = { store: { connectorDays } };
      const options = { file: join(folder, 'store.db'), limits, now: () => now };
      const startWith = async (backend: ScriptedBackend) => {
        const bench = await startCore(context, { ...options, backend });
        await settled(bench);
        return bench.store;
      };
      await startWith(seeded());
      await startWith(new ScriptedBackend('other'));
      now += 2.5 * dayMs;
      const { resources } = await (await startWith(new ScriptedBackend('other'))).load();
      const states = resources.map(({ record }) => (record as { state: string }).state);
      return states.includes('deleted') ? 'gone' : undefined;
    }),
  ),
  storyLines: counted(3, async (context, storyLines) => {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', (sent) => {
      for (const percent of [10, 20, 30]) sent.options.onProgress?.({ percent });
      return backend.effect(sent);
    });
    const { as } = await startCore(context, { backend, limits: { store: { storyLines } } });
    const { id } = await as('alice')<{ id: string }>('vm.create', { name: 'db1', wait: 5 });
    const { entries } = await as('alice')<Story>('operation.explain', { operation: id });
    return entries.find(({ what }) => what === 'left-out')?.message;
  }),
  usageDays: kept('usageDays', async (as) =>
    ((await as('usage.list', {})) as { items: unknown[] }).items.length === 0 ? 'gone' : undefined,
  ),
  sessions: unsaid(
    'Who shows a token that has ended is told no more, whatever ended it.',
    counted(3, async (context, sessions) => {
      const options = { backend: new ScriptedBackend(), limits: { store: { sessions } } };
      const { as, call } = await startCore(context, options);
      const login = () => as('alice')<{ token: string }>('session.login', { user: 'alice', password: passwords.alice });
      const { token } = await login();
      for (let further = 1; further < 3; further += 1) await login();
      return wordsOf(call('session.whoami', {}, { kind: 'token', token }));
    }),
  ),
  sessionSeconds: unsaid(
    'A token that has ended is as good as none.',
    counted(600, async (context, sessionSeconds) => {
      let now = noon;
      const options = { backend: new ScriptedBackend(), now: () => now, limits: { store: { sessionSeconds } } };
      const { call } = await startCore(context, options);
      const params = { user: 'alice', password: passwords.alice };
      const { token } = (await call('session.login', params, { kind: 'none' })) as { token: string };
      now += 600_000;
      return wordsOf(call('session.whoami', {}, { kind: 'token', token }));
    }),
  ),
};
