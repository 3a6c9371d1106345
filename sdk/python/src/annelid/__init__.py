"""Annelid for Python: ``annelid.plugin`` drives a cloud for the daemon, ``annelid.client`` calls the daemon."""

from ._fault import Fault

__all__ = ["Fault"]
