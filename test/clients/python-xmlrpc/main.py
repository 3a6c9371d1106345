"""A machine's life through Python's own xmlrpc.client; see ../README.md."""

import json
import re
import sys
import time
import xmlrpc.client
from urllib.parse import quote

WAIT = 60

scenario = json.loads(sys.argv[1])
credentials = "%s:%s@" % (quote(scenario["user"]), quote(scenario["password"]))
server = xmlrpc.client.ServerProxy(scenario["endpoint"].replace("//", "//" + credentials, 1), use_builtin_types=True)


def step(name, /, **seen):
    print(json.dumps({"step": name, **seen}), flush=True)
    if not sys.stdin.readline():
        sys.exit(1)


class Console:
    """Reads on from where it stopped."""

    def __init__(self, vm):
        self.vm = vm
        self.offset = "0"

    def next_boot(self):
        text = ""
        while True:
            piece = server.vm.consoleOutput(self.vm, self.offset)
            self.offset = piece["end"]
            text += piece["data"].decode("latin-1")
            found = re.search(scenario["bootMarker"], text)
            if found:
                return {"boot": found[1], "bytes": type(piece["data"]).__name__}
            if not piece["data"]:
                time.sleep(0.05)


step("methods", methods=server.system.listMethods(), help=server.system.methodHelp("vm.start"),
     signature=server.system.methodSignature("vm.pause"))
step("whoami", **server.session.whoami())

cursor = server.event.poll()["next"]
operation = server.vm.create({**scenario["machine"], "wait": WAIT})
vm = operation["resource"]
step("create", state=operation["state"], vm=vm)

record = server.vm.get(vm)
step("read", name=record["name"], state=record["state"], memoryMiB=record["memoryMiB"], labels=record["labels"],
     unset=[name for name in ("image", "lastState") if name not in record],
     created=record["created"].isoformat(), time=type(record["created"]).__name__)

page = server.vm.list({"labels": record["labels"]})
step("list", names=[item["name"] for item in page["items"]], total=page["total"])

step("start", state=server.vm.start(vm, False, WAIT)["state"])
console = Console(vm)
step("boot", **console.next_boot())

try:
    server.vm.start(vm)
except xmlrpc.client.Fault as fault:
    step("conflict", code=fault.faultCode, message=fault.faultString)

step("pause", state=server.vm.pause(vm, WAIT)["state"])
step("resume", state=server.vm.resume(vm, WAIT)["state"])
step("reboot", state=server.vm.reboot(vm, WAIT)["state"])
step("second boot", **console.next_boot())
step("power off", state=server.vm.powerOff(vm, WAIT)["state"])
step("delete", state=server.vm.delete(vm, WAIT)["state"])

events = server.event.poll({"after": cursor, "types": ["vm.created", "vm.deleted"]})["events"]
step("events", types=[event["type"] for event in events if event["resource"] == vm])
