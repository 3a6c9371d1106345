package Annelid::Address;

# Where hosts are met: a unix socket, or TCP with TLS 1.3, where both sides show certificates. For TLS the module IO::Socket::SSL
# must be there, which does not come with Perl.

use 5.020;
use strict;
use warnings;

use Errno            qw(ECONNREFUSED);
use IO::Socket::IP   ();
use IO::Socket::UNIX ();
use Socket           qw(IPPROTO_TCP SOCK_STREAM SOL_SOCKET SO_KEEPALIVE TCP_NODELAY);

our $VERSION = '0.1.0';

# How long the other side may take to begin.
use constant BEGIN_SECONDS => 30;
# When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
my %KEEPALIVE = (TCP_KEEPIDLE => 30, TCP_KEEPINTVL => 10, TCP_KEEPCNT => 3);

# Dies with a sentence of what `--$option` takes, or needs beside.
sub new {
    my ($class, $option, $text, $files) = @_;
    my ($path) = $text =~ /\Aunix:(.+)\z/s;
    return bless {text => $text, path => $path}, $class if defined $path;
    if ($text =~ /\Atls:/ && grep { !defined $files->{$_} } qw(cert key ca)) {
        die "--$option tls: needs --cert, --key and --ca, each a PEM file.\n";
    }
    my ($ip, $host, $port) = $text =~ m{\Atls://(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):([0-9]{1,5})\z}
        or die "--$option takes unix:PATH or tls://HOST:PORT, not $text.\n";
    eval { require IO::Socket::SSL; IO::Socket::SSL->VERSION('2.056'); 1 }
        or die "--$option tls: needs the module IO::Socket::SSL, which does not come with Perl: install it with cpan IO::Socket::SSL"
        . " (Debian: libio-socket-ssl-perl).\n";
    return bless {text => $text, host => $ip // $host, port => $port, files => $files}, $class;
}

sub text { return $_[0]{text} }
sub path { return $_[0]{path} }

# A connection to the host that listens there. Dies with the reason why there is none.
sub connect {    ## no critic (ProhibitBuiltinHomonyms)
    my ($self) = @_;
    my $socket;
    if (defined $self->{path}) {
        $socket = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $self->{path}) or die "$!\n";
    }
    else {
        my @tls = ($self->_tls, SSL_verifycn_scheme => 'http', SSL_verifycn_name => $self->{host});
        my $tcp = IO::Socket::IP->new(
            PeerHost => $self->{host}, PeerPort => $self->{port}, Type => SOCK_STREAM, Timeout => BEGIN_SECONDS,
        ) or die "$@\n";
        $socket = IO::Socket::SSL->start_SSL(_tuned($tcp), @tls, SSL_hostname => $self->{host}, Timeout => BEGIN_SECONDS)
            or die "$IO::Socket::SSL::SSL_ERROR\n";
    }
    $socket->blocking(0);
    return $socket;
}

# Listens there; at a unix socket nobody but the user of this process may connect. What a process left there that has ended is
# removed. Dies with the reason why it cannot.
sub listen {    ## no critic (ProhibitBuiltinHomonyms)
    my ($self) = @_;
    my $path = $self->{path};
    if (!defined $path) {
        # Files that cannot be read are no matter of whoever connects first.
        $self->_tls;
        my @at = (LocalHost => $self->{host}, LocalPort => $self->{port}, Type => SOCK_STREAM);
        return IO::Socket::IP->new(@at, Listen => 16, ReuseAddr => 1) || die "$@\n";
    }
    die "Something listens at $self->{text} already.\n" if IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path);
    unlink $path if $! == ECONNREFUSED;
    my $mask   = umask oct 177;
    my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 16);
    my $why    = $!;
    umask $mask;
    return $server || die "$why\n";
}

# What was accepted there; with TLS it has still to shake hands.
sub accepted {
    my ($self, $socket) = @_;
    if (!defined $self->{path}) {
        my @tls = eval { $self->_tls } or return;
        $socket = IO::Socket::SSL->start_SSL(_tuned($socket), @tls, SSL_server => 1, SSL_startHandshake => 0) or return;
    }
    $socket->blocking(0);
    return $socket;
}

# Goes on shaking hands: whether that is done; undef when it has failed.
sub shake {
    my ($self, $socket) = @_;
    return 1 if defined $self->{path} || $socket->accept_SSL;
    my $why = $IO::Socket::SSL::SSL_ERROR;
    return $why == IO::Socket::SSL::SSL_WANT_READ() || $why == IO::Socket::SSL::SSL_WANT_WRITE() ? 0 : undef;
}

sub _tls {
    my ($self) = @_;
    my %file = %{$self->{files}};
    for my $file (values %file) {
        open my $handle, '<', $file or die "$file: $!\n";
    }
    return (
        SSL_version     => 'TLSv1_3',
        SSL_verify_mode => IO::Socket::SSL::SSL_VERIFY_PEER() | IO::Socket::SSL::SSL_VERIFY_FAIL_IF_NO_PEER_CERT(),
        SSL_cert_file   => $file{cert},
        SSL_key_file    => $file{key},
        SSL_ca_file     => $file{ca},
    );
}

sub _tuned {
    my ($socket) = @_;
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY,  1;
    setsockopt $socket, SOL_SOCKET,  SO_KEEPALIVE, 1;
    for my $name (keys %KEEPALIVE) {
        my $option = Socket->can($name) or next;
        setsockopt $socket, IPPROTO_TCP, $option->(), $KEEPALIVE{$name};
    }
    return $socket;
}

1;
