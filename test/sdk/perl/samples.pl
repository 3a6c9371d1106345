# The plugins of the samples in PROTOCOL.md.
use strict;
use warnings;

package Demo;
use parent 'Annelid::Connector';
use Annelid::Fault;

sub configure { $_[0]{vms} = {'vm-1' => {id => 'vm-1', state => 'stopped'}} }

sub compute_get {
    my ($self, %given) = @_;
    return $self->{vms}{$given{vm}}
        || Annelid::Fault::NotFound->throw("There is no machine $given{vm}.", resource => $given{vm});
}

sub compute_start {
    my ($self, %given) = @_;
    my $machine = $self->compute_get(%given);
    $self->call->progress(40, 'Booting.');
    $machine->{state} = 'running';
    $self->changed($machine);
    return $machine;
}

sub compute_shutdown { $_[0]->call->sleep(3600) }

sub probe { }

sub find {
    my ($self) = @_;
    return {outcome => 'done', vm => {%{$self->{vms}{'vm-1'}}, key => $self->call->key}};
}

package Cloud;
use parent -norequire, 'Annelid::Connector';

my @happened = (
    {type => 'vm.changed', vm => {id => 'vm-1', state => 'running'}, cursor => 'e5.2'},
    {type => 'vm.changed', vm => {id => 'vm-1', state => 'stopped'}, cursor => 'e5.3', time => '2026-01-31T12:00:00.000Z'},
);
my @job = ({state => 'running', percent => '40', message => 'Booting.'}, {state => 'done', result => {id => 'vm-1', state => 'running'}});

sub compute_start {
    my ($self) = @_;
    die "It must be accepted.\n" if !grep { $_ eq 'task' } $self->call->accept;
    return {task => {id => 'job-8', pollMs => '500', ttlMs => 3_600_000}};
}

sub task_get {
    my ($self, %given) = @_;
    return {state => 'cancelled', error => Annelid::Fault::Cancelled->new('Nothing was begun.', outcome => 'none')}
        if $given{task} eq 'job-9';
    Annelid::Fault::NotFound->throw("There is no task $given{task}.") if $given{task} ne 'job-8';
    return shift @job;
}

sub task_cancel { return 1 }

sub events_pull {
    my ($self, %given) = @_;
    my @cursors = ('e5.1', map { $_->{cursor} } @happened);
    my ($at) = grep { $cursors[$_] eq ($given{since} // '') } 0 .. $#cursors;
    return {events => [], next => $cursors[-1], reset => 1} if !defined $at;
    my @events = splice @{[@happened[$at .. $#happened]]}, 0, $given{max};
    return {events => \@events, next => @events ? $events[-1]{cursor} : $given{since}};
}

sub find { return {outcome => 'none'} }

package Desk;
use parent -norequire, 'Annelid::Connector';

sub compute_get { my ($self, %given) = @_; return {id => $given{vm}, state => 'running'} }

sub compute_pause {
    my ($self, %given) = @_;
    $self->call->host->secret('token');
    return {id => $given{vm}, state => 'paused'};
}

sub compute_resume {
    my ($self, %given) = @_;
    my ($value, $version) = $self->call->host->state('resumed');
    $self->call->host->keep('resumed', {times => ($value ? $value->{times} : 0) + 1}, version => $version);
    return {id => $given{vm}, state => 'running'};
}

sub compute_reboot {
    my ($self, %given) = @_;
    my $lock = $self->call->host->lock($given{vm}, lease => 60, wait => 5);
    return {id => $self->call->host->lookup(vm => $given{vm})->{nativeId}, state => 'running'};
}

sub compute_reset {
    my ($self, %given) = @_;
    return {need => {secret => ['token'], state => ['resumed']}} if !$self->call->given->{secret};
    return {id => $given{vm}, state => 'running'};
}

package Meter;
use parent -norequire, 'Annelid::Connector';

Meter->service(meter => 'Reads the meters.');
Meter->publish('meter.read',
    doc     => 'Read a meter.',
    changes => 0,
    params  => [name => {type => 'string', maxLength => 20}, unit => {enum => ['V', 'A'], default => 'V'}],
    result  => 'number',
    call    => sub { return '229.5' },
);

package Clerk;
use parent -norequire, 'Annelid::Connector';

sub directory_authenticate {
    my ($self, %given) = @_;
    return $given{secret} eq 's3cret' ? $self->directory_find(login => $given{login}) : {};
}

sub accounting_record {
    my ($self, %given) = @_;
    die "It is another entry.\n" if $given{entries}[0]{seconds} != 3600;
    return {};
}

sub directory_find {
    my ($self, %given) = @_;
    return lc $given{login} eq 'ann' ? {user => {login => 'ann', account => 'acme', role => 'user'}} : {};
}

if    ($ARGV[0] eq 'demo')  { Demo->serve('demo', version => '0.1') }
elsif ($ARGV[0] eq 'cloud') { Cloud->serve('cloud', version => '2.0') }
elsif ($ARGV[0] eq 'desk')  { Desk->serve('desk') }
elsif ($ARGV[0] eq 'parts') { Desk->serve('parts', limits => {lineFromPlugin => 60}) }
elsif ($ARGV[0] eq 'clerk') { Clerk->serve('clerk', version => '3.1') }
else                        { Meter->serve('meter', version => '1.2') }
