"""What the configuration of an instance says; each mistake is named by its place."""

import re
from dataclasses import dataclass, field
from typing import Any, Optional

from annelid.plugin import InvalidParams

ROLES = ("admin", "user", "reader")
"""The highest first: of the groups that somebody is in, the first counts."""


@dataclass
class Settings:
    servers: list[str]
    base: str
    account: str
    role: Optional[str] = None
    roles: dict[str, str] = field(default_factory=dict)
    filter: str = "(uid={login})"
    login: str = "uid"
    bindDn: str = ""
    bindPassword: str = ""
    startTls: bool = True
    ca: Optional[str] = None
    timeoutSeconds: int = 5


TYPES: dict[str, type] = {
    "servers": list,
    "roles": dict,
    "startTls": bool,
    "timeoutSeconds": int,
}
WORDS = {list: "a list", dict: "a map", bool: "true or false", int: "a number", str: "a text"}


def wrong(name: str, why: str) -> InvalidParams:
    return InvalidParams(f"{name} {why}.", field=f"/config/{name}")


def settings_from(config: dict[str, Any]) -> Settings:
    """Raises InvalidParams, which names the setting that is wrong."""
    known = Settings.__dataclass_fields__
    for name, value in config.items():
        # A filter under a misspelled name would let in those whom it should keep out.
        if name not in known:
            raise wrong(name, f"is no setting; there are {', '.join(known)}")
        wanted = TYPES.get(name, str)
        if type(value) is not wanted:
            raise wrong(name, f"must be {WORDS[wanted]}")
    for name in ("servers", "base", "account"):
        if not config.get(name):
            raise wrong(name, "is missing")
    settings = Settings(**config)
    for server in settings.servers:
        if not isinstance(server, str) or not re.match(r"^ldaps?://[^/\s]+$", server):
            raise wrong("servers", "must be addresses such as ldaps://ldap.example")
    if "{login}" not in settings.filter:
        raise wrong("filter", "must have {login} in it")
    if settings.role is not None and settings.role not in ROLES:
        raise wrong("role", f"must be one of {', '.join(ROLES)}")
    for role, group in settings.roles.items():
        if role not in ROLES or not isinstance(group, str):
            raise wrong("roles", f"must be groups for {', '.join(ROLES)}")
    if settings.role is None and not settings.roles:
        raise wrong("roles", "is missing, and so is role: nobody would get in")
    if settings.timeoutSeconds < 1:
        raise wrong("timeoutSeconds", "must be at least 1")
    return settings
