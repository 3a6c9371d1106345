/** Connections of which the other side has gone without a word. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { until } from '../support/daemon.ts';
import { freePort } from '../support/free-port.ts';
import { faultOf, noopInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

/** How many ends of connections through a port the system will ask whether the other end is there (proc(5), `tcp`). */
const asked = (port: number): number => {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const established = '01';
  const keepAlive = '02';
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, remote, state]) => state === established && [local, remote].some((at) => at?.endsWith(suffix)))
    .filter((of) => of[5]?.startsWith(keepAlive)).length;
};

describe('A plugin that is gone without a word', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const run = (...args: string[]) => {
    const program = join(pluginDirectories[0]!, 'noop/main.ts');
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    return child;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-vanished-'));
  });
  afterEach(async function () {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await stopHosts(this);
    await rm(folder, { recursive: true, force: true });
  });

  it('is asked for by the system when nothing is said, on either side and whoever has connected', async function () {
    this.timeout(20_000);
    const ca = makeCertificate(folder, 'ca-');
    const [host, plugin] = [signCertificate(folder, 'host', ca), signCertificate(folder, 'plugin', ca, 'localhost')];
    const files = ['--cert', plugin.cert, '--key', plugin.key, '--ca', ca.cert];
    const [theirs, ours] = [await freePort(), await freePort()];
    const tls = { ...host, ca: ca.cert };
    const listener = run('--listen', `tls://localhost:${theirs}`, ...files);
    await once(createInterface(listener.stderr!), 'line');
    const token = 'of-the-test';
    await writeFile(join(folder, 'token'), token);
    const address = `tls://localhost:${ours}`;
    const { statuses } = await startHost(
      this,
      [
        noopInstance({}, { plugin: `tls://localhost:${theirs}`, tls }),
        noopInstance({}, { id: 'two', plugin: 'dial-in', token, certificate: 'localhost' }),
      ],
      {},
      { listen: { addresses: [address], tls } },
    );
    run('--dial', address, '--connector', 'two', '--token-file', join(folder, 'token'), ...files);
    for (const id of ['one', 'two']) await statuses.when((status) => status.id === id && status.state === 'ready');
    // While something is not acknowledged yet, that is what is waited for.
    await until(async () => asked(theirs) === 2 && asked(ours) === 2);
  });

  it('is not called again once it has answered neither a call nor echo', async function () {
    const address = `unix:${join(folder, 'plugin.sock')}`;
    const frozen = run('--listen', address);
    await once(createInterface(frozen.stderr!), 'line');
    const instances = [noopInstance({}, { plugin: address })];
    const { backend, statuses } = await startHost(this, instances, { readTimeoutMs: 100, cancelMs: 50 });
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    frozen.kill('SIGSTOP');
    expect((await faultOf(backend().call(compute.list, {}))).kind).to.equal('timeout');
    const { message } = await statuses.when(({ state }) => state === 'failing');
    expect(message).to.include('did not answer echo within 50 ms (limits.plugins.cancelMs)');
    frozen.kill('SIGCONT');
    const before = statuses.all.length;
    await statuses.when((status) => status.state === 'ready' && statuses.all.indexOf(status) >= before);
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
  });

  it('is kept when it answers echo, though not one of its calls', async function () {
    const address = `unix:${join(folder, 'plugin.sock')}`;
    const slow = run('--listen', address);
    await once(createInterface(slow.stderr!), 'line');
    const script = { 'compute.get': { delayMs: 60_000 } };
    const instances = [noopInstance({ script }, { plugin: address })];
    const { backend, statuses } = await startHost(this, instances, { readTimeoutMs: 100, cancelMs: 2_000 });
    const { kind } = await faultOf(backend().call(compute.get, { vm: 'a' }));
    expect(kind).to.equal('timeout');
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    expect(statuses.all.map(({ state }) => state)).to.not.include('failing');
  });
});
