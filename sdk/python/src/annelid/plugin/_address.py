"""Where hosts are met: a unix socket, or TCP with TLS 1.3, where both sides show certificates."""

import os
import re
import socket
import ssl
from typing import NamedTuple, Optional

_TEXT = re.compile(r"unix:(?P<path>.+)|tls://(?:\[(?P<ip>[0-9A-Fa-f:.]+)\]|(?P<host>[^/:]+)):(?P<port>[0-9]{1,5})", re.DOTALL)
# How long the other side may take to begin.
_BEGIN_SECONDS = 30.0
# When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


class Certificates(NamedTuple):
    """What is shown to hosts, and who must have signed theirs: PEM files."""

    cert: str
    key: str
    ca: str


class Address:
    """``unix:PATH`` or ``tls://HOST:PORT``. Raises ValueError for anything else."""

    def __init__(self, text: str, certificates: Certificates) -> None:
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(text)
        self.text = text
        self.path: Optional[str] = found["path"]
        self._at = (found["ip"] or found["host"] or "", int(found["port"] or 0))
        self._certificates = certificates

    def connect(self) -> socket.socket:
        """A connection to the host that listens there. Raises OSError."""
        if self.path is not None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(self.path)
            return connection
        context = self._context(ssl.PROTOCOL_TLS_CLIENT)
        return self._secured(socket.create_connection(self._at, _BEGIN_SECONDS), context, self._at[0])

    def listen(self) -> socket.socket:
        """Listens there; at a unix socket nobody but the user of this process may connect. Raises OSError.

        What a process left there that has ended is removed.
        """
        if self.path is None:
            # Files that cannot be read are no matter of whoever connects first.
            self._context(ssl.PROTOCOL_TLS_SERVER)
            family = socket.getaddrinfo(*self._at, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server(self._at, family=family)
        self._clear(self.path)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            server.bind(self.path)
        finally:
            os.umask(mask)
        server.listen()
        return server

    def admit(self, connection: socket.socket) -> socket.socket:
        """What was accepted there, once it has shown its certificate. Raises OSError."""
        return connection if self.path is not None else self._secured(connection, self._context(ssl.PROTOCOL_TLS_SERVER))

    def _clear(self, path: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
            try:
                other.connect(path)
            except ConnectionRefusedError:
                os.unlink(path)
            except FileNotFoundError:
                pass
            else:
                raise OSError(f"Something listens at {self.text} already.")

    def _context(self, side: "ssl._SSLMethod") -> ssl.SSLContext:
        for file in self._certificates:
            # What ssl raises would not say which.
            with open(file, "rb"):
                pass
        context = ssl.SSLContext(side)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(self._certificates.cert, self._certificates.key)
        context.load_verify_locations(self._certificates.ca)
        return context

    @staticmethod
    def _secured(connection: socket.socket, context: ssl.SSLContext, host: Optional[str] = None) -> socket.socket:
        connection.settimeout(_BEGIN_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            if hasattr(socket, name):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return context.wrap_socket(connection, server_side=host is None, server_hostname=host)
