"""A libvirt domain as the protocol's NativeVm."""

import contextlib
import os
import xml.etree.ElementTree as ET

import libvirt

import metadata
from faults import is_code

MIB = 1024 * 1024

# libvirt's state, or state and reason where the reason makes a difference -> ours.
STATES = {
    libvirt.VIR_DOMAIN_NOSTATE: "unknown",
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "running",
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_SHUTDOWN: "stopping",
    libvirt.VIR_DOMAIN_SHUTOFF: "stopped",
    libvirt.VIR_DOMAIN_CRASHED: "error",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "suspended",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_STARTING_UP): "starting",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_SHUTTING_DOWN): "stopping",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_IOERROR): "error",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_CRASHED): "error",
}


def is_saved(domain):
    """Whether a machine that is off goes on, at its next start, where it was saved."""
    try:
        return not domain.isActive() and domain.hasManagedSaveImage(0) == 1
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_SUPPORT"):
            return False
        raise


def state_of(domain):
    state, reason = domain.state()[:2]
    # A libvirtd that was started again has forgotten the reason.
    if state == libvirt.VIR_DOMAIN_SHUTOFF and is_saved(domain):
        return "suspended"
    return STATES.get((state, reason)) or STATES.get(state, "unknown")


def source_of(disk):
    """What stands behind a disk: a path, or pool/volume; None for an empty drive."""
    source = disk.find("source")
    if source is None:
        return None
    if source.get("volume") is not None:
        return "%s/%s" % (source.get("pool"), source.get("volume"))
    return source.get("file") or source.get("dev") or source.get("name")


def file_of(connection, disk):
    """The path of the file behind a disk; None when it is no file."""
    source = disk.find("source")
    if source is None:
        return None
    if source.get("volume") is None:
        return source.get("file")
    # A pool that is not active cannot be asked, and no machine runs with what is in it.
    with contextlib.suppress(libvirt.libvirtError):
        return connection.storagePoolLookupByName(source.get("pool")).storageVolLookupByName(source.get("volume")).path()
    return None


def is_read_only(disk):
    return disk.find("readonly") is not None or disk.get("device") == "cdrom"


class Machines:
    """Reads domains. Keeps what takes a question of its own for each disk until something happens to the machine."""

    def __init__(self):
        self._sizes = {}
        self._host = None

    def forget(self, uuid=None):
        """Something happened to this machine; without uuid, to any of them."""
        if uuid is None:
            self._sizes = {}
            self._host = None
        else:
            self._sizes.pop(uuid, None)

    def host_id(self, connection):
        """The one host of a connection goes by its name: where there is no SMBIOS its UUID changes at each start."""
        if self._host is None:
            self._host = connection.getHostname()
        return self._host

    @staticmethod
    def written_files(connection):
        """The real paths of the files that machines, running or not, have as disks to write to."""
        paths = set()
        # Always read anew: libvirt has no event for a disk that is plugged into a machine that is off.
        for domain in connection.listAllDomains(0):
            try:
                root = ET.fromstring(domain.XMLDesc(0))
            except libvirt.libvirtError as error:
                # Deleted since we asked for the list.
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    continue
                raise
            for disk in root.iterfind("devices/disk"):
                path = None if is_read_only(disk) else file_of(connection, disk)
                if path is not None:
                    paths.add(os.path.realpath(path))
        return paths

    def record(self, domain):
        """The NativeVm of a domain."""
        root = ET.fromstring(domain.XMLDesc(0))
        uuid = domain.UUIDString()
        kept = metadata.from_domain_xml(root)
        state = state_of(domain)
        _state, memory_kib, _used, vcpus, _cpu_time = domain.info()
        nics = self._nics(domain, root, state)
        record = {
            "id": uuid,
            "name": self._name(domain, kept),
            "state": state,
            "host": self.host_id(domain.connect()),
            "vcpus": max(1, vcpus),
            "memoryMiB": max(1, memory_kib // 1024),
            "disks": self._disks(domain, root, uuid),
            "nics": nics,
            "addresses": [address for nic in nics for address in nic["addresses"]],
            "labels": kept.get("labels", {}),
        }
        for name in ("image", "key", "created"):
            if kept.get(name) is not None:
                record[name] = kept[name]
        return record

    @staticmethod
    def _name(domain, kept):
        # A domain renamed behind our back shows its new name.
        name = domain.name()
        return kept["name"] if kept.get("domain") == name and "name" in kept else name

    def _disks(self, domain, root, uuid):
        sizes = self._sizes.setdefault(uuid, {})
        disks = []
        for disk in root.iterfind("devices/disk"):
            target = disk.find("target")
            source = source_of(disk)
            device = target.get("dev") if target is not None else ""
            found = {"device": device}
            if source is not None:
                found["volume"] = source
                if (device, source) not in sizes:
                    sizes[(device, source)] = self._size(domain, device)
                if sizes[(device, source)] is not None:
                    found["sizeMiB"] = sizes[(device, source)]
            if is_read_only(disk):
                found["readOnly"] = True
            disks.append(found)
        return disks

    @staticmethod
    def _size(domain, device):
        # Storage of this kind or in this state cannot be asked: the size is then left out.
        with contextlib.suppress(libvirt.libvirtError):
            return -(-domain.blockInfo(device)[0] // MIB)
        return None

    def _nics(self, domain, root, state):
        leased = {}
        interfaces = root.findall("devices/interface")
        if state == "running" and any(nic.get("type") == "network" for nic in interfaces):
            leased = self._leases(domain)
        nics = []
        for interface in interfaces:
            mac = interface.find("mac")
            source = interface.find("source")
            nic = {"addresses": []}
            if mac is not None:
                nic["mac"] = mac.get("address")
                nic["addresses"] = leased.get(nic["mac"], [])
            network = self._network_id(domain, interface, source)
            if network is not None:
                nic["network"] = network
            nics.append(nic)
        return nics

    @staticmethod
    def _network_id(domain, interface, source):
        if interface.get("type") == "user":
            return "user"
        if source is None:
            return None
        name = source.get("network")
        if name is None:
            return source.get("bridge") or source.get("dev")
        with contextlib.suppress(libvirt.libvirtError):
            return domain.connect().networkLookupByName(name).UUIDString()
        return name

    @staticmethod
    def _leases(domain):
        with contextlib.suppress(libvirt.libvirtError):
            found = domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE, 0)
            return {
                entry["hwaddr"]: [address["addr"] for address in entry.get("addrs") or []]
                for entry in found.values()
                if entry.get("hwaddr")
            }
        return {}
