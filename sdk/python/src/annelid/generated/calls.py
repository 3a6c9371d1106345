# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""The calls of plugins."""

from collections.abc import Awaitable
from typing import Any, Optional, TypeVar, TypedDict, Union

from .resources import (
    ConsoleOutput,
    DirectoryAnswer,
    Found,
    NativeHostPage,
    NativeImagePage,
    NativeNetworkPage,
    NativeVm,
    NativeVmPage,
    NativeVolumePage,
    Need,
    NewDisk,
    Pulled,
    Recorded,
    TaskHandle,
    TaskState,
    UsageEntry,
    VmStats,
)

CALLS: dict[str, str] = {
    "compute_list": "compute.list",
    "compute_get": "compute.get",
    "compute_create": "compute.create",
    "compute_start": "compute.start",
    "compute_shutdown": "compute.shutdown",
    "compute_power_off": "compute.powerOff",
    "compute_reboot": "compute.reboot",
    "compute_reset": "compute.reset",
    "compute_pause": "compute.pause",
    "compute_resume": "compute.resume",
    "compute_update": "compute.update",
    "compute_delete": "compute.delete",
    "compute_console_output": "compute.consoleOutput",
    "compute_stats": "compute.stats",
    "compute_hosts": "compute.hosts",
    "compute_images": "compute.images",
    "storage_list": "storage.list",
    "network_list": "network.list",
    "directory_authenticate": "directory.authenticate",
    "directory_find": "directory.find",
    "accounting_record": "accounting.record",
}
"""Calls by the names of their methods."""
BASE_CALLS: dict[str, str] = {
    "find": "find",
    "probe": "probe",
    "drain": "drain",
    "events_pull": "events.pull",
    "task_get": "task.get",
    "task_cancel": "task.cancel",
}
"""What is asked of every connector that has it."""

T = TypeVar("T")
Answer = Union[T, Awaitable[T]]
"""What a method answers, or a coroutine that does."""


class TaskAnswer(TypedDict):
    """Work that goes on, in place of a result.

    Only where `self.call.accept` has `task`.
    """

    task: TaskHandle
    """The daemon asks after it; its id must be written where it outlives the process."""


class NeedAnswer(TypedDict):
    """What a call needs before it does anything, in place of a result.

    Only where `self.call.accept` has `need`; it is made again with `self.call.given`.
    """

    need: Need


