package Annelid::Hosts;

# A plugin that stays: hosts connect to it at a unix socket. Calls of all of them are made one after the other.

use 5.020;
use strict;
use warnings;

use Errno qw(ECONNREFUSED);
use IO::Select       ();
use IO::Socket::UNIX ();
use Socket           qw(SOCK_STREAM);

our $VERSION = '0.1.0';

# Serves every host that connects, until SIGTERM or SIGINT. `$open` makes the conversation with one.
sub serve {
    my ($address, $open) = @_;
    my ($path) = ($address // '') =~ /\Aunix:(.+)/s or die '--listen takes unix:PATH, not ' . ($address // 'nothing') . ".\n";
    my $server  = _listen($path);
    my $waiting = IO::Select->new($server);
    my (%hosts, $is_stopped);
    local @SIG{qw(TERM INT)} = (sub { $is_stopped = 1; $_->stop for values %hosts }) x 2;
    local $SIG{__WARN__} = sub { @_ = "$_[0]"; $_->session->log(warn => @_) for values %hosts };
    print STDERR "Hosts can connect to unix:$path.\n";
    while (!$is_stopped) {
        for my $ready ($waiting->can_read) {
            if ($ready == $server) {
                my $socket = $server->accept or next;
                $waiting->add($socket);
                # One that is gone is heard to have ended, too.
                $hosts{$socket} = $open->($socket, $socket, sub { return });
                next;
            }
            my $host = $hosts{$ready};
            $host->turn;
            next if !$host->is_over;
            $host->session->close;
            $waiting->remove($ready);
            delete $hosts{$ready};
        }
    }
    $_->session->close for values %hosts;
    unlink $path;
    return;
}

# Nobody but the user of this process may connect. What a process left there that has ended is removed.
sub _listen {
    my ($path) = @_;
    die "Something listens at unix:$path already.\n" if IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path);
    unlink $path if $! == ECONNREFUSED;
    my $mask   = umask oct 177;
    my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 16);
    my $why    = $!;
    umask $mask;
    return $server || die "unix:$path cannot be listened at: $why\n";
}

1;
