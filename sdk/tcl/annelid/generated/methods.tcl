# Made from the contract and the catalogue by daemon/generate; change those, not this.
#
# The methods of the daemon, and what they answer.

# system.listMethods
#
#   The names of all methods.
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods system.listMethods {
    params {}
    optional {}
    result {list string}
}

# system.methodHelp method
#
#   What a method does, in prose.
#     method: The name of a method. (up to 256 characters)
#   Faults: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods system.methodHelp {
    params {
        method string
    }
    optional {}
    result string
}

# system.methodSignature method
#
#   The types of a method, in the words of XML-RPC: a list of signatures, one for each number of optional
#   parameters that is given; in each, the type of the result comes first.
#     method: The name of a method. (up to 256 characters)
#   Faults: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods system.methodSignature {
    params {
        method string
    }
    optional {}
    result {list {list string}}
}

# system.version
#
#   Which software this is.
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods system.version {
    params {}
    optional {}
    result {record api/Version}
}

# system.health
#
#   Whether the daemon is well.
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods system.health {
    params {}
    optional {}
    result {record api/Health}
}

# session.login user password
#
#   Exchange a name and password for a token.
#     user: The name of the user. (up to 256 characters)
#     password: The password. (up to 1024 characters)
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods session.login {
    params {
        user string
        password string
    }
    optional {}
    result {record api/Session}
}

# session.logout
#
#   End the token that this call is made with.
#   Faults: conflict, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods session.logout {
    params {}
    optional {}
    result {record api/LoggedOut}
}

# session.whoami
#
#   Who is calling, as the daemon sees it.
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods session.whoami {
    params {}
    optional {}
    result {record api/Identity}
}

# vm.list ?-state value? ?-connector value? ?-host value? ?-account value? ?-name value? ?-labels value?
#     ?-sort value? ?-descending value? ?-limit value? ?-after value? ?-refresh value?
#
#   List machines. Filters that are given must all match; machines that are deleted are listed only when
#   `state` asks for them.
#     state: Only machines in this state.
#     connector: Only machines of this connector.
#     host: Only machines on this host.
#     account: Only machines of this account.
#     name: Only machines whose name contains this text, in any case. (up to 256 characters)
#     labels: Only machines that have all these labels with these values. (up to 64 members)
#     sort: What to sort by. (default `"created"`)
#     descending: Whether the last comes first. (default `false`)
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods vm.list {
    params {
        state {enum {pending stopped starting running pausing paused stopping suspended rebooting error unknown deleting deleted}}
        connector string
        host string
        account string
        name string
        labels map
        sort {enum {created name state vcpus memoryMiB}}
        descending bool
        limit int
        after string
        refresh bool
    }
    optional {state connector host account name labels sort descending limit after refresh}
    result {record api/VmPage}
}

# vm.get vm ?-refresh value?
#
#   Read one machine.
#     vm: The machine: its id, or its name where that is unique.
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: not-found, unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods vm.get {
    params {
        vm string
        refresh bool
    }
    optional {refresh}
    result {record api/Vm}
}

# vm.create name ?-connector value? ?-vcpus value? ?-memoryMiB value? ?-image value? ?-kernel value?
#     ?-initrd value? ?-commandLine value? ?-disks value? ?-networks value? ?-labels value? ?-start value?
#     ?-account value? ?-key value? ?-wait value?
#
#   Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty disks. It is
#   stopped unless `start` is given. The machine is in the inventory, `pending`, as soon as the call is
#   answered; its id is the `resource` of the operation.
#     name: Its name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
#     connector: Where to make it; may be left out when there is only one connector.
#     vcpus: Virtual processors. (1 to 1024; default `1`)
#     memoryMiB: Memory in MiB. (16 to 16777216; default `512`)
#     image: The disk image to boot from; the machine gets a copy of its own.
#     kernel: A kernel image to boot directly.
#     initrd: The initial RAM disk for `kernel`.
#     commandLine: The kernel command line. (up to 4096 characters)
#     disks: Further empty disks. (up to 32 items; default `[]`)
#     networks: Networks to connect it to, one interface each. (up to 32 items; default `[]`)
#     labels: Labels. (up to 64 members; default `{}`)
#     start: Start it once it is made. (default `false`)
#     account: The owner; only administrators may name another account than their own.
#     key: A word of your choice: the same call with the same key again answers the same operation and makes
#         nothing. (1 to 128 characters)
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, exists, unsupported, quota, unavailable, timeout, invalid-params,
#   unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods vm.create {
    params {
        name string
        connector string
        vcpus int
        memoryMiB int
        image string
        kernel string
        initrd string
        commandLine string
        disks {list {record api/NewDisk}}
        networks {list string}
        labels map
        start bool
        account string
        key string
        wait number
    }
    optional {connector vcpus memoryMiB image kernel initrd commandLine disks networks labels start account key wait}
    result {record api/Operation}
}

