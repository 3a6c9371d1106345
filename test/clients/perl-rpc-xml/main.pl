# Perl's RPC::XML::Client; see ../README.md.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use RPC::XML;
use RPC::XML::Client;

my $json = JSON::PP->new->ascii->utf8->canonical;
my $scenario = $json->decode($ARGV[0]);
$| = 1;
$RPC::XML::ENCODING = 'utf-8';

my $client = RPC::XML::Client->new($scenario->{endpoint});
$client->request->authorization_basic($scenario->{user}, $scenario->{password});

my %scalars = (int => 'RPC::XML::int', number => 'RPC::XML::double');

sub native {
    my ($kind, $value) = @{$_[0]};
    return native($value) if $kind eq 'any';
    return RPC::XML::boolean->new($value) if $kind eq 'bool';
    return RPC::XML::datetime_iso8601->new($value) if $kind eq 'time';
    return RPC::XML::base64->new(decode_base64($value)) if $kind eq 'bytes';
    return RPC::XML::array->new(from => [map { native($_) } @$value]) if $kind eq 'list';
    return RPC::XML::struct->new({map { $_->[0] => native($_->[1]) } @$value}) if $kind eq 'record' || $kind eq 'map';
    return ($scalars{$kind} || 'RPC::XML::string')->new($value);
}

my %names = (
    'RPC::XML::boolean' => 'bool', 'RPC::XML::int' => 'int', 'RPC::XML::double' => 'number',
    'RPC::XML::string' => 'string', 'RPC::XML::datetime_iso8601' => 'time', 'RPC::XML::base64' => 'bytes',
);

sub shown {
    my ($value) = @_;
    return ['list', [map { shown($_) } @$value]] if $value->isa('RPC::XML::array');
    return ['struct', [map { [$_, shown($value->{$_})] } sort keys %$value]] if $value->isa('RPC::XML::struct');
    my $name = $names{ref $value} || ref $value;
    return [$name, $value->value ? 'true' : 'false'] if $name eq 'bool';
    return [$name, encode_base64($value->value, '')] if $name eq 'bytes';
    return [$name, '' . $value->value];
}

sub answer {
    my ($call) = @_;
    my $reply = eval { $client->send_request($call->{method}, map { native($_) } @{$call->{args}}) };
    return {failed => "$@"} if $@;
    return {failed => "$reply"} if !ref $reply;
    return {fault => {code => '' . $reply->code, message => $reply->string}} if $reply->is_fault;
    return {result => shown($reply)};
}

print $json->encode({version => RPC::XML->VERSION}), "\n";
print $json->encode(answer($json->decode($_))), "\n" while <STDIN>;
