"""Volumes of sample-plugin, kept in SQLite: put calls of your storage in their place."""

import sqlite3
from typing import Annotated

from annelid.plugin import Connector, Exists, InvalidParams, published, serve

EXAMPLE = {"name": "data1", "sizeMiB": 1024}


class SamplePlugin(Connector):
    services = {"samplePlugin": "Makes and removes the volumes of sample-plugin."}

    def __init__(self, config):
        file = config.get("file", "volumes.db")
        if not isinstance(file, str):
            raise InvalidParams("file must be the path of a file.", field="/config/file")
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.execute("create table if not exists volume (name text primary key not null, sizeMiB integer not null)")

    def storage_list(self):
        rows = self.db.execute("select name, sizeMiB from volume order by name")
        return {"items": [{"id": name, "name": name, "sizeMiB": size} for name, size in rows]}

    @published("samplePlugin.create", permission="admin", example={"params": EXAMPLE, "result": "data1"})
    def create(
        self,
        name: Annotated[str, "What it is called.", {"minLength": 1, "maxLength": 200}],
        sizeMiB: Annotated[int, "Its size in MiB.", {"minimum": 1}],
    ) -> Annotated[str, "Its id."]:
        """Make a volume. One of that name and size that is there already is as good as new."""
        row = (name, sizeMiB)
        if self.db.execute("insert or ignore into volume values (?, ?)", row).rowcount:
            self.resync()
        elif row not in self.db.execute("select name, sizeMiB from volume"):
            raise Exists(f"There is a volume {name} of another size.", resource=name)
        return name

    @published("samplePlugin.delete", permission="admin", example={"params": {"volume": "data1"}, "result": True})
    def delete(self, volume: Annotated[str, "Its id."]) -> Annotated[bool, "Whether it was there."]:
        """Remove a volume and what is on it. One that is gone already is no fault."""
        gone = self.db.execute("delete from volume where name = ?", (volume,)).rowcount > 0
        if gone:
            self.resync()
        return gone


serve("sample-plugin", SamplePlugin, version="0.1.0")
