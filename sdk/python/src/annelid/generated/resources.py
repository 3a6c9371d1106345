# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""What plugins answer, as it is in JSON."""

from datetime import datetime
from typing import Any, Literal, TypedDict, Union

__all__ = [
    "Bytes",
    "ConsoleOutput",
    "Counter",
    "DirectoryAnswer",
    "DirectoryUser",
    "DirectoryUserRole",
    "Disk",
    "Done",
    "Error",
    "ErrorData",
    "ErrorDataKind",
    "ErrorDataOutcome",
    "Found",
    "FoundOutcome",
    "LookedUp",
    "NativeHost",
    "NativeHostPage",
    "NativeHostState",
    "NativeImage",
    "NativeImageFormat",
    "NativeImagePage",
    "NativeNetwork",
    "NativeNetworkPage",
    "NativeNetworkState",
    "NativeVm",
    "NativeVmPage",
    "NativeVmState",
    "NativeVolume",
    "NativeVolumePage",
    "Need",
    "NewDisk",
    "Nic",
    "Nothing",
    "Pulled",
    "PulledEvent",
    "PulledEventType",
    "Recorded",
    "RefusedEntry",
    "TaskHandle",
    "TaskState",
    "TaskStateState",
    "Time",
    "UsageEntry",
    "VmStats",
]

Time = Union[str, datetime]
"""A moment: RFC 3339 in UTC, or a datetime with its zone."""
Bytes = Union[str, bytes]
"""Bytes, or base64 of them."""
Counter = Union[str, int]
"""An integer of up to 64 bits; from 2**53 on as a string of digits."""

DirectoryUserRole = Literal[
    "reader",
    "user",
    "admin",
]

