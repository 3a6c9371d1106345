"""The same as ledger.mjs, one call at a time."""
import json
import os
import signal
import sys

settings = {}


def crash_at(moment, ctx):
    if ctx["attempt"] == 1 and ctx["key"].endswith("." + moment):
        os.kill(os.getpid(), signal.SIGKILL)


def note(ctx):
    crash_at("before", ctx)
    with open(settings["file"], "a") as ledger:
        ledger.write(ctx["key"] + "\n")
    crash_at("after", ctx)


def noted(key):
    try:
        with open(settings["file"]) as ledger:
            return key in ledger.read().split("\n")
    except FileNotFoundError:
        return False


def disturb(vm):
    kind = int(vm.split("-")[1]) % 10
    if kind == 3:
        print("a print that somebody forgot")
    if kind == 5:
        print("a warning", file=sys.stderr)
    if kind == 7:
        print("glued to the answer: { ", end="")


def answer(method, params):
    if method == "describe":
        methods = ["compute.list", "compute.get", "compute.reboot"]
        return {"proto": [1], "name": "ledger", "version": "1", "methods": methods}
    if method == "configure":
        settings.update(params["config"])
        return {}
    if method == "compute.list":
        return {"items": [{"id": f"vm-{n}", "state": "running"} for n in range(settings["machines"])]}
    if method == "compute.get":
        disturb(params["vm"])
        return {"id": params["vm"], "state": "running"}
    if method == "compute.reboot":
        note(params["ctx"])
        return {"id": params["vm"], "state": "running"}
    if method == "find":
        vm = {"id": params["params"]["vm"], "state": "running"}
        return {"outcome": "done", "vm": vm} if noted(params["ctx"]["key"]) else {"outcome": "none"}
    return None


for line in sys.stdin:
    request = json.loads(line)
    if request.get("id") is not None:
        result = answer(request["method"], request.get("params") or {})
        rest = {"error": {"code": -32601, "message": "no such method"}} if result is None else {"result": result}
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **rest}), flush=True)
