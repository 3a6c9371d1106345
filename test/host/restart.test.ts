import { expect } from 'chai';
import { createBackoff } from '../../daemon/host/backoff.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, startHost, stopHosts } from './running-host.ts';

describe('the plugin host, when a plugin crashes', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('fails what was under way, tells what is unknown, and starts it again with its configuration', async function () {
    const script = {
      'compute.start': { log: 'begun', hang: true },
      'compute.pause': { stderr: 'dying', delayMs: 20, exit: 'kill' as const },
      find: { result: { outcome: 'done', vm: { id: 'x', state: 'running' } } },
    };
    const { backend, statuses, entries } = await startHost(this, [noopInstance({ script })]);
    const change = faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
    await entries.when(({ message }) => message === 'begun');
    const fatal = await faultOf(backend().call(compute.pause, { vm: 'y' }));
    const told = [await change, fatal].map(({ kind, message, data }) => [kind, message, data.outcome]);
    expect(told).to.deep.equal([
      ['unavailable', 'The plugin of one was ended by SIGKILL.', 'unknown'],
      ['unavailable', 'The plugin of one was ended by SIGKILL.', 'unknown'],
    ]);
    await statuses.when(({ state, restarts }) => state === 'ready' && restarts === 1);
    expect(statuses.all.map(({ state }) => state)).to.deep.equal(['ready', 'failing', 'ready']);
    const crash = await entries.when(({ level }) => level === 'error');
    expect(crash.facts).to.include({ plugin: 'noop', connector: 'one' });
    expect(await backend().find('k', 'compute.start', { vm: 'x' })).to.deep.equal({
      outcome: 'done',
      vm: { id: 'x', state: 'running' },
    });
  });

  it('keeps trying, and answers unavailable meanwhile', async function () {
    const command = [process.execPath, '-e', 'process.exit(1)'];
    const { backend, entries } = await startHost(this, [noopInstance({}, { command })]);
    const crashes = () => entries.all.filter(({ level }) => level === 'error').length;
    await entries.when(() => crashes() === 4);
    expect(backend().status().restarts).to.be.at.least(3);
    expect((await faultOf(backend().call(compute.get, { vm: 'x' }))).kind).to.equal('unavailable');
  });

  it('waits twice as long each time, up to a bound, and never longer than that', () => {
    const limits = { restartMinMs: 250, restartMaxMs: 3000 };
    const longest = createBackoff(limits, () => 0);
    expect([1, 2, 3, 4, 5, 6].map(() => longest.next())).to.deep.equal([250, 500, 1000, 2000, 3000, 3000]);
    longest.reset();
    expect(longest.next()).to.equal(250);
    const shortest = createBackoff(limits, () => 1);
    expect([1, 2].map(() => shortest.next())).to.deep.equal([188, 375]);
  });

  it('begins with the shortest pause again once a plugin has run for long enough', async function () {
    const limits = { restartMinMs: 1, restartMaxMs: 1_000_000, restartResetMs: 1 };
    const { backend, statuses } = await startHost(this, [bareInstance('process.exit(1);')], limits);
    // Without the reset these pauses would be longer than the test may take.
    for (let restarts = 1; restarts <= 14; restarts++) {
      // Another one each time: a call that ends it again and again is held back.
      await faultOf(backend().call(compute.start, { vm: `vm-${restarts}` }));
      await statuses.when((status) => status.state === 'ready' && status.restarts === restarts);
    }
    expect(backend().status().restarts).to.equal(14);
  });
});
