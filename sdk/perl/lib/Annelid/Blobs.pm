package Annelid::Blobs;

# Results that are too long for a line, until the host has read them, and parameters that come in parts.

use 5.020;
use strict;
use warnings;

use MIME::Base64 ();

use Annelid::Fault;
use Annelid::JSON qw(decode_json);

our $VERSION = '0.1.0';

use constant {
    # How many seconds something is kept that nobody asks for.
    KEPT_SECONDS => 60,
    # What is kept at once, and the longest parameters that are taken.
    MOST    => 64,
    LONGEST => 64 * 1024 * 1024,
};

sub new { my ($class) = @_; return bless {out => {}, into => {}, last => 0}, $class }

# Keeps JSON text for the host to read; the handle that is answered in its place.
sub put {
    my ($self, $text) = @_;
    my $out = _fresh($self->{out});
    Annelid::Fault::TooLarge->throw('More than ' . MOST . ' long results are not kept.') if keys %$out >= MOST;
    my $id = 'out-' . ++$self->{last};
    $out->{$id} = [time, $text];
    return {id => $id, bytes => length $text};
}

# The result of `blob.read` or `blob.write`.
sub answer {
    my ($self, $method, $params) = @_;
    my ($blob, $offset, $length, $data) = @$params{qw(blob offset length data)};
    my $is_number = ($offset // '') =~ /\A[0-9]+\z/ && ($method eq 'blob.write' ? defined $data : ($length // '') =~ /\A[0-9]+\z/);
    Annelid::Fault::InvalidParams->throw("$method takes blob, offset, and length or data.") if !defined $blob || !$is_number;
    return $self->_write($blob, $offset, MIME::Base64::decode_base64($data)) if $method eq 'blob.write';
    my $kept = delete $self->{out}{$blob} or Annelid::Fault::NotFound->throw("There is no blob $blob.", resource => $blob);
    my $is_end = $offset + $length >= length $kept->[1];
    $self->{out}{$blob} = [time, $kept->[1]] if !$is_end;
    my $part = $offset > length $kept->[1] ? '' : substr $kept->[1], $offset, $length;
    return {data => MIME::Base64::encode_base64($part, ''), end => $is_end ? \1 : \0};
}

sub _write {
    my ($self, $blob, $offset, $part) = @_;
    my $into = _fresh($self->{into});
    my $kept = (delete $into->{$blob} || [0, ''])->[1];
    Annelid::Fault::InvalidParams->throw("$blob goes on at " . length($kept) . '.', field => '/offset') if $offset != length $kept;
    Annelid::Fault::TooLarge->throw('Parameters of more than ' . LONGEST . ' bytes, or of more than ' . MOST . ' calls, are not kept.')
        if length($kept) + length($part) > LONGEST || keys %$into >= MOST;
    $into->{$blob} = [time, $kept . $part];
    return {};
}

# The parameters that were written.
sub take {
    my ($self, $handle) = @_;
    my ($id, $bytes) = @$handle{qw(id bytes)};
    my $kept = (delete $self->{into}{$id} || [0, ''])->[1];
    return decode_json($kept) if length $kept == $bytes;
    Annelid::Fault::InvalidParams->throw("The blob $id has " . length($kept) . " of $bytes bytes.", field => '/ctx/blob');
}

sub _fresh {
    my ($kept) = @_;
    delete @$kept{grep { $kept->{$_}[0] < time - KEPT_SECONDS } keys %$kept};
    return $kept;
}

1;
