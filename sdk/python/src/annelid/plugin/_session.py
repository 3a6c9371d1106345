"""The conversation with the host: lines in, lines out. Knows nothing of processes, so tests hold it in memory."""

import itertools
import logging
import queue
import threading
import time
from types import CoroutineType
from typing import Any, Callable, Optional

from .._fault import Fault
from ..generated.faults import Internal, InvalidParams
from ..generated.protocol import LOG_LEVELS
from ._blobs import Blobs
from ._call import Call, Notify
from ._connector import Connector, current_call, entries_of, make, work_on
from ._coroutines import finish
from ._fork import in_this_process
from ._values import encode, read_message

_log = logging.getLogger("annelid.plugin")
_INVALID_REQUEST, _UNKNOWN_METHOD = -32600, -32601
_LONGEST_RECORD = 65_536
# The longest answer in one line, unless `limits` has another.
_LONGEST_ANSWER = 16 * 1024 * 1024
_Request = tuple[Call, str, dict[str, Any]]


def _answer(request_id: Any, result: str) -> str:
    # Most ids are numbers, which need no encoder.
    text = str(request_id) if isinstance(request_id, int) else encode(request_id)
    return '{"jsonrpc":"2.0","id":%s,"result":%s}' % (text, result)


def _error(request_id: Any, error: Any) -> str:
    return '{"jsonrpc":"2.0","id":%s,"error":%s}' % (encode(request_id), encode(error))


def _settled(result: Any, call: Optional[Call]) -> Any:
    return finish(result, call) if isinstance(result, CoroutineType) else result


