# What the plugin answers the daemon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use File::Temp qw(tempdir);
use Host;
use JSON::PP;
use Test::More;

my %entry = (
    vm => 'v1', name => 'web1', account => 'acme', connector => 'kvm1', vcpus => 2, memoryMiB => 64,
    began => '2026-01-31T12:00:00.000Z', ended => '2026-01-31T13:00:00.000Z', seconds => 3600,
);
my $file = tempdir(CLEANUP => 1) . '/books';

sub record {
    my $answer = ask('accounting.record', entries => [map { {%entry, id => $_} } @_]);
    return !$answer->{error};
}

sub books {
    open my $books, '<', $file or die $!;
    return map { decode_json($_) } <$books>;
}

start({file => $file});
my $description = ask('describe')->{result};
is_deeply [@$description{qw(name methods)}], ['sample-plugin', ['accounting.record']], 'says what it is';

ok record('e1'), 'takes an entry';
is_deeply [books()], [{%entry, id => 'e1'}], 'writes it down';

ok record('e2', 'e2', 'e1'), 'takes entries that it has';
stop('KILL');
open my $books, '>>', $file or die $!;
print {$books} '{"id":"e3","na';
close $books;
start({file => $file});
ok record('e2', 'e3'), 'takes them after a crash';
is_deeply [map { $_->{id} } books()], ['e1', 'e2', 'e3'], 'has each once';
stop();

open my $letter, '>', $file or die $!;
print {$letter} "A letter.\n";
close $letter;
is start({file => $file})->{error}{message}, 'The file cannot be written: line 1 is no JSON.', 'leaves alone what is something else';
stop();
done_testing;
