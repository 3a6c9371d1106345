use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Annelid::JSON qw(decode_json encode_json);
use Annelid::Kinds qw(received typed);
use Host;
use Test::More;
use Time::Piece ();

sub json { my ($type, $value) = @_; return encode_json(scalar typed($type, $value)) }

# A number that was printed is text by its flags, and text that was added up is a number.
my ($printed, $added) = (5, '5');
my $line = "$printed";
my $sum = $added + 1;

is(json('int', $_), '5', "int $_") for $printed, $added, '5', 5.0, '5.0', ' 5';
is(json('int', '-3'), '-3');
is(json('string', $_), '"5"', "string $_") for $printed, $added, 5;
is(json('number', '229.5'), '229.5');
is(json('number', '1e3'), '1000');
is(json('counter', $_), '"9007199254740993"', "counter $_") for 9007199254740993, '9007199254740993';
is(json('counter', 1e15), '"1000000000000000"');
is(json('counter', -1), '"-1"');
is(json('bool', $_), 'true') for 1, 'yes', JSON::PP::true();
is(json('bool', $_), 'false') for 0, '', '0', JSON::PP::false();
is(json('bytes', "\x01\x02"), '"AQI="');
is(json('bytes', "\xff"), '"/w=="');
is(json('string', 'Köln 雪'), "\"K\xc3\xb6ln \xe9\x9b\xaa\"");
is(json('number', '0.30000000000000004'), '0.30000000000000004');
is(json('time', 0), '"1970-01-01T00:00:00.000Z"');
is(json('time', 1769860800.25), '"2026-01-31T12:00:00.250Z"');
is(json('time', 1769860799.9999), '"2026-01-31T12:00:00.000Z"');
is(json('time', -0.5), '"1969-12-31T23:59:59.500Z"');
is(json('time', scalar Time::Piece::gmtime(1769860800)), '"2026-01-31T12:00:00.000Z"');
is(json('time', '2026-01-31T12:00:00Z'), '"2026-01-31T12:00:00Z"');
is(json('map', {a => 1, b => undef}), '{"a":"1"}');
is(json(['int'], ['1', 2]), '[1,2]');
is(json({a => 'int', b => ['string'], c => {d => 'bool'}}, {a => '1', b => [2], c => {d => 1, e => 2}, f => 3}),
    '{"a":1,"b":["2"],"c":{"d":true}}');
is(json({a => 'int', b => 'int'}, {a => undef, b => 0}), '{"b":0}', 'what is undef is left out');
is(json({a => 'int'}, bless({a => '1'}, 'Own')), '{"a":1}', 'an object that is a hash will do');
is(json('any', {a => 5, b => '5'}), '{"a":5,"b":"5"}', 'the flags decide where no kind is declared');

for my $wrong (
    ['int', '5x', 'The value must be a number.'], ['int', 1.5, 'The value must be an integer.'], ['int', {}, 'The value must be a number.'],
    ['number', 'inf', 'The value must be a finite number.'], ['number', 'nan', 'The value must be a finite number.'],
    ['counter', '1.5x', 'The value must be an integer.'], ['string', [], 'The value must be text, not a reference.'],
    ['bytes', '雪', 'The value must be bytes, and has characters beyond them: encode it.'],
    ['time', 'inf', 'The value must be a time.'], ['time', 1e20, 'The value must be a time.'], [{a => 'map'}, {a => {b => []}}, 'a must be text, not a reference.'],
    ['map', [], 'The value must be a hash.'], [['int'], {}, 'The value must be a reference to an array.'],
    [{a => [{b => 'int'}]}, {a => [{b => 1}, {b => ''}]}, 'a/1/b must be a number.'],
) {
    my ($type, $value, $why) = @$wrong;
    ok(!eval { json($type, $value); 1 });
    is($@, "$why\n");
}

