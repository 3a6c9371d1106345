"""Machines of sample-plugin, without any library: for a start, rows in SQLite. Put calls of your cloud in their place."""

import json
import sqlite3
import sys
import traceback

NAME, VERSION = "sample-plugin", "0.1.0"


class Fault(Exception):
    """What the caller should read: a code of clause 8.2, a kind and a sentence."""

    def __init__(self, code, kind, message):
        super().__init__(message)
        self.error = {"code": code, "message": message, "data": {"kind": kind, "outcome": "none"}}


db = None


def describe(params):
    return {"proto": [1], "name": NAME, "version": VERSION, "methods": sorted(m for m in METHODS if "." in m)}


def configure(params):
    global db
    file = params["config"].get("file", "machines.db")
    if not isinstance(file, str):
        raise Fault(400, "invalid-params", "file must be the path of a file.")
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("create table if not exists vm (id text primary key not null, key text unique, body text)")
    return {"idempotency": "key"}


def rows(where="true", *values):
    return [json.loads(body) for (body,) in db.execute(f"select body from vm where {where}", values)]


def get(params):
    for machine in rows("id = ?", params["vm"]):
        return machine
    raise Fault(404, "not-found", f"There is no machine {params['vm']}.")


def create(params):
    machine = {name: params[name] for name in ("id", "name", "vcpus", "memoryMiB", "labels")}
    key = params["ctx"]["key"]
    machine.update(state="stopped", key=key)
    db.execute("insert or ignore into vm values (?, ?, ?)", (machine["id"], key, json.dumps(machine)))
    return rows("key = ?", key)[0]


def become(params, state, *before):
    machine = get(params)
    if machine["state"] not in (state, *before):
        raise Fault(409, "conflict", f"{machine['name']} is {machine['state']}.")
    machine["state"] = state
    db.execute("update vm set body = ? where id = ?", (json.dumps(machine), machine["id"]))
    return machine


def delete(params):
    db.execute("delete from vm where id = ?", (params["vm"],))
    return {}


def find(params):
    made = rows("key = ?", params["ctx"]["key"])
    return {"outcome": "done", "vm": made[0]} if made else {"outcome": "none"}


METHODS = {
    "describe": describe,
    "configure": configure,
    "find": find,
    "compute.list": lambda params: {"items": rows()},
    "compute.get": get,
    "compute.create": create,
    "compute.start": lambda params: become(params, "paused" if params.get("paused") else "running", "stopped"),
    "compute.powerOff": lambda params: become(params, "stopped", "running", "paused"),
    "compute.delete": delete,
}


def answer(method, params):
    if method not in METHODS:
        return {"error": {"code": -32601, "message": f"{NAME} has no method {method}."}}
    try:
        return {"result": METHODS[method](params)}
    except Fault as fault:
        return {"error": fault.error}
    except Exception:
        traceback.print_exc()
        return {"error": {"code": 500, "message": f"{method} failed; the daemon's log says why."}}


# Standard output belongs to the protocol: what is printed by accident goes to standard error, that is to the log.
out, sys.stdout = sys.stdout, sys.stderr
sys.stdin.reconfigure(encoding="utf-8", errors="replace")
out.reconfigure(encoding="utf-8")
for line in sys.stdin:
    try:
        request = json.loads(line)
    except ValueError:
        continue
    if isinstance(request, dict) and request.get("id") is not None and "method" in request:
        reply = answer(request["method"], request.get("params") or {})
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **reply}), file=out, flush=True)
