"""A cloud of one machine, whose history is the file named by the configuration: a state in each line.

Serves one call at a time and cannot report: it is asked after events, whose cursors are numbers of lines.
"""

import json
import sys

journal = None


def states():
    with open(journal, encoding="utf-8") as file:
        return file.read().split()


def machine(state):
    return {"id": "m", "name": "web1", "state": state}


def configure(params):
    global journal
    journal = params["config"]["journal"]
    return {}


def pull(params):
    known = states()
    if "since" not in params:
        return {"events": [], "next": str(len(known))}
    since = int(params["since"])
    if since > len(known):
        return {"events": [], "next": str(len(known)), "reset": True}
    new = known[since : since + params["max"]]
    events = [
        {"type": "vm.changed", "vm": machine(state), "cursor": str(since + at)} for at, state in enumerate(new, 1)
    ]
    return {"events": events, "next": str(since + len(new))}


calls = {
    "describe": lambda params: {
        "proto": [1],
        "name": "journal",
        "version": "1",
        "methods": ["compute.list", "compute.get"],
        "features": ["cursors"],
    },
    "configure": configure,
    "probe": lambda params: {},
    "events.pull": pull,
    "compute.list": lambda params: {"items": [machine(states()[-1])]},
    "compute.get": lambda params: machine(states()[-1]),
}

for line in sys.stdin:
    message = json.loads(line)
    if message.get("id") is None:
        continue
    call = calls.get(message["method"])
    answer = {"result": call(message["params"])} if call else {"error": {"code": -32601, "message": "no such method"}}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}), flush=True)
