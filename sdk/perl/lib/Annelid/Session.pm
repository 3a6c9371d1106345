package Annelid::Session;

# The conversation with the host: lines in, lines out. Knows nothing of processes, so tests hold it in memory.

use 5.020;
use strict;
use warnings;

use overload ();

use Annelid::Blobs;
use Annelid::Call;
use Annelid::Connector;
use Annelid::Fault;
use Annelid::JSON qw(encode_json read_message);
use Annelid::Kinds qw(typed);

our $VERSION = '0.1.0';

# What stands for a result, whatever that would be.
my %STAND_INS = map { $_->[0] => {$_->[0] => $Annelid::Generated::Calls::RECORDS{$_->[1]}} } [task => 'TaskHandle'], [need => 'Need'];
use constant {INVALID_REQUEST => -32600, UNKNOWN_METHOD => -32601, LONGEST_RECORD => 65_536, SHOWN => 256, LONGEST_WAIT => 3600};
# The longest answer in one line, unless `limits` has another.
use constant LONGEST_ANSWER => 16 * 1024 * 1024;

# `send` gets whole messages without a line feed; `listen` takes what the host says within some seconds, by `receive`.
sub new {
    my ($class, %given) = @_;
    my $connector = $given{connector};
    return bless {
        name        => $given{name},
        connector   => $connector,
        description => $connector->describe(@given{qw(name version limits processes)}),
        blobs       => Annelid::Blobs->new,
        longest     => $given{limits}{lineFromPlugin} // LONGEST_ANSWER,
        entries     => $connector->entries,
        send        => $given{send},
        listen      => $given{listen} // sub { },
        queue       => [],
        asked       => {},
        running     => {},
        instances   => {},
        guard       => $given{guard} // sub { my ($make, @given) = @_; return $make->(@given) },
    }, $class;
}

sub notify {
    my ($self, $method, $params) = @_;
    $self->{send}->(encode_json({jsonrpc => '2.0', method => $method, params => $params}));
    return;
}

sub log {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $level, $message) = @_;
    my $call = $Annelid::Connector::CALL;
    chomp $message;
    my $text = substr $message, 0, LONGEST_RECORD;
    my @about = $call && $call->instance ne '' ? (instance => $call->instance, id => $call->id) : ();
    $self->notify('$/log', {level => $level, message => $text, @about});
    return;
}

# Takes a line from the host, whatever is in it. Calls wait for `work`.
sub receive {
    my ($self, $line) = @_;
    # Its own, since it may be called while the author is about to look at that.
    local $@;
    my $message = read_message($line);
    return $self->log(warn => 'This is no message: ' . _shown($line)) if !$message;
    return if eval { $self->_take($message); 1 };
    # A call that is left because of a signal is left here, too.
    die $@ if Annelid::Fault->caught($@);
    return $self->log(error => 'This cannot be taken: ' . _shown($line) . ": $@");
}

