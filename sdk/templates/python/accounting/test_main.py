"""What the plugin answers the daemon."""

import contextlib
import os
import sqlite3
import tempfile
import unittest

from host import Plugin


def entry(id, **more):
    return {
        "id": id,
        "vm": "v1",
        "name": "web1",
        "account": "acme",
        "connector": "kvm1",
        "vcpus": 2,
        "memoryMiB": 64,
        "began": "2026-01-31T12:00:00.000Z",
        "ended": "2026-01-31T13:00:00.000Z",
        "seconds": 3600,
        **more,
    }


class TestBooks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "books")
        self.start()

    def start(self):
        self.plugin = Plugin({"file": self.file})
        self.addCleanup(self.plugin.close)

    def record(self, *entries):
        self.assertNotIn("error", self.plugin.ask("accounting.record", entries=entries))

    def books(self, columns="id"):
        with contextlib.closing(sqlite3.connect(self.file)) as db:
            return db.execute(f"select {columns} from entry order by id").fetchall()

    def test_says_what_it_is(self):
        description = self.plugin.ask("describe")["result"]
        self.assertEqual((description["name"], description["methods"]), ("sample-plugin", ["accounting.record"]))

    def test_writes_down_what_was_used(self):
        least = entry("e2")
        del least["vcpus"]
        self.record(entry("e1", seconds=1.5), least)
        self.assertEqual(self.books("account, vcpus, seconds"), [("acme", 2, 1.5), ("acme", None, 3600)])

    def test_has_each_entry_once_also_after_a_crash(self):
        self.record(entry("e1"), entry("e2"), entry("e2"))
        self.record(entry("e1"))
        self.plugin.kill()
        self.start()
        self.record(entry("e2"), entry("e3"))
        self.assertEqual(self.books(), [("e1",), ("e2",), ("e3",)])


if __name__ == "__main__":
    unittest.main()
