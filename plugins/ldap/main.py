"""The program: a directory for each configured instance."""

import sys
from pathlib import Path

# The kit of this tree: nothing needs to be installed for it.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sdk/python/src"))

from people import People  # noqa: E402

from annelid.plugin import serve  # noqa: E402

serve("ldap", People, version="0.1.0", concurrency=16)
