"""Values as they go over the pipe: what JSON has no type for is written as the protocol has it."""

import base64
import dataclasses
import decimal
import enum
import json
import os
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any, Optional

from .._fault import Fault


def time_text(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds; a datetime without a zone is local time, as Python has it."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_from(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def plain(value: Any) -> Any:
    """What JSON has for a value that it does not have."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = ((of.name, getattr(value, of.name)) for of in dataclasses.fields(value))
        return {name: member for name, member in members if member is not None}
    if isinstance(value, Fault):
        return value.to_error()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (set, frozenset, Iterator)):
        return list(value)
    if isinstance(value, (uuid.UUID, decimal.Decimal, date, os.PathLike)):
        return str(value)
    raise TypeError(f"A {type(value).__name__} cannot be sent.")


# Made once: `json.dumps` with separators makes one for each call. ASCII carries lone surrogates, too.
encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=plain).encode

_decode = json.JSONDecoder().decode
_BEGINNINGS = 32


def read_message(line: bytes) -> Optional[dict[str, Any]]:
    """The message in a line. Noise may be glued to its beginning, so each brace is tried, though not endlessly many."""
    text = line.decode("utf-8", "replace")
    at = 0
    for _ in range(_BEGINNINGS):
        try:
            value = _decode(text[at:])
            if isinstance(value, dict) and value.get("jsonrpc") == "2.0":
                return value
        except (ValueError, RecursionError):
            # Noise.
            pass
        at = text.find("{", at + 1)
        if at < 0:
            break
    return None
