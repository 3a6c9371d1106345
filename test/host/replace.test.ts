import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { Backend } from '../../daemon/core/ports.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, gone, isAlive, noopInstance, startHost, stopHosts } from './running-host.ts';
import { processesUnder, telling } from './telling.ts';

describe('the plugin host, with several processes of a plugin', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  const names = Array.from({ length: 30 }, (_, n) => `vm-${n}`);

  it('calls one process for all of a machine, and another one when that has ended', async function () {
    const { backend, statuses } = await startHost(this, [bareInstance(telling, { processes: 3 })]);
    const pidOf = async (vm: string) => Number((await backend().call(compute.get, { vm })).name);
    const all = () => Promise.all(names.map(pidOf));
    let first = await all();
    // The others start behind the first one.
    while (new Set(first).size < 3) first = await all();
    expect(await all()).to.deep.equal(first);

    const [dead] = first;
    process.kill(dead!, 'SIGKILL');
    await gone(dead!);
    const then = await all();
    for (const [at, pid] of then.entries()) {
      if (first[at] === dead) expect(pid).to.not.equal(dead);
      else expect(pid).to.equal(first[at]);
    }
    expect(backend().state).to.equal('ready');
    await statuses.when(({ restarts }) => restarts === 1);
    let again = await all();
    while (again.some((pid, at) => (first[at] === dead) === (pid === then[at]))) again = await all();
    expect(new Set(again).size).to.equal(3);
  });

  it('makes the mutations of one machine one at a time, whatever processes they are with', async function () {
    const { backend } = await startHost(this, [bareInstance(telling, {}, 'processes: 2, concurrency: 8')]);
    const order: string[] = [];
    const start = (key: string) =>
      backend()
        .call(compute.start, { vm: 'x' }, { key })
        .then(({ name }) => order.push(`${key} by ${name}`));
    const get = async () => Number((await backend().call(compute.get, { vm: 'x' })).name);
    const pid = await get();
    const first = faultOf(start('1'));
    const second = start('2');
    const third = start('3');
    process.kill(pid, 'SIGKILL');
    expect((await first).data).to.deep.equal({ outcome: 'unknown' });
    await Promise.all([second, third]);
    expect(order.map((line) => line.slice(0, 1))).to.deep.equal(['2', '3']);
    expect(order.every((line) => !line.endsWith(` ${pid}`))).to.equal(true);
  });

  it('starts one alone of a plugin that says so, and warns who asked for more', async function () {
    const plugin = bareInstance(telling, { processes: 4 }, 'processes: 1');
    const { backend, entries } = await startHost(this, [plugin]);
    const pids = await Promise.all(names.map(async (vm) => (await backend().call(compute.get, { vm })).name));
    expect(new Set(pids).size).to.equal(1);
    expect(entries.all.map(({ message }) => message)).to.deep.equal([
      'The plugin says that there must be one process of it; there is one.',
    ]);
  });
});

