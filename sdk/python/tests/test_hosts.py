import io
import os
import signal
import threading
import unittest

from annelid.plugin._hosts import Hosts


class Interrupted:
    """A session whose process gets a signal while it waits for its calls."""

    def __init__(self):
        self.told = []
        self._closed = threading.Event()

    def idle(self, _seconds):
        self.told.append("idle")
        if self.told == ["idle"]:
            os.kill(os.getpid(), signal.SIGTERM)
            self._closed.wait(10)
        return True

    def cancel_all(self, reason):
        self.told.append(reason)

    def close(self):
        self.told.append("close")
        self._closed.set()


class TestHosts(unittest.TestCase):
    def setUp(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        self.addCleanup(signal.set_wakeup_fd, -1)

    def test_cancels_and_closes_when_a_signal_comes_after_the_end_of_the_input(self):
        session = Interrupted()
        hosts = Hosts(lambda _send: session)
        hosts.until_signal(lambda: hosts.converse(io.BytesIO(), lambda _line: None))
        self.assertEqual(session.told, ["idle", "The plugin is stopping.", "idle", "close"])

    def test_raises_what_ends_it(self):
        def serve():
            raise SystemExit("Nobody can connect.")

        with self.assertRaisesRegex(SystemExit, "Nobody can connect"):
            Hosts(lambda _send: None).until_signal(serve)
