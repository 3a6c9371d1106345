import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { systemPython } from '../../setup/python.ts';
import { cleanEnvironment, root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';

/** Its package index is a folder without anything, so that nothing can be fetched. */
const offline = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '', PIP_DISABLE_PIP_VERSION_CHECK: '1' };

describe("The README of Python's SDK, followed to the letter", function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  let daemon: TestDaemon;
  const blocks: Record<string, string[]> = {};
  const run = async (program: string, args: string[], env: Record<string, string> = {}) => {
    const options = { cwd: folder, env: { ...cleanEnvironment(), ...offline, ...env }, extendEnv: false };
    return (await execa(program, args, { ...options, stdin: 'ignore' })).stdout;
  };

  before(async function () {
    await requireSuite(this, 'python sdk');
    folder = await mkdtemp(join(tmpdir(), 'annelid-python-'));
    await symlink(root, join(folder, 'annelid'));
    const readme = await readFile(join(root, 'sdk/python/README.md'), 'utf8');
    for (const [, language, code] of readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
      blocks[language!] = [...(blocks[language!] ?? []), code!];
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('installs into an empty environment without the network', async () => {
    await run('sh', ['-e', '-c', blocks.sh![0]!]);
    const installed = JSON.parse(await run('venv/bin/pip', ['list', '--format', 'json'])) as { name: string }[];
    expect(installed.map(({ name }) => name)).to.include('annelid');
    expect(await run('venv/bin/python', ['-c', 'import annelid.plugin; print(annelid.plugin.__file__)'])).to.include(
      join(folder, 'venv'),
    );
  });

  it('makes a plugin that the daemon starts', async () => {
    const [plugin, published] = blocks.python!;
    await writeFile(join(folder, 'main.py'), plugin!);
    await writeFile(join(folder, 'manifest.json'), blocks.json![0]!);
    // Told apart by the program only: the manifest is that of the README.
    const meter = join(folder, 'meter.py');
    await writeFile(meter, published!);
    expect(blocks.yaml![0]).to.equal('connectors:\n  mine:\n    plugin: ./\n    config: { greeting: Hello. }\n');
    daemon = await startDaemon({
      connectors: {
        mine: { plugin: `${folder}/`, config: { greeting: 'Hello.' } },
        building: { plugin: 'meter', command: [join(folder, 'venv/bin/python'), meter] },
      },
    });
    expect(await daemon.call('connector.get', { connector: 'mine' })).to.include({ state: 'ready', version: '1.0.0' });
  });

  it('makes machines with the client', async () => {
    await writeFile(join(folder, 'client.py'), blocks.python![2]!);
    const said = await run('venv/bin/python', ['client.py'], { URL: daemon.url, PASSWORD: daemon.password });
    expect(said).to.equal('web1 running 64\nnot-found There is no vm web2.');
  });

  it('publishes methods, and calls them with a token', async () => {
    const code = `from annelid.client import Client
import sys
api = Client.local(sys.argv[1])
print(api.session.whoami()["token"], api.connector.get("building")["state"])
api = Client(sys.argv[2])
api.login("admin", sys.argv[3])
print(api.session.whoami()["token"])
print(api.call("meter.read", name="east"), api.call("meter.read", name="east", unit="A"))
print(api.system.method_help("meter.read"), api.system.method_signature("meter.read"))`;
    const args = [join(daemon.directory, 'state'), daemon.url, daemon.password];
    expect(await run('venv/bin/python', ['-c', code, ...args])).to.equal(
      "False ready\nTrue\n229.5 4\nRead a meter. [['double', 'string'], ['double', 'string', 'string']]",
    );
  });

  it('is built from its own source distribution, too', async () => {
    const backend = `import os, sys
sys.path.insert(0, os.getcwd())
import build_backend
print(build_backend.build_sdist(sys.argv[1]))`;
    const { stdout } = await execa(systemPython, ['-c', backend, folder], { cwd: join(root, 'sdk/python') });
    await run('venv/bin/pip', ['install', '--force-reinstall', stdout]);
    expect(await run('venv/bin/python', ['-c', 'import annelid.client'])).to.equal('');
  });
});
