"""Statuses of items, orders and shipments, and the legal moves. Source.

Api contract, Inventory and Orders.
"""

import itertools

ITEM_STATUSES: dict[str, str] = {
    "draft": "Draft",
    "received": "Received",
    "ready-to-sell": "Ready to sell",
    "listed": "Listed",
    "sold": "Sold",
    "shipped": "Shipped",
    "returned": "Returned",
    "archived": "Archived",
}
ORDER_STATUSES: dict[str, str] = {
    "awaiting_shipment": "Awaiting shipment",
    "shipped": "Shipped",
    "completed": "Completed",
}
SHIPMENT_STATUSES: dict[str, str] = {
    "label_created": "Label created",
    "in_transit": "In transit",
    "delivered": "Delivered",
    "exception": "Exception",
    "returned": "Returned",
}
CARRIERS: dict[str, str] = {
    "usps": "USPS",
    "ups": "UPS",
    "fedex": "FedEx",
    "dhl": "DHL",
    "royal_mail": "Royal Mail",
    "deutsche_post": "Deutsche Post",
    "la_poste": "La Poste",
    "postnl": "PostNL",
    "canada_post": "Canada Post",
    "other": "Other",
}
PRODUCT_TYPES: dict[str, str] = {
    "physical": "Physical",
    "digital": "Digital",
    "digital-report": "Digital report",
    "nft": "NFT",
}

UNSOLD = ("draft", "received", "ready-to-sell", "listed", "returned")
"""What counts as stock. Archived copies do not: they are neither sold nor on offer."""
AVAILABLE = ("received", "ready-to-sell")
PRICED = ("ready-to-sell", "listed", "sold", "shipped", "returned")
"""Statuses that need a price above zero."""
GONE = ("sold", "shipped")

_CHAIN = ("draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "received")


def _moves() -> dict[str, tuple[str, ...]]:
    pairs = set(itertools.pairwise(_CHAIN))
    pairs |= {(status, "archived") for status in UNSOLD}
    pairs |= {(after, before) for before, after in pairs}
    return {code: tuple(to for to in ITEM_STATUSES if (code, to) in pairs) for code in ITEM_STATUSES}


LEGAL_MOVES: dict[str, tuple[str, ...]] = _moves()
"""Status → the statuses a person may move it to: the chain, archiving, and each move's reverse."""


def legal_moves(status: str, made_by: str) -> tuple[str, ...]:
    """Return where a person may move an item now.

    `made_by` is "sale" or "shipment" when the server made the current status: then the way back stays shut,
    because only the act that made the move takes it back.
    """
    moves = LEGAL_MOVES.get(status, ())
    back = {"sale": "listed", "shipment": "sold"}.get(made_by)
    return tuple(move for move in moves if move != back)
