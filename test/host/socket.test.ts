/** Plugins that run already: the host connects to them, loses them, and finds them again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { faultOf, noopInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

describe('A plugin that runs already', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const program = `${pluginDirectories[0]}/noop/main.ts`;

  /** Resolves once hosts can connect, with the process and the words that it said. */
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    const said: string[] = [];
    // Resolves at the end of its words, too: it may have refused.
    await new Promise<void>((resolve) => {
      createInterface({ input: child.stderr })
        .on('line', (line) => {
          said.push(line);
          if (line.startsWith('Hosts can connect')) resolve();
        })
        .on('close', resolve);
    });
    return { child, said };
  };
  const ended = (child: ChildProcess) =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-socket-'));
  });
  afterEach(async function () {
    await stopHosts(this);
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      await ended(child);
    }
    await rm(folder, { recursive: true, force: true });
  });
  const at = (plugin: string, more: object = {}) => noopInstance({}, { plugin, ...more });

  describe('at a unix socket', () => {
    it('is described, configured and called, by several hosts at once, and outlives them', async function () {
      const address = `unix:${join(folder, 'plugin.sock')}`;
      const { child } = await run('--listen', address);
      expect(statSync(join(folder, 'plugin.sock')).mode & 0o777).to.equal(0o600);
      const [one, two] = [await startHost(this, [at(address)]), await startHost(this, [at(address, { id: 'two' })])];
      expect(one.backend().status()).to.include({ state: 'ready', plugin: 'noop' });
      expect(await one.backend().call(compute.list, {})).to.deep.equal({ items: [] });
      await one.host.stop();
      expect(await two.backend().call(compute.list, {})).to.deep.equal({ items: [] });
      expect(child.exitCode).to.equal(null);
    });

    it('is found again after it was killed, and the calls under way are told that nobody knows', async function () {
      const address = `unix:${join(folder, 'plugin.sock')}`;
      const { child } = await run('--listen', address);
      const slow = { script: { 'compute.start': { delayMs: 60_000 } } };
      const { backend, statuses } = await startHost(this, [noopInstance(slow, { plugin: address })]);
      const call = faultOf(backend().call(compute.start, { vm: 'a' }, { key: 'k' }));
      await backend().call(compute.list, {});
      child.kill('SIGKILL');
      const fault = await call;
      expect([fault.kind, fault.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
      expect(fault.message).to.match(/^The plugin of one (closed|lost) the connection/);
      const failing = await statuses.when(({ message }) => message?.includes('There is no plugin at') ?? false);
      expect(failing.message).to.include(address).and.to.include('ECONNREFUSED');
      const before = statuses.all.length;
      // It clears away what was left at the address.
      await run('--listen', address);
      await statuses.when((status) => status.state === 'ready' && statuses.all.indexOf(status) >= before);
      expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    });

    it('says so when another one listens there', async () => {
      const address = `unix:${join(folder, 'plugin.sock')}`;
      await run('--listen', address);
      const second = await run('--listen', address);
      await ended(second.child);
      expect(second.said.join('\n')).to.include(`Something listens at ${address} already.`);
    });

    it('ends in order with SIGTERM, and takes its socket away', async () => {
      const { child } = await run('--listen', `unix:${join(folder, 'plugin.sock')}`);
      child.kill('SIGTERM');
      await ended(child);
      expect([child.exitCode, existsSync(join(folder, 'plugin.sock'))]).to.deep.equal([0, false]);
    });
  });

  describe('at a TCP port', () => {
    const signed = (name: string, ca: { cert: string; key: string }) => signCertificate(folder, name, ca);

    it('is called when both sides show certificates that the other side trusts, and not otherwise', async function () {
      this.timeout(30_000);
      const [ours, others] = [makeCertificate(folder, 'ca-'), makeCertificate(folder, 'other-')];
      const [host, plugin, stranger] = [signed('host', ours), signed('plugin', ours), signed('stranger', others)];
      const address = `tls://localhost:${await freePort()}`;
      await run('--listen', address, '--cert', plugin.cert, '--key', plugin.key, '--ca', ours.cert);
      const trusted = await startHost(this, [at(address, { tls: { ...host, ca: ours.cert } })]);
      expect(await trusted.backend().call(compute.list, {})).to.deep.equal({ items: [] });
      const unknown = await startHost(this, [at(address, { tls: { ...stranger, ca: ours.cert } })]);
      expect(unknown.backend().state).to.equal('failing');
      const careful = await startHost(this, [at(address, { tls: { ...host, ca: others.cert } })]);
      expect(careful.backend().status().message).to.match(
        /There is no plugin at tls:\/\/localhost:[0-9]+: .*certificate/,
      );
      const without = await startHost(this, [at(address)]);
      expect(without.backend().status().message).to.include('TLS needs the setting tls of the connector');
    });

    it('is refused by the kit without certificates', async () => {
      const { child, said } = await run('--listen', 'tls://localhost:1');
      await ended(child);
      expect(said.join('\n')).to.include('--listen tls: needs --cert, --key and --ca');
    });
  });
});
