# zeep with a WS-Security UsernameToken; see ../README.md.
import json
import sys

from zeep import Client
from zeep.wsse.username import UsernameToken

scenario = json.loads(sys.argv[1])
token = UsernameToken("alice", "annelid_secret", use_digest=scenario["digest"])
client = Client(scenario["wsdl"], wsse=token)
print(json.dumps({"version": client.service.systemVersion().name}))
