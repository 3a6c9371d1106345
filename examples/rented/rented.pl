# Drives the servers of a rented cloud over its HTTP API, without a kit: one call at a time, and modules of Perl's own alone.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP ();

my $json = JSON::PP->new->utf8->canonical;
my $http = HTTP::Tiny->new(timeout => 20);
my ($url, $token);

sub fault {
    my ($code, $kind, $message, %more) = @_;
    die {error => {code => $code, message => $message, data => {kind => $kind, %more}}};
}

# What the cloud answers; undef where there is no such thing.
sub cloud {
    my ($method, $path, $body) = @_;
    # One call at a time cannot ask while it has one: it says what it needs, and comes again with that.
    die {result => {need => {secret => ['token']}}} if !defined $token;
    my %request = (headers => {authorization => "Bearer $token", 'content-type' => 'application/json'});
    $request{content} = $json->encode($body) if $body;
    my $reply = $http->request($method, "$url/$path", \%request);
    return $json->decode($reply->{content}) if $reply->{success};
    return if $reply->{status} == 404;
    fault(503, 'unavailable', 'The cloud refuses the token.', outcome => 'none') if $reply->{status} == 401;
    my $outcome = $method eq 'GET' ? 'none' : 'unknown';
    fault(503, 'unavailable', 'The cloud cannot be reached.', outcome => $outcome) if $reply->{status} == 599;
    fault(502, 'failed', "The cloud answers $reply->{status}.", outcome => $outcome);
}

sub machine {
    my ($server) = @_;
    my %same = map { $_ => $server->{$_} } qw(id name vcpus memoryMiB labels key);
    return {%same, state => $server->{power} eq 'on' ? 'running' : 'stopped'};
}

# An id means itself alone, whatever is in it.
sub path_of {
    my ($id) = @_;
    utf8::encode($id);
    $id =~ s/([^A-Za-z0-9_-])/sprintf '%%%02X', ord $1/ge;
    return "servers/$id";
}

sub server {
    my ($id) = @_;
    return cloud('GET', path_of($id)) // fault(404, 'not-found', "There is no machine $id.", outcome => 'none', resource => $id);
}

sub made {
    my ($key) = @_;
    my ($made) = grep { ($_->{key} // '') eq $key } @{cloud('GET', 'servers')};
    return $made;
}

sub switched {
    my ($id, $power) = @_;
    server($id);
    return machine(cloud('POST', path_of($id) . "/$power"));
}

my %calls = (
    'compute.list' => sub { return {items => [map { machine($_) } @{cloud('GET', 'servers')}]} },
    'compute.get' => sub { return machine(server($_[0]{vm})) },
    'compute.create' => sub {
        my ($given, $ctx) = @_;
        my %wish = map { $_ => $given->{$_} } qw(name vcpus memoryMiB labels);
        return machine(made($ctx->{key}) // cloud('POST', 'servers', {%wish, key => $ctx->{key}}));
    },
    'compute.start' => sub {
        my ($given) = @_;
        fault(501, 'unsupported', 'The cloud starts no machine paused.', outcome => 'none') if $given->{paused};
        return switched($given->{vm}, 'on');
    },
    'compute.powerOff' => sub { return switched($_[0]{vm}, 'off') },
    'compute.delete' => sub { cloud('DELETE', path_of($_[0]{vm})); return {} },
);
my %about = (proto => [1], name => 'rented', version => '1.0.0', methods => [sort keys %calls], idempotency => 'key');
my %base = (
    describe => sub { return \%about },
    configure => sub {
        $url = $_[0]{config}{url} // fault(400, 'invalid-params', 'url is missing.', field => '/config/url');
        return {};
    },
    probe => sub { cloud('GET', 'servers'); return {} },
    find => sub {
        my ($given, $ctx) = @_;
        my $made = $given->{call} eq 'compute.create' && made($ctx->{key});
        return $made ? {outcome => 'done', vm => machine($made)} : {outcome => 'none'};
    },
);

sub answer {
    my ($method, $params) = @_;
    my $call = $calls{$method} // $base{$method} // return {error => {code => -32601, message => "rented has no method $method."}};
    my $ctx = delete $params->{ctx} // {};
    $token = $ctx->{given}{secret}{token} // $token;
    my $result = eval { $call->($params, $ctx) };
    return {result => $result} if $result;
    return $@ if ref $@;
    # The cause goes to the log, never to the caller.
    print {*STDERR} $@;
    return {error => {code => 500, message => "rented failed in $method; its log says why."}};
}

$| = 1;
while (my $line = <STDIN>) {
    my $message = eval { $json->decode($line) };
    next if ref $message ne 'HASH' || !defined $message->{id} || !defined $message->{method};
    my $answer = answer($message->{method}, $message->{params} // {});
    print $json->encode({jsonrpc => '2.0', id => $message->{id}, %$answer}), "\n";
}
