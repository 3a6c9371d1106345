# Made from the contract and the catalogue by daemon/generate; change those, not this.
package Annelid::Generated::Calls;

use 5.020;
use strict;
use warnings;

use Exporter qw(import);

our @EXPORT = qw(@CALLS %CALLS %BASE_CALLS);

my $ConsoleOutput = {
    data => 'bytes',
    start => 'counter',
    end => 'counter',
};
my $DirectoryUser = {
    login => 'string',
    account => 'string',
    role => 'string',
};
my $DirectoryAnswer = {
    user => $DirectoryUser,
};
my $Disk = {
    device => 'string',
    sizeMiB => 'int',
    volume => 'string',
    readOnly => 'bool',
};
my $Done = {
};
my $ErrorData = {
    kind => 'string',
    outcome => 'string',
    retryAfterMs => 'int',
    field => 'string',
    resource => 'string',
    provider => 'string',
    hint => 'string',
    contract => 'any',
};
my $Error = {
    code => 'int',
    message => 'string',
    data => $ErrorData,
};
my $Nic = {
    mac => 'string',
    network => 'string',
    addresses => ['string'],
};
my $NativeVm = {
    id => 'string',
    name => 'string',
    state => 'string',
    host => 'string',
    image => 'string',
    key => 'string',
    vcpus => 'int',
    memoryMiB => 'int',
    disks => [$Disk],
    nics => [$Nic],
    addresses => ['string'],
    labels => 'map',
    created => 'time',
};
my $Found = {
    outcome => 'string',
    vm => $NativeVm,
};
my $LookedUp = {
    id => 'string',
    nativeId => 'string',
    name => 'string',
    account => 'string',
    state => 'string',
    labels => 'map',
};
my $NativeHost = {
    id => 'string',
    name => 'string',
    state => 'string',
    vcpus => 'int',
    memoryMiB => 'int',
    freeMemoryMiB => 'int',
    hypervisor => 'string',
};
my $NativeHostPage = {
    items => [$NativeHost],
    next => 'string',
};
my $NativeImage = {
    id => 'string',
    name => 'string',
    format => 'string',
    sizeMiB => 'int',
};
my $NativeImagePage = {
    items => [$NativeImage],
    next => 'string',
};
my $NativeNetwork = {
    id => 'string',
    name => 'string',
    state => 'string',
    bridge => 'string',
    cidrs => ['string'],
};
my $NativeNetworkPage = {
    items => [$NativeNetwork],
    next => 'string',
};
my $NativeVmPage = {
    items => [$NativeVm],
    next => 'string',
};
my $NativeVolume = {
    id => 'string',
    name => 'string',
    sizeMiB => 'int',
    usedMiB => 'int',
    format => 'string',
    pool => 'string',
};
my $NativeVolumePage = {
    items => [$NativeVolume],
    next => 'string',
};
my $Need = {
    secret => ['string'],
    state => ['string'],
};
my $NewDisk = {
    sizeMiB => 'int',
};
my $Nothing = {
};
my $PulledEvent = {
    type => 'string',
    vm => $NativeVm,
    id => 'string',
    cursor => 'string',
    time => 'time',
};
my $Pulled = {
    events => [$PulledEvent],
    next => 'string',
    reset => 'bool',
};
my $RefusedEntry = {
    id => 'string',
    message => 'string',
};
my $Recorded = {
    refused => [$RefusedEntry],
};
my $TaskHandle = {
    id => 'string',
    pollMs => 'int',
    ttlMs => 'int',
};
my $TaskState = {
    state => 'string',
    percent => 'number',
    message => 'string',
    result => $NativeVm,
    error => $Error,
};
my $UsageEntry = {
    id => 'string',
    vm => 'string',
    name => 'string',
    account => 'string',
    connector => 'string',
    vcpus => 'int',
    memoryMiB => 'int',
    began => 'time',
    ended => 'time',
    seconds => 'number',
};
my $VmStats = {
    time => 'time',
    uptimeSeconds => 'counter',
    cpuSeconds => 'number',
    memoryMiB => 'int',
    diskReadBytes => 'counter',
    diskWriteBytes => 'counter',
    netReceivedBytes => 'counter',
    netSentBytes => 'counter',
};

