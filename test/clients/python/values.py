"""Values as xmlrpc.client has them: what libraries that stand on it are given, and what they give."""

from base64 import b64decode, b64encode
from datetime import datetime


def native(tagged):
    kind, value = tagged
    match kind:
        case "bool":
            return value == "true"
        case "int":
            return int(value)
        case "number":
            return float(value)
        case "time":
            return datetime.fromisoformat(value)
        case "bytes":
            return b64decode(value)
        case "any":
            return native(value)
        case "list":
            return [native(item) for item in value]
        case "record" | "map":
            return {name: native(member) for name, member in value}
    return value


def shown(value):
    match value:
        case bool():
            return ["bool", "true" if value else "false"]
        case int():
            return ["int", str(value)]
        case float():
            return ["number", repr(value)]
        case str():
            return ["string", value]
        case datetime():
            return ["time", value.isoformat()]
        case bytes():
            return ["bytes", b64encode(value).decode()]
        case list():
            return ["list", [shown(item) for item in value]]
        case dict():
            return ["struct", [[name, shown(member)] for name, member in value.items()]]
    return [type(value).__name__, str(value)]
