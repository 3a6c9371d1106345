"""A machine's life through Python's zeep, from the WSDL that the daemon serves; see ../README.md."""

import json
import re
import sys
import time

import zeep
from requests import Session
from zeep.transports import Transport

WAIT = 60

scenario = json.loads(sys.argv[1])
session = Session()
session.auth = (scenario["user"], scenario["password"])
client = zeep.Client(scenario["wsdl"], transport=Transport(session=session, operation_timeout=2 * WAIT))
service = client.service


def step(name, /, **seen):
    print(json.dumps({"step": name, **seen}), flush=True)
    if not sys.stdin.readline():
        sys.exit(1)


def items_from_map(pairs):
    return {"item": [{"key": key, "value": value} for key, value in pairs.items()]}


def map_from_items(array):
    # zeep reads an empty element as None, whatever its type.
    return {member["key"]: member["value"] or "" for member in array["item"]}


class Console:
    """Reads on from where it stopped."""

    def __init__(self, vm):
        self.vm = vm
        self.offset = 0

    def next_boot(self):
        text = ""
        while True:
            piece = service.vmConsoleOutput(vm=self.vm, offset=self.offset)
            self.offset = piece.end
            data = piece.data or b""
            text += data.decode("latin-1")
            found = re.search(scenario["bootMarker"], text)
            if found:
                return {"boot": found[1], "bytes": type(data).__name__}
            if not data:
                time.sleep(0.05)


step("methods", methods=sorted(service._binding._operations), binding=type(service._binding).__name__)
identity = service.sessionWhoami()
step("whoami", user=identity.user, account=identity.account, role=identity.role, token=identity.token)

cursor = service.eventPoll().next
machine = {**scenario["machine"], "labels": items_from_map(scenario["machine"]["labels"])}
operation = service.vmCreate(**machine, wait=WAIT)
vm = operation.resource
step("create", state=operation.state, vm=vm)

record = service.vmGet(vm=vm)
labels = map_from_items(record.labels)
step("read", name=record.name, state=record.state, memoryMiB=record.memoryMiB, labels=labels,
     unset=[name for name in ("image", "lastState") if record[name] is None],
     created=record.created.isoformat(), time=type(record.created).__name__)

page = service.vmList(labels=items_from_map(labels))
step("list", names=[item.name for item in page["items"]["item"]], total=page.total)

step("start", state=service.vmStart(vm=vm, paused=False, wait=WAIT).state)
console = Console(vm)
step("boot", **console.next_boot())

try:
    service.vmStart(vm=vm)
except zeep.exceptions.Fault as fault:
    detail = client.wsdl.types.deserialize(fault.detail[0])
    step("conflict", faultcode=fault.code, message=fault.message, kind=detail.kind, code=detail.code,
         resource=detail.resource)

step("pause", state=service.vmPause(vm=vm, wait=WAIT).state)
step("resume", state=service.vmResume(vm=vm, wait=WAIT).state)
step("reboot", state=service.vmReboot(vm=vm, wait=WAIT).state)
step("second boot", **console.next_boot())
step("power off", state=service.vmPowerOff(vm=vm, wait=WAIT).state)
step("delete", state=service.vmDelete(vm=vm, wait=WAIT).state)

events = service.eventPoll(after=cursor, types={"item": ["vm.created", "vm.deleted"]}).events["item"]
step("events", types=[event.type for event in events if event.resource == vm])
