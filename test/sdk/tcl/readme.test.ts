import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { cleanEnvironment, root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { systemTcl } from './command.ts';

describe("The README of Tcl's SDK, followed to the letter", function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  let daemon: TestDaemon;
  const blocks: Record<string, string[]> = {};
  const run = async (program: string, args: string[], env: Record<string, string> = {}) => {
    const options = { cwd: folder, env: { ...cleanEnvironment(), ...env }, extendEnv: false };
    return (await execa(program, args, { ...options, stdin: 'ignore' })).stdout;
  };
  const runScript = async (name: string, code: string, env: Record<string, string> = {}) => {
    await writeFile(join(folder, name), code);
    return run(systemTcl, [name], env);
  };

  before(async function () {
    await requireSuite(this, 'tcl sdk');
    folder = await mkdtemp(join(tmpdir(), 'annelid-tcl-'));
    await symlink(root, join(folder, 'annelid'));
    const readme = await readFile(join(root, 'sdk/tcl/README.md'), 'utf8');
    for (const [, language, code] of readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
      blocks[language!] = [...(blocks[language!] ?? []), code!];
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('installs into an empty folder, where each way of looking for packages finds it', async () => {
    await run('sh', ['-e', '-c', blocks.sh![0]!]);
    // What is found must be what was installed, not the tree.
    await rm(join(folder, 'annelid'));
    const found = 'puts [package require annelid::plugin]; puts [info commands annelid::serve]';
    const said = await Promise.all([
      runScript('modules.tcl', `tcl::tm::path add lib; ${found}`),
      runScript('index.tcl', `lappend auto_path lib; ${found}`),
      runScript('variable.tcl', found, { TCLLIBPATH: 'lib' }),
    ]);
    for (const one of said) expect(one).to.match(/^[0-9.]+\n(::)?annelid::serve$/);
  });

  it('makes a plugin that the daemon starts', async () => {
    const [plugin, published] = blocks.tcl!;
    await writeFile(join(folder, 'main.tcl'), plugin!);
    await writeFile(join(folder, 'manifest.json'), blocks.json![0]!);
    await writeFile(join(folder, 'meter.tcl'), published!);
    expect(blocks.yaml![0]).to.equal('connectors:\n  mine:\n    plugin: ./\n    config: { greeting: Hello. }\n');
    const meter = ['env', `TCLLIBPATH=${join(folder, 'lib')}`, systemTcl, join(folder, 'meter.tcl')];
    daemon = await startDaemon({
      connectors: {
        mine: { plugin: `${folder}/`, config: { greeting: 'Hello.' } },
        building: { plugin: 'meter', command: meter },
      },
    });
    expect(await daemon.call('connector.get', { connector: 'mine' })).to.include({ state: 'ready', version: '1.0.0' });
  });

  it('makes machines with the client', async () => {
    const said = await runScript('client.tcl', blocks.tcl![2]!, {
      URL: daemon.url,
      PASSWORD: daemon.password,
      TCLLIBPATH: 'lib',
    });
    expect(said).to.equal('web1 running 64\nnot-found There is no vm web2.');
  });

  it('publishes methods', async () => {
    const code = `package require annelid::client
annelid::client create api [lindex $argv 0]
api login admin [lindex $argv 1]
puts [dict get [api session.whoami] token]
puts "[api call meter.read {name east}] [api call meter.read {name east unit A}]"
puts "[api system.methodHelp meter.read] [api system.methodSignature meter.read]"`;
    await writeFile(join(folder, 'login.tcl'), code);
    const said = await run(systemTcl, ['login.tcl', daemon.url, daemon.password], { TCLLIBPATH: 'lib' });
    expect(said).to.equal('true\n229.5 4\nRead a meter. {double string} {double string string}');
  });
});
