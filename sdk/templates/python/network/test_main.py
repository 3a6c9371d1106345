"""What the plugin answers the daemon."""

import os
import tempfile
import unittest

from host import Plugin


class TestNetworks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = {"file": os.path.join(folder.name, "networks")}
        self.start()

    def start(self):
        self.plugin = Plugin(self.config)
        self.addCleanup(self.plugin.close)

    def create(self, name, *cidrs):
        return self.plugin.ask("samplePlugin.create", key="k", name=name, cidrs=cidrs)

    def networks(self):
        return self.plugin.ask("network.list")["result"]["items"]

    def test_makes_and_removes_networks(self):
        self.assertEqual(self.create("blue", "10.1.0.0/16")["result"], "blue")
        self.assertEqual(self.networks(), [{"id": "blue", "name": "blue", "state": "up", "cidrs": ["10.1.0.0/16"]}])
        self.assertIs(self.plugin.ask("samplePlugin.delete", key="k", network="blue")["result"], True)
        self.assertIs(self.plugin.ask("samplePlugin.delete", key="k", network="blue")["result"], False)
        self.assertEqual(self.networks(), [])

    def test_has_one_network_of_a_name_also_after_a_crash(self):
        self.create("blue", "10.1.0.0/16")
        self.plugin.kill()
        self.start()
        self.assertEqual(self.create("blue", "10.1.0.0/16")["result"], "blue")
        self.assertEqual(len(self.networks()), 1)

    def test_says_what_is_wrong(self):
        self.create("blue", "10.1.0.0/16")
        error = self.create("blue", "10.2.0.0/16")["error"]
        self.assertEqual((error["code"], error["message"]), (409, "There is a network blue with other ranges."))


if __name__ == "__main__":
    unittest.main()
