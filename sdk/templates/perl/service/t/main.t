# What the plugin answers the daemon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Host;
use Test::More;

start({});
my ($service) = @{ask('describe')->{result}{publishes}};
is_deeply [$service->{service}, map { $_->{name} } @{$service->{methods}}], ['samplePlugin', 'greet'], 'publishes its methods';
is ask('samplePlugin.greet', name => 'Ann', times => 2)->{result}, 'Hello, Ann! Hello, Ann!', 'greets';
stop();
done_testing;
