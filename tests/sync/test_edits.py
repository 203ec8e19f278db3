"""What is refused before it is saved, at its field and in words."""

from decimal import Decimal
from typing import Any

import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.sync.edits import checked
from instica_desktop.sync.shipping import ShipmentDraft

ITEM: dict[str, Any] = {
    "uid": "i1",
    "status": "received",
    "price_item_usd": None,
    "location": "A-1",
    "tags": ["jazz"],
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"condition_item": "excellent"}, "condition_item"),
        ({"condition_item": "generic"}, "condition_item"),
        ({"status": "shipped"}, "status"),
        ({"status": "nonsense"}, "status"),
        ({"status": "ready-to-sell"}, "price_item_usd"),
        ({"price_item_usd": "0"}, "price_item_usd"),
        ({"price_item_usd": "-1"}, "price_item_usd"),
        ({"price_item_usd": "abc"}, "price_item_usd"),
        ({"price_item_usd": "1.234"}, "price_item_usd"),
        ({"price_item_usd": "NaN"}, "price_item_usd"),
        ({"price_item_usd": "1e12"}, "price_item_usd"),
        ({"location": "x" * 101}, "location"),
        ({"manual_sku": "a\0b"}, "manual_sku"),
        ({"tags": ["x" * 101]}, "tags"),
        ({"weight_grams": "heavy"}, "weight_grams"),
        ({"acquired_at": "yesterday"}, "acquired_at"),
        ({"price_total_usd": "5.00"}, "price_total_usd"),
        ({"uid": "other"}, "uid"),
    ],
)
def test_what_is_certainly_wrong_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        checked(Entity.ITEM, ITEM, changes)
    assert refused.value.field == field
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("changes", "clean"),
    [
        ({"location": "  B-2 "}, {"location": "B-2"}),
        ({"location": "A-1"}, {}),
        ({"tags": ("jazz", " jazz ")}, {}),
        ({"tags": ["bop", "", "jazz"]}, {"tags": ["bop", "jazz"]}),
        ({"price_item_usd": Decimal("12.5")}, {"price_item_usd": "12.50"}),
        ({"price_item_usd": ""}, {}),
        (
            {"status": "ready-to-sell", "price_item_usd": "9"},
            {"status": "ready-to-sell", "price_item_usd": "9.00"},
        ),
        ({"status": "draft"}, {"status": "draft"}),
        ({"condition_container": "no_cover"}, {"condition_container": "no_cover"}),
        ({"acquired_at": "2025-02-03"}, {"acquired_at": "2025-02-03T00:00:00Z"}),
    ],
)
def test_what_is_right_goes_out_as_the_server_writes_it(
    changes: dict[str, Any], clean: dict[str, Any]
) -> None:
    assert checked(Entity.ITEM, ITEM, changes) == clean


def test_a_free_item_with_shipping_costs_has_a_price_while_it_is_not_for_sale() -> None:
    changes = {"price_item_usd": "0", "price_shipping_usd": "4.00"}
    assert checked(Entity.ITEM, {**ITEM, "status": "received"}, changes)["price_item_usd"] == "0.00"


@pytest.mark.parametrize("status", ["ready-to-sell", "listed"])
def test_nothing_is_for_sale_at_zero(status: str) -> None:
    free = {"price_item_usd": "0.00", "price_shipping_usd": "4.00"}
    for before, changes in (
        ({**ITEM, "status": status, "price_item_usd": "5.00"}, free),
        (
            {**ITEM, **free, "status": "received" if status != "listed" else "ready-to-sell"},
            {"status": status},
        ),
    ):
        with pytest.raises(InputError, match="price above zero") as caught:
            checked(Entity.ITEM, before, changes)
        assert caught.value.field == "price_item_usd"
    before = {**ITEM, **free, "status": status}  # as another program may have made it
    assert checked(Entity.ITEM, before, {"price_shipping_usd": "5.00"}) == {"price_shipping_usd": "5.00"}


def test_a_grade_we_do_not_know_may_stay() -> None:
    assert checked(Entity.ITEM, {**ITEM, "condition_item": "ultra"}, {"condition_item": "ultra"}) == {}


def test_products_and_orders_have_fields_of_their_own() -> None:
    product = {"title": "Blue", "artist": {"uid": "a1", "name": "Joni Mitchell"}}
    assert checked(Entity.PRODUCT, product, {"artist": "Joni Mitchell"}) == {}
    assert checked(Entity.PRODUCT, product, {"artist": "Nico"}) == {"artist": {"name": "Nico"}}
    with pytest.raises(InputError):
        checked(Entity.PRODUCT, product, {"title": "  "})
    assert checked(Entity.ORDER, {}, {"buyer_note": "Thanks"}) == {"buyer_note": "Thanks"}
    with pytest.raises(InputError):
        checked(Entity.ORDER, {}, {"sale_price": "1.00"})


def test_a_parcel_needs_a_carrier_we_know() -> None:
    with pytest.raises(InputError) as refused:
        ShipmentDraft(carrier="pigeon").wire()
    assert refused.value.field == "carrier"
    draft = ShipmentDraft(carrier="dhl", tracking_number=" JD1 ", cost_usd=Decimal("4.5"), weight_grams=300)
    assert draft.wire() == {
        "carrier": "dhl",
        "tracking_number": "JD1",
        "cost_usd": "4.50",
        "weight_grams": 300,
    }
