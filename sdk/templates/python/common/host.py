"""Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON."""

import json
import os
import subprocess

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
            if "method" in answer and "id" in answer:
                raise AssertionError(f"It asks the daemon for {answer['method']}: answer that here.")
        raise AssertionError(f"The plugin ended and did not answer {method}.")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)

    def kill(self):
        self.process.kill()
        self.process.communicate()
