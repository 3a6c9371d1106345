import { expect } from 'chai';
import { choose } from '../../daemon/host/instance/routing.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, startHost, stopHosts } from './running-host.ts';

/** Ends with each call for the machine `bad`; answers all others with its pid. */
const fatal = bareInstance(
  `if (m.params.vm === 'bad') process.exit(1);
   reply(m, { result: { id: m.params.vm, name: String(process.pid), state: 'running' } });`,
);

const hint = 'Mend what ends the plugin, then let the call through: annelid plugin reload one';

describe('the plugin host, when a plugin crashes again and again', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('holds back the call that ends it, by its method and machine, and makes all others', async function () {
    const { host, backend, entries } = await startHost(this, [fatal]);
    const get = (vm: string) => backend().call(compute.get, { vm });
    // Made again once with the next process: two crashes.
    expect((await faultOf(get('bad'))).message).to.equal('The plugin of one ended with code 1.');
    const start = () => backend().call(compute.start, { vm: 'bad' }, { key: 'k' });
    expect((await faultOf(start())).data).to.deep.equal({ outcome: 'unknown' });
    expect((await faultOf(get('bad'))).message).to.match(/^The plugin of one ended|is held back/);
    const held = await faultOf(get('bad'));
    expect([held.kind, held.data]).to.deep.equal(['failed', { hint }]);
    expect(held.message).to.match(
      /^compute\.get of bad is held back: the plugin of one ended 3 times while it had this call \(limits\.plugins\.quarantineCrashes\)\. It is let through again in [0-9]+ seconds \(limits\.plugins\.quarantineMs\), or after: annelid plugin reload one$/,
    );
    expect((await get('good')).state).to.equal('running');
    expect(backend().status()).to.include({
      state: 'ready',
      heldBack: 1,
      message:
        'Held back, since the plugin kept ending with them: compute.get of bad. What lets them through: annelid plugin reload one',
    });
    const told = await entries.when(({ message }) => message === 'A call that keeps ending the plugin is held back.');
    expect(told.facts).to.deep.equal({ connector: 'one', call: 'compute.get of bad' });
    const reloaded = await host.reload([fatal], 'one');
    expect(reloaded).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    expect(backend().status()).to.include({ heldBack: 0 }).and.to.not.have.property('message');
    expect((await faultOf(get('bad'))).kind).to.equal('unavailable');
  });

  it('counts a crash once, however many such calls the plugin had', async function () {
    const ends = bareInstance(`if (m.method === 'compute.start') process.exit(1);`, {}, 'concurrency: 9,');
    const { backend, statuses } = await startHost(this, [ends], { quarantineCrashes: 2 });
    const start = (key: string) => faultOf(backend().call(compute.start, { vm: 'a' }, { key }));
    const get = () =>
      backend()
        .call(compute.get, { vm: 'a' })
        .catch(() => {});
    const gets = Array.from({ length: 5 }, get);
    await start('k1');
    await statuses.when(({ restarts, state }) => restarts === 1 && state === 'ready');
    expect(backend().status().heldBack).to.equal(0);
    await start('k2');
    await Promise.all(gets);
    expect(backend().status().heldBack).to.equal(2);
  });

  it('knows of a mutation that is held back whether it may have been carried out', async function () {
    const { backend } = await startHost(this, [fatal], { quarantineCrashes: 1 });
    const start = (key: string) => faultOf(backend().call(compute.start, { vm: 'bad' }, { key }));
    await start('k1');
    expect((await start('k1')).data).to.deep.equal({ outcome: 'unknown', hint });
    expect((await start('k2')).data).to.deep.equal({ outcome: 'none', hint });
  });

  it('suspects no call that is answered between the crashes, and of a stuck plugin the unanswered call alone', async function () {
    const { backend } = await startHost(this, [fatal], { quarantineCrashes: 2 });
    const start = (key: string) => faultOf(backend().call(compute.start, { vm: 'bad' }, { key }));
    const beside = () =>
      backend()
        .call(compute.start, { vm: 'good' }, { key: 'g' })
        .catch(() => {});
    for (const key of ['k1', 'k2']) {
      await Promise.all([start(key), beside()]);
      await beside();
    }
    expect((await start('k3')).kind).to.equal('failed');
    expect((await backend().call(compute.start, { vm: 'good' }, { key: 'g' })).state).to.equal('running');

    const deaf = bareInstance(`if (m.params.vm !== 'deaf') reply(m, { result: { id: 'x', state: 'running' } });`);
    const stuck = await startHost(this, [deaf], { quarantineCrashes: 1, cancelMs: 10 });
    const silent = faultOf(stuck.backend().call(compute.start, { vm: 'deaf' }, { key: 'k1', timeoutMs: 20 }));
    expect((await silent).kind).to.equal('timeout');
    await stuck.statuses.when(({ restarts, state }) => restarts === 1 && state === 'ready');
    const again = await faultOf(stuck.backend().call(compute.start, { vm: 'deaf' }, { key: 'k2' }));
    expect(again.message).to.include('is held back');
  });

  it('starts it after long pauses alone, says so, and at once when it is reloaded', async function () {
    const limits = { crashes: 2, slowRestartMs: 600_000 };
    const { host, backend, entries, statuses } = await startHost(this, [fatal], limits);
    const crash = () => faultOf(backend().call(compute.start, { vm: 'bad' }));
    await crash();
    expect(backend().status().isCrashing).to.equal(false);
    await statuses.when(({ restarts, state }) => restarts === 1 && state === 'ready');
    await crash();
    const slow = await statuses.when(({ isCrashing, state }) => isCrashing === true && state === 'failing');
    expect(slow.message).to.equal(
      'The plugin ended with code 1. It ended 2 times within 180 seconds (limits.plugins.crashes), and is started again 600 seconds after each end (limits.plugins.slowRestartMs), or by: annelid plugin reload one',
    );
    await entries.when(({ level, facts }) => level === 'error' && facts.ms === 600_000);
    // Nobody waits for it.
    expect((await faultOf(backend().call(compute.get, { vm: 'x' }))).kind).to.equal('unavailable');
    await host.reload([fatal], 'one');
    const { state, isCrashing } = backend().status();
    expect([state, isCrashing]).to.deep.equal(['ready', false]);
    expect((await backend().call(compute.get, { vm: 'x' })).state).to.equal('running');
  });
});

describe('the routing of calls to processes', () => {
  const places = (loads: number[]) => loads.map((load, slot) => ({ slot, load }));

  it('gives a resource the same process each time, and spreads resources evenly', () => {
    const all = places([0, 9, 0, 9]);
    const names = Array.from({ length: 1000 }, (_, n) => `vm-${n}`);
    const before = names.map((name) => choose(all, name)!.slot);
    const counts = all.map(({ slot }) => before.filter((chosen) => chosen === slot).length);
    for (const count of counts) expect(count).to.be.within(200, 300);
    // Without the third process those of the third alone go elsewhere.
    const left = all.filter(({ slot }) => slot !== 2);
    const after = names.map((name) => choose(left, name)!.slot);
    const moved = names.filter((_, at) => before[at] !== after[at]);
    expect(moved.length).to.equal(counts[2]);
  });

  it('gives what is for no resource to the least busy one', () => {
    expect(choose(places([3, 1, 2]), undefined)?.slot).to.equal(1);
    expect(choose([], undefined)).to.equal(undefined);
  });
});
