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
    die "must be text, not a reference\n" if ref $value && !(blessed $value && overload::Method($value, '""'));
    return "$value";
}

sub _number {
    my ($value) = @_;
    my $number = looks_like_number($value) ? 0 + $value : die "must be a number\n";
    return $number - $number == 0 ? $number : die "must be a finite number\n";
}

my %KINDS = (
    string => \&_text,
    bool   => sub { $_[0] ? JSON::PP::true : JSON::PP::false },
    number => \&_number,
    int    => sub {
        my $number = _number($_[0]);
        return $number == int $number ? int $number : die "must be an integer\n";
    },
    # 64 bits, as a string of digits.
    counter => sub {
        my ($value) = @_;
        my $text = looks_like_number($value) && $value =~ /[.eE]/ ? sprintf '%.0f', $value : _text($value);
        return $text =~ /\A-?[0-9]+\z/ ? $text : die "must be an integer\n";
    },
    time => sub {
        my ($value) = @_;
        return time_text($value->can('hires_epoch') ? $value->hires_epoch : $value->epoch)
            if blessed $value && $value->can('epoch');
        return looks_like_number($value) ? time_text($value) : _text($value);
    },
    bytes => sub {
        my $bytes = _text($_[0]);
        utf8::downgrade($bytes, 1) or die "must be bytes, and has characters beyond them: encode it\n";
        return MIME::Base64::encode_base64($bytes, '');
    },
    map => sub {
        my ($value) = @_;
        ref $value eq 'HASH' or die "must be a hash\n";
        return {map { $_ => _text($value->{$_}) } grep { defined $value->{$_} } keys %$value};
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
            next if !defined $fields->{$name} || !exists $type->{$name};
            my $field = $type->{$name};
            $record{$name} = typed($field, $fields->{$name}, defined $where ? "$where/$name" : $name);
        }
        return \%record;
    }
    if (ref $type eq 'ARRAY') {
        die _at($where), " must be a reference to an array.\n" if !_like($value, 'ARRAY');
        my $at = 0;
        return [map { scalar typed($type->[0], $_, (defined $where ? "$where/" : '') . $at++) } @$value];
    }
    my ($made, $why) = do {
        # That of the author, who may be about to look at it.
        local $@;
        my $of = eval { local $SIG{__DIE__}; $KINDS{$type}->($value) };
        ($of, $@);
    };
    return $made if $why eq '';
    chomp $why;
    die _at($where), " $why.\n";
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
