"""Orders and their shipments. An unknown fee is None, never 0. Source: api-reference, Orders & sales."""

from datetime import date
from decimal import Decimal

import msgspec

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire


class OrderedItem(Wire, frozen=True, kw_only=True):
    """The item that was sold, in short."""

    uid: str = ""
    title: str = ""
    artist: str | None = None
    manual_sku: str | None = None
    location: str | None = None
    condition_item_display: str | None = None
    condition_container_display: str | None = None
    thumbnail: str | None = None


class OrderListing(Measured, frozen=True, kw_only=True):
    """The listing through which the order came."""

    uid: str = ""
    title: str | None = None
    price_usd: Decimal | None = None
    inventory_item: OrderedItem | None = None


class ShipmentAddress(Wire, frozen=True, kw_only=True):
    """Where to ship; `country` is ISO 3166-1 alpha-2."""

    full_name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None


class Shipment(Measured, frozen=True, kw_only=True):
    """One parcel; weight in grams, cost in US dollars."""

    uid: str = ""
    carrier: str = ""
    service: str | None = None
    tracking_number: str | None = None
    status: str | None = None
    weight_grams: Whole | None = None
    cost_usd: Decimal | None = None
    shipped_at: UtcTime | None = None
    created: UtcTime | None = None


class Order(Measured, frozen=True, kw_only=True):
    """One sale. net = sale − marketplace fee − platform fee − shipping, None when a part is unknown."""

    uid: str
    order_id: str | None = None
    status: str = ""
    platform: str = ""
    platform_name: str = ""
    buyer_name: str | None = None
    buyer_note: str | None = None
    sale_price: Decimal | None = None
    marketplace_fee: Decimal | None = None
    platform_fee: Decimal | None = None
    shipping_cost: Decimal | None = None
    net_revenue: Decimal | None = None
    sold_at: UtcTime | None = None
    inventory_item_listing: OrderListing | None = None
    shipment_tracking_number: str | None = None
    shipment_carrier: str | None = None
    shipment_status: str | None = None
    shipment_address: ShipmentAddress | None = None
    shipments: tuple[Shipment, ...] = ()
    created: UtcTime | None = None
    updated: UtcTime | None = None


class AlsoOn(Wire, frozen=True, kw_only=True):
    """An order that a number is on as well; `address` is `other`, or `unknown` where it cannot be told."""

    uid: str = ""
    order_id: str | None = None
    buyer_name: str | None = None
    platform: str = ""
    platform_name: str = ""
    address: str = ""


class ShipResult(Wire, frozen=True, kw_only=True):
    """How one order of a bulk shipment went; `errors` by field when it did not.

    `also_on`: the orders to other addresses that its number is on; sent again with `confirm` it is taken.
    `notes`: sentences about a parcel that was made: its number looks like another carrier's, or an order to
    the same address has it too.
    """

    order: str = ""
    ok: bool = False
    shipment: Shipment | None = None
    errors: dict[str, tuple[str, ...]] | None = None
    also_on: tuple[AlsoOn, ...] | None = None
    notes: tuple[str, ...] = ()


class SalesSums(Measured, frozen=True, kw_only=True):
    """Sums over what is known of some orders, and how many of them lack an amount.

    `net_revenue` is None while any part of it is unknown; `net_revenue_known` is that of the other orders.
    """

    orders: Whole = 0
    revenue: Decimal | None = None
    marketplace_fees: Decimal | None = None
    platform_fees: Decimal | None = None
    fees: Decimal | None = None
    shipping: Decimal | None = None
    net_revenue: Decimal | None = None
    net_revenue_known: Decimal | None = None
    average_sale_price: Decimal | None = None
    orders_with_unknown_price: Whole = 0
    orders_with_unknown_fees: Whole = 0
    orders_with_unknown_shipping: Whole = 0
    orders_with_unknown_net: Whole = 0


class OrderStats(Wire, frozen=True, kw_only=True):
    """Orders by status, and sums over whole UTC days up to today. Assumed."""

    count: Whole = 0
    by_status: dict[str, Whole] = msgspec.field(default_factory=dict[str, int])
    all_time: SalesSums | None = None
    today: SalesSums | None = None
    last_7_days: SalesSums | None = None
    last_30_days: SalesSums | None = None
    last_365_days: SalesSums | None = None


class SalesPoint(SalesSums, frozen=True, kw_only=True):
    """The sums of one day, week (`period` is its Monday) or month (its first day)."""

    period: date | None = None


class SalesSeries(Wire, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Sums over time, from `first` to `last`, both included. Assumed."""

    first: date | None = None
    last: date | None = None
    granularity: str = ""
    platform: str | None = None
    series: tuple[SalesPoint, ...] = ()
    total: SalesSums | None = None
