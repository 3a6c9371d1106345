"""What the plugin answers the daemon."""

import unittest

from host import Plugin


class TestService(unittest.TestCase):
    def setUp(self):
        self.plugin = Plugin({})
        self.addCleanup(self.plugin.close)

    def test_publishes_its_methods(self):
        (service,) = self.plugin.ask("describe")["result"]["publishes"]
        self.assertEqual(service["service"], "samplePlugin")
        self.assertEqual([one["name"] for one in service["methods"]], ["greet"])

    def test_greets(self):
        greeting = self.plugin.ask("samplePlugin.greet", name="Ann", times=2)["result"]
        self.assertEqual(greeting, "Hello, Ann! Hello, Ann!")


if __name__ == "__main__":
    unittest.main()
