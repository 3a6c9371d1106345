/** Plugins that a keeper holds while daemons come and go: real daemons, killed and started again. */
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { frame, toKeeper } from '../../daemon/host/keeper/frames.ts';
import { type Connectors, type DaemonOptions, daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';

const script = fileURLToPath(new URL('fixtures/serial_cloud.py', import.meta.url));
const serial = (seconds: number): Connectors => ({ cloud: { plugin: script, keep: true, config: { seconds } } });

/** Which processes of a kind a daemon has, by pid: words of their command lines tell them. */
const pidsOf = async (daemon: TestDaemon, words: string) =>
  (await daemon.offspring()).filter(({ command }) => command.includes(words)).map(({ pid }) => pid);
const pluginOf = (daemon: TestDaemon) => pidsOf(daemon, 'serial_cloud.py');

const recordsOf = (daemon: TestDaemon) => readdir(join(daemon.directory, 'state/keepers'));

const created = (daemon: TestDaemon, params: object) => daemon.call<Operation>('vm.create', { name: 'a', ...params });
const machines = async (daemon: TestDaemon) => (await daemon.call<{ items: Vm[] }>('vm.list')).items;

describe('A plugin that is kept', function () {
  this.timeout(30_000);
  const start = daemonsOfSuite();
  const limits = { plugins: { stopMs: 500 } };
  const startKept = (seconds: number, more: DaemonOptions = {}) =>
    start({ connectors: serial(seconds), limits, ...more });

  it('is found as it was by the daemon after one that was killed: the same process, with its memory', async () => {
    const daemon = await startKept(0);
    const [pid] = await pluginOf(daemon);
    await created(daemon, { wait: 10 });
    await daemon.kill();
    await daemon.start();
    expect(await pluginOf(daemon)).to.deep.equal([pid]);
    const [vm] = (await daemon.call<{ items: Vm[] }>('vm.list', { refresh: true })).items;
    expect(vm).to.deep.include({ name: 'a', labels: { pid: String(pid), made: '1' } });
    expect(
      daemon.log.filter((line) => line.includes('configured')),
      'is not configured again',
    ).to.have.length(1);
    await daemon.stop();
    expect(await daemon.offspring(), 'is ended by a daemon that stops').to.deep.equal([]);
    expect(await recordsOf(daemon)).to.deep.equal([]);
  });

  it('settles what was under way when the daemon was killed, once, though the plugin is a loop that is busy', async () => {
    const daemon = await startKept(3);
    const { id } = await created(daemon, { key: 'once' });
    await until(async () => daemon.log.some((line) => line.includes('begun')));
    await daemon.kill();
    await daemon.start();
    const operation = await daemon.call<Operation>('operation.wait', { operation: id, wait: 20 });
    expect(operation.state).to.equal('succeeded');
    expect((await machines(daemon)).map(({ labels }) => labels?.made)).to.deep.equal(['1']);
    expect(daemon.log.join('\n')).not.to.include('noise');
  });

  it('stays with its keeper when the daemon is told so as it stops', async () => {
    const daemon = await startKept(0, { args: ['--keep-plugins'] });
    const [pid] = await pluginOf(daemon);
    expect(await daemon.stop()).to.equal(0);
    await daemon.start();
    expect(await pluginOf(daemon)).to.deep.equal([pid]);
  });

  it('is ended when no daemon comes back in time, with its keeper', async () => {
    const daemon = await startKept(0, { limits: { plugins: { keepMs: 300, stopMs: 500 } } });
    await daemon.kill();
    await until(async () => (await daemon.offspring()).length === 0);
    await until(async () => (await recordsOf(daemon)).length === 0);
  });

  it('is ended when its keeper is killed, and started anew', async () => {
    const daemon = await startKept(0);
    const [before] = await pluginOf(daemon);
    const [keeper] = await pidsOf(daemon, 'keeper/main');
    process.kill(keeper!, 'SIGKILL');
    await until(async () => {
      const now = await pluginOf(daemon);
      return now.length === 1 && now[0] !== before;
    });
  });

  it('is started anew when the configuration says that it is to be another one', async () => {
    const daemon = await startKept(0);
    const [before] = await pluginOf(daemon);
    await daemon.kill();
    daemon.connectors = { cloud: { ...serial(0).cloud!, command: ['python3', '-u', script] } };
    await daemon.start();
    const [after, ...others] = await pluginOf(daemon);
    expect([after === before, others]).to.deep.equal([false, []]);
  });

  it('is ended by a daemon whose configuration keeps it no more', async () => {
    const daemon = await startKept(0);
    const [before] = await pluginOf(daemon);
    await daemon.kill();
    daemon.connectors = { cloud: { ...serial(0).cloud!, keep: false } };
    await daemon.start();
    await until(async () => !(await pluginOf(daemon)).includes(before!));
    await until(async () => (await recordsOf(daemon)).length === 0);
  });

  it('lets in nobody who lacks the token, and has files for its user alone', async () => {
    const daemon = await startKept(0);
    const folder = join(daemon.directory, 'state/keepers');
    const files = await recordsOf(daemon);
    const modes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).mode & 0o777));
    expect(modes).to.deep.equal([0o600, 0o600]);
    const path = join(folder, files.find((file) => file.endsWith('.sock'))!);
    for (const bytes of [frame(toKeeper.hello, 'guessed'), frame(toKeeper.kill), Buffer.alloc(100_000, 'h')]) {
      const stranger = connect(path);
      stranger.on('error', () => {});
      const told: Buffer[] = [];
      stranger.on('data', (chunk) => told.push(chunk));
      stranger.write(bytes);
      await new Promise((resolve) => stranger.once('close', resolve));
      expect(told).to.deep.equal([]);
    }
    expect((await created(daemon, { wait: 10 })).state).to.equal('succeeded');
  });
});
