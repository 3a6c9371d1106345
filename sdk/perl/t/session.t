use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Host;
use Test::More;

{
    package Lists;
    use parent -norequire, 'Annelid::Connector';
    sub compute_list { return {items => []} }
}

subtest 'describes a class by what is in it' => sub {
    is_deeply(Host->new('Lists', configure => 0)->ask('describe')->{result}, {
        proto => [1], name => 'kit', version => '1.0', methods => ['compute.list'], concurrency => 1,
        features => ['events', 'progress', 'cancel', 'instances'], idempotency => 'none',
    });
};

{
    package Finds;
    our @ISA = ('Lists');
    sub find {
        my ($self, %given) = @_;
        return {outcome => 'done', vm => {id => "$given{call} $given{params}{vm} " . $self->call->key, state => 'running'}};
    }
}

subtest 'promises idempotency when it has find' => sub {
    my $host = Host->new('Finds');
    is($host->ask('describe')->{result}{idempotency}, 'key');
    my $found = $host->ask_with({key => 'k'}, 'find', call => 'compute.start', params => {vm => 'a'});
    is($found->{result}{vm}{id}, 'compute.start a k');
};

{
    package Forks;
    our @ISA = ('Annelid::Connector');
    sub compute_list {
        my @ended;
        for my $leave (sub { }, sub { exit 7 }, sub { die "child\n" }) {
            my $child = fork // die $!;
            if (!$child) {
                open STDERR, '>', '/dev/null' or die $!;
                $leave->();
                return {items => []};
            }
            waitpid $child, 0;
            push @ended, $? >> 8;
        }
        return {items => [{id => "@ended", state => 'running'}]};
    }
}

subtest 'ends a process that a call has forked' => sub {
    is(Host->new('Forks')->ask('compute.list')->{result}{items}[0]{id}, '0 7 255');
};

{
    package Named;
    our @ISA = ('Annelid::Connector');
    our @closed;
    sub compute_get {
        my ($self, %given) = @_;
        return {id => $given{vm}, state => 'running', name => $self->instance . " $self->{config}{name}"};
    }
    sub close { push @closed, $_[0]->config->{name} }
}

subtest 'makes a connector for each instance, and closes one that is configured anew' => sub {
    my $host = Host->new('Named', config => {name => 'north'});
    $host->ask_with({instance => 'two'}, 'configure', config => {name => 'south'});
    is($host->ask('compute.get', vm => 'a')->{result}{name}, 'one north');
    is($host->ask_with({instance => 'two'}, 'compute.get', vm => 'a')->{result}{name}, 'two south');
    my $error = $host->ask_with({instance => 'three'}, 'compute.get', vm => 'a')->{error};
    is($error->{message}, 'The instance three has not been configured.');
    is_deeply($error->{data}, {kind => 'internal', outcome => 'none'});
    $host->ask('configure', config => {name => 'west'});
    is_deeply(\@Named::closed, ['north']);
    $host->{session}->close;
    is_deeply([sort @Named::closed], [qw(north south west)]);
};

{
    package Picky;
    our @ISA = ('Annelid::Connector');
    sub configure {
        my ($self, $config) = @_;
        Annelid::Fault::InvalidParams->throw("There is no region $config->{region}.", field => '/region');
    }
}

subtest 'answers a fault of configure' => sub {
    is_deeply(Host->new('Picky', configure => 0)->ask('configure', config => {region => 'moon-1'})->{error}, {
        code => 400, message => 'There is no region moon-1.',
        data => {kind => 'invalid-params', outcome => 'none', field => '/region'},
    });
};

{
    package Looks;
    our @ISA = ('Annelid::Connector');
    our @seen;
    sub compute_start {
        my ($self) = @_;
        my $call = $self->call;
        @seen = ((map { $call->$_ } qw(instance key attempt actor account log_level)), !!$call->cancelled, $call->remaining);
        return;
    }
}

subtest 'says what goes with a call' => sub {
    Host->new('Looks')->ask_with({key => 'k', attempt => 2, actor => 'ann', timeoutMs => 50_000}, 'compute.start', vm => 'a');
    is_deeply([@Looks::seen[0 .. 6]], ['one', 'k', 2, 'ann', undef, 'info', !!0]);
    cmp_ok($Looks::seen[7], '>', 0);
    ok(!eval { Looks->new->call; 1 }, 'no call is under way outside of calls');
};

