"""Addresses, sums and timelines of orders."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from instica_desktop.core.models import Order, Shipment, ShipmentAddress
from instica_desktop.features.orders.facts import (
    address_lines,
    country_name,
    heading_of,
    missing_parts,
    money_of,
    timeline_of,
)

SOLD = datetime(2026, 11, 21, 18, 42, tzinfo=UTC)


def an_order(**fields: object) -> Order:
    known: dict[str, object] = {
        "uid": "o1",
        "order_id": "1184-2207",
        "platform": "discogs",
        "platform_name": "Discogs",
        "sale_price": Decimal("86.00"),
        "marketplace_fee": Decimal("7.74"),
        "platform_fee": Decimal("2.10"),
        "shipping_cost": Decimal("5.85"),
        "sold_at": SOLD,
    }
    return Order(**{**known, **fields})  # type: ignore[arg-type]


def an_address(**fields: str) -> ShipmentAddress:
    return ShipmentAddress(**{"full_name": "Elena Ruiz", "line1": "48 Cedar Lane", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {"line2": "Apt 3", "city": "Madison", "state": "WI", "postal_code": "53703", "country": "US"},
            ["Elena Ruiz", "48 Cedar Lane", "Apt 3", "Madison, WI 53703", "United States"],
        ),
        (
            {"city": "Berlin", "postal_code": "10115", "country": "DE"},
            ["Elena Ruiz", "48 Cedar Lane", "10115 Berlin", "Germany"],
        ),
        (
            {"city": "London", "postal_code": "SW1A 1AA", "country": "gb"},
            ["Elena Ruiz", "48 Cedar Lane", "London", "SW1A 1AA", "United Kingdom"],
        ),
        ({"city": "Nowhere", "country": "ZZ"}, ["Elena Ruiz", "48 Cedar Lane", "Nowhere", "ZZ"]),
        ({"line1": " ", "country": "FR"}, ["Elena Ruiz", "France"]),
    ],
)
def test_an_address_reads_as_on_a_parcel(fields: dict[str, str], lines: list[str]) -> None:
    assert address_lines(an_address(**fields)) == lines


def test_what_an_address_lacks_is_named() -> None:
    assert missing_parts(an_address(city="Berlin", country="DE")) == []
    assert missing_parts(ShipmentAddress(full_name="Elena Ruiz", country="DE")) == ["street", "town"]
    assert missing_parts(None) == ["address"]
    assert country_name(None) == ""


def test_the_heading_says_platform_number_time_and_price() -> None:
    local = SOLD.astimezone().strftime("%H:%M")
    assert heading_of(an_order()) == f"Discogs order 1184-2207 · paid Sat 21 Nov 2026, {local} · $86.00"
    assert heading_of(an_order(order_id=None, sold_at=None, sale_price=None)) == "Discogs order"


def test_the_net_is_exact_when_every_part_is_known() -> None:
    money = money_of(an_order())
    assert (money.net, money.exact, money.sentence) == (Decimal("70.31"), True, "")


def test_an_unknown_part_makes_the_net_an_upper_bound_and_is_named() -> None:
    money = money_of(an_order(platform_fee=None, shipping_cost=None))
    assert (money.net, money.exact) == (Decimal("78.26"), False)
    assert "platform fee and postage" in money.sentence
    assert money.platform_fee is None


def test_postage_comes_from_the_parcels_or_from_what_is_typed() -> None:
    parcel = Shipment(uid="s1", carrier="usps", cost_usd=Decimal("4.00"))
    unknown = Shipment(uid="s2", carrier="usps")
    assert money_of(an_order(shipping_cost=None, shipments=(parcel,))).postage == Decimal("4.00")
    assert money_of(an_order(shipping_cost=None, shipments=(parcel, unknown))).postage is None
    assert money_of(an_order(shipping_cost=None), Decimal("3.00")).net == Decimal("73.16")


def test_without_a_sale_price_there_is_no_net() -> None:
    money = money_of(an_order(sale_price=None))
    assert money.net is None
    assert "sale price" in money.sentence


def test_the_timeline_runs_backwards_from_delivery_to_payment() -> None:
    parcel = Shipment(uid="s1", carrier="usps", status="delivered", shipped_at=SOLD)
    words = [moment.words for moment in timeline_of(an_order(shipments=(parcel,)))]
    assert words == ["Delivered", "Shipped with USPS", "Paid"]
    assert timeline_of(an_order(sold_at=None)) == []
