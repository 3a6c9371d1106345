# zeep with its WS-Addressing, whose headers have to be understood; see ../README.md.
import json
import sys

from zeep import Client, Plugin, ns
from zeep.exceptions import Fault
from zeep.wsa import WsAddressingPlugin

scenario = json.loads(sys.argv[1])
envelope = "{%s}" % scenario["envelope"]
wsa = "{%s}" % ns.WSA
seen = {}


class Watch(Plugin):
    def egress(self, message, http_headers, operation, binding_options):
        for header in message.find(envelope + "Header"):
            header.set(envelope + "mustUnderstand", "1")
        seen["sent"] = message.find(".//" + wsa + "MessageID").text
        return message, http_headers

    def ingress(self, message, http_headers, operation):
        seen["action"] = message.find(".//" + wsa + "Action").text
        seen["related"] = message.find(".//" + wsa + "RelatesTo").text
        return message, http_headers


client = Client(scenario["wsdl"], plugins=[WsAddressingPlugin(), Watch()])
for call in (lambda: client.service.systemVersion().name, lambda: client.service.vmGet("nope")):
    try:
        answer = call()
    except Fault as fault:
        answer = fault.message
    print(json.dumps({"answer": answer, "action": seen["action"], "own": seen["sent"] == seen["related"]}))
