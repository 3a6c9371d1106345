import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { cleanEnvironment, root, startDaemon } from './support/annelid.ts';
import { processes } from './support/processes.ts';

const collector = [
  '--no-parallel-scavenge',
  '--max-semi-space-size=4',
  '--initial-old-space-size=64',
  '--v8-pool-size=0',
];

/** What a process that is to be looked at runs first. */
const toldAtTheEnd = `process.on('exit', () => console.log(process.execArgv.join(' ')));`;

describe('the options of Node for the collector of garbage', () => {
  /** Those with which `annelid serve` runs in the end. */
  const optionsWith = async (node: string[], { words = ['serve'], options = '', ipc = false } = {}) => {
    const told = `--import=data:text/javascript,${encodeURIComponent(toldAtTheEnd)}`;
    const { stdout } = await execa(process.execPath, [...node, join(root, 'bin/annelid.js'), ...words, '--help'], {
      cwd: tmpdir(),
      env: { ...cleanEnvironment(), NODE_OPTIONS: `${told} ${options}` },
      extendEnv: false,
      ...(ipc && { ipc }),
    });
    return stdout.split('\n').at(-1)!.split(' ');
  };

  it('are those of a daemon that runs', async () => {
    const daemon = await startDaemon();
    const { command } = (await processes()).find(({ pid }) => pid === daemon.pid)!;
    await daemon.discard();
    for (const option of collector) expect(command).to.include(option);
  });

  it('are given, and those of the caller behind them', async () => {
    expect(await optionsWith(['--max-semi-space-size=8'])).to.deep.equal([
      ...collector.filter((option) => !option.startsWith('--max-semi-space-size')),
      '--max-semi-space-size=8',
    ]);
    expect(await optionsWith(['--parallel-scavenge'])).to.deep.equal([...collector, '--parallel-scavenge']);
  });

  it('are not given where NODE_OPTIONS has them', async () => {
    expect(await optionsWith([], { options: '--max_semi_space_size=8' })).to.deep.equal(
      collector.filter((option) => !option.startsWith('--max-semi-space-size')),
    );
  });

  it('are given to the daemon alone', async () => {
    expect(await optionsWith([], { words: ['--state', 'of', 'serve'] })).to.deep.equal(collector);
    expect(await optionsWith([], { words: ['vm', 'get', 'serve'] })).to.deep.equal(['']);
  });

  it('are not given where somebody would lose the process: a debugger, a parent with a channel, a file that is open', async () => {
    expect(await optionsWith(['--inspect=0'])).to.deep.equal(['--inspect=0']);
    expect(await optionsWith([], { ipc: true })).to.deep.equal(['']);
    expect(await optionsWith([], { words: ['serve', '--config', '/dev/fd/3'] })).to.deep.equal(['']);
  });

  it('are not given where the process cannot replace itself', async () => {
    const permission = ['--permission', '--allow-fs-read=*'];
    expect(await optionsWith(permission)).to.deep.equal(permission);
    const without = '--import=data:text/javascript,delete%20process.execve';
    expect(await optionsWith([without])).to.deep.equal([without]);
  });
});
