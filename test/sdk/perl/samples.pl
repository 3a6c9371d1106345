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

if   ($ARGV[0] eq 'demo') { Demo->serve('demo', version => '0.1') }
else                      { Meter->serve('meter', version => '1.2') }
