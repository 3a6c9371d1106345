import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import {
  bareInstance,
  faultOf,
  gone,
  isAlive,
  noopInstance,
  startHost,
  stopHosts,
  withRunaway,
} from './running-host.ts';

const childOf = ({ message }: { message: string }) => Number(/^child ([0-9]+)$/.exec(message)?.[1]);

describe('the processes of plugins', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('are gone after a stop, with children that hold the pipes and ignore SIGTERM', async function () {
    const { host, entries } = await startHost(this, [noopInstance({ child: true })]);
    const child = childOf(await entries.when(({ message }) => message.startsWith('child ')));
    expect(isAlive(child)).to.equal(true);
    await host.stop();
    await gone(child);
  });

  it('are gone after a crash, with their children', async function () {
    const script = { 'compute.start': { exit: 'kill' as const } };
    const { backend, entries } = await startHost(this, [noopInstance({ script, child: true })], {
      restartMinMs: 60_000,
      restartMaxMs: 60_000,
    });
    const child = childOf(await entries.when(({ message }) => message.startsWith('child ')));
    await faultOf(backend().call(compute.start, { vm: 'x' }));
    await gone(child);
    expect(backend().state).to.equal('failing');
  });

  it('are killed when neither the end of their input nor SIGTERM ends them', async function () {
    const stubborn = `
      process.on('SIGTERM', () => console.error('not now'));
      setInterval(() => {}, 1000);
      reply(m, { result: { id: String(process.pid), state: 'running' } });`;
    const { host, backend, entries } = await startHost(this, [bareInstance(stubborn)], { stopMs: 100 });
    const pid = Number((await backend().call(compute.get, { vm: 'x' })).id);
    await host.stop();
    expect(isAlive(pid)).to.equal(false);
    expect(entries.all.map(({ message }) => message)).to.deep.equal(['not now']);
  });

  const runawayOf = ({ message }: { message: string }) => Number(/^runaway ([0-9]+)$/.exec(message)?.[1]);
  const runaways = (starter: string, script = {}) =>
    noopInstance({ script }, { command: ['sh', '-c', withRunaway(starter)] });

  it('are gone after a stop and after a crash, also those that left the group by setsid', async function () {
    const script = { 'compute.start': { exit: 'kill' as const } };
    const { host, backend, entries } = await startHost(this, [runaways('setsid', script)]);
    const [first] = entries.all.filter((entry) => runawayOf(entry) > 0);
    await faultOf(backend().call(compute.start, { vm: 'x' }));
    await gone(runawayOf(first!));
    const second = await entries.when((entry) => runawayOf(entry) > 0 && entry !== first);
    expect(isAlive(runawayOf(second))).to.equal(true);
    await host.stop();
    expect(isAlive(runawayOf(second))).to.equal(false);
  });

  it('stay when the plugin took the mark from them: they are meant to outlive it', async function () {
    const { host, entries } = await startHost(this, [runaways('env -u ANNELID_PLUGIN_ID setsid')]);
    const pid = runawayOf(await entries.when((entry) => runawayOf(entry) > 0));
    await host.stop();
    expect(isAlive(pid)).to.equal(true);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
  });

  it('are gone after kill -9 of the daemon: children, those that are stuck, that of a call which has its own, and what npx and setsid hide', async function () {
    // npx takes its time.
    this.timeout(30_000);
    const program = fileURLToPath(new URL('fixtures/host-program.ts', import.meta.url));
    const daemon = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: daemon.stdout }), 'line')) as [string];
    const pids = line.split(' ').map(Number);
    expect(pids.map(isAlive)).to.deep.equal([true, true, true, true]);
    daemon.kill('SIGKILL');
    await Promise.all(pids.map(gone));
  });
});
