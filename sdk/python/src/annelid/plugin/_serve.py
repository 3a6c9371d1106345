"""Serves a connector over the standard streams of this process, or at a socket where hosts connect."""

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

from ._call import Notify
from ._connector import Connector, describe
from ._listen import listen
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
    unix:PATH`` it stays, and serves every host that connects there; each connection begins with ``configure``.

    Args:
        name: What the plugin is called.
        connector: The class, of which one is made for each configured instance.
        version: The version of the plugin.
        concurrency: How many calls it takes at once, each in a thread of its own. With 1 all calls are made by one and
            the same thread, so that they need no locks.
        limits: The longest lines, in bytes: ``lineToPlugin`` and ``lineFromPlugin``. A result that is longer goes in parts.
    """
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("--describe", action="store_true")
    options.add_argument("--listen", type=_path)
    asked, _ = options.parse_known_args()
    # Mistakes in the class show as they do in any program.
    description = encode(describe(connector, name, version, concurrency, limits))
    if asked.describe:
        print(description)
        sys.exit(0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    if asked.listen is None:
        output = _Output()
        session = Session(name, connector, version, concurrency, output.send, limits)
        output.take()
        _log_to(session.notify)
        _over_pipes(session, output)
    else:
        hosts = listen(asked.listen, lambda send: Session(name, connector, version, concurrency, send, limits))
        _log_to(hosts.notify)
        try:
            hosts.serve()
        except _Stop:
            hosts.stop(_STOPPING, _GRACE_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: a thread that the author started would keep the process from ending.
    os._exit(0)


def _path(address: str) -> str:
    if not address.startswith("unix:"):
        raise argparse.ArgumentTypeError(f"it takes unix:PATH, not {address}")
    return address[len("unix:") :]


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
