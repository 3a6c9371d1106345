"""The disks of machines that we make: volumes of the configured pool, named by the machine's id.

By that name what a killed create has left is found again, so nothing leaks and nothing is made twice.
"""

import contextlib
import hashlib
import os
import re
import threading
import time
import xml.etree.ElementTree as ET

import libvirt

from faults import Fault, is_code

# A create that was killed may have left libvirtd allocating a volume; there is no event for its end.
ALLOCATION_POLL_SECONDS = 0.1
ALLOCATION_SECONDS = 30


OWN_DISK = re.compile(r"annelid-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]+\.qcow2")


def volume_prefix(uuid):
    return "annelid-%s-" % uuid


def is_own_disk(path):
    """Whether a file is, by its name, the disk of a machine that was made by us, on this host or another."""
    return OWN_DISK.fullmatch(os.path.basename(path)) is not None


class Volumes:
    def __init__(self, storage_pool):
        self._wanted = storage_pool
        self._lock = threading.Lock()

    def pool(self, connection):
        """The configured pool, active. A directory gets a pool of its own unless there is one for it already."""
        with self._lock:
            try:
                pool = self._find(connection)
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                    raise
                pool = self._define(connection)
            if not pool.isActive():
                pool.create(0)
        return pool

    def _find(self, connection):
        if "/" in self._wanted:
            return connection.storagePoolLookupByTargetPath(self._wanted)
        return connection.storagePoolLookupByName(self._wanted)

    def _define(self, connection):
        if "/" not in self._wanted:
            raise Fault(
                "conflict",
                "libvirt has no storage pool %s." % self._wanted,
                field="/config/storagePool",
                hint="Name a pool that `virsh pool-list --all` shows, or the absolute path of a directory.",
            )
        root = ET.Element("pool", type="dir")
        digest = hashlib.sha256(self._wanted.encode()).hexdigest()[:8]
        ET.SubElement(root, "name").text = "annelid-%s" % digest
        ET.SubElement(ET.SubElement(root, "target"), "path").text = self._wanted
        pool = connection.storagePoolDefineXML(ET.tostring(root, encoding="unicode"), 0)
        if not os.path.isdir(self._wanted):
            pool.build(0)
        pool.setAutostart(1)
        return pool

    def create(self, connection, uuid, index, size, backing=None):
        """Makes disk `index` of a machine, of `size` bytes, as a layer over `backing` (path, format) when given."""
        pool = self.pool(connection)
        name = "%s%d.qcow2" % (volume_prefix(uuid), index)
        # What a create that was killed has left may be half written.
        self._remove(pool, name)
        root = ET.Element("volume")
        ET.SubElement(root, "name").text = name
        ET.SubElement(root, "capacity", unit="bytes").text = str(size)
        ET.SubElement(ET.SubElement(root, "target"), "format", type="qcow2")
        if backing is not None:
            path, kind = backing
            store = ET.SubElement(root, "backingStore")
            ET.SubElement(store, "path").text = path
            ET.SubElement(store, "format", type=kind)
        text = ET.tostring(root, encoding="unicode")
        try:
            return pool.createXML(text, 0)
        except libvirt.libvirtError:
            # A file that libvirtd does not know of, since it was killed too, is only seen after a refresh.
            with contextlib.suppress(libvirt.libvirtError):
                pool.refresh(0)
            if name not in pool.listVolumes():
                raise
            self._remove(pool, name)
            return pool.createXML(text, 0)

    @staticmethod
    def _remove(pool, name):
        limit = time.monotonic() + ALLOCATION_SECONDS
        while True:
            try:
                pool.storageVolLookupByName(name).delete(0)
                return
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    return
                if not is_code(error, "VIR_ERR_OPERATION_INVALID") or time.monotonic() > limit:
                    raise
            time.sleep(ALLOCATION_POLL_SECONDS)

    def remove_all(self, connection, uuid):
        """Removes every disk that was made for a machine, and answers how many; none is no failure."""
        try:
            pool = self._find(connection)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                return 0
            raise
        if not pool.isActive():
            pool.create(0)
        prefix = volume_prefix(uuid)
        names = [name for name in pool.listVolumes() if name.startswith(prefix)]
        for name in names:
            self._remove(pool, name)
        return len(names)