ErrorDataKind = Literal[
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

ErrorDataOutcome = Literal[
    "none",
    "unknown",
    "partial",
    "done",
]

FoundOutcome = Literal[
    "done",
    "none",
    "unknown",
]

NativeHostState = Literal[
    "up",
    "down",
    "maintenance",
]

NativeImageFormat = Literal[
    "qcow2",
    "raw",
    "iso",
    "kernel",
    "initrd",
    "other",
]

NativeNetworkState = Literal[
    "up",
    "down",
]

NativeVmState = Literal[
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
]

PulledEventType = Literal[
    "vm.changed",
    "vm.deleted",
    "resync",
]

TaskStateState = Literal[
    "running",
    "done",
    "failed",
    "cancelled",
]


class ConsoleOutput(TypedDict):
    """A piece of what a machine wrote to its serial console."""

    data: Bytes
    """The bytes, as the machine wrote them. (base64)"""
    start: Counter
    """The offset of the first byte of `data` in all that was written since the machine was started.
    (64 bits, as a decimal string)
    """
    end: Counter
    """The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a
    decimal string)
    """


class DirectoryUser(TypedDict):
    """Somebody whom a directory knows."""

    login: str
    """The name as the directory spells it: the same whatever spelling was given. (1 to 256
    characters, as `^\\P{Cc}+$`)
    """
    account: str
    """The account of the user. (1 to 256 characters, as `^\\P{Cc}+$`)"""
    role: DirectoryUserRole
    """What the user may do, unless the configuration of the connector allows less."""


class DirectoryAnswer(TypedDict, total=False):
    """Who that is."""

    user: DirectoryUser
    """Somebody whom a directory knows."""


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


class Done(TypedDict):
    """Nothing to say but that it is done."""


class ErrorData(TypedDict, total=False):
    """What else is to be said of it."""

    kind: ErrorDataKind
    """What it is; that of the code when left out."""
    outcome: ErrorDataOutcome
    """What had happened when the call failed."""
    retryAfterMs: int
    """When to try again, in milliseconds. (0 or more)"""
    field: str
    """JSON Pointer into the parameters, such as `/disks/0/sizeMiB`. (up to 4096 characters)"""
    resource: str
    """The resource meant, by its id. (up to 4096 characters)"""
    provider: str
    """The backend's own name for the failure. (up to 4096 characters)"""
    hint: str
    """What to do next. (up to 4096 characters)"""
    contract: Any
    """What it is in the contract of the service that was called. (JSON; `$time`, `$bytes` and
    `$counter` stand for what it has no type for)
    """


class _Error(TypedDict):
    code: int
    """One of JSON-RPC's own, or a number that reads like HTTP's."""
    message: str
    """What is wrong and with what, for users. (up to 4096 characters)"""


class Error(_Error, total=False):
    """Why a call failed:

    `error` of an answer.
    """

    data: ErrorData
    """What else is to be said of it."""


class _Nic(TypedDict):
    addresses: list[str]
    """Addresses known on this interface. (up to 256 items)"""


class Nic(_Nic, total=False):
    """A network interface of a machine."""

    mac: str
    """Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters)"""
    network: str
    """The backend id of the network that it is connected to. (up to 1024 characters)"""


class _NativeVm(TypedDict):
    id: str
    """The backend id. (1 to 1024 characters)"""
    state: NativeVmState
    """Its state."""


class NativeVm(_NativeVm, total=False):
    """A virtual machine as its backend knows it."""

    name: str
    """Its name; the id stands in when there is none. (up to 256 characters)"""
    host: str
    """The backend id of the host that it runs on. (up to 1024 characters)"""
    image: str
    """The backend id of the image that it was made from. (up to 1024 characters)"""
    key: str
    """The idempotency key that it was created with, when the backend keeps it. (up to 256
    characters)
    """
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
    labels: dict[str, str]
    """Labels set by users. (up to 64 members)"""
    created: Time
    """When the machine was made. (RFC 3339, UTC)"""


class _Found(TypedDict):
    outcome: FoundOutcome
    """`done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell."""


class Found(_Found, total=False):
    """What became of the mutation with the key of the context:

    the result of `find`.
    """

    vm: NativeVm
    """A virtual machine as its backend knows it."""


class LookedUp(TypedDict):
    """A machine as the daemon has it."""

    id: str
    """The daemon's id. (up to 64 characters)"""
    nativeId: str
    """The backend id; empty as long as the machine is being made. (up to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    account: str
    """The account that owns it. (up to 256 characters)"""
    state: str
    """Its state as users see it, such as `running` or `deleted`. (up to 64 characters)"""
    labels: dict[str, str]
    """Its labels. (up to 64 members)"""


class _NativeHost(TypedDict):
    id: str
    """The backend id. (1 to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    state: NativeHostState
    """Whether machines can run there."""


class NativeHost(_NativeHost, total=False):
    """A host as its backend knows it."""

    vcpus: int
    """Processor threads. (0 or more)"""
    memoryMiB: int
    """Memory in MiB. (0 or more)"""
    freeMemoryMiB: int
    """Memory not in use, in MiB. (0 or more)"""
    hypervisor: str
    """The hypervisor and its version, as `QEMU 7.2.19`. (up to 256 characters)"""


class _NativeHostPage(TypedDict):
    items: list[NativeHost]
    """The hosts. (up to 100000 items)"""


class NativeHostPage(_NativeHostPage, total=False):
    """A page of hosts."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _NativeImage(TypedDict):
    id: str
    """The backend id. (1 to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    format: NativeImageFormat
    """What the image is."""


class NativeImage(_NativeImage, total=False):
    """An image as its backend knows it."""

    sizeMiB: int
    """Its size in MiB, rounded up. (0 or more)"""


class _NativeImagePage(TypedDict):
    items: list[NativeImage]
    """The images. (up to 100000 items)"""


class NativeImagePage(_NativeImagePage, total=False):
    """A page of images."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _NativeNetwork(TypedDict):
    id: str
    """The backend id. (1 to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    state: NativeNetworkState
    """Whether it carries traffic."""
    cidrs: list[str]
    """Address ranges. (up to 256 items)"""


class NativeNetwork(_NativeNetwork, total=False):
    """A network as its backend knows it."""

    bridge: str
    """The bridge device on the host. (up to 64 characters)"""


class _NativeNetworkPage(TypedDict):
    items: list[NativeNetwork]
    """The networks. (up to 100000 items)"""


class NativeNetworkPage(_NativeNetworkPage, total=False):
    """A page of networks."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _NativeVmPage(TypedDict):
    items: list[NativeVm]
    """The machines. (up to 100000 items)"""


class NativeVmPage(_NativeVmPage, total=False):
    """A page of machines."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class _NativeVolume(TypedDict):
    id: str
    """The backend id. (1 to 1024 characters)"""
    name: str
    """Its name. (up to 256 characters)"""
    sizeMiB: int
    """Its size in MiB, rounded up. (0 or more)"""


class NativeVolume(_NativeVolume, total=False):
    """A volume as its backend knows it."""

    usedMiB: int
    """What it takes on the backend, in MiB, rounded up. (0 or more)"""
    format: str
    """Its format, such as `qcow2`. (up to 64 characters)"""
    pool: str
    """The storage pool that holds it. (up to 256 characters)"""


class _NativeVolumePage(TypedDict):
    items: list[NativeVolume]
    """The volumes. (up to 100000 items)"""


class NativeVolumePage(_NativeVolumePage, total=False):
    """A page of volumes."""

    next: str
    """Pass it as `after` to get the next page; left out on the last. (up to 1024 characters)"""


class Need(TypedDict, total=False):
    """What a call needs before anything is done:

    it is made again with it.
    """

    secret: list[str]
    """Secrets of the connector. (up to 64 items)"""
    state: list[str]
    """Keys of what the daemon keeps for the connector. (up to 64 items)"""


class NewDisk(TypedDict):
    """An empty disk to make."""

    sizeMiB: int
    """Its size in MiB. (1 or more)"""


class Nothing(TypedDict):
    """Nothing to say but that it is done."""


class _PulledEvent(TypedDict):
    type: PulledEventType
    """`vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read
    everything again.
    """


class PulledEvent(_PulledEvent, total=False):
    """What happened in the backend."""

    vm: NativeVm
    """A virtual machine as its backend knows it."""
    id: str
    """The backend id of a deleted machine. (up to 1024 characters)"""
    cursor: str
    """The place after it in the order of events. (1 to 1024 characters)"""
    time: Time
    """When it happened in the backend; when the host hears of it, when left out. (RFC 3339, UTC)"""


class _Pulled(TypedDict):
    events: list[PulledEvent]
    """In their order. (up to 1000 items)"""
    next: str
    """Where to go on. (1 to 1024 characters)"""


class Pulled(_Pulled, total=False):
    """What happened after a cursor:

    the result of `events.pull`.
    """

    reset: bool
    """What happened between is not known any more: everything must be read again."""


class RefusedEntry(TypedDict):
    """An entry that cannot be recorded, now and later."""

    id: str
    """Its id. (up to 36 characters)"""
    message: str
    """Why not, for operators. (up to 4096 characters)"""


class Recorded(TypedDict, total=False):
    """That it is written."""

    refused: list[RefusedEntry]
    """Those that are not, and do not come again. (up to 1000 items)"""


class _TaskHandle(TypedDict):
    id: str
    """Its name, which outlives the process. (1 to 1024 characters)"""


class TaskHandle(_TaskHandle, total=False):
    """A call that goes on after it was answered."""

    pollMs: int
    """Milliseconds between two questions after it. (1 or more)"""
    ttlMs: int
    """Milliseconds for which it is remembered once it has ended. (1 or more)"""


class _TaskState(TypedDict):
    state: TaskStateState
    """Whether it has ended, and how."""


class TaskState(_TaskState, total=False):
    """How a task goes:

    the result of `task.get`.
    """

    percent: float
    """How far it has come, from 0 to 100. (0 to 100)"""
    message: str
    """What is being done, or why it was cancelled. (up to 4096 characters)"""
    result: NativeVm
    """A virtual machine as its backend knows it."""
    error: Error
    """Why a call failed: `error` of an answer."""


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
    began: Time
    """When it began. (RFC 3339, UTC)"""
    ended: Time
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


class _VmStats(TypedDict):
    time: Time
    """When this was read. (RFC 3339, UTC)"""


class VmStats(_VmStats, total=False):
    """What a machine has used since it was started.

    What a backend cannot tell is left out.
    """

    uptimeSeconds: Counter
    """Seconds since it was started. (64 bits, as a decimal string)"""
    cpuSeconds: float
    """Processor time used, in seconds. (0 or more)"""
    memoryMiB: int
    """Memory in use, in MiB. (0 or more)"""
    diskReadBytes: Counter
    """Bytes read from its disks. (64 bits, as a decimal string)"""
    diskWriteBytes: Counter
    """Bytes written to its disks. (64 bits, as a decimal string)"""
    netReceivedBytes: Counter
    """Bytes received on its interfaces. (64 bits, as a decimal string)"""
    netSentBytes: Counter
    """Bytes sent on its interfaces. (64 bits, as a decimal string)"""
