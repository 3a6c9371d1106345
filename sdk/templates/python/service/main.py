"""A service that sample-plugin publishes: its methods are on every wire of the daemon. Put your own in their place."""

from typing import Annotated

from annelid.plugin import Connector, published, serve


class SamplePlugin(Connector):
    services = {"samplePlugin": "Greets people."}

    @published("samplePlugin.greet", changes=False)
    def greet(self, name: Annotated[str, "Whom."], times: Annotated[int, "How often."] = 1) -> str:
        """Greet somebody."""
        return " ".join([f"Hello, {name}!"] * times)


serve("sample-plugin", SamplePlugin, version="0.1.0")
