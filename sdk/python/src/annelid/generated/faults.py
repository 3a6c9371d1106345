# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""Every kind of fault, as a class of its own."""

from typing import Literal

from .._fault import Fault

__all__ = [
    "Busy",
    "Cancelled",
    "Conflict",
    "Exists",
    "Failed",
    "FaultKind",
    "Forbidden",
    "Internal",
    "InvalidParams",
    "InvalidRequest",
    "Malformed",
    "NotFound",
    "Outcome",
    "Quota",
    "Throttled",
    "Timeout",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
    "UnknownMethod",
    "Unsupported",
    "UnsupportedEncoding",
]

FaultKind = Literal[
    "malformed",
    "unsupported-encoding",
    "invalid-request",
    "unknown-method",
    "invalid-params",
    "too-large",
    "unauthenticated",
    "forbidden",
    "not-found",
    "conflict",
    "exists",
    "busy",
    "throttled",
    "cancelled",
    "internal",
    "unsupported",
    "failed",
    "unavailable",
    "timeout",
    "quota",
]
Outcome = Literal[
    "none",
    "unknown",
    "partial",
    "done",
]


class Malformed(Fault):
    """The request is not well-formed, or not of this protocol."""

    kind = "malformed"
    code = 400
    wire_code = -32700


class UnsupportedEncoding(Fault):
    """The character set or content coding of the request is not supported."""

    kind = "unsupported-encoding"
    code = 415
    wire_code = -32701


class InvalidRequest(Fault):
    """Well-formed, but not a call."""

    kind = "invalid-request"
    code = 400
    wire_code = -32600


class UnknownMethod(Fault):
    """There is no method of that name."""

    kind = "unknown-method"
    code = 404
    wire_code = -32601
    refusal = True


class InvalidParams(Fault):
    """A parameter is missing, unknown, or not of its type; `field` says which."""

    kind = "invalid-params"
    code = 400
    wire_code = -32602
    refusal = True


class TooLarge(Fault):
    """The request is over a limit; the message names it."""

    kind = "too-large"
    code = 413
    wire_code = 413


class Unauthenticated(Fault):
    """No credentials, or credentials that are not valid (any more)."""

    kind = "unauthenticated"
    code = 401
    wire_code = 401


class Forbidden(Fault):
    """The caller may not make this call."""

    kind = "forbidden"
    code = 403
    wire_code = 403
    refusal = True


class NotFound(Fault):
    """No such object, or the caller may not see it."""

    kind = "not-found"
    code = 404
    wire_code = 404
    refusal = True


class Conflict(Fault):
    """The object is in a state that forbids the call."""

    kind = "conflict"
    code = 409
    wire_code = 409
    refusal = True


class Exists(Fault):
    """An object of that name or key exists and differs."""

    kind = "exists"
    code = 409
    wire_code = 409
    refusal = True


class Busy(Fault):
    """Another operation holds the object."""

    kind = "busy"
    code = 423
    wire_code = 423
    retry = True
    refusal = True


class Throttled(Fault):
    """Too many calls; `retryAfterMs` says when to try again."""

    kind = "throttled"
    code = 429
    wire_code = 429
    retry = True
    refusal = True


class Cancelled(Fault):
    """The caller or an operator cancelled the work."""

    kind = "cancelled"
    code = 499
    wire_code = 499


class Internal(Fault):
    """A bug. The cause is logged and never sent."""

    kind = "internal"
    code = 500
    wire_code = -32603


class Unsupported(Fault):
    """The backend of this object cannot do that."""

    kind = "unsupported"
    code = 501
    wire_code = 501
    refusal = True


class Failed(Fault):
    """The backend tried and failed; the message says why."""

    kind = "failed"
    code = 502
    wire_code = 502


class Unavailable(Fault):
    """The backend cannot be reached at the moment."""

    kind = "unavailable"
    code = 503
    wire_code = 503
    retry = True


class Timeout(Fault):
    """The backend did not answer in time; the work may still finish."""

    kind = "timeout"
    code = 504
    wire_code = 504
    retry = True


class Quota(Fault):
    """A quota or the capacity of the backend is used up."""

    kind = "quota"
    code = 507
    wire_code = 507
