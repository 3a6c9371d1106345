import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DirectorySettings } from '../../../daemon/core/accounts/directories.ts';
import type { Credentials } from '../../../daemon/core/api.ts';
import { createRedactor } from '../../../plugin-protocol/cassette/redaction.ts';
import { createLogWatch, noopInstance, startHost, stopHosts } from '../../host/running-host.ts';
import { type BenchOptions, cleanup, faultOf, passwords, startCore } from '../../support/core.ts';
import { gate } from '../../support/scripted-backend.ts';
import { People } from './people.ts';

const whose = (user: string, password: string): Credentials => ({ kind: 'password', user, password });
const none: Credentials = { kind: 'none' };

const people: readonly DirectorySettings[] = [{ connector: 'people', role: 'user' }];

const start = (context: Mocha.Context, backend: People, more: Partial<BenchOptions<People>> = {}) =>
  startCore(context, { backend, directories: () => people, ...more });

describe('users whom a directory knows', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('call with the account and the role that it says, and the name as it spells it', async function () {
    const { call } = await start(this, new People().has('Ann', 'ann-secret'));
    expect(await call('session.whoami', {}, whose('ANN', 'ann-secret'))).to.deep.equal({
      user: 'Ann',
      account: 'acme',
      role: 'user',
      token: false,
    });
  });

  it('are told the same for a wrong password and a name that nobody has', async function () {
    const { call } = await start(this, new People().has('ann', 'ann-secret'));
    for (const credentials of [whose('ann', 'wrong'), whose('nobody', 'ann-secret')]) {
      const fault = await faultOf(call('session.whoami', {}, credentials));
      expect([fault.kind, fault.message]).to.deep.equal(['unauthenticated', 'The user name or the password is wrong.']);
    }
  });

  it('are not asked for with an empty password, or a name that none can be', async function () {
    const backend = new People().has('ann', '');
    const { call } = await start(this, backend);
    for (const credentials of [
      whose('ann', ''),
      whose('', 'x'),
      whose('a\nb', 'x'),
      whose('a'.repeat(257), 'x'),
      whose('ann', 'x'.repeat(1025)),
    ]) {
      expect((await faultOf(call('session.whoami', {}, credentials))).kind).to.equal('unauthenticated');
    }
    expect(backend.asked()).to.equal(0);
  });

  it('are those of the daemon itself where it has the name: the directory is not asked', async function () {
    const backend = new People().has('alice', 'another', { account: 'others', role: 'admin' });
    const { call } = await start(this, backend);
    expect(await call('session.whoami', {}, whose('alice', passwords.alice))).to.have.property('account', 'acme');
    expect((await faultOf(call('session.whoami', {}, whose('alice', 'another')))).kind).to.equal('unauthenticated');
    expect(backend.asked()).to.equal(0);
  });

  it('never get the name of a user of the daemon by another spelling', async function () {
    const { call } = await start(this, new People().has('root', 'another', { account: 'admin' }));
    expect((await faultOf(call('session.whoami', {}, whose('ROOT', 'another')))).kind).to.equal('unauthenticated');
  });

  it('lose their sessions to a user of the daemon that is made with their name', async function () {
    const { call, core } = await start(this, new People().has('ann', 'ann-secret'));
    const { token } = (await call('session.login', { user: 'ann', password: 'ann-secret' }, none)) as { token: string };
    await core.putUser({ user: 'ann', password: 'of the daemon', account: 'bobs', role: 'reader' });
    for (const credentials of [{ kind: 'token', token } as const, whose('ann', 'ann-secret')]) {
      expect((await faultOf(call('session.whoami', {}, credentials))).kind).to.equal('unauthenticated');
    }
    expect(await call('session.whoami', {}, whose('ann', 'of the daemon'))).to.have.property('account', 'bobs');
  });

  it('are out at once when a user of the daemon is made with a name that they log in with, also on a connection that is kept', async function () {
    const { call, core } = await start(this, new People().has('Ann', 'ann-secret'));
    const sent = whose('ANN', 'ann-secret');
    for (let calls = 0; calls < 2; calls++) await call('session.whoami', {}, sent);
    await core.putUser({ user: 'ANN', password: 'of the daemon', account: 'bobs', role: 'reader' });
    expect((await faultOf(call('session.whoami', {}, sent))).kind).to.equal('unauthenticated');
  });

  it('get no higher role and no other account than the configuration allows', async function () {
    const backend = new People().has('ann', 's1', { role: 'admin' }).has('ben', 's2', { role: 'reader' });
    backend.has('cat', 's3', { account: 'admin' });
    const { log, entries } = createLogWatch();
    const settings: DirectorySettings[] = [{ connector: 'people', role: 'user', accounts: ['acme'] }];
    const { call } = await start(this, backend, { log, directories: () => settings });
    expect(await call('session.whoami', {}, whose('ann', 's1'))).to.have.property('role', 'user');
    expect(await call('session.whoami', {}, whose('ben', 's2'))).to.have.property('role', 'reader');
    expect((await faultOf(call('session.whoami', {}, whose('cat', 's3')))).kind).to.equal('unauthenticated');
    expect((await entries.when(({ level }) => level === 'warn')).facts).to.include({ login: 'cat', account: 'admin' });
  });

  it('are asked for once a minute and not with each call, nor twice at once', async function () {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const backend = new People().has('ann', 'ann-secret');
    const { call } = await start(this, backend, { now: () => now });
    const whoami = () => call('session.whoami', {}, whose('ann', 'ann-secret'));
    await Promise.all([whoami(), whoami(), whoami()]);
    await whoami();
    expect(backend.asked()).to.equal(1);
    now += 60_001;
    await whoami();
    expect(backend.asked()).to.equal(2);
    expect((await faultOf(call('session.whoami', {}, whose('ann', 'wrong')))).kind).to.equal('unauthenticated');
  });

  it('are forgotten when the configuration of directories changes', async function () {
    let settings: DirectorySettings[] = [{ connector: 'people', role: 'user' }];
    const { call } = await start(this, new People().has('ann', 'ann-secret'), { directories: () => settings });
    const { token } = (await call('session.login', { user: 'ann', password: 'ann-secret' }, none)) as { token: string };
    await call('session.whoami', {}, { kind: 'token', token });
    settings = [{ connector: 'people', role: 'reader' }];
    expect(await call('session.whoami', {}, whose('ann', 'ann-secret'))).to.have.property('role', 'reader');
    expect(await call('session.whoami', {}, { kind: 'token', token })).to.have.property('role', 'reader');
    settings = [];
    for (const credentials of [{ kind: 'token', token } as const, whose('ann', 'ann-secret')]) {
      expect((await faultOf(call('session.whoami', {}, credentials))).kind).to.equal('unauthenticated');
    }
  });

  it('read that the directory is away, and not that the password is wrong; that is no failed login', async function () {
    const backend = new People();
    backend.away();
    const { log, entries } = createLogWatch();
    const { call } = await start(this, backend, { log, limits: { calls: { loginFailures: 2 } } });
    for (let time = 0; time < 5; time += 1) {
      const fault = await faultOf(call('session.whoami', {}, whose('ann', 'ann-secret')));
      expect([fault.kind, fault.message]).to.deep.equal([
        'unavailable',
        'The directory that knows users cannot be asked at the moment; whether the password is right is not known.',
      ]);
    }
    expect(await call('session.whoami', {}, whose('alice', passwords.alice))).to.have.property('user', 'alice');
    expect(entries.all.filter(({ message }) => message === 'A directory cannot be asked for users.')).to.have.length(1);
  });

  it('that are guessed are stopped by address, and by login whatever the address and the spelling', async function () {
    const now = Date.parse('2026-01-31T12:00:00Z');
    const backend = new People().has('ann', 'ann-secret').has('ben', 'ben-secret');
    const limits = { calls: { loginFailures: 4 }, directories: { loginFailures: 2 } };
    const { call } = await start(this, backend, { now: () => now, limits });
    const guess = (login: string, secret: string) => faultOf(call('session.whoami', {}, whose(login, secret)));
    expect((await guess('ann', '1')).kind).to.equal('unauthenticated');
    expect((await guess('ANN', '2')).kind).to.equal('unauthenticated');
    expect((await guess('Ann', 'ann-secret')).message).to.include('limits.directories.loginFailures');
    await call('session.whoami', {}, whose('ben', 'ben-secret'));
    for (const login of ['cat', 'dan']) expect((await guess(login, 'x')).kind).to.equal('unauthenticated');
    expect((await guess('eva', 'x')).message).to.include('limits.calls.loginFailures');
    // Who is remembered goes on.
    await call('session.whoami', {}, whose('ben', 'ben-secret'));
  });

  it('that are guessed are one login in all spellings that directories take for it', async function () {
    const now = Date.parse('2026-01-31T12:00:00Z');
    const limits = { directories: { loginFailures: 1 } };
    const { call } = await start(this, new People(), { now: () => now, limits });
    const guess = async (login: string) => (await faultOf(call('session.whoami', {}, whose(login, 'x')))).kind;
    expect(await guess('josé.weiß')).to.equal('unauthenticated');
    for (const login of ['jose\u0301.weiß', 'JOSÉ.WEISS', 'jo\u00adsé.weiß', 'jos\u200bé.weiß', 'jose. weiss']) {
      expect(await guess(login), JSON.stringify(login)).to.equal('throttled');
    }
  });

  it('get in by login and by token while logins that are made up wait for a directory that is slow', async function () {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const backend = new People().has('ann', 'ann-secret');
    const answers = backend.scripts.get('directory.authenticate')!;
    const slow = gate();
    backend.scripts.set('directory.authenticate', async (sent) => {
      if (sent.params.login !== 'ann') await slow.promise;
      return answers(sent);
    });
    const limits = { directories: { asked: 4, strangers: 2 } };
    const { call } = await start(this, backend, { now: () => now, limits });
    const { token } = (await call('session.login', { user: 'ann', password: 'ann-secret' }, none)) as { token: string };
    now += 60_001;
    const madeUp = ['a', 'b'].map((login) => faultOf(call('session.whoami', {}, whose(login, 'x'))));
    expect((await faultOf(call('session.whoami', {}, whose('c', 'x')))).kind).to.equal('throttled');
    expect(await call('session.whoami', {}, { kind: 'token', token })).to.have.property('user', 'ann');
    expect(await call('session.whoami', {}, whose('ann', 'ann-secret'))).to.have.property('user', 'ann');
    slow.resolve();
    for (const fault of madeUp) expect((await fault).kind).to.equal('unauthenticated');
  });

  it('have secrets that stand in no log, fault or proof, also when the plugin gives them as a reason', async function () {
    const secret = 'sesame-4711-open';
    const fault = { kind: 'unavailable', message: `No bind for ann with ${secret}.`, data: { provider: secret } };
    const { host, entries } = await startHost(this, [
      noopInstance({ script: { 'directory.authenticate': { fault } } }, { id: 'people' }),
    ]);
    const { log, entries: told } = createLogWatch();
    const seen: string[] = [];
    const redactor = createRedactor();
    host.watch('people', (_from, text) => seen.push(redactor.line(text)));
    // What the double is configured with has it.
    seen.length = 0;
    const { call, as, store } = await startCore(this, { backend: host, log, directories: () => people });
    const refused = await faultOf(call('session.login', { user: 'ann', password: secret }, none));
    expect(refused.kind).to.equal('unavailable');
    const proof = await as('root')('connector.proof', { connector: 'people' });
    const all = [refused, refused.message, entries.all, told.all, proof, [...(await store.load()).meta], seen];
    expect(JSON.stringify(all)).to.include('No bind for ann with (hidden).').and.not.to.include(secret);
    expect(seen.join()).to.include('directory.authenticate');
  });

  describe('with tokens', () => {
    const login = async (call: Awaited<ReturnType<typeof start>>['call']): Promise<Credentials> => {
      const params = { user: 'ann', password: 'ann-secret' };
      const session = (await call('session.login', params, none)) as { token: string };
      return { kind: 'token', token: session.token };
    };

    it('keep them over a restart, and what the directory says then holds', async function () {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-directories-'));
      cleanup(this, () => rm(folder, { recursive: true }));
      const file = join(folder, 'store.db');
      const first = await start(this, new People().has('ann', 'ann-secret'), { file });
      const token = await login(first.call);
      const backend = new People().has('ann', 'changed', { account: 'bobs', role: 'reader' });
      const { call } = await start(this, backend, { file });
      expect(await call('session.whoami', {}, token)).to.deep.equal({
        user: 'ann',
        account: 'bobs',
        role: 'reader',
        token: true,
      });
      expect(backend.asked('directory.find')).to.equal(1);
      for (const name of [file, `${file}-wal`]) {
        expect((await readFile(name)).includes('ann-secret'), name).to.equal(false);
      }
    });

    it('lose them once the directory does not know them any more', async function () {
      let now = Date.parse('2026-01-31T12:00:00Z');
      const backend = new People().has('ann', 'ann-secret');
      const { call, store } = await start(this, backend, { now: () => now });
      const token = await login(call);
      await call('session.whoami', {}, token);
      backend.people.clear();
      await call('session.whoami', {}, token);
      now += 60_001;
      expect((await faultOf(call('session.whoami', {}, token))).kind).to.equal('unauthenticated');
      expect((await store.load()).tokens).to.deep.equal([]);
    });

    it('keep them while it is away, though calls are refused once they are not remembered', async function () {
      let now = Date.parse('2026-01-31T12:00:00Z');
      const backend = new People().has('ann', 'ann-secret');
      const { call } = await start(this, backend, { now: () => now });
      const token = await login(call);
      const { scripts } = backend;
      const before = new Map(scripts);
      now += 60_001;
      backend.away();
      expect((await faultOf(call('session.whoami', {}, token))).kind).to.equal('unavailable');
      for (const [name, script] of before) scripts.set(name, script);
      expect(await call('session.whoami', {}, token)).to.have.property('user', 'ann');
    });

    it('have them for limits.store.sessionSeconds and no longer where the directory cannot be asked again', async function () {
      let now = Date.parse('2026-01-31T12:00:00Z');
      const backend = new People().has('ann', 'ann-secret');
      backend.lacking.add('directory.find');
      const { call } = await start(this, backend, { now: () => now, limits: { store: { sessionSeconds: 600 } } });
      const token = await login(call);
      now += 400_000;
      expect(await call('session.whoami', {}, token)).to.have.property('user', 'ann');
      now += 200_001;
      expect((await faultOf(call('session.whoami', {}, token))).kind).to.equal('unauthenticated');
      expect(backend.asked('directory.find')).to.equal(0);
    });

    it('can make digests of them, and of their passwords none', async function () {
      const { call } = await start(this, new People().has('ann', 'ann-secret'));
      const digestOf = (word: string): Credentials => {
        const nonce = randomBytes(16);
        const created = new Date().toISOString();
        const digest = createHash('sha1').update(nonce).update(created).update(word).digest('base64');
        return { kind: 'digest', user: 'ann', digest, nonce: nonce.toString('base64'), created, at: Date.now() };
      };
      const { token } = (await login(call)) as { token: string };
      expect(await call('session.whoami', {}, digestOf(token))).to.have.property('user', 'ann');
      const fault = await faultOf(call('session.whoami', {}, digestOf('ann-secret')));
      expect(fault.kind).to.equal('unauthenticated');
      expect(fault.message).to.include('make it of a token of session.login, not of the password');
    });
  });
});
