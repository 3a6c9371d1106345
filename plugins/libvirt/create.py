"""compute.create, compute.delete and find: what must neither be done twice nor leave anything behind.

A create makes the disks first, named by the machine's id, and the domain last. So a domain that is there is complete,
and disks without a domain are what a killed create has left: the next attempt, find or delete removes them.
"""

import contextlib
import datetime
import os
import re
import urllib.parse
import uuid as uuids
import xml.etree.ElementTree as ET

import libvirt

import metadata
from domain_xml import domain_xml
from faults import Fault, fault_from_libvirt, is_code
from images import virtual_size

MIB = 1024 * 1024
# A domain's name becomes a file name with a suffix, and those have at most 255 bytes.
NAME_BYTES = 200
UNDEFINE_FLAGS = (
    ("MANAGED_SAVE", "SNAPSHOTS_METADATA", "NVRAM", "CHECKPOINTS_METADATA"),
    ("MANAGED_SAVE", "NVRAM"),
    ("MANAGED_SAVE", "SNAPSHOTS_METADATA"),
    ("MANAGED_SAVE",),
)
BOOT_IMAGES = ("qcow2", "raw", "iso")


def now():
    moment = datetime.datetime.now(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)


def canonical_uuid(given):
    """A UUID as libvirt writes it."""
    try:
        return str(uuids.UUID(given))
    except ValueError:
        raise Fault("invalid-params", "%s is no UUID." % given, field="/id") from None


