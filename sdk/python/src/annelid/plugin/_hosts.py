"""The hosts that a process serves: the one that has its pipes, or those that it is connected to."""

import io
import os
import select
import signal
import sys
import threading
from typing import IO, Any, Callable, Optional

from ._session import Session

# How long calls may go on once the host has gone, and once they were cancelled.
_GRACE_SECONDS = 2.0
_STOPPING = "The plugin is stopping."
# What is written to the pipe that tells of the end.
_SIGNALS = (bytes([signal.SIGTERM]), bytes([signal.SIGINT]))
_ENDED = b"\0"


class Hosts:
    """Those that are served now.

    Args:
        open_session: Makes the session of one host from what sends to it.
    """

    def __init__(self, open_session: Callable[[Callable[[str], None]], Session]) -> None:
        self._open_session = open_session
        self._sessions: set[Session] = set()

    def until_signal(self, serve: Callable[[], None]) -> None:
        """Call `serve` in a thread until SIGTERM or SIGINT; then cancel what is under way and let it answer.

        What it raises, this raises.
        """
        # Python hears no signal that comes just before it waits for something, but writes it to this pipe.
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: None)
        failures: list[BaseException] = []

        def run() -> None:
            try:
                serve()
            except BaseException as error:
                failures.append(error)
            os.write(writing, _ENDED)

        threading.Thread(target=run, name="hosts", daemon=True).start()
        heard = b""
        while heard not in (_ENDED, *_SIGNALS):
            heard = os.read(reading, 1)
        if failures:
            raise failures[0]
        sessions, self._sessions = self._sessions, set()
        for session in sessions:
            session.cancel_all(_STOPPING)
        for session in sessions:
            session.idle(_GRACE_SECONDS)
            session.close()

    def at_pipes(self) -> None:
        """Serve the host that has the pipes of this process, until it closes them."""
        # A child process that read from the host's pipe would swallow requests.
        source = os.dup(0)
        with open(os.devnull, "rb") as null:
            os.dup2(null.fileno(), 0)
        sys.stdout.flush()
        pipe = os.dup(1)
        os.dup2(2, 1)
        # What is printed is logged when it is printed, and not once the buffer is full.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)

        def send(line: bytes) -> None:
            try:
                # A message is one write where the pipe takes it.
                sent = os.write(pipe, line)
                while sent < len(line):
                    sent += os.write(pipe, line[sent:])
            except BrokenPipeError:
                # The host is gone: nobody is left to answer to.
                os._exit(0)

        with os.fdopen(source, "rb", buffering=65_536) as lines:
            self.converse(lines, send, may_end=lambda: _is_read(pipe))

    def converse(
        self,
        lines: IO[bytes],
        send: Callable[[bytes], None],
        first: Optional[bytes] = None,
        may_end: Callable[[], bool] = lambda: True,
    ) -> None:
        """Serve one host until it has gone. Raises OSError when it cannot be read.

        Args:
            lines: What it says.
            send: Writes to it; nobody reads what cannot be written.
            first: What was read of it already.
            may_end: Whether calls under way may end once it has gone.
        """
        writing = threading.Lock()

        def say(message: str) -> None:
            try:
                with writing:
                    send(message.encode("ascii") + b"\n")
            except OSError:
                pass

        session = self._open_session(say)
        self._sessions.add(session)
        failure: Optional[OSError] = None
        try:
            if first is not None:
                session.receive(first)
            for line in lines:
                session.receive(line)
        except OSError as error:
            failure = error
        # A program that feeds a few lines and closes the pipe wants their answers, and a host that comes back asks what
        # became of its calls.
        if may_end() and not session.idle(_GRACE_SECONDS):
            session.cancel_all(_STOPPING)
            session.idle(_GRACE_SECONDS)
        # After a signal it is closed where that was heard.
        if session in self._sessions:
            self._sessions.remove(session)
            session.close()
        if failure is not None:
            raise failure

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell all of them."""
        for session in list(self._sessions):
            session.notify(method, params)


def _is_read(pipe: int) -> bool:
    """Whether somebody reads it still.

    When the host was killed, the next one settles what was under way here: a call that went on would work beside the one
    that takes it up.
    """
    watched = select.poll()
    watched.register(pipe, 0)
    return not watched.poll(0)
