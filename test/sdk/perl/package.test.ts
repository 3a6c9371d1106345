import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../../daemon/catalogue/index.ts';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { library, systemPerl } from './command.ts';

const sdk = join(root, 'sdk/perl');
const oldest = '5.020';
const run = async (args: string[], input = '') =>
  (await execa(systemPerl, [`-I${library}`, ...args], { cwd: sdk, input })).stdout;

/** Calls each method by the name and the parameters of its example, and says what would have been sent. */
const callAll = `
use strict; use warnings; use Annelid::Client; use Annelid::JSON qw(decode_json encode_json);
my @sent;
{ no warnings 'redefine'; *Annelid::Client::invoke = sub { push @sent, {name => $_[1], params => $_[2]}; return } }
my $api = Annelid::Client->new(url => 'http://127.0.0.1:1');
local $/ = undef;
for my $example (@{decode_json(scalar <STDIN>)}) {
    my ($noun, $verb) = split /[.]/, $example->{name};
    $verb =~ s/([A-Z])/_\\l$1/g;
    # Every number as text.
    my %params = map { my $of = $example->{params}{$_}; ($_ => ref $of ? $of : "$of") } keys %{$example->{params}};
    $api->$noun->$verb(%params);
}
print encode_json(\\@sent);`;

/** The modules that are used, and since when they come with Perl. */
const notCore = `
use strict; use warnings; use Module::CoreList; use ExtUtils::Manifest qw(maniread);
my (%used, %own);
for my $file (grep { /[.](?:pm|pl|t|PL)\\z/ } keys %{maniread()}) {
    open my $handle, '<', $file or die $!;
    while (<$handle>) {
        last if /^__END__/;
        $own{$1} = 1 if /^\\s*package ([\\w:]+);/;
        $used{$2} = 1 if /^\\s*(use|require) ([A-Z][\\w:]+)/;
    }
}
delete @used{keys %own};
print join ' ', scalar keys %used, grep { !Module::CoreList::is_core($_, undef, '${oldest}000') } sort keys %used;`;

describe('The Perl distribution', function () {
  this.timeout(60_000);
  before(async function () {
    await requireSuite(this, 'perl sdk');
  });

  it('passes its own tests, without a warning', async () => {
    const { stdout, stderr } = await execa('prove', ['-w', '-l', 't'], { cwd: sdk });
    expect(stdout).to.match(/^All tests successful\.$/m);
    expect(stderr).to.equal('');
  });

  it(`has no syntax that is younger than Perl ${oldest}`, async () => {
    const code = `use Perl::MinimumVersion; use ExtUtils::Manifest qw(maniread);
for my $file (sort grep { /[.](?:pm|pl|t|PL)\\z/ } keys %{maniread()}) {
    my $code = Perl::MinimumVersion->new($file) or die "$file cannot be read";
    print "$file ", $code->minimum_version, "\\n" if $code->minimum_version > ${oldest};
}`;
    expect(await run(['-e', code])).to.equal('');
  });

  it(`uses no module that did not come with Perl ${oldest}`, async () => {
    expect(await run(['-e', notCore])).to.match(/^[1-9][0-9]+$/);
  });

  it('has documentation without a mistake', async () => {
    const { stdout: files } = await execa('find', ['lib', '-name', '*.pm'], { cwd: sdk });
    const code = `use Pod::Checker;
for my $file (@ARGV) {
    my $checker = Pod::Checker->new(-warnings => 1);
    $checker->parse_from_file($file, \\*STDOUT);
    print "$file\\n" if $checker->num_errors > 0;
}`;
    expect(await run(['-e', code, ...files.split('\n')])).to.equal('');
  });

  it('sends every example of the catalogue as it stands there, though every number was text', async () => {
    const examples = [...methods.values()].map(({ name, example: { params } }) => ({ name, params }));
    expect(JSON.parse(await run(['-e', callAll], JSON.stringify(examples)))).to.deep.equal(examples);
  });

  it('has a method for every call of the contract', async () => {
    const calls = await run(['-MAnnelid::Generated::Calls', '-e', 'print join " ", map { $_->[0] } values %CALLS']);
    expect(calls.split(' ').sort()).to.deep.equal([...contract.keys()].sort());
  });

  it('has the version of the daemon in every module that is not generated, and lists every file', async () => {
    const { stdout } = await execa('git', ['ls-files', '.'], { cwd: sdk });
    const files = stdout.split('\n');
    expect((await readFile(join(sdk, 'MANIFEST'), 'utf8')).trim().split('\n').sort()).to.deep.equal(files.sort());
    for (const file of files.filter((name) => /^lib\/(?!.*Generated)/.test(name))) {
      expect(await readFile(join(sdk, file), 'utf8'), file).to.match(
        new RegExp(`^our \\$VERSION += '${version.replaceAll('.', '\\.')}';$`, 'm'),
      );
    }
  });

  it('has an example of a connector of 60 lines at most', async () => {
    const example = await readFile(join(sdk, 'examples/cloud.pl'), 'utf8');
    expect(example.trimEnd().split('\n').length).to.be.at.most(60);
  });
});
