# Perl's Frontier::Client; see ../README.md.
use strict;
use warnings;
use Encode;
use Frontier::Client;
use JSON::PP;

my $json = JSON::PP->new->ascii->utf8->canonical;
my $scenario = $json->decode($ARGV[0]);
$| = 1;

# LWP takes credentials from the address.
(my $address = $scenario->{endpoint}) =~ s{//}{//$scenario->{user}:$scenario->{password}@};
my $server = Frontier::Client->new(url => $address);

# Text goes out as it is given, names of members unescaped too.
sub name {
    my ($name) = @_;
    $name =~ s/([&<>])/'&#' . ord($1) . ';'/ge;
    return encode_utf8($name);
}

sub native {
    my ($kind, $value) = @{$_[0]};
    return native($value) if $kind eq 'any';
    return $server->boolean($value eq 'true' ? 1 : 0) if $kind eq 'bool';
    return $server->int($value) if $kind eq 'int';
    return Frontier::RPC2::Double->new($value) if $kind eq 'number';
    return $server->base64($value) if $kind eq 'bytes';
    return [map { native($_) } @$value] if $kind eq 'list';
    return {map { name($_->[0]) => native($_->[1]) } @$value} if $kind eq 'record' || $kind eq 'map';
    if ($kind eq 'time') {
        $value =~ s/-|\..*//g;
        return $server->date_time($value);
    }
    return $server->string(encode_utf8($value));
}

my %names = (Boolean => 'bool', 'DateTime::ISO8601' => 'time', Base64 => 'bytes');

sub shown {
    my ($value) = @_;
    return ['list', [map { shown($_) } @$value]] if ref $value eq 'ARRAY';
    return ['struct', [map { [$_, shown($value->{$_})] } sort keys %$value]] if ref $value eq 'HASH';
    return ['string', "$value"] if ref($value) !~ /^Frontier::RPC2::(.*)/;
    my $name = $names{$1};
    return [$name, $name eq 'bool' ? ($value->value ? 'true' : 'false') : $value->value];
}

sub answer {
    my ($call) = @_;
    my $reply = eval { $server->call($call->{method}, map { native($_) } @{$call->{args}}) };
    return {result => shown($reply)} if !$@;
    # Faults are exceptions of this text.
    return {fault => {code => $1, message => $2}} if $@ =~ /^Fault returned from XML RPC Server, fault code (-?\d+): (.*)\n\z/s;
    return {failed => "$@"};
}

# The module itself does not say which it is; Debian's package is 0.07b4.
print $json->encode({version => '0.07'}), "\n";
print $json->encode(answer($json->decode($_))), "\n" while <STDIN>;