def domain_name(name, uuid, attempt):
    """A name that libvirt takes for the one that the user chose; with the id behind it where that is taken."""
    # The driver for QEMU refuses slashes and line feeds, XML the other control characters.
    safe = re.sub(r"[/\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "-", name).strip() or "vm"
    if safe.startswith("."):
        safe = "-" + safe[1:]
    safe = safe.encode()[:NAME_BYTES].decode(errors="ignore")
    return safe + ["", "-" + uuid[:8], "-" + uuid][attempt]


def kvm_works(connection):
    """Whether KVM machines can run: libvirt offers them wherever there is /dev/kvm, also where it cannot run them."""
    if urllib.parse.urlsplit(connection.getURI()).hostname:
        return True
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf8") as file:
        flags = next((line.split() for line in file if line.startswith("flags")), None)
        # Only processors of PCs have this line; of others libvirt's word must do.
        if flags is not None and "vmx" not in flags and "svm" not in flags:
            return False
    return os.path.exists("/dev/kvm")


def choose_domain_type(connection, wanted):
    """kvm or qemu as configured and offered; what else the connection offers, such as `test`, when it has neither."""
    root = ET.fromstring(connection.getCapabilities())
    arch = root.findtext("host/cpu/arch")
    guests = [guest for guest in root.iterfind("guest/arch") if guest.get("name") == arch] or root.findall("guest/arch")
    offered = [domain.get("type") for guest in guests for domain in guest.iterfind("domain")]
    if "qemu" not in offered and "kvm" not in offered and offered:
        return offered[0]
    if wanted == "auto":
        return "kvm" if "kvm" in offered and kvm_works(connection) else "qemu"
    if wanted not in offered:
        raise Fault(
            "conflict",
            "libvirt on this host offers no machines of type %s." % wanted,
            field="/config/domainType",
            hint="Offered: %s." % (", ".join(sorted(set(offered))) or "none"),
        )
    return wanted


def has_user_network(connection):
    """Whether there is the network `user`: QEMU's own network stack, for which no privileges are needed."""
    return connection.getType() == "QEMU"


class Creation:
    """Makes and removes machines for one instance."""

    def __init__(self, instance):
        self._instance = instance
        # Of each domain that was looked at: its key.
        self._keys = {}

    def by_key(self, connection, key):
        """The domain that was created with this key, or None. A key never changes, so each domain is asked once."""
        known = self._keys
        domains = {domain.UUIDString(): domain for domain in connection.listAllDomains(0)}
        self._keys = {
            uuid: known[uuid] if uuid in known else metadata.read(domain).get("key")
            for uuid, domain in domains.items()
        }
        return next((domains[uuid] for uuid, found in self._keys.items() if found == key), None)

    def create(self, params, context):
        instance = self._instance
        connection = instance.connection.get()
        uuid = canonical_uuid(params["id"])
        with instance.lock(context.key or uuid), instance.connection.faults(uuid):
            if context.key is not None:
                existing = self.by_key(connection, context.key)
                if existing is not None:
                    return instance.machines.record(existing)
            if instance.lookup_or_none(connection, uuid) is not None:
                raise Fault("exists", "There is a machine with the id %s already." % uuid, field="/id", resource=uuid)
            spec = self._plan(connection, uuid, params, context)
            try:
                domain = self._make(connection, params, spec, context)
            except BaseException as error:
                self._undo(connection, uuid, error)
                raise
            if spec["volumes"]:
                # libvirt has no events for volumes.
                instance.resync.soon()
            return instance.machines.record(domain)

    def _plan(self, connection, uuid, params, context):
        """All that can be wrong is found here, before anything is made."""
        instance = self._instance
        disks, cdrom = [], None
        spec = {"kernel": None, "initrd": None, "commandLine": params.get("commandLine")}
        if params.get("image") is not None:
            written = instance.machines.written_files(connection)
            path, kind = instance.images.resolve(params["image"], BOOT_IMAGES, "/image", written)
            if kind == "iso":
                cdrom = path
            else:
                size = virtual_size(path, kind)
                if size is None:
                    raise Fault("conflict", "The image %s cannot be read." % params["image"], field="/image")
                disks.append((size, (path, kind)))
        for name in ("kernel", "initrd"):
            if params.get(name) is not None:
                spec[name] = instance.images.resolve(params[name], (name,), "/" + name)[0]
        if spec["kernel"] is None and (spec["initrd"] is not None or spec["commandLine"]):
            raise Fault("invalid-params", "initrd and commandLine need a kernel.", field="/kernel")
        disks += [(disk["sizeMiB"] * MIB, None) for disk in params.get("disks") or []]
        networks = [
            self._network(connection, network, "/networks/%d" % index)
            for index, network in enumerate(params.get("networks") or [])
        ]
        facts = {
            "key": context.key,
            "name": params["name"],
            "image": params.get("image"),
            "labels": params.get("labels") or {},
            "created": now(),
        }
        console = instance.console.path(uuid)
        return dict(spec, uuid=uuid, disks=disks, cdrom=cdrom, networks=networks, facts=facts, console=console,
                    vcpus=params["vcpus"], memoryMiB=params["memoryMiB"])

    @staticmethod
    def _network(connection, wanted, field):
        """The name of a network given by its id or name."""
        if wanted == "user" and has_user_network(connection):
            return wanted
        for lookup in (connection.networkLookupByUUIDString, connection.networkLookupByName):
            try:
                return lookup(wanted).name()
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_NETWORK", "VIR_ERR_INVALID_ARG"):
                    raise
        raise Fault("not-found", "There is no network %s." % wanted, field=field)

    def _make(self, connection, params, spec, context):
        instance = self._instance
        domain_type = choose_domain_type(connection, instance.config["domainType"])
        spec["volumes"] = []
        for index, (size, backing) in enumerate(spec["disks"]):
            context.check()
            context.progress(100 * index // (len(spec["disks"]) + 1), "making disk %d" % (index + 1))
            spec["volumes"].append(instance.volumes.create(connection, spec["uuid"], index, size, backing))
        spec["facts"]["volumes"] = [volume.name() for volume in spec["volumes"]]
        context.check()
        for attempt in range(3):
            name = domain_name(params["name"], spec["uuid"], attempt)
            if attempt < 2 and self._is_taken(connection, name, spec["uuid"]):
                continue
            spec["domainName"] = spec["facts"]["domain"] = name
            try:
                return connection.defineXML(domain_xml(instance.config, domain_type, spec))
            except libvirt.libvirtError:
                # Somebody took the name since we looked.
                if attempt == 2 or not self._is_taken(connection, name, spec["uuid"]):
                    raise

    @staticmethod
    def _is_taken(connection, name, uuid):
        """Whether another machine has the name: that of a killed attempt at this one may just have come to be."""
        try:
            return connection.lookupByName(name).UUIDString() != uuid
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return False
            raise

    def _undo(self, connection, uuid, error):
        """A create that fails leaves nothing; where the link is gone the next attempt or find clears up."""
        try:
            if self._instance.lookup_or_none(connection, uuid) is not None:
                return
            self._instance.volumes.remove_all(connection, uuid)
        except libvirt.libvirtError as second:
            if isinstance(error, Fault):
                error.data["outcome"] = "unknown"
            self._instance.log("warn", "Disks of %s are left: %s" % (uuid, fault_from_libvirt(second)))
            return
        if isinstance(error, libvirt.libvirtError):
            fault = fault_from_libvirt(error, uuid)
            if fault.kind != "unavailable":
                fault.data["outcome"] = "none"
                raise fault from None

    def find_create(self, params, context):
        """What became of a create. Where there is no machine, its disks are removed: maybe nobody tries again."""
        instance = self._instance
        connection = instance.connection.get()
        wanted = params.get("params") or {}
        with instance.lock(context.key), instance.connection.faults():
            domain = self.by_key(connection, context.key)
            if domain is not None:
                return {"outcome": "done", "vm": instance.machines.record(domain)}
            uuid = canonical_uuid(wanted["id"]) if isinstance(wanted.get("id"), str) else None
            if uuid is not None and instance.lookup_or_none(connection, uuid) is None:
                if instance.volumes.remove_all(connection, uuid) > 0:
                    instance.resync.soon()
            return {"outcome": "none"}

    def delete(self, params, _context):
        instance = self._instance
        connection = instance.connection.get()
        uuid = params["vm"].lower()
        with instance.connection.faults(uuid):
            domain = instance.lookup_or_none(connection, uuid)
            if domain is not None:
                if domain.isActive():
                    raise Fault(
                        "conflict",
                        "%s is not stopped." % instance.describe(domain),
                        resource=uuid,
                        hint="Shut it down or power it off first.",
                    )
                self._undefine(domain)
            # The disks last: a delete that is killed in between is made again and finds them by their names. Machines
            # that we did not make have none of these names, so their disks stay.
            if instance.volumes.remove_all(connection, uuid) > 0:
                instance.resync.soon()
        instance.console.remove(uuid)
        return {}

    @staticmethod
    def _undefine(domain):
        # Drivers without snapshots, checkpoints or firmware refuse the flags for them.
        for names in UNDEFINE_FLAGS:
            flags = 0
            for name in names:
                flags |= getattr(libvirt, "VIR_DOMAIN_UNDEFINE_" + name, 0)
            try:
                domain.undefineFlags(flags)
                return
            except libvirt.libvirtError as error:
                if names == UNDEFINE_FLAGS[-1] or not is_code(error, "VIR_ERR_INVALID_ARG", "VIR_ERR_NO_SUPPORT"):
                    raise
