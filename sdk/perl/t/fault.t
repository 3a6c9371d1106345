use strict;
use warnings;

use Annelid::Fault;
use Test::More;

eval { Annelid::Fault::NotFound->throw('There is no machine a.', resource => 7, retryAfterMs => '5') };
my $fault = Annelid::Fault::NotFound->caught;
is("$fault", 'There is no machine a.');
is_deeply([map { $fault->$_ } qw(kind code wire_code resource retryAfterMs field)], ['not-found', 404, $fault->wire_code, '7', 5, undef]);
is_deeply($fault->to_error, {code => 404, message => 'There is no machine a.', data => {kind => 'not-found', outcome => 'none', resource => '7', retryAfterMs => 5}});
ok(Annelid::Fault->caught($fault));
ok(!Annelid::Fault::Conflict->caught($fault));
ok(!Annelid::Fault->caught('text'));
ok(!eval { Annelid::Fault::Busy->new('It is.', resorce => 1); 1 });
like($@, qr/A fault has no resorce; it has contract, field, .* at \S*fault\.t line/);
isa_ok(Annelid::Fault->of('throttled', 'Later.', {retryAfterMs => 5, more => 1}), 'Annelid::Fault::Throttled');
isa_ok(Annelid::Fault->of('unheard-of', 'So.', {}), 'Annelid::Fault::Internal');
is(Annelid::Fault->new('So.')->to_error->{code}, 500);

done_testing;
