# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""What the daemon answers, as it is in JSON."""

from typing import Literal, TypedDict

__all__ = [
    "Connector",
    "ConnectorFailure",
    "ConnectorFailureKind",
    "ConnectorPage",
    "ConnectorState",
    "ConsoleOutput",
    "Disk",
    "Event",
    "EventPage",
    "FaultInfo",
    "FaultInfoOutcome",
    "Health",
    "HealthStatus",
    "Host",
    "HostPage",
    "HostState",
    "Identity",
    "IdentityRole",
    "Image",
    "ImageFormat",
    "ImagePage",
    "LoggedOut",
    "Network",
    "NetworkPage",
    "NetworkState",
    "NewDisk",
    "Nic",
    "Operation",
    "OperationPage",
    "OperationState",
    "Proof",
    "ProvenCall",
    "Session",
    "Story",
    "StoryEntry",
    "StoryEntrySource",
    "StoryEntryWhat",
    "UsageEntry",
    "UsagePage",
    "Version",
    "Vm",
    "VmPage",
    "VmState",
    "VmStats",
    "Volume",
    "VolumePage",
]

ConnectorState = Literal[
    "starting",
    "ready",
    "failing",
    "stopped",
]

ConnectorFailureKind = Literal[
    "malformed",
    "unsupported-encoding",
    "invalid-request",
    "unknown-method",
    "invalid-params",
    "too-large",
    "unauthenticated",
    "forbidden",
    "not-found",
    "conflict",
    "exists",
    "busy",
    "throttled",
    "cancelled",
    "internal",
    "unsupported",
    "failed",
    "unavailable",
    "timeout",
    "quota",
]

FaultInfoOutcome = Literal[
    "none",
    "unknown",
    "partial",
    "done",
]

HealthStatus = Literal[
    "ok",
    "degraded",
    "failing",
]

HostState = Literal[
    "up",
    "down",
    "maintenance",
]

IdentityRole = Literal[
    "reader",
    "user",
    "admin",
]

ImageFormat = Literal[
    "qcow2",
    "raw",
    "iso",
    "kernel",
    "initrd",
    "other",
]

NetworkState = Literal[
    "up",
    "down",
]

OperationState = Literal[
    "queued",
    "running",
    "succeeded",
    "failed",
    "cancelled",
]

StoryEntrySource = Literal[
    "caller",
    "daemon",
    "plugin",
]

StoryEntryWhat = Literal[
    "asked",
    "stored",
    "resumed",
    "waiting",
    "sent",
    "answered",
    "failed",
    "found",
    "retry",
    "progress",
    "log",
    "event",
    "cancel",
    "left-out",
    "ended",
]

VmState = Literal[
    "pending",
    "stopped",
    "starting",
    "running",
    "pausing",
    "paused",
    "stopping",
    "suspended",
    "rebooting",
    "error",
    "unknown",
    "deleting",
    "deleted",
]


class _Connector(TypedDict):
    id: str
    """Its name in the configuration. (up to 256 characters)"""
    plugin: str
    """The plugin that drives it. (up to 256 characters)"""
    state: ConnectorState
    """Whether it can be used."""
    calls: list[str]
    """The plugin calls that it serves. (up to 100000 items)"""
    restarts: int
    """How often the plugin was restarted since the daemon started. (0 or more)"""
    changed: str
    """When its state last changed. (RFC 3339, UTC)"""


class Connector(_Connector, total=False):
    """A configured backend:

    one instance of a plugin.
    """

    version: str
    """The version that the plugin reports. (up to 64 characters)"""
    message: str
    """Why it is in that state. (up to 65536 characters)"""


class ConnectorFailure(TypedDict):
    """A failure of a connector."""

    time: str
    """When. (RFC 3339, UTC)"""
    call: str
    """The call that failed. (up to 256 characters)"""
    kind: ConnectorFailureKind
    """The kind of fault."""
    message: str
    """What the plugin said. (up to 4096 characters)"""


class _ConnectorPage(TypedDict):
    items: list[Connector]
    """The connectors. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class ConnectorPage(_ConnectorPage, total=False):
    """A page of connectors."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class ConsoleOutput(TypedDict):
    """A piece of what a machine wrote to its serial console."""

    data: str
    """The bytes, as the machine wrote them. (base64)"""
    start: str
    """The offset of the first byte of `data` in all that was written since the machine was started.
    (64 bits, as a decimal string)
    """
    end: str
    """The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a
    decimal string)
    """


class _Disk(TypedDict):
    device: str
    """The device name that the backend gives it, such as `vda`. (up to 64 characters)"""


