# Perl's XMLRPC::Lite; see ../README.md.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use XMLRPC::Lite;

my $json = JSON::PP->new->ascii->utf8->canonical;
my $scenario = $json->decode($ARGV[0]);
$| = 1;

# LWP takes credentials from the address.
(my $address = $scenario->{endpoint}) =~ s{//}{//$scenario->{user}:$scenario->{password}@};
my $server = XMLRPC::Lite->proxy($address);

# What it sends is guessed from how a scalar looks; SOAP::Data says it when the guess would be wrong.
sub native {
    my ($kind, $value) = @{$_[0]};
    return native($value) if $kind eq 'any';
    return SOAP::Data->type(boolean => $value eq 'true' ? 1 : 0) if $kind eq 'bool';
    return SOAP::Data->type(double => $value) if $kind eq 'number';
    return SOAP::Data->type(int => $value) if $kind eq 'int';
    return SOAP::Data->type(base64 => decode_base64($value)) if $kind eq 'bytes';
    return [map { native($_) } @$value] if $kind eq 'list';
    return {map { $_->[0] => native($_->[1]) } @$value} if $kind eq 'record' || $kind eq 'map';
    if ($kind eq 'time') {
        $value =~ s/-|\..*//g;
        return SOAP::Data->type(dateTime => $value);
    }
    return SOAP::Data->type(string => $value);
}

sub shown {
    my ($value) = @_;
    return ['nil', ''] if !defined $value;
    return ['list', [map { shown($_) } @$value]] if ref $value eq 'ARRAY';
    return ['struct', [map { [$_, shown($value->{$_})] } sort keys %$value]] if ref $value eq 'HASH';
    return ['string', "$value"];
}

sub answer {
    my ($call) = @_;
    my $reply = eval { $server->call($call->{method}, map { native($_) } @{$call->{args}}) };
    return {failed => "$@"} if !defined $reply;
    return {fault => {code => '' . $reply->faultcode, message => $reply->faultstring}} if $reply->fault;
    return {result => shown($reply->result)};
}

print $json->encode({version => XMLRPC::Lite->VERSION}), "\n";
print $json->encode(answer($json->decode($_))), "\n" while <STDIN>;
