"""Mistakes of an author; each is ignored once, so that the type checker says so when it does not find one."""

from annelid.client import Client
from annelid.plugin import Connector, NativeVm


class Cloud(Connector):
    def compute_get(self, vm: int) -> NativeVm:  # type: ignore[override]
        return {"id": str(vm), "state": "on"}  # type: ignore[typeddict-item]

    def compute_list(self, **_: object) -> NativeVm:  # type: ignore[override]
        return {"id": "a", "state": "running", "memory": 1}  # type: ignore[typeddict-unknown-key]


def wrong(api: Client) -> None:
    api.vm.create(memoryMiB=64)  # type: ignore[call-arg]
    api.vm.list(state="on")  # type: ignore[arg-type]
    api.vm.get("a")["ram"]  # type: ignore[typeddict-item]
