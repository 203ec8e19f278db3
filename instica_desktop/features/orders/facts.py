"""What an order tells, in words and sums: heading, address, money, timeline. Only country names ask Qt."""

from datetime import datetime
from decimal import Decimal

import msgspec
from PySide6.QtCore import QLocale

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.models import Order, OrderedItem, Shipment, ShipmentAddress
from instica_desktop.core.money import format_money
from instica_desktop.core.statuses import SHIPMENT_STATUSES, Status, carrier_name
from instica_desktop.core.tracking import spaced

SHIPPED = "shipped"
COMPLETED = "completed"

_STATE_AFTER_CITY = frozenset({"US", "CA", "AU"})
_CODE_LAST = frozenset({"GB", "IE"})


def item_of(order: Order) -> OrderedItem | None:
    """Return what was sold, if the server says."""
    listing = order.inventory_item_listing
    return listing.inventory_item if listing else None


def title_of(order: Order) -> str:
    """Return what was sold in words."""
    listing = order.inventory_item_listing
    if listing is None:
        return "Item unknown"
    return listing.title or (listing.inventory_item.title if listing.inventory_item else "") or "Item unknown"


def buyer_of(order: Order) -> str:
    """Return the buyer's name: the order's, else the address's."""
    address = order.shipment_address
    return order.buyer_name or (address.full_name if address else "") or "Buyer unknown"


def platform_of(order: Order) -> str:
    """Return the marketplace's name."""
    return order.platform_name or order.platform.capitalize()


def heading_of(order: Order) -> str:
    """Return `Discogs order 1184-2207 · paid Sat 21 Nov 2026, 18:42 · $86.00`."""
    parts = [" ".join(part for part in (platform_of(order), "order", order.order_id or "") if part)]
    if order.sold_at:
        parts.append(f"paid {day_and_clock(order.sold_at)}")
    if order.sale_price is not None:
        parts.append(f"${format_money(order.sale_price)}")
    return " · ".join(parts)


# ------------------------------------------------------------ address


def country_name(code: str | None) -> str:
    """Return a country's English name for its ISO 3166-1 alpha-2 code; an unknown code stays as it is."""
    if not code:
        return ""
    territory = QLocale.codeToTerritory(code.upper())
    if territory == QLocale.Country.AnyCountry:
        return code
    return QLocale.territoryToString(territory)


def address_lines(address: ShipmentAddress) -> list[str]:
    """Return an address as it stands on a parcel, name first, country last, without empty lines."""
    place = _place_lines(address)
    lines = [
        address.full_name,
        address.line1,
        address.line2,
        *place,
        country_name(address.country),
    ]
    return [line.strip() for line in lines if line and line.strip()]


def _place_lines(address: ShipmentAddress) -> list[str]:
    city, state, code = address.city or "", address.state or "", address.postal_code or ""
    country = (address.country or "").upper()
    if country in _STATE_AFTER_CITY:
        region = " ".join(part for part in (state, code) if part)
        return [", ".join(part for part in (city, region) if part)]
    if country in _CODE_LAST:
        return [city, state, code]
    return [", ".join(part for part in (f"{code} {city}".strip(), state) if part)]


def missing_parts(address: ShipmentAddress | None) -> list[str]:
    """Return what an address lacks for a parcel to arrive; empty when it is complete."""
    if address is None:
        return ["address"]
    parts = {
        "name": address.full_name,
        "street": address.line1,
        "town": address.city,
        "country": address.country,
    }
    return [name for name, value in parts.items() if not (value or "").strip()]


# ------------------------------------------------------------ money


class Money(msgspec.Struct, frozen=True):
    """What an order brings. None is unknown, never 0; `net` is the most it can be while parts are unknown."""

    sale: Decimal | None
    marketplace_fee: Decimal | None
    platform_fee: Decimal | None
    postage: Decimal | None
    net: Decimal | None
    unknown: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether every part is known."""
        return not self.unknown

    @property
    def sentence(self) -> str:
        """What is missing, in words; empty when nothing is."""
        if self.sale is None:
            return "The sale price is not known, so neither is the net."
        if not self.unknown:
            return ""
        names = list(self.unknown)
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"Not known yet: {listed}. The net is less by that."


def money_of(order: Order, typed_postage: Decimal | None = None) -> Money:
    """Return an order's sums. Postage is the order's, else what its parcels cost, else what is typed."""
    postage = order.shipping_cost
    if postage is None:
        postage = _parcels_cost(order.shipments)
    if postage is None:
        postage = typed_postage
    parts = {
        "marketplace fee": order.marketplace_fee,
        "platform fee": order.platform_fee,
        "postage": postage,
    }
    unknown = tuple(name for name, value in parts.items() if value is None)
    net = None
    if order.sale_price is not None:
        net = order.sale_price - sum((value for value in parts.values() if value is not None), Decimal(0))
    if order.net_revenue is not None and order.shipping_cost is not None:
        net = order.net_revenue
    return Money(order.sale_price, order.marketplace_fee, order.platform_fee, postage, net, unknown)


def _parcels_cost(shipments: tuple[Shipment, ...]) -> Decimal | None:
    costs = [shipment.cost_usd for shipment in shipments]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(costs) else None


# ------------------------------------------------------------ parcels and timeline


def shipment_status(code: str | None) -> Status:
    """Return the status of a parcel; an unknown code is neutral and reads as words."""
    known = {status.code: status for status in SHIPMENT_STATUSES}
    code = code or "label_created"
    return known.get(code) or Status(code, code.replace("_", " ").capitalize(), "neutral")


def carrier_of(parcel: Shipment) -> str:
    """Return who carries a parcel."""
    return "Other carrier" if parcel.carrier == "other" else carrier_name(parcel.carrier)


def parcel_name(parcel: Shipment) -> str:
    """Return what a parcel is called among others: `USPS 9400 1118 9922`."""
    return f"{carrier_of(parcel)} {spaced(parcel.tracking_number or '') or 'without a number'}"


class Moment(msgspec.Struct, frozen=True):
    """One entry of the timeline; the time is None where nobody told it."""

    words: str
    at: datetime | None


def timeline_of(order: Order) -> list[Moment]:
    """Return what happened to an order, newest first."""
    happened: list[Moment] = [Moment("Paid", order.sold_at)] if order.sold_at else []
    for shipment in order.shipments:
        carrier = carrier_name(shipment.carrier)
        words = f"Shipped with {carrier}" if carrier and shipment.carrier != "other" else "Shipped"
        happened.append(Moment(words, shipment.shipped_at or shipment.created))
        if shipment.status in ("delivered", "exception", "returned"):
            happened.append(Moment(_ARRIVALS[shipment.status], None))
    return happened[::-1]


_ARRIVALS = {
    "delivered": "Delivered",
    "exception": "The carrier reports a problem",
    "returned": "Returned to you",
}
