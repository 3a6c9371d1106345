"""Every kind of fault: ``except NotFound``, ``raise Conflict(...)``."""

from ._fault import Fault
from .generated.faults import *
from .generated.faults import __all__ as _kinds

__all__ = ["Fault", *_kinds]
