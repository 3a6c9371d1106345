"""What we keep with a domain, so that it is known again after everything has been restarted.

One element in our namespace holds JSON: XML 1.0 has no place for control characters, which labels may contain.
Members: key, name, domain (the domain's name as we set it), image, labels, created, volumes.
"""

import json
import xml.etree.ElementTree as ET

import libvirt

from faults import is_code

NAMESPACE = "urn:annelid:1"
PREFIX = "annelid"
TAG = "vm"

# ElementTree would write ns0, ns1: valid, but no pleasure for those who edit the XML by hand.
ET.register_namespace(PREFIX, NAMESPACE)
ET.register_namespace("qemu", "http://libvirt.org/schemas/domain/qemu/1.0")
ET.register_namespace("libosinfo", "http://libosinfo.org/xmlns/libvirt/domain/1.0")


def to_element(facts):
    element = ET.Element("{%s}%s" % (NAMESPACE, TAG))
    element.text = json.dumps({name: value for name, value in facts.items() if value is not None})
    return element


def _from_text(text):
    try:
        facts = json.loads(text or "")
    except ValueError:
        # Somebody edited it: the machine is then like one that we did not make.
        return {}
    return facts if isinstance(facts, dict) else {}


def from_domain_xml(root):
    """The facts in the XML of a whole domain; empty when there are none."""
    element = root.find("metadata/{%s}%s" % (NAMESPACE, TAG))
    return {} if element is None else _from_text(element.text)


def read(domain):
    """The facts kept with a domain, without reading the rest of it."""
    try:
        text = domain.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, NAMESPACE)
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_DOMAIN_METADATA", "VIR_ERR_NO_DOMAIN"):
            return {}
        raise
    return _from_text(ET.fromstring(text).text)


def write(domain, facts):
    flags = libvirt.VIR_DOMAIN_AFFECT_CURRENT
    if domain.isPersistent():
        flags = libvirt.VIR_DOMAIN_AFFECT_CONFIG
        if domain.isActive():
            flags |= libvirt.VIR_DOMAIN_AFFECT_LIVE
    element = to_element(facts)
    # libvirt adds the namespace itself and wants the element without a prefix of ours.
    element.tag = TAG
    text = ET.tostring(element, encoding="unicode")
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, text, PREFIX, NAMESPACE, flags)


def write_saved(domain, facts):
    """Writes them into what was saved of a machine, too: a start from that brings back the XML of when it was saved."""
    root = ET.fromstring(domain.managedSaveGetXMLDesc(libvirt.VIR_DOMAIN_SAVE_IMAGE_XML_SECURE))
    kept = root.find("metadata")
    if kept is None:
        kept = ET.SubElement(root, "metadata")
    for element in kept.findall("{%s}%s" % (NAMESPACE, TAG)):
        kept.remove(element)
    kept.append(to_element(facts))
    domain.managedSaveDefineXML(ET.tostring(root, encoding="unicode"))