# vm.start vm ?-paused value? ?-wait value?
#
#   Power on a stopped machine.
#     vm: The machine: its id, or its name where that is unique.
#     paused: Stop before the first instruction. (default `false`)
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.start {
    params {
        vm string
        paused bool
        wait number
    }
    optional {paused wait}
    result {record api/Operation}
}

# vm.shutdown vm ?-wait value?
#
#   Ask the guest to shut down. A guest may ignore that; `vm.powerOff` always works, also while this is
#   under way.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.shutdown {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.powerOff vm ?-wait value?
#
#   Cut the power. A start, shutdown or reboot of this machine that is under way is cancelled.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.powerOff {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.reboot vm ?-wait value?
#
#   Ask the guest to reboot.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.reboot {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.reset vm ?-wait value?
#
#   Press the reset button: the machine starts anew at once, without asking the guest.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.reset {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.pause vm ?-wait value?
#
#   Stop the processors of a running machine; its memory is kept.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.pause {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.resume vm ?-wait value?
#
#   Let a paused machine go on.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.resume {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.update vm ?-name value? ?-labels value? ?-vcpus value? ?-memoryMiB value? ?-wait value?
#
#   Change a machine; what is left out stays as it is. Most backends change the name, processors and memory
#   of stopped machines only.
#     vm: The machine: its id, or its name where that is unique.
#     name: A new name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
#     labels: All labels: they replace those before. (up to 64 members)
#     vcpus: Virtual processors. (1 to 1024)
#     memoryMiB: Memory in MiB. (16 to 16777216)
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, exists, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.update {
    params {
        vm string
        name string
        labels map
        vcpus int
        memoryMiB int
        wait number
    }
    optional {name labels vcpus memoryMiB wait}
    result {record api/Operation}
}

# vm.delete vm ?-wait value?
#
#   Remove a stopped machine and the disks that were made for it. Its record stays readable as `deleted` for
#   a while.
#     vm: The machine: its id, or its name where that is unique.
#     wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600;
#         default `0`)
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.delete {
    params {
        vm string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# vm.consoleOutput vm ?-offset value? ?-maxBytes value?
#
#   What the machine wrote to its serial console since it was started.
#     vm: The machine: its id, or its name where that is unique.
#     offset: Where to begin; the end of the output when left out. (64 bits, as a decimal string)
#     maxBytes: At most so many bytes. (1 to 1048576; default `65536`)
#   Faults: not-found, unsupported, unavailable, timeout, invalid-params, unauthenticated, forbidden,
#   throttled, internal.
dict set annelid::Methods vm.consoleOutput {
    params {
        vm string
        offset counter
        maxBytes int
    }
    optional {offset maxBytes}
    result {record api/ConsoleOutput}
}

# vm.stats vm
#
#   What a running machine has used since it was started.
#     vm: The machine: its id, or its name where that is unique.
#   Faults: not-found, conflict, unsupported, unavailable, timeout, invalid-params, unauthenticated,
#   forbidden, throttled, internal.
dict set annelid::Methods vm.stats {
    params {
        vm string
    }
    optional {}
    result {record api/VmStats}
}

# host.list ?-connector value? ?-limit value? ?-after value? ?-refresh value?
#
#   List hosts.
#     connector: Only hosts of this connector.
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods host.list {
    params {
        connector string
        limit int
        after string
        refresh bool
    }
    optional {connector limit after refresh}
    result {record api/HostPage}
}

# host.get host
#
#   Read one host.
#     host: The host: its id, or its name where that is unique.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods host.get {
    params {
        host string
    }
    optional {}
    result {record api/Host}
}

# image.list ?-connector value? ?-limit value? ?-after value? ?-refresh value?
#
#   List images.
#     connector: Only images of this connector.
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods image.list {
    params {
        connector string
        limit int
        after string
        refresh bool
    }
    optional {connector limit after refresh}
    result {record api/ImagePage}
}

# image.get image
#
#   Read one image.
#     image: The image: its id, or its name where that is unique.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods image.get {
    params {
        image string
    }
    optional {}
    result {record api/Image}
}

