package Annelid::Dialer;

# A plugin that connects to a host by itself, and again whenever the connection has ended.

use 5.020;
use strict;
use warnings;

use Errno       qw(EAGAIN EINTR EWOULDBLOCK);
use IO::Select  ();
use List::Util  qw(min);
use Time::HiRes ();

use Annelid::Address;
use Annelid::JSON qw(encode_json read_message);

our $VERSION = '0.1.0';

use constant {
    # Seconds between two tries: doubled each time, the shortest again once a connection has held for a while.
    FIRST_PAUSE => 0.25, LONGEST_PAUSE => 30, WELL_AFTER => 60,
    BLOCK => 65_536,
};

# Goes on until SIGTERM or SIGINT. The token is read at each try, so that it can be changed while the plugin runs.
sub serve {
    my ($address, $connector, $token_file, $open) = @_;
    my $self = bless {address => $address, connector => $connector, token_file => $token_file, open => $open, told => ''}, __PACKAGE__;
    local @SIG{qw(TERM INT)} = (sub { $self->{is_stopped} = 1; $self->{host}->stop if $self->{host} }) x 2;
    local $SIG{__WARN__} = sub { $self->{host} ? $self->{host}->session->log(warn => "$_[0]") : print STDERR $_[0] };
    my $pause = FIRST_PAUSE;
    while (!$self->{is_stopped}) {
        my $begun = _now();
        if (!eval { $self->_meet; 1 } && !$self->{is_stopped}) {
            chomp(my $why = $@);
            $self->_tell("cannot be reached: $why.");
        }
        $pause = FIRST_PAUSE if _now() - $begun >= WELL_AFTER;
        Time::HiRes::sleep($pause) if !$self->{is_stopped};
        $pause = min(2 * $pause, LONGEST_PAUSE);
    }
    return;
}

sub _now { return Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

# Connects, says who it is, and serves the host until it has gone. Dies with the reason why it cannot.
sub _meet {
    my ($self) = @_;
    open my $file, '<', $self->{token_file} or die "$self->{token_file}: $!\n";
    my ($token) = do { local $/ = undef; readline($file) } =~ /\A\s*(.*?)\s*\z/s;
    my $socket    = $self->{address}->connect;
    my $admission = {jsonrpc => '2.0', method => '$/admit', params => {connector => $self->{connector}, token => $token}};
    syswrite $socket, encode_json($admission) . "\n" or die "$!\n";
    my $begun   = $self->_heard($socket);
    my $message = read_message($begun =~ /\A([^\n]*)/);
    if ($begun eq '') {
        $self->_tell('has closed the connection without a word.') if !$self->{is_stopped};
    }
    elsif ($message && ($message->{method} // '') eq '$/refused') {
        $self->_tell('does not admit this plugin; its log says why.');
    }
    else {
        $self->_tell('has admitted this plugin.');
        $self->_converse($socket, $begun);
    }
    close $socket;
    return;
}

sub _converse {
    my ($self, $socket, $begun) = @_;
    my $ready = IO::Select->new($socket);
    my $host  = local $self->{host} = $self->{open}->($socket, $socket, sub { return }, $begun);
    $host->turn;
    while (!$host->is_over) {
        $host->turn if $ready->can_read;
    }
    $host->session->close;
    return;
}

# What the host says first: a line, and what came with it; nothing when it closes the connection.
sub _heard {
    my ($self, $socket) = @_;
    my $ready = IO::Select->new($socket);
    my $text  = '';
    while (!$self->{is_stopped} && $text !~ /\n/ && length $text < BLOCK) {
        my $count = sysread $socket, $text, BLOCK, length $text;
        if    (defined $count) { return $text if $count == 0 }
        elsif ($! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR) { $ready->can_read }
        else                   { die $socket->can('errstr') ? $socket->errstr . "\n" : "$!\n" }
    }
    return $text;
}

sub _tell {
    my ($self, $words) = @_;
    # Once, not at every try.
    print STDERR 'The host at ', $self->{address}->text, " $words\n" if $words ne $self->{told};
    $self->{told} = $words;
    return;
}

1;
