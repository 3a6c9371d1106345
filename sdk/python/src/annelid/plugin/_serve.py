"""Serves a connector over the standard streams of this process, or hosts that are connected to."""

import argparse
import io
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any, NoReturn, Optional

from ._address import Address, Certificates
from ._call import Notify
from ._connector import Connector, describe
from ._dial import Dialer
from ._hosts import Hosts
from ._session import LogHandler, Session, read_lines
from ._values import encode

# How long calls may go on once the host has closed the pipe, and once they were cancelled.
_GRACE_SECONDS = 2.0
_STOPPING = "The plugin is stopping."


class _Stop(BaseException):
    """SIGTERM or SIGINT, raised in the main thread. No Exception: those of a call are caught, and this must not be."""


def serve(
    name: str,
    connector: type[Connector],
    *,
    version: str = "0",
    concurrency: int = 1,
    limits: Optional[Mapping[str, int]] = None,
) -> NoReturn:
    """Serve `connector` until the host closes the pipe or sends SIGTERM; the process then ends.

    From here on standard output belongs to the protocol: what is printed, also by child processes and libraries in C,
    goes to standard error and so to the daemon's log. So does what is logged with ``logging``, at its level.

    With ``--describe`` among the arguments of the program it prints what ``describe`` answers and ends. With ``--listen
    ADDRESS`` it stays, and serves every host that connects to ``unix:PATH`` or, with ``--cert``, ``--key`` and ``--ca``,
    to ``tls://HOST:PORT``; each connection begins with ``configure``. With ``--dial ADDRESS --connector NAME --token-file
    FILE`` it connects to a host by itself, again whenever the connection has ended.

    Args:
        name: What the plugin is called.
        connector: The class, of which one is made for each configured instance.
        version: The version of the plugin.
        concurrency: How many calls it takes at once, each in a thread of its own. With 1 all calls are made by one and
            the same thread, so that they need no locks.
        limits: The longest lines, in bytes: ``lineToPlugin`` and ``lineFromPlugin``. A result that is longer goes in parts.
    """
    asked = _arguments()
    # Mistakes in the class show as they do in any program.
    description = encode(describe(connector, name, version, concurrency, limits))
    if asked.describe:
        print(description)
        sys.exit(0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    if asked.listen or asked.dial:
        hosts = Hosts(lambda send: Session(name, connector, version, concurrency, send, limits))
        _log_to(hosts.notify)
        try:
            if asked.listen:
                hosts.listen(asked.listen)
            else:
                Dialer(asked.dial, asked.connector, asked.token_file, hosts).run()
        except _Stop:
            hosts.stop(_STOPPING, _GRACE_SECONDS)
        except OSError as error:
            sys.exit(f"Hosts cannot connect to {asked.listen.text}: {error}")
    else:
        output = _Output()
        session = Session(name, connector, version, concurrency, output.send, limits)
        output.take()
        _log_to(session.notify)
        _over_pipes(session, output)
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: a thread that the author started would keep the process from ending.
    os._exit(0)


def _arguments() -> argparse.Namespace:
    """What is asked of the program; what is not of the kit is the author's."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--describe", action="store_true")
    for option in ("--listen", "--dial", "--connector", "--token-file", "--cert", "--key", "--ca"):
        parser.add_argument(option)
    asked, _ = parser.parse_known_args()
    files = (asked.cert, asked.key, asked.ca)
    for option in ("listen", "dial"):
        text = getattr(asked, option)
        if text is None:
            continue
        if text.startswith("tls:") and None in files:
            parser.error(f"--{option} tls: needs --cert, --key and --ca, each a PEM file.")
        try:
            setattr(asked, option, Address(text, Certificates(*files)))
        except ValueError:
            parser.error(f"--{option} takes unix:PATH or tls://HOST:PORT, not {text}.")
    if asked.dial and None in (asked.connector, asked.token_file):
        parser.error("--dial needs --connector, the name that the host knows it by, and --token-file.")
    return asked


def _log_to(notify: Notify) -> None:
    logging.basicConfig(handlers=[LogHandler(notify)], level=logging.INFO, format="%(name)s: %(message)s")


def _over_pipes(session: Session, output: "_Output") -> None:
    try:
        # A child process that read from the host's pipe would swallow requests.
        source = os.dup(0)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        with os.fdopen(source, "rb", buffering=65_536) as lines:
            read_lines(lines, session)
        # A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
        is_idle = not output.is_read() or session.idle(_GRACE_SECONDS)
    except _Stop:
        is_idle = False
    if not is_idle:
        session.cancel_all(_STOPPING)
        session.idle(_GRACE_SECONDS)
    session.close()


def _stop(_number: int, _frame: Any) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _Stop


class _Output:
    """The real standard output. A message is one write where the pipe takes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipe = 1

    def take(self) -> None:
        """Move it away; file descriptor 1 then leads to standard error."""
        sys.stdout.flush()
        self._pipe = os.dup(1)
        os.dup2(2, 1)
        # What is printed is logged when it is printed, and not once the buffer is full.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)

    def send(self, message: str) -> None:
        line = message.encode("ascii") + b"\n"
        try:
            with self._lock:
                sent = os.write(self._pipe, line)
                while sent < len(line):
                    sent += os.write(self._pipe, line[sent:])
        except BrokenPipeError:
            # The host is gone: nobody is left to answer to.
            os._exit(0)

    def is_read(self) -> bool:
        """Whether somebody reads it still.

        When the host was killed, the next one settles what was under way here: a call that went on would work beside
        the one that takes it up.
        """
        watched = select.poll()
        watched.register(self._pipe, 0)
        return not watched.poll(0)