# network.list ?-connector value? ?-limit value? ?-after value? ?-refresh value?
#
#   List networks.
#     connector: Only networks of this connector.
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods network.list {
    params {
        connector string
        limit int
        after string
        refresh bool
    }
    optional {connector limit after refresh}
    result {record api/NetworkPage}
}

# network.get network
#
#   Read one network.
#     network: The network: its id, or its name where that is unique.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods network.get {
    params {
        network string
    }
    optional {}
    result {record api/Network}
}

# volume.list ?-connector value? ?-limit value? ?-after value? ?-refresh value?
#
#   List volumes.
#     connector: Only volumes of this connector.
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#     refresh: Read from the backends first instead of answering from the inventory. (default `false`)
#   Faults: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods volume.list {
    params {
        connector string
        limit int
        after string
        refresh bool
    }
    optional {connector limit after refresh}
    result {record api/VolumePage}
}

# volume.get volume
#
#   Read one volume.
#     volume: The volume: its id, or its name where that is unique.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods volume.get {
    params {
        volume string
    }
    optional {}
    result {record api/Volume}
}

# connector.list ?-limit value? ?-after value?
#
#   List the configured backends and how they are.
#     limit: At most so many in one page. (1 to 100000; default `100000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods connector.list {
    params {
        limit int
        after string
    }
    optional {limit after}
    result {record api/ConnectorPage}
}

# connector.get connector
#
#   Read one connector.
#     connector: The connector, by its name in the configuration.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods connector.get {
    params {
        connector string
    }
    optional {}
    result {record api/Connector}
}

# connector.proof connector
#
#   Read what a connector claims and what of it has been proven: how often each call of its plugin succeeded
#   and failed. `/docs/plugins` shows it.
#     connector: The connector, by its name in the configuration.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods connector.proof {
    params {
        connector string
    }
    optional {}
    result {record api/Proof}
}

# operation.get operation
#
#   Read one operation.
#     operation: The operation.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods operation.get {
    params {
        operation string
    }
    optional {}
    result {record api/Operation}
}

# operation.list ?-state value? ?-resource value? ?-method value? ?-limit value? ?-after value?
#
#   List operations, the newest first.
#     state: Only operations in this state.
#     resource: Only operations on the resource with this id. (up to 256 characters; empty counts as left
#         out)
#     method: Only operations that this method asked for. (up to 256 characters; empty counts as left out)
#     limit: At most so many in one page. (1 to 1000; default `100`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods operation.list {
    params {
        state {enum {queued running succeeded failed cancelled}}
        resource string
        method string
        limit int
        after string
    }
    optional {state resource method limit after}
    result {record api/OperationPage}
}

# operation.wait operation ?-wait value?
#
#   Wait until an operation ends. One that failed is no fault of this call: its `state` and `fault` tell.
#     operation: The operation.
#     wait: Wait at most so many seconds. (0 to 3600; default `60`)
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods operation.wait {
    params {
        operation string
        wait number
    }
    optional {wait}
    result {record api/Operation}
}

# operation.cancel operation
#
#   Ask an operation to stop. It ends as `cancelled`, or as something else when it was too late; what was
#   done is not undone.
#     operation: The operation.
#   Faults: not-found, conflict, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods operation.cancel {
    params {
        operation string
    }
    optional {}
    result {record api/Operation}
}

# operation.explain operation
#
#   Tell what happened to an operation, from every side: who asked, each call to the plugin and what came of
#   it, what it changed, and what to do next. Administrators also see keys, what the plugin logged
#   meanwhile, and how the backend calls a failure.
#     operation: The operation.
#   Faults: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods operation.explain {
    params {
        operation string
    }
    optional {}
    result {record api/Story}
}

