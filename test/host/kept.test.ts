/** Plugins that a keeper holds while daemons come and go: real daemons, killed and started again. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { frame, toKeeper } from '../../daemon/host/keeper/frames.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { type Connectors, type DaemonOptions, daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';
import { bareInstance, gone, startHost, stopHosts } from './running-host.ts';

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

  describe('while no daemon is there', () => {
    let keepers: string;
    beforeEach(async () => {
      keepers = await mkdtemp(join(tmpdir(), 'annelid-kept-'));
    });
    afterEach(async function () {
      await stopHosts(this);
      await rm(keepers, { recursive: true, force: true });
    });
    /** One host leaves the plugin to its keeper, the next one takes it over. */
    const twice = async (context: Mocha.Context, answer: string, between: (pid: number) => unknown) => {
      const instance = bareInstance(answer, { keep: true });
      const limited = { keptBytes: 5_000, stopMs: 500 };
      const first = await startHost(context, [instance], limited, { keepers });
      const { id } = await first.backend().call(compute.get, { vm: 'x' });
      await first.host.stop(true);
      await between(Number(id));
      return { pid: Number(id), ...(await startHost(context, [instance], limited, { keepers })) };
    };

    it('it may write what it likes: no line is lost, of standard error the latest stay', async function () {
      const flood = `
        reply(m, { result: { id: String(process.pid), state: 'running' } });
        setTimeout(() => {
          for (let line = 0; line < 5000; line++) console.error('error ' + line);
          const event = (line) => JSON.stringify({ jsonrpc: '2.0', method: '$/log', params: { message: 'line ' + line } });
          for (let line = 0; line < 500; line++) say(event(line) + '\\n');
        }, 300);`;
      const { entries } = await twice(this, flood, () => delay(600));
      const last = await entries.when(({ message }) => message === 'line 499');
      expect(last.level).to.equal('info');
      const words = entries.all.map(({ message }) => message);
      expect(words.filter((line) => line.startsWith('line '))).to.have.length(500);
      expect(words.filter((line) => /bytes of standard error were dropped/.test(line))).to.have.length(1);
      expect(words).to.include('error 4999');
      expect(words).not.to.include('error 0');
    });

    it('its end is told to the next one, which starts another', async function () {
      const answer = `reply(m, { result: { id: String(process.pid), state: 'running' } });`;
      const end = async (pid: number) => {
        process.kill(pid, 'SIGKILL');
        await gone(pid);
      };
      const { backend, entries, statuses, pid } = await twice(this, answer, end);
      await entries.when(({ message }) => message === 'The plugin was ended by SIGKILL.');
      await statuses.when(({ state, restarts }) => state === 'ready' && restarts > 0);
      expect((await backend().call(compute.get, { vm: 'x' })).id).not.to.equal(String(pid));
    });
  });
});
