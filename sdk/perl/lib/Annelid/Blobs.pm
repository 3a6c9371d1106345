package Annelid::Blobs;

# Results that are too long for a line, until the host has read them, and parameters that come in parts.

use 5.020;
use strict;
use warnings;

use MIME::Base64 ();

use Annelid::Fault;
use Annelid::JSON qw(decode_json);

our $VERSION = '0.1.0';

# How many seconds something is kept that nobody asks for.
use constant KEPT_SECONDS => 60;

sub new { my ($class) = @_; return bless {out => {}, into => {}, last => 0}, $class }

# Keeps JSON text for the host to read; the handle that is answered in its place.
sub put {
    my ($self, $text) = @_;
    my $id = 'out-' . ++$self->{last};
    $self->_keep(out => $id, $text);
    return {id => $id, bytes => length $text};
}

# The result of `blob.read`.
sub read {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $params) = @_;
    my ($blob, $offset, $length) = @$params{qw(blob offset length)};
    my $text = $self->_taken(out => $blob) // Annelid::Fault::NotFound->throw("There is no blob $blob.", resource => $blob);
    my $is_end = $offset + $length >= length $text;
    $self->_keep(out => $blob, $text) if !$is_end;
    my $part = $offset > length $text ? '' : substr $text, $offset, $length;
    return {data => MIME::Base64::encode_base64($part, ''), end => $is_end ? \1 : \0};
}

# The result of `blob.write`. Parts come in order.
sub write {    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
    my ($self, $params) = @_;
    my ($blob, $data) = @$params{qw(blob data)};
    $self->_keep(into => $blob, ($self->_taken(into => $blob) // '') . MIME::Base64::decode_base64($data));
    return {};
}

# The parameters that were written.
sub take {
    my ($self, $handle) = @_;
    my ($id, $bytes) = @$handle{qw(id bytes)};
    my $text = $self->_taken(into => $id) // '';
    return decode_json($text) if length $text == $bytes;
    return Annelid::Fault::InvalidParams->throw("The blob $id has " . length($text) . " of $bytes bytes.", field => '/ctx/blob');
}

sub _keep {
    my ($self, $way, $id, $text) = @_;
    my $kept = $self->{$way};
    delete @$kept{grep { $kept->{$_}[0] < time - KEPT_SECONDS } keys %$kept};
    $kept->{$id} = [time, $text];
    return;
}

sub _taken { my ($self, $way, $id) = @_; return (delete $self->{$way}{$id} // [])->[1] }

1;
