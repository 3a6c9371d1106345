/** A plugin on another machine, as `command: [ssh, HOST, PROGRAM]` runs it: a real sshd on this one. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { requireSuite } from '../setup/packages.ts';
import { until } from '../support/daemon.ts';
import { gone, isAlive, noopInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

describe('A plugin over ssh', function () {
  this.timeout(30_000);
  let folder: string;
  let sshd: ChildProcess;
  let port: number;

  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });

  before(async function () {
    await requireSuite(this, 'ssh');
    folder = await mkdtemp(join(tmpdir(), 'annelid-ssh-'));
    for (const name of ['host', 'user']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    }
    await copyFile(join(folder, 'user.pub'), join(folder, 'authorized'));
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    port = (probe.address() as AddressInfo).port;
    probe.close();
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
    ];
    await writeFile(join(folder, 'sshd_config'), `${settings.join('\n')}\n`);
    // Where the server leaves its privileges; a package that is not started has not made it.
    if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
    await until(answers);
  });
  afterEach(async function () {
    await stopHosts(this);
  });
  after(async () => {
    sshd?.kill('SIGKILL');
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('is called, and ends when the host does', async function () {
    const options = [
      ...['-i', join(folder, 'user'), '-p', String(port), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'],
      ...['-o', `UserKnownHostsFile=${join(folder, 'known')}`, '-o', 'LogLevel=ERROR'],
    ];
    // The node of the tests: a login over ssh has a PATH of its own.
    const program = `echo $$ >&2; exec ${process.execPath} ${pluginDirectories[0]}/noop/main.ts`;
    const { host, backend, entries } = await startHost(this, [
      noopInstance({}, { command: ['ssh', ...options, `${userInfo().username}@127.0.0.1`, program] }),
    ]);
    expect(backend().status()).to.include({ state: 'ready', plugin: 'noop' });
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    const { message } = await entries.when((entry) => /^[0-9]+$/.test(entry.message));
    const pid = Number(message);
    expect(isAlive(pid)).to.equal(true);
    await host.stop();
    await gone(pid);
  });
});
