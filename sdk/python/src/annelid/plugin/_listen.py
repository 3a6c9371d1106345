"""A plugin that stays: hosts connect to it at a unix socket."""

import os
import socket
import sys
import threading
from typing import Any, Callable

from ._session import Session, read_lines

# How long the calls of a host that has gone may go on: one that comes back asks what became of them.
_GRACE_SECONDS = 2.0


def listen(path: str, open_session: Callable[[Callable[[str], None]], Session]) -> "Hosts":
    """Listens at a socket that nobody but the user of this process may connect to.

    Args:
        path: Where it is in the file system. What a process left there that has ended is removed.
        open_session: Makes the session of one host from what sends to it.

    Raises:
        OSError: The path cannot be listened at, also since somebody does already.
    """
    _clear(path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        server.bind(path)
    finally:
        os.umask(mask)
    server.listen()
    print(f"Hosts can connect to unix:{path}.", file=sys.stderr, flush=True)
    return Hosts(server, open_session)


def _clear(path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        try:
            other.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except FileNotFoundError:
            pass
        else:
            raise OSError(f"Something listens at unix:{path} already.")


class Hosts:
    """Those that are connected, each with a thread that reads what it says."""

    def __init__(self, server: socket.socket, open_session: Callable[[Callable[[str], None]], Session]) -> None:
        self._server = server
        self._open_session = open_session
        self._sessions: set[Session] = set()

    def serve(self) -> None:
        """Take up every host that connects, until an exception comes from a signal."""
        while True:
            connection, _ = self._server.accept()
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell all of them."""
        for session in list(self._sessions):
            session.notify(method, params)

    def stop(self, reason: str, seconds: float) -> None:
        """Let no further ones in; cancel what is under way and let it answer."""
        os.unlink(self._server.getsockname())
        self._server.close()
        sessions, self._sessions = self._sessions, set()
        for session in sessions:
            session.cancel_all(reason)
        for session in sessions:
            session.idle(seconds)
            session.close()

    def _converse(self, connection: socket.socket) -> None:
        lock = threading.Lock()

        def send(message: str) -> None:
            try:
                with lock:
                    connection.sendall(message.encode("ascii") + b"\n")
            except OSError:
                # The host is gone: what it would still have been answered, nobody reads.
                pass

        session = self._open_session(send)
        self._sessions.add(session)
        try:
            with connection, connection.makefile("rb") as lines:
                try:
                    read_lines(lines, session)
                except OSError:
                    pass
                if not session.idle(_GRACE_SECONDS):
                    session.cancel_all("The host has gone.")
                    session.idle(_GRACE_SECONDS)
        finally:
            if session in self._sessions:
                self._sessions.remove(session)
                session.close()
