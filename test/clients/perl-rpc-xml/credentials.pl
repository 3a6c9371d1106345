# RPC::XML::Client with `credentials`, which LWP sends when it is asked: whoami at an address, as a user with a password.
use strict;
use warnings;
use RPC::XML::Client;

my ($address, $user, $password) = @ARGV;
my $client = RPC::XML::Client->new($address);
$client->credentials('annelid', $user, $password);
my $reply = $client->send_request('session.whoami');
die "$reply\n" if !ref $reply;
print $reply->is_fault ? $reply->string : $reply->{user}->value, "\n";
