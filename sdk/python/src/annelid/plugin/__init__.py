"""The kit for plugin authors: a ``Connector`` with a method for each call, and ``serve``."""

from ..faults import *
from ..faults import __all__ as _faults
from ..generated.resources import *
from ..generated.resources import __all__ as _resources
from ._call import Call
from ._connector import Connector
from ._published import Int64, published
from ._serve import serve

__all__ = ["Call", "Connector", "Int64", "published", "serve", *_faults, *_resources]