is_deeply(received({a => 'bytes', b => ['bytes'], c => 'string'}, {a => 'AQI=', b => ['/w=='], c => 'AQI=', d => 1}),
    {a => "\x01\x02", b => ["\xff"], c => 'AQI=', d => 1});

is_deeply(decode_json($_->[0]), $_->[1], "read: $_->[0]") for
    [' {"a" : [ 1 , -2.5e1, "x" ] , "b":{ } , "c":[ ]} ', {a => [1, -25, 'x'], b => {}, c => []}],
    ['{"a":"x", "b":0 ,"c":12,"d":-1,"e":1.5,"f":10e1,"g":"\\n","h":123456789012345678}',
        {a => 'x', b => 0, c => 12, d => -1, e => 1.5, f => 100, g => "\n", h => 123456789012345678}],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', "\"\\/\b\f\n\r\té😀"], ['"\\ud83dx"', "\x{fffd}x"],
    ["\"\xc3\xa9\"", 'é'], ['[true,false,null]', [JSON::PP::true(), JSON::PP::false(), undef]], ['9007199254740993', 9007199254740993];
is(encode_json(decode_json('[5,"5",5.5,"x"]')), '[5,"5",5.5,"x"]', 'what is read is written as it was');
is(encode_json($_->[0]), $_->[1], "written: $_->[1]") for
    [0.1 + 0.2, '0.30000000000000004'], [1 / 3, '0.33333333333333331'], [0.1, '0.1'], [-2.5e300, '-2.5e+300'], [1e15, '1e+15'],
    [18446744073709551615, '18446744073709551615'], ["\"\\/\n\x01\x7f", "\"\\\"\\\\/\\n\\u0001\x7f\""], ["\xe9", "\"\xc3\xa9\""],
    ["\x{d83d}", "\"\xef\xbf\xbd\""], [\1, 'true'], [\0, 'false'], [{b => [], a => {}}, '{"a":{},"b":[]}'], [undef, 'null'], ['', '""'];
for my $wrong (9**9**9, -sin(9**9**9), sub { }, \'x', bless({}, 'Own'), [[\undef]]) {
    ok(!eval { encode_json($wrong); 1 });
    like($@, qr/\AJSON has no /);
}
for my $wrong ('', '{', '[1,]', '{"a":1,}', '{"a":"x",}', '{"a":01}', '{"a":1', '{"a":"x"', '{"a":1 2}', '01', '1.', '+1', '"a', "\"\n\"", '"\\x"', 'nul', '1 2', '{a:1}', '1e999', "\"\xff\"", '[' x 600 . ']' x 600) {
    ok(!eval { decode_json($wrong); 1 }, 'no JSON: ' . substr $wrong, 0, 20);
}

{
    package Values;
    our @ISA = ('Annelid::Connector');
    sub compute_get {
        my ($self, %given) = @_;
        my $memory = 64;
        my $said = "It has $memory MiB.";
        return {
            id => 7, state => 'running', name => 42, vcpus => '2', memoryMiB => $memory, labels => {rack => 3},
            created => 0, disks => [{device => 0, sizeMiB => '10', readOnly => 1}], addresses => undef,
        };
    }
    sub compute_console_output { return {data => "\x01\x02", start => 5, end => '7'} }
    sub compute_delete { return 1 }
}

my $host = Host->new('Values');
$host->ask('compute.get', vm => 'a');
is($host->text, '{"id":2,"jsonrpc":"2.0","result":{"created":"1970-01-01T00:00:00.000Z","disks":[{"device":"0","readOnly":true,"sizeMiB":10}],'
    . '"id":"7","labels":{"rack":"3"},"memoryMiB":64,"name":"42","state":"running","vcpus":2}}');
is_deeply($host->ask('compute.consoleOutput')->{result}, {data => 'AQI=', start => '5', end => '7'});
like($host->text, qr/"start":"5"/);
is($host->ask('compute.delete')->{result}, undef, 'what the last statement of a sub gives is not meant');

done_testing;
