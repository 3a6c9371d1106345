"""Results that are too long for a line, until the host has read them, and parameters that come in parts."""

import base64
import json
import time
from typing import Any, Optional

from ..generated.faults import InvalidParams, NotFound

# How many seconds something is kept that nobody asks for.
_KEPT_SECONDS = 60.0


class Blobs:
    """What is kept of one conversation; asked by the thread that reads and, for results, by those that make calls."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Any], tuple[float, Optional[bytes]]] = {}
        self._last = 0

    def put(self, text: str) -> dict[str, Any]:
        """Keep JSON text for the host to read; the handle that is answered in its place."""
        self._last += 1
        name, data = f"out-{self._last}", text.encode()
        self._keep("out", name, data)
        return {"id": name, "bytes": len(data)}

    def read(self, blob: str, offset: int, length: int, **_: Any) -> dict[str, Any]:
        """The result of ``blob.read``."""
        data = self._taken("out", blob)
        if data is None:
            raise NotFound(f"There is no blob {blob}.", resource=str(blob))
        stop = offset + length
        if stop < len(data):
            self._keep("out", blob, data)
        return {"data": data[offset:stop], "end": stop >= len(data)}

    def write(self, blob: str, data: str, **_: Any) -> dict[str, Any]:
        """The result of ``blob.write``. Parts come in order."""
        self._keep("into", blob, (self._taken("into", blob) or b"") + base64.b64decode(data))
        return {}

    def take(self, handle: dict[str, Any]) -> dict[str, Any]:
        """The parameters that were written."""
        name, length = handle.get("id"), handle.get("bytes")
        data = self._taken("into", name) or b""
        if len(data) != length:
            raise InvalidParams(f"The blob {name} has {len(data)} of {length} bytes.", field="/ctx/blob")
        params: dict[str, Any] = json.loads(data)
        return params

    def _keep(self, way: str, name: Any, data: bytes) -> None:
        now = time.monotonic()
        for old in [old for old, (at, _) in list(self._kept.items()) if at < now - _KEPT_SECONDS]:
            self._kept.pop(old, None)
        self._kept[way, name] = (now, data)

    def _taken(self, way: str, name: Any) -> Optional[bytes]:
        return self._kept.pop((way, name), (0.0, None))[1]
