"""Failures that callers are meant to see."""

from typing import Any, ClassVar

from .generated.fault_data import FaultData


class Fault(FaultData):
    """A failure that the caller is meant to see: a class for its kind, a sentence, and data.

    Raise the class of the kind: ``raise NotFound(f"There is no machine {vm}.", resource=vm)``. In a plugin any other
    exception goes to the daemon's log, and the caller is told no more than that the call failed.
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

    @property
    def data(self) -> dict[str, Any]:
        """What it was given beside the sentence."""
        return {name: vars(self)[name] for name in self.DATA if vars(self)[name] is not None}

    @classmethod
    def of(cls, kind: str, message: str, data: dict[str, Any]) -> "Fault":
        """The fault that came over a wire; of a kind that is not known, an ``Internal``."""
        known = {name: data[name] for name in cls.DATA if name in data}
        return cls.kinds.get(kind, cls.kinds["internal"])(message, **known)

    @classmethod
    def from_error(cls, error: dict[str, Any]) -> "Fault":
        """The fault that ``error`` of an answer is."""
        data = error.get("data") or {}
        return cls.of(data.get("kind", "internal"), error.get("message", "No reason was given."), data)

    def to_error(self) -> Any:
        """``error`` of an answer, as plugins send it."""
        outcome = {"outcome": "none"} if self.refusal else {}
        return {"code": self.code, "message": self.message, "data": {"kind": self.kind, **outcome, **self.data}}