# The types of records by their names.
our %RECORDS = (
    ConsoleOutput => $ConsoleOutput,
    DirectoryAnswer => $DirectoryAnswer,
    DirectoryUser => $DirectoryUser,
    Disk => $Disk,
    Done => $Done,
    Error => $Error,
    ErrorData => $ErrorData,
    Found => $Found,
    LookedUp => $LookedUp,
    NativeHost => $NativeHost,
    NativeHostPage => $NativeHostPage,
    NativeImage => $NativeImage,
    NativeImagePage => $NativeImagePage,
    NativeNetwork => $NativeNetwork,
    NativeNetworkPage => $NativeNetworkPage,
    NativeVm => $NativeVm,
    NativeVmPage => $NativeVmPage,
    NativeVolume => $NativeVolume,
    NativeVolumePage => $NativeVolumePage,
    Need => $Need,
    NewDisk => $NewDisk,
    Nic => $Nic,
    Nothing => $Nothing,
    Pulled => $Pulled,
    PulledEvent => $PulledEvent,
    Recorded => $Recorded,
    RefusedEntry => $RefusedEntry,
    TaskHandle => $TaskHandle,
    TaskState => $TaskState,
    UsageEntry => $UsageEntry,
    VmStats => $VmStats,
);

# In the order of the contract.
our @CALLS = qw(
    compute.list
    compute.get
    compute.create
    compute.start
    compute.shutdown
    compute.powerOff
    compute.reboot
    compute.reset
    compute.pause
    compute.resume
    compute.update
    compute.delete
    compute.consoleOutput
    compute.stats
    compute.hosts
    compute.images
    storage.list
    network.list
    directory.authenticate
    directory.find
    accounting.record
);

# By the names of their methods: the call, and the type of its result.
our %CALLS = (
    compute_list => ['compute.list', $NativeVmPage],
    compute_get => ['compute.get', $NativeVm],
    compute_create => ['compute.create', $NativeVm],
    compute_start => ['compute.start', $NativeVm],
    compute_shutdown => ['compute.shutdown', $NativeVm],
    compute_power_off => ['compute.powerOff', $NativeVm],
    compute_reboot => ['compute.reboot', $NativeVm],
    compute_reset => ['compute.reset', $NativeVm],
    compute_pause => ['compute.pause', $NativeVm],
    compute_resume => ['compute.resume', $NativeVm],
    compute_update => ['compute.update', $NativeVm],
    compute_delete => ['compute.delete', $Done],
    compute_console_output => ['compute.consoleOutput', $ConsoleOutput],
    compute_stats => ['compute.stats', $VmStats],
    compute_hosts => ['compute.hosts', $NativeHostPage],
    compute_images => ['compute.images', $NativeImagePage],
    storage_list => ['storage.list', $NativeVolumePage],
    network_list => ['network.list', $NativeNetworkPage],
    directory_authenticate => ['directory.authenticate', $DirectoryAnswer],
    directory_find => ['directory.find', $DirectoryAnswer],
    accounting_record => ['accounting.record', $Recorded],
);

# What is asked of every connector that has it.
our %BASE_CALLS = (
    find => ['find', $Found],
    probe => ['probe', $Nothing],
    drain => ['drain', $Nothing],
    events_pull => ['events.pull', $Pulled],
    task_get => ['task.get', $TaskState],
    task_cancel => ['task.cancel', $Nothing],
);

1;

__END__

=encoding UTF-8

=head1 NAME

Annelid::Generated::Calls - the calls of plugins, and what they answer

=head1 CALLS

Each is a method of an Annelid::Connector, gets its parameters as pairs and answers what is said
here.

=head2 compute_list

All machines of the backend, whoever made them.

=over

=item C<after>

string, optional. C<next> of the page before; the first page when left out. (up to 1024 characters)

=back

Answers a hash, NativeVmPage.

=head2 compute_get

One machine. A machine that does not exist is a C<not-found> fault.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_create

Make a machine, stopped. With the same C<ctx.key> again, answer the machine made before and make
nothing.

=over

=item C<id>

string. A UUID that the backend may use as its own id. (up to 36 characters)

=item C<name>

string. The name that the user chose. Another machine may have it already. (1 to 256 characters)

=item C<vcpus>

int. Virtual processors. (1 to 4096)

=item C<memoryMiB>

int. Memory in MiB. (1 or more)

=item C<image>

string, optional. Backend id of the disk image to boot from; the machine gets a copy of its own. (up
to 1024 characters)

=item C<kernel>

string, optional. Backend id of a kernel image to boot directly. (up to 1024 characters)

=item C<initrd>

string, optional. Backend id of the initial RAM disk for C<kernel>. (up to 1024 characters)

=item C<commandLine>

string, optional. Kernel command line. (up to 4096 characters)

=item C<disks>

a list: a hash, NewDisk. Further empty disks. (up to 32 items)

