package Annelid::Fault;

use 5.020;
use strict;
use warnings;

use Carp qw(croak);
use overload '""' => sub { $_[0]->message }, bool => sub { 1 }, fallback => 1;

use Scalar::Util qw(blessed);

use Annelid::Generated::Protocol;
use Annelid::Kinds qw(typed);

our $VERSION = '0.1.0';

# What the classes of Annelid::Generated::Faults say of their kinds.
sub kind      { return 'internal' }
sub code      { return 500 }
sub wire_code { return -32603 }
sub retry     { return 0 }
sub refusal   { return 0 }

my %CLASSES;

sub _register {
    my ($class) = @_;
    $CLASSES{$class->kind} = $class;
    return;
}

sub new {
    my ($class, $message, %data) = @_;
    for my $name (keys %data) {
        croak "A fault has no $name; it has " . join(', ', sort keys %FAULT_DATA) if !exists $FAULT_DATA{$name};
    }
    return bless {message => "$message", data => typed(\%FAULT_DATA, \%data)}, $class;
}

sub throw {
    my ($class, @given) = @_;
    die $class->new(@given);
}

sub of {
    my ($class, $kind, $message, $data) = @_;
    my %known = map { exists $data->{$_} ? ($_ => $data->{$_}) : () } keys %FAULT_DATA;
    return ($CLASSES{$kind // ''} || $CLASSES{internal})->new($message, %known);
}

sub from_error {
    my ($class, $error) = @_;
    my $data = ref $error->{data} eq 'HASH' ? $error->{data} : {};
    return $class->of($data->{kind}, $error->{message} // 'No reason was given.', $data);
}

sub caught {
    my ($class, $error) = @_;
    $error = $@ if @_ < 2;
    return blessed($error) && $error->isa($class) ? $error : undef;
}

sub message { return $_[0]{message} }
sub data    { return {%{$_[0]{data}}} }

for my $name (keys %FAULT_DATA) {
    no strict 'refs';
    *$name = sub { return $_[0]{data}{$name} };
}

sub to_error {
    my ($self) = @_;
    my @outcome = $self->refusal ? (outcome => 'none') : ();
    return {
        code    => 0 + $self->code,
        message => $self->message,
        data    => {kind => $self->kind, @outcome, %{$self->{data}}},
    };
}

require Annelid::Generated::Faults;

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Fault - a failure that the caller is meant to see

=head1 SYNOPSIS

    use Annelid::Fault;

    Annelid::Fault::NotFound->throw("There is no machine $vm.", resource => $vm);

    eval { $api->vm->get(vm => 'web2'); 1 } or do {
        my $fault = Annelid::Fault::NotFound->caught or die $@;
        print $fault->kind, ": $fault\n";
    };

=head1 DESCRIPTION

There is a class for each kind: C<not-found> is C<Annelid::Fault::NotFound>. L<Annelid::Generated::Faults> lists them. A plugin
throws them for what the caller should read; anything else that it dies with goes to the daemon's log, and the caller is
told no more than that the call failed. The client throws what the daemon answered. As text, a fault is its message.

=head1 METHODS

=head2 throw($message, %data), new($message, %data)

C<$message> says what is wrong, and with what. It is shown to users: no secrets, no traces. C<%data> is what else is known,
such as C<< resource => $id >>; L<Annelid::Generated::Faults/DATA> lists it. Each is a method, too: C<< $fault->resource >>.

=head2 caught([$error])

C<$error>, or C<$@>, when it is a fault of this class; undef otherwise.

=head2 message, data

The sentence; a hash of what was given beside it.

=head2 kind, code, wire_code, retry, refusal

The kind by its name; the number that plugins answer; the number that XML-RPC and JSON-RPC carry; whether the same call may simply be
made again later; whether it is chosen before anything is touched.

=head2 of($kind, $message, \%data)

The fault that came over a wire; of a kind that is not known, an C<Annelid::Fault::Internal>.

=head2 from_error(\%error)

The fault that C<error> of an answer is.

=head2 to_error

C<error> of an answer, as plugins send it.

=cut
