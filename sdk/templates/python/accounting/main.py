"""Books kept in SQLite, with a row for each entry: put calls of your accounting in their place."""

import sqlite3

from annelid.plugin import Connector, InvalidParams, Unavailable, serve

BOOKS = """create table if not exists entry (
    id text primary key not null, vm text, name text, account text, connector text,
    vcpus integer, memoryMiB integer, began text, ended text, seconds real
)"""
ADD = """insert into entry
    values (:id, :vm, :name, :account, :connector, :vcpus, :memoryMiB, :began, :ended, :seconds)
    on conflict (id) do nothing"""


class SamplePlugin(Connector):
    def __init__(self, config):
        file = config.get("file", "books.db")
        if not isinstance(file, str):
            raise InvalidParams("file must be the path of a file.", field="/config/file")
        self.db = sqlite3.connect(file)
        # What was answered is on the disk, also when the power fails.
        self.db.execute("pragma synchronous = full")
        self.db.execute(BOOKS)

    def accounting_record(self, entries):
        rows = [{"vcpus": None, "memoryMiB": None, **entry} for entry in entries]
        try:
            with self.db:
                self.db.executemany(ADD, rows)
        except sqlite3.OperationalError as error:
            # The daemon keeps them, and tells them again.
            raise Unavailable(f"The books cannot be written: {error}.") from error


serve("sample-plugin", SamplePlugin, version="0.1.0")
