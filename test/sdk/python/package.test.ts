import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { version } from '../../../daemon/version.ts';
import { requireSuite } from '../../setup/packages.ts';
import { findOldestPython, oldestVersion, pythonTool, systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';

const sdk = join(root, 'sdk/python');
const run = (program: string, args: string[]) =>
  execa(program, args, {
    cwd: sdk,
    env: { PYTHONPATH: join(sdk, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    stdin: 'ignore',
    all: true,
  });
const unittest = async (python: string) => {
  const { all } = await run(python, ['-W', 'error', '-m', 'unittest', '--verbose']);
  expect(all).to.match(/^Ran [1-9][0-9]+ tests in .*\n\nOK$/m);
};

describe('The Python package', function () {
  this.timeout(60_000);
  before(async function () {
    await requireSuite(this, 'python sdk');
  });

  it("passes its own tests on the system's Python, without a warning", () => unittest(systemPython));

  it(`passes its own tests on Python ${oldestVersion}, the oldest that it serves`, async function () {
    const oldest = await findOldestPython();
    if (oldest === undefined) {
      process.stderr.write(
        `skipped: there is no python${oldestVersion} on this machine (pyenv install 3.9 makes one).\n`,
      );
      this.skip();
    }
    await unittest(oldest);
  });

  it('has no type errors for the oldest and for the newest Python, by a strict checker', async function () {
    this.timeout(300_000);
    const mypy = await pythonTool('mypy', '1.18.2');
    if (mypy === undefined) this.skip();
    for (const python of [oldestVersion, '3.13'])
      await run(mypy, ['--python-version', python, '--cache-dir', join(root, 'test/.work/mypy-cache')]);
  });

  it('has the version of the daemon', () => {
    expect(readFileSync(join(sdk, 'pyproject.toml'), 'utf8')).to.include(`\nversion = "${version}"\n`);
  });

  it('has an example of a connector of 60 lines at most', () => {
    expect(readFileSync(join(sdk, 'examples/cloud.py'), 'utf8').trimEnd().split('\n').length).to.be.at.most(60);
  });
});
