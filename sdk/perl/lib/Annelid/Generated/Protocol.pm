# Made from the contract and the catalogue by daemon/generate; change those, not this.
package Annelid::Generated::Protocol;

use 5.020;
use strict;
use warnings;

use Exporter qw(import);

our @EXPORT = qw($PROTOCOL_VERSION @FEATURES @LOG_LEVELS %FAULT_DATA);

our $PROTOCOL_VERSION = 1;
our @FEATURES = qw(events progress cancel instances);
our @LOG_LEVELS = qw(debug info warn error);
our %FAULT_DATA = (
    outcome => 'string',
    retryAfterMs => 'int',
    field => 'string',
    resource => 'string',
    provider => 'string',
    hint => 'string',
    contract => 'any',
    operation => 'string',
);

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Generated::Protocol - what every plugin speaks

=cut
