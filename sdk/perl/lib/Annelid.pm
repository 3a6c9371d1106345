package Annelid;

use 5.020;
use strict;
use warnings;

our $VERSION = '0.1.0';

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid - write plugins that drive a cloud for the daemon Annelid, and call the daemon

=head1 DESCRIPTION

L<Annelid::Connector> is what the author of a plugin writes, L<Annelid::Call> what goes with a call, L<Annelid::Fault> what callers are told.
L<Annelid::Generated::Calls> lists the calls that a plugin can serve.

L<Annelid::Client> calls the daemon; L<Annelid::Generated::Methods> lists what it can be asked.

Perl 5.20 or later, and no modules but those that come with it. To reach a daemon over TLS the client needs L<IO::Socket::SSL>, too.

=head1 LICENSE

Apache License, version 2.0.

=cut
