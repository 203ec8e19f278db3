"""What the server computes from the fields that changed: totals, labels, titles, times a status sets.

Source: api-reference, Inventory (`price_total_usd`, `title`, `status`); Products (counts).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from instica_desktop.core.grading import ITEM_GRADES, grade_for
from instica_desktop.core.money import wire_money
from instica_desktop.core.statuses import UNSOLD, item_status

Wire = dict[str, Any]

NESTED = (
    *("title", "type", "artist", "label", "catalog_number", "barcode"),
    *("year", "format", "country", "product_image"),
)
"""What an item shows of its product."""
TIMES = ("listed_at", "sold_at")
_GONE = frozenset({"sold", "shipped"})
_ON_ITEMS = frozenset(grade.code for grade in ITEM_GRADES)


def derive(shown: Wire, fields: set[str]) -> None:
    """Recompute what follows from the `fields` that changed."""
    if fields & {"price_item_usd", "price_shipping_usd"}:
        shown["price_total_usd"] = _total(shown.get("price_item_usd"), shown.get("price_shipping_usd"))
    if "status" in fields:
        shown["status_display"] = item_status(str(shown["status"])).label
    for field in fields & {"condition_item", "condition_container"}:
        grade = grade_for(shown.get(field))
        shown[f"{field}_display"] = grade.label if grade else None
    if "condition_item" in fields:
        retitle(shown)


def retitle(shown: Wire) -> None:
    """Give an item the title that its product and its grade make, if it tells its product."""
    product = shown.get("product")
    title = cast("Mapping[str, Any]", product).get("title") if isinstance(product, Mapping) else None
    if title:
        shown["title"] = titled(str(title), shown.get("condition_item"))


def complete(shown: Wire) -> None:
    """Give an item made here what the server gives a new one: its status, its product's title as its name."""
    shown.setdefault("status", "draft")
    product = shown.get("product")
    if "name" not in shown and isinstance(product, Mapping):
        shown["name"] = cast("Mapping[str, Any]", product).get("title")
    retitle(shown)


def titled(product: str, grade: Any) -> str:
    """Return an item's title: its product's, with the grade when there is one (`Kind of Blue - VG+`)."""
    known = grade_for(grade) if grade in _ON_ITEMS else None
    return f"{product} - {known.label}" if known else product


def nested(product: Mapping[str, Any], edits: Mapping[str, Any]) -> Wire | None:
    """Return a product as its items show it, with edits of it; None when they do not show."""
    seen = {field: value for field, value in edits.items() if field in NESTED}
    return {**product, **seen} if seen else None


def stamped(times: Mapping[str, Any], fields: Mapping[str, Any], at: datetime) -> Wire:
    """Return an item's `listed_at` and `sold_at` after an edit at `at`: as its status implies, or as it says.

    No part of the overlay: what the server will write there itself is nothing an edit may be based on.
    """
    found = {**times, **{name: fields[name] for name in TIMES if name in fields}}
    status = fields.get("status")
    if status == "listed" and "listed_at" not in fields:
        found["listed_at"] = found.get("listed_at") or at.isoformat()
    if status in _GONE and "sold_at" not in fields:
        found["sold_at"] = found.get("sold_at") or at.isoformat()
    if status in UNSOLD and status != "returned" and "sold_at" not in fields:
        found["sold_at"] = None  # back in stock: its age runs on
    return found


def _total(item: Any, shipping: Any) -> str | None:
    try:
        return None if item is None else wire_money(Decimal(str(item)) + Decimal(str(shipping or 0)))
    except ArithmeticError:
        return None
