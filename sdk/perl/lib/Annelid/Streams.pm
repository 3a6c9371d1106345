package Annelid::Streams;

# Serves a connector over the standard streams of this process, or hosts that it is connected to.

use 5.020;
use strict;
use warnings;

use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use File::Spec  ();
use Getopt::Long ();
use IO::Poll    qw(POLLERR POLLHUP POLLNVAL);
use IO::Select  ();
use List::Util  qw(min);
use POSIX       ();
use Time::HiRes ();

use Annelid::Fault;
use Annelid::JSON qw(encode_json);
use Annelid::Session;

our $VERSION = '0.1.0';

use constant {
    BLOCK => 65_536,
    # How long calls may go on once the host has closed the pipe.
    GRACE_SECONDS => 2,
    STOPPING      => 'The plugin is stopping.',
};

sub serve {
    my ($class, $name, $version, $limits, $processes) = @_;
    # Mistakes in the class show as they do in any program.
    my $described = $class->describe($name, $version, $limits, $processes);
    # What is not of the kit is the author's.
    my $options = Getopt::Long::Parser->new(config => [qw(pass_through no_auto_abbrev no_ignore_case)]);
    $options->getoptionsfromarray([@ARGV], \my %given, 'describe', map { "$_=s" } qw(listen dial connector token-file cert key ca));
    if ($given{describe}) {
        print encode_json($described), "\n";
        exit 0;
    }
    my $given = [name => $name, connector => $class, version => $version, limits => $limits, processes => $processes];
    my $open = sub { return __PACKAGE__->_open($given, @_) };
    local $SIG{PIPE} = 'IGNORE';
    if (defined $given{listen} || defined $given{dial}) {
        require Annelid::Connections;
        Annelid::Connections->new(\%given, $open)->serve;
    }
    else {
        _over_pipes($open);
    }
    exit 0;
}

# The conversation with one host; `gone` is what to do when it does not take what is sent, `first` gets its first line, too.
sub _open {
    my ($package, $served, $input, $output, %given) = @_;
    my $self = bless {gone => sub { }, %given, buffer => '', depth => 0, input => $input, output => $output}, $package;
    binmode $_ for $input, $output;
    $self->{waits} = $input->blocking;
    $self->{is_secure} = $input->isa('IO::Socket::SSL');
    $self->{select} = IO::Select->new($input);
    $self->{poll} = IO::Poll->new;
    $self->{poll}->mask($output => POLLERR);
    $self->{session} = Annelid::Session->new(
        @$served,
        send   => sub { $self->_send($_[0]) },
        listen => sub { $self->_listen($_[0]) },
        guard  => sub { my ($make, @given) = @_; local $self->{depth} = 1; return $make->(@given) },
    );
    return $self;
}

sub _over_pipes {
    my ($open) = @_;
    open my $output, '>&', \*STDOUT  or die "Standard output cannot be moved: $!\n";
    open STDOUT, '>&', \*STDERR      or die "Standard output cannot be moved: $!\n";
    # A child process that read from the host's pipe would swallow requests.
    open my $input, '<&', \*STDIN             or die "Standard input cannot be moved: $!\n";
    open STDIN, '<', File::Spec->devnull      or die "Standard input cannot be moved: $!\n";
    # What is printed is logged when it is printed, and not once the buffer is full.
    STDOUT->autoflush(1);
    # The host is gone: nobody is left to answer to.
    my $self = $open->($input, $output, gone => sub { POSIX::_exit(0) });
    local $SIG{__WARN__} = sub { $self->{session}->log(warn => "$_[0]") };
    local @SIG{qw(TERM INT)} = (sub { $self->stop }) x 2;
    $self->turn while !$self->is_over;
    $self->{session}->close;
    return;
}

# Takes what the host says, and makes the calls that wait.
sub turn {
    my ($self) = @_;
    $self->_read;
    $self->{session}->work;
    return;
}

sub is_over { my ($self) = @_; return $self->{ended} || $self->{stopped} }

sub session { return $_[0]{session} }

# Why it could not be read.
sub failure { return $_[0]{failure} }

# Reads what there is, or waits for it where that is what the host's pipe does, and gives the session the lines that are whole.
sub _read {
    my ($self) = @_;
    my $is_more = 1;
    while ($is_more) {
        my $count = $self->_fill;
        # Of TLS all: it keeps some where no select sees it. A plain socket that gave less than was asked for has given all.
        $is_more = $self->{is_secure} ? $count : !$self->{waits} && $count == BLOCK;
        while ((my $end = index $self->{buffer}, "\n") >= 0) {
            my $line = substr $self->{buffer}, 0, $end + 1, '';
            (delete $self->{first})->($line) if $self->{first};
            $self->{session}->receive($line) if $line =~ /\S/;
        }
    }
    return;
}

# How much there was.
sub _fill {
    my ($self) = @_;
    my $input = $self->{input};
    my $count = sysread $input, $self->{buffer}, BLOCK, length $self->{buffer};
    return $count if $count;
    return 0 if !defined $count && ($! == EINTR || $! == EAGAIN || $! == EWOULDBLOCK);
    $self->{failure} = $input->can('errstr') ? $input->errstr : "$!" if !defined $count;
    $self->{ended} = _now();
    # When the host was killed, the next one settles what was under way here: a call that went on would work beside
    # the one that takes it up.
    $self->{session}->cancel_all(STOPPING) if !$self->_is_read;
    return 0;
}

# For a call under way: takes what the host says, for so many seconds, or until it said something.
sub _listen {
    my ($self, $seconds) = @_;
    local $!;
    if ($self->{ended}) {
        # A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
        my $left = $self->{ended} + GRACE_SECONDS - _now();
        select undef, undef, undef, min($left, $seconds) if $left > 0 && $seconds > 0;
        $self->{session}->cancel_all(STOPPING) if _now() >= $self->{ended} + GRACE_SECONDS;
    }
    else {
        $self->_read if $self->{select}->can_read($seconds);
    }
    return;
}

sub _now { return Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

# SIGTERM and SIGINT. It leaves the call under way wherever that is, unless a message is half written.
sub stop {
    my ($self) = @_;
    $self->{stopped} = 1;
    $self->{session}->cancel_all(STOPPING);
    Annelid::Fault::Cancelled->throw(STOPPING) if $self->{depth};
    return;
}

sub _send {
    my ($self, $message) = @_;
    local $!;
    my $line = "$message\n";
    {
        local $self->{depth} = 0;
        my $sent = 0;
        while ($sent < length $line) {
            my $count = syswrite $self->{output}, $line, length($line) - $sent, $sent;
            if   (defined $count)                      { $sent += $count }
            elsif ($! == EAGAIN || $! == EWOULDBLOCK)  { IO::Select->new($self->{output})->can_write }
            elsif ($! != EINTR)                        { return $self->{gone}->() }
        }
    }
    $self->stop if $self->{stopped} && $self->{depth};
    return;
}

sub _is_read {
    my ($self) = @_;
    $self->{poll}->poll(0);
    return !($self->{poll}->events($self->{output}) & (POLLERR | POLLHUP | POLLNVAL));
}

1;
