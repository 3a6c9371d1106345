# suds with a WSDL of rpc; see ../README.md.
import base64
import json
import sys

from suds import WebFault
from suds.client import Client

scenario = json.loads(sys.argv[1])
encoded = scenario["mode"] == "encoded"
client = Client(scenario["wsdl"], cache=None)
service = client.service


def make(kind, items):
    made = client.factory.create(kind)
    made.item = items
    return made


disk = client.factory.create("NewDisk")
disk.sizeMiB = 5
labels = "{http://xml.apache.org/xml-soap}Map" if encoded else "ArrayOfProperty"
machine = service.vmGet(vm="web1")
items = (lambda found: found) if encoded else (lambda found: found.item)
created = service.vmCreate(
    name="n",
    disks=make("ArrayOfNewDisk", [disk, disk]),
    networks=make("ArrayOfString", ["x", "y"]),
    labels=make(labels, [{"key": "a", "value": "b"}]),
)
polled = service.eventPoll(after=9007199254740993, types=make("ArrayOfString", ["vm.created"]))
try:
    service.vmGet(vm="web9")
except WebFault as fault:
    kind = fault.fault.detail.ApiFault.kind
print(json.dumps({
    "version": service.systemVersion().name,
    "machine": machine.name,
    "label": {str(one.key): one.value for one in machine.labels.item}["tier"],
    "disk": items(machine.disks)[0].sizeMiB,
    "created": created.method,
    "events": len(items(polled.events)),
    "text": base64.b64decode(service.vmConsoleOutput(vm="web1", offset=0).data).decode(),
    "fault": kind,
}))
