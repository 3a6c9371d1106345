import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Event } from '../../daemon/catalogue/resources.ts';
import { Journal } from '../../daemon/core/journal.ts';
import { openSqliteStore } from '../../daemon/store/sqlite.ts';
import { cleanup, faultOf, passwords, silentLog, startCore } from '../support/core.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';
import { countTurns } from '../support/slices.ts';

interface Page {
  events: Event[];
  next: string;
  reset: boolean;
}

describe('event.poll', () => {
  it('answers what happened after a cursor, each once and in order', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { next } = await as('alice')<Page>('event.poll');
    await as('alice')('vm.create', { name: 'db1', start: true, wait: 5 });
    const seen: string[] = [];
    let after = next;
    for (;;) {
      const page = await as('alice')<Page>('event.poll', { after, limit: 2 });
      if (page.events.length === 0) break;
      seen.push(...page.events.map(({ type, data }) => `${type} ${data.state ?? ''}`));
      after = page.next;
    }
    expect(seen).to.deep.equal([
      'vm.created pending',
      'vm.changed ',
      'vm.state running',
      'operation.finished succeeded',
    ]);
  });

  it('waits for the first event and answers it when it is there', async function () {
    const backend = new ScriptedBackend();
    backend.put({ id: 'n1', name: 'web1', state: 'stopped' });
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const { next } = await as('root')<Page>('event.poll');
    const poll = as('root')<Page>('event.poll', { after: next, wait: 30 });
    backend.emit({ type: 'vm.changed', vm: { id: 'n1', name: 'web1', state: 'running' } });
    const { events } = await poll;
    expect(events.map(({ type, data }) => [type, data])).to.deep.equal([
      ['vm.state', { state: 'running', previous: 'stopped' }],
    ]);
    expect(events[0]).to.not.have.property('operation');
  });

  it('that waits is answered when the daemon stops, and so is an operation that is waited for', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', () => Promise.withResolvers().promise);
    const { as, core } = await startCore(this, { backend });
    const { id } = await as('alice')<{ id: string }>('vm.create', { name: 'db1' });
    const { next } = await as('alice')<Page>('event.poll');
    const calls = [
      as('alice')<Page>('event.poll', { after: next, wait: 300 }),
      as('alice')<{ state: string }>('operation.wait', { operation: id, wait: 300 }),
    ] as const;
    // Both are waiting once a call that began after them has been answered.
    await as('alice')('session.whoami');
    core.stop();
    const [page, operation] = await Promise.all(calls);
    expect([page.events, operation.state]).to.deep.equal([[], 'running']);
  });

  it('tells nobody of the machines of others', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { next } = await as('bob')<Page>('event.poll');
    await as('alice')('vm.create', { name: 'db1', wait: 5 });
    expect((await as('bob')<Page>('event.poll', { after: next })).events).to.deep.equal([]);
    expect((await as('root')<Page>('event.poll', { after: next })).events).to.have.length(3);
  });

  it('that waits moves on past what is for others, and misses nothing of its own', async function () {
    const { as, core } = await startCore(this, { backend: new ScriptedBackend() });
    const wait = async () => {
      const { next: after } = await as('bob')<Page>('event.poll');
      const page = as('bob')<Page>('event.poll', { after, wait: 300 });
      // It is waiting once a call that began after it has been answered.
      await as('bob')('session.whoami');
      return { after, page };
    };
    const first = await wait();
    await as('alice')('vm.create', { name: 'db1', wait: 5 });
    await as('bob')('vm.create', { name: 'db2', wait: 5 });
    const { events } = await first.page;
    expect(events[0]).to.include({ type: 'vm.created', account: 'bobs' });
    const second = await wait();
    await as('alice')('vm.create', { name: 'db3', wait: 5 });
    core.stop();
    const { events: none, next } = await second.page;
    expect([none, Number(next) - Number(second.after)]).to.deep.equal([[], 3]);
  });

  it('that waits tells nothing to who has lost the right to read it meanwhile', async function () {
    const { as, call, core } = await startCore(this, { backend: new ScriptedBackend() });
    const { next } = await as('alice')<Page>('event.poll');
    const { token } = await as('eve')<{ token: string }>('session.login', { user: 'eve', password: passwords.eve });
    // The first login takes a hash, and with it longer than a call.
    for (const user of ['bob', 'eve'] as const) await as(user)('session.whoami');
    const waiting = { after: next, wait: 300 };
    const loggedOut = faultOf(call('event.poll', waiting, { kind: 'token', token }));
    const moved = as('bob')<Page>('event.poll', waiting);
    const stays = as('eve')<Page>('event.poll', waiting);
    // All are waiting once a call that began after them has been answered.
    await as('alice')('session.whoami');
    await call('session.logout', {}, { kind: 'token', token });
    await core.putUser({ user: 'bob', password: passwords.bob, account: 'acme', role: 'reader' });
    await as('root')('vm.create', { name: 'db1', account: 'bobs' });
    await as('alice')('vm.create', { name: 'db2' });
    expect((await loggedOut).kind).to.equal('unauthenticated');
    expect(await moved).to.deep.equal({ events: [], next, reset: false });
    expect((await stays).events).not.to.be.empty;
  });

  it('filters by type and still moves on', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { next } = await as('alice')<Page>('event.poll');
    await as('alice')('vm.create', { name: 'db1', wait: 5 });
    const page = await as('alice')<Page>('event.poll', { after: next, types: ['vm.deleted'] });
    expect([page.events.length, Number(page.next) - Number(next)]).to.deep.equal([0, 3]);
    // An empty list is left out.
    expect((await as('alice')<Page>('event.poll', { after: next, types: [] })).events).to.have.length(3);
  });

  it('lets others have their turn while it looks through a long log', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-events-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.sqlite');
    const before = await openSqliteStore(file, silentLog);
    const row = { time: new Date().toISOString(), type: 'vm.changed', resourceKind: 'vm', resource: 'a', data: {} };
    const rows = Array.from({ length: 30_000 }, (_, at) => ({ cursor: at + 1, account: 'acme', ...row }));
    await before.write(rows.map((event) => ({ put: 'event', row: event })));
    await before.close();
    const { as } = await startCore(this, { backend: new ScriptedBackend(), file });
    // Once logged in, so that no hash is waited for.
    await as('alice')('session.whoami');
    const turns = countTurns();
    const page = await as('alice')<Page>('event.poll', { after: '0', types: ['vm.deleted'] });
    expect(turns()).to.be.at.least(30);
    expect([page.events, page.next]).to.deep.equal([[], '30000']);
  });

  it('says reset for a cursor that was never given out, and refuses what is none', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    expect(await as('alice')('event.poll', { after: '999999' })).to.include({ reset: true });
    expect((await faultOf(as('alice')('event.poll', { after: '-1' }))).data.field).to.equal('/after');
  });
});

