import unittest

from annelid.plugin import Connector, serve
from annelid.plugin._connector import describe, entries_of


class TestMistakes(unittest.TestCase):
    def refused(self, body, sentence):
        with self.assertRaises(TypeError) as caught:
            entries_of(type("Cloud", (Connector,), body))
        self.assertEqual(str(caught.exception), sentence)

    def test_names_a_method_that_is_no_call(self):
        self.refused(
            {"compute_powerof": lambda self, vm: None},
            "Cloud.compute_powerof is not a call; did you mean compute_power_off?",
        )

    def test_names_a_parameter_that_is_not_of_the_call(self):
        self.refused(
            {"compute_get": lambda self, id: None},
            "Cloud.compute_get: the parameter id is not of the call, which has vm.",
        )

    def test_names_a_parameter_that_may_be_left_out(self):
        self.refused(
            {"compute_start": lambda self, vm, paused: None},
            "Cloud.compute_start: the parameter paused may be left out by the daemon: give it a default.",
        )

    def test_serves_no_other_class_and_no_object(self):
        for given in (dict, Connector({})):
            with self.assertRaisesRegex(TypeError, "is no subclass of Connector"):
                serve("kit", given)

    def test_says_how_many_processes_are_to_serve_where_that_is_said(self):
        self.assertEqual(describe(Connector, "kit", "1.0", 1, None, 1)["processes"], 1)
        self.assertNotIn("processes", describe(Connector, "kit", "1.0", 1))

    def test_takes_methods_of_parents_and_mixins(self):
        mixin = type("Reads", (), {"compute_list": lambda self: {"items": []}})
        self.assertEqual(list(entries_of(type("Cloud", (mixin, Connector), {}))), ["compute.list"])
