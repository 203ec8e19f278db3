"""Statuses of items and orders, and the moves between them that a person may make.

Source: api-reference, Inventory (`status`) and Orders (`status`, `shipment_status`).
"""

import msgspec


class Status(msgspec.Struct, frozen=True):
    """One status: wire code, label, and tone of its badge (neutral, warning, info, success, tint, error)."""

    code: str
    label: str
    tone: str


ITEM_STATUSES: tuple[Status, ...] = (
    Status("draft", "Draft", "neutral"),
    Status("received", "Received", "warning"),
    Status("ready-to-sell", "Ready to sell", "info"),
    Status("listed", "Listed", "success"),
    Status("sold", "Sold", "tint"),
    Status("shipped", "Shipped", "neutral"),
    Status("returned", "Returned", "error"),
    Status("archived", "Archived", "neutral"),
)

ORDER_STATUSES: tuple[Status, ...] = (
    Status("awaiting_shipment", "Awaiting shipment", "warning"),
    Status("shipped", "Shipped", "info"),
    Status("completed", "Completed", "success"),
)

SHIPMENT_STATUSES: tuple[Status, ...] = (
    Status("label_created", "Label created", "neutral"),
    Status("in_transit", "In transit", "info"),
    Status("delivered", "Delivered", "success"),
    Status("exception", "Exception", "error"),
    Status("returned", "Returned", "error"),
)

CARRIERS: tuple[tuple[str, str], ...] = (
    ("usps", "USPS"),
    ("ups", "UPS"),
    ("fedex", "FedEx"),
    ("dhl", "DHL"),
    ("royal_mail", "Royal Mail"),
    ("deutsche_post", "Deutsche Post"),
    ("la_poste", "La Poste"),
    ("postnl", "PostNL"),
    ("canada_post", "Canada Post"),
    ("other", "Other"),
)
"""Carriers as (wire code, name)."""

PRODUCT_TYPES: tuple[tuple[str, str], ...] = (
    ("physical", "Physical"),
    ("digital", "Digital"),
    ("digital-report", "Digital report"),
    ("nft", "NFT"),
)
"""Product types as (wire code, name)."""

TO_SHIP = "awaiting_shipment"
SHIPPABLE = frozenset({TO_SHIP, "shipped", "completed"})
"""Statuses in which an order takes a parcel; marketplaces have others, such as cancelled."""

UNSOLD = frozenset({"draft", "received", "ready-to-sell", "listed", "returned"})
AVAILABLE = frozenset({"received", "ready-to-sell"})

_FORWARD: dict[str, tuple[str, ...]] = {
    "draft": ("received", "archived"),
    "received": ("ready-to-sell", "archived"),
    "ready-to-sell": ("listed", "archived"),
    "listed": ("ready-to-sell", "sold", "archived"),
    "sold": ("shipped",),
    "shipped": ("returned",),
    "returned": ("received", "archived"),
    "archived": ("draft", "received", "ready-to-sell", "listed", "returned"),
}
_ITEMS = {status.code: status for status in ITEM_STATUSES}
_ORDERS = {status.code: status for status in ORDER_STATUSES}


def next_statuses(code: str) -> tuple[str, ...]:
    """Return the wire codes an item may move to by hand, the likely one first; empty for an unknown one."""
    return _FORWARD.get(code, ())


def may_move(before: str, after: str) -> bool:
    """Tell whether `before` → `after` is a legal move, or takes a legal move back (undo)."""
    return after in next_statuses(before) or before in next_statuses(after)


def item_status(code: str, display: str | None = None) -> Status:
    """Return the item status of a wire code; an unknown one is neutral and shows `display` or the code."""
    return _ITEMS.get(code) or Status(code, display or code, "neutral")


def order_status(code: str) -> Status:
    """Return the order status of a wire code; an unknown (external) one is neutral and reads as words."""
    return _ORDERS.get(code) or Status(code, code.replace("_", " ").capitalize(), "neutral")


def carrier_name(code: str | None) -> str:
    """Return the name of a carrier's wire code, the code itself when unknown, or an empty string for none."""
    return dict(CARRIERS).get(code or "", code or "")
