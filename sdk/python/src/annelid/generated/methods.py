# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""The methods of the daemon."""

from collections.abc import Callable, Mapping
from typing import Any, List, Literal, Optional

from .records import (
    Connector,
    ConnectorPage,
    ConsoleOutput,
    EventPage,
    Health,
    Host,
    HostPage,
    Identity,
    Image,
    ImagePage,
    LoggedOut,
    Network,
    NetworkPage,
    NewDisk,
    Operation,
    OperationPage,
    OperationState,
    Proof,
    Session,
    Story,
    UsagePage,
    Version,
    Vm,
    VmPage,
    VmState,
    VmStats,
    Volume,
    VolumePage,
)

Invoke = Callable[[str, Mapping[str, Any]], Any]


class SystemMethods:
    """The daemon itself, and introspection."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list_methods(self) -> List[str]:
        """The names of all methods.

        Returns:
            The names, sorted.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: List[str] = self._call("system.listMethods", {})
        return result

    def method_help(self, method: str) -> str:
        """What a method does, in prose.

        Args:
            method: The name of a method. (up to 256 characters)

        Returns:
            The prose.

        Raises:
            Fault: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: str = self._call("system.methodHelp", {"method": method})
        return result

    def method_signature(self, method: str) -> List[List[str]]:
        """The types of a method, in the words of XML-RPC:

        a list of signatures, one for each number of optional parameters that is given; in each, the
        type of the result comes first.

        Args:
            method: The name of a method. (up to 256 characters)

        Returns:
            The signatures.

        Raises:
            Fault: unknown-method, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: List[List[str]] = self._call("system.methodSignature", {"method": method})
        return result

    def version(self) -> Version:
        """Which software this is.

        Returns:
            Name and versions.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Version = self._call("system.version", {})
        return result

    def health(self) -> Health:
        """Whether the daemon is well.

        Returns:
            How it is.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Health = self._call("system.health", {})
        return result


class SessionMethods:
    """Logging in and out."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def login(self, user: str, password: str) -> Session:
        """Exchange a name and password for a token.

        Args:
            user: The name of the user. (up to 256 characters)
            password: The password. (up to 1024 characters)

        Returns:
            The token and whose it is.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Session = self._call("session.login", {"user": user, "password": password})
        return result

    def logout(self) -> LoggedOut:
        """End the token that this call is made with.

        Returns:
            Whose token it was.

        Raises:
            Fault: conflict, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: LoggedOut = self._call("session.logout", {})
        return result

    def whoami(self) -> Identity:
        """Who is calling, as the daemon sees it.

        Returns:
            The caller.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Identity = self._call("session.whoami", {})
        return result


