package Annelid::Call;

use 5.020;
use strict;
use warnings;

use parent 'Annelid::Generated::Context';

use List::Util qw(max min);
use Time::HiRes ();

use Annelid::Fault;
use Annelid::Host;
use Annelid::Kinds qw(typed);

our $VERSION = '0.1.0';

use constant CLOCK => Time::HiRes::CLOCK_MONOTONIC();
use constant PROGRESS => {id => 'any', percent => 'number', message => 'string'};

# `$notify` sends a notification; `$listen` takes what the host says within some seconds; `$ask` asks the host for a call.
sub new {
    my ($class, $id, $ctx, $notify, $listen, $ask) = @_;
    my $timeout = $ctx->{timeoutMs};
    my $deadline = defined $timeout && !ref $timeout && $timeout =~ /\A[0-9.]+\z/ ? _now() + $timeout / 1000 : undef;
    return bless {id => $id, ctx => $ctx, notify => $notify, listen => $listen, ask => $ask, deadline => $deadline}, $class;
}

sub _now { return Time::HiRes::clock_gettime(CLOCK) }

sub id { return $_[0]{id} }

sub host {
    my ($self) = @_;
    return Annelid::Host->new(sub { return $self->{ask}->($self, @_) });
}

sub remaining {
    my ($self) = @_;
    return defined $self->{deadline} ? max(0, $self->{deadline} - _now()) : undef;
}

sub cancelled {
    my ($self) = @_;
    $self->{listen}->(0);
    return defined $self->{reason};
}

sub check {
    my ($self) = @_;
    Annelid::Fault::Cancelled->throw($self->{reason}) if $self->cancelled;
    return;
}

sub sleep {    ## no critic (ProhibitBuiltinHomonyms): it is what that is, for plugins
    my ($self, $seconds) = @_;
    my $end = _now() + $seconds;
    my $until = defined $self->{deadline} ? min($end, $self->{deadline}) : $end;
    $self->check;
    while ((my $left = $until - _now()) > 0) {
        $self->{listen}->($left);
        $self->check;
    }
    Annelid::Fault::Timeout->throw('The backend was not done in time.') if $until < $end;
    return;
}

sub progress {
    my ($self, $percent, $message) = @_;
    $self->{notify}->('$/progress', typed(PROGRESS, {id => $self->{id}, percent => $percent, message => $message}));
    return;
}

# What `$/cancel` does.
sub cancel {
    my ($self, $reason) = @_;
    $self->{reason} //= defined $reason && !ref $reason && $reason ne '' ? "$reason" : 'The call is no longer wanted.';
    return;
}

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Call - the call that a connector is working on

=head1 SYNOPSIS

    sub compute_shutdown {
        my ($self, %given) = @_;
        $self->call->progress(10, 'Asked the guest.');
        $self->call->sleep(1) until has_stopped($given{vm});
        ...
    }

=head1 DESCRIPTION

C<< $self->call >> in a connector. A plugin makes one call at a time, so it hears that a call is no longer wanted when it listens: in
C<check>, C<sleep> and C<cancelled>. Long work calls one of them between its steps.

=head1 METHODS

=head2 check

Throws L<Annelid::Fault>::Cancelled when the call is no longer wanted. To be called between the steps of long work.

=head2 sleep($seconds)

Waits, for fractions of a second too; throws Cancelled as soon as the call is no longer wanted, and Timeout at its deadline.

=head2 cancelled

Whether the call is no longer wanted.

=head2 progress($percent, $message)

Say how far the call has come: 0 to 100, and what is being done. Either may be undef.

=head2 remaining

Seconds until the host gives up, at least 0; undef when it does not.

=head2 host

What may be asked of the daemon until the call has been answered: an L<Annelid::Host>.

=head2 id

The id of the request.

=head2 key, attempt, idle, instance, accept, given, actor, account, log_level

What the daemon said of the call: see L<Annelid::Generated::Context>.

=head2 cancel($reason)

What the session does when the host says so.

=cut