class Calls:
    """Every call of the protocol; a connector has those that its cloud can do."""

    def compute_list(self, *, after: Optional[str] = None) -> Answer[NativeVmPage]:
        """All machines of the backend, whoever made them.

        Args:
            after: `next` of the page before; the first page when left out. (up to 1024 characters)
        """
        raise NotImplementedError("compute.list")

    def compute_get(self, vm: str) -> Answer[NativeVm]:
        """One machine.

        A machine that does not exist is a `not-found` fault.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.get")

    def compute_create(
        self,
        id: str,
        name: str,
        vcpus: int,
        memoryMiB: int,
        disks: list[NewDisk],
        networks: list[str],
        labels: dict[str, str],
        *,
        image: Optional[str] = None,
        kernel: Optional[str] = None,
        initrd: Optional[str] = None,
        commandLine: Optional[str] = None,
    ) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Make a machine, stopped.

        With the same `ctx.key` again, answer the machine made before and make nothing.

        Args:
            id: A UUID that the backend may use as its own id. (up to 36 characters)
            name: The name that the user chose. Another machine may have it already. (1 to 256
                characters)
            vcpus: Virtual processors. (1 to 4096)
            memoryMiB: Memory in MiB. (1 or more)
            disks: Further empty disks. (up to 32 items)
            networks: Networks, one interface each. (up to 32 items)
            labels: Labels to keep with the machine if the backend can. (up to 64 members)
            image: Backend id of the disk image to boot from; the machine gets a copy of its own.
                (up to 1024 characters)
            kernel: Backend id of a kernel image to boot directly. (up to 1024 characters)
            initrd: Backend id of the initial RAM disk for `kernel`. (up to 1024 characters)
            commandLine: Kernel command line. (up to 4096 characters)
        """
        raise NotImplementedError("compute.create")

    def compute_start(
        self,
        vm: str,
        *,
        paused: Optional[bool] = None,
    ) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Power on; done when the machine runs, or is paused when `paused` was asked for.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
            paused: Stop before the first instruction.
        """
        raise NotImplementedError("compute.start")

    def compute_shutdown(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Ask the guest to shut down (ACPI); done when it has.

        A guest may ignore it: the call then ends with its deadline.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.shutdown")

    def compute_power_off(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Cut the power; done when the machine is stopped.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.powerOff")

    def compute_reboot(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Ask the guest to reboot (ACPI); done when the request is delivered.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.reboot")

    def compute_reset(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Press the reset button.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.reset")

    def compute_pause(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Stop the processors, keep the memory.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.pause")

    def compute_resume(self, vm: str) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Let a paused machine go on.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.resume")

    def compute_update(
        self,
        vm: str,
        *,
        name: Optional[str] = None,
        vcpus: Optional[int] = None,
        memoryMiB: Optional[int] = None,
        labels: Optional[dict[str, str]] = None,
    ) -> Answer[Union[NativeVm, TaskAnswer, NeedAnswer]]:
        """Change a machine; what is left out stays as it is.

        A change that the state forbids is a `conflict` fault.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
            name: A new name. (1 to 256 characters)
            vcpus: Virtual processors. (1 to 4096)
            memoryMiB: Memory in MiB. (1 or more)
            labels: All labels: they replace those before. (up to 64 members)
        """
        raise NotImplementedError("compute.update")

    def compute_delete(self, vm: str) -> Answer[Union[None, TaskAnswer, NeedAnswer]]:
        """Remove a stopped machine and the disks that `compute.create` made for it.

        One that is gone already is no fault.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.delete")

    def compute_console_output(
        self,
        vm: str,
        maxBytes: int,
        *,
        offset: Optional[str] = None,
    ) -> Answer[ConsoleOutput]:
        """What the machine wrote to its serial console since it was started.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
            maxBytes: At most so many bytes. (1 to 1048576)
            offset: Where to begin; the last `maxBytes` when left out. (64 bits, as a decimal
                string)
        """
        raise NotImplementedError("compute.consoleOutput")

    def compute_stats(self, vm: str) -> Answer[VmStats]:
        """What a running machine has used.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.stats")

    def compute_hosts(self, *, after: Optional[str] = None) -> Answer[NativeHostPage]:
        """The hosts of the backend.

        Args:
            after: `next` of the page before; the first page when left out. (up to 1024 characters)
        """
        raise NotImplementedError("compute.hosts")

    def compute_images(self, *, after: Optional[str] = None) -> Answer[NativeImagePage]:
        """The images that machines can be made from.

        Args:
            after: `next` of the page before; the first page when left out. (up to 1024 characters)
        """
        raise NotImplementedError("compute.images")

    def storage_list(self, *, after: Optional[str] = None) -> Answer[NativeVolumePage]:
        """All volumes of the backend.

        Args:
            after: `next` of the page before; the first page when left out. (up to 1024 characters)
        """
        raise NotImplementedError("storage.list")

    def network_list(self, *, after: Optional[str] = None) -> Answer[NativeNetworkPage]:
        """All networks of the backend.

        Args:
            after: `next` of the page before; the first page when left out. (up to 1024 characters)
        """
        raise NotImplementedError("network.list")

    def directory_authenticate(self, login: str, secret: str) -> Answer[DirectoryAnswer]:
        """Whose login and secret these are.

        Without `user`: nobody has that login, or the secret is another one, and the answer does not
        say which. A fault means that it is not known.

        Args:
            login: The name that somebody logs in with, as it was given. (1 to 256 characters, as
                `^\\P{Cc}+$`)
            secret: The secret, never empty. (1 to 1024 characters)
        """
        raise NotImplementedError("directory.authenticate")

    def directory_find(self, login: str) -> Answer[DirectoryAnswer]:
        """Who has a login, asked again and again as long as a token of that user is used.

        Without `user`: nobody has it any more.

        Args:
            login: The name that somebody logs in with, as it was given. (1 to 256 characters, as
                `^\\P{Cc}+$`)
        """
        raise NotImplementedError("directory.find")

    def accounting_record(
        self,
        entries: list[UsageEntry],
    ) -> Answer[Union[Recorded, TaskAnswer, NeedAnswer]]:
        """Write down what was used.

        An entry that is known by its id already is not counted again, and is no fault.

        Args:
            entries: In the order in which they ended. (up to 1000 items)
        """
        raise NotImplementedError("accounting.record")

    def find(self, call: str, params: Any) -> Answer[Found]:
        """What became of the mutation with the key of the call.

        A connector that has it promises that a mutation which it gets again with the same key has
        no second effect.

        Args:
            call: The mutation that is asked for, as `compute.create`. (up to 128 characters)
            params: Its parameters. (JSON; `$time`, `$bytes` and `$counter` stand for what it has no
                type for)
        """
        raise NotImplementedError("find")

    def probe(self) -> Answer[None]:
        """Whether the backend can be reached:

        fails when not.
        """
        raise NotImplementedError("probe")

    def drain(self) -> Answer[None]:
        """The daemon is about to stop:

        finish what must be finished.
        """
        raise NotImplementedError("drain")

    def events_pull(self, max: int, *, since: Optional[str] = None) -> Answer[Pulled]:
        """What happened since a cursor, the oldest first and at most `max`; without `since` no
        events, and where they begin.

        An event that is reported has the cursor that it is answered with here.

        Args:
            max: The most events that the answer may have. (1 to 1000)
            since: `next` of the answer before, or the cursor of an event. (up to 1024 characters)
        """
        raise NotImplementedError("events.pull")

    def task_get(self, task: str) -> Answer[TaskState]:
        """How a task goes that stands for the result of a mutation; a `not-found` fault when it is
        not known.

        Args:
            task: The id of the task. (up to 1024 characters)
        """
        raise NotImplementedError("task.get")

    def task_cancel(self, task: str) -> Answer[None]:
        """A task is no longer wanted.

        How it ends, `task.get` says.

        Args:
            task: The id of the task. (up to 1024 characters)
        """
        raise NotImplementedError("task.cancel")
