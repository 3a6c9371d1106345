# What the plugin answers the daemon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use File::Temp qw(tempdir);
use Host;
use Test::More;

my %wish = (id => 'a', name => 'web1', vcpus => 1, memoryMiB => 64, disks => [], networks => [], labels => {tier => 'front'});
my $config = {file => tempdir(CLEANUP => 1) . '/machines'};
start($config);

my $description = ask('describe')->{result};
is_deeply [@$description{qw(name proto)}], ['sample-plugin', [1]], 'says what it is';

my $made = ask('compute.create', key => 'k1', %wish)->{result};
is_deeply [@$made{qw(state labels)}], ['stopped', {tier => 'front'}], 'makes a machine';
is ask('compute.start', key => 'k2', vm => 'a')->{result}{state}, 'running', 'starts it';
is ask('compute.powerOff', key => 'k3', vm => 'a')->{result}{state}, 'stopped', 'stops it';

stop('KILL');
start($config);
my $again = ask('compute.create', key => 'k1', %wish, id => 'b')->{result};
is_deeply $again, $made, 'makes one machine for one key, also after a crash';
my $found = ask('find', key => 'k1', call => 'compute.create', params => \%wish)->{result};
is_deeply $found, {outcome => 'done', vm => $made}, 'finds it by its key';
is_deeply ask('find', key => 'k9', call => 'compute.create', params => \%wish)->{result}, {outcome => 'none'}, 'and no other';

my $error = ask('compute.get', vm => 'nobody')->{error};
is_deeply [@$error{qw(code message)}], [404, 'There is no machine nobody.'], 'says what is wrong';

ask('compute.delete', key => 'k4', vm => 'a');
is_deeply ask('compute.list')->{result}{items}, [], 'deletes it';
stop();
done_testing;
