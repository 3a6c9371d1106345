# A machine's life through Perl's XMLRPC::Lite; see ../README.md.
use strict;
use warnings;
use JSON::PP;
use Time::HiRes qw(sleep);
use XMLRPC::Lite;

my $wait = 60;
my $json = JSON::PP->new->utf8->canonical;
my $scenario = $json->decode($ARGV[0]);
$| = 1;

# LWP takes credentials from the address.
(my $address = $scenario->{endpoint}) =~ s{//}{//$scenario->{user}:$scenario->{password}@};
my $server = XMLRPC::Lite->proxy($address);

sub call {
    my $reply = $server->call(@_);
    die sprintf("%s: %s\n", $reply->faultcode, $reply->faultstring) if $reply->fault;
    return $reply->result;
}

sub step {
    my ($name, %seen) = @_;
    print $json->encode({step => $name, %seen}), "\n";
    defined(my $line = <STDIN>) or exit 1;
}

# Reads on from where it stopped.
my $offset = 0;
sub next_boot {
    my ($vm) = @_;
    my $text = '';
    while (1) {
        my $piece = call('vm.consoleOutput', {vm => $vm, offset => $offset});
        $offset = $piece->{end};
        $text .= $piece->{data};
        return (boot => $1, bytes => ref(\$piece->{data})) if $text =~ /$scenario->{bootMarker}/;
        sleep 0.05 if $piece->{data} eq '';
    }
}

step('methods', methods => call('system.listMethods'), help => call('system.methodHelp', 'vm.start'),
    signature => call('system.methodSignature', 'vm.pause'));
my $identity = call('session.whoami');
step('whoami', %$identity, token => $identity->{token} ? JSON::PP::true : JSON::PP::false);

my $cursor = call('event.poll')->{next};
my $operation = call('vm.create', {%{$scenario->{machine}}, wait => $wait});
my $vm = $operation->{resource};
step('create', state => $operation->{state}, vm => $vm);

my $record = call('vm.get', $vm);
step('read', (map { $_ => $record->{$_} } qw(name state labels created)), memoryMiB => 0 + $record->{memoryMiB},
    unset => [grep { !exists $record->{$_} } qw(image lastState)], time => ref(\$record->{created}));

my $page = call('vm.list', {labels => $record->{labels}});
step('list', names => [map { $_->{name} } @{$page->{items}}], total => 0 + $page->{total});

step('start', state => call('vm.start', {vm => $vm, wait => $wait})->{state});
step('boot', next_boot($vm));

my $reply = $server->call('vm.start', $vm);
step('conflict', code => 0 + $reply->faultcode, message => $reply->faultstring) if $reply->fault;

step('pause', state => call('vm.pause', $vm, $wait)->{state});
step('resume', state => call('vm.resume', $vm, $wait)->{state});
step('reboot', state => call('vm.reboot', $vm, $wait)->{state});
step('second boot', next_boot($vm));
step('power off', state => call('vm.powerOff', $vm, $wait)->{state});
step('delete', state => call('vm.delete', $vm, $wait)->{state});

my $events = call('event.poll', {after => $cursor, types => ['vm.created', 'vm.deleted']})->{events};
step('events', types => [map { $_->{type} } grep { $_->{resource} eq $vm } @$events]);
