"""What becomes of a process that a call has forked: the answer, and what the host says, are for the one that forked it."""

import os
import sys
import traceback
from typing import Callable, NoReturn, TypeVar

_T = TypeVar("_T")


def in_this_process(make: Callable[[], _T]) -> _T:
    """Call `make`. A process that it forked, and that comes back from it, ends here as a program would."""
    process = os.getpid()
    try:
        made = make()
    except BaseException as error:
        if os.getpid() == process:
            raise
        _end(_status_of(error))
    if os.getpid() != process:
        _end(0)
    return made


def _status_of(error: BaseException) -> int:
    if isinstance(error, SystemExit) and (error.code is None or isinstance(error.code, int)):
        return error.code or 0
    if isinstance(error, SystemExit):
        print(error.code, file=sys.stderr)
    else:
        traceback.print_exception(type(error), error, error.__traceback__)
    return 1


def _end(status: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(status)
