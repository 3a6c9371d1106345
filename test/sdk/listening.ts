/** A plugin that stays at a unix socket, written with the kit of each language that can: the cloud among its examples. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { startHost, stopHosts } from '../host/running-host.ts';
import { requireSuite } from '../setup/packages.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import type { Language } from './languages.ts';
import { endStaying, newMachine, stay, tlsArgs } from './staying.ts';

export const listeningSuite = (language: Language): void => {
  describe(`A plugin in ${language.name} that stays`, function () {
    this.timeout(30_000);
    let folder: string;
    let address: string;

    /** Resolves once hosts can connect, or once it has ended. */
    const run = async (where = address, ...more: string[]) => {
      const plugin = stay(language, ['--listen', where, ...more]);
      await Promise.race([plugin.said.when((line) => line === `Hosts can connect to ${where}.`), plugin.ended]);
      return plugin;
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
      await endStaying();
      await rm(folder, { recursive: true, force: true });
    });

    it('serves several hosts at once, and outlives them', async function () {
      const { child } = await run();
      expect(statSync(join(folder, 'plugin.sock')).mode & 0o777).to.equal(0o600);
      const one = await startHost(this, [instance('one')]);
      const two = await startHost(this, [instance('two')]);
      expect(await one.backend().call(compute.create, newMachine, { key: 'k' })).to.include({
        id: 'a',
        state: 'stopped',
      });
      expect((await two.backend('two').call(compute.list, {})).items).to.deep.equal([]);
      await one.host.stop();
      expect(await two.backend('two').call(compute.create, newMachine, { key: 'k' })).to.include({ id: 'a' });
      expect(child.exitCode).to.equal(null);
    });

    it('reports what happens to the host that it serves', async function () {
      await run();
      const { backend, events } = await startHost(this, [instance('one')]);
      await backend().call(compute.create, newMachine, { key: 'k' });
      const { event } = await events.when(({ event: { type } }) => type === 'vm.changed');
      expect(event.vm).to.include({ id: 'a', state: 'stopped' });
    });

    it('clears away what was left at its address, and takes the place of nobody', async function () {
      const first = await run();
      first.child.kill('SIGKILL');
      await first.ended;
      expect(existsSync(join(folder, 'plugin.sock'))).to.equal(true);
      await run();
      const second = await run();
      expect(await second.ended).not.to.equal(0);
      expect(second.text()).to.include(`Something listens at ${address} already.`);
      const { backend } = await startHost(this, [instance('one')]);
      expect((await backend().call(compute.list, {})).items).to.deep.equal([]);
    });

    it('removes nothing that is no socket', async () => {
      const file = join(folder, 'token');
      await writeFile(file, 'precious');
      const plugin = await run(`unix:${file}`);
      expect(await plugin.ended).not.to.equal(0);
      expect(plugin.text()).to.include(`${file} is there already, and is no socket`);
      expect(await readFile(file, 'utf8')).to.equal('precious');
    });

    it('takes no path that is too long for a socket', async () => {
      const plugin = await run(`unix:${join(folder, 'x'.repeat(108))}`);
      expect(await plugin.ended).not.to.equal(0);
      expect(plugin.text())
        .to.match(/107 bytes|too long/)
        .and.not.match(/^\s+(at|from) |Traceback/m);
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it('ends in order with SIGTERM, and takes its socket away', async function () {
      const { child, ended } = await run();
      await startHost(this, [instance('one')]);
      child.kill('SIGTERM');
      expect(await ended).to.equal(0);
      expect(existsSync(join(folder, 'plugin.sock'))).to.equal(false);
    });

    it('says what it takes', async () => {
      const plugin = await run('elsewhere');
      expect(await plugin.ended).not.to.equal(0);
      expect(plugin.text()).to.include('--listen takes unix:PATH or tls://HOST:PORT, not elsewhere.');
    });
  });
};

export const tlsListeningSuite = (language: Language): void => {
  describe(`A plugin in ${language.name} that stays at a TCP port`, function () {
    this.timeout(30_000);
    let folder: string;
    before(async function () {
      await requireSuite(this, language.suite);
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-listen-tls-'));
    });
    afterEach(async function () {
      await stopHosts(this);
      await endStaying();
      await rm(folder, { recursive: true, force: true });
    });

    it('serves hosts whose certificates it trusts, and no others, whoever else connects', async function () {
      const [ours, others] = [makeCertificate(folder, 'ca-'), makeCertificate(folder, 'other-')];
      const [own, host, stranger] = [
        signCertificate(folder, 'plugin', ours),
        signCertificate(folder, 'host', ours),
        signCertificate(folder, 'stranger', others),
      ];
      const port = await freePort();
      const address = `tls://localhost:${port}`;
      const { said } = stay(language, ['--listen', address, ...tlsArgs(own, ours)]);
      await said.when((line) => line === `Hosts can connect to ${address}.`);
      // One that says nothing, and one that speaks no TLS, are in nobody's way.
      const mute = connect(port, 'localhost');
      const plain = connect(port, 'localhost', () => plain.write('{"jsonrpc":"2.0","id":1,"method":"describe"}\n'));
      for (const socket of [mute, plain]) socket.on('error', () => {});
      const as = (id: string, { cert, key }: { cert: string; key: string }) => [
        { id, plugin: address, config: { file: join(folder, id) }, tls: { cert, key, ca: ours.cert } },
      ];
      const unknown = await startHost(this, as('unknown', stranger));
      expect(unknown.backend().state).to.equal('failing');
      const known = [await startHost(this, as('one', host)), await startHost(this, as('two', host))];
      for (const { backend, events } of known) {
        expect(await backend().call(compute.create, newMachine, { key: 'k' })).to.include({ id: 'a' });
        await events.when(({ event: { type } }) => type === 'vm.changed');
      }
      for (const socket of [mute, plain]) socket.destroy();
    });

    it('says which files it needs', async () => {
      const without = stay(language, ['--listen', 'tls://localhost:1']);
      expect(await without.ended).not.to.equal(0);
      expect(without.text()).to.include('--listen tls: needs --cert, --key and --ca, each a PEM file.');
      const own = makeCertificate(folder);
      const none = join(folder, 'none.pem');
      const missing = stay(language, [
        '--listen',
        `tls://localhost:${await freePort()}`,
        ...tlsArgs(own, { cert: none }),
      ]);
      expect(await missing.ended).not.to.equal(0);
      expect(missing.text()).to.match(/^Hosts cannot connect to tls:.*none\.pem/m);
      const other = makeCertificate(folder, 'other-');
      const pair = tlsArgs({ cert: own.cert, key: other.key }, own);
      const mixed = stay(language, ['--listen', `tls://localhost:${await freePort()}`, ...pair]);
      expect(await mixed.ended).not.to.equal(0);
      expect(mixed.text()).to.match(/^Hosts cannot connect to tls:.*(not the key|mismatch)/m);
    });
  });
};
