import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite } from '../support/daemon.ts';

/** Languages by the end of the names of their scripts. */
const languages = { python: 'py', ruby: 'rb', perl: 'pl' };

const listMachines = `
import sys, xmlrpc.client
for vm in xmlrpc.client.ServerProxy(sys.argv[1]).vm.list({"refresh": True})["items"]:
    print(vm["connector"], vm["nativeId"], vm["name"], vm["state"])
`;

describe('Plugins of ten lines, without a library', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'annelid-bare-'));
    await requireSuite(this, 'xmlrpc clients');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('serve vm.list through XML-RPC from Python, Ruby and Perl at once, as PROTOCOL.md prints them', async () => {
    const connectors = Object.entries(languages).map(([language, end]) => [
      language,
      { plugin: join(folder, `plugin.${end}`) },
    ]);
    for (const [language, end] of Object.entries(languages)) {
      const [sample] = samplesIn(language);
      await writeFile(join(folder, `plugin.${end}`), sample!);
    }
    const { url, user, password } = await startDaemon({ connectors: Object.fromEntries(connectors) });
    const address = url.replace('//', `//${user}:${password}@`);
    const { stdout } = await execa('/usr/bin/python3', ['-c', listMachines, address]);
    expect(stdout.split('\n')).to.have.members(
      Object.keys(languages).map((language) => `${language} vm-1 vm-1 running`),
    );
  });
});
