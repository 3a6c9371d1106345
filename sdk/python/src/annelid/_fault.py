"""Failures that callers are meant to see."""

from typing import Any, ClassVar, Optional


class Fault(Exception):
    """A failure that the caller is meant to see: a class for its kind, a sentence, and data.

    Raise the class of the kind: ``raise NotFound(f"There is no machine {vm}.", resource=vm)``. In a plugin any other
    exception goes to the daemon's log, and the caller is told no more than that the call failed.

    Args:
        message: What is wrong, and with what. It is shown to users: no secrets, no traces.
        field: JSON Pointer into the parameters, such as ``/disks/0/sizeMiB``.
        outcome: What had happened: ``none``, ``unknown``, ``partial`` or ``done``.
        retryAfterMs: When to try again, in milliseconds.
        resource: The resource meant, by its id.
        operation: The operation that failed.
        hint: What to do next.
        provider: The backend's own name for the failure.
        contract: What the fault is in the contract of a service.
    """

    kinds: ClassVar[dict[str, type["Fault"]]] = {}
    """Every class, by its kind."""
    kind: ClassVar[str] = "internal"
    code: ClassVar[int] = 500
    """The number that plugins answer."""
    wire_code: ClassVar[int] = -32603
    """The number that XML-RPC and JSON-RPC carry."""
    retry: ClassVar[bool] = False
    """Whether the same call may simply be made again later."""
    refusal: ClassVar[bool] = False
    """Whether it is chosen before anything is touched."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        Fault.kinds.setdefault(cls.kind, cls)

    def __init__(
        self,
        message: str,
        *,
        field: Optional[str] = None,
        outcome: Optional[str] = None,
        retryAfterMs: Optional[int] = None,
        resource: Optional[str] = None,
        operation: Optional[str] = None,
        hint: Optional[str] = None,
        provider: Optional[str] = None,
        contract: Optional[dict[str, Any]] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.outcome = outcome
        self.retryAfterMs = retryAfterMs
        self.resource = resource
        self.operation = operation
        self.hint = hint
        self.provider = provider
        self.contract = contract

    @property
    def data(self) -> dict[str, Any]:
        """What it was given beside the sentence."""
        return {name: vars(self)[name] for name in _DATA if vars(self)[name] is not None}

    @classmethod
    def of(cls, kind: str, message: str, data: dict[str, Any]) -> "Fault":
        """The fault that came over a wire; of a kind that is not known, an ``Internal``."""
        known = {name: data[name] for name in _DATA if name in data}
        return cls.kinds.get(kind, cls.kinds["internal"])(message, **known)

    def to_error(self) -> Any:
        """``error`` of an answer, as plugins send it."""
        outcome = {"outcome": "none"} if self.refusal else {}
        return {"code": self.code, "message": self.message, "data": {"kind": self.kind, **outcome, **self.data}}


_DATA = ("field", "outcome", "retryAfterMs", "resource", "operation", "hint", "provider", "contract")
