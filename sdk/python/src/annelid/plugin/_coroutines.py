"""Coroutines as methods: one event loop for all of a plugin, in a thread of its own."""

import threading
from collections.abc import Coroutine
from typing import Any, Optional

from ._call import Call

_lock = threading.Lock()
_loop: Any = None


def _running_loop() -> Any:
    global _loop
    # Not at the top: most plugins have no coroutines, and start in three quarters of the time without it.
    import asyncio

    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="coroutines", daemon=True).start()
    return _loop


def finish(coroutine: Coroutine[Any, Any, Any], call: Optional[Call]) -> Any:
    """Run a coroutine to its end, and answer its result. It is cancelled when the call is, and may then clean up."""
    import asyncio

    loop = _running_loop()

    async def watched() -> Any:
        task = asyncio.ensure_future(coroutine)
        if call is None:
            return await task
        call.on_cancel(lambda: loop.call_soon_threadsafe(task.cancel))
        try:
            return await task
        except asyncio.CancelledError:
            call.check()
            raise

    return asyncio.run_coroutine_threadsafe(watched(), loop).result()
