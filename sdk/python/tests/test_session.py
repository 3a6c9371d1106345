import logging
import os
import sys
import threading
import unittest
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from annelid.plugin import Connector, InvalidParams
from annelid.plugin._session import LogHandler

from .conversation import CTX, Host


class Lists(Connector):
    def compute_list(self):
        return {"items": []}


class TestSession(unittest.TestCase):
    def test_describes_a_class_by_what_is_in_it(self):
        class Own(Lists):
            def probe(self):
                pass

        answer = Host(Own, concurrency=3, configure=False).ask("describe")
        self.assertEqual(
            answer["result"],
            {
                "proto": [1],
                "name": "kit",
                "version": "1.0",
                "methods": ["compute.list"],
                "concurrency": 3,
                "features": ["events", "progress", "cancel", "instances"],
                "idempotency": "none",
            },
        )

    def test_promises_idempotency_when_it_has_find(self):
        class Finds(Lists):
            def find(self, call, params):
                return {"outcome": "done", "vm": {"id": f"{call} {params['vm']} {self.call.key}", "state": "running"}}

        host = Host(Finds)
        self.assertEqual(host.ask("describe")["result"]["idempotency"], "key")
        found = host.ask("find", {**CTX, "key": "k"}, call="compute.start", params={"vm": "a"})
        self.assertEqual(found["result"]["vm"]["id"], "compute.start a k")

    def test_makes_a_connector_for_each_instance(self):
        class Named(Connector):
            def compute_get(self, vm):
                return {"id": vm, "state": "running", "name": f"{self.instance} {self.config['name']}"}

        host = Host(Named, {"name": "north"})
        two = {**CTX, "instance": "two"}
        host.ask("configure", two, config={"name": "south"})
        names = [host.ask("compute.get", ctx, vm="a")["result"]["name"] for ctx in (CTX, two)]
        self.assertEqual(names, ["one north", "two south"])
        error = host.ask("compute.get", {**CTX, "instance": "three"}, vm="a")["error"]
        self.assertEqual(error["message"], "The instance three has not been configured.")
        self.assertEqual(error["data"], {"kind": "internal", "outcome": "none"})

    def test_closes_an_instance_that_is_configured_anew(self):
        closed = []

        class Closes(Lists):
            def close(self):
                closed.append(self.config["name"])

        host = Host(Closes, {"name": "first"})
        host.ask("configure", config={"name": "second"})
        self.assertEqual(closed, ["first"])
        host.session.close()
        self.assertEqual(closed, ["first", "second"])

    def test_answers_a_fault_of_the_constructor(self):
        class Picky(Connector):
            def __init__(self, config):
                raise InvalidParams(f"There is no region {config['region']}.", field="/region")

        host = Host(Picky, configure=False)
        self.assertEqual(
            host.ask("configure", config={"region": "moon-1"})["error"],
            {
                "code": 400,
                "message": "There is no region moon-1.",
                "data": {"kind": "invalid-params", "outcome": "none", "field": "/region"},
            },
        )

    def test_gives_a_method_what_it_takes_and_no_more(self):
        class Some(Connector):
            def compute_create(self, id, name, *, image=None, **_):
                return {"id": id, "name": name, "state": "stopped", "image": image}

            def compute_start(self, vm):
                return {"id": vm, "state": "running"}

        host = Host(Some)
        wish = {"id": "a", "name": "web1", "vcpus": 1, "memoryMiB": 64, "disks": [], "networks": [], "labels": {}}
        self.assertEqual(host.ask("compute.create", **wish)["result"]["image"], None)
        self.assertEqual(host.ask("compute.start", vm="a", paused=True, later=1)["result"]["id"], "a")

    def test_says_what_goes_with_a_call(self):
        seen = []

        class Looks(Connector):
            def compute_start(self, vm):
                call = self.call
                seen.append((call.instance, call.key, call.attempt, call.actor, call.account, call.cancelled))
                return {"id": vm, "state": "running"}

        Host(Looks).ask("compute.start", {**CTX, "key": "k", "attempt": 2, "actor": "ann", "timeoutMs": 50_000}, vm="a")
        self.assertEqual(seen, [("one", "k", 2, "ann", None, False)])

    def test_has_no_call_outside_of_calls(self):
        with self.assertRaises(RuntimeError):
            Lists({}).call

    def test_tells_nobody_what_a_bug_was_but_logs_it(self):
        class Slips(Connector):
            def compute_list(self):
                raise ValueError("secret of the backend")

            def compute_hosts(self):
                return {"items": [object()]}

            def compute_images(self):
                raise SystemExit(3)

        host = Host(Slips)
        for method in ("compute.list", "compute.hosts", "compute.images"):
            with self.assertLogs("annelid.plugin", "ERROR") as logs:
                error = host.ask(method)["error"]
            self.assertEqual(error["message"], f"kit failed in {method}; the daemon's log says why.")
            self.assertEqual((error["code"], error["data"]), (500, {"kind": "internal"}))
            self.assertIn("Traceback", logs.output[0])

    def test_ends_a_process_that_a_call_has_forked(self):
        class Forks(Lists):
            def compute_list(self):
                ended = []
                for leave in (lambda: None, lambda: sys.exit(7), lambda: 1 / 0):
                    child = os.fork()
                    if child == 0:
                        sys.stderr = open(os.devnull, "w")
                        leave()
                        return {"items": []}
                    ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                return {"items": [{"id": str(ended), "state": "running"}]}

        self.assertEqual(Host(Forks).ask("compute.list")["result"]["items"][0]["id"], "[0, 7, 1]")

    def test_answers_what_it_lacks_with_unknown_method(self):
        host = Host(Lists)
        for method in ("compute.get", "compute_list", "__init__", "close", "call", "drain", "probe"):
            self.assertEqual(host.ask(method)["error"]["code"], -32601, method)

    def test_refuses_what_is_no_request_and_logs_what_is_no_message(self):
        host = Host(Lists)
        for line in (b'{"jsonrpc":"2.0","id":1}', b'{"jsonrpc":"2.0","id":2,"method":"echo","params":[1]}'):
            host.session.receive(line)
        self.assertEqual([one["error"]["code"] for one in host.said[1:]], [-32600, -32600])
        hostile = (b"hello", b"[]", b"1", b"null", b"\xff\xfe", b'{"jsonrpc":"1.0","id":3}')
        for line in (*hostile, b"[" * 100_000, b"{" * 9999):
            with self.assertLogs("annelid.plugin", "WARNING"):
                host.session.receive(line)
        for line in (
            b'{"jsonrpc":"2.0","method":"$/unknown","params":{}}',
            b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":[]}}',
            b'{"jsonrpc":"2.0","method":"$/cancel","params":3}',
            b'{"jsonrpc":"2.0","id":true,"method":"echo"}',
        ):
            host.session.receive(line)
        self.assertEqual(len(host.said), 3)

    def test_outlives_values_that_no_answer_can_hold(self):
        host = Host(Lists)
        huge = b"9" * 400
        with self.assertLogs("annelid.plugin", "ERROR"):
            for hostile in (
                b'"id":7,"method":"echo","params":{"a":NaN}',
                b'"id":7,"method":"echo","params":{"a":1e999}',
                b'"id":1e999,"method":"compute.list","params":{}',
                b'"id":7,"method":"compute.list","params":{"ctx":{"timeoutMs":%s}}' % huge,
                b'"id":7,"method":"compute.list","params":{"ctx":{"timeoutMs":"x","attempt":[],"instance":{}}}',
            ):
                host.session.receive(b'{"jsonrpc":"2.0",%s}' % hostile)
        self.assertEqual(host.ask("compute.list")["result"], {"items": []})

    def test_finds_a_message_behind_noise(self):
        host = Host(Lists)
        host.session.receive(b'a {b} {"c": {"jsonrpc":"2.0","id":77,"method":"echo","params":{"d":1}}\r\n')
        self.assertEqual(host.answer(77)["result"], {"d": 1})

    def test_cancels_a_call(self):
        class Waits(Lists):
            def compute_shutdown(self, vm):
                self.call.progress(None, "Waiting.")
                self.call.sleep(3600)

        host = Host(Waits)
        request_id = host.send("compute.shutdown", vm="a")
        self.assertEqual(host.wait_for("$/progress"), [{"id": request_id, "message": "Waiting."}])
        behind = host.send("compute.list")
        for cancelled in (behind, request_id):
            line = '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":%d,"reason":"Enough."}}' % cancelled
            host.session.receive(line.encode())
        error = {"code": 499, "message": "Enough.", "data": {"kind": "cancelled"}}
        self.assertEqual(host.answer(request_id)["error"], error)
        self.assertEqual(host.answer(behind)["error"], error)

    def test_sleeps_no_longer_than_the_deadline(self):
        class Waits(Connector):
            def compute_shutdown(self, vm):
                self.call.sleep(3600)

        error = Host(Waits).ask("compute.shutdown", {**CTX, "timeoutMs": 20}, vm="a")["error"]
        self.assertEqual(error["data"]["kind"], "timeout")

    def test_makes_as_many_calls_at_once_as_it_was_told(self):
        together = threading.Barrier(8)

        class Meets(Connector):
            def compute_list(self):
                together.wait(10)
                return {"items": []}

        host = Host(Meets, concurrency=8)
        for request_id in [host.send("compute.list") for _ in range(8)]:
            self.assertEqual(host.answer(request_id)["result"], {"items": []})

    def test_makes_all_calls_in_one_thread_unless_told_otherwise(self):
        threads = set()

        class Looks(Connector):
            def __init__(self, config):
                threads.add(threading.get_ident())

            def compute_list(self):
                threads.add(threading.get_ident())

        host = Host(Looks)
        for request_id in [host.send("compute.list") for _ in range(8)]:
            host.answer(request_id)
        self.assertEqual(len(threads), 1)

    def test_sends_events_from_any_thread_and_from_the_constructor(self):
        class Speaks(Connector):
            def __init__(self, config):
                self.resync()
                at = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
                thread = threading.Thread(target=self.deleted, args=("a",), kwargs={"time": at})
                thread.start()
                thread.join()

            def compute_start(self, vm):
                self.changed({"id": vm, "state": "running"})

        host = Host(Speaks)
        self.assertIsNone(host.ask("compute.start", vm="b")["result"])
        self.assertEqual(
            host.told("$/event"),
            [
                {"instance": "one", "type": "resync"},
                {"instance": "one", "type": "vm.deleted", "id": "a", "time": "2026-01-31T12:00:00.000Z"},
                {"instance": "one", "type": "vm.changed", "vm": {"id": "b", "state": "running"}},
            ],
        )

    def test_sends_what_is_logged_with_its_level_and_instance(self):
        class Logs(Connector):
            def compute_list(self):
                log = logging.getLogger("cloud")
                log.debug("not wanted")
                log.warning("%d left", 3)
                log.critical("gone")

        host = Host(Logs)
        handler = LogHandler(host.session.notify)
        logging.getLogger("cloud").addHandler(handler)
        try:
            host.ask("compute.list")
        finally:
            logging.getLogger("cloud").removeHandler(handler)
        expected = [("warn", "3 left"), ("error", "gone")]
        self.assertEqual(
            host.told("$/log"),
            [{"level": level, "message": text, "instance": "one", "id": 2} for level, text in expected],
        )

    def test_writes_values_as_the_protocol_has_them(self):
        @dataclass
        class Piece:
            data: bytes
            start: int
            end: object = None

        class Values(Connector):
            def compute_console_output(self, vm, maxBytes):
                return Piece(b"\x01\x02", maxBytes)

            def compute_stats(self, vm):
                return {"time": datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))), "netSentBytes": "5"}

        host = Host(Values)
        output = host.ask("compute.consoleOutput", vm="a", maxBytes=9)
        self.assertEqual(output["result"], {"data": "AQI=", "start": 9})
        self.assertEqual(host.ask("compute.stats", vm="a")["result"]["time"], "2026-01-31T12:00:00.000Z")
