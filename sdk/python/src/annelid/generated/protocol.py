# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""What every plugin speaks."""

PROTOCOL_VERSION = 1
FEATURES = ("events", "progress", "cancel", "instances")
LOG_LEVELS = ("debug", "info", "warn", "error")
