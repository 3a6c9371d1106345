"""The domain XML of a new machine."""

import xml.etree.ElementTree as ET

import libvirt

import metadata

# A disk's bus -> the prefix of its device names, the controller that it needs.
BUSES = {"virtio": ("vd", None), "sata": ("sd", None), "scsi": ("sd", "virtio-scsi")}


def _add(parent, tag, text=None, **attributes):
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = text
    return element


def device_name(prefix, index):
    """vda, vdb, ... vdz, vdaa: as the kernel counts."""
    letters = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return prefix + letters


def _boot(root, machine, spec):
    os_element = _add(root, "os")
    kind = _add(os_element, "type", "hvm")
    if machine["type"] is not None:
        kind.set("machine", machine["type"])
    if spec["kernel"] is not None:
        _add(os_element, "kernel", spec["kernel"])
        if spec["initrd"] is not None:
            _add(os_element, "initrd", spec["initrd"])
        if spec["commandLine"]:
            _add(os_element, "cmdline", spec["commandLine"])
    else:
        if spec["cdrom"] is not None:
            _add(os_element, "boot", dev="cdrom")
        _add(os_element, "boot", dev="hd")


def _disk(devices, path, kind, device, bus, boot_format, block=False):
    disk = _add(devices, "disk", type="block" if block else "file", device=kind)
    _add(disk, "driver", name="qemu", type=boot_format)
    _add(disk, "source", **{"dev" if block else "file": path})
    _add(disk, "target", dev=device, bus=bus)
    if kind == "cdrom":
        _add(disk, "readonly")


def _devices(root, machine, spec):
    devices = _add(root, "devices")
    bus = machine["diskBus"]
    prefix, controller = BUSES[bus]
    if controller is not None:
        _add(devices, "controller", type="scsi", model=controller)
    for index, volume in enumerate(spec["volumes"]):
        block = volume.info()[0] == libvirt.VIR_STORAGE_VOL_BLOCK
        _disk(devices, volume.path(), "disk", device_name(prefix, index), bus, "qcow2", block)
    if spec["cdrom"] is not None:
        # Other names than those of the disks, whichever bus they are on.
        _disk(devices, spec["cdrom"], "cdrom", device_name("sd", len(spec["volumes"])), "sata", "raw")
    for network in spec["networks"]:
        if network == "user":
            interface = _add(devices, "interface", type="user")
        else:
            interface = _add(devices, "interface", type="network")
            _add(interface, "source", network=network)
        _add(interface, "model", type=machine["nicModel"])
    serial = _add(devices, "serial", type="pty")
    if spec["console"] is not None:
        # `off` empties the log at each start: console offsets count from there.
        _add(serial, "log", file=spec["console"], append="off")
    _add(serial, "target", port="0")
    console = _add(devices, "console", type="pty")
    _add(console, "target", type="serial", port="0")
    if machine["graphics"] == "vnc":
        _add(devices, "graphics", type="vnc", autoport="yes", listen="127.0.0.1")
        _add(_add(devices, "video"), "model", type="vga")


def domain_xml(config, domain_type, spec):
    """The XML for a machine.

    `spec`: uuid, domainName, facts (what metadata keeps), vcpus, memoryMiB, kernel, initrd, cdrom (paths or None),
    commandLine, volumes (of libvirt), networks (names, or `user`), console (a path or None).
    """
    machine = config["machine"]
    root = ET.Element("domain", type=domain_type)
    _add(root, "name", spec["domainName"])
    _add(root, "uuid", spec["uuid"])
    _add(root, "metadata").append(metadata.to_element(spec["facts"]))
    _add(root, "memory", str(spec["memoryMiB"]), unit="MiB")
    _add(root, "vcpu", str(spec["vcpus"]))
    _boot(root, machine, spec)
    if domain_type != "test":
        features = _add(root, "features")
        _add(features, "acpi")
        _add(features, "apic")
        if machine["cpu"] != "default":
            _add(root, "cpu", mode=machine["cpu"])
        _add(root, "clock", offset="utc")
    _add(root, "on_poweroff", "destroy")
    _add(root, "on_reboot", "restart")
    _add(root, "on_crash", "destroy")
    _devices(root, machine, spec)
    return ET.tostring(root, encoding="unicode")
