# SOAP::Lite, without a WSDL (given `unnamed`, with parameters that have no names) or with service(); see ../README.md.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use SOAP::Lite;

my $json = JSON::PP->new->ascii->utf8->canonical;
my $scenario = $json->decode($ARGV[-1]);
my $unnamed = $ARGV[0] eq 'unnamed';
$| = 1;

my $untyped = $scenario->{mode} eq 'none';
my $fault;

my $client = $untyped ? SOAP::Lite->new->ns('urn:annelid:1') : SOAP::Lite->service($scenario->{wsdl});
$client->proxy($scenario->{endpoint})->proxy->default_headers->authorization_basic($scenario->{user}, $scenario->{password});
$client->on_fault(sub { my (undef, $reply) = @_; $fault = $reply; return SOAP::SOM->new });

my %types = (bool => 'boolean', int => 'int', counter => 'long', number => 'double', time => 'dateTime');

# Typed where the guess from how a scalar looks would be wrong.
sub native {
    my ($kind, $value) = @{$_[0]};
    return native($value) if $kind eq 'any';
    return [map { native($_) } @$value] if $kind eq 'list';
    return {map { $_->[0] => native($_->[1]) } @$value} if $kind eq 'record' || $kind eq 'map';
    # With a WSDL it knows the types.
    return $kind eq 'bool' ? ($value eq 'true' ? 1 : 0) : $kind eq 'bytes' ? decode_base64($value) : $value if !$untyped;
    return SOAP::Data->type(base64Binary => decode_base64($value)) if $kind eq 'bytes';
    return SOAP::Data->type(($types{$kind} || 'string') => $value);
}

sub shown {
    my ($value) = @_;
    return ['nil', ''] if !defined $value;
    return ['list', [map { shown($_) } @$value]] if ref $value eq 'ARRAY';
    return ['struct', [map { [$_, shown($value->{$_})] } sort keys %$value]] if UNIVERSAL::isa($value, 'HASH');
    return ['string', "$value"];
}

# By their places: what is not set is nil, and left out at the end.
sub in_order {
    my @args = @_;
    pop @args while @args && $args[-1][1][0] eq 'nil';
    return map { $_->[1][0] eq 'nil' ? SOAP::Data->attr({'xsi:nil' => 'true'}) : native($_->[1]) } @args;
}

sub named {
    return map { my ($name, $value) = @$_; SOAP::Data->name($name => native($value)) } grep { $_->[1][0] ne 'nil' } @_;
}

sub call {
    my ($method, @args) = @_;
    return $client->call($method, $unnamed ? in_order(@args) : named(@args))->result if $untyped;
    # The parameters are those of the WSDL, in its order.
    return $client->$method(map { $_->[1][0] eq 'nil' ? undef : native($_->[1]) } @args);
}

sub answer {
    my ($call) = @_;
    undef $fault;
    my $result = eval { call($call->{method}, @{$call->{args}}) };
    return {failed => "$@"} if $@;
    return {result => shown($result)} if !defined $fault;
    return {failed => "$fault"} if !ref $fault;
    my $detail = $fault->faultdetail->{ApiFault};
    return {fault => {code => "$detail->{code}", kind => $detail->{kind}, message => $fault->faultstring}};
}

print $json->encode({version => SOAP::Lite->VERSION}), "\n";
print $json->encode(answer($json->decode($_))), "\n" while <STDIN>;
