"""PySimpleSOAP, from the WSDL; see ../README.md."""

import json
import sys
from base64 import b64encode
from datetime import datetime

import pysimplesoap
from pysimplesoap.client import SoapClient, SoapFault

scenario = json.loads(sys.argv[1])
# It leaves credentials to its users.
credentials = b64encode(("%s:%s" % (scenario["user"], scenario["password"])).encode()).decode()
client = SoapClient(wsdl=scenario["wsdl"], http_headers={"Authorization": "Basic " + credentials})


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
        case "list" if all(item[0] != "record" for item in value):
            return [{"item": native(item)} for item in value]
        case "list":
            return {"item": [native(item) for item in value]}
        case "map":
            return {"item": [{"key": name, "value": native(member)} for name, member in value]}
        case "record":
            return {name: native(member) for name, member in value}
    # Bytes are the text that stands for them.
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
            return ["string", value]
        case datetime():
            return ["time", value.isoformat()]
        # So it has lists of what is no record.
        case list() if all(isinstance(item, dict) and list(item) == ["item"] for item in value):
            return ["struct", [["item", ["list", [shown(item["item"]) for item in value]]]]]
        case list():
            return ["list", [shown(item) for item in value]]
        case dict():
            return ["struct", [[name, shown(member)] for name, member in value.items()]]
    return [type(value).__name__, str(value)]


def answer(method, args):
    given = {name: native(value) for name, value in args if value[0] != "nil"}
    try:
        return {"result": shown(getattr(client, method)(**given).get("return"))}
    except SoapFault as fault:
        detail = fault.detail["ApiFault"]
        return {"fault": {"code": str(detail["code"]), "kind": detail["kind"], "message": fault.faultstring}}
    except Exception as error:
        return {"failed": "%s: %s" % (type(error).__name__, error)}


print(json.dumps({"version": pysimplesoap.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
