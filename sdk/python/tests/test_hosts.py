import io
import signal
import unittest

from annelid.plugin._hosts import Hosts, _Stop


class Interrupted:
    """A session that hears a signal while it waits for its calls."""

    def __init__(self):
        self.told = []

    def idle(self, _seconds):
        self.told.append("idle")
        if self.told == ["idle"]:
            raise _Stop
        return True

    def cancel_all(self, reason):
        self.told.append(reason)

    def close(self):
        self.told.append("close")


class TestHosts(unittest.TestCase):
    def setUp(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            self.addCleanup(signal.signal, number, signal.getsignal(number))

    def test_cancels_and_closes_when_a_signal_comes_after_the_end_of_the_input(self):
        session = Interrupted()
        hosts = Hosts(lambda _send: session)
        hosts.until_signal(lambda: hosts.converse(io.BytesIO(), lambda _line: None))
        self.assertEqual(session.told, ["idle", "The plugin is stopping.", "idle", "close"])
