"""The configuration of an instance: its schema, and the check of what was given."""

import os

from faults import Fault


def _text(description, default=None, enum=None):
    schema = {"type": "string", "description": description, "default": default, "enum": enum}
    return {name: value for name, value in schema.items() if value is not None}


MACHINE = {
    "type": _text("QEMU machine type, such as `q35`; libvirt's default when left out."),
    "cpu": _text("Processor: `default`, `host-passthrough`, `host-model` or `maximum`.", "default",
                 ["default", "host-passthrough", "host-model", "maximum"]),
    "diskBus": _text("How disks are attached.", "virtio", ["virtio", "sata", "scsi"]),
    "nicModel": _text("The network card.", "virtio"),
    "graphics": _text("Screen: none, or VNC on the host's loopback.", "none", ["none", "vnc"]),
}

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "uri": _text("The libvirt connection URI.", "qemu:///system"),
        "imageDirectories": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Directories whose disk images, kernels and initial RAM disks machines can be made from.",
            "default": [],
        },
        "storagePool": _text(
            "Where the disks of new machines go: the name of a storage pool, or the absolute path of a directory.",
            "default",
        ),
        "consoleDirectory": _text("Where serial console output of new machines is kept; absolute."),
        "domainType": _text("Hypervisor: `auto` takes KVM where it works.", "auto", ["auto", "kvm", "qemu"]),
        "machine": {
            "type": "object",
            "additionalProperties": False,
            "description": "What new machines look like.",
            "properties": MACHINE,
            "default": {},
        },
    },
}

# Of the names that `consoleDirectory` and `type` may take, none stands for "left out".
WORDS = {"string": (str, "a string"), "array": (list, "a list"), "object": (dict, "a record")}


def _check(value, schema, pointer):
    kind, word = WORDS[schema["type"]]
    if not isinstance(value, kind):
        raise Fault("invalid-params", "%s must be %s." % (pointer, word), field=pointer)
    if "enum" in schema and value not in schema["enum"]:
        words = ", ".join(schema["enum"])
        raise Fault("invalid-params", "%s must be one of %s." % (pointer, words), field=pointer)
    if kind is list:
        return [_check(item, schema["items"], "%s/%d" % (pointer, index)) for index, item in enumerate(value)]
    if kind is str:
        return value
    properties = schema["properties"]
    for name in value:
        if name not in properties:
            known = ", ".join(properties)
            raise Fault("invalid-params", "%s/%s is unknown; known are %s." % (pointer, name, known),
                        field="%s/%s" % (pointer, name))
    checked = {}
    for name, inner in properties.items():
        given = value.get(name, inner.get("default"))
        checked[name] = None if given is None else _check(given, inner, "%s/%s" % (pointer, name))
    return checked


def default_console_directory():
    if os.geteuid() == 0:
        return "/var/log/libvirt/qemu"
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "annelid", "console")


def _absolute(path, pointer):
    if not os.path.isabs(path):
        raise Fault("invalid-params", "%s must be an absolute path, not %s." % (pointer, path), field=pointer)
    return path


def check_config(given):
    """The configuration with its defaults. Raises `invalid-params` naming the field and what to do."""
    config = _check({} if given is None else given, SCHEMA, "/config")
    for index, path in enumerate(config["imageDirectories"]):
        pointer = "/config/imageDirectories/%d" % index
        if not os.path.isdir(_absolute(path, pointer)):
            raise Fault("invalid-params", "%s is not a directory: %s." % (pointer, path), field=pointer,
                        hint="Make the directory, or take it out of imageDirectories.")
    pool = config["storagePool"]
    if "/" in pool:
        _absolute(pool, "/config/storagePool")
    given_console = config["consoleDirectory"]
    if given_console is None:
        config["consoleDirectory"] = default_console_directory()
    path = _absolute(config["consoleDirectory"], "/config/consoleDirectory")
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        if given_console is not None:
            raise Fault(
                "invalid-params",
                "The directory /config/consoleDirectory cannot be made: %s." % error.strerror,
                field="/config/consoleDirectory",
                hint="Make %s, or name a directory that this user may write to." % path,
            ) from None
        # Nobody asked for it: machines then have no console log, and consoleOutput says so.
        config["consoleDirectory"] = None
    return config
