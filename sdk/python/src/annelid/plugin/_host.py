"""What a call may ask of the daemon, for as long as it has not been answered."""

import contextlib
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple, Optional, cast

from ..generated.resources import LookedUp


class Kept(NamedTuple):
    """A value that the daemon keeps."""

    value: Any
    version: int
    """0 when there is none."""


class Host:
    """The daemon, as a call may ask it. Each method raises the fault with which it is refused."""

    def __init__(self, ask: Callable[[str, dict[str, Any]], Any]) -> None:
        self._ask = ask

    def secret(self, name: str) -> str:
        """A secret from ``secrets`` of the connector. It must not be printed."""
        return str(self._ask("host.secret.get", {"name": name})["value"])

    def state(self, key: str) -> Kept:
        """A value that the daemon keeps for the connector."""
        answer = self._ask("host.state.get", {"key": key})
        return Kept(answer.get("value"), answer["version"])

    def keep(self, key: str, value: Any, version: Optional[int] = None) -> int:
        """Have the daemon keep a value, and answer its version; None forgets the key.

        With `version` only where that is the version: otherwise it raises ``Conflict``.
        """
        return int(self._ask("host.state.put", {"key": key, "value": value, "version": version})["version"])

    @contextlib.contextmanager
    def lock(self, name: str, lease: float, wait: float = 0) -> Iterator[None]:
        """Hold a lock among all processes of the connector: ``with self.call.host.lock(vm, lease=60):``.

        Args:
            name: What is locked.
            lease: Seconds after which it is free again whatever happens.
            wait: Seconds to wait for it; then it raises ``Busy``.
        """
        given = {"name": name, "leaseMs": round(lease * 1000), "waitMs": round(wait * 1000)}
        lock = self._ask("host.lock", given)["lock"]
        try:
            yield
        finally:
            self._ask("host.unlock", {"lock": lock})

    def lookup(self, *, vm: Optional[str] = None, id: Optional[str] = None) -> LookedUp:
        """The daemon's own record of a machine, by its backend id or by the daemon's."""
        return cast(LookedUp, self._ask("host.lookup", {"vm": vm, "id": id}))
