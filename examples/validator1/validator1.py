"""UserLand's validator1 suite, published by a plugin in Python without a library."""

import json
import sys
from functools import reduce

STOOGES = ("moe", "larry", "curly")

# What parameters and results are, in JSON Schema. A struct that may hold more than is known is a value of any kind.
ANY = {}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
DOUBLE = {"type": "number"}
STRING = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
BYTES = {"type": "string", "contentEncoding": "base64"}


def array(items):
    return {"type": "array", "items": items}


def struct(**members):
    return {"type": "object", "properties": members, "required": list(members)}


class Fault(Exception):
    """What the caller did wrong; PROTOCOL.md, section 8, lists the codes."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


METHODS = []
CALLS = {}


def published(*, result, **params):
    """Publish a function by its name, with its docstring as the documentation."""

    def publish(function):
        METHODS.append({
            "name": function.__name__,
            "doc": function.__doc__,
            "changes": False,
            "params": struct(**params),
            "result": result,
        })
        CALLS["validator1." + function.__name__] = function
        return function

    return publish


def member(value, name):
    if not isinstance(value, dict) or name not in value:
        raise Fault(-32602, f"There must be a struct with a member {name}.")
    return value[name]


def integer(value, name):
    found = member(value, name)
    if type(found) is not int:
        raise Fault(-32602, f"The member {name} must be an integer.")
    return found


@published(structs=array(ANY), result=INTEGER)
def arrayOfStructsTest(structs):
    """Adds up the members `curly` of all structs."""
    return sum(integer(one, "curly") for one in structs)


@published(
    text=STRING,
    result=struct(
        ctLeftAngleBrackets=INTEGER,
        ctRightAngleBrackets=INTEGER,
        ctAmpersands=INTEGER,
        ctApostrophes=INTEGER,
        ctQuotes=INTEGER,
    ),
)
def countTheEntities(text):
    """Counts the characters that XML has entities for."""
    return {
        "ctLeftAngleBrackets": text.count("<"),
        "ctRightAngleBrackets": text.count(">"),
        "ctAmpersands": text.count("&"),
        "ctApostrophes": text.count("'"),
        "ctQuotes": text.count('"'),
    }


@published(struct=ANY, result=INTEGER)
def easyStructTest(struct):
    """Adds up the members `moe`, `larry` and `curly`."""
    return sum(integer(struct, name) for name in STOOGES)


@published(struct=ANY, result=ANY)
def echoStructTest(struct):
    """Answers the struct that it is given."""
    return struct


@published(
    number=INTEGER, boolean=BOOLEAN, string=STRING, double=DOUBLE, dateTime=TIME, base64=BYTES, result=array(ANY)
)
def manyTypesTest(number, boolean, string, double, dateTime, base64):
    """Answers all its parameters as an array."""
    # Parameters have types of their own; in a value of any kind, tags say what is a time and what is bytes.
    return [number, boolean, string, double, {"$time": dateTime}, {"$bytes": base64}]


@published(texts=array(STRING), result=STRING)
def moderateSizeArrayCheck(texts):
    """Joins the first and the last text."""
    return "".join(texts[:1] + texts[-1:])


@published(calendar=ANY, result=INTEGER)
def nestedStructTest(calendar):
    """Adds up `moe`, `larry` and `curly` of the first of April 2000 in a calendar of years, months and days."""
    day = reduce(member, ("2000", "04", "01"), calendar)
    return sum(integer(day, name) for name in STOOGES)


@published(number=INTEGER, result=struct(times10=INTEGER, times100=INTEGER, times1000=INTEGER))
def simpleStructReturnTest(number):
    """Multiplies a number by 10, 100 and 1000."""
    return {"times10": number * 10, "times100": number * 100, "times1000": number * 1000}


def describe():
    service = {"service": "validator1", "doc": "The first validation suite for XML-RPC.", "methods": METHODS}
    return {"proto": [1], "name": "validator1", "version": "1.0", "methods": [], "publishes": [service]}


CALLS["describe"] = describe


def answer(method, params):
    if method not in CALLS:
        return {"error": {"code": -32601, "message": f"There is no method {method}."}}
    params.pop("ctx", None)
    try:
        return {"result": CALLS[method](**params)}
    except Fault as fault:
        return {"error": {"code": fault.code, "message": str(fault)}}
    except Exception as error:
        return {"error": {"code": 500, "message": str(error)}}


# Bytes, because messages are UTF-8 whatever the locale is.
for line in sys.stdin.buffer:
    message = json.loads(line)
    # Notifications have no id, and are not answered.
    if "id" in message:
        reply = answer(message["method"], message.get("params", {}))
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **reply}), flush=True)
