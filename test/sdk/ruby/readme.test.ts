import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { cleanEnvironment, root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { systemRuby } from './command.ts';

describe("The README of Ruby's SDK, followed to the letter", function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  let daemon: TestDaemon;
  const blocks: Record<string, string[]> = {};
  const run = async (program: string, args: string[], env: Record<string, string> = {}) => {
    const options = { cwd: folder, env: { ...cleanEnvironment(), HOME: folder, ...env }, extendEnv: false };
    return (await execa(program, args, { ...options, stdin: 'ignore' })).stdout;
  };
  const ruby = (...args: string[]) =>
    run(systemRuby, args, { GEM_PATH: 'gems', URL: daemon.url, PASSWORD: daemon.password });

  before(async function () {
    await requireSuite(this, 'ruby sdk');
    folder = await mkdtemp(join(tmpdir(), 'annelid-ruby-'));
    await symlink(root, join(folder, 'annelid'));
    const readme = await readFile(join(root, 'sdk/ruby/README.md'), 'utf8');
    for (const [, language, code] of readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
      blocks[language!] = [...(blocks[language!] ?? []), code!];
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('installs into an empty folder without the network', async () => {
    await run('sh', ['-e', '-c', blocks.sh![0]!]);
    const code = 'require "annelid/plugin"; puts Gem.loaded_specs["annelid"].full_gem_path';
    expect(await run(systemRuby, ['-e', code], { GEM_PATH: 'gems' })).to.match(/gems\/gems\/annelid-[0-9.]+$/);
  });

  it('makes a plugin that the daemon starts', async () => {
    const [plugin, published] = blocks.ruby!;
    await writeFile(join(folder, 'main.rb'), plugin!);
    await writeFile(join(folder, 'manifest.json'), blocks.json![0]!);
    // Told apart by the program only: the manifest is that of the README.
    const meter = join(folder, 'meter.rb');
    await writeFile(meter, published!);
    expect(blocks.yaml![0]).to.equal('connectors:\n  mine:\n    plugin: ./\n    config: { greeting: Hello. }\n');
    daemon = await startDaemon({
      connectors: {
        mine: { plugin: `${folder}/`, config: { greeting: 'Hello.' } },
        building: { plugin: 'meter', command: ['env', `GEM_PATH=${join(folder, 'gems')}`, systemRuby, meter] },
      },
    });
    expect(await daemon.call('connector.get', { connector: 'mine' })).to.include({ state: 'ready', version: '1.0.0' });
  });

  it('makes machines with the client', async () => {
    await writeFile(join(folder, 'client.rb'), blocks.ruby![2]!);
    expect(await ruby('client.rb')).to.equal('web1 running 64\nnot-found There is no vm web2.');
  });

  it('publishes methods, and calls them with a token', async () => {
    const code = `require "annelid/client"
api = Annelid::Client.local(ARGV[0])
p api.session.whoami[:token], api.connector.get("building")[:state]
api = Annelid::Client.new(ENV.fetch("URL"))
api.login("admin", ENV.fetch("PASSWORD"))
p api.session.whoami[:token]
p api.call("meter.read", name: "east"), api.call("meter.read", name: "east", unit: "A")
p api.system.method_help("meter.read"), api.system.method_signature("meter.read")`;
    expect(await ruby('-e', code, join(daemon.directory, 'state'))).to.equal(
      'false\n"ready"\ntrue\n229.5\n4\n"Read a meter."\n[["double", "string"], ["double", "string", "string"]]',
    );
  });
});
