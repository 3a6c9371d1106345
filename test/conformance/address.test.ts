import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { root } from '../support/annelid.ts';
import { checkCommand, wrongIn } from './check.ts';

describe('a plugin that runs already', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-address-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is checked at its address, and goes on; what only its program shows is skipped with a reason', async () => {
    const path = join(folder, 'memory.sock');
    const plugin = spawn(process.execPath, [join(root, 'plugins/memory/main.ts'), '--listen', `unix:${path}`]);
    try {
      while (!existsSync(path)) await sleep(20);
      const report = await checkCommand([], {
        path: `unix:${path}`,
        subject: { kind: 'address', address: { kind: 'unix', path } },
        config: { file: '{scratch}/cloud.json' },
      });
      const skipped = report.clauses.filter(({ status }) => status === 'skipped');
      expect(skipped.map(({ clause }) => clause)).to.deep.equal(['3.5', '3.6', '3.7', '9.3']);
      for (const { probes } of skipped) {
        const skip = probes.find(({ status }) => status === 'skipped')!;
        expect(skip.why).to.match(/^It runs already/);
        expect(skip.means).to.match(/known once its program is checked\.$/);
      }
      expect(wrongIn(report)).to.have.length(skipped.length);
      expect(report.clauses.find(({ clause }) => clause === '12.6')?.status).to.equal('passed');
      expect(plugin.exitCode).to.equal(null);
    } finally {
      plugin.kill('SIGKILL');
      await once(plugin, 'exit');
    }
  });

  it('that is not there is told as that', async () => {
    const subject = { kind: 'address', address: { kind: 'unix', path: join(folder, 'nobody.sock') } } as const;
    const failure = await checkCommand([], { path: 'nobody', subject }).catch((error: Error) => error);
    expect(failure).to.include({ name: 'NoPlugin' });
    expect((failure as Error).message).to.match(/^The plugin cannot be reached: .*ENOENT/);
  });
});
