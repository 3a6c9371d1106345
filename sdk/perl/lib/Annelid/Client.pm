package Annelid::Client;

use 5.020;
use strict;
use warnings;

use parent 'Annelid::Generated::Methods';

use Carp qw(croak);
use File::Spec   ();
use HTTP::Tiny   ();
use List::Util   qw(max min);
use MIME::Base64 qw(encode_base64);
use Time::HiRes  ();

use Annelid::Fault;
use Annelid::JSON qw(decode_json encode_json);
use Annelid::Kinds qw(typed);

our $VERSION = '0.1.0';

use constant {
    TIMEOUT_SECONDS => 60,
    # How long one `operation.wait` waits: shorter than what proxies cut.
    STEP_SECONDS => 50,
    # What HTTP::Tiny answers when nobody else did.
    NO_ANSWER => 599,
};

my %OPTIONS = map { $_ => 1 } qw(url user password token timeout ca_file);

sub new {
    my ($class, %given) = @_;
    for my $name (keys %given) {
        croak "A client has no $name; it has " . join(', ', sort keys %OPTIONS) if !$OPTIONS{$name};
    }
    croak 'A client needs the url of its daemon' if !defined $given{url};
    my ($address, $place) = $given{url} =~ m{\A(https?://([^/?#]+)[^?#]*?)/*\z}i
        or croak "$given{url} is not an address of a daemon: http://HOST:PORT";
    my $self = bless {
        address => "$address/jsonrpc",
        place   => $place,
        timeout => $given{timeout} // TIMEOUT_SECONDS,
        tls     => defined $given{ca_file} ? {SSL_ca_file => $given{ca_file}} : {},
        http    => {},
        last_id => 0,
    }, $class;
    if (defined $given{token}) {
        $self->use_token($given{token});
    }
    elsif (defined $given{user}) {
        my $pair = "$given{user}:" . ($given{password} // '');
        utf8::encode($pair);
        $self->{authorization} = 'Basic ' . encode_base64($pair, '');
    }
    return $self;
}

sub local {    ## no critic (ProhibitBuiltinHomonyms)
    my ($class, $state, %options) = @_;
    $state //= '.annelid';
    my $endpoint = decode_json(_content(File::Spec->catfile($state, 'endpoint')));
    my $password = _content(File::Spec->catfile($state, 'admin-password'));
    $password =~ s/\s+\z//;
    return $class->new(url => $endpoint->{url}, user => 'admin', password => $password, %options);
}

sub _content {
    my ($file) = @_;
    open my $handle, '<:raw', $file or croak "$file cannot be read: $!";
    local $/ = undef;
    return scalar readline $handle;
}

sub use_token {
    my ($self, $token) = @_;
    $self->{authorization} = "Bearer $token";
    return;
}

sub login {
    my ($self, $user, $password) = @_;
    my $session = $self->session->login(user => $user, password => $password);
    $self->use_token($session->{token});
    return $session;
}

sub call {
    my ($self, $method, %params) = @_;
    return $self->invoke($method, {map { $_ => $params{$_} } grep { defined $params{$_} } keys %params});
}

sub wait {    ## no critic (ProhibitBuiltinHomonyms)
    my ($self, $operation, $timeout) = @_;
    my $end = defined $timeout ? _now() + $timeout : undef;
    my ($at, $name) = ref $operation ? ($operation, $operation->{id}) : (undef, $operation);
    while (!$at || $at->{state} !~ /\A(?:succeeded|failed|cancelled)\z/) {
        my $left = defined $end ? min(STEP_SECONDS, $end - _now()) : STEP_SECONDS;
        Annelid::Fault::Timeout->throw("The operation $name has not ended.", operation => $name) if $left <= 0 && $at;
        $at = $self->operation->wait(operation => $name, wait => max(0, $left));
    }
    return $at if $at->{state} eq 'succeeded';
    if (my $fault = $at->{fault}) {
        die Annelid::Fault->of($fault->{kind}, $fault->{message}, {operation => $name, %$fault});
    }
    my $class = $at->{state} eq 'cancelled' ? 'Annelid::Fault::Cancelled' : 'Annelid::Fault::Failed';
    return $class->throw("$at->{method} was $at->{state}.", operation => $name);
}

sub each {    ## no critic (ProhibitBuiltinHomonyms)
    my ($self, $method, %params) = @_;
    my ($noun, $verb) = $method =~ /\A(\w+)->(\w+)\z/ or croak "$method is not a list: vm->list";
    my $lister = $self->can($noun) && $self->$noun;
    croak "There is no $method" if !$lister || !$lister->can($verb);
    my (@items, $is_last);
    return sub {
        while (!@items && !$is_last) {
            my $page = $lister->$verb(%params);
            @items = @{$page->{items}};
            $params{after} = $page->{next};
            $is_last = !defined $page->{next};
        }
        return shift @items;
    };
}

# What the methods of nouns call, with the types of their parameters.
sub ask {
    my ($self, $method, $params, $type) = @_;
    for my $name (keys %$params) {
        next if exists $type->{$name};
        Annelid::Fault::InvalidParams->throw("$method has no parameter $name.", field => "/$name");
    }
    my ($typed, $why) = do {
        local $@;
        my $made = eval { local $SIG{__DIE__}; typed($type, $params) };
        ($made, $@);
    };
    return $self->invoke($method, $typed) if $typed;
    chomp $why;
    return Annelid::Fault::InvalidParams->throw("$method: $why");
}

# Parameters as they are in JSON.
sub invoke {
    my ($self, $method, $params) = @_;
    my $request = {jsonrpc => '2.0', id => ++$self->{last_id}, method => "$method", params => $params};
    my $answer = $self->_post(encode_json($request), $params->{wait} // 0);
    my $error = $answer->{error} or return $answer->{result};
    die Annelid::Fault->from_error($error);
}

sub _post {
    my ($self, $body, $wait) = @_;
    my %headers = ('Content-Type' => 'application/json');
    $headers{Authorization} = $self->{authorization} if defined $self->{authorization};
    my $reply = $self->_http($wait)->request(POST => $self->{address}, {headers => \%headers, content => $body});
    my $answer = do { local $@; eval { local $SIG{__DIE__}; decode_json($reply->{content}) } };
    return $answer if ref $answer eq 'HASH';
    my $place = $self->{place};
    if ($reply->{status} != NO_ANSWER) {
        Annelid::Fault::Unavailable->throw("$place answered $reply->{status} $reply->{reason}, and no JSON-RPC.");
    }
    my ($why) = $reply->{content} =~ /\A\s*([^\n]*\S)/;
    Annelid::Fault::Timeout->throw("$place did not answer in time.") if $why =~ /\ATimed out/;
    return Annelid::Fault::Unavailable->throw("$place cannot be reached: $why");
}

# Connections are kept: one for calls that answer at once, one for those that wait.
sub _http {
    my ($self, $wait) = @_;
    my $timeout = $self->{timeout} + $wait;
    my $known = $self->{http}{$wait ? 'waiting' : 'prompt'} //= {timeout => 0};
    if ($known->{timeout} != $timeout) {
        my $http = HTTP::Tiny->new(
            agent => "Annelid/$VERSION ", timeout => $timeout, max_redirect => 0, keep_alive => 1,
            verify_SSL => 1, SSL_options => $self->{tls},
        );
        %$known = (timeout => $timeout, http => $http);
    }
    return $known->{http};
}

sub _now { return Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Client - the client of a daemon: every method of its catalogue, over JSON-RPC

=head1 SYNOPSIS

    use Annelid::Client;

    my $api = Annelid::Client->new(url => 'http://127.0.0.1:8420', user => 'alice', password => 'secret');
    $api->wait($api->vm->create(name => 'web1', connector => 'mine', memoryMiB => 64, start => 1));
    my $next = $api->each('vm->list', state => 'running');
    while (my $vm = $next->()) {
        print "$vm->{name} $vm->{state}\n";
    }

=head1 DESCRIPTION

Methods are named after those of the catalogue: C<vm.powerOff> is C<< $api->vm->power_off >>. They take parameters as pairs and answer what the
daemon has, as references to hashes and arrays. L<Annelid::Generated::Methods> lists them. Parameters are written as the catalogue
declares them, whether a scalar was text or a number before: C<< memoryMiB => "64" >> is the number 64, C<< start => 1 >> is true. Those that
are undef are left out. A failure is thrown as an L<Annelid::Fault> of the class of its kind.

=head1 METHODS

=head2 new(url => $url, %options)

C<url> is where the daemon is: C<http://HOST:PORT> or C<https://...>; the latter needs L<IO::Socket::SSL>. C<user> and C<password>, or
C<token>, say who calls. C<timeout> is how many seconds an answer may take, 60 unless given. C<ca_file> has the certificates that are
believed, when not those of the system.

=head2 local($state, %options)

The daemon whose state directory this is, F<.annelid> unless given, as its administrator.

=head2 login($user, $password)

C<session.login>; its token is used from now on.

=head2 use_token($token)

Call with this token from now on.

=head2 call($method, %params)

Call any method, also one that a plugin publishes: C<< $api->call('meter.read', name => 'east') >>. Its kinds are not known here, so the flags of
each scalar decide: C<0 + $x> is a number, C<"$x"> is text, and C<JSON::PP::true> is true.

=head2 wait($operation, $timeout)

Wait until an operation, or that with this id, has succeeded, and answer it. Throws the fault with which it failed, or Cancelled; Timeout
when it has not ended after so many seconds, and the operation goes on.

=head2 each($list, %params)

All items of a list, page by page: a sub that answers the next one, and undef after the last.

=head2 ask($method, \%params, \%types), invoke($method, \%params)

What the methods of nouns call.

=cut
