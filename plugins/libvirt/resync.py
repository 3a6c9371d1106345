"""Asking the daemon to read everything again: what libvirt has no event for, it would see only at its next reading."""

import threading
import time

# A machine comes with several disks, and machines come in numbers: one reading does for those of this time.
SETTLE_SECONDS = 0.2
# A reading asks libvirtd several questions for each machine; this long apart they are a small part of its time.
GAP_SECONDS = 5.0


class Resync:
    """`send()` sends the event."""

    def __init__(self, send):
        self._send = send
        self._lock = threading.Lock()
        self._timer = None
        self._earliest = 0.0
        self._closed = False

    def at_once(self):
        """For what makes all that was read untrue."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if not self._closed:
                self._tell()

    def soon(self):
        """For what has changed a little; changes that follow each other closely are one."""
        with self._lock:
            if self._timer is not None or self._closed:
                return
            wait = max(SETTLE_SECONDS, self._earliest - time.monotonic())
            self._timer = threading.Timer(wait, self._ring)
            self._timer.daemon = True
            self._timer.start()

    def close(self):
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()

    def _ring(self):
        with self._lock:
            # Cancelled too late to be stopped: it was sent, or shall not be.
            if self._timer is threading.current_thread() and not self._closed:
                self._timer = None
                self._tell()

    def _tell(self):
        self._earliest = time.monotonic() + GAP_SECONDS
        self._send()
