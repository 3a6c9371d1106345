"""What an author writes who uses types; the type checker is the test."""

from typing import Any

from annelid.client import Client, Operation, Vm
from annelid.plugin import Connector, Found, NativeVm, NativeVmPage, NewDisk, NotFound, Quota, TaskAnswer, TaskState


class Cloud(Connector):
    def __init__(self, config: dict[str, Any]) -> None:
        self.vms: dict[str, NativeVm] = {}
        self.room = int(config.get("room", 10))

    def compute_list(self, **_: Any) -> NativeVmPage:
        return {"items": list(self.vms.values())}

    def compute_get(self, vm: str) -> NativeVm:
        found = self.vms.get(vm)
        if found is None:
            raise NotFound(f"There is no machine {vm}.", resource=vm)
        return found

    def compute_create(
        self,
        id: str,
        name: str,
        vcpus: int,
        memoryMiB: int,
        disks: list[NewDisk],
        networks: list[str],
        labels: dict[str, str],
        **_: Any,
    ) -> NativeVm:
        if len(self.vms) == self.room:
            raise Quota("There is no more room.")
        made: NativeVm = {"id": id, "name": name, "state": "stopped", "vcpus": vcpus, "labels": labels}
        self.vms[id] = made
        self.changed(made)
        return made

    def find(self, call: str, params: dict[str, Any]) -> Found:
        return {"outcome": "unknown"} if self.call.key is None else {"outcome": "none"}


class Remote(Connector):
    async def compute_get(self, vm: str) -> NativeVm:
        return {"id": vm, "state": "running"}

    async def compute_start(self, vm: str, **_: Any) -> NativeVm:
        return await self.compute_get(vm)

    def compute_delete(self, vm: str) -> TaskAnswer:
        return {"task": {"id": f"delete-{vm}"}}

    def task_get(self, task: str) -> TaskState:
        return {"state": "failed", "error": NotFound(f"There is no task {task}.").to_error()}


def running(api: Client) -> list[Vm]:
    return [vm for vm in api.vm.list(state="running", limit=10)["items"] if vm.get("vcpus", 1) > 1]


def start(api: Client, name: str) -> Operation:
    operation = api.vm.start(name, paused=False)
    return api.wait(operation, timeout=60)
