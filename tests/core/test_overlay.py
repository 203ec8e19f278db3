"""Unsent edits laid over the server's record: what the user sees before the server has heard of it."""

import copy
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.models import InventoryItem, Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, Edit, Operation, OpKind, OpState, is_temporary
from instica_desktop.core.overlay import overlay
from instica_desktop.core.overlay_listings import by_copies

NOW = datetime(2026, 7, 6, tzinfo=UTC)
ITEM: dict[str, Any] = {
    "uid": "i1",
    "title": "Kind of Blue – VG",
    "status": "draft",
    "status_display": "Draft",
    "condition_item": "vg",
    "condition_item_display": "VG",
    "price_item_usd": "20.00",
    "price_shipping_usd": "5.00",
    "price_total_usd": "25.00",
    "tags": ["jazz"],
    "mood": {"unknown": 1},
    "assets": [
        {"uid": "a", "position": 0, "is_primary": True, "sha256": "11"},
        {"uid": "b", "position": 1, "is_primary": False, "sha256": "22"},
        {"uid": "c", "position": 2, "is_primary": False, "sha256": "33"},
    ],
}
ORDER: dict[str, Any] = {"uid": "o1", "status": "awaiting_shipment", "shipments": []}


def operation(do: OpKind, /, *edits: tuple[str, Any], uuid: str = "u1", **payload: Any) -> Operation:
    entity = Entity.ORDER if "SHIPMENT" in do.name else Entity.ITEM
    changes = tuple(Edit(field, None, new) for field, new in edits)
    return Operation(uuid=uuid, entity=entity, uid="i1", kind=do, edits=changes, payload=payload, created=NOW)


def update(*edits: tuple[str, Any]) -> Operation:
    return operation(OpKind.UPDATE, *edits)


def uids(shown: dict[str, Any]) -> list[str]:
    return [asset["uid"] for asset in shown["assets"]]


def test_without_edits_the_record_is_as_it_came() -> None:
    assert overlay(ITEM, []) == ITEM


def test_what_the_server_computes_follows_the_edit() -> None:
    shown = overlay(
        ITEM,
        [update(("price_item_usd", "30.50"), ("status", "ready-to-sell"), ("condition_item", "vg_plus"))],
    )
    assert shown["price_total_usd"] == "35.50"
    assert shown["status_display"] == "Ready to sell"
    assert shown["condition_item_display"] == "VG+"
    assert shown["mood"] == ITEM["mood"]


@pytest.mark.parametrize(
    ("item", "shipping", "total"),
    [(None, "5.00", None), ("20.00", None, "20.00"), ("0.10", "0.20", "0.30"), ("odd", "1.00", None)],
)
def test_the_total_is_exact_or_unknown(item: Any, shipping: Any, total: Any) -> None:
    shown = overlay(ITEM, [update(("price_item_usd", item), ("price_shipping_usd", shipping))])
    assert shown["price_total_usd"] == total


@pytest.mark.parametrize(
    ("grade", "title"), [("nm", "Aja - NM"), (None, "Aja"), ("generic", "Aja"), ("a grade to come", "Aja")]
)
def test_the_title_follows_the_grade(grade: str | None, title: str) -> None:
    graded = {**ITEM, "title": "Aja - VG", "product": {"uid": "p", "title": "Aja"}}
    assert overlay(graded, [update(("condition_item", grade))])["title"] == title


def test_an_unsent_record_is_named_after_its_product() -> None:
    fields = {"product": {"uid": "p", "title": "Aja"}, "condition_item": "m"}
    shown = overlay({}, [operation(OpKind.CREATE, fields=fields)])
    assert (shown["title"], shown["name"], shown["status"]) == ("Aja - M", "Aja", "draft")


def test_other_edits_leave_the_total_as_the_server_said() -> None:
    odd = {**ITEM, "price_total_usd": "99.00"}
    assert overlay(odd, [update(("location", "A1"))])["price_total_usd"] == "99.00"


def test_later_edits_win() -> None:
    shown = overlay(ITEM, [update(("location", "A1")), update(("location", "B2"))])
    assert shown["location"] == "B2"


def test_an_unsent_record_is_shown_whole() -> None:
    fields = {"name": "Blue Train", "status": "draft", "price_item_usd": "10.00"}
    shown = overlay({}, [operation(OpKind.CREATE, fields=fields)])
    assert (shown["uid"], shown["name"], shown["price_total_usd"]) == ("i1", "Blue Train", "10.00")


