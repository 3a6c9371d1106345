import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readmeSuite } from '../readme.ts';

const session = `use strict; use warnings; use Annelid::Client;
my ($state, $url, $password) = @ARGV;
my $api = Annelid::Client->local($state);
print $api->session->whoami->{token} ? 1 : 0, ' ', $api->connector->get(connector => 'building')->{state}, "\\n";
$api = Annelid::Client->new(url => $url);
$api->login('admin', $password);
print $api->session->whoami->{token} ? 1 : 0, "\\n";
print $api->call('meter.read', name => 'east'), ' ', $api->call('meter.read', name => 'east', unit => 'A'), "\\n";
print $api->system->method_help(method => 'meter.read'), ' ',
    join '; ', map { join ',', @$_ } @{$api->system->method_signature(method => 'meter.read')};
`;

readmeSuite({
  language: 'Perl',
  suite: 'perl sdk',
  sdk: 'sdk/perl',
  end: 'pl',
  fence: 'perl',
  command: ['perl', '-Iperl5/lib/perl5'],
  session: { code: session, says: '0 ready\n1\n229.5 4\nRead a meter. double,string; double,string,string' },
  async installed(shell, folder) {
    const where = (library: string) =>
      shell(`perl -I${library} -MAnnelid::Connector -e 'print $INC{"Annelid/Connector.pm"}'`);
    expect(await where('perl5/lib/perl5')).to.equal('perl5/lib/perl5/Annelid/Connector.pm');
    expect(await readdir(join(folder, 'perl5/man/man3'))).to.include('Annelid::Connector.3pm');
    // From its own source distribution, too.
    await shell(`cd Annelid && make dist && mkdir ../other && cd ../other && tar xzf ../Annelid/Annelid-*.tar.gz && cd Annelid-* &&
perl Makefile.PL INSTALL_BASE=${join(folder, 'perl5-other')} && make install`);
    expect(await where('perl5-other/lib/perl5')).to.match(/^perl5-other/);
  },
});
