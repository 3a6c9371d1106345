"""How a plugin that stays meets its hosts: at a unix socket, or by TCP with TLS 1.3, where both sides show certificates."""

import argparse
import io
import os
import re
import select
import socket
import ssl
import stat
import sys
import threading
import time
from typing import IO, Any, Callable, NoReturn, Optional, cast

from ._hosts import Hosts
from ._values import encode, read_message

_ADDRESS = re.compile(r"unix:(?P<path>.+)|tls://(?:\[(?P<ip>[0-9A-Fa-f:.]+)\]|(?P<host>[^/:]+)):(?P<port>[0-9]{1,5})", re.DOTALL)
# How many bytes are written at once.
_PIECE = 65_536
# How long the other side may take to begin.
_BEGIN_SECONDS = 30.0
# Seconds between two tries: doubled each time, the shortest again once a connection has held for a while.
_FIRST_PAUSE, _LONGEST_PAUSE, _WELL_AFTER = 0.25, 30.0, 60.0
# When nothing comes, the system asks whether the other side is there still; of itself, it would after two hours.
_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


class Stream(io.RawIOBase):
    """A connection that one thread reads, and any thread writes to.

    Of TLS both directions are one state, which no two threads may use at once: so none waits while it does. A plain socket
    is simply read and written, which takes a third of the system calls.
    """

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._is_secure = isinstance(connection, ssl.SSLSocket)
        connection.setblocking(not self._is_secure)
        self._connection = connection
        self._using = threading.Lock()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._is_secure:
            return self._connection.recv_into(buffer)
        return self._done(lambda: self._connection.recv_into(buffer))

    def lines(self) -> IO[bytes]:
        """To be read line by line. Whoever closes it closes the connection."""
        return cast(IO[bytes], io.BufferedReader(self, _PIECE))

    def send(self, line: bytes) -> None:
        """Write all of it. Raises OSError."""
        if not self._is_secure:
            self._connection.sendall(line)
            return
        rest = memoryview(line)
        while rest:
            rest = rest[self._done(lambda: self._connection.send(rest[:_PIECE])) :]

    def _done(self, attempt: Callable[[], int]) -> int:
        while True:
            try:
                with self._using:
                    return attempt()
            except ssl.SSLWantReadError:
                awaited = select.POLLIN
            except ssl.SSLWantWriteError:
                awaited = select.POLLOUT
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


