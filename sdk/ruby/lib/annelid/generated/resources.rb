# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # The members of what plugins get and answer, which are hashes.
  module Resources
    # A piece of what a machine wrote to its serial console.
    #
    # - `data` (`Bytes, String`): The bytes, as the machine wrote them. (base64)
    # - `start` (`Integer, String`): The offset of the first byte of `data` in all that was written since the machine
    #   was started. (64 bits, as a decimal string)
    # - `end` (`Integer, String`): The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits,
    #   as a decimal string)
    ConsoleOutput = %i[data start end].freeze

    # Who that is.
    #
    # - `user` (`Hash{Symbol => Object}`, may be left out): Somebody whom a directory knows. {Resources::DirectoryUser}
    DirectoryAnswer = %i[user].freeze

    # Somebody whom a directory knows.
    #
    # - `login` (`String`): The name as the directory spells it: the same whatever spelling was given. (1 to 256
    #   characters, as `^\P{Cc}+$`)
    # - `account` (`String`): The account of the user. (1 to 256 characters, as `^\P{Cc}+$`)
    # - `role` (`String`): What the user may do, unless the configuration of the connector allows less. (`reader`,
    #   `user`, `admin`)
    DirectoryUser = %i[login account role].freeze

    # A disk as a machine sees it.
    #
    # - `device` (`String`): The device name that the backend gives it, such as `vda`. (up to 64 characters)
    # - `sizeMiB` (`Integer`, may be left out): Its size in MiB. (0 or more)
    # - `volume` (`String`, may be left out): The backend id of the volume behind it. (up to 1024 characters)
    # - `readOnly` (`Boolean`, may be left out): Whether the machine can only read it.
    Disk = %i[device sizeMiB volume readOnly].freeze

    # Nothing to say but that it is done.
    Done = %i[].freeze

    # Why a call failed: `error` of an answer.
    #
    # - `code` (`Integer`): One of JSON-RPC's own, or a number that reads like HTTP's.
    # - `message` (`String`): What is wrong and with what, for users. (up to 4096 characters)
    # - `data` (`Hash{Symbol => Object}`, may be left out): What else is to be said of it. {Resources::ErrorData}
    Error = %i[code message data].freeze

    # What else is to be said of it.
    #
    # - `kind` (`String`, may be left out): What it is; that of the code when left out. (`malformed`,
    #   `unsupported-encoding`, `invalid-request`, `unknown-method`, `invalid-params`, `too-large`, `unauthenticated`,
    #   `forbidden`, `not-found`, `conflict`, `exists`, `busy`, `throttled`, `cancelled`, `internal`, `unsupported`,
    #   `failed`, `unavailable`, `timeout`, `quota`)
    # - `outcome` (`String`, may be left out): What had happened when the call failed. (`none`, `unknown`, `partial`,
    #   `done`)
    # - `retryAfterMs` (`Integer`, may be left out): When to try again, in milliseconds. (0 or more)
    # - `field` (`String`, may be left out): JSON Pointer into the parameters, such as `/disks/0/sizeMiB`. (up to 4096
    #   characters)
    # - `resource` (`String`, may be left out): The resource meant, by its id. (up to 4096 characters)
    # - `provider` (`String`, may be left out): The backend's own name for the failure. (up to 4096 characters)
    # - `hint` (`String`, may be left out): What to do next. (up to 4096 characters)
    # - `contract` (`Object`, may be left out): What it is in the contract of the service that was called. (JSON;
    #   `$time`, `$bytes` and `$counter` stand for what it has no type for)
    ErrorData = %i[kind outcome retryAfterMs field resource provider hint contract].freeze

    # What became of the mutation with the key of the context: the result of `find`.
    #
    # - `outcome` (`String`): `done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell.
    #   (`done`, `none`, `unknown`)
    # - `vm` (`Hash{Symbol => Object}`, may be left out): A virtual machine as its backend knows it.
    #   {Resources::NativeVm}
    Found = %i[outcome vm].freeze

    # A machine as the daemon has it.
    #
    # - `id` (`String`): The daemon's id. (up to 64 characters)
    # - `nativeId` (`String`): The backend id; empty as long as the machine is being made. (up to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `account` (`String`): The account that owns it. (up to 256 characters)
    # - `state` (`String`): Its state as users see it, such as `running` or `deleted`. (up to 64 characters)
    # - `labels` (`Hash{Symbol => String}`): Its labels. (up to 64 members)
    LookedUp = %i[id nativeId name account state labels].freeze

    # A host as its backend knows it.
    #
    # - `id` (`String`): The backend id. (1 to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `state` (`String`): Whether machines can run there. (`up`, `down`, `maintenance`)
    # - `vcpus` (`Integer`, may be left out): Processor threads. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Memory in MiB. (0 or more)
    # - `freeMemoryMiB` (`Integer`, may be left out): Memory not in use, in MiB. (0 or more)
    # - `hypervisor` (`String`, may be left out): The hypervisor and its version, as `QEMU 7.2.19`. (up to 256
    #   characters)
    NativeHost = %i[id name state vcpus memoryMiB freeMemoryMiB hypervisor].freeze

    # A page of hosts.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The hosts. (up to 100000 items) {Resources::NativeHost}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NativeHostPage = %i[items next].freeze

    # An image as its backend knows it.
    #
    # - `id` (`String`): The backend id. (1 to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `format` (`String`): What the image is. (`qcow2`, `raw`, `iso`, `kernel`, `initrd`, `other`)
    # - `sizeMiB` (`Integer`, may be left out): Its size in MiB, rounded up. (0 or more)
    NativeImage = %i[id name format sizeMiB].freeze

    # A page of images.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The images. (up to 100000 items) {Resources::NativeImage}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NativeImagePage = %i[items next].freeze

    # A network as its backend knows it.
    #
    # - `id` (`String`): The backend id. (1 to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `state` (`String`): Whether it carries traffic. (`up`, `down`)
    # - `bridge` (`String`, may be left out): The bridge device on the host. (up to 64 characters)
    # - `cidrs` (`Array<String>`): Address ranges. (up to 256 items)
    NativeNetwork = %i[id name state bridge cidrs].freeze

    # A page of networks.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The networks. (up to 100000 items) {Resources::NativeNetwork}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NativeNetworkPage = %i[items next].freeze

    # A virtual machine as its backend knows it.
    #
    # - `id` (`String`): The backend id. (1 to 1024 characters)
    # - `name` (`String`, may be left out): Its name; the id stands in when there is none. (up to 256 characters)
    # - `state` (`String`): Its state. (`stopped`, `starting`, `running`, `pausing`, `paused`, `stopping`, `suspended`,
    #   `rebooting`, `error`, `unknown`)
    # - `host` (`String`, may be left out): The backend id of the host that it runs on. (up to 1024 characters)
    # - `image` (`String`, may be left out): The backend id of the image that it was made from. (up to 1024 characters)
    # - `key` (`String`, may be left out): The idempotency key that it was created with, when the backend keeps it. (up
    #   to 256 characters)
    # - `vcpus` (`Integer`, may be left out): Virtual processors. (1 to 4096)
    # - `memoryMiB` (`Integer`, may be left out): Memory in MiB. (1 or more)
    # - `disks` (`Array<Hash{Symbol => Object}>`, may be left out): Its disks. (up to 256 items) {Resources::Disk}
    # - `nics` (`Array<Hash{Symbol => Object}>`, may be left out): Its network interfaces. (up to 256 items)
    #   {Resources::Nic}
    # - `addresses` (`Array<String>`, may be left out): All addresses known for the machine. (up to 1024 items)
    # - `labels` (`Hash{Symbol => String}`, may be left out): Labels set by users. (up to 64 members)
    # - `created` (`Time, String`, may be left out): When the machine was made. (RFC 3339, UTC)
    NativeVm = %i[id name state host image key vcpus memoryMiB disks nics addresses labels created].freeze

    # A page of machines.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The machines. (up to 100000 items) {Resources::NativeVm}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NativeVmPage = %i[items next].freeze

    # A volume as its backend knows it.
    #
    # - `id` (`String`): The backend id. (1 to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `sizeMiB` (`Integer`): Its size in MiB, rounded up. (0 or more)
    # - `usedMiB` (`Integer`, may be left out): What it takes on the backend, in MiB, rounded up. (0 or more)
    # - `format` (`String`, may be left out): Its format, such as `qcow2`. (up to 64 characters)
    # - `pool` (`String`, may be left out): The storage pool that holds it. (up to 256 characters)
    NativeVolume = %i[id name sizeMiB usedMiB format pool].freeze

    # A page of volumes.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The volumes. (up to 100000 items) {Resources::NativeVolume}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NativeVolumePage = %i[items next].freeze

    # What a call needs before anything is done: it is made again with it.
    #
    # - `secret` (`Array<String>`, may be left out): Secrets of the connector. (up to 64 items)
    # - `state` (`Array<String>`, may be left out): Keys of what the daemon keeps for the connector. (up to 64 items)
    Need = %i[secret state].freeze

    # An empty disk to make.
    #
    # - `sizeMiB` (`Integer`): Its size in MiB. (1 or more)
    NewDisk = %i[sizeMiB].freeze

    # A network interface of a machine.
    #
    # - `mac` (`String`, may be left out): Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)
    # - `network` (`String`, may be left out): The backend id of the network that it is connected to. (up to 1024
    #   characters)
    # - `addresses` (`Array<String>`): Addresses known on this interface. (up to 256 items)
    Nic = %i[mac network addresses].freeze

    # Nothing to say but that it is done.
    Nothing = %i[].freeze

    # What happened after a cursor: the result of `events.pull`.
    #
    # - `events` (`Array<Hash{Symbol => Object}>`): In their order. (up to 1000 items) {Resources::PulledEvent}
    # - `next` (`String`): Where to go on. (1 to 1024 characters)
    # - `reset` (`Boolean`, may be left out): What happened between is not known any more: everything must be read
    #   again.
    Pulled = %i[events next reset].freeze

    # What happened in the backend.
    #
    # - `type` (`String`): `vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read
    #   everything again. (`vm.changed`, `vm.deleted`, `resync`)
    # - `vm` (`Hash{Symbol => Object}`, may be left out): A virtual machine as its backend knows it.
    #   {Resources::NativeVm}
    # - `id` (`String`, may be left out): The backend id of a deleted machine. (up to 1024 characters)
    # - `cursor` (`String`, may be left out): The place after it in the order of events. (1 to 1024 characters)
    # - `time` (`Time, String`, may be left out): When it happened in the backend; when the host hears of it, when left
    #   out. (RFC 3339, UTC)
    PulledEvent = %i[type vm id cursor time].freeze

    # That it is written.
    #
    # - `refused` (`Array<Hash{Symbol => Object}>`, may be left out): Those that are not, and do not come again. (up to
    #   1000 items) {Resources::RefusedEntry}
    Recorded = %i[refused].freeze

    # An entry that cannot be recorded, now and later.
    #
    # - `id` (`String`): Its id. (up to 36 characters)
    # - `message` (`String`): Why not, for operators. (up to 4096 characters)
    RefusedEntry = %i[id message].freeze

    # A call that goes on after it was answered.
    #
    # - `id` (`String`): Its name, which outlives the process. (1 to 1024 characters)
    # - `pollMs` (`Integer`, may be left out): Milliseconds between two questions after it. (1 or more)
    # - `ttlMs` (`Integer`, may be left out): Milliseconds for which it is remembered once it has ended. (1 or more)
    TaskHandle = %i[id pollMs ttlMs].freeze

    # How a task goes: the result of `task.get`.
    #
    # - `state` (`String`): Whether it has ended, and how. (`running`, `done`, `failed`, `cancelled`)
    # - `percent` (`Float`, may be left out): How far it has come, from 0 to 100. (0 to 100)
    # - `message` (`String`, may be left out): What is being done, or why it was cancelled. (up to 4096 characters)
    # - `result` (`Hash{Symbol => Object}`, may be left out): A virtual machine as its backend knows it.
    #   {Resources::NativeVm}
    # - `error` (`Hash{Symbol => Object}`, may be left out): Why a call failed: `error` of an answer. {Resources::Error}
    TaskState = %i[state percent message result error].freeze

    # That a machine ran, or was paused, from one moment to another.
    #
    # - `id` (`String`): Its id, a UUID: the same however often it is told. (up to 36 characters)
    # - `vm` (`String`): The daemon's id of the machine. (up to 64 characters)
    # - `name` (`String`): The name of the machine. (up to 256 characters)
    # - `account` (`String`): The account that owned it. (up to 256 characters)
    # - `connector` (`String`): The connector that it was on. (up to 256 characters)
    # - `vcpus` (`Integer`, may be left out): Its virtual processors. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Its memory in MiB. (0 or more)
    # - `began` (`Time, String`): When it began. (RFC 3339, UTC)
    # - `ended` (`Time, String`): When it ended: the machine was stopped, removed or resized then, or a period was over.
    #   (RFC 3339, UTC)
    # - `seconds` (`Float`): How long that is, in seconds. (0 or more)
    UsageEntry = %i[id vm name account connector vcpus memoryMiB began ended seconds].freeze

    # What a machine has used since it was started. What a backend cannot tell is left out.
    #
    # - `time` (`Time, String`): When this was read. (RFC 3339, UTC)
    # - `uptimeSeconds` (`Integer, String`, may be left out): Seconds since it was started. (64 bits, as a decimal
    #   string)
    # - `cpuSeconds` (`Float`, may be left out): Processor time used, in seconds. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Memory in use, in MiB. (0 or more)
    # - `diskReadBytes` (`Integer, String`, may be left out): Bytes read from its disks. (64 bits, as a decimal string)
    # - `diskWriteBytes` (`Integer, String`, may be left out): Bytes written to its disks. (64 bits, as a decimal
    #   string)
    # - `netReceivedBytes` (`Integer, String`, may be left out): Bytes received on its interfaces. (64 bits, as a
    #   decimal string)
    # - `netSentBytes` (`Integer, String`, may be left out): Bytes sent on its interfaces. (64 bits, as a decimal
    #   string)
    VmStats = %i[
      time uptimeSeconds cpuSeconds memoryMiB diskReadBytes diskWriteBytes netReceivedBytes netSentBytes
    ].freeze
  end
end