# event.poll ?-after value? ?-wait value? ?-limit value? ?-types value?
#
#   Read what happened after a cursor, waiting for it if need be. Events come in order and each comes once.
#     after: `next` of the answer before; from now on when left out. (64 bits, as a decimal string)
#     wait: Wait at most so many seconds for the first event. (0 to 300; default `0`)
#     limit: At most so many events. (1 to 10000; default `1000`)
#     types: Only events of these types. (up to 64 items; empty counts as left out)
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods event.poll {
    params {
        after counter
        wait number
        limit int
        types {list string}
    }
    optional {after wait limit types}
    result {record api/EventPage}
}

# usage.list ?-account value? ?-vm value? ?-since value? ?-before value? ?-limit value? ?-after value?
#
#   List what machines have used, in the order in which it ended. An entry is written when a machine stops,
#   is removed or resized, and at the end of each period (`limits.accounting.periodSeconds`) or a moment
#   after it; of a connector that is away, once it is back. Of spans of time that follow one another, each
#   entry is in one.
#     account: Only what this account has used. (up to 256 characters; empty counts as left out)
#     vm: Only what the machine with this id has used. (up to 64 characters; empty counts as left out)
#     since: Only what ended at that moment or later. (RFC 3339, UTC)
#     before: Only what ended before. (RFC 3339, UTC)
#     limit: At most so many in one page. (1 to 10000; default `1000`)
#     after: `next` of the page before. (up to 1024 characters; empty counts as left out)
#   Faults: invalid-params, unauthenticated, forbidden, throttled, internal.
dict set annelid::Methods usage.list {
    params {
        account string
        vm string
        since time
        before time
        limit int
        after string
    }
    optional {account vm since before limit after}
    result {record api/UsagePage}
}

# A configured backend: one instance of a plugin.
#   id: Its name in the configuration. (up to 256 characters)
#   plugin: The plugin that drives it. (up to 256 characters)
#   version: The version that the plugin reports. (up to 64 characters)
#   state: Whether it can be used.
#   message: Why it is in that state. (up to 65536 characters)
#   calls: The plugin calls that it serves. (up to 100000 items)
#   restarts: How often the plugin was restarted since the daemon started. (0 or more)
#   changed: When its state last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Connector {
    id string
    plugin string
    version string
    state {enum {starting ready failing stopped}}
    message string
    calls {list string}
    restarts int
    changed time
}

# A failure of a connector.
#   time: When. (RFC 3339, UTC)
#   call: The call that failed. (up to 256 characters)
#   kind: The kind of fault.
#   message: What the plugin said. (up to 4096 characters)
dict set annelid::json::Records api/ConnectorFailure {
    time time
    call string
    kind {enum {malformed unsupported-encoding invalid-request unknown-method invalid-params too-large unauthenticated forbidden not-found conflict exists busy throttled cancelled internal unsupported failed unavailable timeout quota}}
    message string
}

# A page of connectors.
#   items: The connectors. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/ConnectorPage {
    items {list {record api/Connector}}
    total int
    next string
}

# A piece of what a machine wrote to its serial console.
#   data: The bytes, as the machine wrote them. (base64)
#   start: The offset of the first byte of `data` in all that was written since the machine was started. (64
#       bits, as a decimal string)
#   end: The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a decimal
#       string)
dict set annelid::json::Records api/ConsoleOutput {
    data bytes
    start counter
    end counter
}

# A disk as a machine sees it.
#   device: The device name that the backend gives it, such as `vda`. (up to 64 characters)
#   sizeMiB: Its size in MiB. (0 or more)
#   volume: The backend id of the volume behind it. (up to 1024 characters)
#   readOnly: Whether the machine can only read it.
dict set annelid::json::Records api/Disk {
    device string
    sizeMiB int
    volume string
    readOnly bool
}

