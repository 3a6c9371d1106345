/** A plugin that stays at a unix socket, written with the kit of each language that can: the cloud among its examples. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { startHost, stopHosts } from '../host/running-host.ts';
import { requireSuite } from '../setup/packages.ts';
import { exampleCommand, type Language } from './languages.ts';

const wish = { id: 'a', name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };

export const listeningSuite = (language: Language): void => {
  describe(`A plugin in ${language.name} that stays`, function () {
    this.timeout(30_000);
    let folder: string;
    let address: string;
    const children: ChildProcess[] = [];

    /** Resolves once hosts can connect, or once it has ended, with what it said. */
    const run = async (where: string) => {
      const [program = '', ...args] = [...exampleCommand(language), '--listen', where];
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      children.push(child);
      const said: string[] = [];
      await new Promise<void>((resolve) => {
        createInterface({ input: child.stderr })
          .on('line', (line) => {
            said.push(line);
            if (line === `Hosts can connect to ${where}.`) resolve();
          })
          .on('close', resolve);
      });
      return { child, said: said.join('\n') };
    };
    const end = async (child: ChildProcess, signal?: NodeJS.Signals) => {
      if (signal) child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    };
    const instance = (id: string) => ({ id, plugin: address, config: { file: join(folder, id) } });

    before(async function () {
      await requireSuite(this, language.suite);
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-listen-'));
      address = `unix:${join(folder, 'plugin.sock')}`;
    });
    afterEach(async function () {
      await stopHosts(this);
      for (const child of children.splice(0)) await end(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });

    it('serves several hosts at once, and outlives them', async function () {
      const { child } = await run(address);
      expect(statSync(join(folder, 'plugin.sock')).mode & 0o777).to.equal(0o600);
      const one = await startHost(this, [instance('one')]);
      const two = await startHost(this, [instance('two')]);
      expect(await one.backend().call(compute.create, wish, { key: 'k' })).to.include({ id: 'a', state: 'stopped' });
      expect((await two.backend('two').call(compute.list, {})).items).to.deep.equal([]);
      await one.host.stop();
      expect(await two.backend('two').call(compute.create, wish, { key: 'k' })).to.include({ id: 'a' });
      expect(child.exitCode).to.equal(null);
    });

    it('reports what happens to the host that it serves', async function () {
      await run(address);
      const { backend, events } = await startHost(this, [instance('one')]);
      await backend().call(compute.create, wish, { key: 'k' });
      const { event } = await events.when(({ event: { type } }) => type === 'vm.changed');
      expect(event.vm).to.include({ id: 'a', state: 'stopped' });
    });

    it('clears away what was left at its address, and takes the place of nobody', async function () {
      await end((await run(address)).child, 'SIGKILL');
      expect(existsSync(join(folder, 'plugin.sock'))).to.equal(true);
      await run(address);
      const second = await run(address);
      expect(await end(second.child)).not.to.equal(0);
      expect(second.said).to.include(`Something listens at ${address} already.`);
      const { backend } = await startHost(this, [instance('one')]);
      expect((await backend().call(compute.list, {})).items).to.deep.equal([]);
    });

    it('ends in order with SIGTERM, and takes its socket away', async function () {
      const { child } = await run(address);
      await startHost(this, [instance('one')]);
      expect(await end(child, 'SIGTERM')).to.equal(0);
      expect(existsSync(join(folder, 'plugin.sock'))).to.equal(false);
    });

    it('says what it takes', async () => {
      const { child, said } = await run('elsewhere');
      expect(await end(child)).not.to.equal(0);
      expect(said).to.include('unix:PATH').and.to.include('elsewhere');
    });
  });
};
