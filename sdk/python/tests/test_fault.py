import unittest

from annelid.plugin import Busy, Fault, NotFound


class TestFault(unittest.TestCase):
    def test_is_a_class_for_each_kind(self):
        data = NotFound("No.", resource="a").to_error()["data"]
        self.assertEqual(data, {"kind": "not-found", "outcome": "none", "resource": "a"})
        self.assertEqual(Busy("No.", outcome="partial").to_error()["data"]["outcome"], "partial")
        self.assertTrue(Busy.retry)

    def test_is_read_from_a_wire(self):
        fault = Fault.of("not-found", "No.", {"kind": "not-found", "resource": "a", "other": 1})
        self.assertIsInstance(fault, NotFound)
        self.assertEqual((str(fault), fault.resource, fault.data), ("No.", "a", {"resource": "a"}))
        self.assertEqual(Fault.of("from the future", "No.", {}).kind, "internal")
