import enum
import unittest
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional, TypedDict

from annelid.plugin import Connector, Int64, published

from .conversation import CTX, Host


class Unit(enum.Enum):
    VOLT = "V"
    AMPERE = "A"


@dataclass
class Reading:
    at: datetime
    value: float
    raw: Optional[bytes] = None


class Span(TypedDict):
    begin: datetime
    end: datetime


class Meter(Connector):
    services = {"meter": "Reads the meters of the building."}

    @published("meter.read", changes=False, returns="The reading.", permission="public")
    def read(self, name: Annotated[str, "Which.", {"maxLength": 20}], unit: Literal["V", "A"] = "V") -> float:
        """Read a meter."""
        return 229.5 if (name, unit) == ("east", "V") else 1.5

    @published("meter.book")
    def book(
        self, reading: Reading, spans: list[Span], ticks: Int64, unit: Unit, labels: dict[str, str], count: int = 1
    ) -> Reading:
        """Book a reading."""
        assert isinstance(reading, Reading) and reading.at.tzinfo and spans[0]["begin"] == reading.at
        assert (ticks, unit, count) == (2**60, Unit.VOLT, 1)
        return reading

    @published("meter.bill")
    def bill(self, until: date, price: Decimal) -> Decimal:
        return price * until.day

    @published("meter.list", changes=False)
    def list(self, kinds: Annotated[list[Annotated[str, {"maxLength": 9}]], "Of which kinds."]) -> list[str]:
        return kinds

    @published("meter.raw", params={"type": "object", "properties": {"a": {}}}, result={})
    def raw(self, a: Any = None):
        return [a, self.call.account]


class TestPublished(unittest.TestCase):
    def described(self):
        (service,) = Host(Meter, configure=False).ask("describe")["result"]["publishes"]
        self.assertEqual((service["service"], service["doc"]), ("meter", "Reads the meters of the building."))
        return {method["name"]: method for method in service["methods"]}

    def test_describes_methods_by_their_annotations(self):
        methods = self.described()
        self.assertEqual(
            methods["read"],
            {
                "name": "read",
                "doc": "Read a meter.",
                "changes": False,
                "returns": "The reading.",
                "permission": "public",
                "params": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "description": "Which.", "maxLength": 20},
                        "unit": {"type": "string", "enum": ["V", "A"], "default": "V"},
                    },
                    "required": ["name"],
                },
                "result": {"type": "number"},
            },
        )
        properties = methods["book"]["params"]["properties"]
        self.assertEqual(properties["ticks"], {"type": "integer", "format": "int64"})
        self.assertEqual(properties["unit"], {"type": "string", "enum": ["V", "A"]})
        self.assertEqual(properties["labels"], {"type": "object", "additionalProperties": {"type": "string"}})
        self.assertEqual(
            properties["reading"],
            {
                "type": "object",
                "title": "Reading",
                "properties": {
                    "at": {"type": "string", "format": "date-time"},
                    "value": {"type": "number"},
                    "raw": {"type": "string", "contentEncoding": "base64"},
                },
                "required": ["at", "value"],
            },
        )
        self.assertEqual(properties["spans"]["items"]["required"], ["begin", "end"])
        self.assertEqual(
            methods["list"]["params"]["properties"]["kinds"],
            {"type": "array", "items": {"type": "string", "maxLength": 9}, "description": "Of which kinds."},
        )

    def test_takes_json_schema_as_it_is(self):
        self.assertEqual(self.described()["raw"]["params"], {"type": "object", "properties": {"a": {}}})

    def test_calls_methods_with_values_of_the_annotated_types(self):
        host = Host(Meter)
        self.assertEqual(host.ask("meter.read", name="east", unit="V")["result"], 229.5)
        text = "2026-01-31T12:00:00.000Z"
        booked = host.ask(
            "meter.book",
            reading={"at": text, "value": 1.5, "raw": "AQI="},
            spans=[{"begin": text, "end": text}],
            ticks=str(2**60),
            unit="V",
            labels={},
            count=1,
        )
        self.assertEqual(booked["result"], {"at": text, "value": 1.5, "raw": "AQI="})
        self.assertEqual(host.ask("meter.raw", {**CTX, "account": "acme"}, a=1)["result"], [1, "acme"])

    def test_takes_dates_and_decimals_as_text(self):
        host = Host(Meter)
        bill = self.described()["bill"]
        self.assertEqual(bill["params"]["properties"]["price"], {"type": "string", "x-xsd": "decimal"})
        self.assertEqual(host.ask("meter.bill", until="2026-01-03", price="0.10")["result"], "0.30")
        error = host.ask("meter.bill", until="2026-01-32", price="0.10")["error"]
        self.assertEqual((error["message"], error["data"]["field"]), ("meter.bill: until cannot be read.", "/until"))

    def test_answers_null_where_a_value_of_any_kind_is_nothing(self):
        host = Host(Meter)
        self.assertEqual(host.ask("meter.raw")["result"], [None, None])

    def test_refuses_what_no_wire_can_carry(self):
        with self.assertRaisesRegex(TypeError, "No wire can carry"):

            @published("meter.wrong")
            def wrong(self, value: complex) -> None: ...

        with self.assertRaisesRegex(TypeError, "the parameter value has no annotation"):

            @published("meter.bare")
            def bare(self, value) -> None: ...

    def test_wants_to_know_what_a_service_is(self):
        class Silent(Connector):
            @published("meter.read")
            def read(self) -> str:
                return ""

        with self.assertRaisesRegex(TypeError, "services does not say what the service meter is"):
            Host(Silent, configure=False)