{
    package Slips;
    our @ISA = ('Annelid::Connector');
    sub compute_list { die "secret of the backend\n" }
    sub compute_hosts { return {items => [\1]} }
    sub compute_images { return {items => {}} }
    sub compute_stats { die {secret => 1} }
    sub compute_get { return {id => 'a', state => 'running', vcpus => 'many'} }
}

subtest 'tells nobody what a bug was, but logs it' => sub {
    my $host = Host->new('Slips');
    for my $method (qw(compute.list compute.hosts compute.images compute.stats compute.get)) {
        my $error = $host->ask($method)->{error};
        is($error->{message}, "kit failed in $method; the daemon's log says why.");
        is_deeply([$error->{code}, $error->{data}], [500, {kind => 'internal'}]);
    }
    my @logs = @{$host->told('$/log')};
    is(scalar(grep { $_->{level} eq 'error' && $_->{instance} eq 'one' } @logs), 5);
    like($logs[0]{message}, qr/\Acompute.list failed: secret of the backend\n\tin Slips::compute_list called at /);
    like($logs[1]{message}, qr{items/0 must be a hash\.});
    like($logs[2]{message}, qr{items must be a reference to an array\.});
    like($logs[4]{message}, qr{vcpus must be a number\.});
};

subtest 'answers what it lacks with unknown method' => sub {
    my $host = Host->new('Lists');
    is($host->ask($_)->{error}{code}, -32601, $_) for qw(compute.get compute_list new close call drain probe);
};

subtest 'refuses what is no request, and logs what is no message' => sub {
    my $host = Host->new('Lists');
    $host->receive('{"jsonrpc":"2.0","id":1}', '{"jsonrpc":"2.0","id":"2","method":"echo","params":[1]}');
    is_deeply([map { $_->{error}{code} } @{$host->{said}}[1, 2]], [-32600, -32600]);
    is_deeply([map { $_->{id} } @{$host->{said}}[1, 2]], [1, '2']);
    like($host->text, qr/"id":"2"/, 'an id comes back as it was');
    my @hostile = ('hello', '[]', '1', 'null', "\xff\xfe", '{"jsonrpc":"1.0","id":3}', '[' x 100_000, '{' x 9999, '{"a":' x 9999);
    $host->receive(@hostile);
    is(scalar @{$host->told('$/log')}, scalar @hostile);
    my $before = @{$host->{said}};
    $host->receive(
        '{"jsonrpc":"2.0","method":"$/unknown","params":{}}', '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":[]}}',
        '{"jsonrpc":"2.0","method":"$/cancel","params":3}', '{"jsonrpc":"2.0","id":true,"method":"echo"}',
        '{"jsonrpc":"2.0","method":{},"params":{}}',
    );
    is(scalar @{$host->{said}}, $before);
};

subtest 'outlives values that no answer can hold' => sub {
    my $host = Host->new('Lists');
    $host->receive(map { "{\"jsonrpc\":\"2.0\",$_}" }
        '"id":7,"method":"echo","params":{"a":NaN}', '"id":7,"method":"echo","params":{"a":1e999}',
        '"id":1e999,"method":"compute.list","params":{}',
        '"id":8,"method":"compute.list","params":{"ctx":{"timeoutMs":' . '9' x 300 . '}}',
        '"id":9,"method":"compute.list","params":{"ctx":{"timeoutMs":"x","attempt":[],"instance":{}}}');
    is_deeply($host->ask('compute.list')->{result}, {items => []});
};

