"""The kit for plugin authors: a ``Connector`` with a method for each call, and ``serve``."""

from ..faults import *
from ..generated.calls import NeedAnswer as NeedAnswer
from ..generated.calls import TaskAnswer as TaskAnswer
from ..generated.resources import *
from ._call import Call as Call
from ._connector import Connector as Connector
from ._host import Host as Host
from ._host import Kept as Kept
from ._published import Int64 as Int64
from ._published import published as published
from ._serve import serve as serve
