"""A record deleted on one side: what can be made again, or what the other side changed, said plainly.

No widgets.
"""

from typing import Any

import msgspec

from instica_desktop.core.describe import field_name, field_value
from instica_desktop.core.operations import Operation
from instica_desktop.qtkit.dialogs import Choice
from instica_desktop.sync.recreate import Recreation

RECREATE_CHOICES = (
    Choice("later", "Decide later", "safe"),
    Choice("drop", "Drop the edit", "danger"),
    Choice("recreate", "Make again", "main"),
)
DELETE_CHOICES = (
    Choice("later", "Decide later", "safe"),
    Choice("delete", "Delete all the same", "danger"),
    Choice("keep", "Keep the record", "main"),
)
_BRIEF = 60
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def record_of(raw: bytes) -> dict[str, Any]:
    """Return the server's record as it is kept."""
    return _decode(raw)


def deletion_words(operation: Operation) -> str:
    """Return what was changed on the server since a record was deleted here."""
    lines = [
        f"{field_name(field)}: {_brief(field, operation.seen.get(field))} → {_brief(field, value)}"
        for field, value in operation.theirs.items()
    ]
    return "\n".join(["You deleted it, and it was changed on the server since.", *lines])


def _brief(field: str, value: Any) -> str:
    text = field_value(field, value)
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF].rstrip()} …"


def recreation_words(found: Recreation) -> str:
    """Return what comes back and what does not."""
    lines = [
        "It was deleted on the server. A new one gets all that this computer knows of it, and your edits."
    ]
    if found.photos:
        lines.append(f"{_count(len(found.photos), 'photo')} will be sent again.")
    lost = [
        _count(number, thing)
        for number, thing in ((found.photos_lost, "photo"), (found.listings_lost, "listing"))
        if number
    ]
    if lost:
        what = " and ".join(lost)
        one = found.photos_lost + found.listings_lost == 1
        lines.append(f"{what} {'does' if one else 'do'} not come back: add {'it' if one else 'them'} anew.")
    return " ".join(lines)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
