import asyncio
import unittest

from annelid.plugin import Connector, NotFound

from .conversation import CTX, Host


class TestCoroutines(unittest.TestCase):
    def test_are_methods_like_others(self):
        class Sleeps(Connector):
            async def compute_get(self, vm):
                await asyncio.sleep(0)
                if vm == "b":
                    raise NotFound(f"There is no machine {vm}.")
                self.call.progress(50)
                return {"id": vm, "state": "running", "key": self.call.key}

            async def close(self):
                await asyncio.sleep(0)
                self.resync()

        host = Host(Sleeps)
        self.assertEqual(host.ask("compute.get", {**CTX, "key": "k"}, vm="a")["result"]["key"], "k")
        self.assertEqual(host.ask("compute.get", vm="b")["error"]["message"], "There is no machine b.")
        host.session.close()
        self.assertEqual([len(host.told(method)) for method in ("$/progress", "$/event")], [1, 1])

    def test_run_at_once(self):
        class Meets(Connector):
            def __init__(self, config):
                self.waiting = 0
                self.everybody = None

            async def compute_list(self):
                self.everybody = self.everybody or asyncio.Event()
                self.waiting += 1
                if self.waiting == 4:
                    self.everybody.set()
                await self.everybody.wait()

        host = Host(Meets, concurrency=4)
        for request_id in [host.send("compute.list") for _ in range(4)]:
            self.assertIn("result", host.answer(request_id))

    def test_are_cancelled_and_may_clean_up_before_the_answer(self):
        class Waits(Connector):
            async def compute_shutdown(self, vm):
                try:
                    self.call.progress(message="Waiting.")
                    await asyncio.sleep(3600)
                finally:
                    await asyncio.sleep(0)
                    self.deleted(vm)

        host = Host(Waits)
        request_id = host.send("compute.shutdown", vm="a")
        host.wait_for("$/progress")
        host.session.receive(b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":%d,"reason":"Enough."}}' % request_id)
        self.assertEqual(host.answer(request_id)["error"]["message"], "Enough.")
        self.assertEqual(len(host.told("$/event")), 1)
