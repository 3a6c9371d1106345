"""The plugin of test/sdk/conversation.ts."""

import os
import subprocess
import sys
import threading
import time

from annelid.plugin import Connector, serve

together = threading.Barrier(64)


class Lab(Connector):
    def compute_list(self):
        print("a forgotten print")
        os.write(1, b"from a library\n")
        subprocess.run(["echo", "from a child"])
        return {"items": []}

    def compute_get(self, vm):
        together.wait()
        return {"id": vm, "state": "running"}

    def compute_start(self, vm):
        raise ValueError("A slip.")

    def compute_shutdown(self, vm):
        self.call.progress(10, "Waiting.")
        self.call.sleep(3600)

    def compute_power_off(self, vm):
        self.call.progress(message="Deaf.")
        while True:
            time.sleep(3600)

    def compute_console_output(self, vm, maxBytes):
        return {"data": b"x" * maxBytes, "start": "0", "end": str(maxBytes)}

    def close(self):
        print("closed", file=sys.stderr)


serve("lab", Lab, concurrency=64)
