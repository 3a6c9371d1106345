"""A plugin that answers at once: what is measured is the way there and back."""

from annelid.plugin import Connector, serve


class Lab(Connector):
    def compute_stats(self, vm):
        return {"time": "2026-01-31T12:00:00.000Z"}


serve("lab", Lab)
