# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""The context of calls."""

from typing import Any, Optional


class Context:
    """What goes with a call."""

    __slots__ = ("_ctx",)

    def __init__(self, ctx: dict[str, Any]) -> None:
        self._ctx = ctx

    @property
    def instance(self) -> str:
        """The configured instance that the call is for."""
        return str(self._ctx.get("instance", ""))

    @property
    def key(self) -> Optional[str]:
        """The idempotency key of a mutation: the same at each attempt; None when there is none."""
        return self._ctx.get("key")

    @property
    def attempt(self) -> int:
        """1 at the first attempt."""
        return int(self._ctx.get("attempt", 1))

    @property
    def idle(self) -> Optional[float]:
        """Seconds without progress until the host gives up; None when there is none."""
        given = self._ctx.get("idleMs")
        return given / 1000 if isinstance(given, (int, float)) else None

    @property
    def accept(self) -> tuple[str, ...]:
        """What may be answered in place of a result.

        `task` is for work that goes on, `need` for what is needed before anything is done, `blob`
        for what is too long for a line.
        """
        return tuple(self._ctx.get("accept", ()))

    @property
    def given(self) -> dict[str, Any]:
        """What the call was answered to need.

        It has `secret`, and `state` with the version of each value.
        """
        given = self._ctx.get("given")
        return given if isinstance(given, dict) else {}

    @property
    def actor(self) -> Optional[str]:
        """Who asked, for the log; None when there is none."""
        return self._ctx.get("actor")

    @property
    def account(self) -> Optional[str]:
        """The account of who asked, in a published method; None when there is none."""
        return self._ctx.get("account")

    @property
    def log_level(self) -> str:
        """Log lines below this level are not kept."""
        return str(self._ctx.get("logLevel", ""))
