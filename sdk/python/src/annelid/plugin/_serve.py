"""Serves a connector over the standard streams of this process."""

import io
import logging
import os
import select
import signal
import sys
import threading
from typing import Any, NoReturn

from ._connector import Connector, describe
from ._session import LogHandler, Session
from ._values import encode

# The longest line that is read; the host keeps to less (`limits.plugins.lineToPlugin`).
_LONGEST_LINE = 64 * 1024 * 1024
# How long calls may go on once the host has closed the pipe, and once they were cancelled.
_GRACE_SECONDS = 2.0


class _Stop(Exception):
    """SIGTERM or SIGINT, raised in the main thread."""


def serve(name: str, connector: type[Connector], *, version: str = "0", concurrency: int = 1) -> NoReturn:
    """Serve `connector` until the host closes the pipe or sends SIGTERM; the process then ends.

    From here on standard output belongs to the protocol: what is printed, also by child processes and libraries in C,
    goes to standard error and so to the daemon's log. So does what is logged with ``logging``, at its level.

    With ``--describe`` among the arguments of the program it prints what ``describe`` answers and ends.

    Args:
        name: What the plugin is called.
        connector: The class, of which one is made for each configured instance.
        version: The version of the plugin.
        concurrency: How many calls it takes at once, each in a thread of its own. With 1 all calls are made by one and
            the same thread, so that they need no locks.
    """
    if "--describe" in sys.argv:
        print(encode(describe(connector, name, version, concurrency)))
        sys.exit(0)
    # Made before the streams are taken: mistakes in the class show as they do in any program.
    output = _Output()
    session = Session(name, connector, version, concurrency, output.send)
    output.take()
    logging.basicConfig(handlers=[LogHandler(session)], level=logging.INFO, format="%(name)s: %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        _read(session)
        # A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
        is_idle = not output.is_read() or session.idle(_GRACE_SECONDS)
    except _Stop:
        is_idle = False
    if not is_idle:
        session.cancel_all("The plugin is stopping.")
        session.idle(_GRACE_SECONDS)
    session.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: a thread that the author started would keep the process from ending.
    os._exit(0)


def _stop(_number: int, _frame: Any) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _Stop


def _read(session: Session) -> None:
    # A child process that read from the host's pipe would swallow requests.
    source = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    with os.fdopen(source, "rb", buffering=65_536) as lines:
        while True:
            line = lines.readline(_LONGEST_LINE)
            if not line:
                return
            if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                logging.getLogger(__name__).error("A line of more than %d bytes was discarded.", _LONGEST_LINE)
                while line and not line.endswith(b"\n"):
                    line = lines.readline(_LONGEST_LINE)
            elif not line.isspace():
                session.receive(line)


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