=item C<networks>

a list: string. Networks, one interface each. (up to 32 items)

=item C<labels>

a hash of strings. Labels to keep with the machine if the backend can. (up to 64 members)

=back

Answers a hash, NativeVm.

=head2 compute_start

Power on; done when the machine runs, or is paused when C<paused> was asked for.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=item C<paused>

bool, optional. Stop before the first instruction.

=back

Answers a hash, NativeVm.

=head2 compute_shutdown

Ask the guest to shut down (ACPI); done when it has. A guest may ignore it: the call then ends with
its deadline.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_power_off

Cut the power; done when the machine is stopped.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_reboot

Ask the guest to reboot (ACPI); done when the request is delivered.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_reset

Press the reset button.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_pause

Stop the processors, keep the memory.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_resume

Let a paused machine go on.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, NativeVm.

=head2 compute_update

Change a machine; what is left out stays as it is. A change that the state forbids is a C<conflict>
fault.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=item C<name>

string, optional. A new name. (1 to 256 characters)

=item C<vcpus>

int, optional. Virtual processors. (1 to 4096)

=item C<memoryMiB>

int, optional. Memory in MiB. (1 or more)

=item C<labels>

a hash of strings, optional. All labels: they replace those before. (up to 64 members)

=back

Answers a hash, NativeVm.

=head2 compute_delete

Remove a stopped machine and the disks that C<compute.create> made for it. One that is gone already
is no fault.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, Done.

=head2 compute_console_output

What the machine wrote to its serial console since it was started.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=item C<offset>

counter, optional. Where to begin; the last C<maxBytes> when left out. (64 bits, as a decimal
string)

=item C<maxBytes>

int. At most so many bytes. (1 to 1048576)

=back

Answers a hash, ConsoleOutput.

=head2 compute_stats

What a running machine has used.

=over

=item C<vm>

string. The backend id of the machine. (1 to 1024 characters)

=back

Answers a hash, VmStats.

=head2 compute_hosts

The hosts of the backend.

=over

=item C<after>

string, optional. C<next> of the page before; the first page when left out. (up to 1024 characters)

=back

Answers a hash, NativeHostPage.

=head2 compute_images

The images that machines can be made from.

=over

=item C<after>

string, optional. C<next> of the page before; the first page when left out. (up to 1024 characters)

=back

Answers a hash, NativeImagePage.

=head2 storage_list

All volumes of the backend.

=over

=item C<after>

string, optional. C<next> of the page before; the first page when left out. (up to 1024 characters)

=back

Answers a hash, NativeVolumePage.

=head2 network_list

All networks of the backend.

=over

=item C<after>

string, optional. C<next> of the page before; the first page when left out. (up to 1024 characters)

=back

Answers a hash, NativeNetworkPage.

=head2 directory_authenticate

Whose login and secret these are. Without C<user>: nobody has that login, or the secret is another
one, and the answer does not say which. A fault means that it is not known.

=over

=item C<login>

string. The name that somebody logs in with, as it was given. (1 to 256 characters, as C<^\P{Cc}+$>)

=item C<secret>

string. The secret, never empty. (1 to 1024 characters)

=back

Answers a hash, DirectoryAnswer.

=head2 directory_find

Who has a login, asked again and again as long as a token of that user is used. Without C<user>:
nobody has it any more.

=over

=item C<login>

string. The name that somebody logs in with, as it was given. (1 to 256 characters, as C<^\P{Cc}+$>)

=back

Answers a hash, DirectoryAnswer.

=head2 accounting_record

Write down what was used. An entry that is known by its id already is not counted again, and is no
fault.

=over

=item C<entries>

a list: a hash, UsageEntry. In the order in which they ended. (up to 1000 items)

=back

Answers a hash, Recorded.

=head2 find

What became of the mutation with the key of the call. A connector that has it promises that a
mutation which it gets again with the same key has no second effect.

=over

=item C<call>

string. The mutation that is asked for, as C<compute.create>. (up to 128 characters)

=item C<params>

any value. Its parameters. (JSON; C<$time>, C<$bytes> and C<$counter> stand for what it has no type
for)

=back

Answers a hash, Found.

=head2 probe

Whether the backend can be reached: fails when not.

Answers a hash, Nothing.

=head2 drain

The daemon is about to stop: finish what must be finished.

Answers a hash, Nothing.

=head2 events_pull

What happened since a cursor, the oldest first and at most C<max>; without C<since> no events, and
where they begin. An event that is reported has the cursor that it is answered with here.

=over

=item C<since>

