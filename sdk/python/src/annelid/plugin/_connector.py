"""What an author writes: a class with a method for each call."""

import difflib
import inspect
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Callable, ClassVar, NamedTuple, Optional

from ..generated.calls import BASE_CALLS, CALLS, Answer, Calls
from ..generated.protocol import FEATURES, PROTOCOL_VERSION
from ..generated.resources import NativeVm, Time
from ._call import Call, Notify
from ._published import Published

_current: "ContextVar[Optional[Call]]" = ContextVar("call", default=None)


class Connector(Calls):
    """A connected cloud: a subclass has a method for each call that it serves.

    One is made for each configured instance. Methods are named after calls (``compute.powerOff`` is
    ``compute_power_off``), get parameters by the names of the protocol, and answer what it has: dicts, or dataclasses
    with those fields. A method need not take the parameters that it does not use. It may be a coroutine.
    """

    services: ClassVar[Mapping[str, str]] = {}
    """The services of ``@published`` methods, and what they are."""
    config: dict[str, Any]
    """The configuration of this instance."""
    instance: str
    """The name of this instance in the daemon's configuration."""
    _notify: Notify

    def __init__(self, config: dict[str, Any]) -> None:
        """Called with the configuration; a ``Fault`` is shown as the reason why the connector is not ready."""

    @property
    def call(self) -> Call:
        """The call that this thread is working on."""
        call = _current.get()
        if call is None:
            raise RuntimeError("This thread is not working on a call.")
        return call

    def close(self) -> Answer[None]:
        """Called when the plugin ends, and when the instance is configured anew. It may be called by any thread."""
        return None

    def changed(self, vm: NativeVm, cursor: Optional[str] = None, time: Optional[Time] = None) -> None:
        """Report a machine as it is now, whoever changed it. Can be called at any time, by any thread.

        A connector with ``events_pull`` gives the `cursor` with which it answers the event there. `time` is when it happened,
        where the backend says so: until then a machine that has stopped counts as having run.
        """
        self._report("vm.changed", vm=vm, cursor=cursor, time=time)

    def deleted(self, id: str, cursor: Optional[str] = None, time: Optional[Time] = None) -> None:
        """Report that a machine is gone."""
        self._report("vm.deleted", id=id, cursor=cursor, time=time)

    def resync(self) -> None:
        """Report that events were lost, or that not only machines have changed: the daemon reads all again."""
        self._report("resync")

    def _report(self, type: str, **event: Any) -> None:
        self._notify("$/event", {"instance": self.instance, "type": type, **event})


class Entry(NamedTuple):
    """A method of a connector as a call."""

    call: Callable[..., Any]
    accepts: Optional[frozenset[str]]
    """Its parameters; None when it takes all."""
    published: Optional[Published] = None


def _entry(cls: type[Connector], name: str) -> Entry:
    """The entry of a method. Raises TypeError when the contract does not go with its parameters."""
    own = inspect.signature(getattr(cls, name)).parameters
    known = inspect.signature(getattr(Connector, name)).parameters
    if any(of.kind is of.VAR_KEYWORD for of in own.values()):
        accepts = None
    else:
        accepts = frozenset(own) - {"self"}
    for given in own.values():
        if given.kind in (given.VAR_KEYWORD, given.VAR_POSITIONAL) or given.name == next(iter(own)):
            continue
        where = f"{cls.__name__}.{name}: the parameter {given.name}"
        if given.default is given.empty and given.name not in known:
            raise TypeError(f"{where} is not of the call, which has {', '.join([*known][1:]) or 'none'}.")
        if given.default is given.empty and known[given.name].default is not given.empty:
            raise TypeError(f"{where} may be left out by the daemon: give it a default.")
    return Entry(getattr(cls, name), accepts)


def entries_of(cls: type[Connector]) -> dict[str, Entry]:
    """The calls of a connector by their names on the wire. Raises TypeError for what can only be a mistake."""
    entries: dict[str, Entry] = {}
    prefixes = tuple({name.split("_")[0] + "_" for name in CALLS})
    # In the order of the contract, then in that of the class.
    for name in dict.fromkeys(name for one in reversed(cls.__mro__) for name in vars(one)):
        method = getattr(cls, name)
        published = getattr(method, "__annelid_published__", None)
        if published is not None:
            if published.service not in cls.services:
                raise TypeError(f"{cls.__name__}.services does not say what the service {published.service} is.")
            entries[published.name] = Entry(method, None, published)
        elif method is getattr(Connector, name, None):
            continue
        elif name in CALLS or name in BASE_CALLS:
            entries[CALLS.get(name) or BASE_CALLS[name]] = _entry(cls, name)
        elif name.startswith(prefixes):
            close = difflib.get_close_matches(name, CALLS, 1)
            hint = f"; did you mean {close[0]}?" if close else "."
            raise TypeError(f"{cls.__name__}.{name} is not a call{hint}")
    return entries


def describe(
    cls: type[Connector],
    name: str,
    version: str,
    concurrency: int,
    limits: Optional[Mapping[str, int]] = None,
    processes: Optional[int] = None,
) -> dict[str, Any]:
    """The result of ``describe``."""
    entries = entries_of(cls)
    published = [of.published for of in entries.values() if of.published]
    services = [
        {"service": service, "doc": doc, "methods": [of.described for of in published if of.service == service]}
        for service, doc in cls.services.items()
    ]
    return {
        "proto": [PROTOCOL_VERSION],
        "name": name,
        "version": version,
        "methods": [call for call in CALLS.values() if call in entries],
        "concurrency": concurrency,
        "features": [*FEATURES, "cursors"] if "events.pull" in entries else FEATURES,
        "idempotency": "key" if "find" in entries else "none",
        **({"publishes": services} if services else {}),
        **({"limits": limits} if limits else {}),
        **({"processes": processes} if processes else {}),
    }


def make(cls: type[Connector], config: dict[str, Any], instance: str, notify: Notify) -> Connector:
    """An instance. What it is comes before ``__init__``, which may need it and need not call that of its parent."""
    made = cls.__new__(cls)
    made.config, made.instance, made._notify = config, instance, notify
    made.__init__(config)  # type: ignore[misc]
    return made


def work_on(call: Optional[Call]) -> None:
    """Make `call` the call of this thread."""
    _current.set(call)


def current_call() -> Optional[Call]:
    """The call that this thread is working on."""
    return _current.get()
