package Annelid::Connector;

use 5.020;
use strict;
use warnings;

use Carp qw(croak);
use mro ();

use Annelid::Fault;
use Annelid::Generated::Calls;
use Annelid::Generated::Protocol;
use Annelid::Kinds qw(typed);
use Annelid::Published;

our $VERSION = '0.1.0';

use constant EVENT => {
    instance => 'string', type => 'string', id => 'string', vm => $Annelid::Generated::Calls::RECORDS{NativeVm}, cursor => 'string',
    time => 'time',
};
use constant LOG => {level => 'string', message => 'string', instance => 'string', id => 'any'};

my (%PUBLISHED, %SERVICES);

sub new {
    my ($class, %given) = @_;
    return bless {config => $given{config} // {}, instance => $given{instance} // '', _notify => $given{notify}}, $class;
}

sub configure { return }
sub close     { return }    ## no critic (ProhibitBuiltinHomonyms)

sub config   { return $_[0]{config} }
sub instance { return $_[0]{instance} }

our $CALL;    # That under way.
sub call { return $CALL || croak 'No call is under way' }

sub changed {
    my ($self, $vm, %more) = @_;
    return $self->_event(%more, type => 'vm.changed', vm => $vm);
}

sub deleted {
    my ($self, $id, %more) = @_;
    return $self->_event(%more, type => 'vm.deleted', id => $id);
}

sub resync { return $_[0]->_event(type => 'resync') }

sub _event {
    my ($self, %event) = @_;
    $self->{_notify}->('$/event', typed(EVENT, {%event, instance => $self->{instance}}));
    return;
}

sub log {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $level, $message) = @_;
    my %rank = map { $LOG_LEVELS[$_] => $_ } 0 .. $#LOG_LEVELS;
    croak "There is no level $level; there is " . join ', ', @LOG_LEVELS if !exists $rank{$level};
    my $least = $CALL ? $rank{$CALL->log_level} // 0 : 0;
    return if $rank{$level} < $least;
    my %line = (level => $level, message => $message, instance => $self->{instance}, id => $CALL && $CALL->id);
    $self->{_notify}->('$/log', typed(LOG, \%line));
    return;
}

sub service {
    my ($class, $name, $doc) = @_;
    $SERVICES{$class}{$name} = $doc;
    return;
}

sub publish {
    my ($class, $name, %facts) = @_;
    my $published = Annelid::Published->new($name, %facts);
    push @{$PUBLISHED{$class}}, $published;
    return;
}

# The calls of a class by their names on the wire: [sub, type of the result]. Dies of what can only be a mistake.
sub entries {
    my ($class) = @_;
    my %entries;
    my %served = (%CALLS, %BASE_CALLS);
    for my $name (keys %served) {
        my $method = $class->can($name) or next;
        my ($call, $type) = @{$served{$name}};
        $entries{$call} = [sub { my ($self, $params) = @_; return $self->$method(%$params) }, $type];
    }
    for my $published (_published($class)) {
        $entries{$published->name} = [sub { return $published->call(@_) }, $published->result];
    }
    $class->_check_names;
    return \%entries;
}

