"""Images are files in configured directories; nothing outside them can be named.

The disks of machines may lie there too, and are no images: a layer over a disk that is still written to is destroyed.
"""

import os
import struct

from faults import Fault
from volumes import is_own_disk

MIB = 1024 * 1024
DISK_FORMATS = {".qcow2": "qcow2", ".img": "raw", ".raw": "raw", ".iso": "iso"}
QCOW2_MAGIC = b"QFI\xfb"


def _format_by_name(name):
    lower = name.lower()
    if lower.startswith("vmlinuz") or lower.endswith(".kernel"):
        return "kernel"
    if lower.startswith(("initrd", "initramfs")):
        return "initrd"
    return DISK_FORMATS.get(os.path.splitext(lower)[1])


def format_of(path):
    """What a file is, by its name; a disk image by its first bytes too. None for what is no image."""
    kind = _format_by_name(os.path.basename(path))
    if kind == "raw" and virtual_size(path, "qcow2") is not None:
        # Debian and others name qcow2 images .img; as raw the guest would find no system on it.
        return "qcow2"
    return kind


def virtual_size(path, kind):
    """The size in bytes that a machine sees; None when the file is not of that format or cannot be read."""
    try:
        if kind != "qcow2":
            return os.path.getsize(path)
        with open(path, "rb") as file:
            head = file.read(32)
    except OSError:
        return None
    # The header of qcow2, versions 2 and 3: magic, version, ..., the virtual size at offset 24; big-endian.
    return struct.unpack(">Q", head[24:32])[0] if len(head) == 32 and head[:4] == QCOW2_MAGIC else None


class Images:
    def __init__(self, directories):
        self._directories = [os.path.realpath(path) for path in directories]

    def _inside(self, path):
        return any(path.startswith(directory.rstrip("/") + "/") for directory in self._directories)

    def list(self, written):
        """The NativeImages, without the files in `written`, which machines have as disks."""
        found = {}
        for directory in self._directories:
            for folder, folders, names in os.walk(directory):
                folders.sort()
                for name in sorted(names):
                    path = os.path.realpath(os.path.join(folder, name))
                    kind = format_of(os.path.join(folder, name))
                    if kind is None or not self._inside(path) or not os.path.isfile(path):
                        continue
                    if is_own_disk(path) or path in written:
                        continue
                    relative = os.path.relpath(os.path.join(folder, name), directory)
                    # The first directory has the short name; the same name in a later one goes by its whole path.
                    identity = relative if relative not in found else os.path.join(folder, name)
                    size = virtual_size(path, kind)
                    found[identity] = {"id": identity, "name": name, "format": kind}
                    if size is not None:
                        found[identity]["sizeMiB"] = -(-size // MIB)
        return list(found.values())

    def resolve(self, identity, kinds, field, written=frozenset()):
        """The real path and the format of an image; a fault when it is none, a disk, or outside the directories."""
        candidates = [identity] if os.path.isabs(identity) else [os.path.join(d, identity) for d in self._directories]
        for candidate in candidates:
            path = os.path.realpath(candidate)
            if not self._inside(path) or not os.path.isfile(path):
                continue
            kind = format_of(candidate)
            if kind not in kinds:
                raise Fault("invalid-params", "%s is no %s." % (identity, " or ".join(kinds)), field=field)
            if is_own_disk(path) or path in written:
                raise Fault(
                    "conflict",
                    "%s is the disk of a machine: what it writes would destroy a machine made from it." % identity,
                    field=field,
                    hint="Shut that machine down, copy the disk to a file of another name, and use the copy.",
                )
            return path, kind
        raise Fault("not-found", "There is no image %s in the configured imageDirectories." % identity, field=field)
