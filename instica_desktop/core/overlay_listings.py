"""What the user sees of an item's offers while changes of them are unsent. Pure functions.

Nothing is shown as done that is not: an offer that was not sent is `waiting`, one that is to end is `ending`,
and the item's own status follows only when the server says so, because buyers see what the marketplace shows.
"""

from typing import Any

from instica_desktop.core.operations import TEMPORARY, Operation

WAITING = "waiting"
"""The status of an offer that no marketplace has heard of yet."""
ENDING = "ending"
"""The status of an offer that buyers see until its end is sent."""
USED_AGAIN = frozenset({"draft", "inactive", "failed"})
"""Statuses of earlier offers that a new one on the same marketplace takes the place of."""

Wire = dict[str, Any]


def add_listing(shown: Wire, operation: Operation) -> None:
    """Show the offer that will be made, in the place of an ended one on the same marketplace."""
    payload = operation.payload
    offer = {
        "uid": TEMPORARY + operation.uuid,
        "platform": payload["platform"],
        "platform_name": payload.get("platform_name") or "",
        "status": WAITING,
        "title": payload.get("title") or shown.get("title"),
        "price_usd": payload.get("price_usd") or shown.get("price_total_usd"),
    }
    shown["listings"] = [*(one for one in _offers(shown) if not _replaced(one, payload)), offer]


def revise_listing(shown: Wire, operation: Operation) -> None:
    """Show an offer as it will be."""
    changed = {edit.field: edit.new for edit in operation.edits}
    _change(shown, operation, changed)


def delist(shown: Wire, operation: Operation) -> None:
    """Show that an offer is to end; until that is sent it stands."""
    _change(shown, operation, {"status": ENDING})


def _replaced(offer: Wire, payload: Wire) -> bool:
    return offer.get("platform") == payload["platform"] and offer.get("status") in USED_AGAIN


def _change(shown: Wire, operation: Operation, changed: Wire) -> None:
    wanted = operation.payload["listing"]
    shown["listings"] = [
        {**offer, **changed} if offer.get("uid") == wanted else offer for offer in _offers(shown)
    ]


def _offers(shown: Wire) -> list[Wire]:
    return list(shown.get("listings") or ())
