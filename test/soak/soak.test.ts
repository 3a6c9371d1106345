import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import { root } from '../support/annelid.ts';
import { duplicates, flat, flatDaemon, lost, operationsEnded, orphans, wrongAnswers, wrongFaults } from './checks.ts';
import type { SoakCloud } from './clouds.ts';
import { soak } from './soak.ts';
import { soakWire } from './wire.ts';

describe('the soak', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-soak-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('finds nothing in a thousand calls', async function () {
    this.timeout(60_000);
    const samples: number[] = [];
    const { checks, strikes } = await soak({
      ...{ calls: 1000, seed: 4, folder, few: true },
      onSample: ({ calls }) => samples.push(calls),
      onProgress: () => {},
    });
    expect(checks.filter(({ problems }) => problems.length > 0)).to.deep.equal([]);
    expect(samples).to.deep.equal([250, 500, 750, 1000]);
    expect([...strikes.keys()]).to.include.members(['killed with SIGKILL', 'reloaded', 'stopped for a moment']);
  });

  it('finds nothing in some hundred calls to a daemon that is killed meanwhile', async function () {
    this.timeout(60_000);
    const { checks, answers } = await soakWire({ calls: 400, seed: 1, folder, onSample: () => {} });
    expect(checks.filter(({ problems }) => problems.length > 0)).to.deep.equal([]);
    expect([...answers.keys()]).to.include.members(['read', 'succeeded', 'cut off with the daemon']);
  });

  it('says what does not hold', async () => {
    const cloud = (keys: string[]) => ({ instance: { id: 'c' }, effects: async () => keys }) as SoakCloud;
    expect(
      (await duplicates(cloud(['1', '2.after', '2.after', '4']), new Set(['1', '2', '3']))).problems,
    ).to.deep.equal(['2 has had two', '3 has had none', '4 has had one and was not told of']);
    expect(lost(['read 7 of c']).problems).to.deep.equal(['read 7 of c has not']);
    expect(wrongFaults(new Map([['timeout', 3]]), new Map([['internal', 2]])).problems).to.deep.equal([
      '2 times internal',
    ]);
    const left = { pid: 7, parent: 1, started: 0, command: 'sleep 9', environment: [] };
    expect(orphans([left]).problems).to.deep.equal(['7 runs: sleep 9']);
    const first = { calls: 1, seconds: 1, heapMiB: 10, residentMiB: 100, openFiles: 50, processes: 12 };
    const grown = { ...first, calls: 2, heapMiB: 14, residentMiB: 137, openFiles: 51, processes: 11 };
    expect(flat([first, grown], 12).flatMap(({ problems }) => problems)).to.deep.equal([
      '10.0 has become 14.0',
      '100.0 has become 137.0',
      '50.0 has become 51.0',
      'after 2 calls there were 11',
    ]);
    expect(flatDaemon([first, grown], 0).flatMap(({ problems }) => problems)).to.deep.equal([
      '100.0 has become 137.0',
      '50.0 has become 51.0',
    ]);
    expect(
      wrongAnswers(
        new Map([
          ['succeeded', 3],
          ['internal', 2],
        ]),
      ).problems,
    ).to.deep.equal(['2 times internal']);
    const operations = [
      { id: 'a', state: 'succeeded' },
      { id: 'b', state: 'failed' },
      { id: 'c', state: 'succeeded' },
      { id: 'd', state: 'running' },
    ] as Operation[];
    expect(operationsEnded(operations, ['b', 'b', 'c', 'e']).problems).to.deep.equal([
      'a succeeded, with 0 effects',
      'b failed, with 2 effects',
      'd is running',
      'e is the effect of no operation',
    ]);
    expect(flat([first, first], 12).flatMap(({ problems }) => problems)).to.deep.equal([]);
  });

  it('names options that are wrong', async () => {
    const run = async (...args: string[]) => {
      const options = { cwd: root, reject: false } as const;
      const { exitCode, stderr } = await execa(process.execPath, ['test/soak/main.ts', ...args], options);
      return [exitCode, stderr.split('\n')[0]];
    };
    expect(await run('--calls', 'many')).to.deep.equal([
      2,
      '--calls must be a whole number of at least 4, and is many.',
    ]);
    expect(await run('--sed=1')).to.deep.equal([2, "Unknown option '--sed'"]);
  });
});
