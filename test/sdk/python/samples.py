"""The plugins of the samples in PROTOCOL.md."""

import sys
from typing import Annotated, Literal

from annelid.plugin import Connector, NotFound, published, serve


class Demo(Connector):
    def __init__(self, config):
        self.vms = {"vm-1": {"id": "vm-1", "state": "stopped"}}

    def compute_get(self, vm):
        if vm not in self.vms:
            raise NotFound(f"There is no machine {vm}.", resource=vm)
        return self.vms[vm]

    def compute_start(self, vm):
        machine = self.compute_get(vm)
        self.call.progress(40, "Booting.")
        machine["state"] = "running"
        self.changed(machine)
        return machine

    def compute_shutdown(self, vm):
        self.call.sleep(3600)

    def probe(self):
        pass

    def find(self, call, params):
        return {"outcome": "done", "vm": {**self.vms["vm-1"], "key": self.call.key}}


class Meter(Connector):
    services = {"meter": "Reads the meters."}

    @published("meter.read", changes=False)
    def read(self, name: Annotated[str, {"maxLength": 20}], unit: Literal["V", "A"] = "V") -> float:
        """Read a meter."""
        return 229.5


if sys.argv[1] == "demo":
    serve("demo", Demo, version="0.1", concurrency=64)
else:
    serve("meter", Meter, version="1.2", concurrency=64)
