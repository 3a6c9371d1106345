package Annelid::Host;

use 5.020;
use strict;
use warnings;

our $VERSION = '0.1.0';

# `$ask` sends a request and waits for its result.
sub new {
    my ($class, $ask) = @_;
    return bless {ask => $ask}, $class;
}

sub secret {
    my ($self, $name) = @_;
    return $self->{ask}->('host.secret.get', {name => "$name"})->{value};
}

sub state {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $key) = @_;
    my $kept = $self->{ask}->('host.state.get', {key => "$key"});
    return wantarray ? @$kept{qw(value version)} : $kept->{value};
}

sub keep {
    my ($self, $key, $value, %only) = @_;
    my @version = defined $only{version} ? (version => 0 + $only{version}) : ();
    my @value = defined $value ? (value => $value) : ();
    return $self->{ask}->('host.state.put', {key => "$key", @value, @version})->{version};
}

sub lock {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $name, %given) = @_;
    my %ms = (leaseMs => int 1000 * $given{lease}, waitMs => int 1000 * ($given{wait} // 0));
    my $lock = $self->{ask}->('host.lock', {name => "$name", %ms})->{lock};
    return bless {ask => $self->{ask}, lock => $lock}, 'Annelid::Host::Lock';
}

sub lookup {
    my ($self, %machine) = @_;
    return $self->{ask}->('host.lookup', {map { $_ => "$machine{$_}" } grep { defined $machine{$_} } qw(vm id)});
}

package Annelid::Host::Lock;

sub unlock {
    my ($self) = @_;
    my $lock = delete $self->{lock} // return;
    $self->{ask}->('host.unlock', {lock => $lock});
    return;
}

sub DESTROY {
    my ($self) = @_;
    # What is being thrown goes on; a lock that cannot be given back is free at the end of its lease.
    local $@;
    eval { $self->unlock };
    return;
}

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Host - what a call may ask of the daemon, for as long as it has not been answered

=head1 SYNOPSIS

    my $token = $self->call->host->secret('token');

=head1 DESCRIPTION

Each method throws the L<Annelid::Fault> with which it is refused, and Cancelled as soon as the call is no longer wanted.

=head1 METHODS

=head2 secret($name)

A secret from C<secrets> of the connector. It must not be printed.

=head2 state($key)

A value that the daemon keeps for the connector; in a list the value and its version, 0 when there is none.

=head2 keep($key, $value, version => $version)

Have the daemon keep a value, and answer its version; undef forgets the key. With C<version> only where that is the version,
else it throws Conflict.

=head2 lock($name, lease => $seconds, wait => $seconds)

Hold a lock among all processes of the connector, at most for C<lease>; throws Busy when it is not free within C<wait>. It is given back
by C<< $lock->unlock >>, or once nobody holds what was answered.

=head2 lookup(vm => $id)

The daemon's own record of a machine, a hash, by its backend id or by the daemon's C<id>.

=head2 new

What the call calls.

=cut
