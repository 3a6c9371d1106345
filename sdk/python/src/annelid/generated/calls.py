# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""The calls of plugins."""

from collections.abc import Awaitable
from typing import Optional, TypeVar, Union

from .resources import (
    ConsoleOutput,
    Done,
    NativeHostPage,
    NativeImagePage,
    NativeNetworkPage,
    NativeVm,
    NativeVmPage,
    NativeVolumePage,
    NewDisk,
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
}
"""Calls by the names of their methods."""

T = TypeVar("T")
Answer = Union[T, Awaitable[T]]
"""What a method answers, or a coroutine that does."""


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
    ) -> Answer[NativeVm]:
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

    def compute_start(self, vm: str, *, paused: Optional[bool] = None) -> Answer[NativeVm]:
        """Power on; done when the machine runs, or is paused when `paused` was asked for.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
            paused: Stop before the first instruction.
        """
        raise NotImplementedError("compute.start")

    def compute_shutdown(self, vm: str) -> Answer[NativeVm]:
        """Ask the guest to shut down (ACPI); done when it has.

        A guest may ignore it: the call then ends with its deadline.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.shutdown")

    def compute_power_off(self, vm: str) -> Answer[NativeVm]:
        """Cut the power; done when the machine is stopped.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.powerOff")

    def compute_reboot(self, vm: str) -> Answer[NativeVm]:
        """Ask the guest to reboot (ACPI); done when the request is delivered.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.reboot")

    def compute_reset(self, vm: str) -> Answer[NativeVm]:
        """Press the reset button.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.reset")

    def compute_pause(self, vm: str) -> Answer[NativeVm]:
        """Stop the processors, keep the memory.

        Args:
            vm: The backend id of the machine. (1 to 1024 characters)
        """
        raise NotImplementedError("compute.pause")

    def compute_resume(self, vm: str) -> Answer[NativeVm]:
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
    ) -> Answer[NativeVm]:
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

    def compute_delete(self, vm: str) -> Answer[Done]:
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
