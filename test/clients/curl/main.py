"""curl: an envelope goes out, and what comes back is read by the standard library's XML parser; see ../README.md."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape, quoteattr

scenario = json.loads(sys.argv[1])
namespace = "{urn:annelid:1}"
instance = "{http://www.w3.org/2001/XMLSchema-instance}"
other = "{urn:annelid:any}"
envelope = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:annelid:1"
  xmlns:any="urn:annelid:any" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <soap:Body><%s>%s</%s></soap:Body>
</soap:Envelope>
"""


def element(name, tagged):
    kind, value = tagged
    if kind == "any":
        return undeclared(name, value)
    if kind == "list":
        content = "".join(element("item", item) for item in value)
    elif kind == "record":
        content = "".join(element(*member) for member in value)
    elif kind == "map":
        content = "".join(
            "<item>%s%s</item>" % (element("key", ["string", key]), element("value", member)) for key, member in value
        )
    else:
        content = escape(value, {"\r": "&#13;"})
    return "<%s>%s</%s>" % (name, content, name)


def undeclared(name, tagged):
    """The type goes with the value where the WSDL declares none."""
    kind, value = tagged
    typed = {"bool": "xsd:boolean", "int": "xsd:int", "number": "xsd:double", "string": "xsd:string"}
    if kind == "list":
        kind, content = "any:List", "".join(undeclared("any:item", item) for item in value)
    elif kind == "map":
        pairs = ("<any:key>%s</any:key>%s" % (escape(key), undeclared("any:value", member)) for key, member in value)
        kind, content = "any:Map", "".join("<any:item>%s</any:item>" % pair for pair in pairs)
    else:
        kind, content = typed[kind], escape(value)
    return '<%s xsi:type="%s">%s</%s>' % (name, kind, content, name)


def shown(node):
    if node.get(instance + "nil"):
        return ["nil", ""]
    declared = node.get(instance + "type", "").split(":")[-1]
    if declared == "List":
        return ["list", [shown(item) for item in node]]
    if declared == "Map":
        return ["struct", [[item.findtext(other + "key"), shown(item.find(other + "value"))] for item in node]]
    if len(node) == 0:
        return [{"boolean": "bool", "double": "number", "int": "int"}.get(declared, "string"), node.text or ""]
    members = {}
    for child in node:
        members.setdefault(child.tag.removeprefix(namespace), []).append(shown(child))
    return ["struct", [[name, ["list", found] if name == "item" else found[0]] for name, found in members.items()]]


def answer(method, args):
    given = "".join(element(name, value) for name, value in args if value[0] != "nil")
    options = ["--silent", "--user", "%(user)s:%(password)s" % scenario]
    headers = ["--header", "Content-Type: text/xml; charset=utf-8", "--header", "SOAPAction: " + quoteattr("urn:annelid:1#" + method)]
    body = (envelope % (method, given, method)).encode()
    reply = subprocess.run(
        ["curl", *options, *headers, "--data-binary", "@-", scenario["endpoint"]], input=body, capture_output=True
    )
    if reply.returncode != 0:
        return {"failed": "curl ended with %d" % reply.returncode}
    document = ElementTree.fromstring(reply.stdout)
    detail = document.find(".//%sApiFault" % namespace)
    if detail is None and (fault := document.findtext(".//faultstring")):
        return {"failed": fault}
    if detail is None:
        return {"result": shown(document.find(".//%sreturn" % namespace))}
    kind, code = (detail.findtext(namespace + name) for name in ("kind", "code"))
    return {"fault": {"code": code, "kind": kind, "message": document.findtext(".//faultstring")}}


version = subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout.split()[1]
print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
