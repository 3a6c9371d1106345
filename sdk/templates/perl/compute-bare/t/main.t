# Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Handle;
use IPC::Open2 qw(open2);
use JSON::PP;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
chdir dirname(dirname(abs_path(__FILE__))) or die $!;
my ($process, $out, $in, $last);

sub start {
    my ($config) = @_;
    open my $file, "<", "manifest.json" or die $!;
    my $run = $json->decode(join "", <$file>)->{run};
    $process = open2($out, $in, @$run);
    $last = 0;
    return ask("configure", config => $config);
}

# What it answers: `result` or `error`.
sub ask {
    my ($method, %params) = @_;
    my %ctx = (v => 1, instance => "test", logLevel => "info");
    $ctx{key} = delete $params{key} if $params{key};
    my %request = (jsonrpc => "2.0", id => ++$last, method => $method, params => {%params, ctx => \%ctx});
    print {$in} $json->encode(\%request), "\n";
    $in->flush;
    while (my $line = <$out>) {
        my $answer = $json->decode($line);
        return $answer if ($answer->{id} // 0) == $last && !exists $answer->{method};
    }
    die "The plugin ended and did not answer $method.\n";
}

sub stop {
    close $in;
    close $out;
    return waitpid $process, 0;
}

my %wish = (id => 'a', name => 'web1', vcpus => 1, memoryMiB => 64, disks => [], networks => [], labels => {tier => 'front'});
my $config = {file => tempdir(CLEANUP => 1) . '/machines'};
start($config);

my $description = ask('describe')->{result};
is_deeply [@$description{qw(name proto)}], ['sample-plugin', [1]], 'says what it is';

my $made = ask('compute.create', key => 'k1', %wish)->{result};
is_deeply [@$made{qw(state labels)}], ['stopped', {tier => 'front'}], 'makes a machine';
is ask('compute.start', key => 'k2', vm => 'a')->{result}{state}, 'running', 'starts it';
is ask('compute.powerOff', key => 'k3', vm => 'a')->{result}{state}, 'stopped', 'stops it';

kill KILL => $process;
stop();
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