# Something that happened.
#   cursor: Its place in the log. (64 bits, as a decimal string)
#   time: When it happened. (RFC 3339, UTC)
#   type: What happened: `vm.created`, `vm.state`, `vm.changed`, `vm.deleted`, `operation.finished`,
#       `connector.state`, `usage.refused`. (up to 64 characters)
#   resourceKind: The kind of the resource. (up to 64 characters)
#   resource: The id of the resource. (up to 256 characters)
#   account: The account of the resource.
#   operation: The operation that caused it; left out when it happened on the backend.
#   data: Details, such as `state` and `previous`. (up to 64 members)
dict set annelid::json::Records api/Event {
    cursor counter
    time time
    type string
    resourceKind string
    resource string
    account string
    operation string
    data map
}

# Some events.
#   events: The events, the oldest first. (up to 100000 items)
#   next: Pass it as `after` to read on. (64 bits, as a decimal string)
#   reset: Whether events after the cursor are not kept any more: read the lists again.
dict set annelid::json::Records api/EventPage {
    events {list {record api/Event}}
    next counter
    reset bool
}

# Why something failed.
#   kind: The kind of fault; the reference lists them.
#   code: The number of the kind.
#   message: What went wrong, for people. (up to 65536 characters)
#   field: JSON Pointer to the parameter that was wrong. (up to 1024 characters)
#   outcome: What had happened on the backend when it failed.
#   resource: The id of the resource meant. (up to 1024 characters)
#   operation: The operation that failed.
#   retryAfterMs: When to try again, in milliseconds. (0 or more)
#   hint: What to do next. (up to 4096 characters)
dict set annelid::json::Records api/FaultInfo {
    kind {enum {malformed unsupported-encoding invalid-request unknown-method invalid-params too-large unauthenticated forbidden not-found conflict exists busy throttled cancelled internal unsupported failed unavailable timeout quota}}
    code int
    message string
    field string
    outcome {enum {none unknown partial done}}
    resource string
    operation string
    retryAfterMs int
    hint string
}

# How the daemon is.
#   status: `degraded`: a connector cannot be used. `failing`: the store cannot be written.
#   uptimeSeconds: Seconds since the daemon was started. (64 bits, as a decimal string)
#   message: What is wrong; empty when nothing is. (up to 4096 characters)
dict set annelid::json::Records api/Health {
    status {enum {ok degraded failing}}
    uptimeSeconds counter
    message string
}

# A machine that runs virtual machines.
#   id: Its id, a UUID. (up to 36 characters)
#   connector: The connector that it lives on.
#   nativeId: Its id on the backend. (up to 1024 characters)
#   name: Its name. (up to 256 characters)
#   state: Whether machines can run there.
#   vcpus: Processor threads. (0 or more)
#   memoryMiB: Memory in MiB. (0 or more)
#   freeMemoryMiB: Memory not in use, in MiB. (0 or more)
#   hypervisor: The hypervisor and its version, as `QEMU 7.2.19`. (up to 256 characters)
#   changed: When it last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Host {
    id string
    connector string
    nativeId string
    name string
    state {enum {up down maintenance}}
    vcpus int
    memoryMiB int
    freeMemoryMiB int
    hypervisor string
    changed time
}

# A page of hosts.
#   items: The hosts. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/HostPage {
    items {list {record api/Host}}
    total int
    next string
}

# Who is calling.
#   user: The user.
#   account: The account of the user.
#   role: The role of the user.
#   token: Whether a token was used, and not a password.
dict set annelid::json::Records api/Identity {
    user string
    account string
    role {enum {reader user admin}}
    token bool
}

# Something that machines are made from.
#   id: Its id, a UUID. (up to 36 characters)
#   connector: The connector that it lives on.
#   nativeId: Its id on the backend. (up to 1024 characters)
#   name: Its name. (up to 256 characters)
#   format: What the image is.
#   sizeMiB: Its size in MiB, rounded up. (0 or more)
#   changed: When it last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Image {
    id string
    connector string
    nativeId string
    name string
    format {enum {qcow2 raw iso kernel initrd other}}
    sizeMiB int
    changed time
}

# A page of images.
#   items: The images. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/ImagePage {
    items {list {record api/Image}}
    total int
    next string
}

# The end of a token.
#   user: Whose token it was. (up to 4096 characters)
dict set annelid::json::Records api/LoggedOut {
    user string
}