subtest 'finds a message behind noise' => sub {
    my $host = Host->new('Lists');
    $host->receive(qq(a {b} {"c": {"jsonrpc":"2.0","id":77,"method":"echo","params":{"d":1}}\r\n));
    is_deeply($host->answer(77)->{result}, {d => 1});
};

{
    package Waits;
    our @ISA = ('Lists');
    our $swallows = 0;
    sub compute_shutdown {
        my ($self) = @_;
        $self->call->progress(undef, 'Waiting.');
        eval { $self->call->sleep(3600) } if $swallows;
        $self->call->sleep(3600);
    }
    sub compute_start {
        my ($self) = @_;
        1 while !$self->call->cancelled;
        return {id => 'a', state => 'running'};
    }
}

subtest 'cancels the call under way, and one that waits' => sub {
    my $host = Host->new('Waits');
    my $cancel = sub { Host::line(method => '$/cancel', params => {id => $_[0], reason => 'Enough.'}) };
    push @{$host->{later}}, Host::line(id => 12, method => 'echo'),
        Host::line(id => 13, method => 'compute.list', params => {ctx => \%Host::CTX}), $cancel->(13), $cancel->(99), $cancel->(11);
    $host->receive(Host::line(id => 11, method => 'compute.shutdown', params => {vm => 'a', ctx => \%Host::CTX}));
    is_deeply($host->told('$/progress'), [{id => 11, message => 'Waiting.'}]);
    my $error = {code => 499, message => 'Enough.', data => {kind => 'cancelled'}};
    is_deeply($host->answer($_)->{error}, $error) for 11, 13;
    is_deeply([map { $_->{id} } grep { $_->{id} && !$_->{method} } @{$host->{said}}], [1, 12, 11, 13]);

    push @{$host->{later}}, $cancel->(14);
    $host->receive(Host::line(id => 14, method => 'compute.start', params => {vm => 'a', ctx => \%Host::CTX}));
    is_deeply($host->answer(14)->{result}, {id => 'a', state => 'running'}, 'work that is done anyway counts');

    local $Waits::swallows = 1;
    push @{$host->{later}}, $cancel->(15);
    $host->receive(Host::line(id => 15, method => 'compute.shutdown', params => {vm => 'a', ctx => \%Host::CTX}));
    is_deeply($host->answer(15)->{error}, $error, 'it is thrown again when it was swallowed');
};

subtest 'sleeps no longer than the deadline' => sub {
    is(Host->new('Waits')->ask_with({timeoutMs => 20}, 'compute.shutdown', vm => 'a')->{error}{data}{kind}, 'timeout');
};

{
    package Speaks;
    our @ISA = ('Annelid::Connector');
    sub configure { my ($self) = @_; $self->resync; $self->deleted('a', time => '2026-01-31T12:00:00.000Z') }
    sub compute_start { my ($self, %given) = @_; $self->changed({id => $given{vm}, state => 'running', vcpus => '2', own => \1}) }
    sub compute_list {
        my ($self) = @_;
        $self->log(debug => 'not wanted');
        $self->log(warn => '3 left');
        $self->log(fatal => 'no such level');
    }
}

subtest 'sends events, also from configure, and logs' => sub {
    my $host = Host->new('Speaks');
    is($host->ask('compute.start', vm => 'b')->{result}, undef);
    is_deeply($host->told('$/event'), [
        {instance => 'one', type => 'resync'},
        {instance => 'one', type => 'vm.deleted', id => 'a', time => '2026-01-31T12:00:00.000Z'},
        {instance => 'one', type => 'vm.changed', vm => {id => 'b', state => 'running', vcpus => 2}},
    ]);
    $host->ask('compute.list');
    my @logs = @{$host->told('$/log')};
    is_deeply($logs[0], {level => 'warn', message => '3 left', instance => 'one', id => 3});
    like($logs[1]{message}, qr/There is no level fatal; there is debug, info, warn, error/);
};

{
    package Asks;
    our @ISA = ('Lists');
    sub compute_start {
        my ($self) = @_;
        eval { die "It cannot start.\n" };
        $self->changed({id => 'a', state => 'stopped', vcpus => '1'});
        $self->call->progress(10);
        $self->call->check;
        $self->log(info => 'Asked.');
        Annelid::Fault::Failed->throw($@ =~ s/\n//r);
    }
}

subtest 'leaves $@ to the author' => sub {
    my $host = Host->new('Asks');
    push @{$host->{later}}, 'noise';
    is($host->ask('compute.start', vm => 'a')->{error}{message}, 'It cannot start.');
    is(scalar @{$host->told('$/log')}, 2);
};

{
    package Misspelt;
    our @ISA = ('Annelid::Connector');
    sub compute_poweroff { return }
}

subtest 'stops at a method that is misspelt' => sub {
    ok(!eval { Host->new('Misspelt'); 1 });
    is($@, "Misspelt::compute_poweroff is not a call; did you mean compute_power_off?\n");
};

subtest 'says what serve takes' => sub {
    ok(!eval { Annelid::Connector->serve });
    like($@, qr/\Aserve needs the name of the plugin at /);
    ok(!eval { Annelid::Connector->serve('kit', versoin => 2) });
    like($@, qr/\Aserve has no versoin; it has limits, processes, version at /);
};

done_testing;