string, optional. C<next> of the answer before, or the cursor of an event. (up to 1024 characters)

=item C<max>

int. The most events that the answer may have. (1 to 1000)

=back

Answers a hash, Pulled.

=head2 task_get

How a task goes that stands for the result of a mutation; a C<not-found> fault when it is not known.

=over

=item C<task>

string. The id of the task. (up to 1024 characters)

=back

Answers a hash, TaskState.

=head2 task_cancel

A task is no longer wanted. How it ends, C<task.get> says.

=over

=item C<task>

string. The id of the task. (up to 1024 characters)

=back

Answers a hash, Nothing.

=head1 RECORDS

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

=head2 DirectoryAnswer

Who that is.

=over

=item C<user>

a hash, DirectoryUser, optional. Somebody whom a directory knows.

=back

=head2 DirectoryUser

Somebody whom a directory knows.

=over

=item C<login>

string. The name as the directory spells it: the same whatever spelling was given. (1 to 256
characters, as C<^\P{Cc}+$>)

=item C<account>

string. The account of the user. (1 to 256 characters, as C<^\P{Cc}+$>)

=item C<role>

one of C<reader>, C<user>, C<admin>. What the user may do, unless the configuration of the connector
allows less.

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

=head2 Done

Nothing to say but that it is done.

=head2 Error

Why a call failed: C<error> of an answer.

=over

=item C<code>

int. One of JSON-RPC's own, or a number that reads like HTTP's.

=item C<message>

string. What is wrong and with what, for users. (up to 4096 characters)

=item C<data>

a hash, ErrorData, optional. What else is to be said of it.

=back

=head2 ErrorData

What else is to be said of it.

=over

=item C<kind>

one of C<malformed>, C<unsupported-encoding>, C<invalid-request>, C<unknown-method>,
C<invalid-params>, C<too-large>, C<unauthenticated>, C<forbidden>, C<not-found>, C<conflict>,
C<exists>, C<busy>, C<throttled>, C<cancelled>, C<internal>, C<unsupported>, C<failed>,
C<unavailable>, C<timeout>, C<quota>, optional. What it is; that of the code when left out.

=item C<outcome>

one of C<none>, C<unknown>, C<partial>, C<done>, optional. What had happened when the call failed.

=item C<retryAfterMs>

int, optional. When to try again, in milliseconds. (0 or more)

=item C<field>

string, optional. JSON Pointer into the parameters, such as C</disks/0/sizeMiB>. (up to 4096
characters)

=item C<resource>

string, optional. The resource meant, by its id. (up to 4096 characters)

=item C<provider>

string, optional. The backend's own name for the failure. (up to 4096 characters)

=item C<hint>

string, optional. What to do next. (up to 4096 characters)

=item C<contract>

any value, optional. What it is in the contract of the service that was called. (JSON; C<$time>,
C<$bytes> and C<$counter> stand for what it has no type for)

=back

=head2 Found

What became of the mutation with the key of the context: the result of C<find>.

=over

=item C<outcome>

one of C<done>, C<none>, C<unknown>. C<done>: it was carried out; C<none>: never begun; C<unknown>:
the plugin cannot tell.

=item C<vm>

a hash, NativeVm, optional. A virtual machine as its backend knows it.

=back

=head2 LookedUp

A machine as the daemon has it.

=over

=item C<id>

string. The daemon's id. (up to 64 characters)

=item C<nativeId>

