import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { cleanEnvironment, root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';

describe("The README of Perl's SDK, followed to the letter", function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  let daemon: TestDaemon;
  const blocks: Record<string, string[]> = {};
  const run = async (program: string, args: string[], env: Record<string, string> = {}) => {
    const options = { cwd: folder, env: { ...cleanEnvironment(), ...env }, extendEnv: false };
    return (await execa(program, args, { ...options, stdin: 'ignore' })).stdout;
  };
  const installed = '-Iperl5/lib/perl5';

  before(async function () {
    await requireSuite(this, 'perl sdk');
    folder = await mkdtemp(join(tmpdir(), 'annelid-perl-'));
    await symlink(root, join(folder, 'annelid'));
    const readme = await readFile(join(root, 'sdk/perl/README.md'), 'utf8');
    for (const [, language, code] of readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
      blocks[language!] = [...(blocks[language!] ?? []), code!];
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('installs into an empty folder', async () => {
    await run('sh', ['-e', '-c', blocks.sh![0]!]);
    const where = await run('perl', [installed, '-MAnnelid::Connector', '-e', 'print $INC{"Annelid/Connector.pm"}']);
    expect(where).to.equal('perl5/lib/perl5/Annelid/Connector.pm');
    expect(await readdir(join(folder, 'perl5/man/man3'))).to.include('Annelid::Connector.3pm');
  });

  it('makes a plugin that the daemon starts', async () => {
    const [plugin, published] = blocks.perl!;
    await writeFile(join(folder, 'main.pl'), plugin!);
    await writeFile(join(folder, 'manifest.json'), blocks.json![0]!);
    // Told apart by the program only: the manifest is that of the README.
    const meter = join(folder, 'meter.pl');
    await writeFile(meter, published!);
    expect(blocks.yaml![0]).to.equal('connectors:\n  mine:\n    plugin: ./\n    config: { greeting: Hello. }\n');
    daemon = await startDaemon({
      connectors: {
        mine: { plugin: `${folder}/`, config: { greeting: 'Hello.' } },
        building: { plugin: 'meter', command: ['perl', `-I${join(folder, 'perl5/lib/perl5')}`, meter] },
      },
    });
    expect(await daemon.call('connector.get', { connector: 'mine' })).to.include({ state: 'ready', version: '1.0.0' });
  });

  it('makes machines with the client', async () => {
    await writeFile(join(folder, 'client.pl'), blocks.perl![2]!);
    const said = await run('perl', [installed, 'client.pl'], { URL: daemon.url, PASSWORD: daemon.password });
    expect(said).to.equal('web1 running 64\nnot-found There is no vm web2.');
  });

  it('publishes methods, and calls them with a token', async () => {
    const code = `use strict; use warnings; use Annelid::Client;
my $api = Annelid::Client->local($ARGV[0]);
print $api->session->whoami->{token} ? 1 : 0, ' ', $api->connector->get(connector => 'building')->{state}, "\\n";
$api = Annelid::Client->new(url => $ARGV[1]);
$api->login('admin', $ARGV[2]);
print $api->session->whoami->{token} ? 1 : 0, "\\n";
print $api->call('meter.read', name => 'east'), ' ', $api->call('meter.read', name => 'east', unit => 'A'), "\\n";
print $api->system->method_help(method => 'meter.read'), ' ',
    join '; ', map { join ',', @$_ } @{$api->system->method_signature(method => 'meter.read')};`;
    const args = [join(daemon.directory, 'state'), daemon.url, daemon.password];
    expect(await run('perl', [installed, '-e', code, ...args])).to.equal(
      '0 ready\n1\n229.5 4\nRead a meter. double,string; double,string,string',
    );
  });

  it('is built from its own source distribution, too', async () => {
    const steps = `cd Annelid && make dist && mkdir ../other && cd ../other && tar xzf ../Annelid/Annelid-*.tar.gz && cd Annelid-* &&
perl Makefile.PL INSTALL_BASE=${join(folder, 'perl5-other')} && make install`;
    await run('sh', ['-e', '-c', steps]);
    const code = 'print $INC{"Annelid/Client.pm"}';
    expect(await run('perl', ['-Iperl5-other/lib/perl5', '-MAnnelid::Client', '-e', code])).to.match(/^perl5-other/);
  });
});
