"""Python's suds, from the WSDL; see ../README.md."""

import json
import sys
from base64 import b64decode, b64encode
from datetime import datetime

import suds
from suds import WebFault
from suds.client import Client
from suds.sudsobject import Object, asdict
from suds.transport.http import HttpAuthenticated

scenario = json.loads(sys.argv[1])
encoded = scenario["mode"] == "encoded"
# It sends credentials once it has been asked for them, which whoever may do without is not.
credentials = b64encode(("%s:%s" % (scenario["user"], scenario["password"])).encode()).decode()
client = Client(scenario["wsdl"], cache=None, headers={"Authorization": "Basic " + credentials})


def native(tagged):
    kind, value = tagged
    match kind:
        case "bool":
            return value == "true"
        case "int" | "counter":
            return int(value)
        case "number":
            return float(value)
        case "time":
            return datetime.fromisoformat(value)
        case "any":
            return native(value)
        case "list":
            return {"item": [native(item) for item in value]}
        case "map":
            return {"item": [{"key": name, "value": native(member)} for name, member in value]}
        case "record":
            return {name: native(member) for name, member in value}
    # Bytes it leaves to its users, both ways.
    return value


def shown(value):
    match value:
        case None:
            return ["nil", ""]
        case bool():
            return ["bool", "true" if value else "false"]
        case int():
            return ["int", str(value)]
        case float():
            return ["number", repr(value)]
        case str():
            return ["string", str(value)]
        case datetime():
            return ["time", value.isoformat()]
        case list():
            return ["list", [shown(item) for item in value]]
        case Object():
            return ["struct", [[name, shown(member)] for name, member in asdict(value).items()]]
    return [type(value).__name__, str(value)]


def answer(method, args):
    given = {name: native(value) for name, value in args if value[0] != "nil"}
    try:
        return {"result": shown(getattr(client.service, method)(**given))}
    except WebFault as fault:
        detail = fault.fault.detail.ApiFault
        return {"fault": {"code": str(detail.code), "kind": str(detail.kind), "message": str(fault.fault.faultstring)}}
    except Exception as error:
        return {"failed": "%s: %s" % (type(error).__name__, error)}


print(json.dumps({"version": suds.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
