import { expect } from 'chai';
import type { PluginRecords } from '../../daemon/core/ports.ts';
import { createLocks } from '../../daemon/host/call/locks.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { bareInstance, faultOf, noopInstance, startHost, stopHosts } from './running-host.ts';

const machine = { id: 'id-1', nativeId: 'x', name: 'web1', account: 'acme', state: 'running', labels: {} };

/** Records of a daemon, as the core makes them; here they keep one value. */
const recordsOf = (): PluginRecords => {
  let kept: { value?: string; version: number } = { version: 0 };
  return {
    state: () => kept,
    putState: async (_connector, key, value, version) => {
      if (version !== undefined && version !== kept.version) throw new Fault('conflict', `${key} is another.`);
      kept = { value: value as string, version: kept.version + 1 };
      return kept.version;
    },
    lookup: (connector, { vm }) => (connector === 'one' && vm === 'x' ? machine : undefined),
  };
};

const bySay = (method: string, params: object) =>
  `say(JSON.stringify({ jsonrpc: '2.0', id: 7, method: '${method}', params: ${JSON.stringify(params)} }) + '\\n');`;

describe('what a plugin asks of the daemon', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('is answered while it has a call: secrets, what is kept, machines, locks', async function () {
    const asked = [
      { method: 'secret', args: ['token'] },
      { method: 'secret', args: ['toString'] },
      { method: 'state', args: ['next'] },
      { method: 'keep', args: ['next', 'five', { version: 0 }] },
      { method: 'keep', args: ['next', 'six', { version: 0 }] },
      { method: 'state', args: ['next'] },
      { method: 'lookup', args: [{ vm: 'x' }] },
      { method: 'lookup', args: [{ vm: 'y' }] },
      { method: 'lock', args: ['pool', { leaseMs: 60_000 }] },
      { method: 'lock', args: ['pool', { leaseMs: 60_000, waitMs: 5 }] },
      { method: 'lock', args: ['pool', { leaseMs: 0 }] },
    ] as const;
    const script = { 'compute.get': asked.map((ask) => ({ ask: { ...ask, args: [...ask.args] } })) };
    const instance = noopInstance({ script }, { secrets: { token: 's3cret' } });
    const { host, backend, entries } = await startHost(this, [instance]);
    host.provide(recordsOf());
    for (const _ of asked) await backend().call(compute.get, { vm: 'x' });
    expect(entries.all.filter(({ level }) => level === 'info').map(({ message }) => message)).to.deep.equal([
      '"s3cret"',
      'not-found: There is no secret toString: connectors.one.secrets does not have it.',
      '{"version":0}',
      '1',
      'conflict: next is another.',
      '{"value":"five","version":1}',
      JSON.stringify(machine),
      'not-found: The daemon has no machine y of one.',
      'locked',
      'busy: pool is locked.',
      'invalid-params: /leaseMs must be an integer from 1 to 2147483647.',
    ]);
  });

  it('is refused without a call that is under way, and where there is no such request', async function () {
    const answers = `if (m.method === undefined) { process.stderr.write(JSON.stringify(m.error) + '\\n'); return; }
      if (m.method !== 'compute.get') return reply(m, { error: { code: -32601, message: 'no' } });
      ${bySay('host.secret.get', { call: 1, name: 'token' })} ${bySay('host.money', {})} ${bySay('host.secret.get', {})}
      reply(m, { result: { id: 'x', state: 'running' } });`;
    const { backend, entries } = await startHost(this, [bareInstance(answers, { secrets: { token: 's3cret' } })]);
    await backend().call(compute.get, { vm: 'x' });
    const said = async (text: string) => entries.when(({ message }) => message.includes(text));
    await said('"code":400,"message":"host.secret.get needs the id of a call that is under way."');
    await said('"code":-32601,"message":"The daemon has no method host.money."');
    await said('"code":400,"message":"/call is missing."');
    expect(entries.all.some(({ message }) => message.includes('s3cret'))).to.equal(false);
  });

  it('is answered no more to a plugin that asks on and does not read, and the daemon keeps no more for it', async function () {
    // It stops reading once it has the call: all that it is answered stays in the pipe, and then in the daemon.
    const deaf = `if (m.method !== 'compute.get') return reply(m, { error: { code: -32601, message: 'no' } });
      process.stdin.pause();
      const ask = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'host.state.get', params: { call: m.id, key: 'k' } }) + '\\n';
      const flood = () => { if (process.stdout.write(ask.repeat(1000))) setImmediate(flood); else process.stdout.once('drain', flood); };
      flood();`;
    const { host, backend, entries } = await startHost(this, [bareInstance(deaf)], {
      lineToPlugin: 20_000,
      drainMs: 10,
    });
    host.provide({ ...recordsOf(), state: () => ({ value: 'x'.repeat(1000), version: 1 }) });
    const call = faultOf(backend().call(compute.get, { vm: 'x' }));
    await entries.when(({ facts }) => String(facts.why).startsWith('asks, and what it asked before is not read'));
    await host.stop();
    expect((await call).kind).to.equal('unavailable');
  });

  it('keeps no values that are nested without end', async function () {
    const deep = `if (m.method === undefined) { process.stderr.write(JSON.stringify(m.error ?? m.result) + '\\n'); return; }
      if (m.method !== 'compute.get') return reply(m, { error: { code: -32601, message: 'no' } });
      say('{"jsonrpc":"2.0","id":1,"method":"host.state.put","params":{"call":' + m.id + ',"key":"k","value":' + '['.repeat(100000) + ']'.repeat(100000) + '}}\\n');
      setTimeout(() => reply(m, { result: { id: 'x', state: 'running' } }), 20);`;
    const { host, backend, entries } = await startHost(this, [bareInstance(deep)]);
    host.provide(recordsOf());
    await backend().call(compute.get, { vm: 'x' });
    await entries.when(({ message }) => message.includes('"field":"/value/0/0'));
  });

  it('leaves no lock behind when the process ends', async function () {
    const lock = { method: 'lock' as const, args: ['pool', { leaseMs: 3_600_000 }] };
    const script = {
      'compute.get': { ask: lock },
      'compute.pause': { exit: 'kill' as const },
    };
    const { backend, entries, statuses } = await startHost(this, [noopInstance({ script })]);
    await backend().call(compute.get, { vm: 'x' });
    await faultOf(backend().call(compute.pause, { vm: 'x' }));
    await statuses.when(({ state, restarts }) => state === 'ready' && restarts === 1);
    await backend().call(compute.get, { vm: 'x' });
    const said = entries.all.filter(({ level }) => level === 'info').map(({ message }) => message);
    expect(said).to.deep.equal(['locked', 'locked']);
  });

  it('may be needed by a plugin that cannot ask: the call is made again with it, and nothing else is', async function () {
    const needing = `const { given } = m.params.ctx;
      if (m.method !== 'compute.start') return reply(m, { error: { code: -32601, message: 'no' } });
      if (!given) return reply(m, { result: { need: { secret: ['token'], state: ['next'] } } });
      if (m.params.vm === 'more' && !given.secret.other) return reply(m, { result: { need: { secret: ['other'] } } });
      reply(m, { result: { id: m.params.ctx.key + ' ' + JSON.stringify(given), state: 'running' } });`;
    const instance = bareInstance(needing, { secrets: { token: 's3cret', other: 'too' } });
    const { host, backend } = await startHost(this, [instance, bareInstance(needing, { id: 'poor' })]);
    host.provide(recordsOf());
    const state = { next: { version: 0 } };
    const once = await backend('one').call(compute.start, { vm: 'x' }, { key: 'k' });
    expect(once.id).to.equal(`k ${JSON.stringify({ secret: { token: 's3cret' }, state })}`);
    const twice = await backend('one').call(compute.start, { vm: 'more' }, { key: 'k' });
    expect(twice.id).to.equal(`k ${JSON.stringify({ secret: { token: 's3cret', other: 'too' }, state })}`);
    const fault = await faultOf(backend('poor').call(compute.start, { vm: 'x' }, { key: 'k' }));
    expect([fault.kind, fault.message, fault.data.outcome]).to.deep.equal([
      'unavailable',
      'poor cannot do compute.start: There is no secret token: connectors.poor.secrets does not have it.',
      'none',
    ]);
  });
});

