# Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON.
package Host;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use IO::Handle;
use IPC::Open2 qw(open2);
use JSON::PP;

our @EXPORT = qw(start ask stop);
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
        die "It asks the daemon for $answer->{method}: answer that here.\n" if defined $answer->{id} && defined $answer->{method};
    }
    die "The plugin ended and did not answer $method.\n";
}

# Killed first where a signal is given.
sub stop {
    my ($signal) = @_;
    kill $signal => $process if $signal;
    close $in;
    close $out;
    return waitpid $process, 0;
}

1;
