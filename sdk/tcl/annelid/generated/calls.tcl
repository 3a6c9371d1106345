# Made from the contract and the catalogue by daemon/generate; change those, not this.
#
# The calls of plugins, and what they answer.

# compute.list ?after?
#
#   All machines of the backend, whoever made them.
#     after: `next` of the page before; the first page when left out. (up to 1024 characters)
dict set annelid::Calls compute.list {
    params {
        after string
    }
    optional {after}
    result {record plugin/NativeVmPage}
}

# compute.get vm
#
#   One machine. A machine that does not exist is a `not-found` fault.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.get {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.create id name vcpus memoryMiB disks networks labels ?image? ?kernel? ?initrd? ?commandLine?
#
#   Make a machine, stopped. With the same `ctx.key` again, answer the machine made before and make nothing.
#     id: A UUID that the backend may use as its own id. (up to 36 characters)
#     name: The name that the user chose. Another machine may have it already. (1 to 256 characters)
#     vcpus: Virtual processors. (1 to 4096)
#     memoryMiB: Memory in MiB. (1 or more)
#     disks: Further empty disks. (up to 32 items)
#     networks: Networks, one interface each. (up to 32 items)
#     labels: Labels to keep with the machine if the backend can. (up to 64 members)
#     image: Backend id of the disk image to boot from; the machine gets a copy of its own. (up to 1024
#         characters)
#     kernel: Backend id of a kernel image to boot directly. (up to 1024 characters)
#     initrd: Backend id of the initial RAM disk for `kernel`. (up to 1024 characters)
#     commandLine: Kernel command line. (up to 4096 characters)
dict set annelid::Calls compute.create {
    params {
        id string
        name string
        vcpus int
        memoryMiB int
        disks {list {record plugin/NewDisk}}
        networks {list string}
        labels map
        image string
        kernel string
        initrd string
        commandLine string
    }
    optional {image kernel initrd commandLine}
    result {record plugin/NativeVm}
}

# compute.start vm ?paused?
#
#   Power on; done when the machine runs, or is paused when `paused` was asked for.
#     vm: The backend id of the machine. (1 to 1024 characters)
#     paused: Stop before the first instruction.
dict set annelid::Calls compute.start {
    params {
        vm string
        paused bool
    }
    optional {paused}
    result {record plugin/NativeVm}
}

# compute.shutdown vm
#
#   Ask the guest to shut down (ACPI); done when it has. A guest may ignore it: the call then ends with its
#   deadline.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.shutdown {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.powerOff vm
#
#   Cut the power; done when the machine is stopped.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.powerOff {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.reboot vm
#
#   Ask the guest to reboot (ACPI); done when the request is delivered.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.reboot {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.reset vm
#
#   Press the reset button.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.reset {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.pause vm
#
#   Stop the processors, keep the memory.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.pause {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.resume vm
#
#   Let a paused machine go on.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.resume {
    params {
        vm string
    }
    optional {}
    result {record plugin/NativeVm}
}

# compute.update vm ?name? ?vcpus? ?memoryMiB? ?labels?
#
#   Change a machine; what is left out stays as it is. A change that the state forbids is a `conflict`
#   fault.
#     vm: The backend id of the machine. (1 to 1024 characters)
#     name: A new name. (1 to 256 characters)
#     vcpus: Virtual processors. (1 to 4096)
#     memoryMiB: Memory in MiB. (1 or more)
#     labels: All labels: they replace those before. (up to 64 members)
dict set annelid::Calls compute.update {
    params {
        vm string
        name string
        vcpus int
        memoryMiB int
        labels map
    }
    optional {name vcpus memoryMiB labels}
    result {record plugin/NativeVm}
}

# compute.delete vm
#
#   Remove a stopped machine and the disks that `compute.create` made for it. One that is gone already is no
#   fault.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.delete {
    params {
        vm string
    }
    optional {}
    result {record plugin/Done}
}

# compute.consoleOutput vm maxBytes ?offset?
#
#   What the machine wrote to its serial console since it was started.
#     vm: The backend id of the machine. (1 to 1024 characters)
#     maxBytes: At most so many bytes. (1 to 1048576)
#     offset: Where to begin; the last `maxBytes` when left out. (64 bits, as a decimal string)
dict set annelid::Calls compute.consoleOutput {
    params {
        vm string
        maxBytes int
        offset counter
    }
    optional {offset}
    result {record plugin/ConsoleOutput}
}

