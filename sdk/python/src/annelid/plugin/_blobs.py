"""Results that are too long for a line, until the host has read them, and parameters that come in parts."""

import base64
import json
import time
from typing import Any

from ..generated.faults import InvalidParams, NotFound, TooLarge

# How many seconds something is kept that nobody asks for.
_KEPT_SECONDS = 60.0
# What is kept at once, and the longest parameters that are taken.
_MOST = 64
_LONGEST = 64 * 1024 * 1024


class Blobs:
    """What is kept of one conversation; asked by the thread that reads and, for results, by those that make calls."""

    def __init__(self) -> None:
        self._out: dict[str, tuple[float, bytes]] = {}
        self._into: dict[str, tuple[float, bytearray]] = {}
        self._last = 0

    def put(self, text: str) -> dict[str, Any]:
        """Keep JSON text for the host to read; the handle that is answered in its place."""
        self._forget_old(self._out)
        if len(self._out) >= _MOST:
            raise TooLarge(f"More than {_MOST} long results are not kept.")
        self._last += 1
        name, data = f"out-{self._last}", text.encode()
        self._out[name] = (time.monotonic(), data)
        return {"id": name, "bytes": len(data)}

    def answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The result of ``blob.read`` or ``blob.write``."""
        try:
            return self._answer(method, params)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidParams(f"{method} takes other parameters: {error!r}.") from error

    def _answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        name, offset = str(params["blob"]), int(params["offset"])
        if method == "blob.write":
            self._write(name, offset, base64.b64decode(params["data"], validate=True))
            return {}
        if name not in self._out:
            raise NotFound(f"There is no blob {name}.", resource=name)
        data = self._out.pop(name)[1]
        stop = offset + int(params["length"])
        if stop < len(data):
            self._out[name] = (time.monotonic(), data)
        return {"data": base64.b64encode(data[offset:stop]).decode("ascii"), "end": stop >= len(data)}

    def take(self, handle: Any) -> dict[str, Any]:
        """The parameters that were written."""
        name, length = str(handle.get("id")), handle.get("bytes")
        data = self._into.pop(name, (0.0, bytearray()))[1]
        if len(data) != length:
            raise InvalidParams(f"The blob {name} has {len(data)} of {length} bytes.", field="/ctx/blob")
        params: dict[str, Any] = json.loads(data)
        return params

    def _write(self, name: str, offset: int, part: bytes) -> None:
        self._forget_old(self._into)
        data = self._into.pop(name, (0.0, bytearray()))[1]
        if offset != len(data):
            raise InvalidParams(f"{name} goes on at {len(data)}.", field="/offset")
        if len(data) + len(part) > _LONGEST or len(self._into) >= _MOST:
            raise TooLarge(f"Parameters of more than {_LONGEST} bytes, or of more than {_MOST} calls, are not kept.")
        self._into[name] = (time.monotonic(), data + part)

    @staticmethod
    def _forget_old(kept: "dict[str, Any]") -> None:
        since = time.monotonic() - _KEPT_SECONDS
        for name in [name for name, (at, _) in kept.items() if at < since]:
            del kept[name]
