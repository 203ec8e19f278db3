"""What the user sees of an item's offers while changes of them are unsent. Pure functions.

An offer that copies share is changed by one of them, and seen changed at all. Nothing is shown as done that
is not: an offer that was not sent is `waiting`, one that is to end is `ending`, and the item's own status
follows only when the server says so, because buyers see what the marketplace shows.

An item that is sold or archived by hand takes its offers along, and brings them back when that is taken back:
the server does it, and says of an offer that it `comes_back`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from instica_desktop.core.operations import TEMPORARY, Operation, OpKind

WAITING = "waiting"
"""The status of an offer that no marketplace has heard of yet."""
ENDING = "ending"
"""The status of an offer that buyers see until its end is sent."""
USED_AGAIN = frozenset({"draft", "inactive", "failed"})
"""Statuses of earlier offers that a new one on the same marketplace takes the place of."""

_BY_HAND = frozenset({"redbubble", "teepublic", "society6"})
LEFT = frozenset({"sold", "shipped", "archived"})
"""Statuses that take an item off all offers."""

Wire = dict[str, Any]


def add_listing(shown: Wire, operation: Operation) -> None:
    """Show the offer that will be made, in the place of an ended one on the same marketplace."""
    payload = operation.payload
    ended: list[Wire] = [one for one in _offers(shown) if _replaced(one, payload)]
    offer: Wire = {
        "uid": TEMPORARY + operation.uuid,
        "platform": payload["platform"],
        "platform_name": payload.get("platform_name") or "",
        "status": WAITING,
        "title": payload.get("title") or shown.get("title"),
        "price_usd": payload.get("price_usd") or shown.get("price_total_usd"),
        "items": ended[-1].get("items") or [] if ended else [],
    }
    shown["listings"] = [*(one for one in _offers(shown) if one not in ended), offer]


def revise_listing(shown: Wire, operation: Operation) -> None:
    """Show an offer as it will be."""
    changed = {edit.field: edit.new for edit in operation.edits}
    _change(shown, operation, changed)


def delist(shown: Wire, operation: Operation) -> None:
    """Show that an offer is to end; until that is sent it stands."""
    _change(shown, operation, {"status": ENDING})


def is_live(offer: Mapping[str, Any]) -> bool:
    """Tell whether buyers see an offer, or will once it is sent."""
    failed_at_its_end = offer.get("status") == "failed" and offer.get("listed_at") is not None
    return offer.get("status") in ("listed", WAITING) or failed_at_its_end


def is_by_hand(platform: str) -> bool:
    """Tell whether a marketplace has no interface: its offers are put up and ended there by hand."""
    return platform in _BY_HAND


def move_offers(shown: Wire, before: str) -> None:
    """Show what becomes of an item's offers when its status is another one than `before`."""
    now = shown["status"]
    if not shown.get("listings"):
        return
    if now in LEFT and before not in LEFT:
        shown["listings"] = [_going(offer) for offer in _offers(shown)]
    elif now not in LEFT and before in LEFT:
        shown["listings"] = [_coming(offer, listed=now == "listed") for offer in _offers(shown)]


def _going(offer: Wire) -> Wire:
    return {**offer, "status": ENDING, "comes_back": True} if is_live(offer) else offer


def _coming(offer: Wire, *, listed: bool) -> Wire:
    if not offer.get("comes_back"):
        return offer
    if not listed:
        return {**offer, "comes_back": False}
    stands = offer.get("status") != "inactive"  # its end was never sent, or has not come about
    return {**offer, "status": "listed" if stands else WAITING, "comes_back": False, "error": None}


# ------------------------------------------------------------ copies that share an offer


def sharing(offer: Mapping[str, Any]) -> list[str]:
    """Return the uids of the copies that share an offer; none where it is of one item alone."""
    uids = [str(one["uid"]) for one in offer.get("items") or ()]
    return uids if len(uids) > 1 else []


def copies(record: Mapping[str, Any]) -> list[str]:
    """Return the uids of the other copies that an item shares offers with."""
    found = dict.fromkeys(uid for offer in record.get("listings") or () for uid in sharing(offer))
    return [uid for uid in found if uid != record.get("uid")]


def by_copies(shown: Wire, operations: Iterable[Operation]) -> Wire:
    """Return an item with what waits, at the copies it shares offers with, to be done to those offers."""
    seen = dict(shown)
    for operation in operations:
        act = _BY_COPIES.get(operation.kind)
        if act is not None and any(_meant(offer, operation) for offer in _offers(seen)):
            act(seen, operation)
    return seen


def _leave(shown: Wire, operation: Operation) -> None:
    """Show an offer without the copy that is sold or archived; the others stay in it."""
    shown["listings"] = [
        {**offer, "items": [one for one in offer["items"] if one["uid"] != operation.uid]}
        if _meant(offer, operation)
        else offer
        for offer in _offers(shown)
    ]


def _meant(offer: Wire, operation: Operation) -> bool:
    if operation.uid not in sharing(offer):
        return False
    if operation.kind is OpKind.UPDATE:
        return any(edit.field == "status" and edit.new in LEFT for edit in operation.edits)
    if operation.kind is OpKind.ADD_LISTING:
        return _replaced(offer, operation.payload)
    return offer.get("uid") == operation.payload.get("listing")


_BY_COPIES = {
    OpKind.UPDATE: _leave,
    OpKind.ADD_LISTING: add_listing,
    OpKind.REVISE_LISTING: revise_listing,
    OpKind.DELIST: delist,
}


def _replaced(offer: Wire, payload: Wire) -> bool:
    return offer.get("platform") == payload["platform"] and offer.get("status") in USED_AGAIN


def _change(shown: Wire, operation: Operation, changed: Wire) -> None:
    wanted = operation.payload["listing"]
    shown["listings"] = [
        {**offer, **changed} if offer.get("uid") == wanted else offer for offer in _offers(shown)
    ]


def _offers(shown: Wire) -> list[Wire]:
    return list(shown.get("listings") or ())