describe('the journal', () => {
  it('says reset when events after a cursor have been dropped, and goes on with those that are left', async () => {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const store = await openSqliteStore(':memory:', silentLog);
    const journal = new Journal(store, { now: () => now }, { lastCursor: 0, firstCursor: 0 });
    const event = { type: 'vm.changed', resourceKind: 'vm', resource: 'a', data: {} };
    await journal.write([], [event, event]);
    now += 1000;
    await journal.write([], [event]);
    expect((await journal.read(0, 10)).reset).to.equal(false);
    await journal.prune({ events: now, operations: now, tokens: now, usage: now, taken: 0 });
    const { events, reset } = await journal.read(0, 10);
    expect([reset, events.map(({ cursor }) => cursor)]).to.deep.equal([true, [3]]);
    expect((await journal.read(2, 10)).reset).to.equal(false);
    await store.close();
  });

  it('gives no cursor twice, even when every event was dropped before a restart', async () => {
    const store = await openSqliteStore(':memory:', silentLog);
    const now = Date.parse('2026-01-31T12:00:00Z');
    const journal = new Journal(store, { now: () => now }, await store.load());
    const event = { type: 'vm.changed', resourceKind: 'vm', resource: 'a', data: {} };
    await journal.write([], [event, event]);
    await journal.prune({ events: now + 1, operations: now, tokens: now, usage: now, taken: 0 });
    const after = new Journal(store, { now: () => now }, await store.load());
    await after.write([], [event]);
    expect((await after.read(2, 10)).events.map(({ cursor }) => cursor)).to.deep.equal([3]);
    await store.close();
  });
});
