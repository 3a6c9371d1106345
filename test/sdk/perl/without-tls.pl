# The example of the SDK where there is no module for TLS.
use strict;
use warnings;
use FindBin;

BEGIN { unshift @INC, sub { die "It is hidden.\n" if $_[1] eq 'IO/Socket/SSL.pm'; return }; }
do "$FindBin::Bin/../../../sdk/perl/examples/cloud.pl" or die $@ || $!;
