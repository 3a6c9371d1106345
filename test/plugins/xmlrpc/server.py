"""Python's xmlrpc.server, as somebody wrote it years ago: dotted names, no types."""
import sys
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer


class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1


def add(a, b):
    """Add two numbers."""
    return a + b


def fail(code):
    raise Fault(code, "It failed.")


server = SimpleXMLRPCServer(
    ("127.0.0.1", int((sys.argv + ["0"])[1])), requestHandler=Handler, allow_none=True, logRequests=False, use_builtin_types=True
)
server.register_introspection_functions()
server.register_function(add, "math.add")
server.register_function(lambda *values: list(values), "echo")
server.register_function(fail, "fail")
server.register_function(lambda value: repr(value), "show")
server.register_function(lambda: None, "nothing")
print(f"port {server.server_address[1]}", flush=True)
server.serve_forever()
