# SOAP::Lite without a WSDL, or with service(); see ../README.md.
use strict;
use warnings;
use JSON::PP;
use SOAP::Lite;

my $scenario = decode_json($ARGV[0]);
my $untyped = $scenario->{mode} eq 'none';
my $kind;
my $client = $untyped
  ? SOAP::Lite->proxy($scenario->{endpoint})->ns('urn:annelid:1')
  : SOAP::Lite->service($scenario->{wsdl});
$client->on_fault(sub { my (undef, $som) = @_; $kind = $som->faultdetail->{ApiFault}{kind}; SOAP::SOM->new });

sub call {
  my ($name, @params) = @_;
  return $untyped ? $client->call($name, @params)->result : $client->$name(@params);
}

my $disk = {sizeMiB => 5};
my %create = (name => 'n', disks => [$disk, $disk], networks => ['x', 'y'], labels => {a => 'b'});
my @named = map { SOAP::Data->name($_ => $create{$_}) } qw(disks networks labels);
my $types = SOAP::Data->name(types => ['vm.created']);
# With service() the parameters are those of the WSDL, in its order; lists and maps it sends as nil, whatever is given.
my @create = $untyped ? (@named, SOAP::Data->name(name => 'n')) : ('n');
my @poll = $untyped ? ($types, SOAP::Data->name(after => '9007199254740993')) : ('9007199254740993');

my $machine = call('vmGet', 'web1');
my $seen = {
  version => call('systemVersion')->{name},
  machine => $machine->{name},
  label => $machine->{labels}{tier},
  disk => 0 + $machine->{disks}[0]{sizeMiB},
  created => call('vmCreate', @create)->{method},
  events => 0 + @{call('eventPoll', @poll)->{events}},
  text => call('vmConsoleOutput', 'web1', 0)->{data},
};
eval { call('vmGet', 'web9') };
print encode_json({%$seen, fault => $kind});
