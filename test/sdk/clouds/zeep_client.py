"""Python's zeep leads a machine through its life in every connector at once."""

import sys
from urllib.parse import urlsplit

import zeep
from requests import Session
from zeep.transports import Transport

url, prefix, *connectors = sys.argv[1:]
at = urlsplit(url)
session = Session()
session.auth = (at.username, at.password)
api = zeep.Client(f"http://{at.hostname}:{at.port}/soap?wsdl", transport=Transport(session=session)).service


def everywhere(call):
    """The call is made in every connector before the end of any is waited for."""
    begun = [call(f"{prefix}-{connector}", connector) for connector in connectors]
    print(*[api.operationWait(operation=one.id, wait=60).state for one in begun])


cursor = api.eventPoll().next
labels = {"item": [{"key": "by", "value": prefix}]}
everywhere(lambda name, of: api.vmCreate(name=name, connector=of, memoryMiB=64, labels=labels))
everywhere(lambda name, of: api.vmStart(vm=name))
for connector in connectors:
    try:
        api.vmStart(vm=f"{prefix}-{connector}")
    except zeep.exceptions.Fault as fault:
        print(fault.detail.findtext(".//{*}code"), fault.message)
for connector in connectors:
    vm = api.vmGet(vm=f"{prefix}-{connector}")
    print(vm.state, vm.memoryMiB, vm.labels.item[0].value)
everywhere(lambda name, of: api.vmPowerOff(vm=name))
for connector in connectors:
    items = api.vmList(connector=connector, refresh=True)["items"].item
    print(*[one.state for one in items if one.name.startswith(prefix)])
everywhere(lambda name, of: api.vmDelete(vm=name))
events = api.eventPoll(after=cursor, limit=1000, types={"item": ["vm.deleted"]}).events.item
names = [member.value for one in events for member in one.data.item if member.key == "name"]
print(len([name for name in names if name.startswith(prefix)]))