def test_a_photo_on_its_way_is_shown_once() -> None:
    adding = operation(OpKind.ADD_PHOTO, blob="44", kind="label", width=10, height=20, bytes=30)
    shown = overlay(ITEM, [adding])
    photo = shown["assets"][-1]
    assert is_temporary(photo["uid"])
    assert (photo["image"], photo["kind"], photo["position"], photo["is_primary"]) == (
        "blob:44",
        "label",
        3,
        False,
    )
    arrived = {**ITEM, "assets": [*ITEM["assets"], {"uid": "d", "sha256": "44"}]}
    assert uids(overlay(arrived, [adding])) == ["a", "b", "c", "d"]


def test_the_first_photo_is_the_primary_one() -> None:
    shown = overlay({**ITEM, "assets": None}, [operation(OpKind.ADD_PHOTO, blob="44")])
    assert shown["assets"][0]["is_primary"]


def test_photos_are_removed_ordered_and_chosen() -> None:
    removed = overlay(ITEM, [operation(OpKind.REMOVE_PHOTO, asset="a")])
    assert [(photo["uid"], photo["position"], photo["is_primary"]) for photo in removed["assets"]] == [
        ("b", 0, True),
        ("c", 1, False),
    ]
    assert uids(overlay(ITEM, [operation(OpKind.ORDER_PHOTOS, order=["c", "a"])])) == ["c", "a", "b"]
    chosen = overlay(ITEM, [operation(OpKind.PRIMARY_PHOTO, asset="c")])
    assert [photo["is_primary"] for photo in chosen["assets"]] == [False, False, True]


def test_a_shipment_ships_the_order_and_its_removal_takes_that_back() -> None:
    adding = operation(OpKind.ADD_SHIPMENT, carrier="dhl", tracking_number="X1")
    shipped = overlay(ORDER, [adding])
    assert (shipped["status"], shipped["shipment_carrier"]) == ("shipped", "dhl")
    assert shipped["shipment_tracking_number"] == "X1"
    removing = operation(OpKind.REMOVE_SHIPMENT, shipment=shipped["shipments"][0]["uid"])
    back = overlay(ORDER, [adding, removing])
    assert (back["status"], back["shipments"], back["shipment_carrier"]) == ("awaiting_shipment", [], None)


@pytest.mark.parametrize("state", sorted(NEEDS_USER))
def test_a_parcel_whose_removal_needs_the_user_is_shown_as_it_is(state: OpState) -> None:
    parcel = {"uid": "p", "carrier": "ups", "tracking_number": "X1"}
    shipped = {**ORDER, "status": "shipped", "shipments": [parcel]}
    removing = msgspec.structs.replace(operation(OpKind.REMOVE_SHIPMENT, shipment="p"), state=state)
    assert overlay(shipped, [removing]) == shipped


EDITS = st.lists(
    st.one_of(
        st.sampled_from(["0.01", "12.00", None]).map(lambda price: update(("price_item_usd", price))),
        st.sampled_from(["sold", "listed", "in-orbit"]).map(lambda status: update(("status", status))),
        st.sampled_from(["m", "p", None, "odd"]).map(lambda grade: update(("condition_item", grade))),
        st.permutations(["a", "b", "c"]).map(lambda order: operation(OpKind.ORDER_PHOTOS, order=order)),
        st.sampled_from("abcx").map(lambda asset: operation(OpKind.REMOVE_PHOTO, asset=asset)),
        st.sampled_from("abcx").map(lambda asset: operation(OpKind.PRIMARY_PHOTO, asset=asset)),
        st.sampled_from(["44", "55"]).map(lambda blob: operation(OpKind.ADD_PHOTO, blob=blob, uuid=blob)),
    ),
    max_size=6,
)


@given(EDITS)
def test_whatever_is_laid_over_the_record_stays_untouched_and_the_result_readable(
    edits: list[Operation],
) -> None:
    before = copy.deepcopy(ITEM)
    shown = overlay(ITEM, edits)
    assert before == ITEM
    found = msgspec.convert(shown, InventoryItem, strict=False)
    assert [photo.position for photo in found.assets] == list(range(len(found.assets)))
    assert shown["mood"] == ITEM["mood"]


@given(EDITS, EDITS)
def test_laying_on_in_two_steps_is_the_same_as_in_one(
    first: list[Operation], second: list[Operation]
) -> None:
    assert overlay(overlay(ITEM, first), second) == overlay(ITEM, [*first, *second])


def test_a_shipped_order_is_readable() -> None:
    shown = overlay(ORDER, [operation(OpKind.ADD_SHIPMENT, carrier="dhl", cost_usd="4.20")])
    assert msgspec.convert(shown, Order, strict=False).shipments[0].carrier == "dhl"