sub _published {
    my ($class) = @_;
    return map { @{$PUBLISHED{$_} // []} } reverse @{mro::get_linear_isa($class)};
}

# A sub that is named like a call and is none is misspelt.
sub _check_names {
    my ($class) = @_;
    my $prefixes = join '|', sort keys %{{map { /\A([^_]+_)/ => 1 } keys %CALLS}};
    for my $package (@{mro::get_linear_isa($class)}) {
        no strict 'refs';
        for my $name (sort grep { /\A(?:$prefixes)/ && defined &{"${package}::$_"} } keys %{"${package}::"}) {
            next if $CALLS{$name};
            my %alike = map { my ($same) = ($name ^ $_) =~ /\A(\0*)/; ($_ => length $same) } keys %CALLS;
            my ($closest) = sort { $alike{$b} <=> $alike{$a} || $a cmp $b } keys %alike;
            die "${package}::$name is not a call; did you mean $closest?\n";
        }
    }
    return;
}

# The result of `describe`.
sub describe {
    my ($class, $name, $version, $limits, $processes) = @_;
    my $entries = $class->entries;
    my %services = map { %{$SERVICES{$_} // {}} } reverse @{mro::get_linear_isa($class)};
    my %methods;
    for my $published (_published($class)) {
        my $service = $published->service;
        die "$class does not say what the service $service is: $class->service($service => '...')\n" if !exists $services{$service};
        push @{$methods{$service}}, $published->described;
    }
    my @publishes = map { {service => $_, doc => "$services{$_}", methods => $methods{$_} // []} } sort keys %services;
    return {
        proto       => [$PROTOCOL_VERSION],
        name        => "$name",
        version     => "$version",
        # In the order of the contract.
        methods     => [grep { $entries->{$_} } @CALLS],
        concurrency => 1,
        features    => [@FEATURES, $entries->{'events.pull'} ? 'cursors' : ()],
        idempotency => $entries->{find} ? 'key' : 'none',
        (@publishes ? (publishes => \@publishes) : ()),
        ($limits ? (limits => {map { $_ => 0 + $limits->{$_} } keys %$limits}) : ()),
        ($processes ? (processes => 0 + $processes) : ()),
    };
}

sub serve {
    my ($class, $name, %options) = @_;
    croak 'serve needs the name of the plugin' if !defined $name;
    for my $option (grep { !/\A(?:version|limits|processes)\z/ } keys %options) {
        croak "serve has no $option; it has limits, processes, version";
    }
    require Annelid::Streams;
    return Annelid::Streams::serve($class, $name, $options{version} // '0', @options{qw(limits processes)});
}

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Connector - a connected cloud: what the author of a plugin writes

=head1 SYNOPSIS

    package Cloud;
    use parent 'Annelid::Connector';

    sub compute_list {
        my ($self) = @_;
        return {items => [values %{$self->{vms}}]};
    }

    sub compute_get {
        my ($self, %given) = @_;
        return $self->{vms}{$given{vm}}
            || Annelid::Fault::NotFound->throw("There is no machine $given{vm}.", resource => $given{vm});
    }

    Cloud->serve('mine', version => '1.0.0');

=head1 DESCRIPTION

A subclass has a method for each call that it serves, named after it: C<compute.powerOff> is C<compute_power_off>. It gets
parameters by the names of the protocol, as pairs, and answers what the protocol has, as references to hashes and arrays.
L<Annelid::Generated::Calls> lists the calls, their parameters and their results. An object is made for each configured instance.

Calls are made one after the other. A call hears that it is cancelled when it asks: see L<Annelid::Call>.

Numbers, booleans and text need no care: each member is written as the contract declares it, so that C<"64"> as C<memoryMiB> is the
number 64, and any true value as a boolean is C<true>. Bytes are given as bytes and written in base64; times are seconds since 1970, objects
with a method C<epoch> (such as L<Time::Piece>), or text in RFC 3339. Members that are undef, or that the contract does not have, are left out.

=head1 METHODS TO WRITE

Those of L<Annelid::Generated::Calls>, and two more, each of them optional:

=head2 configure($config)

Called once for each object, with the configuration of its instance; C<< $self->{config} >> has it, too. A fault that it throws is shown as
the reason why the connector is not ready.

=head2 close

Called when the plugin ends, and when the instance is configured anew.

=head1 METHODS TO CALL

=head2 serve($name, version => $version, limits => \%limits, processes => $number)

Serves this class until the host closes the pipe or sends SIGTERM; the process then ends. From here on standard output belongs to
the protocol: what is printed, by child processes too, goes to standard error and so to the daemon's log. What C<warn> is
given goes there at the level C<warn>. With C<--describe> among the arguments of the program it prints what C<describe> answers, and ends.
C<limits> are the longest lines in bytes, C<lineToPlugin> and C<lineFromPlugin>; a result that is longer goes in parts. C<processes> is how
many processes of it are to serve, unless the daemon's configuration says so; with 1 there are never two that are configured.
With C<--listen ADDRESS> it stays, and serves every host that connects to C<unix:PATH> or, with C<--cert>, C<--key> and C<--ca>, to
C<tls://HOST:PORT>; each connection begins with C<configure>. With C<--dial ADDRESS --connector NAME --token-file FILE> it connects to a
host by itself, again whenever the connection has ended. TLS needs L<IO::Socket::SSL>.

=head2 call

The L<Annelid::Call> under way.

=head2 config, instance

The configuration of this instance, a hash, and its name.

=head2 changed($vm, cursor => $cursor, time => $time)

Report a machine as it is now, whoever changed it. A connector with C<events_pull> gives the cursor with which it answers the
event there; others leave it out. The time is when it happened, in RFC 3339, where the backend says so: until then a machine that
has stopped counts as having run.

=head2 deleted($id, cursor => $cursor, time => $time)

Report that a machine is gone.

=head2 resync

Report that events were lost, or that not only machines have changed: the daemon reads all again.

=head2 log($level, $message)

A line for the daemon's log, at the level C<debug>, C<info>, C<warn> or C<error>.

=head2 service($name, $doc)

On the class: what a service is that it publishes.

=head2 publish("$service.$name", %facts)

On the class: publish a method, which callers of the daemon may then call.

    Building->publish('meter.read',
        doc     => 'Read a meter.',
        changes => 0,
        params  => [name => 'string', unit => {enum => ['V', 'A'], default => 'V'}],
        result  => 'number',
        call    => sub { my ($self, %given) = @_; return 229.5 },
    );

C<params> are pairs of a name and a type, in their order; one with a default or with a C<?> behind its name may be left out. A type is
one of C<string boolean integer int64 number time bytes decimal date map any>, C<[TYPE]> for a list, or JSON Schema, a hash, in which such a
word may stand as C<type>. C<params> may also be JSON Schema as a whole. C<result> is a type as well. C<changes> is true
when left out; C<permission> is C<public>, C<read>, C<operate> or C<admin>; C<returns> says what the result means;
C<< example => {params => ..., result => ...} >> is for the documentation.

=head2 new, entries, describe

What the session calls.

=cut
