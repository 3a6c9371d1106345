"""A plugin that publishes a method without a kit, described as generators of JSON Schema do. A file beside it, when it is
there, holds what else it publishes."""
import json
import os
import sys

extra = os.path.join(os.path.dirname(os.path.abspath(__file__)), "more.json")


def describe():
    methods = [
        {
            "name": "add",
            "doc": "Book an amount.",
            "params": {
                "type": "object",
                "properties": {
                    "amount": {"type": "integer"},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
                "required": ["amount"],
            },
            "result": {
                "title": "Entry",
                "type": "object",
                "properties": {"amount": {"type": "integer"}, "note": {"type": "string"}, "key": {"type": "boolean"}},
                "required": ["amount"],
            },
        }
    ]
    if os.path.exists(extra):
        with open(extra, encoding="utf-8") as file:
            methods += json.load(file)
    return {
        "proto": [1],
        "name": "ledger",
        "version": "3",
        "methods": [],
        "publishes": [{"service": "ledger", "doc": "Keeps the books.", "methods": methods}],
    }


for line in sys.stdin:
    call = json.loads(line)
    if "id" not in call:
        continue
    answer = {"jsonrpc": "2.0", "id": call["id"]}
    params = call.get("params", {})
    if call["method"] == "describe":
        answer["result"] = describe()
    elif call["method"] == "ledger.add":
        answer["result"] = {"amount": params["amount"], "note": params.get("note", "-"), "key": "key" in params["ctx"]}
    elif call["method"] == "ledger.crash":
        os.kill(os.getpid(), 9)
    else:
        answer["error"] = {"code": -32601, "message": "No such method."}
    print(json.dumps(answer), flush=True)