string. The backend id; empty as long as the machine is being made. (up to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<account>

string. The account that owns it. (up to 256 characters)

=item C<state>

string. Its state as users see it, such as C<running> or C<deleted>. (up to 64 characters)

=item C<labels>

a hash of strings. Its labels. (up to 64 members)

=back

=head2 NativeHost

A host as its backend knows it.

=over

=item C<id>

string. The backend id. (1 to 1024 characters)

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

=back

=head2 NativeHostPage

A page of hosts.

=over

=item C<items>

a list: a hash, NativeHost. The hosts. (up to 100000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 NativeImage

An image as its backend knows it.

=over

=item C<id>

string. The backend id. (1 to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<format>

one of C<qcow2>, C<raw>, C<iso>, C<kernel>, C<initrd>, C<other>. What the image is.

=item C<sizeMiB>

int, optional. Its size in MiB, rounded up. (0 or more)

=back

=head2 NativeImagePage

A page of images.

=over

=item C<items>

a list: a hash, NativeImage. The images. (up to 100000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 NativeNetwork

A network as its backend knows it.

=over

=item C<id>

string. The backend id. (1 to 1024 characters)

=item C<name>

string. Its name. (up to 256 characters)

=item C<state>

one of C<up>, C<down>. Whether it carries traffic.

=item C<bridge>

string, optional. The bridge device on the host. (up to 64 characters)

=item C<cidrs>

a list: string. Address ranges. (up to 256 items)

=back

=head2 NativeNetworkPage

A page of networks.

=over

=item C<items>

a list: a hash, NativeNetwork. The networks. (up to 100000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 NativeVm

A virtual machine as its backend knows it.

=over

=item C<id>

string. The backend id. (1 to 1024 characters)

=item C<name>

string, optional. Its name; the id stands in when there is none. (up to 256 characters)

=item C<state>

one of C<stopped>, C<starting>, C<running>, C<pausing>, C<paused>, C<stopping>, C<suspended>,
C<rebooting>, C<error>, C<unknown>. Its state.

=item C<host>

string, optional. The backend id of the host that it runs on. (up to 1024 characters)

=item C<image>

string, optional. The backend id of the image that it was made from. (up to 1024 characters)

=item C<key>

string, optional. The idempotency key that it was created with, when the backend keeps it. (up to
256 characters)

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

a hash of strings, optional. Labels set by users. (up to 64 members)

=item C<created>

time, optional. When the machine was made. (RFC 3339, UTC)

=back

=head2 NativeVmPage

A page of machines.

=over

=item C<items>

a list: a hash, NativeVm. The machines. (up to 100000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 NativeVolume

A volume as its backend knows it.

=over

=item C<id>

string. The backend id. (1 to 1024 characters)

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

=back

=head2 NativeVolumePage

A page of volumes.

=over

=item C<items>

a list: a hash, NativeVolume. The volumes. (up to 100000 items)

=item C<next>

string, optional. Pass it as C<after> to get the next page; left out on the last. (up to 1024
characters)

=back

=head2 Need

What a call needs before anything is done: it is made again with it.

=over

=item C<secret>

a list: string, optional. Secrets of the connector. (up to 64 items)

=item C<state>

a list: string, optional. Keys of what the daemon keeps for the connector. (up to 64 items)

=back

=head2 NewDisk

An empty disk to make.

=over

=item C<sizeMiB>

int. Its size in MiB. (1 or more)

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

=head2 Nothing

Nothing to say but that it is done.

=head2 Pulled

What happened after a cursor: the result of C<events.pull>.

=over

=item C<events>

a list: a hash, PulledEvent. In their order. (up to 1000 items)

=item C<next>

string. Where to go on. (1 to 1024 characters)

=item C<reset>

bool, optional. What happened between is not known any more: everything must be read again.

=back

=head2 PulledEvent

What happened in the backend.

=over

=item C<type>

one of C<vm.changed>, C<vm.deleted>, C<resync>. C<vm.changed> with the machine as it is now,
C<vm.deleted> with its id, or C<resync>: read everything again.

=item C<vm>

a hash, NativeVm, optional. A virtual machine as its backend knows it.

=item C<id>

string, optional. The backend id of a deleted machine. (up to 1024 characters)

=item C<cursor>

string, optional. The place after it in the order of events. (1 to 1024 characters)

=item C<time>

time, optional. When it happened in the backend; when the host hears of it, when left out. (RFC
3339, UTC)

=back

=head2 Recorded

That it is written.

=over

=item C<refused>

a list: a hash, RefusedEntry, optional. Those that are not, and do not come again. (up to 1000
items)

=back

=head2 RefusedEntry

An entry that cannot be recorded, now and later.

=over

=item C<id>

string. Its id. (up to 36 characters)

=item C<message>

string. Why not, for operators. (up to 4096 characters)

=back

=head2 TaskHandle

A call that goes on after it was answered.

=over

=item C<id>

string. Its name, which outlives the process. (1 to 1024 characters)

=item C<pollMs>

int, optional. Milliseconds between two questions after it. (1 or more)

=item C<ttlMs>

int, optional. Milliseconds for which it is remembered once it has ended. (1 or more)

=back

=head2 TaskState

How a task goes: the result of C<task.get>.

=over

=item C<state>

one of C<running>, C<done>, C<failed>, C<cancelled>. Whether it has ended, and how.

=item C<percent>

number, optional. How far it has come, from 0 to 100. (0 to 100)

=item C<message>

string, optional. What is being done, or why it was cancelled. (up to 4096 characters)

=item C<result>

a hash, NativeVm, optional. A virtual machine as its backend knows it.

=item C<error>

a hash, Error, optional. Why a call failed: C<error> of an answer.

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

=cut
