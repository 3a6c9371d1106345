"""One configured instance: a connection to libvirt, what it can be asked, and the events that it sends."""

import contextlib
import queue
import threading

import libvirt

from config import check_config
from connection import Connection
from console import Console
from create import Creation
from faults import Fault, is_code
from images import Images
from inventory import Inventory
from lifecycle import Lifecycle
from machines import Machines
from resync import Resync
from volumes import Volumes

# What a machine that such a call was made for looks like when it was carried out.
DONE_STATES = {
    "compute.start": ("running", "paused"),
    "compute.shutdown": ("stopped",),
    "compute.powerOff": ("stopped",),
    "compute.pause": ("paused",),
    "compute.resume": ("running",),
}


class Instance:
    """`notify(type, fields)` sends an event, `log(level, message)` a log line."""

    def __init__(self, given, notify, log):
        self.config = check_config(given)
        self.log = log
        self.images = Images(self.config["imageDirectories"])
        self.volumes = Volumes(self.config["storagePool"])
        self.console = Console(self.config["consoleDirectory"])
        self.machines = Machines()
        self.inventory = Inventory(self)
        self.lifecycle = Lifecycle(self)
        self.creation = Creation(self)
        self.connection = Connection(self.config["uri"], log, self._changed, self._turned)
        self._notify = notify
        self.resync = Resync(lambda: notify("resync", {}))
        self._locks = {}
        self._locks_lock = threading.Lock()
        self._news = queue.Queue()
        threading.Thread(target=self._tell, name="libvirt-news", daemon=True).start()
        self.calls = {
            "probe": self._probe,
            "drain": lambda params, context: {},
            "find": self._find,
            "compute.list": self.inventory.vms,
            "compute.get": self.inventory.vm,
            "compute.create": self.creation.create,
            "compute.delete": self.creation.delete,
            "compute.start": self.lifecycle.start,
            "compute.shutdown": self.lifecycle.shutdown,
            "compute.powerOff": self.lifecycle.power_off,
            "compute.reboot": self.lifecycle.reboot,
            "compute.reset": self.lifecycle.reset,
            "compute.pause": self.lifecycle.pause,
            "compute.resume": self.lifecycle.resume,
            "compute.update": self.lifecycle.update,
            "compute.consoleOutput": self._console_output,
            "compute.stats": self.inventory.stats,
            "compute.hosts": self.inventory.hosts,
            "compute.images": self.inventory.images,
            "storage.list": self.inventory.volumes,
            "network.list": self.inventory.networks,
        }
        self.connection.open()

    def close(self):
        self.connection.close()
        self.resync.close()
        self._news.put(None)

    @contextlib.contextmanager
    def lock(self, name):
        """One at a time for each name: two attempts of one create may reach us at once."""
        with self._locks_lock:
            lock, users = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._locks_lock:
                lock, users = self._locks[name]
                if users == 1:
                    del self._locks[name]
                else:
                    self._locks[name] = (lock, users - 1)

    def lookup(self, connection, uuid):
        """The domain with this id. Raises `not-found`."""
        domain = self.lookup_or_none(connection, uuid)
        if domain is None:
            raise Fault("not-found", "There is no machine %s." % uuid, field="/vm", resource=uuid,
                        provider="VIR_ERR_NO_DOMAIN")
        return domain

    @staticmethod
    def lookup_or_none(connection, uuid):
        try:
            return connection.lookupByUUIDString(uuid)
        except libvirt.libvirtError as error:
            # A text that is no UUID is the id of no machine.
            if is_code(error, "VIR_ERR_NO_DOMAIN", "VIR_ERR_INVALID_ARG"):
                return None
            raise

    def describe(self, domain):
        """The machine's name for a sentence."""
        return self.machines.record(domain)["name"]

    def _probe(self, _params, _context):
        connection = self.connection.get()
        with self.connection.faults():
            connection.getLibVersion()
        return {}

    def _find(self, params, context):
        call = params.get("call")
        if call == "compute.create":
            return self.creation.find_create(params, context)
        connection = self.connection.get()
        uuid = (params.get("params") or {}).get("vm")
        with self.connection.faults(uuid):
            domain = self.lookup_or_none(connection, uuid)
            if domain is None:
                return {"outcome": "done" if call == "compute.delete" else "unknown"}
            record = self.machines.record(domain)
        done = record["state"] in DONE_STATES.get(call, ())
        return {"outcome": "done" if done else "unknown", "vm": record}

    def _console_output(self, params, _context):
        connection = self.connection.get()
        uuid = params["vm"]
        offset = params.get("offset")
        with self.connection.faults(uuid):
            domain = self.lookup(connection, uuid)
            return self.console.read(domain, uuid, None if offset is None else int(offset), params["maxBytes"])

    def _turned(self):
        # Lost: so that the daemon hears at once that nothing can be read. Back: events may have been missed.
        self.machines.forget()
        self.resync.at_once()

    def _changed(self, uuid, started):
        if started:
            self.console.restarted(uuid)
            self.inventory.started(uuid)
        self.machines.forget(uuid)
        self._news.put(uuid)

    def _tell(self):
        """Sends events. Not from libvirt's event loop, which must never wait for libvirt."""
        while True:
            uuid = self._news.get()
            if uuid is None:
                return
            # Several in a row are one: what is sent is what is true now.
            with self._news.mutex:
                following = list(self._news.queue)
            if uuid in following:
                continue
            try:
                domain = self.lookup_or_none(self.connection.get(), uuid)
                if domain is not None:
                    self._notify("vm.changed", {"vm": self.machines.record(domain)})
                    continue
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                    # The link: everything is read anew once it is back.
                    continue
            except Fault:
                continue
            self._notify("vm.deleted", {"id": uuid})
