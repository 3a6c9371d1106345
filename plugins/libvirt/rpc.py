"""Protocol v1 on the standard streams: lines of JSON-RPC in and out, calls in a pool of threads.

From `serve` on standard output belongs to the protocol: file descriptor 1 then leads to standard error, also for child
processes and for libraries in C, so nothing printed can be taken for an answer.
"""

import json
import os
import queue
import select
import signal
import sys
import threading
import time
import traceback

from faults import Fault

# How long calls may go on once the host has closed the pipe, and once they were cancelled.
GRACE_SECONDS = 2.0
# We answer `timeout` ourselves, with what we know, a little before the host gives up.
ANSWER_MARGIN_SECONDS = 0.25
LEVELS = ("debug", "info", "warn", "error")


class Context:
    """What goes with a call: `key`, `attempt`, `instance`, the deadline, and how to hear that it is cancelled."""

    def __init__(self, session, request_id, ctx):
        self._session = session
        self._id = request_id
        self.instance = ctx.get("instance", "")
        self.key = ctx.get("key")
        self.attempt = ctx.get("attempt", 1)
        self.actor = ctx.get("actor")
        timeout_ms = ctx.get("timeoutMs")
        self._deadline = None
        if timeout_ms is not None:
            seconds = timeout_ms / 1000
            self._deadline = time.monotonic() + seconds - min(ANSWER_MARGIN_SECONDS, seconds / 10)
        self._lock = threading.Lock()
        self._listeners = []
        self.cancelled = None

    def remaining(self):
        """Seconds until the deadline, at least 0; None without one."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def progress(self, percent, message):
        self._session.notify("$/progress", {"id": self._id, "percent": percent, "message": message})

    def on_cancel(self, listener):
        """Calls `listener` once the call is cancelled; at once when it is already."""
        with self._lock:
            if self.cancelled is None:
                self._listeners.append(listener)
                return
        listener()

    def cancel(self, reason):
        with self._lock:
            if self.cancelled is not None:
                return
            self.cancelled = reason
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def check(self):
        """Raises the fault `cancelled` when the call is cancelled: call it before a step that changes something."""
        if self.cancelled is not None:
            raise Fault("cancelled", self.cancelled, outcome="none")


class Session:
    """Answers `describe`, `echo` and the methods of `handlers`: (params, context) -> result."""

    def __init__(self, name, describe, handlers, concurrency, out):
        self._name = name
        self._describe = describe
        self._handlers = handlers
        self._out = out
        self._write_lock = threading.Lock()
        self._calls = queue.Queue()
        self._running = {}
        self._idle = threading.Condition()
        self._level = LEVELS.index("info")
        for number in range(concurrency):
            threading.Thread(target=self._work, name="call-%d" % number, daemon=True).start()

        threading.Thread(target=self._watch_reader, name="reader", daemon=True).start()

    def _watch_reader(self):
        """Ends the process at once when nobody reads its answers any more.

        The daemon was killed then, and the next one settles by `find` what was under way here: a call that went on
        would work beside the one that takes it up.
        """
        watched = select.poll()
        watched.register(self._out, 0)
        watched.poll()
        os._exit(0)

    def _send(self, message):
        line = (json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":"), allow_nan=False) + "\n").encode()
        with self._write_lock:
            try:
                while line:
                    line = line[os.write(self._out, line):]
            except BrokenPipeError:
                os._exit(0)

    def notify(self, method, params):
        self._send({"method": method, "params": {k: v for k, v in params.items() if v is not None}})

    def log(self, level, message, instance=None):
        if LEVELS.index(level) >= self._level:
            self.notify("$/log", {"level": level, "message": message, "instance": instance})

    def _settle(self, request_id, answer):
        # Sent first: the process may end as soon as nothing is under way.
        self._send({"id": request_id, **answer})
        with self._idle:
            self._running.pop(request_id, None)
            self._idle.notify_all()

    def _work(self):
        while True:
            request_id, method, params, context = self._calls.get()
            try:
                context.check()
                answer = {"result": self._handlers[method](params, context)}
            except Fault as fault:
                answer = {"error": fault.to_error()}
            except Exception:
                # The cause goes to the log, never to the caller.
                traceback.print_exc(file=sys.stderr)
                answer = {
                    "error": {
                        "code": 500,
                        "message": "%s failed in %s; its log says why." % (self._name, method),
                        "data": {"kind": "internal", "outcome": "unknown"},
                    }
                }
            self._settle(request_id, answer)

    def receive(self, line):
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return self._send({"id": None, "error": {"code": -32700, "message": "Not a message."}})
        if not isinstance(message, dict):
            return self._send({"id": None, "error": {"code": -32600, "message": "Not a request."}})
        method, request_id, params = message.get("method"), message.get("id"), message.get("params")
        params = {} if params is None else params
        if method == "$/cancel" and isinstance(params, dict):
            context = self._running.get(params.get("id"))
            if context is not None:
                context.cancel(params.get("reason") or "The call is no longer wanted.")
        elif request_id is None:
            return None
        elif not isinstance(method, str) or not isinstance(params, dict):
            error = {"code": -32600, "message": "A request needs a method and named parameters."}
            self._send({"id": request_id, "error": error})
        elif method == "describe":
            self._send({"id": request_id, "result": self._describe})
        elif method == "echo":
            self._send({"id": request_id, "result": params})
        elif method not in self._handlers:
            error = {"code": -32601, "message": "%s has no method %s." % (self._name, method)}
            self._send({"id": request_id, "error": error})
        else:
            ctx = params.pop("ctx", None) or {}
            if ctx.get("logLevel") in LEVELS:
                self._level = LEVELS.index(ctx["logLevel"])
            context = Context(self, request_id, ctx)
            with self._idle:
                self._running[request_id] = context
            self._calls.put((request_id, method, params, context))
        return None

    def _wait_idle(self):
        with self._idle:
            return self._idle.wait_for(lambda: not self._running, GRACE_SECONDS)

    def finish(self):
        """Lets the calls under way end, then cancels them, and ends the process."""
        if not self._wait_idle():
            self.cancel_all()
            self._wait_idle()
        os._exit(0)

    def cancel_all(self):
        with self._idle:
            contexts = list(self._running.values())
        for context in contexts:
            context.cancel("The plugin is stopping.")


def take_stdout():
    """Moves the real standard output away; what is printed from now on goes to standard error."""
    out = os.dup(1)
    os.set_inheritable(out, False)
    os.dup2(2, 1)
    return out


def read_lines(session):
    """Feeds the session with the lines of standard input until the host closes it."""
    # A child process that read from the host's pipe would swallow requests.
    source = os.dup(0)
    os.set_inheritable(source, False)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)

    def stop(_signal, _frame):
        threading.Thread(target=lambda: (session.cancel_all(), session.finish()), daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    # The host decides when we end; an interrupt of the terminal is meant for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(source, "rb") as lines:
        for line in lines:
            if line.strip():
                session.receive(line)
    session.finish()
