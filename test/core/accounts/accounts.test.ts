import { expect } from 'chai';
import { credentialsFrom } from '../../../daemon/core/accounts/credentials.ts';
import { hashPassword, verifyPassword } from '../../../daemon/core/accounts/passwords.ts';
import type { Credentials } from '../../../daemon/core/api.ts';
import { readAuthorization } from '../../../daemon/wire/authorization.ts';
import { faultOf, passwords, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';

const password = (user: string, word: string): Credentials => ({ kind: 'password', user, password: word });
const none: Credentials = { kind: 'none' };

describe('callers', () => {
  it('without credentials may call public methods only', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend() });
    expect(await call('system.version', {}, none)).to.deep.equal({ name: 'annelid', version: '0.0.0', api: '1' });
    const fault = await faultOf(call('vm.list', {}, none));
    expect([fault.kind, fault.message]).to.deep.equal(['unauthenticated', 'vm.list needs credentials.']);
  });

  it('with a wrong password or an unknown name are told the same', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend() });
    const wrong = await faultOf(call('session.whoami', {}, password('alice', 'x')));
    const unknown = await faultOf(call('session.whoami', {}, password('nobody', 'x')));
    expect([wrong.kind, wrong.message]).to.deep.equal([unknown.kind, unknown.message]);
    expect(wrong.kind).to.equal('unauthenticated');
  });

  it('log in for a token, which works until they log out', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend() });
    const session = (await call('session.login', { user: 'alice', password: passwords.alice }, none)) as {
      token: string;
    };
    expect(session.token).to.match(/^annelid_[\w-]{43}$/);
    const token: Credentials = { kind: 'token', token: session.token };
    expect(await call('session.whoami', {}, token)).to.deep.equal({
      user: 'alice',
      account: 'acme',
      role: 'user',
      token: true,
    });
    expect(await call('session.logout', {}, token)).to.deep.equal({ user: 'alice' });
    expect((await faultOf(call('session.whoami', {}, token))).kind).to.equal('unauthenticated');
    const fault = await faultOf(call('session.logout', {}, password('alice', passwords.alice)));
    expect(fault.kind).to.equal('conflict');
  });

  it('have tokens that end after limits.store.sessionSeconds without use, and are renewed by use', async function () {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const { call } = await startCore(this, {
      backend: new ScriptedBackend(),
      now: () => now,
      limits: { store: { sessionSeconds: 600 } },
    });
    const { token } = (await call('session.login', { user: 'alice', password: passwords.alice }, none)) as {
      token: string;
    };
    const credentials: Credentials = { kind: 'token', token };
    for (let use = 0; use < 3; use += 1) {
      now += 400_000;
      expect(await call('session.whoami', {}, credentials)).to.have.property('user', 'alice');
    }
    now += 600_001;
    expect((await faultOf(call('session.whoami', {}, credentials))).kind).to.equal('unauthenticated');
  });

  it('have limits.store.sessions tokens: a further login ends the one that was not used for the longest', async function () {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const options = { backend: new ScriptedBackend(), now: () => now, limits: { store: { sessions: 2 } } };
    const { call, store } = await startCore(this, options);
    const login = async (user: 'alice' | 'bob'): Promise<Credentials> => {
      now += 100_000;
      const { token } = (await call('session.login', { user, password: passwords[user] }, none)) as { token: string };
      return { kind: 'token', token };
    };
    const [first, second, ofBob] = [await login('alice'), await login('alice'), await login('bob')];
    await call('session.whoami', {}, first);
    now -= 7_200_000;
    const third = await login('alice');
    for (const token of [first, third, ofBob]) await call('session.whoami', {}, token);
    expect((await faultOf(call('session.whoami', {}, second))).kind).to.equal('unauthenticated');
    expect((await store.load()).tokens.map(({ user }) => user).sort()).to.deep.equal(['alice', 'alice', 'bob']);
  });

  it('are refused at once, remembered password and tokens included, when they are changed or removed', async function () {
    const { call, core } = await startCore(this, { backend: new ScriptedBackend() });
    const { token } = (await call('session.login', { user: 'alice', password: passwords.alice }, none)) as {
      token: string;
    };
    // As a connection has them that is kept.
    const before = password('alice', passwords.alice);
    for (let times = 0; times < 3; times++) {
      expect(await call('session.whoami', {}, before)).to.have.property('user', 'alice');
    }
    await core.putUser({ user: 'alice', password: 'another', account: 'acme', role: 'user' });
    for (const shown of [before, password('alice', passwords.alice)]) {
      expect((await faultOf(call('session.whoami', {}, shown))).kind).to.equal('unauthenticated');
    }
    expect((await faultOf(call('session.whoami', {}, { kind: 'token', token }))).kind).to.equal('unauthenticated');
    expect(await call('session.whoami', {}, password('alice', 'another'))).to.have.property('user', 'alice');
    await core.removeUser('alice');
    expect((await faultOf(call('session.whoami', {}, password('alice', 'another')))).kind).to.equal('unauthenticated');
    expect((await faultOf(core.removeUser('alice'))).kind).to.equal('not-found');
  });

  it('who log in while they are being made wait for that', async function () {
    const { call, core } = await startCore(this, { backend: new ScriptedBackend() });
    const made = core.putUser({ user: 'carol', password: 'carol-password', account: 'acme', role: 'user' });
    expect(await call('session.whoami', {}, password('carol', 'carol-password'))).to.have.property('user', 'carol');
    await made;
  });

  it('whose credentials cannot be read are told which can', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend() });
    const fault = await faultOf(call('session.whoami', {}, credentialsFrom(readAuthorization('Digest x="y"'))));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unauthenticated',
      'The credentials cannot be read; HTTP Basic and Bearer are taken.',
    ]);
  });

  it('that guess are stopped after limits.calls.loginFailures in a minute', async function () {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const { call } = await startCore(this, {
      backend: new ScriptedBackend(),
      now: () => now,
      limits: { calls: { loginFailures: 2 } },
    });
    for (let guess = 0; guess < 2; guess += 1)
      await faultOf(call('session.whoami', {}, password('alice', `guess ${guess}`)));
    const fault = await faultOf(call('session.whoami', {}, password('alice', passwords.alice)));
    expect([fault.kind, fault.data.retryAfterMs]).to.deep.equal(['throttled', 60_000]);
    now += 60_000;
    expect(await call('session.whoami', {}, password('alice', passwords.alice))).to.have.property('user', 'alice');
  });

  it('that guess all at once get no more tries', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend(), limits: { calls: { loginFailures: 3 } } });
    const guesses = Array.from({ length: 8 }, (_, n) =>
      faultOf(call('session.whoami', {}, password('alice', `guess ${n}`))),
    );
    const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'unauthenticated')).to.have.length(3);
    expect(kinds.filter((kind) => kind === 'throttled')).to.have.length(5);
  });

  it('wait for so many passwords to be verified and no more: limits.calls.logins', async function () {
    const { call } = await startCore(this, { backend: new ScriptedBackend(), limits: { calls: { logins: 1 } } });
    const right = call('session.whoami', {}, password('alice', passwords.alice));
    const fault = await faultOf(call('session.whoami', {}, password('bob', passwords.bob)));
    expect(fault.message).to.contain('limits.calls.logins');
    expect(await right).to.have.property('user', 'alice');
  });

  it('that call too often in one second are throttled: limits.calls.perSecond', async function () {
    const now = Date.parse('2026-01-31T12:00:00Z');
    const { as } = await startCore(this, {
      backend: new ScriptedBackend(),
      now: () => now,
      limits: { calls: { perSecond: 3 } },
    });
    for (let count = 0; count < 3; count += 1) await as('alice')('session.whoami');
    expect((await faultOf(as('alice')('session.whoami'))).kind).to.equal('throttled');
    expect(await as('bob')('session.whoami')).to.have.property('user', 'bob');
  });

  it('that are too many at once are throttled: limits.calls.inFlight', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend(), limits: { calls: { inFlight: 1 } } });
    await as('alice')('session.whoami');
    const poll = as('alice')('event.poll', { wait: 0.2 });
    expect((await faultOf(as('alice')('session.whoami'))).message).to.contain('limits.calls.inFlight');
    await poll;
  });

  it('that wait are counted: limits.calls.waiting', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend(), limits: { calls: { waiting: 1 } } });
    await as('alice')('session.whoami');
    const poll = as('alice')('event.poll', { wait: 0.2 });
    expect((await faultOf(as('alice')('event.poll', { wait: 1 }))).message).to.contain('limits.calls.waiting');
    expect(await as('alice')('event.poll', { wait: 0 })).to.have.property('reset', false);
    await poll;
  });

  it('that wait are counted for each account too, and refused before anything is begun: limits.calls.waitingPerAccount', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend, limits: { calls: { waitingPerAccount: 1 } } });
    await as('bob')('session.whoami');
    await as('alice')('session.whoami');
    const poll = as('alice')('event.poll', { wait: 0.5, types: ['vm.deleted'] });
    const fault = await faultOf(as('alice')('vm.create', { name: 'db1', wait: 5 }));
    expect(fault.message).to.contain('limits.calls.waitingPerAccount');
    expect(fault.data.outcome).to.equal('none');
    expect(backend.vms.size).to.equal(0);
    expect(await as('alice')('vm.list')).to.have.property('total', 0);
    await as('bob')('vm.create', { name: 'db1', wait: 5 });
    await poll;
  });

  it('have so many operations under way and no more: limits.calls.operations', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', () => Promise.withResolvers().promise);
    const { as } = await startCore(this, { backend, limits: { calls: { operations: 1 } } });
    await as('alice')('vm.create', { name: 'one' });
    expect((await faultOf(as('alice')('vm.create', { name: 'two' }))).message).to.contain('limits.calls.operations');
    await as('bob')('vm.create', { name: 'one' });
  });

  it('are told which parameter is wrong', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const fault = await faultOf(as('alice')('vm.create', { name: 'db1', disks: [{ sizeMiB: 0 }] }));
    expect([fault.kind, fault.data.field]).to.deep.equal(['invalid-params', '/disks/0/sizeMiB']);
    const unknown = await faultOf(as('alice')('vm.create', { name: 'db1', memory: 5 }));
    expect(unknown.message).to.contain('memory');
  });
});

describe('password hashes', () => {
  it('match their password alone, whatever the normal form of its letters', async () => {
    const stored = await hashPassword('se\u00f1or');
    expect(await verifyPassword('sen\u0303or', stored)).to.equal(true);
    expect(await verifyPassword('senor', stored)).to.equal(false);
    expect(await verifyPassword('', 'nonsense')).to.equal(false);
  });
});
