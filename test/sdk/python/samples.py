"""The plugins of the samples in PROTOCOL.md."""

import sys
from typing import Annotated, Literal

from annelid.plugin import Cancelled, Connector, NotFound, published, serve


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


class Cloud(Connector):
    happened = [
        {"type": "vm.changed", "vm": {"id": "vm-1", "state": "running"}, "cursor": "e5.2"},
        {"type": "vm.changed", "vm": {"id": "vm-1", "state": "stopped"}, "cursor": "e5.3", "time": "2026-01-31T12:00:00.000Z"},
    ]

    def __init__(self, config):
        self.job = iter(
            [
                {"state": "running", "percent": 40, "message": "Booting."},
                {"state": "done", "result": {"id": "vm-1", "state": "running"}},
            ]
        )

    def compute_start(self, vm):
        assert "task" in self.call.accept
        return {"task": {"id": "job-8", "pollMs": 500, "ttlMs": 3_600_000}}

    def task_get(self, task):
        if task == "job-9":
            return {"state": "cancelled", "error": Cancelled("Nothing was begun.", outcome="none")}
        if task != "job-8":
            raise NotFound(f"There is no task {task}.")
        return next(self.job)

    def task_cancel(self, task):
        pass

    def events_pull(self, max, since=None):
        cursors = ["e5.1", *[event["cursor"] for event in self.happened]]
        if since not in cursors:
            return {"events": [], "next": cursors[-1], "reset": True}
        events = self.happened[cursors.index(since) :][:max]
        return {"events": events, "next": events[-1]["cursor"] if events else since}

    def find(self, call, params):
        return {"outcome": "none"}


class Desk(Connector):
    def compute_get(self, vm):
        return {"id": vm, "state": "running"}

    def compute_pause(self, vm):
        self.call.host.secret("token")
        return {"id": vm, "state": "paused"}

    def compute_resume(self, vm):
        value, version = self.call.host.state("resumed")
        self.call.host.keep("resumed", {"times": (value or {"times": 0})["times"] + 1}, version)
        return {"id": vm, "state": "running"}

    def compute_reboot(self, vm):
        with self.call.host.lock(vm, lease=60, wait=5):
            found = self.call.host.lookup(vm=vm)
        return {"id": found["nativeId"], "state": "running"}

    def compute_reset(self, vm):
        if "secret" not in self.call.given:
            return {"need": {"secret": ["token"], "state": ["resumed"]}}
        return {"id": vm, "state": "running"}


class Meter(Connector):
    services = {"meter": "Reads the meters."}

    @published("meter.read", changes=False)
    def read(self, name: Annotated[str, {"maxLength": 20}], unit: Literal["V", "A"] = "V") -> float:
        """Read a meter."""
        return 229.5


class Clerk(Connector):
    def directory_authenticate(self, login, secret):
        return self.directory_find(login) if secret == "s3cret" else {}

    def accounting_record(self, entries):
        assert [entry["seconds"] for entry in entries] == [3600]

    def directory_find(self, login):
        return {"user": {"login": "ann", "account": "acme", "role": "user"}} if login.lower() == "ann" else {}


if sys.argv[1] == "demo":
    serve("demo", Demo, version="0.1", concurrency=64)
elif sys.argv[1] == "cloud":
    serve("cloud", Cloud, version="2.0", concurrency=64)
elif sys.argv[1] == "desk":
    serve("desk", Desk, concurrency=64)
elif sys.argv[1] == "parts":
    serve("parts", Desk, concurrency=64, limits={"lineFromPlugin": 60})
elif sys.argv[1] == "clerk":
    serve("clerk", Clerk, version="3.1", concurrency=64)
else:
    serve("meter", Meter, version="1.2", concurrency=64)
