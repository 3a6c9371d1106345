"""What XMLRPC::Test calls, without a kit: it knows the states of America, and echoes."""

import json
import sys

states = "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois".split()
number = {"type": "integer"}
numbers = {name: number for name in ("first", "second", "third", "fourth")}


def method(name, properties):
    return {"name": name, "changes": False, "permission": "public", "params": {"properties": properties}}


publishes = [
    {
        "service": "states",
        "methods": [
            method("name", {"number": number}),
            method("names", numbers),
            method("list", {"numbers": {"type": "array", "items": number}}),
            method("struct", {"numbers": {}}),
            method("echo", {"value%d" % at: {} for at in range(10)}),
            method("die", {}),
            method("dieWithFault", {}),
        ],
    }
]


class Died(Exception):
    pass


def call(method, params):
    match method:
        case "describe":
            return {"proto": [1], "name": "states", "version": "1", "methods": [], "publishes": publishes}
        case "states.name":
            return states[params["number"] - 1]
        case "states.names":
            return "\n".join(states[params[name] - 1] for name in numbers)
        case "states.list":
            return [states[number - 1] for number in params["numbers"]]
        case "states.struct":
            return {name: states[number - 1] for name, number in params["numbers"].items()}
        case "states.echo":
            return params.get("value0")
        case "states.die":
            raise Died("Something bad happened in our method")
        case "states.dieWithFault":
            raise Died("Died in server method")
    return {}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        try:
            answer = {"result": call(message["method"], message.get("params"))}
        except Died as why:
            answer = {"error": {"code": 502, "message": str(why), "data": {"kind": "failed"}}}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}), flush=True)
