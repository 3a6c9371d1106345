import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from './support/annelid.ts';
import { processes } from './support/processes.ts';

describe('a run of the tests', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-cut-off-'));
  });
  after(() => rm(folder, { recursive: true }));

  const forever = 'await new Promise(() => setInterval(() => {}, 1000));';
  const start = async (body: string) => {
    const file = join(folder, 'one.test.js');
    await writeFile(file, `it('is one', async () => { ${body} });`);
    const script = `import { runSuites } from './bin/suites.ts'; process.exitCode = await runSuites([${JSON.stringify(file)}]);`;
    const child = execa('node', ['--input-type=module', '--eval', script], {
      cwd: root,
      preferLocal: true,
      localDir: root,
      reject: false,
      stdin: 'ignore',
    });
    return { child };
  };
  const run = async (body: string) => (await start(body)).child;

  it('ends with its count, and with 0 when all pass', async () => {
    const { exitCode, stdout } = await run('');
    expect(stdout.trimEnd().split('\n').at(-1)).to.equal('1 passed, 0 failed');
    expect(exitCode).to.equal(0);
  });

  it('fails with its count when a test fails', async () => {
    const { exitCode, stdout } = await run('throw new Error("no");');
    expect(stdout).to.contain('0 passed, 1 failed');
    expect(exitCode).to.equal(1);
  });

  for (const [what, body] of [
    ['SIGINT ends its process', `process.kill(process.pid, 'SIGINT'); ${forever}`],
    ['a test ends its process with 0', 'process.exit(0);'],
  ] as const) {
    it(`fails and says that it was cut off when ${what}`, async () => {
      const { exitCode, stdout, stderr } = await run(body);
      expect(stdout).not.to.contain('passed,');
      expect(stderr).to.contain('The tests were cut off before the line that counts them: this run has failed.');
      expect(exitCode).to.equal(1);
    });
  }

  it('hands a signal on to its tests, and fails', async () => {
    const { child: running } = await start(`console.log('begun', process.pid); ${forever}`);
    const pid = await new Promise<number>((resolve) => {
      running.stdout.on('data', (text) => {
        const [, found] = /begun (\d+)\n/.exec(String(text)) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
    });
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect(stderr).to.contain('cut off');
    expect(exitCode).to.equal(1);
    expect((await processes()).map((each) => each.pid)).not.to.include(pid);
  });
});
