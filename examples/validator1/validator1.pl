# UserLand's validator1 suite, published by a plugin in Perl without a library.
use strict;
use warnings;
use JSON::PP;
use List::Util qw(pairkeys reduce sum0);

my @stooges = qw(moe larry curly);

# What parameters and results are, in JSON Schema. A struct that may hold more than is known is a value of any kind.
my $any     = {};
my $integer = {type => 'integer'};
my $boolean = {type => 'boolean'};
my $double  = {type => 'number'};
my $string  = {type => 'string'};
my $time    = {type => 'string', format => 'date-time'};
my $bytes   = {type => 'string', contentEncoding => 'base64'};

sub array { return {type => 'array', items => $_[0]} }
sub struct { return {type => 'object', properties => {@_}, required => [pairkeys @_]} }

my (@methods, %calls);

# The parameters come as a list, since hashes have no order; `order` tells it.
sub published {
    my ($name, $doc, $params, $result, $call) = @_;
    push @methods, {
        name   => $name,
        doc    => $doc,
        changes => JSON::PP::false,
        params => struct(@$params),
        order  => [pairkeys @$params],
        result => $result,
    };
    $calls{"validator1.$name"} = $call;
    return;
}

# What the caller did wrong dies as a hash; PROTOCOL.md, section 8, lists the codes.
sub member {
    my ($value, $name) = @_;
    return $value->{$name} if ref $value eq 'HASH' && exists $value->{$name};
    die {code => -32602, message => "There must be a struct with a member $name."};
}

sub integer {
    my ($value, $name) = @_;
    my $found = member($value, $name);
    return $found if defined $found && !ref $found && $found =~ /\A-?\d+\z/;
    die {code => -32602, message => "The member $name must be an integer."};
}

published 'arrayOfStructsTest', 'Adds up the members `curly` of all structs.',
    [structs => array($any)], $integer,
    sub { my ($params) = @_; return sum0 map { integer($_, 'curly') } @{$params->{structs}} };

published 'countTheEntities', 'Counts the characters that XML has entities for.',
    [text => $string],
    struct(
        ctLeftAngleBrackets  => $integer,
        ctRightAngleBrackets => $integer,
        ctAmpersands         => $integer,
        ctApostrophes        => $integer,
        ctQuotes             => $integer,
    ),
    sub {
        my $text = $_[0]{text};
        return {
            ctLeftAngleBrackets  => $text =~ tr/<//,
            ctRightAngleBrackets => $text =~ tr/>//,
            ctAmpersands         => $text =~ tr/&//,
            ctApostrophes        => $text =~ tr/'//,
            ctQuotes             => $text =~ tr/"//,
        };
    };

published 'easyStructTest', 'Adds up the members `moe`, `larry` and `curly`.',
    [struct => $any], $integer,
    sub { my ($params) = @_; return sum0 map { integer($params->{struct}, $_) } @stooges };

published 'echoStructTest', 'Answers the struct that it is given.',
    [struct => $any], $any,
    sub { return $_[0]{struct} };

published 'manyTypesTest', 'Answers all its parameters as an array.',
    [number => $integer, boolean => $boolean, string => $string, double => $double, dateTime => $time, base64 => $bytes],
    array($any),
    sub {
        my ($params) = @_;
        # Parameters have types of their own; in a value of any kind, tags say what is a time and what is bytes.
        return [@$params{qw(number boolean string double)}, {'$time' => $params->{dateTime}}, {'$bytes' => $params->{base64}}];
    };

published 'moderateSizeArrayCheck', 'Joins the first and the last text.',
    [texts => array($string)], $string,
    sub { my @texts = @{$_[0]{texts}}; return @texts ? $texts[0] . $texts[-1] : '' };

published 'nestedStructTest',
    'Adds up `moe`, `larry` and `curly` of the first of April 2000 in a calendar of years, months and days.',
    [calendar => $any], $integer,
    sub {
        my $day = reduce { member($a, $b) } $_[0]{calendar}, qw(2000 04 01);
        return sum0 map { integer($day, $_) } @stooges;
    };

published 'simpleStructReturnTest', 'Multiplies a number by 10, 100 and 1000.',
    [number => $integer],
    struct(times10 => $integer, times100 => $integer, times1000 => $integer),
    sub { my $number = $_[0]{number}; return {map { ("times$_" => $number * $_) } 10, 100, 1000} };

$calls{describe} = sub {
    my $service = {service => 'validator1', doc => 'The first validation suite for XML-RPC.', methods => \@methods};
    return {proto => [1], name => 'validator1', version => '1.0', methods => [], publishes => [$service]};
};

sub answer {
    my ($method, $params) = @_;
    my $call = $calls{$method} or return (error => {code => -32601, message => "There is no method $method."});
    my $result = eval { $call->($params) };
    return (result => $result) if !$@;
    return (error => ref $@ ? $@ : {code => 500, message => "$@"});
}

# Sorted, so that the fields of records are in the same order each time.
my $json = JSON::PP->new->utf8->canonical;
$| = 1;
while (my $line = <STDIN>) {
    my $message = $json->decode($line);
    # Notifications have no id, and are not answered.
    next if !exists $message->{id};
    print $json->encode({jsonrpc => '2.0', id => $message->{id}, answer($message->{method}, $message->{params} || {})}), "\n";
}
