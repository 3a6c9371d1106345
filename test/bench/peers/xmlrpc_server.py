"""Python's xmlrpc.server, a thread for each connection: session.whoami with an answer as long as ours."""
import socketserver
import sys
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer


class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = "HTTP/1.1"  # with 1.0, its default, every call would need a new connection
    disable_nagle_algorithm = True
    wbufsize = -1


class Server(socketserver.ThreadingMixIn, SimpleXMLRPCServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # the load generator resets its connections when its time is up


server = Server(("127.0.0.1", int(sys.argv[1])), requestHandler=Handler, logRequests=False)
server.register_function(
    lambda: {"user": "admin", "account": "admin", "role": "admin", "token": False}, "session.whoami"
)
server.serve_forever()
