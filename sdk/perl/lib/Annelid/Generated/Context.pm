# Made from the contract and the catalogue by daemon/generate; change those, not this.
package Annelid::Generated::Context;

use 5.020;
use strict;
use warnings;

sub instance { my $of = $_[0]{ctx}{instance}; return ref $of ? '' : $of // '' }
sub key { return $_[0]{ctx}{key} }
sub attempt { return $_[0]{ctx}{attempt} // 1 }
sub idle { my $of = $_[0]{ctx}{idleMs}; return defined $of && !ref $of ? $of / 1000 : undef }
sub accept { my $of = $_[0]{ctx}{accept}; return ref $of eq 'ARRAY' ? @$of : () }    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol
sub given { my $of = $_[0]{ctx}{given}; return ref $of eq 'HASH' ? $of : {} }
sub actor { return $_[0]{ctx}{actor} }
sub account { return $_[0]{ctx}{account} }
sub log_level { my $of = $_[0]{ctx}{logLevel}; return ref $of ? '' : $of // '' }

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Generated::Context - what goes with a call

=head1 METHODS

=head2 instance

The configured instance that the call is for.

=head2 key

The idempotency key of a mutation: the same at each attempt.

=head2 attempt

1 at the first attempt.

=head2 idle

Seconds without progress until the host gives up.

=head2 accept

What may be answered in place of a result. C<task> is for work that goes on, C<need> for what is
needed before anything is done, C<blob> for what is too long for a line.

=head2 given

What the call was answered to need. It has C<secret>, and C<state> with the version of each value.

=head2 actor

Who asked, for the log.

=head2 account

The account of who asked, in a published method.

=head2 log_level

Log lines below this level are not kept.

=cut