# compute.stats vm
#
#   What a running machine has used.
#     vm: The backend id of the machine. (1 to 1024 characters)
dict set annelid::Calls compute.stats {
    params {
        vm string
    }
    optional {}
    result {record plugin/VmStats}
}

# compute.hosts ?after?
#
#   The hosts of the backend.
#     after: `next` of the page before; the first page when left out. (up to 1024 characters)
dict set annelid::Calls compute.hosts {
    params {
        after string
    }
    optional {after}
    result {record plugin/NativeHostPage}
}

# compute.images ?after?
#
#   The images that machines can be made from.
#     after: `next` of the page before; the first page when left out. (up to 1024 characters)
dict set annelid::Calls compute.images {
    params {
        after string
    }
    optional {after}
    result {record plugin/NativeImagePage}
}

# storage.list ?after?
#
#   All volumes of the backend.
#     after: `next` of the page before; the first page when left out. (up to 1024 characters)
dict set annelid::Calls storage.list {
    params {
        after string
    }
    optional {after}
    result {record plugin/NativeVolumePage}
}

# network.list ?after?
#
#   All networks of the backend.
#     after: `next` of the page before; the first page when left out. (up to 1024 characters)
dict set annelid::Calls network.list {
    params {
        after string
    }
    optional {after}
    result {record plugin/NativeNetworkPage}
}

# directory.authenticate login secret
#
#   Whose login and secret these are. Without `user`: nobody has that login, or the secret is another one,
#   and the answer does not say which. A fault means that it is not known.
#     login: The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`)
#     secret: The secret, never empty. (1 to 1024 characters)
dict set annelid::Calls directory.authenticate {
    params {
        login string
        secret string
    }
    optional {}
    result {record plugin/DirectoryAnswer}
}

# directory.find login
#
#   Who has a login, asked again and again as long as a token of that user is used. Without `user`: nobody
#   has it any more.
#     login: The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`)
dict set annelid::Calls directory.find {
    params {
        login string
    }
    optional {}
    result {record plugin/DirectoryAnswer}
}

# accounting.record entries
#
#   Write down what was used. An entry that is known by its id already is not counted again, and is no
#   fault.
#     entries: In the order in which they ended. (up to 1000 items)
dict set annelid::Calls accounting.record {
    params {
        entries {list {record plugin/UsageEntry}}
    }
    optional {}
    result {record plugin/Recorded}
}

# A piece of what a machine wrote to its serial console.
#   data: The bytes, as the machine wrote them. (base64)
#   start: The offset of the first byte of `data` in all that was written since the machine was started. (64
#       bits, as a decimal string)
#   end: The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a decimal
#       string)
dict set annelid::json::Records plugin/ConsoleOutput {
    data bytes
    start counter
    end counter
}

# Who that is.
#   user: Somebody whom a directory knows.
dict set annelid::json::Records plugin/DirectoryAnswer {
    user {record plugin/DirectoryUser}
}

# Somebody whom a directory knows.
#   login: The name as the directory spells it: the same whatever spelling was given. (1 to 256 characters,
#       as `^\P{Cc}+$`)
#   account: The account of the user. (1 to 256 characters, as `^\P{Cc}+$`)
#   role: What the user may do, unless the configuration of the connector allows less.
dict set annelid::json::Records plugin/DirectoryUser {
    login string
    account string
    role {enum {reader user admin}}
}

# A disk as a machine sees it.
#   device: The device name that the backend gives it, such as `vda`. (up to 64 characters)
#   sizeMiB: Its size in MiB. (0 or more)
#   volume: The backend id of the volume behind it. (up to 1024 characters)
#   readOnly: Whether the machine can only read it.
dict set annelid::json::Records plugin/Disk {
    device string
    sizeMiB int
    volume string
    readOnly bool
}

# Nothing to say but that it is done.
dict set annelid::json::Records plugin/Done {
}

# Why a call failed: `error` of an answer.
#   code: One of JSON-RPC's own, or a number that reads like HTTP's.
#   message: What is wrong and with what, for users. (up to 4096 characters)
#   data: What else is to be said of it.
dict set annelid::json::Records plugin/Error {
    code int
    message string
    data {record plugin/ErrorData}
}

