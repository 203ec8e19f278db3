"""Orders: ids in each marketplace's form, fees of which some are not known yet, parcels."""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

from instica_desktop.server.seeding.buyers import CARRIERS_ABROAD, draw_address

_FEE_SHARE = {"ebay": 0.1325, "discogs": 0.09, "etsy": 0.065, "shopify": 0.0}
_PAYMENT_SHARE = {"ebay": 0.0, "discogs": 0.0349, "etsy": 0.03, "shopify": 0.029}
_BUYER_NOTES = ("Please pack outside the sleeve.", "A gift, no invoice please.", "Leave with the neighbour.")


class Parcel(NamedTuple):
    """A shipment of an order."""

    carrier: str
    service: str
    tracking: str
    status: str
    cost: int | None
    shipped: datetime


class Sale(NamedTuple):
    """One order: cents, address, and its parcel unless it still waits."""

    order_id: str
    status: str
    address: dict[str, str]
    note: str
    price: int
    marketplace_fee: int | None
    platform_fee: int | None
    shipping_cost: int | None
    parcel: Parcel | None


def _order_id(platform: str, rng: random.Random) -> str:
    if platform == "ebay":
        return f"{rng.randrange(10, 27)}-{rng.randrange(10**5):05d}-{rng.randrange(10**5):05d}"
    if platform == "discogs":
        return f"{rng.randrange(10**6, 10**7)}-{rng.randrange(1, 4000)}"
    return f"#{rng.randrange(1000, 99_999)}" if platform == "shopify" else str(rng.randrange(10**9, 10**10))


def _known(value: int, chance: float, rng: random.Random) -> int | None:
    return value if rng.random() < chance else None


def _tracking(carrier: str, rng: random.Random) -> str:
    """Return a number as the carrier gives them, with its check digit."""
    if carrier == "usps":
        return _mod10(f"94001{rng.randrange(10**17) // 10:016d}")
    if carrier == "ups":
        return _ups(f"{rng.randrange(36**6):06X}{rng.randrange(10**10) // 10:09d}"[:15])
    figures = rng.randrange(10**11, 10**12)
    return _mod10(f"003404{figures:013d}") if carrier == "dhl" else _fedex(f"{figures // 10}")


def _mod10(figures: str) -> str:
    """Return figures and their check digit: weights 3 and 1 from the right."""
    total = sum(int(figure) * (3, 1)[at % 2] for at, figure in enumerate(reversed(figures)))
    return f"{figures}{-total % 10}"


def _ups(body: str) -> str:
    values = [int(char) if char.isdecimal() else (ord(char) - 63) % 10 for char in body]
    total = sum(value * (1, 2)[at % 2] for at, value in enumerate(values))
    return f"1Z{body}{-total % 10}"


def _fedex(figures: str) -> str:
    total = sum(int(figure) * (1, 3, 7)[at % 3] for at, figure in enumerate(reversed(figures)))
    return f"{figures}{total % 11 % 10}"


def _parcel(country: str, sold: datetime, today: datetime, rng: random.Random) -> Parcel:
    carrier = "usps" if country == "US" or rng.random() < 0.5 else rng.choice(CARRIERS_ABROAD)
    shipped = min(sold + timedelta(hours=rng.randrange(6, 60)), today)
    days = (today - shipped).days
    status = (
        "delivered" if days > 14 else rng.choice(("in_transit", "in_transit", "label_created", "delivered"))
    )
    if rng.random() < 0.01:
        status = "exception"
    service = "Media Mail" if carrier == "usps" and country == "US" else "International"
    cost = _known(rng.randrange(380, 2600), 0.85, rng)
    return Parcel(carrier, service, _tracking(carrier, rng), status, cost, shipped)


def draw_sale(
    platform: str, item_status: str, price: int, sold: datetime, today: datetime, rng: random.Random
) -> Sale:
    """Return the order in which a copy was sold for `price` cents.

    A copy that is sold still waits for its parcel.
    """
    address = draw_address(rng)
    parcel = None if item_status == "sold" else _parcel(address["country"], sold, today, rng)
    status = "awaiting_shipment"
    if parcel is not None:
        status = "completed" if parcel.status == "delivered" else "shipped"
    return Sale(
        order_id=_order_id(platform, rng),
        status=status,
        address=address,
        note=rng.choice(_BUYER_NOTES) if rng.random() < 0.08 else "",
        price=price,
        marketplace_fee=_known(round(price * _FEE_SHARE[platform]), 0.85, rng),
        platform_fee=_known(round(price * _PAYMENT_SHARE[platform]), 0.9, rng),
        shipping_cost=parcel.cost if parcel else None,
        parcel=parcel,
    )
