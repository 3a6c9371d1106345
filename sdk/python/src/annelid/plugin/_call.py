"""What goes with a call, and how to hear that it is no longer wanted."""

import threading
import time
from typing import Any, Callable, Optional

from ..generated.context import Context
from ..generated.faults import Cancelled, Timeout
from ._host import Host

Notify = Callable[[str, dict[str, Any]], None]
Ask = Callable[["Call", str, dict[str, Any]], Any]

_DEFAULT_REASON = "The call is no longer wanted."


class Call(Context):
    """The call that a thread is working on: ``self.call`` in a connector."""

    __slots__ = ("_ask", "_cancelled", "_deadline", "id", "_listeners", "_lock", "notify")

    def __init__(self, notify: Notify, request_id: Any, ctx: dict[str, Any], ask: Ask) -> None:
        super().__init__(ctx)
        self.notify = notify
        self._ask = ask
        self.id = request_id
        timeout = ctx.get("timeoutMs")
        self._deadline = time.monotonic() + timeout / 1000 if isinstance(timeout, (int, float)) else None
        self._cancelled: Optional[str] = None
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    @property
    def blob(self) -> Optional[dict[str, Any]]:
        """What was written in place of the parameters; the kit has taken it."""
        blob = self._ctx.get("blob")
        return blob if isinstance(blob, dict) else None

    @property
    def host(self) -> Host:
        """What may be asked of the daemon until the call has been answered."""
        return Host(lambda method, params: self._ask(self, method, params))

    @property
    def remaining(self) -> Optional[float]:
        """Seconds until the host gives up, at least 0; None when it does not."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """Whether the call is no longer wanted."""
        return self._cancelled is not None

    def check(self) -> None:
        """Raises ``Cancelled`` when the call is no longer wanted: to be called between the steps of long work."""
        if self._cancelled is not None:
            raise Cancelled(self._cancelled)

    def sleep(self, seconds: float) -> None:
        """Waits; raises ``Cancelled`` as soon as the call is no longer wanted, and ``Timeout`` at its deadline."""
        woken = threading.Event()
        self.on_cancel(woken.set)
        remaining = self.remaining
        woken.wait(seconds if remaining is None else min(seconds, remaining))
        self.check()
        if remaining is not None and remaining < seconds:
            raise Timeout("The backend was not done in time.")

    def on_cancel(self, listener: Callable[[], None]) -> None:
        """Calls `listener` once the call is no longer wanted, from another thread; at once when it is so already."""
        with self._lock:
            if self._cancelled is None:
                self._listeners.append(listener)
                return
        listener()

    def progress(self, percent: Optional[float] = None, message: Optional[str] = None) -> None:
        """Say how far the call has come: 0 to 100, and what is being done."""
        self.notify("$/progress", {"id": self.id, "percent": percent, "message": message})

    def cancel(self, reason: Optional[str] = None) -> None:
        """What ``$/cancel`` does."""
        with self._lock:
            if self._cancelled is not None:
                return
            self._cancelled = reason or _DEFAULT_REASON
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()
