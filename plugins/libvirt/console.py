"""Serial console output: what virtlogd or QEMU wrote to the log of a machine's serial port since it was started."""

import base64
import contextlib
import os
import threading
import xml.etree.ElementTree as ET

from faults import Fault

# virtlogd keeps so many rotated files by default; more may be configured.
MOST_BACKUPS = 100


class Console:
    def __init__(self, directory):
        self._directory = directory
        self._dropped = {}
        self._lock = threading.Lock()

    def path(self, uuid):
        """Where the output of a new machine goes; None when there is no place for it."""
        return None if self._directory is None else os.path.join(self._directory, "annelid-%s.log" % uuid)

    def remove(self, uuid):
        path = self.path(uuid)
        if path is None:
            return
        for name in [path] + self._backups(path):
            with contextlib.suppress(OSError):
                os.unlink(name)
        with self._lock:
            self._dropped.pop(path, None)

    def restarted(self, uuid):
        """The machine was started anew: its log begins again."""
        path = self.path(uuid)
        if path is not None:
            with self._lock:
                self._dropped.pop(path, None)

    @staticmethod
    def _backups(path):
        """The rotated files, oldest first."""
        found = []
        for number in range(MOST_BACKUPS):
            name = "%s.%d" % (path, number)
            if not os.path.exists(name):
                break
            found.insert(0, name)
        return found

    def _pieces(self, path):
        """(name, inode, size) of all files of a log, oldest first."""
        pieces = []
        for name in self._backups(path) + [path]:
            with contextlib.suppress(FileNotFoundError):
                status = os.stat(name)
                pieces.append((name, status.st_ino, status.st_size))
        return pieces

    def _base(self, path, pieces):
        """How many bytes were rotated away before the oldest file, as far as we have seen them go."""
        with self._lock:
            base, seen = self._dropped.get(path, (0, []))
            present = {inode for _name, inode, _size in pieces}
            if any(inode in present for inode, _size in seen):
                base += sum(size for inode, size in seen if inode not in present)
            elif seen:
                # Nothing that we knew is left: more was written than we can count, so it goes on from what we know.
                base += sum(size for _inode, size in seen)
            self._dropped[path] = (base, [(inode, size) for _name, inode, size in pieces])
            return base

    def read(self, domain, uuid, offset, max_bytes):
        """`data`, `start` and `end` as the contract has them."""
        path = self._log_of(domain, uuid)
        try:
            pieces = self._pieces(path)
            base = self._base(path, pieces)
            total = base + sum(size for _name, _inode, size in pieces)
            start = max(base, total - max_bytes) if offset is None else min(max(offset, base), total)
            data = b""
            at = base
            for name, _inode, size in pieces:
                if at + size > start and len(data) < max_bytes:
                    with open(name, "rb") as file:
                        file.seek(max(0, start - at))
                        data += file.read(min(max_bytes - len(data), at + size - max(start, at)))
                at += size
        except PermissionError:
            raise Fault(
                "forbidden",
                "The console log of this machine may not be read by the plugin.",
                resource=uuid,
                hint="virtlogd writes it for root: run the daemon as root, or use qemu:///session.",
            ) from None
        return {"data": base64.b64encode(data).decode(), "start": str(start), "end": str(start + len(data))}

    @staticmethod
    def _log_of(domain, uuid):
        """The log file that libvirt was told of, whoever made the machine."""
        root = ET.fromstring(domain.XMLDesc(0))
        for serial in root.iterfind("devices/serial"):
            log = serial.find("log")
            if log is not None and log.get("file"):
                return log.get("file")
            source = serial.find("source")
            if serial.get("type") == "file" and source is not None:
                return source.get("path")
        raise Fault(
            "unsupported",
            "The serial console of this machine is not logged.",
            resource=uuid,
            hint="Add <log file='/var/log/libvirt/qemu/NAME.console' append='off'/> to its <serial> device.",
        )
