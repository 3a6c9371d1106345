"""People in a file, each a line of LOGIN:ACCOUNT:ROLE:HASH: put the directory that you have in its place."""

import re
import secrets

from annelid.plugin import Connector, InvalidParams, Unavailable, serve
from passwords import HASH, hashed, is_right

LINE = re.compile(rf"([^:]+):([^:]+):(reader|user|admin):({HASH})\n?")

NOBODY = None, hashed(secrets.token_hex())
"""Whoever has no line: to find that out takes as long as to find a password wrong."""


class SamplePlugin(Connector):
    def __init__(self, config):
        self.file = config.get("file", "people")
        if not isinstance(self.file, str):
            raise InvalidParams("file must be the path of a file.", field="/config/file")

    def people(self):
        """Read each time: who is taken out of the file is out at once."""
        people = {}
        try:
            with open(self.file, encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    found = LINE.fullmatch(line)
                    if not found:
                        raise Unavailable(f"Line {number} of the file is not LOGIN:ACCOUNT:ROLE:HASH.")
                    login, account, role, kept = found.groups()
                    people[login] = {"login": login, "account": account, "role": role}, kept
        except (OSError, UnicodeError) as error:
            raise Unavailable(f"The file cannot be read: {error}.") from error
        return people

    def probe(self):
        self.people()

    def directory_authenticate(self, login, secret):
        user, kept = self.people().get(login, NOBODY)
        return {"user": user if is_right(secret, kept) else None}

    def directory_find(self, login):
        user, _ = self.people().get(login, NOBODY)
        return {"user": user}


serve("sample-plugin", SamplePlugin, version="0.1.0", concurrency=4)
