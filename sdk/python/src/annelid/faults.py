"""Every kind of fault: ``except NotFound``, ``raise Conflict(...)``."""

from ._fault import Fault as Fault
from .generated.faults import *
