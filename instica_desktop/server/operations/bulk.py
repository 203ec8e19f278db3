"""One act on many items, each all or nothing. Source: api contract, Inventory, Bulk.

`ACTIONS` are what can be done to one item with changes that were validated by the action's form.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from rest_framework.exceptions import ValidationError

from instica_desktop.server.models import Item, Listing
from instica_desktop.server.operations.items import delete_item, update_item
from instica_desktop.server.operations.listings import delist_all, list_item
from instica_desktop.server.storage.pictures import drop_pictures

Changes = dict[str, Any]
Refusals = dict[str, list[str]]
Done = set[int]
"""The keys of the offers an act has dealt with: copies share them, and each needs it once."""
Action = Callable[[Item, Changes, Done], Refusals]
"""Changes an item; returns by field what a marketplace refused, though the attempt itself is kept."""


def _update(item: Item, changes: Changes, _done: Done) -> Refusals:
    update_item(item, changes)
    return {}


def adjusted(cents: int, changes: Changes) -> int:
    """Return a price changed by `percent` or by `amount_cents`, rounded to the cent, halves up."""
    if "amount_cents" in changes:
        return cents + changes["amount_cents"]
    factor = 1 + Decimal(changes["percent"]) / 100
    return int((cents * factor).quantize(Decimal(1), ROUND_HALF_UP))


def _adjust_price(item: Item, changes: Changes, _done: Done) -> Refusals:
    if item.price_item_cents is None:
        raise ValidationError({"price_item_usd": ["This item has no price to adjust."]})
    price = adjusted(item.price_item_cents, changes)
    if price <= 0:
        raise ValidationError({"price_item_usd": ["Ensure this value is greater than 0."]})
    update_item(item, {"price_item_cents": price})
    return {}


def _refused(listings: list[Listing], done: Done) -> Refusals:
    done.update(listing.pk for listing in listings)
    failed = [listing.error_message for listing in listings if listing.status == "failed"]
    return {"platform": failed} if failed else {}


def _list(item: Item, changes: Changes, done: Done) -> Refusals:
    values = {name: value for name, value in changes.items() if name != "platform"}
    return _refused([list_item(item, changes["platform"], values, done)], done)


def _delist(item: Item, changes: Changes, done: Done) -> Refusals:
    return _refused(delist_all(item, changes.get("platform", ""), done), done)


def _delete(item: Item, changes: Changes, _done: Done) -> Refusals:
    stems = delete_item(item)
    transaction.on_commit(lambda: drop_pictures(stems))
    return {}


ACTIONS: dict[str, Action] = {
    "update": _update,
    "set_status": _update,
    "adjust_price": _adjust_price,
    "list": _list,
    "delist": _delist,
    "delete": _delete,
}
"""What can be done to an item, by the name of the action."""