class VmMethods:
    """Virtual machines."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        state: Optional[VmState] = None,
        connector: Optional[str] = None,
        host: Optional[str] = None,
        account: Optional[str] = None,
        name: Optional[str] = None,
        labels: Optional[dict[str, str]] = None,
        sort: Optional[Literal["created", "name", "state", "vcpus", "memoryMiB"]] = None,
        descending: Optional[bool] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        refresh: Optional[bool] = None,
    ) -> VmPage:
        """List machines.

        Filters that are given must all match; machines that are deleted are listed only when
        `state` asks for them.

        Args:
            state: Only machines in this state.
            connector: Only machines of this connector.
            host: Only machines on this host.
            account: Only machines of this account.
            name: Only machines whose name contains this text, in any case. (up to 256 characters)
            labels: Only machines that have all these labels with these values. (up to 64 members)
            sort: What to sort by. (default `"created"`)
            descending: Whether the last comes first. (default `false`)
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The machines that the caller may see.

        Raises:
            Fault: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: VmPage = self._call(
            "vm.list",
            {
                "state": state,
                "connector": connector,
                "host": host,
                "account": account,
                "name": name,
                "labels": labels,
                "sort": sort,
                "descending": descending,
                "limit": limit,
                "after": after,
                "refresh": refresh,
            },
        )
        return result

    def get(self, vm: str, *, refresh: Optional[bool] = None) -> Vm:
        """Read one machine.

        Args:
            vm: The machine: its id, or its name where that is unique.
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The machine.

        Raises:
            Fault: not-found, unavailable, invalid-params, unauthenticated, forbidden, throttled,
                internal.
        """
        result: Vm = self._call("vm.get", {"vm": vm, "refresh": refresh})
        return result

    def create(
        self,
        name: str,
        *,
        connector: Optional[str] = None,
        vcpus: Optional[int] = None,
        memoryMiB: Optional[int] = None,
        image: Optional[str] = None,
        kernel: Optional[str] = None,
        initrd: Optional[str] = None,
        commandLine: Optional[str] = None,
        disks: Optional[List[NewDisk]] = None,
        networks: Optional[List[str]] = None,
        labels: Optional[dict[str, str]] = None,
        start: Optional[bool] = None,
        account: Optional[str] = None,
        key: Optional[str] = None,
        wait: Optional[float] = None,
    ) -> Operation:
        """Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty
        disks.

        It is stopped unless `start` is given. The machine is in the inventory, `pending`, as soon
        as the call is answered; its id is the `resource` of the operation.

        Args:
            name: Its name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
            connector: Where to make it; may be left out when there is only one connector.
            vcpus: Virtual processors. (1 to 1024; default `1`)
            memoryMiB: Memory in MiB. (16 to 16777216; default `512`)
            image: The disk image to boot from; the machine gets a copy of its own.
            kernel: A kernel image to boot directly.
            initrd: The initial RAM disk for `kernel`.
            commandLine: The kernel command line. (up to 4096 characters)
            disks: Further empty disks. (up to 32 items; default `[]`)
            networks: Networks to connect it to, one interface each. (up to 32 items; default `[]`)
            labels: Labels. (up to 64 members; default `{}`)
            start: Start it once it is made. (default `false`)
            account: The owner; only administrators may name another account than their own.
            key: A word of your choice: the same call with the same key again answers the same
                operation and makes nothing. (1 to 128 characters)
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            The operation that makes the machine.

        Raises:
            Fault: not-found, conflict, exists, unsupported, quota, unavailable, timeout,
                invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call(
            "vm.create",
            {
                "name": name,
                "connector": connector,
                "vcpus": vcpus,
                "memoryMiB": memoryMiB,
                "image": image,
                "kernel": kernel,
                "initrd": initrd,
                "commandLine": commandLine,
                "disks": disks,
                "networks": networks,
                "labels": labels,
                "start": start,
                "account": account,
                "key": key,
                "wait": wait,
            },
        )
        return result

    def start(
        self,
        vm: str,
        *,
        paused: Optional[bool] = None,
        wait: Optional[float] = None,
    ) -> Operation:
        """Power on a stopped machine.

        Args:
            vm: The machine: its id, or its name where that is unique.
            paused: Stop before the first instruction. (default `false`)
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the backend reports the machine running or paused.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.start", {"vm": vm, "paused": paused, "wait": wait})
        return result

    def shutdown(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Ask the guest to shut down.

        A guest may ignore that; `vm.powerOff` always works, also while this is under way.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine is stopped.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.shutdown", {"vm": vm, "wait": wait})
        return result

    def power_off(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Cut the power.

        A start, shutdown or reboot of this machine that is under way is cancelled.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine is stopped.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.powerOff", {"vm": vm, "wait": wait})
        return result

    def reboot(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Ask the guest to reboot.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the request is delivered.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.reboot", {"vm": vm, "wait": wait})
        return result

    def reset(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Press the reset button:

        the machine starts anew at once, without asking the guest.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine runs again.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.reset", {"vm": vm, "wait": wait})
        return result

    def pause(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Stop the processors of a running machine; its memory is kept.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine is paused.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.pause", {"vm": vm, "wait": wait})
        return result

    def resume(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Let a paused machine go on.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine runs.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.resume", {"vm": vm, "wait": wait})
        return result

    def update(
        self,
        vm: str,
        *,
        name: Optional[str] = None,
        labels: Optional[dict[str, str]] = None,
        vcpus: Optional[int] = None,
        memoryMiB: Optional[int] = None,
        wait: Optional[float] = None,
    ) -> Operation:
        """Change a machine; what is left out stays as it is.

        Most backends change the name, processors and memory of stopped machines only.

        Args:
            vm: The machine: its id, or its name where that is unique.
            name: A new name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`)
            labels: All labels: they replace those before. (up to 64 members)
            vcpus: Virtual processors. (1 to 1024)
            memoryMiB: Memory in MiB. (16 to 16777216)
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the backend has changed it.

        Raises:
            Fault: not-found, conflict, exists, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call(
            "vm.update",
            {
                "vm": vm,
                "name": name,
                "labels": labels,
                "vcpus": vcpus,
                "memoryMiB": memoryMiB,
                "wait": wait,
            },
        )
        return result

    def delete(self, vm: str, *, wait: Optional[float] = None) -> Operation:
        """Remove a stopped machine and the disks that were made for it.

        Its record stays readable as `deleted` for a while.

        Args:
            vm: The machine: its id, or its name where that is unique.
            wait: Seconds to wait for the operation to end before answering; 0 answers at once. (0
                to 3600; default `0`)

        Returns:
            Done once the machine is gone.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("vm.delete", {"vm": vm, "wait": wait})
        return result

    def console_output(
        self,
        vm: str,
        *,
        offset: Optional[str] = None,
        maxBytes: Optional[int] = None,
    ) -> ConsoleOutput:
        """What the machine wrote to its serial console since it was started.

        Args:
            vm: The machine: its id, or its name where that is unique.
            offset: Where to begin; the end of the output when left out. (64 bits, as a decimal
                string)
            maxBytes: At most so many bytes. (1 to 1048576; default `65536`)

        Returns:
            The piece of output, and the offset to read on from.

        Raises:
            Fault: not-found, unsupported, unavailable, timeout, invalid-params, unauthenticated,
                forbidden, throttled, internal.
        """
        result: ConsoleOutput = self._call(
            "vm.consoleOutput",
            {
                "vm": vm,
                "offset": offset,
                "maxBytes": maxBytes,
            },
        )
        return result

    def stats(self, vm: str) -> VmStats:
        """What a running machine has used since it was started.

        Args:
            vm: The machine: its id, or its name where that is unique.

        Returns:
            The figures; what the backend cannot tell is left out.

        Raises:
            Fault: not-found, conflict, unsupported, unavailable, timeout, invalid-params,
                unauthenticated, forbidden, throttled, internal.
        """
        result: VmStats = self._call("vm.stats", {"vm": vm})
        return result


class HostMethods:
    """The machines that virtual machines run on."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        connector: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        refresh: Optional[bool] = None,
    ) -> HostPage:
        """List hosts.

        Args:
            connector: Only hosts of this connector.
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The hosts.

        Raises:
            Fault: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: HostPage = self._call(
            "host.list",
            {
                "connector": connector,
                "limit": limit,
                "after": after,
                "refresh": refresh,
            },
        )
        return result

    def get(self, host: str) -> Host:
        """Read one host.

        Args:
            host: The host: its id, or its name where that is unique.

        Returns:
            The host.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Host = self._call("host.get", {"host": host})
        return result


class ImageMethods:
    """What machines are made from."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        connector: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        refresh: Optional[bool] = None,
    ) -> ImagePage:
        """List images.

        Args:
            connector: Only images of this connector.
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The images.

        Raises:
            Fault: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: ImagePage = self._call(
            "image.list",
            {
                "connector": connector,
                "limit": limit,
                "after": after,
                "refresh": refresh,
            },
        )
        return result

    def get(self, image: str) -> Image:
        """Read one image.

        Args:
            image: The image: its id, or its name where that is unique.

        Returns:
            The image.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Image = self._call("image.get", {"image": image})
        return result


class NetworkMethods:
    """Networks that machines can be connected to."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        connector: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        refresh: Optional[bool] = None,
    ) -> NetworkPage:
        """List networks.

        Args:
            connector: Only networks of this connector.
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The networks.

        Raises:
            Fault: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: NetworkPage = self._call(
            "network.list",
            {
                "connector": connector,
                "limit": limit,
                "after": after,
                "refresh": refresh,
            },
        )
        return result

    def get(self, network: str) -> Network:
        """Read one network.

        Args:
            network: The network: its id, or its name where that is unique.

        Returns:
            The network.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Network = self._call("network.get", {"network": network})
        return result


class VolumeMethods:
    """Disks on the backends."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        connector: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        refresh: Optional[bool] = None,
    ) -> VolumePage:
        """List volumes.

        Args:
            connector: Only volumes of this connector.
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)
            refresh: Read from the backends first instead of answering from the inventory. (default
                `false`)

        Returns:
            The volumes.

        Raises:
            Fault: unavailable, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: VolumePage = self._call(
            "volume.list",
            {
                "connector": connector,
                "limit": limit,
                "after": after,
                "refresh": refresh,
            },
        )
        return result

    def get(self, volume: str) -> Volume:
        """Read one volume.

        Args:
            volume: The volume: its id, or its name where that is unique.

        Returns:
            The volume.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Volume = self._call("volume.get", {"volume": volume})
        return result


class ConnectorMethods:
    """The configured backends."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(self, *, limit: Optional[int] = None, after: Optional[str] = None) -> ConnectorPage:
        """List the configured backends and how they are.

        Args:
            limit: At most so many in one page. (1 to 100000; default `100000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)

        Returns:
            The connectors.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: ConnectorPage = self._call("connector.list", {"limit": limit, "after": after})
        return result

    def get(self, connector: str) -> Connector:
        """Read one connector.

        Args:
            connector: The connector, by its name in the configuration.

        Returns:
            The connector.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Connector = self._call("connector.get", {"connector": connector})
        return result

    def proof(self, connector: str) -> Proof:
        """Read what a connector claims and what of it has been proven:

        how often each call of its plugin succeeded and failed. `/docs/plugins` shows it.

        Args:
            connector: The connector, by its name in the configuration.

        Returns:
            What it claims, and what is proven.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Proof = self._call("connector.proof", {"connector": connector})
        return result


class OperationMethods:
    """Changes under way, and those that have ended."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def get(self, operation: str) -> Operation:
        """Read one operation.

        Args:
            operation: The operation.

        Returns:
            The operation.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("operation.get", {"operation": operation})
        return result

    def list(
        self,
        *,
        state: Optional[OperationState] = None,
        resource: Optional[str] = None,
        method: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
    ) -> OperationPage:
        """List operations, the newest first.

        Args:
            state: Only operations in this state.
            resource: Only operations on the resource with this id. (up to 256 characters; empty
                counts as left out)
            method: Only operations that this method asked for. (up to 256 characters; empty counts
                as left out)
            limit: At most so many in one page. (1 to 1000; default `100`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)

        Returns:
            The operations.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: OperationPage = self._call(
            "operation.list",
            {
                "state": state,
                "resource": resource,
                "method": method,
                "limit": limit,
                "after": after,
            },
        )
        return result

    def wait(self, operation: str, *, wait: Optional[float] = None) -> Operation:
        """Wait until an operation ends.

        One that failed is no fault of this call: its `state` and `fault` tell.

        Args:
            operation: The operation.
            wait: Wait at most so many seconds. (0 to 3600; default `60`)

        Returns:
            The operation, ended, or as it is when the time is over.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Operation = self._call("operation.wait", {"operation": operation, "wait": wait})
        return result

    def cancel(self, operation: str) -> Operation:
        """Ask an operation to stop.

        It ends as `cancelled`, or as something else when it was too late; what was done is not
        undone.

        Args:
            operation: The operation.

        Returns:
            The operation as it is now.

        Raises:
            Fault: not-found, conflict, invalid-params, unauthenticated, forbidden, throttled,
                internal.
        """
        result: Operation = self._call("operation.cancel", {"operation": operation})
        return result

    def explain(self, operation: str) -> Story:
        """Tell what happened to an operation, from every side:

        who asked, each call to the plugin and what came of it, what it changed, and what to do
        next. Administrators also see keys, what the plugin logged meanwhile, and how the backend
        calls a failure.

        Args:
            operation: The operation.

        Returns:
            The story of the operation, up to now when it has not ended.

        Raises:
            Fault: not-found, invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: Story = self._call("operation.explain", {"operation": operation})
        return result


class EventMethods:
    """What happened."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def poll(
        self,
        *,
        after: Optional[str] = None,
        wait: Optional[float] = None,
        limit: Optional[int] = None,
        types: Optional[List[str]] = None,
    ) -> EventPage:
        """Read what happened after a cursor, waiting for it if need be.

        Events come in order and each comes once.

        Args:
            after: `next` of the answer before; from now on when left out. (64 bits, as a decimal
                string)
            wait: Wait at most so many seconds for the first event. (0 to 300; default `0`)
            limit: At most so many events. (1 to 10000; default `1000`)
            types: Only events of these types. (up to 64 items; empty counts as left out)

        Returns:
            The events that the caller may see, and where to read on.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: EventPage = self._call(
            "event.poll",
            {
                "after": after,
                "wait": wait,
                "limit": limit,
                "types": types,
            },
        )
        return result


class UsageMethods:
    """What machines have used."""

    def __init__(self, call: Invoke) -> None:
        self._call = call

    def list(
        self,
        *,
        account: Optional[str] = None,
        vm: Optional[str] = None,
        since: Optional[str] = None,
        before: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
    ) -> UsagePage:
        """List what machines have used, in the order in which it ended.

        An entry is written when a machine stops, is removed or resized, and at the end of each
        period (`limits.accounting.periodSeconds`) or a moment after it; of a connector that is
        away, once it is back. Of spans of time that follow one another, each entry is in one.

        Args:
            account: Only what this account has used. (up to 256 characters; empty counts as left
                out)
            vm: Only what the machine with this id has used. (up to 64 characters; empty counts as
                left out)
            since: Only what ended at that moment or later. (RFC 3339, UTC)
            before: Only what ended before. (RFC 3339, UTC)
            limit: At most so many in one page. (1 to 10000; default `1000`)
            after: `next` of the page before. (up to 1024 characters; empty counts as left out)

        Returns:
            The entries of the own account; to administrators those of all.

        Raises:
            Fault: invalid-params, unauthenticated, forbidden, throttled, internal.
        """
        result: UsagePage = self._call(
            "usage.list",
            {
                "account": account,
                "vm": vm,
                "since": since,
                "before": before,
                "limit": limit,
                "after": after,
            },
        )
        return result


class Methods:
    """Every method of the daemon, by its noun."""

    def __init__(self, call: Invoke) -> None:
        self.system = SystemMethods(call)
        """The daemon itself, and introspection."""
        self.session = SessionMethods(call)
        """Logging in and out."""
        self.vm = VmMethods(call)
        """Virtual machines."""
        self.host = HostMethods(call)
        """The machines that virtual machines run on."""
        self.image = ImageMethods(call)
        """What machines are made from."""
        self.network = NetworkMethods(call)
        """Networks that machines can be connected to."""
        self.volume = VolumeMethods(call)
        """Disks on the backends."""
        self.connector = ConnectorMethods(call)
        """The configured backends."""
        self.operation = OperationMethods(call)
        """Changes under way, and those that have ended."""
        self.event = EventMethods(call)
        """What happened."""
        self.usage = UsageMethods(call)
        """What machines have used."""