# What else is to be said of it.
#   kind: What it is; that of the code when left out.
#   outcome: What had happened when the call failed.
#   retryAfterMs: When to try again, in milliseconds. (0 or more)
#   field: JSON Pointer into the parameters, such as `/disks/0/sizeMiB`. (up to 4096 characters)
#   resource: The resource meant, by its id. (up to 4096 characters)
#   provider: The backend's own name for the failure. (up to 4096 characters)
#   hint: What to do next. (up to 4096 characters)
#   contract: What it is in the contract of the service that was called. (JSON; `$time`, `$bytes` and
#       `$counter` stand for what it has no type for)
dict set annelid::json::Records plugin/ErrorData {
    kind {enum {malformed unsupported-encoding invalid-request unknown-method invalid-params too-large unauthenticated forbidden not-found conflict exists busy throttled cancelled internal unsupported failed unavailable timeout quota}}
    outcome {enum {none unknown partial done}}
    retryAfterMs int
    field string
    resource string
    provider string
    hint string
    contract any
}

# What became of the mutation with the key of the context: the result of `find`.
#   outcome: `done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell.
#   vm: A virtual machine as its backend knows it.
dict set annelid::json::Records plugin/Found {
    outcome {enum {done none unknown}}
    vm {record plugin/NativeVm}
}

# A machine as the daemon has it.
#   id: The daemon's id. (up to 64 characters)
#   nativeId: The backend id; empty as long as the machine is being made. (up to 1024 characters)
#   name: Its name. (up to 256 characters)
#   account: The account that owns it. (up to 256 characters)
#   state: Its state as users see it, such as `running` or `deleted`. (up to 64 characters)
#   labels: Its labels. (up to 64 members)
dict set annelid::json::Records plugin/LookedUp {
    id string
    nativeId string
    name string
    account string
    state string
    labels map
}

# A host as its backend knows it.
#   id: The backend id. (1 to 1024 characters)
#   name: Its name. (up to 256 characters)
#   state: Whether machines can run there.
#   vcpus: Processor threads. (0 or more)
#   memoryMiB: Memory in MiB. (0 or more)
#   freeMemoryMiB: Memory not in use, in MiB. (0 or more)
#   hypervisor: The hypervisor and its version, as `QEMU 7.2.19`. (up to 256 characters)
dict set annelid::json::Records plugin/NativeHost {
    id string
    name string
    state {enum {up down maintenance}}
    vcpus int
    memoryMiB int
    freeMemoryMiB int
    hypervisor string
}

# A page of hosts.
#   items: The hosts. (up to 100000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records plugin/NativeHostPage {
    items {list {record plugin/NativeHost}}
    next string
}

# An image as its backend knows it.
#   id: The backend id. (1 to 1024 characters)
#   name: Its name. (up to 256 characters)
#   format: What the image is.
#   sizeMiB: Its size in MiB, rounded up. (0 or more)
dict set annelid::json::Records plugin/NativeImage {
    id string
    name string
    format {enum {qcow2 raw iso kernel initrd other}}
    sizeMiB int
}

# A page of images.
#   items: The images. (up to 100000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records plugin/NativeImagePage {
    items {list {record plugin/NativeImage}}
    next string
}

# A network as its backend knows it.
#   id: The backend id. (1 to 1024 characters)
#   name: Its name. (up to 256 characters)
#   state: Whether it carries traffic.
#   bridge: The bridge device on the host. (up to 64 characters)
#   cidrs: Address ranges. (up to 256 items)
dict set annelid::json::Records plugin/NativeNetwork {
    id string
    name string
    state {enum {up down}}
    bridge string
    cidrs {list string}
}

# A page of networks.
#   items: The networks. (up to 100000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records plugin/NativeNetworkPage {
    items {list {record plugin/NativeNetwork}}
    next string
}

