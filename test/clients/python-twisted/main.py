"""The client of Twisted, which is asynchronous and speaks HTTP/1.0; see ../README.md."""

import json
import sys
from pathlib import Path
from xmlrpc.client import Binary

import twisted
from twisted.internet import defer, task
from twisted.web.xmlrpc import Fault, Proxy

sys.path.append(str(Path(__file__).parents[1] / "python"))
from values import native, shown


def unwrapped(value):
    """It has bytes in objects of their own."""
    match value:
        case Binary():
            return value.data
        case list():
            return [unwrapped(item) for item in value]
        case dict():
            return {name: unwrapped(member) for name, member in value.items()}
    return value


async def answer(proxy, method, args):
    try:
        return {"result": shown(unwrapped(await proxy.callRemote(method, *map(native, args))))}
    except Fault as fault:
        return {"fault": {"code": str(fault.faultCode), "message": fault.faultString}}
    except Exception as error:
        return {"failed": str(error)}


async def main(endpoint, user, password):
    proxy = Proxy(endpoint.encode(), user.encode(), password.encode(), useDateTime=True)
    print(json.dumps({"version": twisted.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(await answer(proxy, **json.loads(line))), flush=True)


task.react(lambda reactor: defer.ensureDeferred(main(**json.loads(sys.argv[1]))))
