"""Where a parcel goes: whether the addresses of two orders are one.

The rules:
1. Name, street (both lines together), postal code and country are compared, folded and by their letters and
   figures alone: `5, Elm St.` is `5 elm st`. Where there is no postal code the city takes its place. State
   and telephone are not compared.
2. An address without name, street, country, or both postal code and city is not known. Whether it is the same
   as another cannot be told.
"""

import re
from collections.abc import Mapping
from typing import Any

from instica_desktop.server.domain.text import fold

_WORDS = re.compile(r"[^\W_]+")


def address_key(address: Mapping[str, Any] | None) -> str:
    """Return the form in which addresses are compared; empty for one that is not known."""
    known = address or {}
    parts = (
        _words(known, "full_name"),
        _words(known, "line1", "line2"),
        _words(known, "postal_code").replace(" ", "") or _words(known, "city"),
        _words(known, "country"),
    )
    return "\n".join(parts) if all(parts) else ""


def _words(address: Mapping[str, Any], *names: str) -> str:
    text = " ".join(str(address.get(name) or "") for name in names)
    return " ".join(_WORDS.findall(fold(text)))