class Session:
    """Answers the host. `description` is what `describe` answers; `send` gets whole messages, from any thread."""

    def __init__(self, cls: type[Connector], description: dict[str, Any], send: Callable[[str], None]) -> None:
        self._cls = cls
        self._entries = entries_of(cls)
        self._description = description
        self._name = description["name"]
        self._longest_answer = description.get("limits", {}).get("lineFromPlugin", _LONGEST_ANSWER)
        self._blobs = Blobs()
        self._send = send
        self._requests: queue.SimpleQueue[Optional[_Request]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._running: dict[Any, Call] = {}
        self._ids = itertools.count(1)
        self._waiting: dict[Any, queue.SimpleQueue[Optional[dict[str, Any]]]] = {}
        self._instances: dict[str, Connector] = {}

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification. Members that are None are left out."""
        kept = {name: value for name, value in params.items() if value is not None}
        self._send('{"jsonrpc":"2.0","method":"%s","params":%s}' % (method, encode(kept)))

    def receive(self, line: bytes) -> None:
        """Take a line from the host, whatever is in it."""
        if line.isspace():
            return
        message = read_message(line)
        if message is None:
            _log.warning("This is no message: %s", line[:256].decode("utf-8", "replace"))
            return
        try:
            self._take(message)
        except Exception:
            _log.exception("This cannot be taken: %s", line[:256].decode("utf-8", "replace"))

    def _take(self, message: dict[str, Any]) -> None:
        method, request_id, params = message.get("method"), message.get("id"), message.get("params")
        params = {} if params is None else params
        if isinstance(request_id, bool) or not isinstance(request_id, (int, str)):
            if method == "$/cancel" and isinstance(params, dict):
                self._cancel(params.get("id"), params.get("reason"))
        elif not isinstance(method, str) and ("result" in message or "error" in message):
            # An answer to nothing that waits is noise, and noise is not answered.
            if request_id in self._waiting:
                self._waiting[request_id].put(message)
        elif not isinstance(method, str) or not isinstance(params, dict):
            self._refuse(request_id, _INVALID_REQUEST, "A request needs a method and named parameters.")
        elif method == "describe":
            self._send(_answer(request_id, encode(self._description)))
        elif method == "echo":
            self._send(_answer(request_id, encode(params)))
        elif method in ("blob.read", "blob.write"):
            self._send(self._outcome(Call(self.notify, request_id, {}, self._ask), method, params))
        elif method != "configure" and method not in self._entries:
            self._refuse(request_id, _UNKNOWN_METHOD, f"{self._name} has no method {method}.")
        else:
            ctx = params.pop("ctx", None)
            call = Call(self.notify, request_id, ctx if isinstance(ctx, dict) else {}, self._ask)
            self._running[request_id] = call
            # As many threads as calls were ever under way at once, and no more than that.
            if len(self._running) > len(self._threads) < self._description["concurrency"]:
                self._start_thread()
            self._requests.put((call, method, params))

    def _refuse(self, request_id: Any, code: int, message: str) -> None:
        self._send(_error(request_id, {"code": code, "message": message}))

    def _ask(self, call: Call, method: str, params: dict[str, Any]) -> Any:
        """Ask the host on behalf of a call that is under way; wait for the answer, or until the call is no longer wanted."""
        request_id = next(self._ids)
        kept = {"call": call.id, **{name: value for name, value in params.items() if value is not None}}
        answers = self._waiting[request_id] = queue.SimpleQueue()
        call.on_cancel(lambda: answers.put(None))
        try:
            self._send('{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}' % (request_id, method, encode(kept)))
            answer = answers.get()
        finally:
            del self._waiting[request_id]
        if answer is None:
            call.check()
        elif answer.get("error") is not None:
            raise Fault.from_error(answer["error"])
        else:
            return answer.get("result")

    def _cancel(self, request_id: Any, reason: Any) -> None:
        call = self._running.get(request_id) if isinstance(request_id, (int, str)) else None
        if call is not None:
            call.cancel(str(reason) if reason else None)

    def _start_thread(self) -> None:
        # A daemon: a call that never ends must not keep the process from ending.
        thread = threading.Thread(target=self._work, name=f"call-{len(self._threads) + 1}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while True:
            request = self._requests.get()
            if request is None:
                return
            call, method, params = request
            work_on(call)
            try:
                self._send(self._outcome(call, method, params))
            finally:
                work_on(None)
                self._running.pop(call.id, None)

    def _outcome(self, call: Call, method: str, params: dict[str, Any]) -> str:
        """Make a call; its answer."""
        try:
            try:
                call.check()
                result = encode(in_this_process(lambda: _settled(self._serve(call, method, params), call)))
                line = _answer(call.id, result)
                # It is ASCII, so that its characters are its bytes.
                if len(line) > self._longest_answer and "blob" in call.accept:
                    line = _answer(call.id, encode({"blob": self._blobs.put(result)}))
                return line
            except Fault as fault:
                return _error(call.id, fault)
        except BaseException:
            # The cause goes to the log, never to the caller; SystemExit too, which would only end this thread.
            _log.exception("%s failed", method)
            return _error(call.id, Internal(f"{self._name} failed in {method}; the daemon's log says why."))

    def _serve(self, call: Call, method: str, params: dict[str, Any]) -> Any:
        if method == "blob.read":
            return self._blobs.read(**params)
        if method == "blob.write":
            return self._blobs.write(**params)
        if call.blob is not None:
            params = self._blobs.take(call.blob)
        if method == "configure":
            return self._configure(call, params.get("config"))
        connector = self._instances.get(call.instance)
        if connector is None:
            raise Internal(f"The instance {call.instance} has not been configured.", outcome="none")
        function, accepts, published = self._entries[method]
        if published is not None:
            return function(connector, **published.arguments(params))
        if accepts is not None and not accepts.issuperset(params):
            params = {name: params[name] for name in accepts.intersection(params)}
        return function(connector, **params)

    def _configure(self, call: Call, config: Any) -> None:
        if not call.instance:
            raise InvalidParams("configure needs ctx.instance.", field="/ctx/instance")
        level = call.log_level
        if level in LOG_LEVELS:
            logging.getLogger().setLevel("WARNING" if level == "warn" else level.upper())
        before = self._instances.pop(call.instance, None)
        if before is not None:
            _settled(before.close(), call)
        given = config if isinstance(config, dict) else {}
        self._instances[call.instance] = make(self._cls, given, call.instance, self.notify)

    def idle(self, seconds: float) -> bool:
        """Take no further calls; wait until those under way have ended. False when the time was over before that."""
        for _ in self._threads:
            self._requests.put(None)
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def cancel_all(self, reason: str) -> None:
        """Cancel all that is under way."""
        for call in list(self._running.values()):
            call.cancel(reason)

    def close(self) -> None:
        """Close what was configured."""
        for connector in self._instances.values():
            try:
                _settled(connector.close(), None)
            except Exception:
                _log.exception("Closing %s failed", connector.instance)


class LogHandler(logging.Handler):
    """Sends what is logged to the daemon's log, with the call that it is about and, of exceptions, the trace.

    `notify` takes what is about no call.
    """

    def __init__(self, notify: Notify) -> None:
        super().__init__()
        self._notify = notify

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)[:_LONGEST_RECORD]
            level = LOG_LEVELS[min(max(record.levelno, logging.DEBUG) // 10, len(LOG_LEVELS)) - 1]
            line = {"level": level, "message": text}
            call = current_call()
            if call is None:
                self._notify("$/log", line)
            else:
                call.notify("$/log", {**line, "instance": call.instance or None, "id": call.id})
        except Exception:
            self.handleError(record)
