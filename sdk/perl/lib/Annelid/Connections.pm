package Annelid::Connections;

# How a plugin that stays meets its hosts: at a unix socket, or by TCP with TLS 1.3, where both sides show certificates. Calls of all
# of them are made one after the other. For TLS the module IO::Socket::SSL must be there, which does not come with Perl.

use 5.020;
use strict;
use warnings;

use Errno            qw(ECONNREFUSED);
use IO::Select       ();
use IO::Socket::IP   ();
use IO::Socket::UNIX ();
use List::Util       qw(min);
use Socket           qw(IPPROTO_TCP SOCK_STREAM SOL_SOCKET SO_KEEPALIVE TCP_NODELAY);
use Time::HiRes      ();

use Annelid::JSON qw(encode_json read_message);

our $VERSION = '0.1.0';

use constant {
    # How many seconds the other side may take to begin.
    BEGIN_SECONDS => 30,
    # Seconds between two tries: doubled each time, the shortest again once a connection has held for a while.
    FIRST_PAUSE => 0.25, LONGEST_PAUSE => 30, WELL_AFTER => 60,
};
# When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
my %KEEPALIVE = (TCP_KEEPIDLE => 30, TCP_KEEPINTVL => 10, TCP_KEEPCNT => 3);

# `$open` makes the conversation with one host. Dies with a sentence of what is wrong with what was `$given`.
sub new {
    my ($class, $given, $open) = @_;
    my $option = defined $given->{listen} ? 'listen' : 'dial';
    my $text   = $given->{$option};
    my @files  = @$given{qw(cert key ca)};
    die "--$option tls: needs --cert, --key and --ca, each a PEM file.\n" if $text =~ /\Atls:/ && grep { !defined } @files;
    my ($path, $ip, $name, $port) = $text =~ m{\A(?:unix:(.+)|tls://(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):([0-9]{1,5}))\z}s;
    die "--$option takes unix:PATH or tls://HOST:PORT, not $text.\n" if !defined $path && !grep { $_ > 0 && $_ < 65_536 } $port // 0;
    # What is longer would be cut, to the path of another one.
    die "--$option unix: takes a path of at most 107 bytes.\n" if length($path // '') > 107;
    defined $path || eval { require IO::Socket::SSL; IO::Socket::SSL->VERSION('2.056'); 1 }
        or die "--$option tls: needs the module IO::Socket::SSL, which does not come with Perl: install it with cpan IO::Socket::SSL"
        . " (Debian: libio-socket-ssl-perl).\n";
    die "--dial needs --connector, the name that the host knows it by, and --token-file.\n"
        if $option eq 'dial' && grep { !defined } @$given{qw(connector token-file)};
    my %self = (given => $given, open => $open, text => $text, files => \@files, path => $path, host => $ip // $name, port => $port);
    return bless {%self, hosts => {}, told => ''}, $class;
}

# Serves until SIGTERM or SIGINT.
sub serve {
    my ($self) = @_;
    local @SIG{qw(TERM INT)} = (sub { $self->{is_stopped} = 1; $_->stop for values %{$self->{hosts}} }) x 2;
    local $SIG{__WARN__} = sub {
        my ($words, @hosts) = ("$_[0]", values %{$self->{hosts}});
        print STDERR $words if !@hosts;
        $_->session->log(warn => $words) for @hosts;
    };
    return defined $self->{given}{listen} ? $self->_listen : $self->_dial;
}

# Serves every host that connects.
sub _listen {
    my ($self) = @_;
    my $server = eval { $self->_server } || die "Hosts cannot connect to $self->{text}: $@";
    @$self{qw(server waiting shaking)} = ($server, IO::Select->new($server), {});
    print STDERR "Hosts can connect to $self->{text}.\n";
    $self->_turn while !$self->{is_stopped};
    $_->session->close for values %{$self->{hosts}};
    unlink $self->{path} if defined $self->{path};
    return;
}

# At a unix socket nobody but the user of this process may connect. What a process left there that has ended is removed.
sub _server {
    my ($self) = @_;
    my $path = $self->{path};
    if (!defined $path) {
        # Files that cannot be used are no matter of whoever connects first.
        $self->_tls;
        my @at = (LocalHost => $self->{host}, LocalPort => $self->{port}, Type => SOCK_STREAM);
        return IO::Socket::IP->new(@at, Listen => 16, ReuseAddr => 1) || die "$@\n";
    }
    die "Something listens at $self->{text} already.\n" if IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path);
    if ($! == ECONNREFUSED) {
        die "$path is there already, and is no socket.\n" if !-S $path;
        unlink $path;
    }
    my $mask   = umask oct 177;
    my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 16);
    my $why    = $!;
    umask $mask;
    return $server || die "$why\n";
}

sub _turn {
    my ($self) = @_;
    my ($hosts, $shaking) = @$self{qw(hosts shaking)};
    for my $ready ($self->{waiting}->can_read(%$shaking ? BEGIN_SECONDS : ())) {
        if    ($ready == $self->{server}) { $self->_accept }
        elsif ($shaking->{$ready})        { $self->_shake($ready) }
        elsif ($hosts->{$ready})          { $self->_talk($ready) }
    }
    $self->_forget($_->[0]) for grep { $_->[1] < time } values %$shaking;
    return;
}

sub _accept {
    my ($self) = @_;
    my $socket = $self->{server}->accept or return;
    if (!defined $self->{path}) {
        my @tls = eval { $self->_tls } or return;
        $socket = IO::Socket::SSL->start_SSL(_tuned($socket), @tls, SSL_server => 1, SSL_startHandshake => 0) or return;
    }
    $socket->blocking(0);
    $self->{waiting}->add($socket);
    $self->{shaking}{$socket} = [$socket, time + BEGIN_SECONDS];
    return $self->_shake($socket);
}

# Goes on shaking hands; serves the host when that is done.
sub _shake {
    my ($self, $socket) = @_;
    if (!defined $self->{path} && !$socket->accept_SSL) {
        my $why = $IO::Socket::SSL::SSL_ERROR;
        return if $why == IO::Socket::SSL::SSL_WANT_READ() || $why == IO::Socket::SSL::SSL_WANT_WRITE();
        return $self->_forget($socket);
    }
    delete $self->{shaking}{$socket};
    $self->{hosts}{$socket} = $self->{open}->($socket, $socket);
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

# Connects to a host, and again whenever the connection has ended.
sub _dial {
    my ($self) = @_;
    my $pause = FIRST_PAUSE;
    while (!$self->{is_stopped}) {
        my $begun = time;
        if (!eval { $self->_meet; 1 } && !$self->{is_stopped}) {
            chomp(my $why = $@);
            $self->_tell("cannot be reached: $why.");
        }
        $pause = FIRST_PAUSE if time - $begun >= WELL_AFTER;
        Time::HiRes::sleep($pause) if !$self->{is_stopped};
        $pause = min(2 * $pause, LONGEST_PAUSE);
    }
    return;
}

# Connects, says who it is, and serves the host until it has gone. Dies with the reason why it cannot.
sub _meet {
    my ($self) = @_;
    # At each try, so that it can be changed while the plugin runs.
    my $token_file = $self->{given}{'token-file'};
    open my $file, '<', $token_file or die "$token_file: $!\n";
    my ($token) = (do { local $/ = undef; readline($file) } // die "$token_file: $!\n") =~ /\A\s*(.*?)\s*\z/s;
    my $socket    = $self->_connected;
    my $admission = {jsonrpc => '2.0', method => '$/admit', params => {connector => $self->{given}{connector}, token => $token}};
    syswrite $socket, encode_json($admission) . "\n" or die "$!\n";
    # The first line is a refusal, or what an admitted plugin is asked.
    my $is_refused;
    my $host = $self->{open}->($socket, $socket, first => sub {
        my $message = read_message($_[0]) || {};
        $is_refused = ($message->{method} // '') eq '$/refused';
        $self->_tell($is_refused ? 'does not admit this plugin; its log says why.' : 'has admitted this plugin.');
    });
    local $self->{hosts} = {$socket => $host};
    my $ready = IO::Select->new($socket);
    $host->turn;
    while (!$host->is_over && !$is_refused) {
        $host->turn if $ready->can_read;
    }
    $host->session->close;
    close $socket;
    return if defined $is_refused || $self->{is_stopped};
    die $host->failure . "\n" if defined $host->failure;
    return $self->_tell('has closed the connection without a word.');
}

# A connection to the host that listens there. Dies with the reason why there is none.
sub _connected {
    my ($self) = @_;
    my $socket;
    if (defined $self->{path}) {
        $socket = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $self->{path}) or die "$!\n";
    }
    else {
        my ($host, $port) = @$self{qw(host port)};
        my @tls = ($self->_tls, SSL_verifycn_scheme => 'http', SSL_verifycn_name => $host, SSL_hostname => $host);
        my $tcp = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Type => SOCK_STREAM, Timeout => BEGIN_SECONDS) or die "$@\n";
        $socket = IO::Socket::SSL->start_SSL(_tuned($tcp), @tls, Timeout => BEGIN_SECONDS) or die $self->_trouble . "\n";
    }
    $socket->blocking(0);
    return $socket;
}

sub _tell {
    my ($self, $words) = @_;
    # Once, not at every try.
    print STDERR "The host at $self->{text} $words\n" if $words ne $self->{told};
    $self->{told} = $words;
    return;
}

sub _tls {
    my ($self) = @_;
    my ($cert, $key, $ca) = @{$self->{files}};
    for my $file ($cert, $key, $ca) {
        open my $handle, '<', $file or die "$file: $!\n";
    }
    my %tls = (
        SSL_version     => 'TLSv1_3',
        SSL_verify_mode => IO::Socket::SSL::SSL_VERIFY_PEER() | IO::Socket::SSL::SSL_VERIFY_FAIL_IF_NO_PEER_CERT(),
        SSL_cert_file   => $cert,
        SSL_key_file    => $key,
        SSL_ca_file     => $ca,
        # Nobody is asked for one.
        SSL_passwd_cb   => sub { return '' },
        SSL_verify_callback => sub {
            my ($is_trusted, $store) = @_;
            $self->{distrust} = Net::SSLeay::X509_verify_cert_error_string(Net::SSLeay::X509_STORE_CTX_get_error($store)) if !$is_trusted;
            return $is_trusted;
        },
    );
    delete $self->{distrust};
    IO::Socket::SSL::SSL_Context->new(%tls)
        or die '--cert, --key and --ca must be a pair in PEM, without a passphrase, and an authority: ' . $self->_trouble . "\n";
    return %tls;
}

# Of what OpenSSL says the reason alone; and why it does not trust a certificate.
sub _trouble {
    my ($self) = @_;
    my $why = $IO::Socket::SSL::SSL_ERROR;
    return 'it does not answer' if $why == IO::Socket::SSL::SSL_WANT_READ();
    my ($reason) = "$why" =~ /routines::([a-z0-9 ]+?)(?= error:| \*\*|\z)/;
    return join ': ', grep { defined } $reason // "$why", $self->{distrust};
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
