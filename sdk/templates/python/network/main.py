"""Networks of sample-plugin, kept in SQLite: put calls of your switches in their place."""

import json
import sqlite3
from typing import Annotated

from annelid.plugin import Connector, Exists, InvalidParams, published, serve

EXAMPLE = {"name": "blue", "cidrs": ["10.1.0.0/16"]}


class SamplePlugin(Connector):
    services = {"samplePlugin": "Makes and removes the networks of sample-plugin."}

    def __init__(self, config):
        file = config.get("file", "networks.db")
        if not isinstance(file, str):
            raise InvalidParams("file must be the path of a file.", field="/config/file")
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.execute("create table if not exists network (name text primary key not null, cidrs text not null)")

    def network_list(self):
        rows = self.db.execute("select name, cidrs from network order by name")
        return {"items": [{"id": name, "name": name, "state": "up", "cidrs": json.loads(cidrs)} for name, cidrs in rows]}

    @published("samplePlugin.create", permission="admin", example={"params": EXAMPLE, "result": "blue"})
    def create(
        self,
        name: Annotated[str, "What it is called.", {"minLength": 1, "maxLength": 200}],
        cidrs: Annotated[list[Annotated[str, {"maxLength": 64}]], "Its ranges of addresses.", {"maxItems": 16}],
    ) -> Annotated[str, "Its id."]:
        """Make a network. One of that name and with those ranges that is there already is as good as new."""
        row = (name, json.dumps(cidrs))
        if self.db.execute("insert or ignore into network values (?, ?)", row).rowcount:
            self.resync()
        elif row not in self.db.execute("select name, cidrs from network"):
            raise Exists(f"There is a network {name} with other ranges.", resource=name)
        return name

    @published("samplePlugin.delete", permission="admin", example={"params": {"network": "blue"}, "result": True})
    def delete(self, network: Annotated[str, "Its id."]) -> Annotated[bool, "Whether it was there."]:
        """Remove a network. One that is gone already is no fault."""
        gone = self.db.execute("delete from network where name = ?", (network,)).rowcount > 0
        if gone:
            self.resync()
        return gone


serve("sample-plugin", SamplePlugin, version="0.1.0")
