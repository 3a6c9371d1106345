"""A cloud kept in SQLite, where machines are rows: put calls of your own in their place."""

import json
import sqlite3

from annelid.plugin import Conflict, Connector, InvalidParams, NotFound, serve


class Cloud(Connector):
    def __init__(self, config):
        file = config.get("file", "machines.db")
        if not isinstance(file, str):
            raise InvalidParams("file must be the path of a file.", field="/config/file")
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.execute("create table if not exists vm (id text primary key not null, key text unique, body text)")

    def rows(self, where="true", *values):
        return [json.loads(body) for (body,) in self.db.execute(f"select body from vm where {where}", values)]

    def become(self, vm, state, *before):
        machine = self.compute_get(vm)
        if machine["state"] not in (state, *before):
            raise Conflict(f"{machine['name']} is {machine['state']}.", resource=vm)
        machine["state"] = state
        self.db.execute("update vm set body = ? where id = ?", (json.dumps(machine), vm))
        self.changed(machine)
        return machine

    def compute_list(self):
        return {"items": self.rows()}

    def compute_get(self, vm):
        for machine in self.rows("id = ?", vm):
            return machine
        raise NotFound(f"There is no machine {vm}.", resource=vm)

    def compute_create(self, id, **wish):
        wanted = {name: wish[name] for name in ("name", "vcpus", "memoryMiB", "labels")}
        machine = {"id": id, "state": "stopped", "key": self.call.key, **wanted}
        row = (id, self.call.key, json.dumps(machine))
        if self.db.execute("insert or ignore into vm values (?, ?, ?)", row).rowcount:
            self.changed(machine)
        return self.rows("key = ?", self.call.key)[0]

    def compute_start(self, vm, paused=False):
        return self.become(vm, "paused" if paused else "running", "stopped")

    def compute_power_off(self, vm):
        return self.become(vm, "stopped", "running", "paused")

    def compute_delete(self, vm):
        if self.db.execute("delete from vm where id = ?", (vm,)).rowcount:
            self.deleted(vm)

    def find(self, call, params):
        made = self.rows("key = ?", self.call.key)
        return {"outcome": "done", "vm": made[0]} if made else {"outcome": "none"}


serve("cloud", Cloud, version="0.1.0")
