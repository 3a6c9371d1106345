"""Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON."""

import json
import os
import subprocess
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Plugin:
    def __init__(self, config):
        with open(os.path.join(FOLDER, "manifest.json")) as manifest:
            run = json.load(manifest)["run"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
        self.process = subprocess.Popen(run, cwd=FOLDER, **pipes)
        self.last = 0
        self.ask("configure", config=config)

    def ask(self, method, key=None, **params):
        """What it answers: `result` or `error`."""
        self.last += 1
        params["ctx"] = {"v": 1, "instance": "test", "logLevel": "info", **({"key": key} if key else {})}
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.last and "method" not in answer:
                return answer
        raise AssertionError(f"The plugin ended and did not answer {method}.")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


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
