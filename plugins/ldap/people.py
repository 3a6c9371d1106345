"""Asks an LDAP directory who somebody is: the entry is searched for, and then bound to with the secret."""

import logging
import re
import ssl
import time
from contextlib import contextmanager, suppress
from typing import Any, Iterator, Optional

import ldap3
from ldap3.core.exceptions import (
    LDAPException,
    LDAPExceptionError,
    LDAPInvalidDnError,
    LDAPInvalidFilterError,
    LDAPSASLPrepError,
)
from ldap3.core.results import (
    RESULT_CONSTRAINT_VIOLATION,
    RESULT_INAPPROPRIATE_AUTHENTICATION,
    RESULT_INVALID_CREDENTIALS,
    RESULT_NO_SUCH_OBJECT,
    RESULT_SUCCESS,
    RESULT_UNWILLING_TO_PERFORM,
)
from ldap3.utils.conv import escape_filter_chars
from settings import ROLES, settings_from, wrong

from annelid.plugin import Connector, InvalidParams, Unavailable

# Answers to a bind which say that it is not to be, whatever the reason: a wrong password, an account that is locked, none at all.
REFUSED = {
    RESULT_INVALID_CREDENTIALS,
    RESULT_INAPPROPRIATE_AUTHENTICATION,
    RESULT_CONSTRAINT_VIOLATION,
    RESULT_UNWILLING_TO_PERFORM,
    RESULT_NO_SUCH_OBJECT,
}

PREFERRED_SECONDS = 60
"""How long the server that answered is asked first, before those that did not are tried again."""

log = logging.getLogger("ldap")


