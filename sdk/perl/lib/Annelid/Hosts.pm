package Annelid::Hosts;

# A plugin that stays: hosts connect to it. Calls of all of them are made one after the other.

use 5.020;
use strict;
use warnings;

use IO::Select ();

use Annelid::Address;

our $VERSION = '0.1.0';

# Serves every host that connects, until SIGTERM or SIGINT. `$open` makes the conversation with one.
sub serve {
    my ($address, $open) = @_;
    my $server = eval { $address->listen } || die 'Hosts cannot connect to ' . $address->text . ": $@";
    my $self   = bless {
        address => $address, open => $open, server => $server, waiting => IO::Select->new($server), hosts => {}, shaking => {},
    }, __PACKAGE__;
    my $is_stopped;
    local @SIG{qw(TERM INT)} = (sub { $is_stopped = 1; $_->stop for values %{$self->{hosts}} }) x 2;
    local $SIG{__WARN__} = sub { @_ = "$_[0]"; $_->session->log(warn => @_) for values %{$self->{hosts}} };
    print STDERR 'Hosts can connect to ', $address->text, ".\n";
    $self->_turn while !$is_stopped;
    $_->session->close for values %{$self->{hosts}};
    unlink $address->path if defined $address->path;
    return;
}

sub _turn {
    my ($self) = @_;
    my ($hosts, $shaking) = @$self{qw(hosts shaking)};
    for my $ready ($self->{waiting}->can_read(%$shaking ? Annelid::Address::BEGIN_SECONDS : ())) {
        if    ($ready == $self->{server}) { $self->_accept }
        elsif ($shaking->{$ready})        { $self->_shake($ready) }
        elsif ($hosts->{$ready})          { $self->_talk($ready) }
    }
    for my $late (grep { $_->[1] < time } values %$shaking) {
        $self->_forget($late->[0]);
    }
    return;
}

sub _accept {
    my ($self) = @_;
    my $accepted = $self->{server}->accept or return;
    my $socket   = $self->{address}->accepted($accepted) or return;
    $self->{waiting}->add($socket);
    $self->{shaking}{$socket} = [$socket, time + Annelid::Address::BEGIN_SECONDS];
    return $self->_shake($socket);
}

sub _shake {
    my ($self, $socket) = @_;
    my $is_done = $self->{address}->shake($socket);
    return $self->_forget($socket) if !defined $is_done;
    return                         if !$is_done;
    delete $self->{shaking}{$socket};
    # One that is gone is heard to have ended, too.
    $self->{hosts}{$socket} = $self->{open}->($socket, $socket, sub { return });
    return $self->_talk($socket);
}

sub _talk {
    my ($self, $socket) = @_;
    my $host = $self->{hosts}{$socket};
    $host->turn;
    return if !$host->is_over;
    $host->session->close;
    return $self->_forget($socket);
}

sub _forget {
    my ($self, $socket) = @_;
    $self->{waiting}->remove($socket);
    delete $self->{shaking}{$socket};
    delete $self->{hosts}{$socket};
    close $socket;
    return;
}

1;
