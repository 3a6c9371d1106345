"""The client of a daemon: every method of its catalogue, typed, over JSON-RPC."""

import base64
import http.client
import itertools
import json
import os
import select
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any, Callable, Optional, Union, cast

from ._fault import Fault as Fault
from .faults import *
from .faults import Cancelled, Failed, Timeout, Unavailable
from .generated.methods import Methods
from .generated.records import *
from .generated.records import Operation, Session

_ENDED = ("succeeded", "failed", "cancelled")
# How long one `operation.wait` waits: shorter than what proxies cut.
_STEP_SECONDS = 50.0


class Client(Methods):
    """A daemon, reached at its address: ``Client("http://127.0.0.1:8420", "alice", "secret").vm.list()``.

    Methods are named after those of the catalogue (``vm.powerOff`` is ``vm.power_off``) and answer dicts as the daemon
    has them. A failure is raised as the class of its kind: ``except NotFound``. Threads may share a client: each has a
    connection of its own, which is kept.

    Args:
        url: Where the daemon is: ``http://HOST:PORT`` or ``https://...``.
        user: Who calls, with `password`; left out for a `token` or for methods that are public.
        password: The password of the user.
        token: What ``session.login`` answered.
        timeout: Seconds without an answer after which a call fails, beyond those that a method is asked to wait.
        tls: How certificates are verified; as the system does when left out.
    """

    def __init__(
        self,
        url: str,
        user: Optional[str] = None,
        password: Optional[str] = None,
        *,
        token: Optional[str] = None,
        timeout: float = 90.0,
        tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        super().__init__(self._invoke)
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url} is no address of a daemon: it begins with http:// or https://.")
        self._parts = parts
        self._path = parts.path.rstrip("/") + "/jsonrpc"
        self._timeout = timeout
        self._tls = tls
        self._local = threading.local()
        self._ids = itertools.count(1)
        self._authorization: Optional[str] = None
        if token is not None:
            self.use_token(token)
        elif user is not None:
            pair = f"{user}:{password or ''}".encode()
            self._authorization = "Basic " + base64.b64encode(pair).decode("ascii")

    @classmethod
    def local(cls, state: Union[str, "os.PathLike[str]"] = ".annelid", **options: Any) -> "Client":
        """The daemon whose state directory this is, as its administrator."""
        with open(os.path.join(state, "endpoint"), encoding="utf-8") as endpoint:
            url = json.load(endpoint)["url"]
        with open(os.path.join(state, "admin-password"), encoding="utf-8") as password:
            return cls(url, "admin", password.read().strip(), **options)

    def use_token(self, token: str) -> None:
        """Call with this token from now on."""
        self._authorization = "Bearer " + token

    def login(self, user: str, password: str) -> Session:
        """``session.login``; its token is used from now on."""
        session = self.session.login(user, password)
        self.use_token(session["token"])
        return session

    def call(self, method: str, params: Optional[Mapping[str, Any]] = None, **more: Any) -> Any:
        """Call any method, also one that a plugin publishes: ``call("meter.read", name="east")``."""
        return self._invoke(method, {**(params or {}), **more})

    def wait(self, operation: Union[Operation, str], timeout: Optional[float] = None) -> Operation:
        """Wait until an operation has succeeded, and answer it.

        Raises:
            Fault: that with which it failed, or Cancelled.
            Timeout: when it has not ended after `timeout` seconds; the operation goes on.
        """
        end = None if timeout is None else time.monotonic() + timeout
        at: Optional[Operation] = None if isinstance(operation, str) else operation
        name = operation if isinstance(operation, str) else operation["id"]
        while at is None or at["state"] not in _ENDED:
            left = _STEP_SECONDS if end is None else min(_STEP_SECONDS, end - time.monotonic())
            if left <= 0 and at is not None:
                raise Timeout(f"The operation {name} has not ended.", operation=name)
            at = self.operation.wait(name, wait=max(0.0, left))
        if at["state"] == "succeeded":
            return at
        fault = at.get("fault")
        if fault is None:
            ended = Cancelled if at["state"] == "cancelled" else Failed
            raise ended(f"{at['method']} was {at['state']}.", operation=name)
        raise Fault.of(fault["kind"], fault["message"], {"operation": name, **fault})

    def items(self, method: Callable[..., Any], **params: Any) -> Iterator[Any]:
        """All items of a list, page by page: ``for vm in api.items(api.vm.list, state="running")``."""
        after: Optional[str] = None
        while True:
            page = method(after=after, **params)
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def close(self) -> None:
        """Close the connection of this thread; the next call makes another."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _invoke(self, method: str, params: Mapping[str, Any]) -> Any:
        given = {name: value for name, value in params.items() if value is not None}
        request_id = next(self._ids)
        request = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": given}
        answer = self._post(json.dumps(request).encode(), float(given.get("wait") or 0))
        error = answer.get("error")
        if error is None:
            return answer.get("result")
        raise Fault.from_error(error)

    def _post(self, body: bytes, wait: float) -> dict[str, Any]:
        connection = self._connection(self._timeout + wait)
        headers = {"Content-Type": "application/json"}
        if self._authorization is not None:
            headers["Authorization"] = self._authorization
        try:
            connection.request("POST", self._path, body, headers)
            reply = connection.getresponse()
            text = reply.read()
        except socket.timeout as error:
            connection.close()
            raise Timeout(f"{self._parts.netloc} did not answer in time.") from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unavailable(f"{self._parts.netloc} cannot be reached: {error or type(error).__name__}.") from error
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unavailable(f"{self._parts.netloc} answered {reply.status} {reply.reason}, and no JSON-RPC.")
        return cast(dict[str, Any], answer)

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        """That of this thread. One that the daemon has closed meanwhile is opened anew before it is used."""
        known: Optional[http.client.HTTPConnection] = getattr(self._local, "connection", None)
        if known is None:
            host, port = self._parts.hostname or "", self._parts.port
            if self._parts.scheme == "https":
                known = http.client.HTTPSConnection(host, port, context=self._tls)
            else:
                known = http.client.HTTPConnection(host, port)
            self._local.connection = known
        known.timeout = timeout
        if known.sock is not None:
            if select.select([known.sock], [], [], 0)[0]:
                known.close()
            else:
                known.sock.settimeout(timeout)
        return known
