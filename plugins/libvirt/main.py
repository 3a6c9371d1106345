"""The libvirt plugin of Annelid: `/usr/bin/python3 main.py` speaks protocol v1 on its standard streams."""

import importlib.util
import json
import os
import sys
import threading

if importlib.util.find_spec("libvirt") is None:
    sys.exit("The libvirt plugin needs libvirt's binding for %s: apt install python3-libvirt" % sys.executable)

import rpc
from connection import start_event_loop
from faults import Fault
from instance import Instance

VERSION = "0.1.0"
CONCURRENCY = 16
NEEDS_INSTANCE = (
    "probe drain find compute.list compute.get compute.create compute.delete compute.start compute.shutdown "
    "compute.powerOff compute.reboot compute.reset compute.pause compute.resume compute.update compute.consoleOutput "
    "compute.stats compute.hosts compute.images storage.list network.list"
).split()


def describe():
    return {
        "proto": [1],
        "name": "libvirt",
        "version": VERSION,
        "methods": [name for name in NEEDS_INSTANCE if "." in name],
        "concurrency": CONCURRENCY,
        "features": ["events", "progress", "cancel", "instances"],
        "idempotency": "key",
    }


def find_session():
    """qemu:///session is found by XDG_RUNTIME_DIR, which a service started at boot lacks."""
    directory = "/run/user/%d" % os.geteuid()
    if "XDG_RUNTIME_DIR" not in os.environ and os.path.isdir(directory):
        os.environ["XDG_RUNTIME_DIR"] = directory


def main():
    description = describe()
    if "--describe" in sys.argv:
        print(json.dumps(description))
        return
    out = rpc.take_stdout()

    instances = {}
    lock = threading.Lock()

    def configure(params, context):
        name = context.instance

        def notify(kind, fields):
            session.notify("$/event", {"instance": name, "type": kind, **fields})

        made = Instance(params.get("config"), notify, lambda level, message: session.log(level, message, name))
        with lock:
            before = instances.get(name)
            instances[name] = made
        if before is not None:
            before.close()
        return {}

    def forward(method):
        def call(params, context):
            instance = instances.get(context.instance)
            if instance is None:
                message = "The instance %s has not been configured." % context.instance
                raise Fault("internal", message, outcome="none")
            return instance.calls[method](params, context)

        return call

    handlers = {method: forward(method) for method in NEEDS_INSTANCE}
    handlers["configure"] = configure
    find_session()
    start_event_loop()
    session = rpc.Session("libvirt", description, handlers, CONCURRENCY, out)
    rpc.read_lines(session)


main()
