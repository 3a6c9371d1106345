"""Servers of a rented cloud, with the kit: what it knows of them, and who may do what, the daemon keeps."""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any, Optional

# The kit of this tree: nothing needs to be installed for it.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sdk/python/src"))

from annelid.plugin import Connector, Failed, InvalidParams, NotFound, Quota, Unavailable, published, serve  # noqa: E402

PAUSE = 3600
"""Seconds between two installations of one server."""


class Rented(Connector):
    services = {"rented": "What rented servers have beside the calls of every machine."}

    def __init__(self, config: dict[str, Any]) -> None:
        self.url = config.get("url")
        if not isinstance(self.url, str):
            raise InvalidParams("url must be where the cloud is.", field="/config/url")

    def probe(self) -> None:
        self.cloud("GET", "servers")

    def compute_list(self, **_: Any) -> dict[str, Any]:
        return {"items": [machine(server) for server in self.cloud("GET", "servers")]}

    def compute_get(self, vm: str) -> dict[str, Any]:
        return machine(self.cloud("GET", "servers", vm))

    @published("rented.install", returns="When it may be installed again.")
    def install(self, vm: Annotated[str, "Its id."], image: Annotated[str, "What is installed."]) -> datetime:
        """Install a server anew, once an hour at most. What is on its disks is lost."""
        # Callers name machines as the daemon does. One of somebody else is not there.
        known = self.call.host.lookup(id=vm)
        if known["account"] != self.call.account:
            raise NotFound(f"There is no vm {vm}.", resource=vm)
        server = known["nativeId"]
        # Among all processes of the connector: while one is replaced there are two.
        with self.call.host.lock(f"install {server}", lease=60, wait=10):
            free = self.call.host.state(f"free {server}")
            if free.version and free.value > time.time():
                wait = round(1000 * (free.value - time.time()))
                raise Quota(f"{known['name']} was installed less than an hour ago.", retryAfterMs=wait, outcome="none")
            self.cloud("POST", "servers", server, "install", body={"image": image, "key": self.call.key})
            again = time.time() + PAUSE
            self.call.host.keep(f"free {server}", again, free.version)
        return datetime.fromtimestamp(again, timezone.utc)

    def cloud(self, method: str, *path: str, body: Optional[object] = None) -> Any:
        """What the cloud answers. The token is asked for each time, and kept nowhere."""
        where = "/".join(urllib.parse.quote(part, safe="") for part in path)
        request = urllib.request.Request(f"{self.url}/{where}", method=method)
        request.add_header("Authorization", f"Bearer {self.call.host.secret('token')}")
        if body is not None:
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=self.call.remaining) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise NotFound(f"There is no machine {path[1]}.", resource=path[1], outcome="none") from error
            if error.code == 401:
                raise Unavailable("The cloud refuses the token.", outcome="none") from error
            raise Failed(f"The cloud answers {error.code}.") from error
        except OSError as error:
            raise Unavailable(f"The cloud cannot be reached: {error}") from error


def machine(server: dict[str, Any]) -> dict[str, Any]:
    state = "running" if server["power"] == "on" else "stopped"
    return {"state": state, **{name: server.get(name) for name in ("id", "name", "vcpus", "memoryMiB", "labels")}}


serve("rented", Rented, version="1.0.0", concurrency=8)
