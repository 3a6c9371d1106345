package Annelid::JSON;

# Texts of JSON. Not by JSON::PP: it takes 100 microseconds to read a call of 150 bytes, and writes numbers with 15 digits,
# where a double may need 17.

use 5.020;
use strict;
use warnings;
no warnings 'recursion';    # It is bounded.

use B            ();
use Exporter     qw(import);
use JSON::PP     ();
use Scalar::Util qw(blessed);

our $VERSION   = '0.1.0';
our @EXPORT_OK = qw(encode_json decode_json read_message);

use constant {MAX_DEPTH => 512, BEGINNINGS => 32};

my %ESCAPED = ('"' => '"', '\\' => '\\', '/' => '/', b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

# Bytes. A scalar is written as a number when it is one by its flags: Annelid::Kinds makes them so.
sub encode_json {
    my $text = _text($_[0], 0);
    utf8::encode($text);
    return $text;
}

sub _text {
    my ($value, $depth) = @_;
    if (!ref $value) {
        return 'null' if !defined $value;
        my $flags = B::svref_2object(\$value)->FLAGS;
        return $flags & B::SVp_POK || !($flags & (B::SVp_IOK | B::SVp_NOK)) ? _quoted($value) : _number_text($value);
    }
    die "It is nested too deeply.\n" if $depth >= MAX_DEPTH;
    # Sorted, so that the members of a record come in the same order each time.
    return '{' . join(',', map { _quoted($_) . ':' . _text($value->{$_}, $depth + 1) } sort keys %$value) . '}'
        if ref $value eq 'HASH';
    return '[' . join(',', map { _text($_, $depth + 1) } @$value) . ']' if ref $value eq 'ARRAY';
    return $value ? 'true' : 'false' if blessed $value && $value->isa('JSON::PP::Boolean');
    return $$value ? 'true' : 'false' if ref $value eq 'SCALAR' && defined $$value && $$value =~ /\A[01]\z/;
    return _text($value->TO_JSON, $depth + 1) if blessed $value && $value->can('TO_JSON');
    die 'JSON has no ' . ref($value) . ".\n";
}

sub _number_text {
    my ($value) = @_;
    die "JSON has no number $value.\n" if $value - $value != 0;
    my $text = "$value";
    return $text == $value ? $text : sprintf '%.17g', $value;
}

my %WRITTEN = map { $ESCAPED{$_} => "\\$_" } qw(" \\ b f n r t);

sub _quoted {
    my ($text) = @_;
    $text =~ s/(["\\\x00-\x1f])/$WRITTEN{$1} || sprintf '\\u%04x', ord $1/ge;
    # What is no character has no UTF-8.
    $text =~ s/[\x{d800}-\x{dfff}\x{110000}-\x{7fffffff}]/\x{fffd}/g if utf8::is_utf8($text);
    return qq("$text");
}

# Dies when the bytes are not a JSON text in UTF-8.
sub decode_json {
    my ($text) = @_;
    utf8::decode($text) or _fail('It is not UTF-8.') if $text =~ /[^\x00-\x7f]/;
    for ($text) {
        pos = 0;
        # What the daemon's requests begin with is read in a third of the time when it is one pattern.
        if (/\G\{"jsonrpc":"2\.0","id":(0|[1-9][0-9]{0,14}),"method":"([^"\\\x00-\x1f]*+)","params":\{[ \t\r\n]*/gc) {
            my %request = (jsonrpc => '2.0', id => 0 + $1, method => $2);
            $request{params} = _object(2);
            return \%request if /\G\}[ \t\r\n]*\z/gc;
            pos = 0;
        }
        my $value = /\G\{[ \t\r\n]*/gc ? _object(1) : _value(0);
        /\G[ \t\r\n]*\z/gc or _fail();
        return $value;
    }
}

our $MAY_BE_NOISE;

# The message in a line. Noise may be glued to its beginning, so each brace is tried, though not endlessly many.
sub read_message {
    my ($line) = @_;
    my $at = 0;
    local $MAY_BE_NOISE = 1;
    for (1 .. BEGINNINGS) {
        my $message = eval { decode_json($at ? substr $line, $at : $line) };
        return $message if ref $message eq 'HASH' && ($message->{jsonrpc} // '') eq '2.0';
        $at = index $line, '{', $at + 1;
        return if $at < 0;
    }
    return;
}

sub _fail {
    my $why = $_[0] // sprintf 'It is no JSON at character %d.', (pos // 0) + 1;
    # An author's hook does not hear of noise. It is cleared here alone: for each message that took as long as to read a member.
    local $SIG{__DIE__} if $MAY_BE_NOISE;
    die "$why\n";
}

# Reads at pos($_).
sub _value {
    my ($depth) = @_;
    /\G[ \t\r\n]+/gc;
    return $1 if /\G"([^"\\\x00-\x1f]*+)"/gc;
    return _string() if /\G"/gc;
    if (/\G(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/gc) {
        my $number = 0 + $1;
        return $number - $number == 0 ? $number : _fail();
    }
    _fail() if $depth >= MAX_DEPTH;
    return _object($depth + 1) if /\G\{[ \t\r\n]*/gc;
    return _array($depth + 1)  if /\G\[[ \t\r\n]*/gc;
    return JSON::PP::true  if /\Gtrue/gc;
    return JSON::PP::false if /\Gfalse/gc;
    return undef           if /\Gnull/gc;    ## no critic (ProhibitExplicitReturnUndef): a value
    return _fail();
}

sub _object {
    my ($depth) = @_;
    my %object;
    return \%object if /\G\}/gc;
    while (1) {
        # Most members are plain, and one pattern for all of it is a third faster; so is another for what begins something.
        if (/\G"([^"\\\x00-\x1f]*+)":(?:"([^"\\\x00-\x1f]*+)"|(0|[1-9][0-9]{0,14}))(?:(,)[ \t\r\n]*|\})/gc) {
            $object{$1} = $2 // 0 + $3;
            next if $4;
            return \%object;
        }
        if ($depth < MAX_DEPTH && /\G"([^"\\\x00-\x1f]*+)":([{[])[ \t\r\n]*/gc) {
            # What is within has matches of its own.
            my $name = $1;
            $object{$name} = $2 eq '{' ? _object($depth + 1) : _array($depth + 1);
        }
        else {
            my $name = /\G"([^"\\\x00-\x1f]*+)"/gc ? $1 : /\G"/gc ? _string() : _fail();
            /\G[ \t\r\n]*:/gc or _fail();
            $object{$name} = _value($depth);
        }
        next if /\G[ \t\r\n]*,[ \t\r\n]*/gc;
        return \%object if /\G[ \t\r\n]*\}/gc;
        _fail();
    }
}

