# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""What goes with a fault."""

from typing import Any, ClassVar, Optional


class FaultData(Exception):
    """A sentence, and what is known beside it.

    Args:
        message: What is wrong, and with what. It is shown to users: no secrets, no traces.
        outcome: What had happened when the call failed. One of `none`, `unknown`, `partial`,
            `done`.
        retryAfterMs: When to try again, in milliseconds.
        field: JSON Pointer into the parameters, such as `/disks/0/sizeMiB`.
        resource: The resource meant, by its id.
        provider: The backend's own name for the failure.
        hint: What to do next.
        contract: What it is in the contract of the service that was called.
        operation: The operation that failed.
    """

    DATA: ClassVar[tuple[str, ...]] = (
        "outcome",
        "retryAfterMs",
        "field",
        "resource",
        "provider",
        "hint",
        "contract",
        "operation",
    )

    def __init__(
        self,
        message: str,
        *,
        outcome: Optional[str] = None,
        retryAfterMs: Optional[int] = None,
        field: Optional[str] = None,
        resource: Optional[str] = None,
        provider: Optional[str] = None,
        hint: Optional[str] = None,
        contract: Optional[dict[str, Any]] = None,
        operation: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.outcome = outcome
        self.retryAfterMs = retryAfterMs
        self.field = field
        self.resource = resource
        self.provider = provider
        self.hint = hint
        self.contract = contract
        self.operation = operation
