import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { execa } from 'execa';
import { clientDaemons } from '../client-daemons.ts';
import { library, systemPerl } from './command.ts';

const run = async (code: string, ...args: string[]) => {
  const strict = `use strict; use warnings FATAL => 'all'; use Annelid::Client; use Annelid::Fault;\n${code}`;
  return (await execa(systemPerl, [`-I${library}`, '-e', strict, ...args])).stdout.split('\n');
};

describe("Perl's client, at a real daemon", function () {
  this.timeout(60_000);
  const daemons = clientDaemons('perl sdk');

  it('reads page by page, waits, and throws faults by their kind', async () => {
    const daemon = await daemons.start();
    const said = await run(
      `my $api = Annelid::Client->local($ARGV[0]);
my @every = map { $_->{name} } @{$api->vm->list->{items}};
my (@paged, $vm);
my $next = $api->each('vm->list', limit => '1');
push @paged, $vm->{name} while $vm = $next->();
print "@every" eq "@paged", ' ', @every > 1, "\\n";
my $name = "pl$$";
# Text for numbers and numbers for text, as they come from forms and files.
my $made = $api->wait($api->vm->create(name => $name, memoryMiB => '64', labels => {rack => 3}, image => undef));
print "$made->{state} ", $api->wait($made->{id})->{method}, ' ', $api->vm->get(vm => $name)->{labels}{rack}, "\\n";
print $api->wait($api->vm->start(vm => $name, wait => '30'))->{state}, "\\n";
for my $refused (
    sub { $api->vm->start(vm => $name) }, sub { $api->vm->get(vm => 'none') }, sub { $api->vm->create(name => 'x', memoryMiB => 1) },
    sub { Annelid::Client->new(url => "$ARGV[1]/", user => 'admin', password => 'wrong')->vm->list },
    sub { $api->vm->create(name => 'x', memoryMiB => 'much') }, sub { $api->vm->get(nmae => 'x') }, sub { $api->call('vm.gone') },
) {
    eval { $refused->(); 1 } and die 'It was not refused.';
    my $fault = Annelid::Fault->caught or die $@;
    print ref $fault, ' ', $fault->field // '-', ' ', $fault->code, "\\n";
}
my $cursor = $api->event->poll->{next};
$api->wait($api->vm->power_off(vm => $name));
$api->vm->delete(vm => $name, wait => 30);
my $events = $api->event->poll(after => $cursor, types => ['vm.state', 'vm.deleted'])->{events};
print +(map { $_->{type} } grep { ($_->{resource} // '') eq $made->{resource} } @$events)[-1], "\\n";`,
      daemon.state,
      daemon.url,
    );
    expect(said).to.deep.equal([
      '1 1',
      'succeeded vm.create 3',
      'succeeded',
      'Annelid::Fault::Conflict - 409',
      'Annelid::Fault::NotFound - 404',
      'Annelid::Fault::InvalidParams /memoryMiB 400',
      'Annelid::Fault::Unauthenticated - 401',
      'Annelid::Fault::InvalidParams - 400',
      'Annelid::Fault::InvalidParams /nmae 400',
      'Annelid::Fault::UnknownMethod - 404',
      'vm.deleted',
    ]);
  });

  it('speaks TLS, and believes no certificate that it was not told to', async () => {
    const { url, cert } = await daemons.startWithTls();
    const said = await run(
      `print Annelid::Client->new(url => $ARGV[0], ca_file => $ARGV[1])->system->version->{name}, "\\n";
eval { Annelid::Client->new(url => $ARGV[0])->system->version };
print ref $@, ' ', $@ =~ /certificate verify failed/ ? 1 : "$@";`,
      url,
      cert,
    );
    expect(said).to.deep.equal(['annelid', 'Annelid::Fault::Unavailable 1']);
  });

  it('says what is wrong when there is no daemon, no answer, or no JSON-RPC', async () => {
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/page/')) response.end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const said = await run(
        `for my $given ({url => "http://$ARGV[0]/page"}, {url => "http://$ARGV[0]/", timeout => 0.05}, {url => 'http://127.0.0.1:1'}) {
    eval { Annelid::Client->new(%$given)->system->version };
    print ref $@, " $@\\n";
}
eval { Annelid::Client->new(url => 'ftp://x') };
print $@ =~ s/ at .*//sr;`,
        place,
      );
      expect(said.slice(0, 2)).to.deep.equal([
        `Annelid::Fault::Unavailable ${place} answered 200 OK, and no JSON-RPC.`,
        `Annelid::Fault::Timeout ${place} did not answer in time.`,
      ]);
      expect(said[2]).to.match(/^Annelid::Fault::Unavailable 127\.0\.0\.1:1 cannot be reached: .*refused/);
      expect(said[3]).to.equal('ftp://x is not an address of a daemon: http://HOST:PORT');
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
