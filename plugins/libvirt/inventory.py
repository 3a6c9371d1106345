"""What there is beside machines: hosts, images, networks, volumes; and what machines have used."""

import contextlib
import ipaddress
import time
import xml.etree.ElementTree as ET

import libvirt

from create import has_user_network, now
from faults import Fault, is_code

MIB = 1024 * 1024
KIB_PER_MIB = 1024
PAGE_ITEMS = 500
NANOSECONDS = 1_000_000_000

# What of a kind is summed up over all of a machine's devices: our field -> libvirt's kind and statistic.
COUNTERS = {
    "diskReadBytes": ("block", "rd.bytes"),
    "diskWriteBytes": ("block", "wr.bytes"),
    "netReceivedBytes": ("net", "rx.bytes"),
    "netSentBytes": ("net", "tx.bytes"),
}


def up(size):
    """Bytes as MiB, rounded up."""
    return -(-size // MIB)


def page(records, after):
    """A page of records in the order of their ids."""
    ordered = sorted(records, key=lambda record: record["id"])
    if after is not None:
        ordered = [record for record in ordered if record["id"] > after]
    items = ordered[:PAGE_ITEMS]
    return {"items": items, "next": items[-1]["id"]} if len(ordered) > PAGE_ITEMS else {"items": items}


class Inventory:
    def __init__(self, instance):
        self._instance = instance
        self._started = {}

    def started(self, uuid):
        """The machine was started just now."""
        self._started[uuid] = time.monotonic()

    def vms(self, params, _context):
        connection = self._instance.connection.get()
        with self._instance.connection.faults():
            # One that is started for the first time meanwhile is not among these.
            known = list(self._started)
            domains = {domain.UUIDString(): domain for domain in connection.listAllDomains(0)}
            for uuid in known:
                if uuid not in domains:
                    self._started.pop(uuid, None)
            # Only those of this page are read.
            listed = page(({"id": uuid} for uuid in domains), params.get("after"))
            items = []
            for entry in listed["items"]:
                try:
                    items.append(self._instance.machines.record(domains[entry["id"]]))
                except libvirt.libvirtError as error:
                    # Deleted since we asked for the list.
                    if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                        raise
            return dict(listed, items=items)

    def vm(self, params, _context):
        connection = self._instance.connection.get()
        with self._instance.connection.faults(params["vm"]):
            return self._instance.machines.record(self._instance.lookup(connection, params["vm"]))

    def hosts(self, params, _context):
        connection = self._instance.connection.get()
        with self._instance.connection.faults():
            _model, memory_mib, vcpus = connection.getInfo()[:3]
            version = connection.getVersion()
            numbers = (version // 1_000_000, version // 1000 % 1000, version % 1000)
            host = {
                "id": self._instance.machines.host_id(connection),
                "name": connection.getHostname(),
                "state": "up",
                "vcpus": vcpus,
                "memoryMiB": memory_mib,
                "hypervisor": "%s %d.%d.%d" % ((connection.getType(),) + numbers),
            }
            with contextlib.suppress(libvirt.libvirtError):
                host["freeMemoryMiB"] = connection.getFreeMemory() // MIB
            return page([host], params.get("after"))

    def images(self, params, _context):
        connection = self._instance.connection.get()
        with self._instance.connection.faults():
            written = self._instance.machines.written_files(connection)
        return page(self._instance.images.list(written), params.get("after"))

    def networks(self, params, _context):
        connection = self._instance.connection.get()
        with self._instance.connection.faults():
            found = [self._network(network) for network in connection.listAllNetworks(0)]
            if has_user_network(connection):
                found.append({"id": "user", "name": "user", "state": "up", "cidrs": ["10.0.2.0/24"]})
            return page(found, params.get("after"))

    @staticmethod
    def _network(network):
        root = ET.fromstring(network.XMLDesc(0))
        record = {
            "id": network.UUIDString(),
            "name": network.name(),
            "state": "up" if network.isActive() else "down",
            "cidrs": [],
        }
        bridge = root.find("bridge")
        if bridge is not None and bridge.get("name"):
            record["bridge"] = bridge.get("name")
        for ip in root.iterfind("ip"):
            mask = ip.get("prefix") or ip.get("netmask")
            if ip.get("address") and mask:
                network_range = ipaddress.ip_network("%s/%s" % (ip.get("address"), mask), strict=False)
                record["cidrs"].append(str(network_range))
        return record

    def volumes(self, params, _context):
        connection = self._instance.connection.get()
        found = []
        with self._instance.connection.faults():
            for pool in connection.listAllStoragePools(libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE):
                for volume in pool.listAllVolumes(0):
                    # Volumes come and go while they are listed.
                    with contextlib.suppress(libvirt.libvirtError):
                        found.append(self._volume(pool, volume))
        return page(found, params.get("after"))

    @staticmethod
    def _volume(pool, volume):
        root = ET.fromstring(volume.XMLDesc(0))
        record = {"id": volume.key(), "name": volume.name(), "pool": pool.name()}
        # libvirt always writes bytes here.
        record["sizeMiB"] = up(int(root.findtext("capacity", "0")))
        record["usedMiB"] = up(int(root.findtext("allocation", "0")))
        kind = root.find("target/format")
        if kind is not None and kind.get("type"):
            record["format"] = kind.get("type")
        return record

    def stats(self, params, _context):
        uuid = params["vm"]
        connection = self._instance.connection.get()
        with self._instance.connection.faults(uuid):
            domain = self._instance.lookup(connection, uuid)
            if not domain.isActive():
                self._started.pop(uuid, None)
                message = "%s is not running." % self._instance.describe(domain)
                raise Fault("conflict", message, resource=uuid)
            _state, _maximum, memory_kib, _vcpus, cpu_time = domain.info()
            result = {"time": now(), "cpuSeconds": cpu_time / NANOSECONDS, "memoryMiB": memory_kib // KIB_PER_MIB}
            if uuid in self._started:
                result["uptimeSeconds"] = str(int(time.monotonic() - self._started[uuid]))
            try:
                ((_domain, numbers),) = connection.domainListGetStats([domain], 0, 0)
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_SUPPORT"):
                    return result
                raise
        result.update(self._from_stats(numbers))
        # What QEMU holds for itself is counted with what it holds for the guest.
        result["memoryMiB"] = min(result["memoryMiB"], memory_kib // KIB_PER_MIB)
        return result

    @staticmethod
    def _from_stats(numbers):
        result = {}
        if "cpu.time" in numbers:
            result["cpuSeconds"] = numbers["cpu.time"] / NANOSECONDS
        if "balloon.available" in numbers and "balloon.unused" in numbers:
            # The guest's own word, where its balloon driver gives it.
            result["memoryMiB"] = (numbers["balloon.available"] - numbers["balloon.unused"]) // KIB_PER_MIB
        elif "balloon.rss" in numbers:
            result["memoryMiB"] = numbers["balloon.rss"] // KIB_PER_MIB
        for field, (kind, statistic) in COUNTERS.items():
            names = [name for name in numbers if name.startswith(kind + ".") and name.endswith("." + statistic)]
            if names:
                result[field] = str(sum(numbers[name] for name in names))
        return result