sub _take {
    my ($self, $message) = @_;
    my ($method, $id, $params) = @$message{qw(method id params)};
    $params //= {};
    if (!defined $id || ref $id) {
        $self->_cancel(@$params{qw(id reason)}) if ($method // '') eq '$/cancel' && ref $params eq 'HASH';
        return;
    }
    if (!defined $method && (exists $message->{result} || exists $message->{error})) {
        # An answer to nothing is noise, and noise is not answered.
        $self->{asked}{$id} = $message if exists $self->{asked}{$id};
        return;
    }
    if (!defined $method || ref $method || ref $params ne 'HASH') {
        return $self->_refuse($id, INVALID_REQUEST, 'A request needs a method and named parameters.');
    }
    return $self->{send}->(_result($id, $self->{description})) if $method eq 'describe';
    return $self->{send}->(_result($id, $params))              if $method eq 'echo';
    return $self->_part($id, $1, $params) if $method =~ /\Ablob[.](read|write)\z/;
    if ($method ne 'configure' && !$self->{entries}{$method}) {
        return $self->_refuse($id, UNKNOWN_METHOD, "$self->{name} has no method $method.");
    }
    my $ctx = delete $params->{ctx};
    my $notify = $self->{notify} //= sub { $self->notify(@_) };
    my $ask = $self->{ask} //= sub { return $self->_ask(@_) };
    my $call = Annelid::Call->new($id, ref $ctx eq 'HASH' ? $ctx : {}, $notify, $self->{listen}, $ask);
    $self->{running}{$id} = $call;
    push @{$self->{queue}}, [$call, $method, $params];
    return;
}

sub _shown {
    my $line = substr $_[0], 0, SHOWN;
    $line =~ s/[^\x20-\x7e]/./g;
    return $line;
}

# Put together of what is always the same: to write it as a record takes three times as long.
sub _result { my ($id, $result) = @_; return '{"id":' . encode_json($id) . ',"jsonrpc":"2.0","result":' . encode_json($result) . '}' }
sub _error { my ($id, $error) = @_; return '{"error":' . encode_json($error) . ',"id":' . encode_json($id) . ',"jsonrpc":"2.0"}' }

# A part of a value that is too long for a line.
sub _part {
    my ($self, $id, $verb, $params) = @_;
    my $result = eval { $self->{blobs}->$verb($params) };
    return $self->{send}->(_result($id, $result)) if $result;
    my $fault = Annelid::Fault->caught($@) or die $@;
    return $self->{send}->(_error($id, $fault->to_error));
}

sub _refuse {
    my ($self, $id, $code, $message) = @_;
    return $self->{send}->(_error($id, {code => $code, message => $message}));
}

# Asks the host on behalf of a call, and takes what it says until the answer is there or the call is no longer wanted.
sub _ask {
    my ($self, $call, $method, $params) = @_;
    my $id = ++$self->{last_id};
    $self->{asked}{$id} = undef;
    $self->{send}->(encode_json({jsonrpc => '2.0', id => 0 + $id, method => $method, params => {%$params, call => $call->id}}));
    while (!$self->{asked}{$id}) {
        $self->{listen}->(LONGEST_WAIT);
        $call->check if !$self->{asked}{$id};
    }
    my ($result, $error) = @{delete $self->{asked}{$id}}{qw(result error)};
    return $result if !$error;
    die Annelid::Fault->from_error($error);
}

sub _cancel {
    my ($self, $id, $reason) = @_;
    my $call = defined $id && !ref $id && $self->{running}{$id};
    $call->cancel($reason) if $call;
    return;
}

# Makes the calls that wait, one after the other.
sub work {
    my ($self) = @_;
    while (my $request = shift @{$self->{queue}}) {
        my $call = $request->[0];
        local $Annelid::Connector::CALL = $call;
        my $answer = $self->_outcome(@$request);
        delete $self->{running}{$call->id};
        $self->{send}->($answer);
    }
    return;
}

# What a call died of last, and where it was then. Made once, not for each call.
my $trace;
my $note_trace = sub { $trace = [$_[0], _trace()] if !ref $_[0] };

# Makes a call; the text of its answer.
sub _outcome {
    my ($self, $call, $method, $params) = @_;
    my $process = $$;
    $trace = undef;
    my $answer = eval {
        local $SIG{__DIE__} = $note_trace;
        Annelid::Fault::Cancelled->throw($call->{reason}) if defined $call->{reason};
        my $result = $self->{guard}->(\&_serve, $self, $call, $method, $params);
        exit 0 if $$ != $process;
        # Here, so that a value which no answer can hold is a failure of its call.
        my $text = _result($call->id, $result);
        length $text > $self->{longest} && (grep { $_ eq 'blob' } $call->accept)
            ? _result($call->id, {blob => $self->{blobs}->put(encode_json($result))})
            : $text;
    };
    return $answer if defined $answer;
    my $error = $@;
    # A process that the call has forked ends as a program would: the answer, and what the host says, are for the one that forked it.
    if ($$ != $process) {
        print {*STDERR} $error;
        exit 255;
    }
    if (my $fault = Annelid::Fault->caught($error)) {
        return _error($call->id, $fault->to_error);
    }
    # The cause goes to the log, never to the caller.
    my $text = ref $error && !overload::Method($error, '""') ? ref $error : "$error";
    $text .= $trace->[1] if $trace && $trace->[0] eq $text;
    $self->log(error => "$method failed: $text");
    my $internal = Annelid::Fault::Internal->new("$self->{name} failed in $method; the daemon's log says why.");
    return _error($call->id, $internal->to_error);
}

# Who called whom, without arguments: they may be secret.
sub _trace {
    my @frames;
    for (my $depth = 2; my ($package, $file, $line, $sub) = caller $depth; $depth++) {
        push @frames, "\tin $sub called at $file line $line\n" if $sub !~ /\A(?:\(eval\)\z|Annelid::(?:Session|Streams|Connector|Published)::)/;
    }
    return join '', @frames;
}

sub _serve {
    my ($self, $call, $method, $params) = @_;
    $params = $self->{blobs}->take($call->{ctx}{blob}) if ref $call->{ctx}{blob} eq 'HASH';
    return $self->_configure($call, $params->{config}) if $method eq 'configure';
    my $connector = $self->{instances}{$call->instance}
        or Annelid::Fault::Internal->throw('The instance ' . $call->instance . ' has not been configured.', outcome => 'none');
    my ($sub, $type) = @{$self->{entries}{$method}};
    my $result = $sub->($connector, $params);
    my $stand_in = ref $result eq 'HASH' && keys %$result == 1 && $STAND_INS{(keys %$result)[0]};
    return typed($stand_in, $result) if $stand_in;
    # Where there is nothing to say, what the last statement of a sub happened to give is not meant.
    return if ref $type eq 'HASH' && !%$type;
    return scalar typed($type, $result);
}

sub _configure {
    my ($self, $call, $config) = @_;
    my $instance = $call->instance;
    Annelid::Fault::InvalidParams->throw('configure needs ctx.instance.', field => '/ctx/instance') if $instance eq '';
    my $before = delete $self->{instances}{$instance};
    $before->close if $before;
    $config = {} if ref $config ne 'HASH';
    my $connector = $self->{connector}->new(config => $config, instance => $instance, notify => $call->{notify});
    $connector->configure($config);
    $self->{instances}{$instance} = $connector;
    return;
}

# Cancels all that is under way.
sub cancel_all {
    my ($self, $reason) = @_;
    $_->cancel($reason) for values %{$self->{running}};
    return;
}

# Closes what was configured.
sub close {    ## no critic (ProhibitBuiltinHomonyms)
    my ($self) = @_;
    for my $connector (values %{$self->{instances}}) {
        eval { $connector->close; 1 } or $self->log(error => 'Closing ' . $connector->instance . " failed: $@");
    }
    return;
}

1;
