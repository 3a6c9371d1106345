package Annelid::Published;

# Methods of a plugin's own: from what the author says of them to JSON Schema, and to the kinds of their values.

use 5.020;
use strict;
use warnings;

use Carp qw(croak);
use JSON::PP ();

use Annelid::Kinds qw(received typed);

our $VERSION = '0.1.0';

my %WORDS = (
    string  => {type => 'string'},
    boolean => {type => 'boolean'},
    integer => {type => 'integer'},
    int64   => {type => 'integer', format => 'int64'},
    number  => {type => 'number'},
    time    => {type => 'string', format => 'date-time'},
    bytes   => {type => 'string', contentEncoding => 'base64'},
    decimal => {type => 'string', 'x-xsd' => 'decimal'},
    date    => {type => 'string', 'x-xsd' => 'date'},
    map     => {type => 'object', additionalProperties => {type => 'string'}},
    any     => {},
);
my %FACTS = map { $_ => 1 } qw(call changes doc example params permission result returns);
my %BOUNDS = map { $_ => 'number' } qw(minimum maximum minLength maxLength maxItems);

sub new {
    my ($class, $name, %facts) = @_;
    my ($service, $word) = $name =~ /\A([^.]+)\.([^.]+)\z/ or croak "$name is not a service and a word with a dot between them";
    for my $fact (keys %facts) {
        croak "$name: a published method has no $fact; it has " . join(', ', sort keys %FACTS) if !$FACTS{$fact};
    }
    croak "$name needs a sub as its call" if ref $facts{call} ne 'CODE';
    my ($params, $order) = _params($name, $facts{params} // []);
    my $result = exists $facts{result} ? _schema($facts{result}, $name) : undef;
    my $self = bless {
        name => $name, service => $service, call => $facts{call},
        params => type_of($params), result => defined $result ? type_of($result) : 'any',
    }, $class;
    my $example = $facts{example};
    $self->{described} = {
        name    => $word,
        doc     => $facts{doc} // '',
        changes => $facts{changes} // 1 ? JSON::PP::true : JSON::PP::false,
        params  => $params,
        ($order ? (order => $order) : ()),
        (defined $result ? (result => $result) : ()),
        (map { defined $facts{$_} ? ($_ => "$facts{$_}") : () } qw(permission returns)),
        ($example ? (example => typed({params => $self->{params}, result => $self->{result}}, $example)) : ()),
    };
    return $self;
}

# Pairs, whose order is that of the parameters; or JSON Schema.
sub _params {
    my ($name, $params) = @_;
    return (_schema($params, $name), undef) if ref $params eq 'HASH';
    croak "$name: params are pairs of a name and a type" if @$params % 2;
    my (@order, @required, %properties);
    for (my $at = 0; $at < @$params; $at += 2) {
        my ($param, $optional) = $params->[$at] =~ /\A(.*?)(\??)\z/s;
        my $schema = _schema($params->[$at + 1], "$name: $param");
        push @order, $param;
        push @required, $param if !$optional && !exists $schema->{default};
        $properties{$param} = $schema;
    }
    my $object = {type => 'object', properties => \%properties, (@required ? (required => \@required) : ())};
    return ($object, \@order);
}

# JSON Schema of a word, of [TYPE], or of what is JSON Schema already, with its numbers and defaults as they are in JSON.
sub _schema {
    my ($type, $where) = @_;
    croak "$where has no type" if !defined $type;
    return {type => 'array', items => _schema($type->[0], $where)} if ref $type eq 'ARRAY';
    if (ref $type ne 'HASH') {
        my $schema = $WORDS{$type} or croak "$where: there is no type $type; there is " . join ', ', sort keys %WORDS;
        return {%$schema};
    }
    my %schema = %$type;
    # A word may stand in the place of `type` too, beside a description or a bound.
    if (defined $schema{type} && !ref $schema{type} && $WORDS{$schema{type}}) {
        %schema = (%schema, %{$WORDS{$schema{type}}});
        delete $schema{type} if $type->{type} eq 'any';
    }
    $schema{type} = 'string' if !exists $schema{type} && ref $schema{enum} eq 'ARRAY';
    %schema = (%schema, %{typed(\%BOUNDS, \%schema, $where)});
    $schema{items} = _schema($schema{items}, $where) if exists $schema{items};
    $schema{enum} = [map { "$_" } @{$schema{enum}}] if ref $schema{enum} eq 'ARRAY';
    for my $of (qw(properties $defs)) {
        my $held = $schema{$of};
        $schema{$of} = {map { $_ => _schema($held->{$_}, "$where/$_") } keys %$held} if ref $held eq 'HASH';
    }
    $schema{default} = typed(type_of(\%schema), $schema{default}, "$where/default") if defined $schema{default};
    return \%schema;
}

my %KINDS = (boolean => 'bool', integer => 'int', number => 'number', string => 'string');

# The kinds of the values of a schema.
sub type_of {
    my ($schema, $defs, $within) = @_;
    return 'any' if ref $schema ne 'HASH';
    $defs //= $schema->{'$defs'} // {};
    $within //= {};
    if (my ($name) = ($schema->{'$ref'} // '') =~ m{\A#/\$defs/(.+)\z}) {
        # In a type that holds itself the flags of the author's values decide.
        return $within->{$name} ? 'any' : type_of($defs->{$name}, $defs, {%$within, $name => 1});
    }
    if (ref $schema->{anyOf} eq 'ARRAY') {
        my @types = grep { ($_->{type} // '') ne 'null' } @{$schema->{anyOf}};
        return @types == 1 ? type_of($types[0], $defs, $within) : 'any';
    }
    my $type = $schema->{type} // '';
    my $format = $schema->{format} // '';
    return [type_of($schema->{items}, $defs, $within)] if $type eq 'array';
    if (ref $schema->{properties} eq 'HASH') {
        my $held = $schema->{properties};
        return {map { $_ => type_of($held->{$_}, $defs, $within) } keys %$held};
    }
    return ref $schema->{additionalProperties} eq 'HASH' ? 'map' : 'any' if $type eq 'object';
    return 'counter' if $format eq 'int64';
    return 'time'    if $format eq 'date-time';
    return 'bytes'   if ($schema->{contentEncoding} // '') eq 'base64';
    return $KINDS{$type} // 'any';
}

sub name      { return $_[0]{name} }
sub service   { return $_[0]{service} }
sub described { return $_[0]{described} }
sub result    { return $_[0]{result} }

sub call {
    my ($self, $connector, $params) = @_;
    return $self->{call}->($connector, %{received($self->{params}, $params)});
}

1;
