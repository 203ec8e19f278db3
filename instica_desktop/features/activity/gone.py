"""A record that was deleted on the server: what can be made again, said plainly. No widgets."""

from typing import Any

import msgspec

from instica_desktop.qtkit.dialogs import Choice
from instica_desktop.sync.recreate import Recreation

RECREATE_CHOICES = (
    Choice("later", "Decide later", "safe"),
    Choice("drop", "Drop the edit", "danger"),
    Choice("recreate", "Make again", "main"),
)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def record_of(raw: bytes) -> dict[str, Any]:
    """Return the server's record as it is kept."""
    return _decode(raw)


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