class People(Connector):
    def __init__(self, config: dict[str, Any]) -> None:
        self.settings = settings_from(config)
        self.tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_data=self.settings.ca)
        self.preferred = (0, 0.0)

    def probe(self) -> None:
        """What is wrong shows before anybody logs in: names of entries that are not there, and the filter."""
        with self._connected() as connection:
            for name in (self.settings.base, *self.settings.roles.values()):
                try:
                    connection.search(name, "(objectClass=*)", ldap3.BASE, attributes=ldap3.NO_ATTRIBUTES)
                except LDAPInvalidDnError as error:
                    raise InvalidParams(f"{name} is no name of an entry: {error}.") from error
                if connection.result["result"] != RESULT_SUCCESS:
                    raise Unavailable(f"{name} cannot be read: {connection.result['description']}.")
            try:
                self._entry(connection, "probe")
            except LDAPInvalidFilterError as error:
                raise wrong("filter", f"is no filter of LDAP: {error}") from error

    def directory_authenticate(self, login: str, secret: str) -> dict[str, Any]:
        # A bind without a secret is an anonymous one, and succeeds (RFC 4513, section 5.1.2).
        if not secret:
            return {}
        with self._connected() as connection:
            entry = self._entry(connection, login)
            if entry is None or not self._is_right(connection.server, entry["dn"], secret):
                return {}
            return self._answer(connection, entry)

    def directory_find(self, login: str) -> dict[str, Any]:
        with self._connected() as connection:
            entry = self._entry(connection, login)
            return {} if entry is None else self._answer(connection, entry)

    @contextmanager
    def _connected(self) -> Iterator[ldap3.Connection]:
        """A connection of the plugin's own user to the first server that answers."""
        why = ""
        for place in self._places():
            # Made anew: the library takes one that was away once for gone.
            server = ldap3.Server(
                self.settings.servers[place], get_info=ldap3.NONE, connect_timeout=self.settings.timeoutSeconds, tls=self.tls
            )
            try:
                connection = self._bound(server, self.settings.bindDn, self.settings.bindPassword)
            except (LDAPException, OSError) as error:
                why = str(error)
                continue
            if place != self.preferred[0]:
                self.preferred = (place, time.monotonic() + PREFERRED_SECONDS)
            if connection.result["result"] != RESULT_SUCCESS:
                connection.unbind()
                raise Unavailable(f"{server.name} refuses bindDn: {connection.result['description']}.")
            try:
                yield connection
            except (LDAPExceptionError, OSError) as error:
                raise Unavailable(f"{server.name} failed: {error}") from error
            finally:
                connection.unbind()
            return
        raise Unavailable(f"No server can be reached: {why}")

    def _places(self) -> list[int]:
        """Which of the servers are tried, in this order: a dead one costs its timeout once in a while, not at each login."""
        place, until = self.preferred
        if time.monotonic() >= until:
            self.preferred = (place, until) = (0, 0.0)
        count = len(self.settings.servers)
        return [(place + more) % count for more in range(count)]

    def _bound(self, server: ldap3.Server, dn: str, password: str) -> ldap3.Connection:
        """Raises when the server cannot be reached; whether it took the password stands in `result`."""
        connection = ldap3.Connection(
            server,
            user=dn or None,
            password=password or None,
            authentication=ldap3.SIMPLE if dn else ldap3.ANONYMOUS,
            receive_timeout=self.settings.timeoutSeconds,
            # Where a server refers to is for somebody else to say: it would be sent the password.
            auto_referrals=False,
        )
        try:
            connection.open()
            if self.settings.startTls and not server.ssl and not connection.start_tls():
                raise OSError(f"{server.name} does not speak TLS")
            connection.bind()
        except BaseException:
            with suppress(LDAPException, OSError):
                connection.unbind()
            raise
        return connection

    def _is_right(self, server: ldap3.Server, dn: str, secret: str) -> bool:
        try:
            connection = self._bound(server, dn, secret)
        except LDAPSASLPrepError:
            # Of characters that no password has, such as NUL (RFC 4513, section 5.1.3, and RFC 4013).
            return False
        result = connection.result
        connection.unbind()
        if result["result"] == RESULT_SUCCESS:
            return True
        if result["result"] in REFUSED:
            return False
        raise Unavailable(f"{server.name} answers a bind with {result['description']}.")

    def _entry(self, connection: ldap3.Connection, login: str) -> Optional[dict[str, Any]]:
        """The one entry that the login means; None when there is none, or more than one."""
        wanted = [self.settings.login, *re.findall(r"\{([^{}]+)\}", self.settings.account)]
        connection.search(
            self.settings.base,
            self.settings.filter.replace("{login}", escape_filter_chars(login)),
            attributes=sorted(set(wanted)),
            size_limit=2,
        )
        if connection.result["result"] == RESULT_NO_SUCH_OBJECT:
            return None
        entries = [entry for entry in connection.response or [] if entry["type"] == "searchResEntry"]
        if len(entries) > 1:
            log.warning("More than one entry has a login that was asked for: it means nobody.")
            return None
        # A limit of the server, after which there could be another one.
        if connection.result["result"] != RESULT_SUCCESS:
            raise Unavailable(f"{self.settings.base} cannot be searched: {connection.result['description']}.")
        return entries[0] if entries else None

    def _answer(self, connection: ldap3.Connection, entry: dict[str, Any]) -> dict[str, Any]:
        def value(attribute: str) -> str:
            values = entry["attributes"].get(attribute) or []
            return str(values[0] if isinstance(values, list) and values else values or "")

        login = value(self.settings.login)
        parts = [value(name) for name in re.findall(r"\{([^{}]+)\}", self.settings.account)]
        role = self._role(connection, entry["dn"], login)
        if role is None:
            return {}
        if not login or not all(parts):
            log.warning("%s lacks an attribute that its login or its account is made of: it means nobody.", entry["dn"])
            return {}
        account = re.sub(r"\{([^{}]+)\}", lambda found: value(found[1]), self.settings.account)
        return {"user": {"login": login, "account": account, "role": role}}

    def _role(self, connection: ldap3.Connection, dn: str, login: str) -> Optional[str]:
        """The highest role whose group has the entry as a member."""
        is_member = (
            f"(|(member={escape_filter_chars(dn)})(uniqueMember={escape_filter_chars(dn)})"
            f"(memberUid={escape_filter_chars(login)}))"
        )
        for role in ROLES:
            group = self.settings.roles.get(role)
            if group is None:
                continue
            connection.search(group, is_member, ldap3.BASE, attributes=ldap3.NO_ATTRIBUTES)
            if any(found["type"] == "searchResEntry" for found in connection.response or []):
                return role
            if connection.result["result"] != RESULT_SUCCESS:
                raise Unavailable(f"The group {group} cannot be read: {connection.result['description']}.")
        return self.settings.role
