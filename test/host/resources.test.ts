/** What a plugin may use, and who it runs as. */
import { expect } from 'chai';
import type { InstanceConfig, Resources } from '../../daemon/host/index.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { requireSuite } from '../setup/packages.ts';
import { bareInstance, faultOf, startHost, stopHosts } from './running-host.ts';

const isRoot = process.getuid?.() === 0;

/** A plugin whose one machine is called what an expression of Python is. */
const telling = (expression: string, more: Partial<InstanceConfig>): InstanceConfig => {
  const program = samplesIn('python')[0]!.replace('"vm-1"', `str(${expression})`);
  return { id: 'one', plugin: 'telling', command: ['/usr/bin/python3', '-c', program], config: {}, ...more };
};

describe('A plugin with limits of the system', () => {
  before(async function () {
    await requireSuite(this, 'sandbox');
  });
  afterEach(async function () {
    await stopHosts(this);
  });

  const told = async (context: Mocha.Context, expression: string, more: Partial<InstanceConfig>) => {
    const { backend } = await startHost(context, [telling(expression, more)]);
    const { state, message } = backend().status();
    if (state !== 'ready') return message;
    return backend()
      .call(compute.list, {})
      .then(
        ({ items }) => items[0]!.id,
        ({ message: words }: Error) => words,
      );
  };
  const limited = (resources: Resources) => ({ resources });

  it('has as much memory as it may, and no more', async function () {
    const takes = 'len(bytearray(200 * 2**20))';
    expect(await told(this, takes, limited({ memoryMiB: 512 }))).to.equal(String(200 * 2 ** 20));
    // A MemoryError of Python has no words.
    expect(await told(this, takes, limited({ memoryMiB: 100 }))).to.equal('The plugin gave no reason.');
  });

  it('opens as many files as it may, and no more', async function () {
    const opens = 'len([open("/dev/null") for _ in range(40)])';
    expect(await told(this, opens, limited({ openFiles: 64 }))).to.equal('40');
    expect(await told(this, opens, limited({ openFiles: 20 }))).to.include('Too many open files');
  });

  it('is ended when it has used its processor time, and the reason is told', async function () {
    const { backend } = await startHost(this, [bareInstance('for (;;) {}', { resources: { cpuSeconds: 1 } })]);
    const { message } = await faultOf(backend().call(compute.get, { vm: 'x' }));
    expect(message).to.include('was ended by SIGXCPU');
  });

  it('runs as a user with the home and the groups of that, and starts as many processes as it may', async function () {
    const runs = '__import__("subprocess").run(["sh", "-c", "true & true & true & wait"]).returncode';
    if (!isRoot) {
      expect(await told(this, '1', { user: 'nobody' })).to.include('needs a daemon that runs as root');
      return;
    }
    const who = '[__import__("os").getuid(), __import__("os").getgroups(), __import__("os").environ["HOME"]]';
    expect(await told(this, who, { user: 'nobody' })).to.equal("[65534, [65534], '/nonexistent']");
    expect(await told(this, who, { user: 'nobody', sandbox: true })).to.equal("[65534, [65534], '/tmp']");
    expect(await told(this, '1', { user: 'nobody-at-all' })).to.equal('There is no user nobody-at-all.');
    expect(await told(this, '1', limited({ processes: 5 }))).to.include('resources.processes needs user');
    expect(await told(this, runs, { user: 'nobody', resources: { processes: 500 } })).to.equal('0');
    expect(await told(this, runs, { user: 'nobody', resources: { processes: 1 } })).to.include(
      'temporarily unavailable',
    );
  });
});