describe('locks of plugins', () => {
  const [one, other] = [{}, {}];
  const wish = { scope: 'lab', name: 'pool', leaseMs: 60_000, waitMs: 60_000 };
  const locksAt = (now: { at: number }) => createLocks({ locks: 10, lockLeaseMs: 60_000 }, () => now.at);

  it('go to those who wait, one after the other, and not to the dead', async () => {
    const locks = locksAt({ at: 0 });
    const first = await locks.lock({ ...wish, owner: one });
    const dead = {};
    void locks.lock({ ...wish, owner: dead });
    const second = locks.lock({ ...wish, owner: other });
    const third = locks.lock({ ...wish, owner: one });
    locks.release(dead);
    locks.unlock('lab', first);
    locks.unlock('lab', await second);
    locks.unlock('lab', await third);
    expect(() => locks.unlock('lab', first)).to.throw('That lock is not held (any more).');
    await locks.lock({ ...wish, owner: other, waitMs: 0 });
    locks.release(other);
  });

  it('are free once their time is over, and each connector has its own', async () => {
    const locks = locksAt({ at: 0 });
    await locks.lock({ ...wish, owner: one, leaseMs: 10 });
    await locks.lock({ ...wish, owner: one, scope: 'another', waitMs: 0 });
    const next = await locks.lock({ ...wish, owner: other });
    expect(next).to.be.a('string');
    locks.release(one);
    locks.release(other);
  });
});
