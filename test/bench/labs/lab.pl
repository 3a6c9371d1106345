# A plugin that answers at once: what is measured is the way there and back.
package Lab;
use strict;
use warnings;
use parent 'Annelid::Connector';

sub compute_stats { return {time => '2026-01-31T12:00:00.000Z'} }

Lab->serve('lab');
