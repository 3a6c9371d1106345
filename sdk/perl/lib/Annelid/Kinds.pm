package Annelid::Kinds;

# Values as they go over the wire. A scalar of Perl is text and a number at once; what it is in JSON is declared by the
# contract, the catalogue or the schema of a method, and made so here.
#
# A type is the name of a kind, [TYPE] for a list, or {MEMBER => TYPE} for a record.

use 5.020;
use strict;
use warnings;
no warnings 'recursion';    # As deep as the types are.

use Exporter qw(import);
use JSON::PP     ();
use MIME::Base64 ();
use overload     ();
use POSIX        ();
use Scalar::Util qw(blessed looks_like_number);

our $VERSION   = '0.1.0';
our @EXPORT_OK = qw(typed received time_text);

# RFC 3339 in UTC with milliseconds, of seconds since 1970.
sub time_text {
    my ($epoch) = @_;
    my $ms = POSIX::floor($epoch * 1000 + 0.5);
    my $second = POSIX::floor($ms / 1000);
    return POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime $second) . sprintf '.%03dZ', $ms - $second * 1000;
}

sub _text {
    my ($value) = @_;
    return !ref $value || blessed $value && overload::Method($value, '""') ? "$value" : (undef, 'must be text, not a reference');
}

sub _number {
    my ($value) = @_;
    my $number = looks_like_number($value) ? 0 + $value : return (undef, 'must be a number');
    return $number - $number == 0 ? $number : (undef, 'must be a finite number');
}

# What makes a value of each, or answers undef and why it cannot be. What is the author's, such as an overloaded operator, may die.
my %KINDS = (
    string => \&_text,
    bool   => sub { $_[0] ? JSON::PP::true : JSON::PP::false },
    number => \&_number,
    int    => sub {
        my ($number, $why) = _number($_[0]);
        return (undef, $why) if defined $why;
        return $number == int $number ? int $number : (undef, 'must be an integer');
    },
    # 64 bits, as a string of digits.
    counter => sub {
        my ($value) = @_;
        my ($text, $why) = looks_like_number($value) && $value =~ /[.eE]/ ? sprintf '%.0f', $value : _text($value);
        return (undef, $why) if defined $why;
        return $text =~ /\A-?[0-9]+\z/ ? $text : (undef, 'must be an integer');
    },
    time => sub {
        my ($value) = @_;
        return time_text($value->can('hires_epoch') ? $value->hires_epoch : $value->epoch)
            if blessed $value && $value->can('epoch');
        return _text($value) if !looks_like_number($value);
        # Perl has no date of what is further away.
        return abs $value < 1e15 ? time_text($value) : (undef, 'must be a time');
    },
    bytes => sub {
        my ($bytes, $why) = _text($_[0]);
        return (undef, $why) if defined $why;
        utf8::downgrade($bytes, 1) or return (undef, 'must be bytes, and has characters beyond them: encode it');
        return MIME::Base64::encode_base64($bytes, '');
    },
    map => sub {
        my ($value) = @_;
        return (undef, 'must be a hash') if ref $value ne 'HASH';
        my %map;
        for my $name (grep { defined $value->{$_} } keys %$value) {
            ($map{$name}, my $why) = _text($value->{$name});
            return (undef, $why) if defined $why;
        }
        return \%map;
    },
    any => sub { $_[0] },
);

# A copy of a value that JSON writes as its type wants. What a record has no member for is dropped, as are members that
# are undef. Dies with a sentence when it cannot be: "items/0/vcpus must be a number."
sub typed {
    my ($type, $value, $where) = @_;
    return if !defined $value;
    if (ref $type eq 'HASH') {
        $value = $value->to_error if blessed $value && $value->can('to_error');
        my $fields = _like($value, 'HASH') ? $value : die _at($where), " must be a hash.\n";
        my %record;
        for my $name (keys %$fields) {
            my $field = $type->{$name} // next;
            my $given = $fields->{$name} // next;
            $record{$name} = typed($field, $given, defined $where ? "$where/$name" : $name);
        }
        return \%record;
    }
    if (ref $type eq 'ARRAY') {
        die _at($where), " must be a reference to an array.\n" if !_like($value, 'ARRAY');
        my $at = 0;
        return [map { scalar typed($type->[0], $_, (defined $where ? "$where/" : '') . $at++) } @$value];
    }
    my ($made, $why) = ref $value ? _tried($type, $value) : $KINDS{$type}->($value);
    return $made if !defined $why;
    die _at($where), " $why.\n";
}

# The same as the kind answers, where what is the author's has died, too.
sub _tried {
    my ($type, $value) = @_;
    # That of the author, who may be about to look at it.
    local $@;
    my @made = eval { local $SIG{__DIE__}; $KINDS{$type}->($value) };
    return @made if $@ eq '';
    chomp(my $why = $@);
    return (undef, $why);
}

# What came over the wire, as Perl has it: bytes are bytes, and all else is as it came.
sub received {
    my ($type, $value) = @_;
    return $value if !defined $value;
    if (ref $type eq 'HASH' && ref $value eq 'HASH') {
        return {map { $_ => scalar received($type->{$_} // 'any', $value->{$_}) } keys %$value};
    }
    return [map { scalar received($type->[0], $_) } @$value] if ref $type eq 'ARRAY' && ref $value eq 'ARRAY';
    return $type eq 'bytes' ? MIME::Base64::decode_base64($value) : $value;
}

# Also an object that is one.
sub _like { return (Scalar::Util::reftype($_[0]) // '') eq $_[1] }

sub _at { return defined $_[0] ? $_[0] : 'The value' }

1;
