import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Report } from '../../plugin-protocol/conformance/index.ts';
import { root } from '../support/annelid.ts';
import { checkCommand, wrongIn } from './check.ts';
import { inParallel } from './in-parallel.ts';

const program = join(root, 'test/conformance/planted/main.ts');

/** Less than a start takes on this processor, beside what is more urgent. */
const patience = { describeMs: 600, answerMs: 600, stopMs: 600 };

describe('a check on a machine that is busy with other things', function () {
  this.timeout(120_000);
  let others: ChildProcess[];
  let reports: Record<'whole' | 'silent', Promise<Report>>;
  before(async () => {
    // Once before: that its files come from a disk takes time that is its own.
    await once(spawn(process.execPath, [program], { stdio: 'ignore' }), 'exit');
    const loop = ['-c', '0', 'sh', '-c', 'echo; while :; do :; done'];
    // Each in a session of its own, as the plugin is: some kernels share processors out among sessions.
    const begin = () => spawn('taskset', loop, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    others = Array.from({ length: 16 }, begin);
    await Promise.all(others.map(({ stdout }) => once(stdout!, 'data')));
    reports = inParallel({ whole: () => checkSlow(), silent: () => checkSlow('does not describe itself') });
  });
  after(async () => {
    const ended = others.map((other) => once(other, 'exit'));
    for (const other of others) other.kill('SIGKILL');
    await Promise.all(ended);
  });

  /** It gets a small part of a processor. */
  const checkSlow = (...fault: string[]): Promise<Report> => {
    const command = ['taskset', '-c', '0', process.execPath, program, ...fault];
    const config = { file: '{scratch}/cloud.json', password: 'open-sesame-42' };
    return checkCommand(command, { config, only: ['4.1', '1.5'], patience });
  };

  it('does not take waiting for a processor for silence', async () => {
    expect(wrongIn(await reports.whole)).to.deep.equal([]);
  });

  it('finds silence all the same', async () => {
    expect(wrongIn(await reports.silent)).to.include('4.1: It did not answer describe within 600 ms.');
  });
});
