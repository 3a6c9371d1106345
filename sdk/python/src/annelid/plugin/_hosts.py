"""A plugin that stays: hosts connect to it, or it connects to one."""

import io
import os
import select
import socket
import ssl
import sys
import threading
from typing import IO, Any, Callable, Optional, cast

from ._address import Address
from ._session import Session, read_lines

# How long the calls of a host that has gone may go on: one that comes back asks what became of them.
_GRACE_SECONDS = 2.0
# How many bytes are written at once.
_PIECE = 65_536


class Stream(io.RawIOBase):
    """A connection that one thread reads, and any thread writes to.

    Of TLS both directions are one state, which no two threads may use at once: so none waits while it does.
    """

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        connection.setblocking(False)
        self._connection = connection
        self._using = threading.Lock()
        self._writing = threading.Lock()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._done(lambda: self._connection.recv_into(buffer), select.POLLIN)

    def lines(self) -> IO[bytes]:
        """To be read line by line. Whoever closes it closes the connection."""
        return cast(IO[bytes], io.BufferedReader(self, _PIECE))

    def send(self, message: str) -> None:
        """Writes a message, whole. Raises OSError."""
        rest = memoryview(message.encode("ascii") + b"\n")
        with self._writing:
            while rest:
                rest = rest[self._done(lambda: self._connection.send(rest[:_PIECE]), select.POLLOUT) :]

    def _done(self, attempt: Callable[[], int], awaited: int) -> int:
        while True:
            try:
                with self._using:
                    return attempt()
            except ssl.SSLWantReadError:
                awaited = select.POLLIN
            except ssl.SSLWantWriteError:
                awaited = select.POLLOUT
            except BlockingIOError:
                pass
            waiting = select.poll()
            waiting.register(self._connection, awaited)
            waiting.poll()

    def close(self) -> None:
        if not self.closed and isinstance(self._connection, ssl.SSLSocket):
            try:
                # Says that this is the end; that of the other side is not waited for.
                self._connection.unwrap()
            except (OSError, ValueError):
                pass
        self._connection.close()
        super().close()


class Hosts:
    """Those that are connected.

    Args:
        open_session: Makes the session of one host from what sends to it.
    """

    def __init__(self, open_session: Callable[[Callable[[str], None]], Session]) -> None:
        self._open_session = open_session
        self._sessions: set[Session] = set()

    def listen(self, address: Address) -> None:
        """Take up every host that connects, each in a thread, until an exception comes from a signal. Raises OSError."""
        server = address.listen()
        print(f"Hosts can connect to {address.text}.", file=sys.stderr, flush=True)
        try:
            while True:
                connection, _ = server.accept()
                threading.Thread(target=self._take_up, args=(address, connection), daemon=True).start()
        finally:
            if address.path is not None:
                os.unlink(address.path)
            server.close()

    def _take_up(self, address: Address, connection: socket.socket) -> None:
        try:
            stream = Stream(address.admit(connection))
            self.converse(stream, stream.lines())
        except OSError:
            # It is gone, or is none that we know: nobody is left to be told.
            connection.close()

    def converse(self, stream: Stream, lines: IO[bytes], first: Optional[bytes] = None) -> None:
        """Serve one host until it has gone; `first` was read of its lines already. Raises OSError when it cannot be read."""

        def send(message: str) -> None:
            try:
                stream.send(message)
            except OSError:
                # The host is gone: what it would still have been answered, nobody reads.
                pass

        failure: Optional[OSError] = None
        session = self._open_session(send)
        self._sessions.add(session)
        try:
            if first is not None:
                session.receive(first)
            read_lines(lines, session)
        except OSError as error:
            failure = error
        if not session.idle(_GRACE_SECONDS):
            session.cancel_all("The host has gone.")
            session.idle(_GRACE_SECONDS)
        if session in self._sessions:
            self._sessions.remove(session)
            session.close()
        stream.close()
        if failure is not None:
            raise failure

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell all of them."""
        for session in list(self._sessions):
            session.notify(method, params)

    def stop(self, reason: str, seconds: float) -> None:
        """Cancel what is under way and let it answer."""
        sessions, self._sessions = self._sessions, set()
        for session in sessions:
            session.cancel_all(reason)
        for session in sessions:
            session.idle(seconds)
            session.close()
