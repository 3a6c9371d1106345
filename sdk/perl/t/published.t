use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Annelid::Connector;
use Annelid::JSON qw(encode_json);
use Annelid::Published;
use Host;
use Test::More;

{
    package Building;
    our @ISA = ('Annelid::Connector');

    Building->service(meter => 'Reads the meters.');
    Building->publish('meter.read',
        doc     => 'Read a meter.',
        changes => 0,
        params  => [
            name => {type => 'string', description => 'Which.', maxLength => '20'}, unit => {enum => ['V', 'A'], default => 'V'},
            'times?' => 'integer', average => {type => 'boolean', default => 0},
        ],
        result     => 'number',
        returns    => 'What it shows.',
        permission => 'read',
        example    => {params => {name => 'east', times => '2'}, result => '229.5'},
        call       => sub { my ($self, %given) = @_; return join '', length $given{name}, '.5' },
    );
    Building->publish('meter.echo',
        params => [bytes => 'bytes', list => ['bytes'], record => {type => 'object', properties => {at => 'time', 'count' => 'int64'}}],
        result => {type => 'object', properties => {bytes => 'bytes', size => 'integer', record => 'any'}, title => 'Echo'},
        call   => sub {
            my ($self, %given) = @_;
            return {bytes => reverse($given{bytes}) . $given{list}[0], size => length($given{bytes}) . '', record => $given{record}, more => 1};
        },
    );
    Building->publish('meter.reset', call => sub { return '5' });
}

my $host = Host->new('Building');
my ($service) = @{$host->ask('describe')->{result}{publishes}};
my %methods = map { $_->{name} => $_ } @{$service->{methods}};

is($service->{doc}, 'Reads the meters.');
is_deeply([map { $_->{name} } @{$service->{methods}}], [qw(read echo reset)]);
is(encode_json($methods{read}), encode_json({
    name => 'read', doc => 'Read a meter.', changes => JSON::PP::false, permission => 'read', returns => 'What it shows.',
    order  => [qw(name unit times average)],
    params => {type => 'object', required => ['name'], properties => {
        name => {type => 'string', description => 'Which.', maxLength => 20}, unit => {type => 'string', enum => ['V', 'A'], default => 'V'},
        times => {type => 'integer'}, average => {type => 'boolean', default => JSON::PP::false},
    }},
    result => {type => 'number'}, example => {params => {name => 'east', times => 2}, result => 229.5},
}), 'as JSON, byte for byte');
is(encode_json($methods{reset}), encode_json({
    name => 'reset', doc => '', changes => JSON::PP::true, order => [], params => {type => 'object', properties => {}},
}));
is_deeply($methods{echo}{result}{properties}, {bytes => {type => 'string', contentEncoding => 'base64'}, size => {type => 'integer'}, record => {}});

$host->ask('meter.read', name => 'east');
like($host->text, qr/"result":4.5\}/);
$host->ask('meter.echo', bytes => 'AQI=', list => ['/w=='], record => {count => '9007199254740993'});
like($host->text, qr{"result":\{"bytes":"AgH/","record":\{"count":"9007199254740993"\},"size":2\}});
$host->ask('meter.reset');
like($host->text, qr/"result":"5"\}/, 'where nothing is declared, the flags decide');

is_deeply(Annelid::Published::type_of($_->[0]), $_->[1]) for
    [{'$ref' => '#/$defs/A', '$defs' => {A => {type => 'array', items => {'$ref' => '#/$defs/B'}}, B => {type => 'number'}}}, ['number']],
    [{'$ref' => '#/$defs/A', '$defs' => {A => {type => 'object', properties => {a => {'$ref' => '#/$defs/A'}}}}}, {a => 'any'}],
    [{anyOf => [{type => 'integer'}, {type => 'null'}]}, 'int'], [{anyOf => [{type => 'integer'}, {type => 'string'}]}, 'any'],
    [{type => 'object'}, 'any'], [{type => 'object', additionalProperties => {type => 'string'}}, 'map'], [{}, 'any'],
    [{type => 'string', format => 'int64'}, 'counter'];

for my $wrong (
    [['read'], qr/read is not a service and a word/], [['m.read'], qr/needs a sub as its call/],
    [['m.read', call => sub { }, change => 1], qr/has no change; it has call, changes/],
    [['m.read', call => sub { }, params => ['a']], qr/pairs of a name and a type/],
    [['m.read', call => sub { }, params => [a => 'text']], qr/m.read: a: there is no type text/],
    [['m.read', call => sub { }, params => [a => {type => 'integer', default => 'x'}]], qr{m.read: a/default must be a number}],
) {
    my ($given, $why) = @$wrong;
    ok(!eval { Annelid::Published->new(@$given); 1 });
    like($@, $why);
}

{
    package Unsaid;
    our @ISA = ('Annelid::Connector');
    Unsaid->publish('lamp.on', call => sub { return });
}
ok(!eval { Host->new('Unsaid'); 1 });
like($@, qr/Unsaid does not say what the service lamp is/);

done_testing;
