# frozen_string_literal: true

# Made from the contract and the catalogue by daemon/generate; change those, not this.

module Annelid
  # The members of what the daemon gets and answers, which are hashes.
  module Records
    # A configured backend: one instance of a plugin.
    #
    # - `id` (`String`): Its name in the configuration. (up to 256 characters)
    # - `plugin` (`String`): The plugin that drives it. (up to 256 characters)
    # - `version` (`String`, may be left out): The version that the plugin reports. (up to 64 characters)
    # - `state` (`String`): Whether it can be used. (`starting`, `ready`, `failing`, `stopped`)
    # - `message` (`String`, may be left out): Why it is in that state. (up to 65536 characters)
    # - `calls` (`Array<String>`): The plugin calls that it serves. (up to 100000 items)
    # - `restarts` (`Integer`): How often the plugin was restarted since the daemon started. (0 or more)
    # - `changed` (`String`): When its state last changed. (RFC 3339, UTC)
    Connector = %i[id plugin version state message calls restarts changed].freeze

    # A failure of a connector.
    #
    # - `time` (`String`): When. (RFC 3339, UTC)
    # - `call` (`String`): The call that failed. (up to 256 characters)
    # - `kind` (`String`): The kind of fault. (`malformed`, `unsupported-encoding`, `invalid-request`, `unknown-method`,
    #   `invalid-params`, `too-large`, `unauthenticated`, `forbidden`, `not-found`, `conflict`, `exists`, `busy`,
    #   `throttled`, `cancelled`, `internal`, `unsupported`, `failed`, `unavailable`, `timeout`, `quota`)
    # - `message` (`String`): What the plugin said. (up to 4096 characters)
    ConnectorFailure = %i[time call kind message].freeze

    # A page of connectors.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The connectors. (up to 1000000 items) {Records::Connector}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    ConnectorPage = %i[items total next].freeze

    # A piece of what a machine wrote to its serial console.
    #
    # - `data` (`String`): The bytes, as the machine wrote them. (base64)
    # - `start` (`String`): The offset of the first byte of `data` in all that was written since the machine was
    #   started. (64 bits, as a decimal string)
    # - `end` (`String`): The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a
    #   decimal string)
    ConsoleOutput = %i[data start end].freeze

    # A disk as a machine sees it.
    #
    # - `device` (`String`): The device name that the backend gives it, such as `vda`. (up to 64 characters)
    # - `sizeMiB` (`Integer`, may be left out): Its size in MiB. (0 or more)
    # - `volume` (`String`, may be left out): The backend id of the volume behind it. (up to 1024 characters)
    # - `readOnly` (`Boolean`, may be left out): Whether the machine can only read it.
    Disk = %i[device sizeMiB volume readOnly].freeze

    # Something that happened.
    #
    # - `cursor` (`String`): Its place in the log. (64 bits, as a decimal string)
    # - `time` (`String`): When it happened. (RFC 3339, UTC)
    # - `type` (`String`): What happened: `vm.created`, `vm.state`, `vm.changed`, `vm.deleted`, `operation.finished`,
    #   `connector.state`, `usage.refused`. (up to 64 characters)
    # - `resourceKind` (`String`): The kind of the resource. (up to 64 characters)
    # - `resource` (`String`): The id of the resource. (up to 256 characters)
    # - `account` (`String`, may be left out): The account of the resource.
    # - `operation` (`String`, may be left out): The operation that caused it; left out when it happened on the backend.
    # - `data` (`Hash{Symbol => String}`): Details, such as `state` and `previous`. (up to 64 members)
    Event = %i[cursor time type resourceKind resource account operation data].freeze

    # Some events.
    #
    # - `events` (`Array<Hash{Symbol => Object}>`): The events, the oldest first. (up to 100000 items) {Records::Event}
    # - `next` (`String`): Pass it as `after` to read on. (64 bits, as a decimal string)
    # - `reset` (`Boolean`): Whether events after the cursor are not kept any more: read the lists again.
    EventPage = %i[events next reset].freeze

    # Why something failed.
    #
    # - `kind` (`String`): The kind of fault; the reference lists them. (`malformed`, `unsupported-encoding`,
    #   `invalid-request`, `unknown-method`, `invalid-params`, `too-large`, `unauthenticated`, `forbidden`, `not-found`,
    #   `conflict`, `exists`, `busy`, `throttled`, `cancelled`, `internal`, `unsupported`, `failed`, `unavailable`,
    #   `timeout`, `quota`)
    # - `code` (`Integer`): The number of the kind.
    # - `message` (`String`): What went wrong, for people. (up to 65536 characters)
    # - `field` (`String`, may be left out): JSON Pointer to the parameter that was wrong. (up to 1024 characters)
    # - `outcome` (`String`, may be left out): What had happened on the backend when it failed. (`none`, `unknown`,
    #   `partial`, `done`)
    # - `resource` (`String`, may be left out): The id of the resource meant. (up to 1024 characters)
    # - `operation` (`String`, may be left out): The operation that failed.
    # - `retryAfterMs` (`Integer`, may be left out): When to try again, in milliseconds. (0 or more)
    # - `hint` (`String`, may be left out): What to do next. (up to 4096 characters)
    FaultInfo = %i[kind code message field outcome resource operation retryAfterMs hint].freeze

    # How the daemon is.
    #
    # - `status` (`String`): `degraded`: a connector cannot be used. `failing`: the store cannot be written. (`ok`,
    #   `degraded`, `failing`)
    # - `uptimeSeconds` (`String`): Seconds since the daemon was started. (64 bits, as a decimal string)
    # - `message` (`String`): What is wrong; empty when nothing is. (up to 4096 characters)
    Health = %i[status uptimeSeconds message].freeze

    # A machine that runs virtual machines.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `connector` (`String`): The connector that it lives on.
    # - `nativeId` (`String`): Its id on the backend. (up to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `state` (`String`): Whether machines can run there. (`up`, `down`, `maintenance`)
    # - `vcpus` (`Integer`, may be left out): Processor threads. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Memory in MiB. (0 or more)
    # - `freeMemoryMiB` (`Integer`, may be left out): Memory not in use, in MiB. (0 or more)
    # - `hypervisor` (`String`, may be left out): The hypervisor and its version, as `QEMU 7.2.19`. (up to 256
    #   characters)
    # - `changed` (`String`): When it last changed. (RFC 3339, UTC)
    Host = %i[id connector nativeId name state vcpus memoryMiB freeMemoryMiB hypervisor changed].freeze

    # A page of hosts.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The hosts. (up to 1000000 items) {Records::Host}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    HostPage = %i[items total next].freeze

    # Who is calling.
    #
    # - `user` (`String`): The user.
    # - `account` (`String`): The account of the user.
    # - `role` (`String`): The role of the user. (`reader`, `user`, `admin`)
    # - `token` (`Boolean`): Whether a token was used, and not a password.
    Identity = %i[user account role token].freeze

    # Something that machines are made from.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `connector` (`String`): The connector that it lives on.
    # - `nativeId` (`String`): Its id on the backend. (up to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `format` (`String`): What the image is. (`qcow2`, `raw`, `iso`, `kernel`, `initrd`, `other`)
    # - `sizeMiB` (`Integer`, may be left out): Its size in MiB, rounded up. (0 or more)
    # - `changed` (`String`): When it last changed. (RFC 3339, UTC)
    Image = %i[id connector nativeId name format sizeMiB changed].freeze

    # A page of images.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The images. (up to 1000000 items) {Records::Image}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    ImagePage = %i[items total next].freeze

    # The end of a token.
    #
    # - `user` (`String`): Whose token it was. (up to 4096 characters)
    LoggedOut = %i[user].freeze

    # A network that machines can be connected to.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `connector` (`String`): The connector that it lives on.
    # - `nativeId` (`String`): Its id on the backend. (up to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `state` (`String`): Whether it carries traffic. (`up`, `down`)
    # - `bridge` (`String`, may be left out): The bridge device on the host. (up to 64 characters)
    # - `cidrs` (`Array<String>`): Address ranges. (up to 256 items)
    # - `changed` (`String`): When it last changed. (RFC 3339, UTC)
    Network = %i[id connector nativeId name state bridge cidrs changed].freeze

    # A page of networks.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The networks. (up to 1000000 items) {Records::Network}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    NetworkPage = %i[items total next].freeze

    # An empty disk to make.
    #
    # - `sizeMiB` (`Integer`): Its size in MiB. (1 to 67108864)
    NewDisk = %i[sizeMiB].freeze

    # A network interface of a machine.
    #
    # - `mac` (`String`, may be left out): Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)
    # - `network` (`String`, may be left out): The backend id of the network that it is connected to. (up to 1024
    #   characters)
    # - `addresses` (`Array<String>`): Addresses known on this interface. (up to 256 items)
    Nic = %i[mac network addresses].freeze

    # A change under way, or one that has ended.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `method` (`String`): The method that asked for it. (up to 256 characters)
    # - `account` (`String`): The account of the resource.
    # - `user` (`String`): Who asked for it.
    # - `resourceKind` (`String`): The kind of the resource that it changes, such as `vm`. (up to 64 characters)
    # - `resource` (`String`): The id of the resource that it changes. (up to 256 characters)
    # - `state` (`String`): Its state; `succeeded`, `failed` and `cancelled` are final. (`queued`, `running`,
    #   `succeeded`, `failed`, `cancelled`)
    # - `progress` (`Integer`): How far it is, in percent. (0 to 100)
    # - `message` (`String`, may be left out): What it is doing, in the words of the plugin. (up to 4096 characters)
    # - `fault` (`Hash{Symbol => Object}`, may be left out): Why something failed. {Records::FaultInfo}
    # - `created` (`String`): When it was asked for. (RFC 3339, UTC)
    # - `started` (`String`, may be left out): When it was first sent to the backend. (RFC 3339, UTC)
    # - `finished` (`String`, may be left out): When it ended. (RFC 3339, UTC)
    Operation = %i[
      id method account user resourceKind resource state progress message fault created started finished
    ].freeze

    # A page of operations.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The operations. (up to 1000000 items) {Records::Operation}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    OperationPage = %i[items total next].freeze

    # What a connector claims, and what of it is proven.
    #
    # - `connector` (`String`): The connector.
    # - `since` (`String`): Since when has been counted. (RFC 3339, UTC)
    # - `features` (`Array<String>`): The features of the plugin protocol that the plugin has. (up to 100000 items)
    # - `services` (`Array<String>`): The services that it publishes. (up to 100000 items)
    # - `calls` (`Array<Hash{Symbol => Object}>`): All calls that it claims, and all that were made. (up to 100000
    #   items) {Records::ProvenCall}
    # - `failures` (`Array<Hash{Symbol => Object}>`): The latest failures, the last one first; not those that are an
    #   answer, such as `not-found`. (up to 100000 items) {Records::ConnectorFailure}
    Proof = %i[connector since features services calls failures].freeze

    # A call of a plugin: what is claimed of it, and what is proven.
    #
    # - `call` (`String`): The call, such as `compute.start`, or a method that the plugin publishes. (up to 256
    #   characters)
    # - `claimed` (`Boolean`): Whether the plugin says at the moment that it has it.
    # - `succeeded` (`String`): How often it succeeded. (64 bits, as a decimal string)
    # - `failed` (`String`): How often it failed. (64 bits, as a decimal string)
    # - `last` (`String`, may be left out): When it was last answered; left out when it never was. (RFC 3339, UTC)
    # - `medianMs` (`Float`, may be left out): The median of how many milliseconds the latest took that succeeded. (0 or
    #   more)
    ProvenCall = %i[call claimed succeeded failed last medianMs].freeze

    # A login.
    #
    # - `token` (`String`): The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter.
    #   (up to 256 characters)
    # - `user` (`String`): Who logged in.
    # - `account` (`String`): The account of the user.
    # - `role` (`String`): The role of the user. (`reader`, `user`, `admin`)
    # - `expires` (`String`): When the token ends, unless it is used before. (RFC 3339, UTC)
    Session = %i[token user account role expires].freeze

    # What happened to an operation, from every side.
    #
    # - `operation` (`Hash{Symbol => Object}`): A change under way, or one that has ended. {Records::Operation}
    # - `entries` (`Array<Hash{Symbol => Object}>`): What happened, in order. (up to 1000000 items)
    #   {Records::StoryEntry}
    # - `advice` (`String`): What to do next. (up to 4096 characters)
    Story = %i[operation entries advice].freeze

    # One thing that happened to an operation.
    #
    # - `time` (`String`): When it happened. (RFC 3339, UTC)
    # - `source` (`String`): Whose doing it was. (`caller`, `daemon`, `plugin`)
    # - `what` (`String`): What it was. `resumed`: the daemon had been started again; `found`: what the plugin said
    #   became of a call that nobody knew the outcome of; `left-out`: lines that were too many to be kept. (`asked`,
    #   `stored`, `resumed`, `waiting`, `sent`, `answered`, `failed`, `found`, `retry`, `progress`, `log`, `event`,
    #   `cancel`, `left-out`, `ended`)
    # - `message` (`String`): What happened, as a sentence, or in the words of the plugin. (up to 65536 characters)
    # - `call` (`String`, may be left out): The call to the plugin that it belongs to. (up to 256 characters)
    # - `durationMs` (`Integer`, may be left out): Milliseconds from when the call was sent. (0 or more)
    # - `data` (`Hash{Symbol => String}`): Details, such as `attempt`, `kind` and `outcome`; for administrators also
    #   `key`, `provider` and `remote`. (up to 64 members)
    StoryEntry = %i[time source what message call durationMs data].freeze

    # That a machine ran, or was paused, from one moment to another.
    #
    # - `id` (`String`): Its id, a UUID: the same however often it is told. (up to 36 characters)
    # - `vm` (`String`): The daemon's id of the machine. (up to 64 characters)
    # - `name` (`String`): The name of the machine. (up to 256 characters)
    # - `account` (`String`): The account that owned it. (up to 256 characters)
    # - `connector` (`String`): The connector that it was on. (up to 256 characters)
    # - `vcpus` (`Integer`, may be left out): Its virtual processors. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Its memory in MiB. (0 or more)
    # - `began` (`String`): When it began. (RFC 3339, UTC)
    # - `ended` (`String`): When it ended: the machine was stopped, removed or resized then, or a period was over. (RFC
    #   3339, UTC)
    # - `seconds` (`Float`): How long that is, in seconds. (0 or more)
    UsageEntry = %i[id vm name account connector vcpus memoryMiB began ended seconds].freeze

    # A page of entries.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The entries. (up to 10000 items) {Records::UsageEntry}
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    UsagePage = %i[items next].freeze

    # A version.
    #
    # - `name` (`String`): The name of the software. (up to 4096 characters)
    # - `version` (`String`): Its version. (up to 4096 characters)
    # - `api` (`String`): The version of the catalogue of methods. (up to 4096 characters)
    Version = %i[name version api].freeze

    # A virtual machine.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `account` (`String`): The account that owns it.
    # - `connector` (`String`): The connector that it lives on.
    # - `nativeId` (`String`): Its id on the backend. (up to 1024 characters)
    # - `host` (`String`, may be left out): The host that it runs on.
    # - `state` (`String`): Its state. `unknown`: the backend cannot be reached; `lastState` is the last one seen.
    #   (`pending`, `stopped`, `starting`, `running`, `pausing`, `paused`, `stopping`, `suspended`, `rebooting`,
    #   `error`, `unknown`, `deleting`, `deleted`)
    # - `lastState` (`String`, may be left out): The last state seen, while `state` is `unknown`. (`pending`, `stopped`,
    #   `starting`, `running`, `pausing`, `paused`, `stopping`, `suspended`, `rebooting`, `error`, `unknown`,
    #   `deleting`, `deleted`)
    # - `image` (`String`, may be left out): The image that it was made from.
    # - `vcpus` (`Integer`, may be left out): Virtual processors. (1 to 4096)
    # - `memoryMiB` (`Integer`, may be left out): Memory in MiB. (1 or more)
    # - `disks` (`Array<Hash{Symbol => Object}>`, may be left out): Its disks. (up to 256 items) {Records::Disk}
    # - `nics` (`Array<Hash{Symbol => Object}>`, may be left out): Its network interfaces. (up to 256 items)
    #   {Records::Nic}
    # - `addresses` (`Array<String>`, may be left out): All addresses known for the machine. (up to 1024 items)
    # - `labels` (`Hash{Symbol => String}`): Labels set by users. (up to 64 members)
    # - `created` (`String`, may be left out): When the machine was made. (RFC 3339, UTC)
    # - `changed` (`String`): When anything of this record last changed. (RFC 3339, UTC)
    Vm = %i[
      id name account connector nativeId host state lastState image vcpus memoryMiB disks nics addresses labels created
      changed
    ].freeze

    # A page of machines.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The machines. (up to 1000000 items) {Records::Vm}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    VmPage = %i[items total next].freeze

    # What a machine has used since it was started. What a backend cannot tell is left out.
    #
    # - `time` (`String`): When this was read. (RFC 3339, UTC)
    # - `uptimeSeconds` (`String`, may be left out): Seconds since it was started. (64 bits, as a decimal string)
    # - `cpuSeconds` (`Float`, may be left out): Processor time used, in seconds. (0 or more)
    # - `memoryMiB` (`Integer`, may be left out): Memory in use, in MiB. (0 or more)
    # - `diskReadBytes` (`String`, may be left out): Bytes read from its disks. (64 bits, as a decimal string)
    # - `diskWriteBytes` (`String`, may be left out): Bytes written to its disks. (64 bits, as a decimal string)
    # - `netReceivedBytes` (`String`, may be left out): Bytes received on its interfaces. (64 bits, as a decimal string)
    # - `netSentBytes` (`String`, may be left out): Bytes sent on its interfaces. (64 bits, as a decimal string)
    VmStats = %i[
      time uptimeSeconds cpuSeconds memoryMiB diskReadBytes diskWriteBytes netReceivedBytes netSentBytes
    ].freeze

    # A disk on a backend.
    #
    # - `id` (`String`): Its id, a UUID. (up to 36 characters)
    # - `connector` (`String`): The connector that it lives on.
    # - `nativeId` (`String`): Its id on the backend. (up to 1024 characters)
    # - `name` (`String`): Its name. (up to 256 characters)
    # - `sizeMiB` (`Integer`): Its size in MiB, rounded up. (0 or more)
    # - `usedMiB` (`Integer`, may be left out): What it takes on the backend, in MiB, rounded up. (0 or more)
    # - `format` (`String`, may be left out): Its format, such as `qcow2`. (up to 64 characters)
    # - `pool` (`String`, may be left out): The storage pool that holds it. (up to 256 characters)
    # - `changed` (`String`): When it last changed. (RFC 3339, UTC)
    Volume = %i[id connector nativeId name sizeMiB usedMiB format pool changed].freeze

    # A page of volumes.
    #
    # - `items` (`Array<Hash{Symbol => Object}>`): The volumes. (up to 1000000 items) {Records::Volume}
    # - `total` (`Integer`): How many there are in all pages. (0 or more)
    # - `next` (`String`, may be left out): Pass it as `after` to get the next page; left out on the last. (up to 1024
    #   characters)
    VolumePage = %i[items total next].freeze
  end
end
