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

# What became of the mutation with the key of the context: the result of `find`.
#   outcome: `done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell.
#   vm: A virtual machine as its backend knows it.
dict set annelid::json::Records plugin/Found {
    outcome {enum {done none unknown}}
    vm {record plugin/NativeVm}
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