describe('the plugin host, when a plugin is replaced', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-replace-'));
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(folder, { recursive: true });
  });

  it('switches to the new process once it is ready, and lets the old one finish: no call fails', async function () {
    const instance = bareInstance(telling, {}, 'concurrency: 64');
    const { host, backend } = await startHost(this, [instance]);
    const pids = await processesUnder(backend, 20, 3, async () => {
      expect(await host.reload([instance])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    });
    expect(pids.length).to.be.at.least(4);
    await Promise.all(pids.slice(0, -1).map(gone));
    expect(isAlive(pids.at(-1)!)).to.equal(true);
    expect(backend().status().restarts).to.equal(0);
  });

  it('waits for calls that are not begun to be made by the new process', async function () {
    const go = join(folder, 'go');
    // It makes one call at a time: the others wait.
    const instance = bareInstance(`
      const fs = require('fs');
      const wait = () => {
        if (m.params.vm === 'a' && !fs.existsSync(${JSON.stringify(go)})) setTimeout(wait, 10);
        else reply(m, { result: { id: m.params.vm, name: String(process.pid), state: 'running' } });
      };
      wait();`);
    const { host, backend } = await startHost(this, [instance]);
    const calls = ['a', 'b', 'c'].map((vm) => backend().call(compute.start, { vm }, { key: vm }));
    await host.reload([instance]);
    await writeFile(go, '');
    const pids = (await Promise.all(calls)).map(({ name }) => name);
    expect(pids[0]).to.not.equal(pids[2]);
    expect(pids[1]).to.equal(pids[2]);
  });

  it('keeps the old process, and says why, when the new one is not ready', async function () {
    const script = join(folder, 'plugin.js');
    const program = bareInstance(telling).command!.at(-1)!;
    await writeFile(script, program);
    const instance = bareInstance('', { plugin: script, command: [process.execPath, script] });
    const { host, backend } = await startHost(this, [instance]);
    const { name: pid } = await backend().call(compute.get, { vm: 'x' });
    await writeFile(script, 'const broken = ;');
    const [told] = await host.reload([instance]);
    expect([told!.did, told!.message]).to.deep.equal([
      'failed',
      "The new process of one is not ready, and the old one stays: The plugin ended with code 1: SyntaxError: Unexpected token ';'.",
    ]);
    expect((await backend().call(compute.get, { vm: 'x' })).name).to.equal(pid);
    await writeFile(script, program);
    expect(await host.reload([instance])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    expect((await backend().call(compute.get, { vm: 'x' })).name).to.not.equal(pid);
  });

  it('hands over what is configured now, and keeps what was when the plugin refuses it', async function () {
    const { host, backend } = await startHost(this, [noopInstance()]);
    const [refused] = await host.reload([noopInstance({ refuse: 'The password is wrong.' })]);
    expect(refused!.message).to.equal(
      'The new process of one is not ready, and the old one stays: The password is wrong.',
    );
    expect(backend().state).to.equal('ready');
    const script = { 'compute.get': { result: { id: 'new', state: 'stopped' } } };
    await host.reload([noopInstance({ script })]);
    expect((await backend().call(compute.get, { vm: 'x' })).id).to.equal('new');
  });

  describe('that must be one', () => {
    /** It holds a lock from when it is configured, or from its start. */
    const locking = (when: 'configured' | 'started', more = telling) => {
      const lock = JSON.stringify(join(folder, 'lock'));
      const take = `const fs = require('fs');
        const take = () => {
          fs.writeFileSync(${lock}, '', { flag: 'wx' });
          process.on('exit', () => fs.unlinkSync(${lock}));
        };
        ${when === 'started' ? 'take()' : 'globalThis.configured = take'};`;
      const { command } = bareInstance(more, {}, 'processes: 1, concurrency: 64');
      return `${take}\n${command!.at(-1)}`;
    };
    const script = () => join(folder, 'plugin.js');
    const instance = () => bareInstance('', { plugin: script(), command: [process.execPath, script()] });
    const pidOf = async (backend: Backend) => (await backend.call(compute.get, { vm: 'x' })).name;

    it('never configures two: the new one is started beside the old, and calls wait from one to the next', async function () {
      await writeFile(script(), locking('configured'));
      const { host, backend, statuses } = await startHost(this, [instance()]);
      const pid = await pidOf(backend());
      const under = backend().call(compute.start, { vm: 'x' }, { key: 'k' });
      let over = false;
      const seen = new Set<string | undefined>();
      const load = async () => {
        while (!over) seen.add(await pidOf(backend()));
      };
      const callers = [load(), load()];
      expect(await host.reload([instance()])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
      const after = await backend().call(compute.start, { vm: 'x' }, { key: 'k2' });
      over = true;
      await Promise.all(callers);
      expect((await under).name).to.equal(pid);
      expect(after.name).to.not.equal(pid);
      expect(seen.has(pid)).to.equal(true);
      expect(new Set(statuses.all.map(({ state }) => state))).to.deep.equal(new Set(['ready']));
    });

    it('stays when the new one does not say what it is, and tells who takes a lock too early where it belongs', async function () {
      await writeFile(script(), locking('started'));
      const { host, backend } = await startHost(this, [instance()]);
      const pid = await pidOf(backend());
      const [told] = await host.reload([instance()]);
      expect(told!.message).to.match(
        /^The new process of one is not ready, and the old one stays: The plugin ended with code 1: .*EEXIST.* What one process alone may hold, a plugin with processes: 1 takes in configure, and not before\.$/,
      );
      await writeFile(script(), 'const broken = ;');
      expect((await host.reload([instance()]))[0]!.did).to.equal('failed');
      expect(await pidOf(backend())).to.equal(pid);
    });

    it('lets calls wait no longer than for one that crashed when the new one does not get ready', async function () {
      await writeFile(script(), locking('configured'));
      const { host, backend } = await startHost(this, [instance()], { awayMs: 50 });
      await pidOf(backend());
      await writeFile(
        script(),
        locking('configured').replace('const take =', 'const take = () => process.exit(3); const other ='),
      );
      const [told] = await host.reload([instance()]);
      expect(told!.message).to.equal('The new process of one is not ready: The plugin ended with code 3.');
      const { kind, message } = await faultOf(backend().call(compute.get, { vm: 'x' }));
      expect([kind, message]).to.deep.equal(['unavailable', 'one is failing: The plugin ended with code 3.']);
      await writeFile(script(), locking('configured'));
      await host.reload([instance()]);
      expect(Number(await pidOf(backend()))).to.be.above(0);
    });
  });

  it('starts connectors that are new, and stops those that are gone', async function () {
    const one = bareInstance(telling);
    const two = bareInstance(telling, { id: 'two' });
    const { host, backend } = await startHost(this, [one]);
    expect(await host.reload([two, one])).to.deep.equal([
      { connector: 'one', did: 'replaced' },
      { connector: 'two', did: 'added' },
    ]);
    expect(host.list().map(({ id }) => id)).to.deep.equal(['two', 'one']);
    const pid = Number((await backend('one').call(compute.get, { vm: 'x' })).name);
    expect(await host.reload([two])).to.deep.equal([
      { connector: 'two', did: 'replaced' },
      { connector: 'one', did: 'removed' },
    ]);
    await gone(pid);
    expect(host.get('one')).to.equal(undefined);
    expect((await backend('two').call(compute.get, { vm: 'x' })).state).to.equal('running');
  });

  it('holds up no connector for another one of the same process that was not ready before, and names the one that is wrong', async function () {
    const broken = (refuse: string) => noopInstance({ refuse }, { id: 'two' });
    const listing = (id: string) =>
      noopInstance({ script: { 'compute.list': { result: { items: [{ id, state: 'running' }] } } } });
    const { host, backend, statuses } = await startHost(this, [listing('old'), broken('There is no url.')]);
    await statuses.when(({ id, message }) => id === 'two' && message === 'There is no url.');
    const listed = async () => ((await backend('one').call(compute.list, {})).items as { id: string }[])[0]!.id;
    expect(await host.reload([listing('new'), broken('There is no url still.')])).to.have.deep.members([
      { connector: 'one', did: 'replaced' },
      { connector: 'two', did: 'failed', message: 'It is not ready still: There is no url still.' },
    ]);
    expect(await listed()).to.equal('new');
    await statuses.when(({ id, message }) => id === 'two' && message === 'There is no url still.');
    // Nobody waits for what is mended.
    expect(await host.reload([listing('newer'), noopInstance({}, { id: 'two' })])).to.have.deep.members([
      { connector: 'one', did: 'replaced' },
      { connector: 'two', did: 'replaced' },
    ]);
    expect(backend('two').state).to.equal('ready');
    expect(backend('two').status()).not.to.have.property('message');

    const message = 'The new process of noop is not ready, and the old one stays: two: There is no url again.';
    expect(await host.reload([listing('newest'), broken('There is no url again.')])).to.have.deep.members([
      { connector: 'one', did: 'failed', message },
      { connector: 'two', did: 'failed', message },
    ]);
    expect(await listed()).to.equal('newer');
  });

  it('moves connectors that shared a process to processes of their own without a call that fails', async function () {
    const both = (env: string[], more = {}) => [noopInstance(), noopInstance({}, { id: 'two', env, ...more })];
    const { host, backend, statuses } = await startHost(this, both([]));
    let over = false;
    const load = async (id: string) => {
      while (!over) expect((await backend(id).call(compute.list, {})).items).to.deep.equal([]);
    };
    const callers = ['one', 'two'].map(load);
    const before = statuses.all.length;
    const broken = both([], { command: [process.execPath, '-e', 'process.exit(3)'] });
    const message = 'The new process of two is not ready, and the old one stays: The plugin ended with code 3.';
    expect(await host.reload(broken)).to.deep.equal([
      { connector: 'one', did: 'replaced' },
      { connector: 'two', did: 'failed', message },
    ]);
    expect(backend('two').status()).to.include({ state: 'ready', message });
    expect(await host.reload(both(['HOME']))).to.have.deep.members([
      { connector: 'one', did: 'replaced' },
      { connector: 'two', did: 'replaced' },
    ]);
    over = true;
    await Promise.all(callers);
    const states = new Set(statuses.all.slice(before).map(({ state }) => state));
    expect([...states]).to.deep.equal(['ready']);
    expect(backend('two').status()).not.to.have.property('message');
  });

  it('lets calls to a connector that is being started wait for it, and tells them when it cannot be', async function () {
    const one = bareInstance(telling);
    const two = bareInstance(telling, { id: 'two' });
    const broken = bareInstance(telling, { id: 'broken', command: [process.execPath, '-e', 'process.exit(3)'] });
    const { host, backend } = await startHost(this, [one]);
    const adding = host.reload([one, two, broken]);
    while (host.get('two') === undefined) await setImmediate();
    expect(backend('two').state).to.equal('starting');
    const lost = faultOf(backend('broken').call(compute.get, { vm: 'x' }));
    expect((await backend('two').call(compute.get, { vm: 'x' })).state).to.equal('running');
    expect((await lost).message).to.equal('broken is failing: The plugin ended with code 3.');
    await adding;
  });

  it('makes a read that was with a killed process again, and lets calls wait until the next one is there', async function () {
    const mark = join(folder, 'mark');
    const once = `
      const fs = require('fs');
      if (m.params.vm === 'slow' && !fs.existsSync(${JSON.stringify(mark)})) {
        fs.writeFileSync(${JSON.stringify(mark)}, '');
        return process.kill(process.pid, 'SIGKILL');
      }
      ${telling}`;
    const { backend, statuses } = await startHost(this, [bareInstance(once, {}, 'concurrency: 8')]);
    const slow = backend().call(compute.get, { vm: 'slow' });
    await statuses.when(({ state }) => state === 'failing');
    const meanwhile = backend().call(compute.start, { vm: 'x' }, { key: 'k' });
    expect((await slow).state).to.equal('running');
    expect((await meanwhile).name).to.equal((await slow).name);
  });
});
