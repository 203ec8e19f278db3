"""Making, changing and deleting items: status moves and what they imply, price rules. Source.

Api contract, Inventory.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.statuses import GONE, ITEM_STATUSES, PRICED, UNSOLD, legal_moves
from instica_desktop.server.models import Item, Organization, Product
from instica_desktop.server.operations.derived import item_changed, total_cents
from instica_desktop.server.operations.entitlements import INVENTORY_ITEMS, claim
from instica_desktop.server.operations.moved import follow
from instica_desktop.server.operations.offers import end, is_live
from instica_desktop.server.operations.plan_use import count_items
from instica_desktop.server.operations.recounting import recount
from instica_desktop.server.operations.shared import offers_of, withdraw
from instica_desktop.server.search import drop_from_index
from instica_desktop.server.web.errors import Conflict

_TOO_LOW = "Ensure this value is greater than 0."
_NOT_SOLD = "Only an item that was sold has a date of sale. Set its status to sold along with it."
_WAS_SOLD = (*GONE, "returned", "archived")
"""Statuses of what was, or may have been, sold: a copy that came back can be archived."""


def _check_price(item: Item) -> None:
    total = total_cents(item)
    missing = total is None and item.status in PRICED
    if missing or (total is not None and total <= 0):
        raise ValidationError({"price_total_usd": [_TOO_LOW]})


def _check_move(item: Item, wanted: str) -> None:
    legal = legal_moves(item.status, item.status_by)
    if wanted not in legal:
        names = ", ".join(legal) or "none"
        raise ValidationError(
            {"status": [f"An item cannot move from {item.status} to {wanted}. Legal from here: {names}."]}
        )


def _check_sold_at(item: Item, before: datetime | None) -> None:
    if item.sold_at not in (None, before) and item.status not in _WAS_SOLD:
        raise ValidationError({"sold_at": [_NOT_SOLD]})


def _stamp_status(item: Item, given: dict[str, Any], now: datetime) -> None:
    """Set the times a status implies, unless the request sets them itself."""
    if item.status == "listed" and "listed_at" not in given:
        item.listed_at = item.listed_at or now
    if item.status in GONE and "sold_at" not in given:
        item.sold_at = item.sold_at or now
    if item.status in UNSOLD and item.status != "returned" and "sold_at" not in given:
        item.sold_at = None  # back in stock: its age runs on


def _apply(item: Item, changes: dict[str, Any]) -> None:
    moved = "status" in changes and (item.pk is None or changes["status"] != item.status)
    if moved and item.pk is not None:
        _check_move(item, changes["status"])
    sold_at = item.sold_at
    for name, value in changes.items():
        setattr(item, name, value)
    _check_price(item)
    _check_sold_at(item, sold_at)
    if moved:
        item.status_by = ""
        _stamp_status(item, changes, timezone.now())


def draft_item(organization: Organization, values: dict[str, Any]) -> Item:
    """Return an item of validated values that has no product yet. Errors: `ValidationError`."""
    item = Item(organization=organization)
    _apply(item, {"status": "draft", **values})
    return item


def complete_item(item: Item, product: Product, *, named: bool) -> None:
    """Give a draft its product, and that one's title unless it is `named`; it begins now."""
    item.product = product
    item.created = timezone.now()
    if not named:
        item.name = product.title


def create_item(organization: Organization, values: dict[str, Any]) -> Item:
    """Make an item from validated values. Errors.

    `ValidationError`, and 402 when the plan covers no more items.
    """
    claim(organization, INVENTORY_ITEMS, lambda: count_items(organization))
    own = {name: value for name, value in values.items() if name != "product"}
    item = draft_item(organization, own)
    complete_item(item, values["product"], named="name" in values)
    item_changed(item)
    return item


def change_item(item: Item, changes: dict[str, Any]) -> None:
    """Apply validated changes without saving. A status equal to the present one is no move. Errors.

    `ValidationError`; the item then holds part of the changes.
    """
    _apply(item, {name: value for name, value in changes.items() if name != "product"})


def update_item(item: Item, changes: dict[str, Any]) -> None:
    """Apply validated changes. Errors: `ValidationError`."""
    before = item.status
    change_item(item, changes)
    item_changed(item)
    if item.status != before:
        follow([item])


def delete_item(item: Item) -> list[str]:
    """Delete an item and end its offers, as far as that can be; returns the stems of its picture files.

    Errors: `Conflict` when an order refers to it.
    """
    if item.listings.filter(orders__isnull=False).exists():  # pyright: ignore[reportAttributeAccessIssue]
        raise Conflict("An order refers to this item. Archive it instead.")
    for listing in offers_of(item):
        if not withdraw(listing, item) and is_live(listing):
            end(listing)
    stems = [asset.stem for asset in item.assets.all() if asset.stem]  # pyright: ignore[reportAttributeAccessIssue]
    drop_from_index(Item, item.pk)
    product = item.product
    item.delete()
    recount(product, timezone.now())
    return stems


def move_by_server(item: Item, status: str, made_by: str) -> None:
    """Move an item as the consequence of another act (`made_by`: "sale" or "shipment"; "" takes it back)."""
    if status not in ITEM_STATUSES:
        raise ValueError(status)
    item.status, item.status_by = status, made_by
    _stamp_status(item, {}, timezone.now())
    item_changed(item)
