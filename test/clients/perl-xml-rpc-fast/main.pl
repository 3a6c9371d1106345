# Perl's XML::RPC::Fast; see ../README.md.
use strict;
use warnings;
use B qw(svref_2object SVf_NOK);
use JSON::PP;
use MIME::Base64;
use XML::RPC::Fast qw(customtype);

my $json = JSON::PP->new->ascii->utf8->canonical;
my $scenario = $json->decode($ARGV[0]);
$| = 1;

# LWP takes credentials from the address.
(my $address = $scenario->{endpoint}) =~ s{//}{//$scenario->{user}:$scenario->{password}@};
# With DateTime::Format::ISO8601 installed, it refuses times as the specification writes them.
my $client = XML::RPC::Fast->new("$address?time=extended");

my %types = (int => 'int', number => 'double', bytes => 'base64');

sub native {
    my ($kind, $value) = @{$_[0]};
    return native($value) if $kind eq 'any';
    return [map { native($_) } @$value] if $kind eq 'list';
    return {map { $_->[0] => native($_->[1]) } @$value} if $kind eq 'record' || $kind eq 'map';
    return customtype('boolean', $value eq 'true' ? 1 : 0) if $kind eq 'bool';
    if ($kind eq 'time') {
        $value =~ s/-|\..*//g;
        return customtype('dateTime.iso8601', $value);
    }
    return customtype($types{$kind} || 'string', $value);
}

# What it has no class for comes as a reference to text, blessed into the name of the element.
sub shown {
    my ($value) = @_;
    return ['list', [map { shown($_) } @$value]] if ref $value eq 'ARRAY';
    return ['struct', [map { [$_, shown($value->{$_})] } sort keys %$value]] if ref $value eq 'HASH';
    # Perl itself shows 15 digits of a double.
    return ['string', svref_2object(\$value)->FLAGS & SVf_NOK ? sprintf('%.17g', $value) : "$value"] if !ref $value;
    return ['bool', $$value ? 'true' : 'false'] if ref $value eq 'boolean';
    return ['time', "$value"] if ref $value eq 'DateTime';
    return [ref $value, "$$value"];
}

sub answer {
    my ($call) = @_;
    my $reply;
    my @params = map { native($_) } @{$call->{args}};
    eval { $client->req(call => [$call->{method}, @params], cb => sub { ($reply) = @_ }); 1 } or return {failed => "$@"};
    return {result => shown($reply)} if ref $reply ne 'HASH' || !exists $reply->{fault};
    my ($code, $message) = @{$reply->{fault}}{qw(faultCode faultString)};
    return {fault => {code => "$code", message => $message}};
}

print $json->encode({version => "$XML::RPC::Fast::VERSION"}), "\n";
print $json->encode(answer($json->decode($_))), "\n" while <STDIN>;
