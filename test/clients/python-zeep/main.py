"""Python's zeep, from the WSDL; see ../README.md."""

import json
import sys
from base64 import b64decode, b64encode
from datetime import datetime

import zeep
from requests import Session
from zeep.xsd import AnyObject
from zeep.transports import Transport
from zeep.xsd.valueobjects import CompoundValue

scenario = json.loads(sys.argv[1])
session = Session()
session.auth = (scenario["user"], scenario["password"])
client = zeep.Client(scenario["wsdl"], transport=Transport(session=session))


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
        case "bytes":
            return b64decode(value)
        case "any":
            return undeclared(value)
        case "list":
            return {"item": [native(item) for item in value]}
        case "map":
            return {"item": [{"key": name, "value": native(member)} for name, member in value]}
        case "record":
            return {name: native(member) for name, member in value}
    return value


def undeclared(tagged):
    """The type goes with the value where the WSDL declares none."""
    kind, value = tagged
    if kind in ("list", "map"):
        made = client.get_type("{urn:annelid:any}" + kind.capitalize())
        if kind == "list":
            return AnyObject(made, made(item=[undeclared(item) for item in value]))
        return AnyObject(made, made(item=[{"key": name, "value": undeclared(member)} for name, member in value]))
    types = {"bool": zeep.xsd.Boolean, "int": zeep.xsd.Int, "number": zeep.xsd.Double, "string": zeep.xsd.String}
    return AnyObject(types[kind](), native(tagged))


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
        case bytes():
            return ["bytes", b64encode(value).decode()]
        case list():
            return ["list", [shown(item) for item in value]]
        case CompoundValue():
            return ["struct", [[name, shown(member)] for name, member in value.__values__.items()]]
    return [type(value).__name__, str(value)]


def answer(method, args):
    given = {name: native(value) for name, value in args if value[0] != "nil"}
    try:
        return {"result": shown(client.service[method](**given))}
    except zeep.exceptions.Fault as fault:
        detail = client.wsdl.types.deserialize(fault.detail[0])
        return {"fault": {"code": str(detail.code), "kind": detail.kind, "message": fault.message}}
    except Exception as error:
        return {"failed": "%s: %s" % (type(error).__name__, error)}


print(json.dumps({"version": zeep.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