# A virtual machine as its backend knows it.
#   id: The backend id. (1 to 1024 characters)
#   name: Its name; the id stands in when there is none. (up to 256 characters)
#   state: Its state.
#   host: The backend id of the host that it runs on. (up to 1024 characters)
#   image: The backend id of the image that it was made from. (up to 1024 characters)
#   key: The idempotency key that it was created with, when the backend keeps it. (up to 256 characters)
#   vcpus: Virtual processors. (1 to 4096)
#   memoryMiB: Memory in MiB. (1 or more)
#   disks: Its disks. (up to 256 items)
#   nics: Its network interfaces. (up to 256 items)
#   addresses: All addresses known for the machine. (up to 1024 items)
#   labels: Labels set by users. (up to 64 members)
#   created: When the machine was made. (RFC 3339, UTC)
dict set annelid::json::Records plugin/NativeVm {
    id string
    name string
    state {enum {stopped starting running pausing paused stopping suspended rebooting error unknown}}
    host string
    image string
    key string
    vcpus int
    memoryMiB int
    disks {list {record plugin/Disk}}
    nics {list {record plugin/Nic}}
    addresses {list string}
    labels map
    created time
}

# A page of machines.
#   items: The machines. (up to 100000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records plugin/NativeVmPage {
    items {list {record plugin/NativeVm}}
    next string
}

# A volume as its backend knows it.
#   id: The backend id. (1 to 1024 characters)
#   name: Its name. (up to 256 characters)
#   sizeMiB: Its size in MiB, rounded up. (0 or more)
#   usedMiB: What it takes on the backend, in MiB, rounded up. (0 or more)
#   format: Its format, such as `qcow2`. (up to 64 characters)
#   pool: The storage pool that holds it. (up to 256 characters)
dict set annelid::json::Records plugin/NativeVolume {
    id string
    name string
    sizeMiB int
    usedMiB int
    format string
    pool string
}

# A page of volumes.
#   items: The volumes. (up to 100000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records plugin/NativeVolumePage {
    items {list {record plugin/NativeVolume}}
    next string
}

# What a call needs before anything is done: it is made again with it.
#   secret: Secrets of the connector. (up to 64 items)
#   state: Keys of what the daemon keeps for the connector. (up to 64 items)
dict set annelid::json::Records plugin/Need {
    secret {list string}
    state {list string}
}

# An empty disk to make.
#   sizeMiB: Its size in MiB. (1 or more)
dict set annelid::json::Records plugin/NewDisk {
    sizeMiB int
}

# A network interface of a machine.
#   mac: Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)
#   network: The backend id of the network that it is connected to. (up to 1024 characters)
#   addresses: Addresses known on this interface. (up to 256 items)
dict set annelid::json::Records plugin/Nic {
    mac string
    network string
    addresses {list string}
}

# Nothing to say but that it is done.
dict set annelid::json::Records plugin/Nothing {
}

# What happened after a cursor: the result of `events.pull`.
#   events: In their order. (up to 1000 items)
#   next: Where to go on. (1 to 1024 characters)
#   reset: What happened between is not known any more: everything must be read again.
dict set annelid::json::Records plugin/Pulled {
    events {list {record plugin/PulledEvent}}
    next string
    reset bool
}

# What happened in the backend.
#   type: `vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read everything
#       again.
#   vm: A virtual machine as its backend knows it.
#   id: The backend id of a deleted machine. (up to 1024 characters)
#   cursor: The place after it in the order of events. (1 to 1024 characters)
#   time: When it happened in the backend; when the host hears of it, when left out. (RFC 3339, UTC)
dict set annelid::json::Records plugin/PulledEvent {
    type {enum {vm.changed vm.deleted resync}}
    vm {record plugin/NativeVm}
    id string
    cursor string
    time time
}

# That it is written.
#   refused: Those that are not, and do not come again. (up to 1000 items)
dict set annelid::json::Records plugin/Recorded {
    refused {list {record plugin/RefusedEntry}}
}

# An entry that cannot be recorded, now and later.
#   id: Its id. (up to 36 characters)
#   message: Why not, for operators. (up to 4096 characters)
dict set annelid::json::Records plugin/RefusedEntry {
    id string
    message string
}

# A call that goes on after it was answered.
#   id: Its name, which outlives the process. (1 to 1024 characters)
#   pollMs: Milliseconds between two questions after it. (1 or more)
#   ttlMs: Milliseconds for which it is remembered once it has ended. (1 or more)
dict set annelid::json::Records plugin/TaskHandle {
    id string
    pollMs int
    ttlMs int
}

