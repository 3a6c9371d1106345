# Machines of sample-plugin, without any library: for a start, in a file that one process alone reads and replaces as a
# whole. Put calls of your cloud in their place.
use strict;
use warnings;
use utf8;
use IO::Handle;
use JSON::PP;
use Storable qw(nstore retrieve);

my ($name, $version) = ('sample-plugin', '0.1.0');
my ($file, $vms);

# What the caller should read: a code of clause 8.2, a kind and a sentence.
sub fault {
    my ($code, $kind, $message) = @_;
    die {code => $code, message => $message, data => {kind => $kind, outcome => 'none'}};
}

sub keep {
    my ($machine) = @_;
    nstore($vms, "$file.new");
    rename "$file.new", $file or die "$file cannot be replaced: $!\n";
    return $machine;
}

sub get { my ($params) = @_; return $vms->{$params->{vm}} || fault(404, 'not-found', "There is no machine $params->{vm}.") }
sub made { my ($params) = @_; my ($made) = grep { $_->{key} eq $params->{ctx}{key} } values %$vms; return $made }

sub become {
    my ($params, $state, @before) = @_;
    my $machine = get($params);
    grep { $_ eq $machine->{state} } $state, @before or fault(409, 'conflict', "$machine->{name} is $machine->{state}.");
    $machine->{state} = $state;
    return keep($machine);
}

my %methods;
%methods = (
    'describe' => sub {
        my @calls = sort grep { /[.]/ } keys %methods;
        return {proto => [1], name => $name, version => $version, processes => 1, methods => \@calls};
    },
    'configure' => sub {
        my ($params) = @_;
        $file = exists $params->{config}{file} ? $params->{config}{file} : 'machines.storable';
        fault(400, 'invalid-params', 'file must be the path of a file.') if !length $file || ref $file;
        $vms = -e $file ? retrieve($file) : {};
        return {idempotency => 'key'};
    },
    'find' => sub { my $made = made(@_); return $made ? {outcome => 'done', vm => $made} : {outcome => 'none'} },
    'compute.list' => sub { {items => [values %$vms]} },
    'compute.get' => \&get,
    'compute.create' => sub {
        my ($params) = @_;
        my $made = made($params);
        return $made if $made;
        my %machine = map { $_ => $params->{$_} } qw(id name vcpus memoryMiB labels);
        return keep($vms->{$machine{id}} = {%machine, state => 'stopped', key => $params->{ctx}{key}});
    },
    'compute.start' => sub { my ($params) = @_; return become($params, $params->{paused} ? 'paused' : 'running', 'stopped') },
    'compute.powerOff' => sub { become(@_, 'stopped', 'running', 'paused') },
    'compute.delete' => sub { my ($params) = @_; keep() if delete $vms->{$params->{vm}}; return {} },
);

sub answer {
    my ($method, $params) = @_;
    my $call = $methods{$method} or return (error => {code => -32601, message => "$name has no method $method."});
    my $result = eval { $call->($params) };
    return (result => $result) if defined $result;
    return (error => $@) if ref $@;
    warn $@;
    return (error => {code => 500, message => "$method failed; the daemon's log says why."});
}

# Standard output belongs to the protocol: what is printed by accident goes to standard error, that is to the log.
open my $out, '>&', \*STDOUT or die $!;
open STDOUT, '>&', \*STDERR or die $!;
$out->autoflush(1);
my $json = JSON::PP->new->utf8;
while (my $line = <STDIN>) {
    my $request = eval { $json->decode($line) };
    next if ref $request ne 'HASH' || !defined $request->{id} || !defined $request->{method};
    my %reply = answer($request->{method}, $request->{params} || {});
    print {$out} $json->encode({jsonrpc => '2.0', id => $request->{id}, %reply}), "\n";
}
