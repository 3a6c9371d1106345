# What the plugin answers the daemon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use File::Temp qw(tempdir);
use Host;
use JSON::PP;
use Test::More;

my $config = {file => tempdir(CLEANUP => 1) . '/volumes'};
sub create { my ($size) = @_; return ask('samplePlugin.create', key => 'k', name => 'data1', sizeMiB => $size) }
sub remove { return ask('samplePlugin.delete', key => 'k', volume => 'data1')->{result} }
sub volumes { return ask('storage.list')->{result}{items} }

start($config);
is create(1024)->{result}, 'data1', 'makes a volume';
is_deeply volumes(), [{id => 'data1', name => 'data1', sizeMiB => 1024}], 'lists it';

stop('KILL');
start($config);
is create(1024)->{result}, 'data1', 'has one of a name, also after a crash';
is scalar @{volumes()}, 1, 'and no other';

my $error = create(2048)->{error};
is_deeply [@$error{qw(code message)}], [409, 'There is a volume data1 of another size.'], 'says what is wrong';

is_deeply [remove(), remove()], [JSON::PP::true, JSON::PP::false], 'removes it once';
is_deeply volumes(), [], 'and has it no more';
stop();
done_testing;
