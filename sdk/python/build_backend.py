"""Builds the package for pip (PEP 517, PEP 660) with the standard library alone: nothing is fetched to install it."""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = "src"


def _read(path):
    with open(os.path.join(HERE, path), "rb") as file:
        return file.read()


def _project():
    """The facts of pyproject.toml; the oldest Python served has no reader of TOML, so each is a line of its own."""
    section = re.search(r"^\[project\]\n(.*?)(?=^\[|\Z)", _read("pyproject.toml").decode(), re.S | re.M).group(1)
    return dict(re.findall(r'^([a-z-]+) = "([^"]*)"$', section, re.M))


def _metadata():
    facts = _project()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {facts['name']}",
        f"Version: {facts['version']}",
        f"Summary: {facts['description']}",
        f"License: {facts['license']}",
        f"Requires-Python: {facts['requires-python']}",
        "Description-Content-Type: text/markdown",
        "",
        _read(facts["readme"]).decode(),
    ]
    return "\n".join(lines).encode()


def _modules():
    """Files of the package, by their names in a wheel, in a stable order."""
    for folder, folders, files in os.walk(os.path.join(HERE, SOURCES)):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.endswith(".egg-info"))
        for name in sorted(files):
            path = os.path.join(folder, name)
            yield os.path.relpath(path, os.path.join(HERE, SOURCES)).replace(os.sep, "/"), _read(path)


def _wheel(directory, files):
    facts = _project()
    stem = f"{facts['name']}-{facts['version']}"
    info = f"{stem}.dist-info"
    files = [
        *files,
        (f"{info}/METADATA", _metadata()),
        (f"{info}/WHEEL", b"Wheel-Version: 1.0\nGenerator: annelid\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ]
    record = []
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}")
            wheel.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
        record.append(f"{info}/RECORD,,")
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "\n".join(record) + "\n")
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, list(_modules()))


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, [("annelid.pth", os.path.join(HERE, SOURCES).encode() + b"\n")])


def build_sdist(sdist_directory, config_settings=None):
    facts = _project()
    stem = f"{facts['name']}-{facts['version']}"
    with tarfile.open(os.path.join(sdist_directory, f"{stem}.tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ("pyproject.toml", "build_backend.py", "README.md", SOURCES, "examples", "tests"):
            archive.add(os.path.join(HERE, path), f"{stem}/{path}", filter=_without_caches)
        about = tarfile.TarInfo(f"{stem}/PKG-INFO")
        about.size = len(_metadata())
        archive.addfile(about, io.BytesIO(_metadata()))
    return f"{stem}.tar.gz"


def _without_caches(entry):
    return None if "__pycache__" in entry.name else entry
