# Made from the contract and the catalogue by daemon/generate; change those, not this.
package Annelid::Generated::Methods;

use 5.020;
use strict;
use warnings;

my $NewDisk = {
    sizeMiB => 'int',
};

# A noun is a reference to its client.
sub system { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::System' }
sub session { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Session' }
sub vm { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Vm' }
sub host { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Host' }
sub image { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Image' }
sub network { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Network' }
sub volume { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Volume' }
sub connector { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Connector' }
sub operation { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Operation' }
sub event { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Event' }
sub usage { my ($self) = @_; return bless \$self, 'Annelid::Generated::Methods::Usage' }

package Annelid::Generated::Methods::System;
sub list_methods {
    my ($self, %given) = @_;
    state $type = {
    };
    return $$self->ask('system.listMethods', \%given, $type);
}
sub method_help {
    my ($self, %given) = @_;
    state $type = {
        method => 'string',
    };
    return $$self->ask('system.methodHelp', \%given, $type);
}
sub method_signature {
    my ($self, %given) = @_;
    state $type = {
        method => 'string',
    };
    return $$self->ask('system.methodSignature', \%given, $type);
}
sub version {
    my ($self, %given) = @_;
    state $type = {
    };
    return $$self->ask('system.version', \%given, $type);
}
sub health {
    my ($self, %given) = @_;
    state $type = {
    };
    return $$self->ask('system.health', \%given, $type);
}

package Annelid::Generated::Methods::Session;
sub login {
    my ($self, %given) = @_;
    state $type = {
        user => 'string',
        password => 'string',
    };
    return $$self->ask('session.login', \%given, $type);
}
sub logout {
    my ($self, %given) = @_;
    state $type = {
    };
    return $$self->ask('session.logout', \%given, $type);
}
sub whoami {
    my ($self, %given) = @_;
    state $type = {
    };
    return $$self->ask('session.whoami', \%given, $type);
}

package Annelid::Generated::Methods::Vm;
sub list {
    my ($self, %given) = @_;
    state $type = {
        state => 'string',
        connector => 'string',
        host => 'string',
        account => 'string',
        name => 'string',
        labels => 'map',
        sort => 'string',
        descending => 'bool',
        limit => 'int',
        after => 'string',
        refresh => 'bool',
    };
    return $$self->ask('vm.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        refresh => 'bool',
    };
    return $$self->ask('vm.get', \%given, $type);
}
sub create {
    my ($self, %given) = @_;
    state $type = {
        name => 'string',
        connector => 'string',
        vcpus => 'int',
        memoryMiB => 'int',
        image => 'string',
        kernel => 'string',
        initrd => 'string',
        commandLine => 'string',
        disks => [$NewDisk],
        networks => ['string'],
        labels => 'map',
        start => 'bool',
        account => 'string',
        key => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.create', \%given, $type);
}
sub start {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        paused => 'bool',
        wait => 'number',
    };
    return $$self->ask('vm.start', \%given, $type);
}
sub shutdown {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.shutdown', \%given, $type);
}
sub power_off {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.powerOff', \%given, $type);
}
sub reboot {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.reboot', \%given, $type);
}
sub reset {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.reset', \%given, $type);
}
sub pause {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.pause', \%given, $type);
}
sub resume {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.resume', \%given, $type);
}
sub update {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        name => 'string',
        labels => 'map',
        vcpus => 'int',
        memoryMiB => 'int',
        wait => 'number',
    };
    return $$self->ask('vm.update', \%given, $type);
}
sub delete {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        wait => 'number',
    };
    return $$self->ask('vm.delete', \%given, $type);
}
sub console_output {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
        offset => 'counter',
        maxBytes => 'int',
    };
    return $$self->ask('vm.consoleOutput', \%given, $type);
}
sub stats {
    my ($self, %given) = @_;
    state $type = {
        vm => 'string',
    };
    return $$self->ask('vm.stats', \%given, $type);
}

package Annelid::Generated::Methods::Host;
sub list {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
        limit => 'int',
        after => 'string',
        refresh => 'bool',
    };
    return $$self->ask('host.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        host => 'string',
    };
    return $$self->ask('host.get', \%given, $type);
}

package Annelid::Generated::Methods::Image;
sub list {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
        limit => 'int',
        after => 'string',
        refresh => 'bool',
    };
    return $$self->ask('image.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        image => 'string',
    };
    return $$self->ask('image.get', \%given, $type);
}

package Annelid::Generated::Methods::Network;
sub list {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
        limit => 'int',
        after => 'string',
        refresh => 'bool',
    };
    return $$self->ask('network.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        network => 'string',
    };
    return $$self->ask('network.get', \%given, $type);
}

package Annelid::Generated::Methods::Volume;
sub list {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
        limit => 'int',
        after => 'string',
        refresh => 'bool',
    };
    return $$self->ask('volume.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        volume => 'string',
    };
    return $$self->ask('volume.get', \%given, $type);
}

package Annelid::Generated::Methods::Connector;
sub list {
    my ($self, %given) = @_;
    state $type = {
        limit => 'int',
        after => 'string',
    };
    return $$self->ask('connector.list', \%given, $type);
}
sub get {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
    };
    return $$self->ask('connector.get', \%given, $type);
}
sub proof {
    my ($self, %given) = @_;
    state $type = {
        connector => 'string',
    };
    return $$self->ask('connector.proof', \%given, $type);
}

package Annelid::Generated::Methods::Operation;
sub get {
    my ($self, %given) = @_;
    state $type = {
        operation => 'string',
    };
    return $$self->ask('operation.get', \%given, $type);
}
sub list {
    my ($self, %given) = @_;
    state $type = {
        state => 'string',
        resource => 'string',
        method => 'string',
        limit => 'int',
        after => 'string',
    };
    return $$self->ask('operation.list', \%given, $type);
}
sub wait {
    my ($self, %given) = @_;
    state $type = {
        operation => 'string',
        wait => 'number',
    };
    return $$self->ask('operation.wait', \%given, $type);
}
sub cancel {
    my ($self, %given) = @_;
    state $type = {
        operation => 'string',
    };
    return $$self->ask('operation.cancel', \%given, $type);
}
sub explain {
    my ($self, %given) = @_;
    state $type = {
        operation => 'string',
    };
    return $$self->ask('operation.explain', \%given, $type);
}

package Annelid::Generated::Methods::Event;
sub poll {
    my ($self, %given) = @_;
    state $type = {
        after => 'counter',
        wait => 'number',
        limit => 'int',
        types => ['string'],
    };
    return $$self->ask('event.poll', \%given, $type);
}

package Annelid::Generated::Methods::Usage;
sub list {
    my ($self, %given) = @_;
    state $type = {
        account => 'string',
        vm => 'string',
        since => 'time',
        before => 'time',
        limit => 'int',
        after => 'string',
    };
    return $$self->ask('usage.list', \%given, $type);
}

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Generated::Methods - the methods of the daemon

=head1 METHODS

Each takes its parameters as pairs, C<$api-E<gt>vm-E<gt>get(vm =E<gt> $name)>, answers what is said
here, and throws an Annelid::Fault of the kinds that are listed.

=head2 system->list_methods

The names of all methods.

Answers a list: string: The names, sorted.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 system->method_help

What a method does, in prose.

=over

=item C<method>

string. The name of a method. (up to 256 characters)

=back

Answers string: The prose.

Faults: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 system->method_signature

The types of a method, in the words of XML-RPC: a list of signatures, one for each number of
optional parameters that is given; in each, the type of the result comes first.

=over

=item C<method>

string. The name of a method. (up to 256 characters)

=back

Answers a list: a list: string: The signatures.

Faults: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 system->version

Which software this is.

Answers a hash, Version: Name and versions.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 system->health

Whether the daemon is well.

Answers a hash, Health: How it is.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 session->login

Exchange a name and password for a token.

=over

=item C<user>

string. The name of the user. (up to 256 characters)

=item C<password>

string. The password. (up to 1024 characters)

=back

Answers a hash, Session: The token and whose it is.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 session->logout

End the token that this call is made with.

Answers a hash, LoggedOut: Whose token it was.

Faults: conflict, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 session->whoami

Who is calling, as the daemon sees it.

Answers a hash, Identity: The caller.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 vm->list

List machines. Filters that are given must all match; machines that are deleted are listed only when
C<state> asks for them.

=over

=item C<state>

one of C<pending>, C<stopped>, C<starting>, C<running>, C<pausing>, C<paused>, C<stopping>,
C<suspended>, C<rebooting>, C<error>, C<unknown>, C<deleting>, C<deleted>, optional. Only machines
in this state.

=item C<connector>

string, optional. Only machines of this connector.

=item C<host>

string, optional. Only machines on this host.

=item C<account>

string, optional. Only machines of this account.

=item C<name>

string, optional. Only machines whose name contains this text, in any case. (up to 256 characters)

=item C<labels>

a hash of strings, optional. Only machines that have all these labels with these values. (up to 64
members)

=item C<sort>

one of C<created>, C<name>, C<state>, C<vcpus>, C<memoryMiB>, optional. What to sort by. (default
C<"created">)

=item C<descending>

bool, optional. Whether the last comes first. (default C<false>)

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, VmPage: The machines that the caller may see.

Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 vm->get

Read one machine.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, Vm: The machine.

Faults: not-found, unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 vm->create

Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty disks. It
is stopped unless C<start> is given. The machine is in the inventory, C<pending>, as soon as the
call is answered; its id is the C<resource> of the operation.

=over

=item C<name>

string. Its name. (1 to 128 characters, as C<^[A-Za-z0-9][A-Za-z0-9._ -]*$>)

=item C<connector>

string, optional. Where to make it; may be left out when there is only one connector.

=item C<vcpus>

int, optional. Virtual processors. (1 to 1024; default C<1>)

=item C<memoryMiB>

int, optional. Memory in MiB. (16 to 16777216; default C<512>)

=item C<image>

string, optional. The disk image to boot from; the machine gets a copy of its own.

=item C<kernel>

string, optional. A kernel image to boot directly.

=item C<initrd>

string, optional. The initial RAM disk for C<kernel>.

=item C<commandLine>

string, optional. The kernel command line. (up to 4096 characters)

=item C<disks>

a list: a hash, NewDisk, optional. Further empty disks. (up to 32 items; default C<[]>)

=item C<networks>

a list: string, optional. Networks to connect it to, one interface each. (up to 32 items; default
C<[]>)

=item C<labels>

a hash of strings, optional. Labels. (up to 64 members; default C<{}>)

=item C<start>

bool, optional. Start it once it is made. (default C<false>)

=item C<account>

string, optional. The owner; only administrators may name another account than their own.

=item C<key>

string, optional. A word of your choice: the same call with the same key again answers the same
operation and makes nothing. (1 to 128 characters)

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: The operation that makes the machine.

Faults: not-found, conflict, exists, unsupported, quota, unavailable, timeout, invalid-params,
unauthenticated, forbidden, throttled, internal.

=head2 vm->start

Power on a stopped machine.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<paused>

bool, optional. Stop before the first instruction. (default C<false>)

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the backend reports the machine running or paused.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->shutdown

Ask the guest to shut down. A guest may ignore that; C<vm.powerOff> always works, also while this is
under way.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine is stopped.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->power_off

Cut the power. A start, shutdown or reboot of this machine that is under way is cancelled.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine is stopped.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->reboot

Ask the guest to reboot.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the request is delivered.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->reset

Press the reset button: the machine starts anew at once, without asking the guest.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine runs again.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->pause

Stop the processors of a running machine; its memory is kept.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine is paused.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->resume

Let a paused machine go on.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine runs.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->update

Change a machine; what is left out stays as it is. Most backends change the name, processors and
memory of stopped machines only.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<name>

string, optional. A new name. (1 to 128 characters, as C<^[A-Za-z0-9][A-Za-z0-9._ -]*$>)

=item C<labels>

a hash of strings, optional. All labels: they replace those before. (up to 64 members)

=item C<vcpus>

int, optional. Virtual processors. (1 to 1024)

=item C<memoryMiB>

int, optional. Memory in MiB. (16 to 16777216)

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the backend has changed it.

Faults: not-found, conflict, exists, unsupported, unavailable, timeout, invalid-params,
unauthenticated, forbidden, throttled, internal.

=head2 vm->delete

Remove a stopped machine and the disks that were made for it. Its record stays readable as
C<deleted> for a while.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<wait>

number, optional. Seconds to wait for the operation to end before answering; 0 answers at once. (0
to 3600; default C<0>)

=back

Answers a hash, Operation: Done once the machine is gone.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 vm->console_output

What the machine wrote to its serial console since it was started.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=item C<offset>

counter, optional. Where to begin; the end of the output when left out. (64 bits, as a decimal
string)

=item C<maxBytes>

int, optional. At most so many bytes. (1 to 1048576; default C<65536>)

=back

Answers a hash, ConsoleOutput: The piece of output, and the offset to read on from.

Faults: not-found, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
throttled, internal.

=head2 vm->stats

What a running machine has used since it was started.

=over

=item C<vm>

string. The machine: its id, or its name where that is unique.

=back

Answers a hash, VmStats: The figures; what the backend cannot tell is left out.

Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
forbidden, throttled, internal.

=head2 host->list

List hosts.

=over

=item C<connector>

string, optional. Only hosts of this connector.

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, HostPage: The hosts.

Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 host->get

Read one host.

=over

=item C<host>

string. The host: its id, or its name where that is unique.

=back

Answers a hash, Host: The host.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 image->list

List images.

=over

=item C<connector>

string, optional. Only images of this connector.

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, ImagePage: The images.

Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 image->get

Read one image.

=over

=item C<image>

string. The image: its id, or its name where that is unique.

=back

Answers a hash, Image: The image.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 network->list

List networks.

=over

=item C<connector>

string, optional. Only networks of this connector.

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, NetworkPage: The networks.

Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 network->get

Read one network.

=over

=item C<network>

string. The network: its id, or its name where that is unique.

=back

Answers a hash, Network: The network.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 volume->list

List volumes.

=over

=item C<connector>

string, optional. Only volumes of this connector.

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=item C<refresh>

bool, optional. Read from the backends first instead of answering from the inventory. (default
C<false>)

=back

Answers a hash, VolumePage: The volumes.

Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 volume->get

Read one volume.

=over

=item C<volume>

string. The volume: its id, or its name where that is unique.

=back

Answers a hash, Volume: The volume.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 connector->list

List the configured backends and how they are.

=over

=item C<limit>

int, optional. At most so many in one page. (1 to 100000; default C<100000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=back

Answers a hash, ConnectorPage: The connectors.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 connector->get

Read one connector.

=over

=item C<connector>

string. The connector, by its name in the configuration.

=back

Answers a hash, Connector: The connector.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 connector->proof

Read what a connector claims and what of it has been proven: how often each call of its plugin
succeeded and failed. C</docs/plugins> shows it.

=over

=item C<connector>

string. The connector, by its name in the configuration.

=back

Answers a hash, Proof: What it claims, and what is proven.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 operation->get

Read one operation.

=over

=item C<operation>

string. The operation.

=back

Answers a hash, Operation: The operation.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 operation->list

List operations, the newest first.

=over

=item C<state>

one of C<queued>, C<running>, C<succeeded>, C<failed>, C<cancelled>, optional. Only operations in
this state.

=item C<resource>

string, optional. Only operations on the resource with this id. (up to 256 characters; empty counts
as left out)

=item C<method>

string, optional. Only operations that this method asked for. (up to 256 characters; empty counts as
left out)

=item C<limit>

int, optional. At most so many in one page. (1 to 1000; default C<100>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=back

Answers a hash, OperationPage: The operations.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 operation->wait

Wait until an operation ends. One that failed is no fault of this call: its C<state> and C<fault>
tell.

=over

=item C<operation>

string. The operation.

=item C<wait>

number, optional. Wait at most so many seconds. (0 to 3600; default C<60>)

=back

Answers a hash, Operation: The operation, ended, or as it is when the time is over.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 operation->cancel

Ask an operation to stop. It ends as C<cancelled>, or as something else when it was too late; what
was done is not undone.

=over

=item C<operation>

string. The operation.

=back

Answers a hash, Operation: The operation as it is now.

Faults: not-found, conflict, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 operation->explain

Tell what happened to an operation, from every side: who asked, each call to the plugin and what
came of it, what it changed, and what to do next. Administrators also see keys, what the plugin
logged meanwhile, and how the backend calls a failure.

=over

=item C<operation>

string. The operation.

=back

Answers a hash, Story: The story of the operation, up to now when it has not ended.

Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 event->poll

Read what happened after a cursor, waiting for it if need be. Events come in order and each comes
once.

=over

=item C<after>

counter, optional. C<next> of the answer before; from now on when left out. (64 bits, as a decimal
string)

=item C<wait>

number, optional. Wait at most so many seconds for the first event. (0 to 300; default C<0>)

=item C<limit>

int, optional. At most so many events. (1 to 10000; default C<1000>)

=item C<types>

a list: string, optional. Only events of these types. (up to 64 items; empty counts as left out)

=back

Answers a hash, EventPage: The events that the caller may see, and where to read on.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head2 usage->list

List what machines have used, in the order in which it ended. An entry is written when a machine
stops, is removed or resized, and at the end of each period (C<limits.accounting.periodSeconds>) or
a moment after it; of a connector that is away, once it is back. Of spans of time that follow one
another, each entry is in one.

=over

=item C<account>

string, optional. Only what this account has used. (up to 256 characters; empty counts as left out)

=item C<vm>

string, optional. Only what the machine with this id has used. (up to 64 characters; empty counts as
left out)

=item C<since>

time, optional. Only what ended at that moment or later. (RFC 3339, UTC)

=item C<before>

time, optional. Only what ended before. (RFC 3339, UTC)

=item C<limit>

int, optional. At most so many in one page. (1 to 10000; default C<1000>)

=item C<after>

string, optional. C<next> of the page before. (up to 1024 characters; empty counts as left out)

=back

Answers a hash, UsagePage: The entries of the own account; to administrators those of all.

Faults: invalid-params, unauthenticated, forbidden, throttled, internal.

=head1 RECORDS

=head2 Connector

A configured backend: one instance of a plugin.

=over

=item C<id>

string. Its name in the configuration. (up to 256 characters)

=item C<plugin>

string. The plugin that drives it. (up to 256 characters)

=item C<version>

string, optional. The version that the plugin reports. (up to 64 characters)

=item C<state>

one of C<starting>, C<ready>, C<failing>, C<stopped>. Whether it can be used.

=item C<message>

string, optional. Why it is in that state. (up to 65536 characters)

=item C<calls>

a list: string. The plugin calls that it serves. (up to 100000 items)

=item C<restarts>

int. How often the plugin was restarted since the daemon started. (0 or more)

=item C<changed>

time. When its state last changed. (RFC 3339, UTC)

=back

=head2 ConnectorFailure

A failure of a connector.

=over

=item C<time>

time. When. (RFC 3339, UTC)

=item C<call>

string. The call that failed. (up to 256 characters)

=item C<kind>

one of C<malformed>, C<unsupported-encoding>, C<invalid-request>, C<unknown-method>,
C<invalid-params>, C<too-large>, C<unauthenticated>, C<forbidden>, C<not-found>, C<conflict>,
C<exists>, C<busy>, C<throttled>, C<cancelled>, C<internal>, C<unsupported>, C<failed>,
C<unavailable>, C<timeout>, C<quota>. The kind of fault.

=item C<message>

string. What the plugin said. (up to 4096 characters)

=back

=head2 ConnectorPage

A page of connectors.

=over

=item C<items>

a list: a hash, Connector. The connectors. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 ConsoleOutput

A piece of what a machine wrote to its serial console.

=over

=item C<data>

bytes. The bytes, as the machine wrote them. (base64)

=item C<start>

counter. The offset of the first byte of C<data> in all that was written since the machine was
started. (64 bits, as a decimal string)

=item C<end>

counter. The offset after the last byte of C<data>: pass it as C<offset> to read on. (64 bits, as a
decimal string)

=back

=head2 Disk

A disk as a machine sees it.

=over

=item C<device>

string. The device name that the backend gives it, such as C<vda>. (up to 64 characters)

=item C<sizeMiB>

int, optional. Its size in MiB. (0 or more)

=item C<volume>

string, optional. The backend id of the volume behind it. (up to 1024 characters)

=item C<readOnly>

bool, optional. Whether the machine can only read it.

=back

=head2 Event

Something that happened.

=over

=item C<cursor>

counter. Its place in the log. (64 bits, as a decimal string)

=item C<time>

time. When it happened. (RFC 3339, UTC)

=item C<type>

string. What happened: C<vm.created>, C<vm.state>, C<vm.changed>, C<vm.deleted>,
C<operation.finished>, C<connector.state>, C<usage.refused>. (up to 64 characters)

=item C<resourceKind>

string. The kind of the resource. (up to 64 characters)

=item C<resource>

string. The id of the resource. (up to 256 characters)

=item C<account>

string, optional. The account of the resource.

=item C<operation>

string, optional. The operation that caused it; left out when it happened on the backend.

=item C<data>

a hash of strings. Details, such as C<state> and C<previous>. (up to 64 members)

=back

=head2 EventPage

Some events.

=over

=item C<events>

a list: a hash, Event. The events, the oldest first. (up to 100000 items)

=item C<next>

counter. Pass it as C<after> to read on. (64 bits, as a decimal string)

=item C<reset>

bool. Whether events after the cursor are not kept any more: read the lists again.

=back

=head2 FaultInfo

Why something failed.

=over

=item C<kind>

one of C<malformed>, C<unsupported-encoding>, C<invalid-request>, C<unknown-method>,
C<invalid-params>, C<too-large>, C<unauthenticated>, C<forbidden>, C<not-found>, C<conflict>,
C<exists>, C<busy>, C<throttled>, C<cancelled>, C<internal>, C<unsupported>, C<failed>,
C<unavailable>, C<timeout>, C<quota>. The kind of fault; the reference lists them.

=item C<code>

int. The number of the kind.

=item C<message>

string. What went wrong, for people. (up to 65536 characters)

=item C<field>

string, optional. JSON Pointer to the parameter that was wrong. (up to 1024 characters)

=item C<outcome>

one of C<none>, C<unknown>, C<partial>, C<done>, optional. What had happened on the backend when it
failed.

=item C<resource>

string, optional. The id of the resource meant. (up to 1024 characters)

=item C<operation>

string, optional. The operation that failed.

=item C<retryAfterMs>

int, optional. When to try again, in milliseconds. (0 or more)

=item C<hint>

string, optional. What to do next. (up to 4096 characters)

=back

=head2 Health

How the daemon is.

=over

=item C<status>

one of C<ok>, C<degraded>, C<failing>. C<degraded>: a connector cannot be used. C<failing>: the
store cannot be written.

=item C<uptimeSeconds>

counter. Seconds since the daemon was started. (64 bits, as a decimal string)

=item C<message>

string. What is wrong; empty when nothing is. (up to 4096 characters)

=back

=head2 Host

A machine that runs virtual machines.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<connector>

string. The connector that it lives on.

=item C<nativeId>

string. Its id on the backend. (up to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<state>

one of C<up>, C<down>, C<maintenance>. Whether machines can run there.

=item C<vcpus>

int, optional. Processor threads. (0 or more)

=item C<memoryMiB>

int, optional. Memory in MiB. (0 or more)

=item C<freeMemoryMiB>

int, optional. Memory not in use, in MiB. (0 or more)

=item C<hypervisor>

string, optional. The hypervisor and its version, as C<QEMU 7.2.19>. (up to 256 characters)

=item C<changed>

time. When it last changed. (RFC 3339, UTC)

=back

=head2 HostPage

A page of hosts.

=over

=item C<items>

a list: a hash, Host. The hosts. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 Identity

Who is calling.

=over

=item C<user>

string. The user.

=item C<account>

string. The account of the user.

=item C<role>

one of C<reader>, C<user>, C<admin>. The role of the user.

=item C<token>

bool. Whether a token was used, and not a password.

=back

=head2 Image

Something that machines are made from.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<connector>

string. The connector that it lives on.

=item C<nativeId>

string. Its id on the backend. (up to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<format>

one of C<qcow2>, C<raw>, C<iso>, C<kernel>, C<initrd>, C<other>. What the image is.

=item C<sizeMiB>

int, optional. Its size in MiB, rounded up. (0 or more)

=item C<changed>

time. When it last changed. (RFC 3339, UTC)

=back

=head2 ImagePage

A page of images.

=over

=item C<items>

a list: a hash, Image. The images. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 LoggedOut

The end of a token.

=over

=item C<user>

string. Whose token it was. (up to 4096 characters)

=back

=head2 Network

A network that machines can be connected to.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<connector>

string. The connector that it lives on.

=item C<nativeId>

string. Its id on the backend. (up to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<state>

one of C<up>, C<down>. Whether it carries traffic.

=item C<bridge>

string, optional. The bridge device on the host. (up to 64 characters)

=item C<cidrs>

a list: string. Address ranges. (up to 256 items)

=item C<changed>

time. When it last changed. (RFC 3339, UTC)

=back

=head2 NetworkPage

A page of networks.

=over

=item C<items>

a list: a hash, Network. The networks. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 NewDisk

An empty disk to make.

=over

=item C<sizeMiB>

int. Its size in MiB. (1 to 67108864)

=back

=head2 Nic

A network interface of a machine.

=over

=item C<mac>

string, optional. Its hardware address, as C<52:54:00:12:34:56>. (up to 17 characters)

=item C<network>

string, optional. The backend id of the network that it is connected to. (up to 1024 characters)

=item C<addresses>

a list: string. Addresses known on this interface. (up to 256 items)

=back

=head2 Operation

A change under way, or one that has ended.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<method>

string. The method that asked for it. (up to 256 characters)

=item C<account>

string. The account of the resource.

=item C<user>

string. Who asked for it.

=item C<resourceKind>

string. The kind of the resource that it changes, such as C<vm>. (up to 64 characters)

=item C<resource>

string. The id of the resource that it changes. (up to 256 characters)

=item C<state>

one of C<queued>, C<running>, C<succeeded>, C<failed>, C<cancelled>. Its state; C<succeeded>,
C<failed> and C<cancelled> are final.

=item C<progress>

int. How far it is, in percent. (0 to 100)

=item C<message>

string, optional. What it is doing, in the words of the plugin. (up to 4096 characters)

=item C<fault>

a hash, FaultInfo, optional. Why something failed.

=item C<created>

time. When it was asked for. (RFC 3339, UTC)

=item C<started>

time, optional. When it was first sent to the backend. (RFC 3339, UTC)

=item C<finished>

time, optional. When it ended. (RFC 3339, UTC)

=back

=head2 OperationPage

A page of operations.

=over

=item C<items>

a list: a hash, Operation. The operations. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 Proof

What a connector claims, and what of it is proven.

=over

=item C<connector>

string. The connector.

=item C<since>

time. Since when has been counted. (RFC 3339, UTC)

=item C<features>

a list: string. The features of the plugin protocol that the plugin has. (up to 100000 items)

=item C<services>

a list: string. The services that it publishes. (up to 100000 items)

=item C<calls>

a list: a hash, ProvenCall. All calls that it claims, and all that were made. (up to 100000 items)

=item C<failures>

a list: a hash, ConnectorFailure. The latest failures, the last one first; not those that are an
answer, such as C<not-found>. (up to 100000 items)

=back

=head2 ProvenCall

A call of a plugin: what is claimed of it, and what is proven.

=over

=item C<call>

string. The call, such as C<compute.start>, or a method that the plugin publishes. (up to 256
characters)

=item C<claimed>

bool. Whether the plugin says at the moment that it has it.

=item C<succeeded>

counter. How often it succeeded. (64 bits, as a decimal string)

=item C<failed>

counter. How often it failed. (64 bits, as a decimal string)

=item C<last>

time, optional. When it was last answered; left out when it never was. (RFC 3339, UTC)

=item C<medianMs>

number, optional. The median of how many milliseconds the latest took that succeeded. (0 or more)

=back

=head2 Session

A login.

=over

=item C<token>

string. The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter.
(up to 256 characters)

=item C<user>

string. Who logged in.

=item C<account>

string. The account of the user.

=item C<role>

one of C<reader>, C<user>, C<admin>. The role of the user.

=item C<expires>

time. When the token ends, unless it is used before. (RFC 3339, UTC)

=back

=head2 Story

What happened to an operation, from every side.

=over

=item C<operation>

a hash, Operation. A change under way, or one that has ended.

=item C<entries>

a list: a hash, StoryEntry. What happened, in order. (up to 1000000 items)

=item C<advice>

string. What to do next. (up to 4096 characters)

=back

=head2 StoryEntry

One thing that happened to an operation.

=over

=item C<time>

time. When it happened. (RFC 3339, UTC)

=item C<source>

one of C<caller>, C<daemon>, C<plugin>. Whose doing it was.

=item C<what>

one of C<asked>, C<stored>, C<resumed>, C<waiting>, C<sent>, C<answered>, C<failed>, C<found>,
C<retry>, C<progress>, C<log>, C<event>, C<cancel>, C<left-out>, C<ended>. What it was. C<resumed>:
the daemon had been started again; C<found>: what the plugin said became of a call that nobody knew
the outcome of; C<left-out>: lines that were too many to be kept.

=item C<message>

string. What happened, as a sentence, or in the words of the plugin. (up to 65536 characters)

=item C<call>

string, optional. The call to the plugin that it belongs to. (up to 256 characters)

=item C<durationMs>

int, optional. Milliseconds from when the call was sent. (0 or more)

=item C<data>

a hash of strings. Details, such as C<attempt>, C<kind> and C<outcome>; for administrators also
C<key>, C<provider> and C<remote>. (up to 64 members)

=back

=head2 UsageEntry

That a machine ran, or was paused, from one moment to another.

=over

=item C<id>

string. Its id, a UUID: the same however often it is told. (up to 36 characters)

=item C<vm>

string. The daemon's id of the machine. (up to 64 characters)

=item C<name>

string. The name of the machine. (up to 256 characters)

=item C<account>

string. The account that owned it. (up to 256 characters)

=item C<connector>

string. The connector that it was on. (up to 256 characters)

=item C<vcpus>

int, optional. Its virtual processors. (0 or more)

=item C<memoryMiB>

int, optional. Its memory in MiB. (0 or more)

=item C<began>

time. When it began. (RFC 3339, UTC)

=item C<ended>

time. When it ended: the machine was stopped, removed or resized then, or a period was over. (RFC
3339, UTC)

=item C<seconds>

number. How long that is, in seconds. (0 or more)

=back

=head2 UsagePage

A page of entries.

=over

=item C<items>

a list: a hash, UsageEntry. The entries. (up to 10000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 Version

A version.

=over

=item C<name>

string. The name of the software. (up to 4096 characters)

=item C<version>

string. Its version. (up to 4096 characters)

=item C<api>

string. The version of the catalogue of methods. (up to 4096 characters)

=back

=head2 Vm

A virtual machine.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<account>

string. The account that owns it.

=item C<connector>

string. The connector that it lives on.

=item C<nativeId>

string. Its id on the backend. (up to 1024 characters)

=item C<host>

string, optional. The host that it runs on.

=item C<state>

one of C<pending>, C<stopped>, C<starting>, C<running>, C<pausing>, C<paused>, C<stopping>,
C<suspended>, C<rebooting>, C<error>, C<unknown>, C<deleting>, C<deleted>. Its state. C<unknown>:
the backend cannot be reached; C<lastState> is the last one seen.

=item C<lastState>

one of C<pending>, C<stopped>, C<starting>, C<running>, C<pausing>, C<paused>, C<stopping>,
C<suspended>, C<rebooting>, C<error>, C<unknown>, C<deleting>, C<deleted>, optional. The last state
seen, while C<state> is C<unknown>.

=item C<image>

string, optional. The image that it was made from.

=item C<vcpus>

int, optional. Virtual processors. (1 to 4096)

=item C<memoryMiB>

int, optional. Memory in MiB. (1 or more)

=item C<disks>

a list: a hash, Disk, optional. Its disks. (up to 256 items)

=item C<nics>

a list: a hash, Nic, optional. Its network interfaces. (up to 256 items)

=item C<addresses>

a list: string, optional. All addresses known for the machine. (up to 1024 items)

=item C<labels>

a hash of strings. Labels set by users. (up to 64 members)

=item C<created>

time, optional. When the machine was made. (RFC 3339, UTC)

=item C<changed>

time. When anything of this record last changed. (RFC 3339, UTC)

=back

=head2 VmPage

A page of machines.

=over

=item C<items>

a list: a hash, Vm. The machines. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 VmStats

What a machine has used since it was started. What a backend cannot tell is left out.

=over

=item C<time>

time. When this was read. (RFC 3339, UTC)

=item C<uptimeSeconds>

counter, optional. Seconds since it was started. (64 bits, as a decimal string)

=item C<cpuSeconds>

number, optional. Processor time used, in seconds. (0 or more)

=item C<memoryMiB>

int, optional. Memory in use, in MiB. (0 or more)

=item C<diskReadBytes>

counter, optional. Bytes read from its disks. (64 bits, as a decimal string)

=item C<diskWriteBytes>

counter, optional. Bytes written to its disks. (64 bits, as a decimal string)

=item C<netReceivedBytes>

counter, optional. Bytes received on its interfaces. (64 bits, as a decimal string)

=item C<netSentBytes>

counter, optional. Bytes sent on its interfaces. (64 bits, as a decimal string)

=back

=head2 Volume

A disk on a backend.

=over

=item C<id>

string. Its id, a UUID. (up to 36 characters)

=item C<connector>

string. The connector that it lives on.

=item C<nativeId>

string. Its id on the backend. (up to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<sizeMiB>

int. Its size in MiB, rounded up. (0 or more)

=item C<usedMiB>

int, optional. What it takes on the backend, in MiB, rounded up. (0 or more)

=item C<format>

string, optional. Its format, such as C<qcow2>. (up to 64 characters)

=item C<pool>

string, optional. The storage pool that holds it. (up to 256 characters)

=item C<changed>

time. When it last changed. (RFC 3339, UTC)

=back

=head2 VolumePage

A page of volumes.

=over

=item C<items>

a list: a hash, Volume. The volumes. (up to 1000000 items)

=item C<total>

int. How many there are in all pages. (0 or more)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=cut
