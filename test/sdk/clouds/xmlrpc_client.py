"""Python's xmlrpc.client leads a machine through its life in every connector at once."""

import sys
import xmlrpc.client

url, prefix, *connectors = sys.argv[1:]
api = xmlrpc.client.ServerProxy(url + "/RPC2")


def everywhere(call):
    """The call is made in every connector before the end of any is waited for."""
    begun = [call(f"{prefix}-{connector}", connector) for connector in connectors]
    print(*[api.operation.wait({"operation": one["id"], "wait": 60})["state"] for one in begun])


cursor = api.event.poll()["next"]
everywhere(lambda name, of: api.vm.create({"name": name, "connector": of, "memoryMiB": 64, "labels": {"by": prefix}}))
everywhere(lambda name, of: api.vm.start({"vm": name}))
for connector in connectors:
    try:
        api.vm.start({"vm": f"{prefix}-{connector}"})
    except xmlrpc.client.Fault as fault:
        print(fault.faultCode, fault.faultString)
for connector in connectors:
    vm = api.vm.get({"vm": f"{prefix}-{connector}"})
    print(vm["state"], vm["memoryMiB"], vm["labels"]["by"])
everywhere(lambda name, of: api.vm.powerOff({"vm": name}))
for connector in connectors:
    items = api.vm.list({"connector": connector, "refresh": True})["items"]
    print(*[one["state"] for one in items if one["name"].startswith(prefix)])
everywhere(lambda name, of: api.vm.delete({"vm": name}))
events = api.event.poll({"after": cursor, "limit": 1000, "types": ["vm.deleted"]})["events"]
print(len([one for one in events if one["data"]["name"].startswith(prefix)]))
