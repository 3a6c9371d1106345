"""A plugin that connects to a host by itself, and again whenever the connection has ended."""

import sys
import time
from typing import NoReturn

from ._address import Address
from ._hosts import Hosts, Stream
from ._values import encode, read_message

# Seconds between two tries: doubled each time, the shortest again once a connection has held for a while.
_FIRST_PAUSE, _LONGEST_PAUSE, _WELL_AFTER = 0.25, 30.0, 60.0
# Bytes of the first line, which is a refusal or `describe`.
_LONGEST_FIRST = 65_536


class Dialer:
    """Connects to the host that listens at an address, and leaves what it says to `hosts`.

    Args:
        address: Where the host is.
        connector: The name that the host knows the plugin by.
        token_file: The file with the token; it is read at each try, so that it can be changed while the plugin runs.
        hosts: Serves the host.
    """

    def __init__(self, address: Address, connector: str, token_file: str, hosts: Hosts) -> None:
        self._address = address
        self._connector = connector
        self._token_file = token_file
        self._hosts = hosts
        self._told = ""

    def run(self) -> NoReturn:
        """Go on until an exception comes from a signal."""
        pause = _FIRST_PAUSE
        while True:
            begun = time.monotonic()
            try:
                self._meet()
            except OSError as error:
                why = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
                self._tell(f"The host at {self._address.text} cannot be reached: {why}.")
            if time.monotonic() - begun >= _WELL_AFTER:
                pause = _FIRST_PAUSE
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _meet(self) -> None:
        """Connect, say who it is, and serve the host until it has gone."""
        with open(self._token_file, encoding="utf-8") as file:
            token = file.read().strip()
        stream = Stream(self._address.connect())
        admission = encode({"connector": self._connector, "token": token})
        stream.send('{"jsonrpc":"2.0","method":"$/admit","params":%s}' % admission)
        lines = stream.lines()
        first = lines.readline(_LONGEST_FIRST)
        if not first:
            self._tell(f"The host at {self._address.text} has closed the connection without a word.")
        elif (read_message(first) or {}).get("method") == "$/refused":
            self._tell(f"The host at {self._address.text} does not admit this plugin; its log says why.")
        else:
            self._tell(f"The host at {self._address.text} has admitted this plugin.")
            return self._hosts.converse(stream, lines, first)
        lines.close()

    def _tell(self, words: str) -> None:
        # Once, not at every try.
        if words != self._told:
            print(words, file=sys.stderr, flush=True)
        self._told = words
