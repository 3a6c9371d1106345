"""xmlrpc-c's command `xmlrpc`, which makes one call and prints the result for people; see ../README.md."""

import json
import re
import subprocess
import sys
from base64 import b64decode, b64encode

scenario = json.loads(sys.argv[1])
credentials = ["-username=" + scenario["user"], "-password=" + scenario["password"]]
prefixes = {"bool": "b/", "int": "i/", "number": "d/", "nil": "n/"}
scalars = {"Boolean": "bool", "Integer": "int", "Floating Point": "number"}
escapes = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "\\": "\\"}


def word(tagged):
    kind, value = tagged
    if kind == "any":
        return word(value)
    if kind == "bytes":
        return "h/" + b64decode(value).hex()
    if kind in ("time", "list", "record", "map"):
        raise ValueError("the command line cannot say a %s" % kind)
    return prefixes.get(kind, "s/") + value


def unescaped(text):
    """Control characters and bytes beyond ASCII are printed as C would write them."""
    found = re.sub(r"\\(?:x(..)|(.))", lambda m: chr(int(m[1], 16)) if m[1] else escapes[m[2]], text)
    return found.encode("latin-1").decode()


class Printed:
    """Each line begins with the place of the value; what is within others stands further to the right."""

    def __init__(self, text):
        self.lines = text.split("\n")

    def value(self, place):
        line = self.lines.pop(0)[len(place):]
        inner = " " * len(place) + "  "
        if line == "String: ":
            text = ""
            while self.lines[0].startswith(place + "  "):
                text += self.lines.pop(0)[len(inner):]
            return ["string", unescaped(text)]
        if line.startswith("Don't know how to print datetime"):
            return ["time", ""]
        if line == "Nil":
            return ["nil", ""]
        if found := re.fullmatch(r"Array of (\d+) items:", line):
            return ["list", [self.value("%sIndex %2d " % (inner, at)) for at in range(int(found[1]))]]
        if found := re.fullmatch(r"Struct of (\d+) members:", line):
            members = [(self.value(inner + "Key:   "), self.value(inner + "Value: ")) for _ in range(int(found[1]))]
            return ["struct", [[name[1], member] for name, member in members]]
        label, text = line.split(": ", 1)
        if label == "String":
            return ["string", unescaped(text[1:-1])]
        if label == "Bit string":
            # No newline follows it.
            digits = re.match(r"[0-9a-f]*", text)[0]
            self.lines.insert(0, text[len(digits):])
            return ["bytes", b64encode(bytes.fromhex(digits)).decode()]
        return [scalars[label], text.lower()]


def answer(method, args):
    try:
        command = ["xmlrpc", scenario["endpoint"], method, *map(word, args), *credentials]
        printed = subprocess.run(command, capture_output=True, text=True)
    except ValueError as error:
        return {"failed": str(error)}
    if printed.returncode == 0:
        return {"result": Printed(printed.stdout.removeprefix("Result:\n\n")).value("")}
    fault = re.search(r"Call failed\.  (.*)\.  \(XML-RPC fault code (-?\d+)\)", printed.stderr, re.DOTALL)
    return {"fault": {"code": fault[2], "message": fault[1].removeprefix("RPC failed at server.  ")}} if fault else {"failed": printed.stderr}


version = subprocess.run(["xmlrpc-c-config", "--version"], capture_output=True, text=True).stdout.strip()
print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
