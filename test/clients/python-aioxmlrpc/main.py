"""aioxmlrpc, which is asynchronous and carries calls with httpx; see ../README.md."""

import asyncio
import json
import sys
from pathlib import Path

from aioxmlrpc.client import Fault, ServerProxy

sys.path.append(str(Path(__file__).parents[1] / "python"))
from values import native, shown


async def answer(server, method, args):
    try:
        return {"result": shown(await getattr(server, method)(*map(native, args)))}
    except Fault as fault:
        return {"fault": {"code": str(fault.faultCode), "message": fault.faultString}}
    except Exception as error:
        return {"failed": str(error)}


async def main(endpoint, user, password):
    server = ServerProxy(endpoint, auth=(user, password), use_builtin_types=True, timeout=60)
    # Debian's package says of itself that it is 0.0.0.
    print(json.dumps({"version": "0.6.4"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(await answer(server, **json.loads(line))), flush=True)


asyncio.run(main(**json.loads(sys.argv[1])))
