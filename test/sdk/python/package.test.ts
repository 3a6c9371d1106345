import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../../daemon/catalogue/index.ts';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
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

/** Calls each method by the name and the parameters of its example, and says what would have been sent. */
const callAll = `
import json, re, sys
from annelid.generated.methods import Methods
sent = []
def call(method, params):
    sent.append({"name": method, "params": {name: value for name, value in params.items() if value is not None}})
methods = Methods(call)
for example in json.load(sys.stdin):
    noun, verb = example["name"].split(".")
    getattr(getattr(methods, noun), re.sub("([A-Z])", r"_\\1", verb).lower())(**example["params"])
print(json.dumps(sent))
`;
const listCalls = `
import inspect, json
from annelid.generated.calls import CALLS, Calls
names = lambda method: sorted(inspect.signature(getattr(Calls, method)).parameters.keys() - {"self"})
print(json.dumps([[call, names(method)] for method, call in CALLS.items()]))
`;

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

  it('sends every example of the catalogue as it stands there', async () => {
    const examples = [...methods.values()].map(({ name, example: { params } }) => ({ name, params }));
    const { stdout } = await execa(systemPython, ['-c', callAll], {
      input: JSON.stringify(examples),
      env: { PYTHONPATH: join(sdk, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(JSON.parse(stdout)).to.deep.equal(examples);
  });

  it('has a method for every call of the contract', async () => {
    const { stdout } = await execa(systemPython, ['-c', listCalls], {
      env: { PYTHONPATH: join(sdk, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    });
    const calls = [...contract.values()].map(({ name, params }) => [
      name,
      fieldsOf(params)
        .map(([field]) => field)
        .sort(),
    ]);
    expect(JSON.parse(stdout)).to.deep.equal(calls);
  });

  it('has the version of the daemon', () => {
    expect(readFileSync(join(sdk, 'pyproject.toml'), 'utf8')).to.include(`\nversion = "${version}"\n`);
  });

  it('has an example of a connector of 60 lines at most', () => {
    expect(readFileSync(join(sdk, 'examples/cloud.py'), 'utf8').trimEnd().split('\n').length).to.be.at.most(60);
  });
});
