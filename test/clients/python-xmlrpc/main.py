"""Python's own xmlrpc.client; see ../README.md."""

import json
import platform
import sys
import xmlrpc.client
from pathlib import Path
from urllib.parse import quote

sys.path.append(str(Path(__file__).parents[1] / "python"))
from values import native, shown

scenario = json.loads(sys.argv[1])
credentials = "%s:%s@" % (quote(scenario["user"]), quote(scenario["password"]))
server = xmlrpc.client.ServerProxy(scenario["endpoint"].replace("//", "//" + credentials, 1), use_builtin_types=True)


def answer(method, args):
    try:
        return {"result": shown(getattr(server, method)(*map(native, args)))}
    except xmlrpc.client.Fault as fault:
        return {"fault": {"code": str(fault.faultCode), "message": fault.faultString}}
    except Exception as error:
        return {"failed": str(error)}


print(json.dumps({"version": platform.python_version()}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
