import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Credentials } from '../../../daemon/core/api.ts';
import { faultOf, passwords, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';

const start = Date.parse('2026-01-31T12:00:00Z');

const digest = (user: string, password: string, nonce: string, at = start): Credentials => {
  const created = new Date(at).toISOString();
  const hashed = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return { kind: 'digest', user, digest: hashed, nonce: Buffer.from(nonce).toString('base64'), created, at };
};

const bench = async (context: Mocha.Context, limits: { nonces?: number; digestTokens?: number } = {}) => {
  let now = start;
  const { call } = await startCore(context, {
    backend: new ScriptedBackend(),
    now: () => now,
    limits: { soap: limits },
  });
  const login = async (user: 'alice' | 'bob') =>
    ((await call('session.login', { user, password: passwords[user] }, { kind: 'none' })) as { token: string }).token;
  const whoami = (credentials: Credentials) => call('session.whoami', {}, credentials);
  const refusal = async (credentials: Credentials) => {
    const { kind, message } = await faultOf(whoami(credentials));
    return [kind, message];
  };
  return { call, login, whoami, refusal, later: (ms: number) => (now += ms) };
};

const notOfIt = [
  'unauthenticated',
  'The digest is of no token of that user: make it of a token of session.login, not of the password, and of a new one once the daemon was started again; or send the password as PasswordText.',
];

describe('digests', () => {
  it('of a token are as good as the token', async function () {
    const { login, whoami } = await bench(this);
    await login('alice');
    const token = await login('alice');
    await login('alice');
    const caller = await whoami(digest('alice', token, 'n'));
    expect(caller).to.deep.equal({ user: 'alice', account: 'acme', role: 'user', token: true });
  });

  it('of a password, of a token of somebody else, or of none are refused', async function () {
    const { login, refusal } = await bench(this);
    const token = await login('alice');
    expect(await refusal(digest('alice', passwords.alice, 'n'))).to.deep.equal(notOfIt);
    expect(await refusal(digest('bob', token, 'n'))).to.deep.equal(notOfIt);
    expect(await refusal(digest('nobody', token, 'n'))).to.deep.equal(notOfIt);
    expect(await refusal({ ...digest('alice', token, 'n'), digest: '' } as Credentials)).to.deep.equal(notOfIt);
  });

  it('are good once, whoever sends them again', async function () {
    const { login, whoami, refusal, later } = await bench(this);
    const token = await login('alice');
    await whoami(digest('alice', token, 'n'));
    expect(await refusal(digest('alice', token, 'n'))).to.deep.equal([
      'unauthenticated',
      'The nonce has been used before.',
    ]);
    await whoami(digest('alice', token, 'm'));
    later(300_001);
    expect(await refusal(digest('alice', token, 'n'))).to.deep.equal([
      'unauthenticated',
      'The digest is not of this time.',
    ]);
    await whoami(digest('alice', token, 'n', start + 300_001));
  });

  it('that are wrong use up no nonce, and those beyond limits.soap.nonces are put off', async function () {
    const { login, whoami, refusal, later } = await bench(this, { nonces: 2 });
    const token = await login('alice');
    for (const nonce of ['a', 'b', 'c']) expect(await refusal(digest('alice', 'x', nonce))).to.deep.equal(notOfIt);
    await whoami(digest('alice', token, 'a'));
    await whoami(digest('alice', token, 'b'));
    const full = ['throttled', 'More than 2 nonces are in use (limits.soap.nonces).'];
    expect(await refusal(digest('alice', token, 'c'))).to.deep.equal(full);
    later(300_001);
    await whoami(digest('alice', token, 'c', start + 300_001));
  });

  it('of tokens that have ended, or that limits.soap.digestTokens leaves out, are refused', async function () {
    const { call, login, whoami, refusal } = await bench(this, { digestTokens: 1 });
    const first = await login('alice');
    const second = await login('alice');
    expect(await refusal(digest('alice', first, 'n'))).to.deep.equal(notOfIt);
    await whoami(digest('alice', second, 'n'));
    await call('session.logout', {}, { kind: 'token', token: second });
    expect(await refusal(digest('alice', second, 'm'))).to.deep.equal(notOfIt);
  });

  it('that are wrong count as wrong passwords', async function () {
    const { refusal } = await bench(this);
    for (let i = 0; i < 20; i++) expect((await refusal(digest('alice', 'x', `${i}`)))[0]).to.equal('unauthenticated');
    expect((await refusal(digest('alice', 'x', 'n')))[0]).to.equal('throttled');
  });
});
