"""What the plugin answers the daemon."""

import os
import tempfile
import unittest

from host import Plugin
from passwords import hashed

ANN = {"login": "ann", "account": "acme", "role": "user"}


class TestPeople(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "people")
        self.write(f"ann:acme:user:{hashed('open sesame')}\n", f"bob:bobs:reader:{hashed('Zoë')}\n")
        self.plugin = Plugin({"file": self.file})
        self.addCleanup(self.plugin.close)

    def write(self, *lines):
        with open(self.file, "w", encoding="utf-8") as file:
            file.writelines(lines)

    def login(self, login, secret):
        return self.plugin.ask("directory.authenticate", login=login, secret=secret)["result"].get("user")

    def find(self, login):
        return self.plugin.ask("directory.find", login=login)["result"].get("user")

    def test_says_what_it_is(self):
        description = self.plugin.ask("describe")["result"]
        self.assertEqual(description["name"], "sample-plugin")
        self.assertEqual(description["methods"], ["directory.authenticate", "directory.find"])

    def test_lets_in_who_has_the_password(self):
        self.assertEqual(self.login("ann", "open sesame"), ANN)
        self.assertEqual(self.login("bob", "Zoë"), {"login": "bob", "account": "bobs", "role": "reader"})

    def test_lets_nobody_else_in(self):
        for login, secret in [("ann", "Zoë"), ("ann", "open"), ("ann", "open sesame\n"), ("eve", "open sesame")]:
            self.assertIsNone(self.login(login, secret), (login, secret))

    def test_finds_people_until_they_are_taken_out(self):
        self.assertEqual(self.find("ann"), ANN)
        self.write()
        self.assertIsNone(self.find("ann"))

    def test_says_what_is_wrong_and_no_hash(self):
        self.write(f"ann:acme:boss:{hashed('open sesame')}\n")
        error = self.plugin.ask("probe")["error"]
        self.assertEqual(error["message"], "Line 1 of the file is not LOGIN:ACCOUNT:ROLE:HASH.")
        self.assertEqual(self.plugin.ask("directory.find", login="ann")["error"]["code"], 503)


if __name__ == "__main__":
    unittest.main()
