# The plugin of streams.test.ts.
package Careless;
use strict;
use warnings;
use parent 'Annelid::Connector';

sub compute_list {
    my $read = `cat`;
    warn 'The child read ', length $read, " bytes.\n";
    return {items => []};
}

sub compute_shutdown {
    my ($self) = @_;
    $self->call->progress(10, 'Waiting.');
    return if eval { $self->call->sleep(3600); 1 };
    print "$@\n";
    die $@;
}

sub compute_start { print "It was begun.\n"; return }

sub compute_power_off {
    my ($self) = @_;
    $self->call->progress(undef, 'Deaf.');
    # Both throw: the first wherever it is, the second because it listens.
    eval { sleep 3600 };
    $self->call->check;
    return;
}

Careless->serve('careless');
