# Made from the contract and the catalogue by daemon/generate; change those, not this.
package Annelid::Generated::Faults;

use 5.020;
use strict;
use warnings;

package Annelid::Fault::Malformed;
our @ISA = ('Annelid::Fault');
sub kind { return 'malformed' }
sub code { return 400 }
sub wire_code { return -32700 }
__PACKAGE__->_register;

package Annelid::Fault::UnsupportedEncoding;
our @ISA = ('Annelid::Fault');
sub kind { return 'unsupported-encoding' }
sub code { return 415 }
sub wire_code { return -32701 }
__PACKAGE__->_register;

package Annelid::Fault::InvalidRequest;
our @ISA = ('Annelid::Fault');
sub kind { return 'invalid-request' }
sub code { return 400 }
sub wire_code { return -32600 }
__PACKAGE__->_register;

package Annelid::Fault::UnknownMethod;
our @ISA = ('Annelid::Fault');
sub kind { return 'unknown-method' }
sub code { return 404 }
sub wire_code { return -32601 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::InvalidParams;
our @ISA = ('Annelid::Fault');
sub kind { return 'invalid-params' }
sub code { return 400 }
sub wire_code { return -32602 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::TooLarge;
our @ISA = ('Annelid::Fault');
sub kind { return 'too-large' }
sub code { return 413 }
sub wire_code { return 413 }
__PACKAGE__->_register;

package Annelid::Fault::Unauthenticated;
our @ISA = ('Annelid::Fault');
sub kind { return 'unauthenticated' }
sub code { return 401 }
sub wire_code { return 401 }
__PACKAGE__->_register;

package Annelid::Fault::Forbidden;
our @ISA = ('Annelid::Fault');
sub kind { return 'forbidden' }
sub code { return 403 }
sub wire_code { return 403 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::NotFound;
our @ISA = ('Annelid::Fault');
sub kind { return 'not-found' }
sub code { return 404 }
sub wire_code { return 404 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Conflict;
our @ISA = ('Annelid::Fault');
sub kind { return 'conflict' }
sub code { return 409 }
sub wire_code { return 409 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Exists;
our @ISA = ('Annelid::Fault');
sub kind { return 'exists' }
sub code { return 409 }
sub wire_code { return 409 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Busy;
our @ISA = ('Annelid::Fault');
sub kind { return 'busy' }
sub code { return 423 }
sub wire_code { return 423 }
sub retry { return 1 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Throttled;
our @ISA = ('Annelid::Fault');
sub kind { return 'throttled' }
sub code { return 429 }
sub wire_code { return 429 }
sub retry { return 1 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Cancelled;
our @ISA = ('Annelid::Fault');
sub kind { return 'cancelled' }
sub code { return 499 }
sub wire_code { return 499 }
__PACKAGE__->_register;

package Annelid::Fault::Internal;
our @ISA = ('Annelid::Fault');
sub kind { return 'internal' }
sub code { return 500 }
sub wire_code { return -32603 }
__PACKAGE__->_register;

package Annelid::Fault::Unsupported;
our @ISA = ('Annelid::Fault');
sub kind { return 'unsupported' }
sub code { return 501 }
sub wire_code { return 501 }
sub refusal { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Failed;
our @ISA = ('Annelid::Fault');
sub kind { return 'failed' }
sub code { return 502 }
sub wire_code { return 502 }
__PACKAGE__->_register;

package Annelid::Fault::Unavailable;
our @ISA = ('Annelid::Fault');
sub kind { return 'unavailable' }
sub code { return 503 }
sub wire_code { return 503 }
sub retry { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Timeout;
our @ISA = ('Annelid::Fault');
sub kind { return 'timeout' }
sub code { return 504 }
sub wire_code { return 504 }
sub retry { return 1 }
__PACKAGE__->_register;

package Annelid::Fault::Quota;
our @ISA = ('Annelid::Fault');
sub kind { return 'quota' }
sub code { return 507 }
sub wire_code { return 507 }
__PACKAGE__->_register;

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Generated::Faults - every kind of fault, as a class of its own

=head1 CLASSES

Each is an Annelid::Fault, whose methods it has.

=over

=item C<Annelid::Fault::Malformed>

C<malformed>, 400. The request is not well-formed, or not of this protocol.

=item C<Annelid::Fault::UnsupportedEncoding>

C<unsupported-encoding>, 415. The character set or content coding of the request is not supported.

=item C<Annelid::Fault::InvalidRequest>

C<invalid-request>, 400. Well-formed, but not a call.

=item C<Annelid::Fault::UnknownMethod>

C<unknown-method>, 404. There is no method of that name.

=item C<Annelid::Fault::InvalidParams>

C<invalid-params>, 400. A parameter is missing, unknown, or not of its type; C<field> says which.

=item C<Annelid::Fault::TooLarge>

C<too-large>, 413. The request is over a limit; the message names it.

=item C<Annelid::Fault::Unauthenticated>

C<unauthenticated>, 401. No credentials, or credentials that are not valid (any more).

=item C<Annelid::Fault::Forbidden>

C<forbidden>, 403. The caller may not make this call.

=item C<Annelid::Fault::NotFound>

C<not-found>, 404. No such object, or the caller may not see it.

=item C<Annelid::Fault::Conflict>

C<conflict>, 409. The object is in a state that forbids the call.

=item C<Annelid::Fault::Exists>

C<exists>, 409. An object of that name or key exists and differs.

=item C<Annelid::Fault::Busy>

C<busy>, 423. Another operation holds the object.

=item C<Annelid::Fault::Throttled>

C<throttled>, 429. Too many calls; C<retryAfterMs> says when to try again.

=item C<Annelid::Fault::Cancelled>

C<cancelled>, 499. The caller or an operator cancelled the work.

=item C<Annelid::Fault::Internal>

C<internal>, 500. A bug. The cause is logged and never sent.

=item C<Annelid::Fault::Unsupported>

C<unsupported>, 501. The backend of this object cannot do that.

=item C<Annelid::Fault::Failed>

C<failed>, 502. The backend tried and failed; the message says why.

=item C<Annelid::Fault::Unavailable>

C<unavailable>, 503. The backend cannot be reached at the moment.

=item C<Annelid::Fault::Timeout>

C<timeout>, 504. The backend did not answer in time; the work may still finish.

=item C<Annelid::Fault::Quota>

C<quota>, 507. A quota or the capacity of the backend is used up.

=back

=head1 DATA

What may go with the sentence, as pairs; each is a method of the fault, too.

=over

=item C<outcome>

one of C<none>, C<unknown>, C<partial>, C<done>, optional. What had happened when the call failed.

=item C<retryAfterMs>

int, optional. When to try again, in milliseconds.

=item C<field>

string, optional. JSON Pointer into the parameters, such as C</disks/0/sizeMiB>.

=item C<resource>

string, optional. The resource meant, by its id.

=item C<provider>

string, optional. The backend's own name for the failure.

=item C<hint>

string, optional. What to do next.

=item C<contract>

any value, optional. What it is in the contract of the service that was called.

=item C<operation>

string, optional. The operation that failed.

=back

=cut