class Disk(_Disk, total=False):
    """A disk as a machine sees it."""

    sizeMiB: int
    """Its size in MiB. (0 or more)"""
    volume: str
    """The backend id of the volume behind it. (up to 1024 characters)"""
    readOnly: bool
    """Whether the machine can only read it."""


class _Event(TypedDict):
    cursor: str
    """Its place in the log. (64 bits, as a decimal string)"""
    time: str
    """When it happened. (RFC 3339, UTC)"""
    type: str
    """What happened: `vm.created`, `vm.state`, `vm.changed`, `vm.deleted`, `operation.finished`,
    `connector.state`, `usage.refused`. (up to 64 characters)
    """
    resourceKind: str
    """The kind of the resource. (up to 64 characters)"""
    resource: str
    """The id of the resource. (up to 256 characters)"""
    data: dict[str, str]
    """Details, such as `state` and `previous`. (up to 64 members)"""


class Event(_Event, total=False):
    """Something that happened."""

    account: str
    """The account of the resource."""
    operation: str
    """The operation that caused it; left out when it happened on the backend."""


class EventPage(TypedDict):
    """Some events."""

    events: list[Event]
    """The events, the oldest first. (up to 100000 items)"""
    next: str
    """Pass it as `after` to read on. (64 bits, as a decimal string)"""
    reset: bool
    """Whether events after the cursor are not kept any more: read the lists again."""


class _FaultInfo(TypedDict):
    kind: ConnectorFailureKind
    """The kind of fault; the reference lists them."""
    code: int
    """The number of the kind."""
    message: str
    """What went wrong, for people. (up to 65536 characters)"""


class FaultInfo(_FaultInfo, total=False):
    """Why something failed."""

    field: str
    """JSON Pointer to the parameter that was wrong. (up to 1024 characters)"""
    outcome: FaultInfoOutcome
    """What had happened on the backend when it failed."""
    resource: str
    """The id of the resource meant. (up to 1024 characters)"""
    operation: str
    """The operation that failed."""
    retryAfterMs: int
    """When to try again, in milliseconds. (0 or more)"""
    hint: str
    """What to do next. (up to 4096 characters)"""


class Health(TypedDict):
    """How the daemon is."""

    status: HealthStatus
    """`degraded`: a connector cannot be used. `failing`: the store cannot be written."""
    uptimeSeconds: str
    """Seconds since the daemon was started. (64 bits, as a decimal string)"""
    message: str
    """What is wrong; empty when nothing is. (up to 4096 characters)"""


