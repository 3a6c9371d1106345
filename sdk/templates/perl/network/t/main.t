# What the plugin answers the daemon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use File::Temp qw(tempdir);
use Host;
use JSON::PP;
use Test::More;

my $config = {file => tempdir(CLEANUP => 1) . '/networks'};
sub create { my (@cidrs) = @_; return ask('samplePlugin.create', key => 'k', name => 'blue', cidrs => \@cidrs) }
sub remove { return ask('samplePlugin.delete', key => 'k', network => 'blue')->{result} }
sub networks { return ask('network.list')->{result}{items} }

start($config);
is create('10.1.0.0/16')->{result}, 'blue', 'makes a network';
is_deeply networks(), [{id => 'blue', name => 'blue', state => 'up', cidrs => ['10.1.0.0/16']}], 'lists it';

stop('KILL');
start($config);
is create('10.1.0.0/16')->{result}, 'blue', 'has one of a name, also after a crash';
is scalar @{networks()}, 1, 'and no other';

my $error = create('10.2.0.0/16')->{error};
is_deeply [@$error{qw(code message)}], [409, 'There is a network blue with other ranges.'], 'says what is wrong';

is_deeply [remove(), remove()], [JSON::PP::true, JSON::PP::false], 'removes it once';
is_deeply networks(), [], 'and has it no more';
stop();
done_testing;