# How a task goes: the result of `task.get`.
#   state: Whether it has ended, and how.
#   percent: How far it has come, from 0 to 100. (0 to 100)
#   message: What is being done, or why it was cancelled. (up to 4096 characters)
#   result: A virtual machine as its backend knows it.
#   error: Why a call failed: `error` of an answer.
dict set annelid::json::Records plugin/TaskState {
    state {enum {running done failed cancelled}}
    percent number
    message string
    result {record plugin/NativeVm}
    error {record plugin/Error}
}

# That a machine ran, or was paused, from one moment to another.
#   id: Its id, a UUID: the same however often it is told. (up to 36 characters)
#   vm: The daemon's id of the machine. (up to 64 characters)
#   name: The name of the machine. (up to 256 characters)
#   account: The account that owned it. (up to 256 characters)
#   connector: The connector that it was on. (up to 256 characters)
#   vcpus: Its virtual processors. (0 or more)
#   memoryMiB: Its memory in MiB. (0 or more)
#   began: When it began. (RFC 3339, UTC)
#   ended: When it ended: the machine was stopped, removed or resized then, or a period was over. (RFC 3339,
#       UTC)
#   seconds: How long that is, in seconds. (0 or more)
dict set annelid::json::Records plugin/UsageEntry {
    id string
    vm string
    name string
    account string
    connector string
    vcpus int
    memoryMiB int
    began time
    ended time
    seconds number
}

# What a machine has used since it was started. What a backend cannot tell is left out.
#   time: When this was read. (RFC 3339, UTC)
#   uptimeSeconds: Seconds since it was started. (64 bits, as a decimal string)
#   cpuSeconds: Processor time used, in seconds. (0 or more)
#   memoryMiB: Memory in use, in MiB. (0 or more)
#   diskReadBytes: Bytes read from its disks. (64 bits, as a decimal string)
#   diskWriteBytes: Bytes written to its disks. (64 bits, as a decimal string)
#   netReceivedBytes: Bytes received on its interfaces. (64 bits, as a decimal string)
#   netSentBytes: Bytes sent on its interfaces. (64 bits, as a decimal string)
dict set annelid::json::Records plugin/VmStats {
    time time
    uptimeSeconds counter
    cpuSeconds number
    memoryMiB int
    diskReadBytes counter
    diskWriteBytes counter
    netReceivedBytes counter
    netSentBytes counter
}

# find call params
#
#   What became of the mutation with the key of the call. A connector that has it promises that a mutation
#   which it gets again with the same key has no second effect.
#     call: The mutation that is asked for, as `compute.create`. (up to 128 characters)
#     params: Its parameters. (JSON; `$time`, `$bytes` and `$counter` stand for what it has no type for)
dict set annelid::BaseCalls find {
    params {
        call string
        params any
    }
    optional {}
    result {record plugin/Found}
}

# probe
#
#   Whether the backend can be reached: fails when not.
dict set annelid::BaseCalls probe {
    params {}
    optional {}
    result {record plugin/Nothing}
}

# drain
#
#   The daemon is about to stop: finish what must be finished.
dict set annelid::BaseCalls drain {
    params {}
    optional {}
    result {record plugin/Nothing}
}

# events.pull max ?since?
#
#   What happened since a cursor, the oldest first and at most `max`; without `since` no events, and where
#   they begin. An event that is reported has the cursor that it is answered with here.
#     max: The most events that the answer may have. (1 to 1000)
#     since: `next` of the answer before, or the cursor of an event. (up to 1024 characters)
dict set annelid::BaseCalls events.pull {
    params {
        max int
        since string
    }
    optional {since}
    result {record plugin/Pulled}
}

# task.get task
#
#   How a task goes that stands for the result of a mutation; a `not-found` fault when it is not known.
#     task: The id of the task. (up to 1024 characters)
dict set annelid::BaseCalls task.get {
    params {
        task string
    }
    optional {}
    result {record plugin/TaskState}
}

# task.cancel task
#
#   A task is no longer wanted. How it ends, `task.get` says.
#     task: The id of the task. (up to 1024 characters)
dict set annelid::BaseCalls task.cancel {
    params {
        task string
    }
    optional {}
    result {record plugin/Nothing}
}
