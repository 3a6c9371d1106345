# What the plugin answers the daemon.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use lib $Bin;
use Encode qw(encode);
use File::Temp qw(tempdir);
use Host;
use Test::More;

my $file = tempdir(CLEANUP => 1) . '/people';
my ($sesame, $zoe) = map { crypt encode('UTF-8', $_), '$6$rounds=1000$salt$' } 'open sesame', 'Zoë';
my %ann = (login => 'ann', account => 'acme', role => 'user');

sub people {
    my @lines = @_;
    open my $people, '>', $file or die $!;
    print {$people} map { "$_\n" } @lines;
    close $people;
    return;
}

sub login {
    my ($login, $secret) = @_;
    return ask('directory.authenticate', login => $login, secret => $secret)->{result}{user};
}

sub find {
    my ($login) = @_;
    return ask('directory.find', login => $login)->{result}{user};
}

people("ann:acme:user:$sesame", "bob:bobs:reader:$zoe");
start({file => $file});
my $description = ask('describe')->{result};
is_deeply [@$description{qw(name methods)}], ['sample-plugin', ['directory.authenticate', 'directory.find']], 'says what it is';

is_deeply login('ann', 'open sesame'), \%ann, 'lets in who has the password';
is_deeply login('bob', 'Zoë'), {login => 'bob', account => 'bobs', role => 'reader'}, 'also one beyond ASCII';
is login(@$_), undef, "lets nobody else in: $_->[0]"
    for ['ann', 'Zoë'], ['ann', 'open'], ['ann', "open sesame\n"], ['ann', "open sesame\0"], ['eve', 'open sesame'];

is_deeply find('ann'), \%ann, 'finds people';
people("bob:bobs:reader:$zoe");
is find('ann'), undef, 'until they are taken out';

people("ann:acme:boss:$sesame");
is ask('probe')->{error}{message}, 'Line 1 of the file is not LOGIN:ACCOUNT:ROLE:HASH.', 'says what is wrong, and no hash';
is ask('directory.find', login => 'ann')->{error}{code}, 503, 'and that it does not know who is there';
stop();
done_testing;