sub _array {
    my ($depth) = @_;
    my @array;
    return \@array if /\G\]/gc;
    while (1) {
        if (/\G"([^"\\\x00-\x1f]*+)"(?:(,)[ \t\r\n]*|\])/gc) {
            push @array, $1;
            next if $2;
            return \@array;
        }
        push @array, _value($depth);
        next if /\G[ \t\r\n]*,[ \t\r\n]*/gc;
        return \@array if /\G[ \t\r\n]*\]/gc;
        _fail();
    }
}

# The rest of a string with escapes.
sub _string {
    my $string = '';
    while (1) {
        if    (/\G([^"\\\x00-\x1f]++)/gc)     { $string .= $1 }
        elsif (/\G"/gc)                       { return $string }
        elsif (/\G\\(["\\\/bfnrt])/gc)        { $string .= $ESCAPED{$1} }
        elsif (/\G\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/gc) {
            $string .= chr 0x10000 + ((hex($1) - 0xd800) << 10) + hex($2) - 0xdc00;
        }
        # Half of a pair has no character.
        elsif (/\G\\u([dD][89a-fA-F][0-9a-fA-F]{2})/gc) { $string .= "\x{fffd}" }
        elsif (/\G\\u([0-9a-fA-F]{4})/gc)     { $string .= chr hex $1 }
        else                                  { _fail() }
    }
}

1;
