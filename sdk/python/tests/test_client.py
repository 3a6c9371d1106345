import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from annelid.client import Client, Conflict, NotFound, Timeout, Unavailable

DONE = {"id": "op", "method": "vm.start", "state": "succeeded"}
FAILED = {**DONE, "state": "failed", "fault": {"kind": "conflict", "code": 409, "message": "It runs.", "resource": "a"}}


class Daemon(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: dict = {}
    requests: list = []

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.headers["Authorization"], request["method"], request["params"]))
        answer = self.answers.get(request["method"], {"error": {"code": -32601, "message": "No."}})
        body = answer if isinstance(answer, bytes) else json.dumps({"jsonrpc": "2.0", "id": 1, **answer}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = request["method"] == "session.logout"

    def log_message(self, *_):
        pass


class TestClient(unittest.TestCase):
    def setUp(self):
        Daemon.answers, Daemon.requests = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def client(self, *args, **options):
        client = Client(self.url, *args, **options)
        self.addCleanup(client.close)
        return client

    def test_leaves_out_what_is_not_given(self):
        Daemon.answers["vm.create"] = {"result": DONE}
        self.client("alice", "sécret").vm.create("web1", memoryMiB=64)
        self.assertEqual(
            Daemon.requests, [("Basic YWxpY2U6c8OpY3JldA==", "vm.create", {"name": "web1", "memoryMiB": 64})]
        )

    def test_raises_faults_as_the_class_of_their_kind(self):
        data = {"kind": "not-found", "resource": "a", "outcome": "none"}
        Daemon.answers["vm.get"] = {"error": {"code": 404, "message": "There is no machine a.", "data": data}}
        with self.assertRaises(NotFound) as caught:
            self.client().vm.get("a")
        self.assertEqual((str(caught.exception), caught.exception.resource), ("There is no machine a.", "a"))

    def test_uses_the_token_of_a_login(self):
        Daemon.answers["session.login"] = {"result": {"token": "annelid_x"}}
        Daemon.answers["vm.list"] = {"result": {"items": []}}
        client = self.client()
        client.login("alice", "secret")
        client.vm.list()
        self.assertEqual([header for header, *_ in Daemon.requests], [None, "Bearer annelid_x"])

    def test_waits_for_operations(self):
        client = self.client()
        Daemon.answers["operation.wait"] = {"result": DONE}
        self.assertEqual(client.wait({**DONE, "state": "running"})["state"], "succeeded")
        self.assertEqual(client.wait("op")["state"], "succeeded")
        self.assertEqual(client.wait(DONE), DONE)
        Daemon.answers["operation.wait"] = {"result": FAILED}
        with self.assertRaises(Conflict) as caught:
            client.wait("op")
        self.assertEqual((caught.exception.resource, caught.exception.operation), ("a", "op"))
        Daemon.answers["operation.wait"] = {"result": {**DONE, "state": "running"}}
        with self.assertRaises(Timeout):
            client.wait("op", timeout=0)

    def test_reads_lists_page_by_page(self):
        client = self.client()
        pages = iter([{"items": [1, 2], "next": "x"}, {"items": [3]}])
        self.assertEqual(list(client.items(lambda after: next(pages))), [1, 2, 3])

    def test_opens_a_connection_anew_that_the_daemon_has_closed(self):
        client = self.client()
        Daemon.answers.update({"session.logout": {"result": {}}, "system.health": {"result": {"status": "ok"}}})
        client.session.logout()
        sock = client._local.connection.sock
        if sock is not None:
            sock.recv(1)
        self.assertEqual(client.system.health()["status"], "ok")

    def test_says_when_nobody_answers_or_something_else_does(self):
        Daemon.answers["vm.list"] = b"<html>"
        with self.assertRaisesRegex(Unavailable, "answered 200 OK, and no JSON-RPC"):
            self.client().vm.list()
        with self.assertRaisesRegex(Unavailable, "cannot be reached"):
            Client("http://127.0.0.1:1").vm.list()
        with self.assertRaises(ValueError):
            Client("127.0.0.1:8420")
