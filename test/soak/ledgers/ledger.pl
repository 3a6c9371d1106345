# The same as ledger.mjs, one call at a time.
use strict;
use warnings;
use JSON::PP;
$| = 1;
my $json = JSON::PP->new->utf8;
my %settings;

sub crash_at {
  my ($moment, $ctx) = @_;
  kill 'KILL', $$ if $ctx->{attempt} == 1 && $ctx->{key} =~ /\.$moment\z/;
}

sub note {
  my ($ctx) = @_;
  crash_at('before', $ctx);
  open my $ledger, '>>', $settings{file} or die $!;
  print $ledger "$ctx->{key}\n";
  close $ledger or die $!;
  crash_at('after', $ctx);
}

sub noted {
  my ($key) = @_;
  open my $ledger, '<', $settings{file} or return 0;
  while (my $line = <$ledger>) { return 1 if $line eq "$key\n" }
  return 0;
}

sub disturb {
  my ($kind) = $_[0] =~ /(\d)\z/;
  print "a print that somebody forgot\n" if $kind == 3;
  print STDERR "a warning\n"             if $kind == 5;
  print 'glued to the answer: { '        if $kind == 7;
}

sub running { return {id => $_[0], state => 'running'} }

my %calls = (
  'describe' => sub { {proto => [1], name => 'ledger', version => '1', methods => [qw(compute.list compute.get compute.reboot)]} },
  'configure'      => sub { %settings = %{$_[0]{config}}; {} },
  'compute.list'   => sub { {items => [map { running("vm-$_") } 0 .. $settings{machines} - 1]} },
  'compute.get'    => sub { disturb($_[0]{vm}); running($_[0]{vm}) },
  'compute.reboot' => sub { note($_[0]{ctx}); running($_[0]{vm}) },
  'find' => sub { noted($_[0]{ctx}{key}) ? {outcome => 'done', vm => running($_[0]{params}{vm})} : {outcome => 'none'} },
);

while (my $line = <STDIN>) {
  my $request = $json->decode($line);
  next unless defined $request->{id};
  my $call = $calls{$request->{method}};
  my %answer = $call ? (result => $call->($request->{params} || {})) : (error => {code => -32601, message => 'no such method'});
  print $json->encode({jsonrpc => '2.0', id => $request->{id}, %answer}), "\n";
}
