"""Failures as the protocol tells them, and the table from libvirt's codes to them."""

import libvirt

# Kind of fault -> the code that goes with it.
CODES = {
    "invalid-params": 400,
    "forbidden": 403,
    "not-found": 404,
    "conflict": 409,
    "exists": 409,
    "busy": 423,
    "cancelled": 499,
    "internal": 500,
    "unsupported": 501,
    "failed": 502,
    "unavailable": 503,
    "timeout": 504,
    "quota": 507,
    "unknown-method": -32601,
}

# Chosen before anything was changed: nothing has happened unless the fault says otherwise.
REFUSALS = {"invalid-params", "forbidden", "not-found", "conflict", "exists", "busy", "unsupported"}


class Fault(Exception):
    """A failure that the caller is meant to see: a kind, a sentence, and data such as field, hint or outcome."""

    def __init__(self, kind, message, **data):
        super().__init__(message)
        self.kind = kind
        self.data = data

    def to_error(self):
        data = {"kind": self.kind}
        if self.kind in REFUSALS:
            data["outcome"] = "none"
        data.update((name, value) for name, value in self.data.items() if value is not None)
        return {"code": CODES[self.kind], "message": str(self), "data": data}


# libvirt's code -> kind. What is not here is a failure of the backend whose outcome is unknown.
KINDS = {
    "VIR_ERR_NO_DOMAIN": "not-found",
    "VIR_ERR_NO_NETWORK": "not-found",
    "VIR_ERR_NO_STORAGE_POOL": "not-found",
    "VIR_ERR_NO_STORAGE_VOL": "not-found",
    "VIR_ERR_NO_DOMAIN_METADATA": "not-found",
    "VIR_ERR_OPERATION_INVALID": "conflict",
    "VIR_ERR_OPERATION_DENIED": "forbidden",
    "VIR_ERR_ACCESS_DENIED": "forbidden",
    "VIR_ERR_AUTH_FAILED": "unavailable",
    "VIR_ERR_AUTH_CANCELLED": "unavailable",
    "VIR_ERR_AUTH_UNAVAILABLE": "unavailable",
    "VIR_ERR_NO_SUPPORT": "unsupported",
    "VIR_ERR_OPERATION_UNSUPPORTED": "unsupported",
    "VIR_ERR_CONFIG_UNSUPPORTED": "unsupported",
    "VIR_ERR_ARGUMENT_UNSUPPORTED": "unsupported",
    "VIR_ERR_DOM_EXIST": "exists",
    "VIR_ERR_STORAGE_VOL_EXIST": "exists",
    "VIR_ERR_NETWORK_EXIST": "exists",
    "VIR_ERR_RESOURCE_BUSY": "busy",
    "VIR_ERR_BLOCK_COPY_ACTIVE": "busy",
    "VIR_ERR_OPERATION_TIMEOUT": "timeout",
    "VIR_ERR_AGENT_UNRESPONSIVE": "unavailable",
    "VIR_ERR_NO_CONNECT": "unavailable",
    "VIR_ERR_INVALID_CONN": "unavailable",
    "VIR_ERR_RPC": "unavailable",
    "VIR_ERR_NO_MEMORY": "quota",
}

CODE_NAMES = {
    value: name
    for name, value in vars(libvirt).items()
    if name.startswith("VIR_ERR_") and isinstance(value, int)
    # Levels of severity share the prefix and the small numbers.
    and name not in ("VIR_ERR_NONE", "VIR_ERR_WARNING", "VIR_ERR_ERROR")
}


def code_name(error):
    """libvirt's name for an error, such as VIR_ERR_NO_DOMAIN."""
    return CODE_NAMES.get(error.get_error_code(), "VIR_ERR_UNKNOWN")


def is_code(error, *names):
    return code_name(error) in names


def is_link_failure(error):
    """Whether it is the link to libvirtd that failed, so that what was asked for may or may not have happened."""
    if is_code(error, "VIR_ERR_RPC", "VIR_ERR_NO_CONNECT", "VIR_ERR_INVALID_CONN"):
        return True
    return error.get_error_domain() in (libvirt.VIR_FROM_RPC, libvirt.VIR_FROM_REMOTE) and is_code(
        error, "VIR_ERR_SYSTEM_ERROR", "VIR_ERR_INTERNAL_ERROR"
    )


# What libvirt puts before its own sentences.
PREFIXES = (
    "internal error: ",
    "operation failed: ",
    "Requested operation is not valid: ",
    "unsupported configuration: ",
)


def sentence(error):
    """What libvirt said, for people: without its prefixes, as a sentence."""
    said = (error.get_error_message() or "no reason given").strip()
    detail = error.get_str1()
    for prefix in PREFIXES:
        if said.startswith(prefix):
            said = said[len(prefix):]
    if detail and said.endswith(detail) and said.startswith("this function is not supported"):
        said = "libvirt cannot do this with its driver for this connection"
    said = said[:1].upper() + said[1:]
    return said if said.endswith((".", "!", "?")) else said + "."


def fault_from_libvirt(error, resource=None, link_lost=False):
    """The fault for a libvirtError."""
    name = code_name(error)
    if link_lost or is_link_failure(error):
        return Fault(
            "unavailable",
            "The connection to libvirt was lost during the call: " + sentence(error),
            outcome="unknown",
            retryAfterMs=1000,
            resource=resource,
            provider=name,
        )
    kind = KINDS.get(name, "failed")
    outcome = None if kind in REFUSALS else "unknown"
    return Fault(kind, sentence(error), resource=resource, provider=name, outcome=outcome)
