package Host;

# A host in memory: sends lines to a session and keeps what it says.

use strict;
use warnings;

use Annelid::JSON qw(decode_json encode_json);
use Annelid::Session;

our %CTX = (v => 1, instance => 'one', logLevel => 'info');

sub new {
    my ($class, $connector, %given) = @_;
    my $self = bless {said => [], texts => [], last => 0, later => []}, $class;
    $self->{session} = Annelid::Session->new(
        name => 'kit', connector => $connector, version => '1.0',
        send => sub { push @{$self->{texts}}, $_[0]; push @{$self->{said}}, decode_json($_[0]) },
        # What is said while a call is under way.
        listen => sub { my $line = shift @{$self->{later}}; $self->{session}->receive($line) if defined $line },
    );
    $self->ask('configure', config => $given{config} // {}) if !exists $given{configure};
    return $self;
}

sub line { my (%message) = @_; return encode_json({jsonrpc => '2.0', %message}) . "\n" }

# Asks with other members of the context, too, and answers the whole answer.
sub ask_with {
    my ($self, $ctx, $method, %params) = @_;
    my $id = ++$self->{last};
    $self->receive(line(id => $id, method => $method, params => {%params, ctx => {%CTX, %$ctx}}));
    return $self->answer($id);
}
sub ask { my ($self, @call) = @_; return $self->ask_with({}, @call) }

sub receive {
    my ($self, @lines) = @_;
    $self->{session}->receive($_) for @lines;
    $self->{session}->work;
    return;
}

sub answer {
    my ($self, $id) = @_;
    my ($answer) = grep { defined $_->{id} && $_->{id} eq $id && !$_->{method} } @{$self->{said}};
    return $answer;
}

sub told {
    my ($self, $method) = @_;
    return [map { $_->{params} } grep { ($_->{method} // '') eq $method } @{$self->{said}}];
}

sub text { return $_[0]{texts}[-1] }

1;
