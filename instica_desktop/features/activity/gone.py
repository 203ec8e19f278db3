"""A record deleted on one side: what can be made again, or what the other side changed, said plainly.

No widgets.
"""

from typing import Any

from instica_desktop.core import wire
from instica_desktop.core.describe import describe, field_name, field_value
from instica_desktop.core.meanwhile import PARTS, news_words
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.sharing import asked, sharing_words
from instica_desktop.core.statuses import SHIPPABLE, TO_SHIP
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
AGAIN_CHOICES = (
    Choice("later", "Decide later", "safe"),
    Choice("another", "Make another"),
    Choice("use", "Use that one", "main"),
)
GONE_TOO = "was deleted on the server, and is gone here too. What you wrote stays in History."
_CHANGE = Choice("change", "Change the number", "main")
_LATER = Choice("later", "Decide later", "safe")
_BRIEF = 60


def record_of(raw: bytes) -> dict[str, Any]:
    """Return the server's record as it is kept."""
    return wire.record(raw)


def deletion_words(operation: Operation) -> str:
    """Return what was changed on the server since a record was deleted here."""
    lines = [
        f"{field_name(field)}: {_brief(field, operation.seen.get(field))} → {_brief(field, value)}"
        for field, value in operation.theirs.items()
        if field not in PARTS
    ]
    parts = {field: value for field, value in operation.theirs.items() if field in PARTS}
    news = [news_words(operation.entity, parts)] if parts else []
    return "\n".join(["You deleted it, and it was changed on the server since.", *lines, *news])


def again_words(operation: Operation) -> str:
    """Return what stands there already of a record that is to be made again."""
    sku = operation.payload.get("fields", {}).get("manual_sku")
    what = f"A copy with the SKU {sku}" if sku else "The same record"
    return (
        f"{what} is there already. It may have been made again on another computer. "
        "Use that one, and your edits go to it; or make another."
    )


def overtaken_title(operation: Operation, about: str) -> str:
    """Return the question about an act that somebody else has made doubtful; `about` names the record."""
    if asked(operation.theirs):
        return f"The number for {about} is on another order too"
    if operation.kind is OpKind.ADD_SHIPMENT:
        return f"Somebody else was at {about}"
    return f"Change the price of {about} all the same?"


def overtaken_words(operation: Operation) -> str:
    """Return what somebody else has done since, and what waits here."""
    orders = asked(operation.theirs)
    news = sharing_words(orders) if orders else news_words(operation.entity, operation.theirs)
    return f"{news}\nYours, not sent: {describe(operation)}."


def overtaken_choices(operation: Operation) -> tuple[Choice, ...]:
    """Return what can be done about it; an order that is closed takes no parcel."""
    if asked(operation.theirs):
        mine = "my parcel" if operation.kind is OpKind.ADD_SHIPMENT else "the change"
        return (_LATER, Choice("drop", f"Drop {mine}"), Choice("act", "Send all the same"), _CHANGE)
    if operation.kind is not OpKind.ADD_SHIPMENT:
        act = (Choice("act", "Change it all the same"),)
        return (_LATER, *act, Choice("drop", "Drop the new price", "main"))
    open_ = operation.theirs.get("status", TO_SHIP) in SHIPPABLE
    act = (Choice("act", "Add it as another parcel"),) if open_ else ()
    return (_LATER, *act, Choice("drop", "Drop my parcel", "main"))


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