LISTED: dict[str, Any] = {
    **ITEM,
    "listings": [
        {"uid": "l1", "platform": "ebay", "status": "listed", "price_usd": "25.00", "title": "A"},
        {"uid": "l2", "platform": "etsy", "status": "inactive", "price_usd": "25.00", "title": "A"},
    ],
}


def listed(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["uid"], one["status"], one["price_usd"]) for one in shown["listings"]]


def test_an_offer_waits_in_the_place_of_the_ended_one_and_nothing_is_claimed() -> None:
    shown = overlay(LISTED, [operation(OpKind.ADD_LISTING, platform="etsy", platform_name="Etsy")])
    assert listed(shown) == [("l1", "listed", "25.00"), ("tmp-u1", "waiting", "25.00")]
    assert shown["status"] == "draft"
    assert msgspec.convert(shown, InventoryItem).listings[1].platform_name == "Etsy"


def test_an_offer_is_revised_and_ends_only_on_paper() -> None:
    revise = operation(OpKind.REVISE_LISTING, ("price_usd", "20.00"), listing="l1")
    shown = overlay(LISTED, [revise, operation(OpKind.DELIST, listing="l1", uuid="u2")])
    assert listed(shown) == [("l1", "ending", "20.00"), ("l2", "inactive", "25.00")]
    assert listed(LISTED)[0] == ("l1", "listed", "25.00")


OFFERED = {
    **ITEM,
    "status": "listed",
    "listings": [
        {
            "uid": "l1",
            "platform": "ebay",
            "status": "listed",
            "price_usd": "25.00",
            "listed_at": "2026-07-01",
        },
        {"uid": "l2", "platform": "etsy", "status": "failed", "price_usd": "25.00", "listed_at": None},
        {"uid": "l3", "platform": "redbubble", "status": "failed", "listed_at": "2026-07-01"},
        {"uid": "l4", "platform": "discogs", "status": "inactive"},
    ],
}


def offers(shown: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(one["status"], one.get("comes_back", False)) for one in shown["listings"]]


@pytest.mark.parametrize("status", ["sold", "archived"])
def test_offers_end_with_an_item_that_is_sold_or_archived_and_come_back_with_it(status: str) -> None:
    going = [("ending", True), ("failed", False), ("ending", True), ("inactive", False)]
    assert offers(overlay(OFFERED, [update(("status", status))])) == going
    back = overlay(OFFERED, [update(("status", status)), update(("status", "listed"))])
    assert offers(back) == [("listed", False), ("failed", False), ("listed", False), ("inactive", False)]


def test_offers_that_have_ended_with_their_item_wait_to_be_offered_again() -> None:
    ended = [
        {**OFFERED["listings"][0], "status": "inactive", "comes_back": True},
        {**OFFERED["listings"][2], "comes_back": True},
        OFFERED["listings"][3],
    ]
    sold = {**OFFERED, "status": "sold", "listings": ended}
    back = overlay(sold, [update(("status", "listed"))])
    assert offers(back) == [("waiting", False), ("listed", False), ("inactive", False)]
    assert back["listings"][0]["price_usd"] == "25.00"
    assert offers(overlay(sold, [update(("status", "shipped"))])) == offers(sold)
    assert offers(overlay(sold, [update(("status", "returned"))])) == [
        ("inactive", False),
        ("failed", False),
        ("inactive", False),
    ]


def test_an_offer_that_waits_goes_with_its_item_as_well() -> None:
    made = operation(OpKind.ADD_LISTING, platform="etsy")
    shown = overlay({**OFFERED, "listings": []}, [made, update(("status", "sold"))])
    assert offers(shown) == [("ending", True)]


def test_the_other_copies_see_that_one_leaves_the_offer_they_share() -> None:
    shared = {"uid": "l1", "platform": "ebay", "status": "listed", "items": [{"uid": "i1"}, {"uid": "i2"}]}
    other = {**ITEM, "uid": "i2", "listings": [shared]}
    sold = by_copies(other, [update(("status", "sold"))])
    assert [one["uid"] for one in sold["listings"][0]["items"]] == ["i2"]
    assert by_copies(other, [update(("status", "ready-to-sell"))]) == other


def test_a_parcel_is_corrected_where_it_stands() -> None:
    order = {**ORDER, "status": "shipped", "shipments": [{"uid": "s1", "carrier": "ups"}, {"uid": "s2"}]}
    edit = operation(OpKind.EDIT_SHIPMENT, ("tracking_number", "N-1"), shipment="s2")
    shown = overlay(order, [edit])
    assert [one.tracking_number for one in msgspec.convert(shown, Order).shipments] == [None, "N-1"]
    assert shown["shipment_tracking_number"] == "N-1"
