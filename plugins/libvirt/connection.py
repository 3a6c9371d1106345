"""A connection to libvirt that comes back: opens, listens to events, keeps alive, reconnects."""

import contextlib
import queue
import threading

import libvirt

from faults import Fault, fault_from_libvirt, is_link_failure, sentence

# A link without an answer to 3 probes, one each 5 seconds, is dead.
KEEPALIVE_SECONDS = 5
KEEPALIVE_COUNT = 3
RETRY_FIRST_SECONDS = 0.25
RETRY_LAST_SECONDS = 5.0
RETRY_AFTER_MS = 1000

LOST = "lost"
CANCELLED = "cancelled"

# A libvirt too old for one of these simply does not send it.
EVENTS = [
    getattr(libvirt, name)
    for name in (
        "VIR_DOMAIN_EVENT_ID_REBOOT",
        "VIR_DOMAIN_EVENT_ID_IO_ERROR",
        "VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE",
        "VIR_DOMAIN_EVENT_ID_DEVICE_ADDED",
        "VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED",
        "VIR_DOMAIN_EVENT_ID_METADATA_CHANGE",
    )
    if hasattr(libvirt, name)
]


def start_event_loop():
    """libvirt's own event loop in a thread; must run before the first connection is opened."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    libvirt.virEventRegisterDefaultImpl()

    def run():
        while True:
            # A failing turn says so in its return value only; the next one goes on.
            with contextlib.suppress(libvirt.libvirtError):
                libvirt.virEventRunDefaultImpl()

    threading.Thread(target=run, name="libvirt-events", daemon=True).start()


class Connection:
    """`changed(uuid, started)` hears of each machine that something happened to, `turned()` of the link lost or back."""

    def __init__(self, uri, log, changed, turned):
        self.uri = uri
        self._log = log
        self._changed = changed
        self._turned = turned
        self._handle = None
        self._why = "It has not been tried yet."
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._watchers = {}
        self._closed = False

    def open(self):
        """Tries once, then goes on trying in the background."""
        self._try()
        threading.Thread(target=self._supervise, name="libvirt-link", daemon=True).start()

    def close(self):
        self._closed = True
        self._lose(self._handle, "It was configured anew.")

    def get(self):
        """The connection; the fault `unavailable`, with outcome `none`, while there is none."""
        handle = self._handle
        if handle is None:
            raise Fault(
                "unavailable",
                "libvirt at %s cannot be reached. %s" % (self.uri, self._why),
                outcome="none",
                retryAfterMs=RETRY_AFTER_MS,
                hint="Is libvirtd running, and may this user use its socket? Try: virsh -c '%s' version" % self.uri,
            )
        return handle

    @contextlib.contextmanager
    def faults(self, resource=None):
        """Turns the libvirtErrors of a block into faults, and notices when the link is gone."""
        handle = self._handle
        try:
            yield
        except libvirt.libvirtError as error:
            lost = is_link_failure(error)
            if lost:
                self._lose(handle, sentence(error))
            raise fault_from_libvirt(error, resource, lost) from None

    @contextlib.contextmanager
    def watch(self, uuid, context):
        """A queue that gets an item for each event of a machine, LOST with the link, CANCELLED with the call."""
        events = queue.Queue()
        with self._lock:
            self._watchers.setdefault(uuid, []).append(events)
        context.on_cancel(lambda: events.put(CANCELLED))
        try:
            yield events
        finally:
            with self._lock:
                self._watchers[uuid].remove(events)
                if not self._watchers[uuid]:
                    del self._watchers[uuid]

    def _try(self):
        try:
            handle = libvirt.open(self.uri)
        except libvirt.libvirtError as error:
            self._why = sentence(error)
            return False
        try:
            # The test driver has neither a link to lose nor keepalive.
            with contextlib.suppress(libvirt.libvirtError):
                handle.registerCloseCallback(self._on_close, None)
            with contextlib.suppress(libvirt.libvirtError):
                handle.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT)
            handle.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._on_lifecycle, None)
            for event in EVENTS:
                with contextlib.suppress(libvirt.libvirtError):
                    handle.domainEventRegisterAny(None, event, self._on_other, None)
        except libvirt.libvirtError as error:
            self._why = sentence(error)
            with contextlib.suppress(libvirt.libvirtError):
                handle.close()
            return False
        self._handle = handle
        return True

    def _supervise(self):
        wait = RETRY_FIRST_SECONDS
        while not self._closed:
            if self._handle is not None:
                self._wake.wait()
                self._wake.clear()
                wait = RETRY_FIRST_SECONDS
            elif self._try():
                self._log("info", "Connected to %s." % self.uri)
                self._turned()
            else:
                self._wake.wait(wait)
                self._wake.clear()
                wait = min(wait * 2, RETRY_LAST_SECONDS)

    def _lose(self, handle, why):
        with self._lock:
            if handle is None or self._handle is not handle:
                self._wake.set()
                return
            self._handle = None
            self._why = why
            watchers = [events for several in self._watchers.values() for events in several]
        if not self._closed:
            self._log("warn", "The connection to %s was lost: %s" % (self.uri, why))
        for events in watchers:
            events.put(LOST)
        self._wake.set()
        if not self._closed:
            # Before the old link is closed, which may take its time.
            self._turned()
        with contextlib.suppress(libvirt.libvirtError):
            handle.close()

    def _on_close(self, handle, _reason, _opaque):
        # Not here: closing a connection within its own callback deadlocks.
        threading.Thread(target=self._lose, args=(handle, "libvirtd closed it."), daemon=True).start()

    def _on_lifecycle(self, _handle, domain, event, _detail, _opaque):
        self._tell(domain, event == libvirt.VIR_DOMAIN_EVENT_STARTED)

    def _on_other(self, _handle, domain, *_details):
        self._tell(domain, False)

    def _tell(self, domain, started):
        uuid = domain.UUIDString()
        self._changed(uuid, started)
        with self._lock:
            watchers = list(self._watchers.get(uuid, ()))
        for events in watchers:
            events.put("event")
