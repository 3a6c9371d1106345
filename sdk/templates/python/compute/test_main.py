"""What the plugin answers the daemon."""

import os
import tempfile
import unittest

from host import Plugin

WISH = {
    "id": "a",
    "name": "web1",
    "vcpus": 1,
    "memoryMiB": 64,
    "disks": [],
    "networks": [],
    "labels": {"tier": "front"},
}


class TestMachines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = {"file": os.path.join(folder.name, "machines")}
        self.start()

    def start(self):
        self.plugin = Plugin(self.config)
        self.addCleanup(self.plugin.close)

    def test_says_what_it_is(self):
        description = self.plugin.ask("describe")["result"]
        self.assertEqual((description["name"], description["proto"]), ("sample-plugin", [1]))

    def test_lets_a_machine_live(self):
        made = self.plugin.ask("compute.create", key="k1", **WISH)["result"]
        self.assertEqual((made["state"], made["labels"]), ("stopped", {"tier": "front"}))
        self.assertEqual(self.plugin.ask("compute.start", key="k2", vm="a")["result"]["state"], "running")
        self.assertEqual(self.plugin.ask("compute.powerOff", key="k3", vm="a")["result"]["state"], "stopped")
        self.assertEqual(len(self.plugin.ask("compute.list")["result"]["items"]), 1)
        self.plugin.ask("compute.delete", key="k4", vm="a")
        self.assertEqual(self.plugin.ask("compute.list")["result"]["items"], [])

    def test_makes_one_machine_for_one_key_and_finds_it_after_a_crash(self):
        made = self.plugin.ask("compute.create", key="k1", **WISH)["result"]
        self.plugin.kill()
        self.start()
        again = self.plugin.ask("compute.create", key="k1", **{**WISH, "id": "b"})["result"]
        self.assertEqual(again, made)
        found = self.plugin.ask("find", key="k1", call="compute.create", params=WISH)["result"]
        self.assertEqual(found, {"outcome": "done", "vm": made})
        never = self.plugin.ask("find", key="k2", call="compute.create", params=WISH)["result"]
        self.assertEqual(never, {"outcome": "none"})

    def test_says_what_is_wrong(self):
        error = self.plugin.ask("compute.get", vm="nobody")["error"]
        self.assertEqual((error["code"], error["message"]), (404, "There is no machine nobody."))


if __name__ == "__main__":
    unittest.main()