class _Host(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    connector: str
    """The connector that it lives on."""
    nativeId: str
    """Its id on the backend. (up to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    state: HostState
    """Whether machines can run there."""
    changed: str
    """When it last changed. (RFC 3339, UTC)"""


class Host(_Host, total=False):
    """A machine that runs virtual machines."""

    vcpus: int
    """Processor threads. (0 or more)"""
    memoryMiB: int
    """Memory in MiB. (0 or more)"""
    freeMemoryMiB: int
    """Memory not in use, in MiB. (0 or more)"""
    hypervisor: str
    """The hypervisor and its version, as `QEMU 7.2.19`. (up to 256 characters)"""


class _HostPage(TypedDict):
    items: list[Host]
    """The hosts. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class HostPage(_HostPage, total=False):
    """A page of hosts."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class Identity(TypedDict):
    """Who is calling."""

    user: str
    """The user."""
    account: str
    """The account of the user."""
    role: IdentityRole
    """The role of the user."""
    token: bool
    """Whether a token was used, and not a password."""


class _Image(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    connector: str
    """The connector that it lives on."""
    nativeId: str
    """Its id on the backend. (up to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    format: ImageFormat
    """What the image is."""
    changed: str
    """When it last changed. (RFC 3339, UTC)"""


class Image(_Image, total=False):
    """Something that machines are made from."""

    sizeMiB: int
    """Its size in MiB, rounded up. (0 or more)"""


class _ImagePage(TypedDict):
    items: list[Image]
    """The images. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class ImagePage(_ImagePage, total=False):
    """A page of images."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class LoggedOut(TypedDict):
    """The end of a token."""

    user: str
    """Whose token it was. (up to 4096 characters)"""


class _Network(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    connector: str
    """The connector that it lives on."""
    nativeId: str
    """Its id on the backend. (up to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    state: NetworkState
    """Whether it carries traffic."""
    cidrs: list[str]
    """Address ranges. (up to 256 items)"""
    changed: str
    """When it last changed. (RFC 3339, UTC)"""


class Network(_Network, total=False):
    """A network that machines can be connected to."""

    bridge: str
    """The bridge device on the host. (up to 64 characters)"""


class _NetworkPage(TypedDict):
    items: list[Network]
    """The networks. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class NetworkPage(_NetworkPage, total=False):
    """A page of networks."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class NewDisk(TypedDict):
    """An empty disk to make."""

    sizeMiB: int
    """Its size in MiB. (1 to 67108864)"""


class _Nic(TypedDict):
    addresses: list[str]
    """Addresses known on this interface. (up to 256 items)"""


class Nic(_Nic, total=False):
    """A network interface of a machine."""

    mac: str
    """Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)"""
    network: str
    """The backend id of the network that it is connected to. (up to 1024 characters)"""


class _Operation(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    method: str
    """The method that asked for it. (up to 256 characters)"""
    account: str
    """The account of the resource."""
    user: str
    """Who asked for it."""
    resourceKind: str
    """The kind of the resource that it changes, such as `vm`. (up to 64 characters)"""
    resource: str
    """The id of the resource that it changes. (up to 256 characters)"""
    state: OperationState
    """Its state; `succeeded`, `failed` and `cancelled` are final."""
    progress: int
    """How far it is, in percent. (0 to 100)"""
    created: str
    """When it was asked for. (RFC 3339, UTC)"""


class Operation(_Operation, total=False):
    """A change under way, or one that has ended."""

    message: str
    """What it is doing, in the words of the plugin. (up to 4096 characters)"""
    fault: FaultInfo
    """Why something failed."""
    started: str
    """When it was first sent to the backend. (RFC 3339, UTC)"""
    finished: str
    """When it ended. (RFC 3339, UTC)"""


class _OperationPage(TypedDict):
    items: list[Operation]
    """The operations. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class OperationPage(_OperationPage, total=False):
    """A page of operations."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _ProvenCall(TypedDict):
    call: str
    """The call, such as `compute.start`, or a method that the plugin publishes. (up to 256
    characters)
    """
    claimed: bool
    """Whether the plugin says at the moment that it has it."""
    succeeded: str
    """How often it succeeded. (64 bits, as a decimal string)"""
    failed: str
    """How often it failed. (64 bits, as a decimal string)"""


class ProvenCall(_ProvenCall, total=False):
    """A call of a plugin:

    what is claimed of it, and what is proven.
    """

    last: str
    """When it was last answered; left out when it never was. (RFC 3339, UTC)"""
    medianMs: float
    """The median of how many milliseconds the latest took that succeeded. (0 or more)"""


class Proof(TypedDict):
    """What a connector claims, and what of it is proven."""

    connector: str
    """The connector."""
    since: str
    """Since when has been counted. (RFC 3339, UTC)"""
    features: list[str]
    """The features of the plugin protocol that the plugin has. (up to 100000 items)"""
    services: list[str]
    """The services that it publishes. (up to 100000 items)"""
    calls: list[ProvenCall]
    """All calls that it claims, and all that were made. (up to 100000 items)"""
    failures: list[ConnectorFailure]
    """The latest failures, the last one first; not those that are an answer, such as `not-found`.
    (up to 100000 items)
    """


class Session(TypedDict):
    """A login."""

    token: str
    """The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter.
    (up to 256 characters)
    """
    user: str
    """Who logged in."""
    account: str
    """The account of the user."""
    role: IdentityRole
    """The role of the user."""
    expires: str
    """When the token ends, unless it is used before. (RFC 3339, UTC)"""


class _StoryEntry(TypedDict):
    time: str
    """When it happened. (RFC 3339, UTC)"""
    source: StoryEntrySource
    """Whose doing it was."""
    what: StoryEntryWhat
    """What it was. `resumed`: the daemon had been started again; `found`: what the plugin said
    became of a call that nobody knew the outcome of; `left-out`: lines that were too many to be
    kept.
    """
    message: str
    """What happened, as a sentence, or in the words of the plugin. (up to 65536 characters)"""
    data: dict[str, str]
    """Details, such as `attempt`, `kind` and `outcome`; for administrators also `key`, `provider`
    and `remote`. (up to 64 members)
    """


class StoryEntry(_StoryEntry, total=False):
    """One thing that happened to an operation."""

    call: str
    """The call to the plugin that it belongs to. (up to 256 characters)"""
    durationMs: int
    """Milliseconds from when the call was sent. (0 or more)"""


class Story(TypedDict):
    """What happened to an operation, from every side."""

    operation: Operation
    """A change under way, or one that has ended."""
    entries: list[StoryEntry]
    """What happened, in order. (up to 1000000 items)"""
    advice: str
    """What to do next. (up to 4096 characters)"""


class _UsageEntry(TypedDict):
    id: str
    """Its id, a UUID: the same however often it is told. (up to 36 characters)"""
    vm: str
    """The daemon's id of the machine. (up to 64 characters)"""
    name: str
    """The name of the machine. (up to 256 characters)"""
    account: str
    """The account that owned it. (up to 256 characters)"""
    connector: str
    """The connector that it was on. (up to 256 characters)"""
    began: str
    """When it began. (RFC 3339, UTC)"""
    ended: str
    """When it ended: the machine was stopped, removed or resized then, or a period was over. (RFC
    3339, UTC)
    """
    seconds: float
    """How long that is, in seconds. (0 or more)"""


class UsageEntry(_UsageEntry, total=False):
    """That a machine ran, or was paused, from one moment to another."""

    vcpus: int
    """Its virtual processors. (0 or more)"""
    memoryMiB: int
    """Its memory in MiB. (0 or more)"""


class _UsagePage(TypedDict):
    items: list[UsageEntry]
    """The entries. (up to 10000 items)"""


class UsagePage(_UsagePage, total=False):
    """A page of entries."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class Version(TypedDict):
    """A version."""

    name: str
    """The name of the software. (up to 4096 characters)"""
    version: str
    """Its version. (up to 4096 characters)"""
    api: str
    """The version of the catalogue of methods. (up to 4096 characters)"""


class _Vm(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    account: str
    """The account that owns it."""
    connector: str
    """The connector that it lives on."""
    nativeId: str
    """Its id on the backend. (up to 1024 characters)"""
    state: VmState
    """Its state. `unknown`: the backend cannot be reached; `lastState` is the last one seen."""
    labels: dict[str, str]
    """Labels set by users. (up to 64 members)"""
    changed: str
    """When anything of this record last changed. (RFC 3339, UTC)"""


class Vm(_Vm, total=False):
    """A virtual machine."""

    host: str
    """The host that it runs on."""
    lastState: VmState
    """The last state seen, while `state` is `unknown`."""
    image: str
    """The image that it was made from."""
    vcpus: int
    """Virtual processors. (1 to 4096)"""
    memoryMiB: int
    """Memory in MiB. (1 or more)"""
    disks: list[Disk]
    """Its disks. (up to 256 items)"""
    nics: list[Nic]
    """Its network interfaces. (up to 256 items)"""
    addresses: list[str]
    """All addresses known for the machine. (up to 1024 items)"""
    created: str
    """When the machine was made. (RFC 3339, UTC)"""


class _VmPage(TypedDict):
    items: list[Vm]
    """The machines. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class VmPage(_VmPage, total=False):
    """A page of machines."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _VmStats(TypedDict):
    time: str
    """When this was read. (RFC 3339, UTC)"""


class VmStats(_VmStats, total=False):
    """What a machine has used since it was started.

    What a backend cannot tell is left out.
    """

    uptimeSeconds: str
    """Seconds since it was started. (64 bits, as a decimal string)"""
    cpuSeconds: float
    """Processor time used, in seconds. (0 or more)"""
    memoryMiB: int
    """Memory in use, in MiB. (0 or more)"""
    diskReadBytes: str
    """Bytes read from its disks. (64 bits, as a decimal string)"""
    diskWriteBytes: str
    """Bytes written to its disks. (64 bits, as a decimal string)"""
    netReceivedBytes: str
    """Bytes received on its interfaces. (64 bits, as a decimal string)"""
    netSentBytes: str
    """Bytes sent on its interfaces. (64 bits, as a decimal string)"""


class _Volume(TypedDict):
    id: str
    """Its id, a UUID. (up to 36 characters)"""
    connector: str
    """The connector that it lives on."""
    nativeId: str
    """Its id on the backend. (up to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    sizeMiB: int
    """Its size in MiB, rounded up. (0 or more)"""
    changed: str
    """When it last changed. (RFC 3339, UTC)"""


class Volume(_Volume, total=False):
    """A disk on a backend."""

    usedMiB: int
    """What it takes on the backend, in MiB, rounded up. (0 or more)"""
    format: str
    """Its format, such as `qcow2`. (up to 64 characters)"""
    pool: str
    """The storage pool that holds it. (up to 256 characters)"""


class _VolumePage(TypedDict):
    items: list[Volume]
    """The volumes. (up to 1000000 items)"""
    total: int
    """How many there are in all pages. (0 or more)"""


class VolumePage(_VolumePage, total=False):
    """A page of volumes."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""
