/** Plugins that a keeper holds, when they are replaced: by real keepers, and by daemons that are killed meanwhile. */
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { runAnnelid } from '../support/annelid.ts';
import { daemonsOfSuite, until } from '../support/daemon.ts';
import { bareInstance, gone, isAlive, startHost, stopHosts } from './running-host.ts';
import { processesUnder, telling } from './telling.ts';

describe('A plugin that is kept and replaced', function () {
  this.timeout(60_000);
  let folder: string;
  let keepers: string;
  let script: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-kept-'));
    keepers = join(folder, 'keepers');
    script = join(folder, 'plugin.js');
    await writeFile(script, bareInstance(telling, {}, 'concurrency: 64').command!.at(-1)!);
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(folder, { recursive: true, force: true });
  });
  const instance = (config = {}) =>
    bareInstance('', { plugin: script, command: [process.execPath, script], keep: true, config });
  const recorded = async () => (await readdir(keepers)).filter((name) => name.endsWith('.json')).length;

  it('goes on until the new one is ready, and finishes what it has: no call fails', async function () {
    const { host, backend, statuses } = await startHost(this, [instance()], {}, { keepers });
    const pids = await processesUnder(backend, 10, 2, async (turn) => {
      expect(await host.reload([instance({ turn })])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    });
    expect(pids).to.have.length(3);
    await Promise.all(pids.slice(0, -1).map(gone));
    expect(isAlive(pids.at(-1)!)).to.equal(true);
    expect(statuses.all.every(({ state }) => ['starting', 'ready'].includes(state))).to.equal(true);
    await until(async () => (await recorded()) === 1);
  });

  it('stays, and nothing is left of the new one, when that is not ready', async function () {
    const { host, backend } = await startHost(this, [instance()], {}, { keepers });
    const { name: pid } = await backend().call(compute.get, { vm: 'x' });
    await writeFile(script, 'process.exit(3)');
    expect(await host.reload([instance()])).to.deep.equal([
      {
        connector: 'one',
        did: 'failed',
        message: 'The new process of one is not ready, and the old one stays: The plugin ended with code 3.',
      },
    ]);
    expect((await backend().call(compute.get, { vm: 'x' })).name).to.equal(pid);
    expect(await recorded()).to.equal(1);
  });

  it('is found by the next host as it was replaced', async function () {
    const first = await startHost(this, [instance()], {}, { keepers });
    const before = (await first.backend().call(compute.get, { vm: 'x' })).name;
    await first.host.reload([instance()]);
    const { name } = await first.backend().call(compute.get, { vm: 'x' });
    await first.host.stop(true);
    const { backend } = await startHost(this, [instance()], {}, { keepers });
    expect((await backend().call(compute.get, { vm: 'x' })).name).to.equal(name);
    expect(name).to.not.equal(before);
  });

  it('is started anew by a host that would start it otherwise: the log names what has changed, and no value', async function () {
    const variable = 'ANNELID_TEST_VARIABLE';
    const kept = () => ({ ...instance(), env: [variable] });
    process.env[variable] = 'of before';
    try {
      const first = await startHost(this, [kept()], {}, { keepers });
      const before = (await first.backend().call(compute.get, { vm: 'x' })).name;
      await first.host.stop(true);
      process.env[variable] = 'of now';
      await appendFile(script, '\n// saved once more');
      const second = await startHost(this, [kept()], {}, { keepers });
      expect((await second.backend().call(compute.get, { vm: 'x' })).name).not.to.equal(before);
      const { level, message, facts } = await second.entries.when((entry) => 'changed' in entry.facts);
      expect([level, message]).to.deep.equal([
        'info',
        `The plugin that a keeper held is ended and started anew, since this has changed: the file ${script}, the variable ${variable}.`,
      ]);
      expect(facts.changed).to.deep.equal([`the file ${script}`, `the variable ${variable}`]);
      expect(await recorded()).to.equal(1);
    } finally {
      delete process.env[variable];
    }
  });

  it('is no other for a host that would start it in the same way, and nothing is said', async function () {
    const first = await startHost(this, [instance()], {}, { keepers });
    await first.host.stop(true);
    const { backend, entries } = await startHost(this, [instance()], {}, { keepers });
    await backend().call(compute.get, { vm: 'x' });
    expect(entries.all.filter(({ facts }) => 'changed' in facts)).to.deep.equal([]);
  });

  describe('while its daemon is killed', () => {
    const start = daemonsOfSuite();
    const cloud = fileURLToPath(new URL('fixtures/serial_cloud.py', import.meta.url));

    it('is the new one for the next daemon; the one that was still busy has ended, and its call is settled', async () => {
      const pipe = join(folder, 'pipe');
      await execa('mkfifo', [pipe]);
      const connectors = { cloud: { plugin: cloud, keep: true, config: { pipe } } };
      const daemon = await start({ connectors, limits: { plugins: { stopMs: 500 } } });
      const plugins = async () =>
        (await daemon.offspring()).filter(({ command }) => command.includes('serial_cloud.py')).map(({ pid }) => pid);
      const [old] = await plugins();
      const { id } = await daemon.call<Operation>('vm.create', { name: 'a', key: 'once' });
      await until(async () => daemon.log.some((line) => line.includes('begun')));
      const reloaded = await runAnnelid(['--state', 'state', 'plugin', 'reload', 'cloud'], {
        directory: daemon.directory,
      });
      expect(reloaded.out).to.equal('cloud was replaced.\n');
      const both = await plugins();
      expect(both).to.have.length(2).and.to.include(old);
      await daemon.kill();
      // The old one waits for the pipe for ever, and the new one for nothing.
      await rm(pipe);
      await writeFile(pipe, '');
      await daemon.start();
      expect(await plugins()).to.deep.equal(both.filter((pid) => pid !== old));
      const operation = await daemon.call<Operation>('operation.wait', { operation: id, wait: 20 });
      expect(operation.state).to.equal('succeeded');
      const { items } = await daemon.call<{ items: Vm[] }>('vm.list', { refresh: true });
      expect(items.map(({ name, labels }) => [name, labels?.made])).to.deep.equal([['a', '1']]);
    });
  });
});