# A network that machines can be connected to.
#   id: Its id, a UUID. (up to 36 characters)
#   connector: The connector that it lives on.
#   nativeId: Its id on the backend. (up to 1024 characters)
#   name: Its name. (up to 256 characters)
#   state: Whether it carries traffic.
#   bridge: The bridge device on the host. (up to 64 characters)
#   cidrs: Address ranges. (up to 256 items)
#   changed: When it last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Network {
    id string
    connector string
    nativeId string
    name string
    state {enum {up down}}
    bridge string
    cidrs {list string}
    changed time
}

# A page of networks.
#   items: The networks. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/NetworkPage {
    items {list {record api/Network}}
    total int
    next string
}

# An empty disk to make.
#   sizeMiB: Its size in MiB. (1 to 67108864)
dict set annelid::json::Records api/NewDisk {
    sizeMiB int
}

# A network interface of a machine.
#   mac: Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)
#   network: The backend id of the network that it is connected to. (up to 1024 characters)
#   addresses: Addresses known on this interface. (up to 256 items)
dict set annelid::json::Records api/Nic {
    mac string
    network string
    addresses {list string}
}

# A change under way, or one that has ended.
#   id: Its id, a UUID. (up to 36 characters)
#   method: The method that asked for it. (up to 256 characters)
#   account: The account of the resource.
#   user: Who asked for it.
#   resourceKind: The kind of the resource that it changes, such as `vm`. (up to 64 characters)
#   resource: The id of the resource that it changes. (up to 256 characters)
#   state: Its state; `succeeded`, `failed` and `cancelled` are final.
#   progress: How far it is, in percent. (0 to 100)
#   message: What it is doing, in the words of the plugin. (up to 4096 characters)
#   fault: Why something failed.
#   created: When it was asked for. (RFC 3339, UTC)
#   started: When it was first sent to the backend. (RFC 3339, UTC)
#   finished: When it ended. (RFC 3339, UTC)
dict set annelid::json::Records api/Operation {
    id string
    method string
    account string
    user string
    resourceKind string
    resource string
    state {enum {queued running succeeded failed cancelled}}
    progress int
    message string
    fault {record api/FaultInfo}
    created time
    started time
    finished time
}

# A page of operations.
#   items: The operations. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/OperationPage {
    items {list {record api/Operation}}
    total int
    next string
}

# What a connector claims, and what of it is proven.
#   connector: The connector.
#   since: Since when has been counted. (RFC 3339, UTC)
#   features: The features of the plugin protocol that the plugin has. (up to 100000 items)
#   services: The services that it publishes. (up to 100000 items)
#   calls: All calls that it claims, and all that were made. (up to 100000 items)
#   failures: The latest failures, the last one first; not those that are an answer, such as `not-found`.
#       (up to 100000 items)
dict set annelid::json::Records api/Proof {
    connector string
    since time
    features {list string}
    services {list string}
    calls {list {record api/ProvenCall}}
    failures {list {record api/ConnectorFailure}}
}

# A call of a plugin: what is claimed of it, and what is proven.
#   call: The call, such as `compute.start`, or a method that the plugin publishes. (up to 256 characters)
#   claimed: Whether the plugin says at the moment that it has it.
#   succeeded: How often it succeeded. (64 bits, as a decimal string)
#   failed: How often it failed. (64 bits, as a decimal string)
#   last: When it was last answered; left out when it never was. (RFC 3339, UTC)
#   medianMs: The median of how many milliseconds the latest took that succeeded. (0 or more)
dict set annelid::json::Records api/ProvenCall {
    call string
    claimed bool
    succeeded counter
    failed counter
    last time
    medianMs number
}

# A login.
#   token: The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter. (up to
#       256 characters)
#   user: Who logged in.
#   account: The account of the user.
#   role: The role of the user.
#   expires: When the token ends, unless it is used before. (RFC 3339, UTC)
dict set annelid::json::Records api/Session {
    token string
    user string
    account string
    role {enum {reader user admin}}
    expires time
}

# What happened to an operation, from every side.
#   operation: A change under way, or one that has ended.
#   entries: What happened, in order. (up to 1000000 items)
#   advice: What to do next. (up to 4096 characters)
dict set annelid::json::Records api/Story {
    operation {record api/Operation}
    entries {list {record api/StoryEntry}}
    advice string
}

