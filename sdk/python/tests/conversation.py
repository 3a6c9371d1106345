"""A host in memory."""

import json
import threading

from annelid.plugin._connector import describe
from annelid.plugin._session import Session

CTX = {"v": 1, "instance": "one", "logLevel": "info"}


class Host:
    """Sends lines to a session and keeps what it says."""

    def __init__(self, connector, config=None, concurrency=1, configure=True):
        self.said = []
        self._arrived = threading.Condition()
        self.session = Session(connector, describe(connector, "kit", "1.0", concurrency), self._take)
        self._last = 0
        if configure:
            self.ask("configure", config=config or {})

    def _take(self, message):
        with self._arrived:
            self.said.append(json.loads(message))
            self._arrived.notify_all()

    def send(self, method, ctx=CTX, **params):
        self._last += 1
        request = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": {**params, "ctx": ctx}}
        self.session.receive(json.dumps(request).encode() + b"\n")
        return self._last

    def answer(self, request_id):
        def found():
            return next((one for one in self.said if one.get("id") == request_id and "method" not in one), None)

        with self._arrived:
            if not self._arrived.wait_for(found, 10):
                raise AssertionError(f"There is no answer to {request_id}.")
            return found()

    def ask(self, method, ctx=CTX, **params):
        return self.answer(self.send(method, ctx, **params))

    def told(self, method):
        return [one["params"] for one in self.said if one.get("method") == method]

    def wait_for(self, method):
        with self._arrived:
            if not self._arrived.wait_for(lambda: self.told(method), 10):
                raise AssertionError(f"There is no {method}.")
        return self.told(method)
