"""What the plugin answers the daemon."""

import os
import tempfile
import unittest

from host import Plugin


class TestVolumes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = {"file": os.path.join(folder.name, "volumes")}
        self.start()

    def start(self):
        self.plugin = Plugin(self.config)
        self.addCleanup(self.plugin.close)

    def create(self, name, size):
        return self.plugin.ask("samplePlugin.create", key="k", name=name, sizeMiB=size)

    def volumes(self):
        return self.plugin.ask("storage.list")["result"]["items"]

    def test_makes_and_removes_volumes(self):
        self.assertEqual(self.create("data1", 1024)["result"], "data1")
        self.assertEqual(self.volumes(), [{"id": "data1", "name": "data1", "sizeMiB": 1024}])
        self.assertIs(self.plugin.ask("samplePlugin.delete", key="k", volume="data1")["result"], True)
        self.assertIs(self.plugin.ask("samplePlugin.delete", key="k", volume="data1")["result"], False)
        self.assertEqual(self.volumes(), [])

    def test_has_one_volume_of_a_name_also_after_a_crash(self):
        self.create("data1", 1024)
        self.plugin.kill()
        self.start()
        self.assertEqual(self.create("data1", 1024)["result"], "data1")
        self.assertEqual(len(self.volumes()), 1)

    def test_says_what_is_wrong(self):
        self.create("data1", 1024)
        error = self.create("data1", 2048)["error"]
        self.assertEqual((error["code"], error["message"]), (409, "There is a volume data1 of another size."))


if __name__ == "__main__":
    unittest.main()