# One thing that happened to an operation.
#   time: When it happened. (RFC 3339, UTC)
#   source: Whose doing it was.
#   what: What it was. `resumed`: the daemon had been started again; `found`: what the plugin said became of
#       a call that nobody knew the outcome of; `left-out`: lines that were too many to be kept.
#   message: What happened, as a sentence, or in the words of the plugin. (up to 65536 characters)
#   call: The call to the plugin that it belongs to. (up to 256 characters)
#   durationMs: Milliseconds from when the call was sent. (0 or more)
#   data: Details, such as `attempt`, `kind` and `outcome`; for administrators also `key`, `provider` and
#       `remote`. (up to 64 members)
dict set annelid::json::Records api/StoryEntry {
    time time
    source {enum {caller daemon plugin}}
    what {enum {asked stored resumed waiting sent answered failed found retry progress log event cancel left-out ended}}
    message string
    call string
    durationMs int
    data map
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
dict set annelid::json::Records api/UsageEntry {
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

# A page of entries.
#   items: The entries. (up to 10000 items)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/UsagePage {
    items {list {record api/UsageEntry}}
    next string
}

# A version.
#   name: The name of the software. (up to 4096 characters)
#   version: Its version. (up to 4096 characters)
#   api: The version of the catalogue of methods. (up to 4096 characters)
dict set annelid::json::Records api/Version {
    name string
    version string
    api string
}

# A virtual machine.
#   id: Its id, a UUID. (up to 36 characters)
#   name: Its name. (up to 256 characters)
#   account: The account that owns it.
#   connector: The connector that it lives on.
#   nativeId: Its id on the backend. (up to 1024 characters)
#   host: The host that it runs on.
#   state: Its state. `unknown`: the backend cannot be reached; `lastState` is the last one seen.
#   lastState: The last state seen, while `state` is `unknown`.
#   image: The image that it was made from.
#   vcpus: Virtual processors. (1 to 4096)
#   memoryMiB: Memory in MiB. (1 or more)
#   disks: Its disks. (up to 256 items)
#   nics: Its network interfaces. (up to 256 items)
#   addresses: All addresses known for the machine. (up to 1024 items)
#   labels: Labels set by users. (up to 64 members)
#   created: When the machine was made. (RFC 3339, UTC)
#   changed: When anything of this record last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Vm {
    id string
    name string
    account string
    connector string
    nativeId string
    host string
    state {enum {pending stopped starting running pausing paused stopping suspended rebooting error unknown deleting deleted}}
    lastState {enum {pending stopped starting running pausing paused stopping suspended rebooting error unknown deleting deleted}}
    image string
    vcpus int
    memoryMiB int
    disks {list {record api/Disk}}
    nics {list {record api/Nic}}
    addresses {list string}
    labels map
    created time
    changed time
}

# A page of machines.
#   items: The machines. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/VmPage {
    items {list {record api/Vm}}
    total int
    next string
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
dict set annelid::json::Records api/VmStats {
    time time
    uptimeSeconds counter
    cpuSeconds number
    memoryMiB int
    diskReadBytes counter
    diskWriteBytes counter
    netReceivedBytes counter
    netSentBytes counter
}

# A disk on a backend.
#   id: Its id, a UUID. (up to 36 characters)
#   connector: The connector that it lives on.
#   nativeId: Its id on the backend. (up to 1024 characters)
#   name: Its name. (up to 256 characters)
#   sizeMiB: Its size in MiB, rounded up. (0 or more)
#   usedMiB: What it takes on the backend, in MiB, rounded up. (0 or more)
#   format: Its format, such as `qcow2`. (up to 64 characters)
#   pool: The storage pool that holds it. (up to 256 characters)
#   changed: When it last changed. (RFC 3339, UTC)
dict set annelid::json::Records api/Volume {
    id string
    connector string
    nativeId string
    name string
    sizeMiB int
    usedMiB int
    format string
    pool string
    changed time
}

# A page of volumes.
#   items: The volumes. (up to 1000000 items)
#   total: How many there are in all pages. (0 or more)
#   next: Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)
dict set annelid::json::Records api/VolumePage {
    items {list {record api/Volume}}
    total int
    next string
}
