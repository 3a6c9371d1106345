"""Serves a connector over the standard streams of this process, or hosts that are connected to."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping
from typing import NoReturn, Optional

from ._connector import Connector, describe
from ._hosts import Hosts
from ._session import LogHandler, Session
from ._values import encode


def serve(
    name: str,
    connector: type[Connector],
    *,
    version: str = "0",
    concurrency: int = 1,
    limits: Optional[Mapping[str, int]] = None,
    processes: Optional[int] = None,
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
        processes: How many processes of it are to serve, unless the daemon's configuration says so; with 1 there are never
            two that are configured.

    Raises:
        TypeError: for a class that is no connector, or has a mistake.
    """
    if not (isinstance(connector, type) and issubclass(connector, Connector)):
        raise TypeError(f"{connector!r} is no subclass of Connector.")
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--describe", action="store_true")
    for option in ("--listen", "--dial", "--connector", "--token-file", "--cert", "--key", "--ca"):
        parser.add_argument(option)
    # What is not of the kit is the author's.
    asked, _ = parser.parse_known_args()
    # Mistakes in the class show as they do in any program.
    description = describe(connector, name, version, concurrency, limits, processes)
    if asked.describe:
        print(encode(description))
        sys.exit(0)
    hosts = Hosts(lambda send: Session(connector, description, send))
    logging.basicConfig(handlers=[LogHandler(hosts.notify)], level=logging.INFO, format="%(name)s: %(message)s")
    if asked.listen is None and asked.dial is None:
        hosts.until_signal(hosts.at_pipes)
    else:
        # Not at the top: most plugins have pipes alone.
        from ._connections import Connections

        connections = Connections(asked, parser, hosts)
        try:
            hosts.until_signal(connections.serve)
        finally:
            connections.close()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    # Not sys.exit: a thread that the author started would keep the process from ending.
    os._exit(0)
