"""Starting, stopping and changing machines."""

import contextlib
import queue
import xml.etree.ElementTree as ET

import libvirt

import metadata
from connection import CANCELLED, LOST
from faults import Fault, is_code
from machines import is_saved, state_of

KIB_PER_MIB = 1024


def is_stopped(domain):
    return not domain.isActive()


class Lifecycle:
    def __init__(self, instance):
        self._instance = instance

    @contextlib.contextmanager
    def _machine(self, params):
        """The domain meant, its state, and faults for what libvirt says."""
        instance = self._instance
        connection = instance.connection.get()
        uuid = params["vm"]
        with instance.connection.faults(uuid):
            domain = instance.lookup(connection, uuid)
            yield domain, state_of(domain)

    def _conflict(self, domain, state, wanted, hint=None):
        name = self._instance.describe(domain)
        message = "%s is %s and cannot be %s." % (name, state, wanted)
        return Fault("conflict", message, resource=domain.UUIDString(), hint=hint)

    def _record(self, domain):
        return self._instance.machines.record(domain)

    def start(self, params, context):
        with self._machine(params) as (domain, state):
            paused = bool(params.get("paused"))
            # Made again after a crash, it finds its work done.
            if state == ("paused" if paused else "running"):
                return self._record(domain)
            if domain.isActive():
                hint = "Resume it." if state == "paused" else None
                raise self._conflict(domain, state, "started", hint)
            context.check()
            flags = libvirt.VIR_DOMAIN_START_PAUSED if paused else 0
            try:
                domain.createWithFlags(flags)
            except libvirt.libvirtError as error:
                # Somebody else was quicker.
                if not is_code(error, "VIR_ERR_OPERATION_INVALID") or not domain.isActive():
                    raise
            return self._record(domain)

    def shutdown(self, params, context):
        with self._machine(params) as (domain, state):
            if is_stopped(domain):
                return self._record(domain)
            if state not in ("running", "stopping"):
                raise self._conflict(domain, state, "shut down", "Resume it first, or power it off.")
            return self._stop(domain, context, lambda: domain.shutdownFlags(0), "the guest has not shut down")

    def power_off(self, params, context):
        with self._machine(params) as (domain, _state):
            if is_stopped(domain):
                return self._record(domain)
            return self._stop(domain, context, lambda: domain.destroyFlags(0), "the machine has not stopped")

    def _stop(self, domain, context, act, complaint):
        """Does `act` and waits for libvirt's event that the machine is off."""
        uuid = domain.UUIDString()
        # A transient domain is gone once it stops; its last record must do then.
        last = dict(self._record(domain), state="stopped")
        with self._instance.connection.watch(uuid, context) as events:
            context.check()
            try:
                act()
            except libvirt.libvirtError as error:
                if not (is_code(error, "VIR_ERR_OPERATION_INVALID", "VIR_ERR_NO_DOMAIN") and self._is_off(domain)):
                    raise
            context.progress(None, "asked the machine to stop")
            while not self._is_off(domain):
                self._next(events, context, uuid, complaint)
        try:
            return self._record(domain)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return last
            raise

    @staticmethod
    def _is_off(domain):
        try:
            return is_stopped(domain)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return True
            raise

    @staticmethod
    def _next(events, context, uuid, complaint):
        try:
            event = events.get(timeout=context.remaining())
        except queue.Empty:
            raise Fault("timeout", "In the time given %s." % complaint, outcome="unknown", resource=uuid,
                        hint="It may still do so; power it off to be sure.") from None
        if event is CANCELLED:
            raise Fault("cancelled", context.cancelled, outcome="unknown", resource=uuid)
        if event is LOST:
            raise Fault("unavailable", "The connection to libvirt was lost while waiting.", outcome="unknown",
                        resource=uuid, retryAfterMs=1000)

    def _while_running(self, params, context, word, act):
        with self._machine(params) as (domain, state):
            if state != "running":
                raise self._conflict(domain, state, word)
            context.check()
            act(domain)
            return self._record(domain)

    def reboot(self, params, context):
        return self._while_running(params, context, "rebooted", lambda domain: domain.reboot(0))

    def reset(self, params, context):
        with self._machine(params) as (domain, state):
            if is_stopped(domain):
                raise self._conflict(domain, state, "reset", "Start it.")
            context.check()
            domain.reset(0)
            return self._record(domain)

    def _switch(self, params, context, word, before, after, act):
        with self._machine(params) as (domain, state):
            if state == after:
                return self._record(domain)
            if state != before:
                raise self._conflict(domain, state, word)
            context.check()
            act(domain)
            return self._record(domain)

    def pause(self, params, context):
        return self._switch(params, context, "paused", "running", "paused", lambda domain: domain.suspend())

    def resume(self, params, context):
        return self._switch(params, context, "resumed", "paused", "running", lambda domain: domain.resume())

    def update(self, params, context):
        with self._machine(params) as (domain, state):
            hardware = {name: params[name] for name in ("vcpus", "memoryMiB") if params.get(name) is not None}
            saved = is_saved(domain)
            if hardware and (saved or not is_stopped(domain)):
                # What was saved would come back with the processors and the memory that it was saved with.
                field = "/" + next(iter(hardware))
                raise Fault(
                    "conflict",
                    "%s is %s; processors and memory change only while it is stopped." % (
                        self._instance.describe(domain), state),
                    field=field,
                    resource=params["vm"],
                    hint="Start it, shut it down, change it." if saved else "Shut it down, change it, start it.",
                )
            context.check()
            if hardware:
                domain = self._redefine(domain, hardware)
            if params.get("name") is not None or params.get("labels") is not None:
                self._keep(domain, params)
            return self._record(domain)

    @staticmethod
    def _redefine(domain, hardware):
        flags = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
        root = ET.fromstring(domain.XMLDesc(flags))
        if "vcpus" in hardware:
            vcpu = root.find("vcpu")
            vcpu.text = str(hardware["vcpus"])
            # How many of them are plugged in: all.
            vcpu.attrib.pop("current", None)
            vcpus = root.find("vcpus")
            if vcpus is not None:
                root.remove(vcpus)
        if "memoryMiB" in hardware:
            for name in ("memory", "currentMemory"):
                memory = root.find(name)
                if memory is not None:
                    memory.text = str(hardware["memoryMiB"] * KIB_PER_MIB)
                    memory.set("unit", "KiB")
        return domain.connect().defineXML(ET.tostring(root, encoding="unicode"))

    @staticmethod
    def _keep(domain, params):
        facts = metadata.read(domain)
        if params.get("labels") is not None:
            facts["labels"] = params["labels"]
        if params.get("name") is not None:
            # The domain keeps its own name, which others may know it by; `domain` says for which one ours stands.
            facts["name"] = params["name"]
            facts["domain"] = domain.name()
        metadata.write(domain, facts)
        if is_saved(domain):
            metadata.write_saved(domain, facts)