class Connections:
    """Those that the arguments of the program ask for; it ends when they are wrong."""

    def __init__(self, asked: argparse.Namespace, parser: argparse.ArgumentParser, hosts: Hosts) -> None:
        option = "dial" if asked.listen is None else "listen"
        text = asked.dial if asked.listen is None else asked.listen
        self._files = (asked.cert, asked.key, asked.ca)
        if text.startswith("tls:") and None in self._files:
            parser.error(f"--{option} tls: needs --cert, --key and --ca, each a PEM file.")
        found = _ADDRESS.fullmatch(text)
        if found is None or int(found["port"] or 1) not in range(1, 65_536):
            parser.error(f"--{option} takes unix:PATH or tls://HOST:PORT, not {text}.")
        if option == "dial" and None in (asked.connector, asked.token_file):
            parser.error("--dial needs --connector, the name that the host knows it by, and --token-file.")
        self._asked, self._hosts, self._text = asked, hosts, text
        self._path: Optional[str] = found["path"]
        self._at = (found["ip"] or found["host"] or "", int(found["port"] or 0))
        self._listening: Optional[socket.socket] = None
        self._told = ""

    def serve(self) -> NoReturn:
        """Go on until the process ends."""
        if self._asked.listen is None:
            self._dial()
        else:
            self._listen()

    def close(self) -> None:
        """Take away the socket in the file system."""
        if self._listening is not None and self._path is not None:
            os.unlink(self._path)

    def _listen(self) -> NoReturn:
        """Serve every host that connects, each in a thread."""
        try:
            self._listening = self._server()
        except OSError as error:
            sys.exit(f"Hosts cannot connect to {self._text}: {error}")
        print(f"Hosts can connect to {self._text}.", file=sys.stderr, flush=True)
        while True:
            connection, _ = self._listening.accept()
            threading.Thread(target=self._take_up, args=(connection,), daemon=True).start()

    def _server(self) -> socket.socket:
        """At a unix socket nobody but the user of this process may connect. What a process left there that has ended is removed."""
        if self._path is None:
            # Files that cannot be read are no matter of whoever connects first.
            self._context(ssl.PROTOCOL_TLS_SERVER)
            family = socket.getaddrinfo(*self._at, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server(self._at, family=family)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(self._path)
            except FileNotFoundError:
                pass
            except ConnectionRefusedError:
                if not stat.S_ISSOCK(os.lstat(self._path).st_mode):
                    raise OSError(f"{self._path} is there already, and is no socket.") from None
                os.unlink(self._path)
            else:
                raise OSError(f"Something listens at {self._text} already.")
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            server.bind(self._path)
        finally:
            os.umask(mask)
        server.listen()
        return server

    def _take_up(self, connection: socket.socket) -> None:
        try:
            secured = connection if self._path is not None else self._secured(connection, ssl.PROTOCOL_TLS_SERVER)
            stream = Stream(secured)
            with stream.lines() as lines:
                self._hosts.converse(lines, stream.send)
        except OSError:
            # It is gone, or is none that we know: nobody is left to be told.
            connection.close()

    def _dial(self) -> NoReturn:
        """Connect to a host, and again whenever the connection has ended."""
        pause = _FIRST_PAUSE
        while True:
            begun = time.monotonic()
            try:
                self._meet()
            except OSError as error:
                why = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
                self._tell(f"cannot be reached: {why}.")
            if time.monotonic() - begun >= _WELL_AFTER:
                pause = _FIRST_PAUSE
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _meet(self) -> None:
        """Connect, and stay until the host has gone."""
        # At each try, so that it can be changed while the plugin runs.
        with open(self._asked.token_file, encoding="utf-8") as file:
            token = file.read().strip()
        stream = Stream(self._connected())
        with stream.lines() as lines:
            self._greet(stream, lines, {"connector": self._asked.connector, "token": token})

    def _greet(self, stream: Stream, lines: IO[bytes], admission: dict[str, str]) -> None:
        """Say who it is, and serve the host unless its first line is a refusal."""
        stream.send(encode({"jsonrpc": "2.0", "method": "$/admit", "params": admission}).encode() + b"\n")
        first = lines.readline()
        if not first:
            self._tell("has closed the connection without a word.")
        elif (read_message(first) or {}).get("method") == "$/refused":
            self._tell("does not admit this plugin; its log says why.")
        else:
            self._tell("has admitted this plugin.")
            self._hosts.converse(lines, stream.send, first)

    def _connected(self) -> socket.socket:
        if self._path is None:
            return self._secured(socket.create_connection(self._at, _BEGIN_SECONDS), ssl.PROTOCOL_TLS_CLIENT, self._at[0])
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(self._path)
        return connection

    def _tell(self, words: str) -> None:
        # Once, not at every try.
        if words != self._told:
            print(f"The host at {self._text} {words}", file=sys.stderr, flush=True)
        self._told = words

    def _context(self, side: "ssl._SSLMethod") -> ssl.SSLContext:
        for file in self._files:
            # What ssl raises would not say which.
            with open(file, "rb"):
                pass
        cert, key, ca = self._files
        context = ssl.SSLContext(side)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            # An empty passphrase, so that nobody is asked for one.
            context.load_cert_chain(cert, key, "")
        except ssl.SSLError as error:
            raise OSError(f"--cert {cert} and --key {key} are no pair in PEM without a passphrase: {error}") from None
        try:
            context.load_verify_locations(ca)
        except ssl.SSLError as error:
            raise OSError(f"--ca {ca} holds no certificate in PEM: {error}") from None
        return context

    def _secured(self, connection: socket.socket, side: "ssl._SSLMethod", host: Optional[str] = None) -> socket.socket:
        """What was connected, once both sides have shown their certificates. Raises OSError."""
        connection.settimeout(_BEGIN_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            if hasattr(socket, name):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return self._context(side).wrap_socket(connection, server_side=host is None, server_hostname=host)
