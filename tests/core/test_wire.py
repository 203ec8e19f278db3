"""Lenient reading: what does not fit is mended or left out, and never costs the record."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core import wire
from instica_desktop.core.models import InventoryItem, Order, Product, ProductRef
from instica_desktop.core.models.common import Wire

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def item(**fields: Any) -> InventoryItem:
    return wire.read(InventoryItem, json.dumps({"uid": "a", **fields}).encode())


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"tags": None}, "tags", ()),
        ({"assets": None}, "assets", ()),
        ({"tags": ["jazz", None, 7]}, "tags", ("jazz", "7")),
        ({"status": None}, "status", "draft"),
        ({"status": "in-orbit"}, "status", "in-orbit"),
        ({"weight_grams": "250"}, "weight_grams", 250),
        ({"weight_grams": ""}, "weight_grams", None),
        ({"price_item_usd": "12.50"}, "price_item_usd", Decimal("12.50")),
        ({"price_item_usd": 0.1}, "price_item_usd", Decimal("0.1")),
        ({"price_item_usd": ""}, "price_item_usd", None),
        ({"price_item_usd": "ask"}, "price_item_usd", None),
        ({"barcode": 4006381333931}, "barcode", "4006381333931"),
        ({"location": 1.5}, "location", "1.5"),
        ({"created": "2026-07-06T12:00:00Z"}, "created", NOON),
        ({"created": "2026-07-06T14:00:00+02:00"}, "created", NOON),
        ({"created": "2026-07-06T12:00:00"}, "created", NOON),
        ({"created": "2026-07-06 12:00:00.000"}, "created", NOON),
        ({"created": "2026-07-06"}, "created", datetime(2026, 7, 6, tzinfo=UTC)),
        ({"created": "yesterday"}, "created", None),
        ({"created": ""}, "created", None),
        ({"product": []}, "product", None),
        ({"days_in_inventory": "many"}, "days_in_inventory", None),
    ],
)
def test_a_field_that_does_not_fit_is_mended(fields: dict[str, Any], name: str, expected: Any) -> None:
    found = item(**fields)
    assert getattr(found, name) == expected
    assert found.uid == "a"


def test_several_faults_at_any_depth_are_mended_together() -> None:
    found = item(
        uid=77,
        tags=None,
        title=None,
        product={"uid": 5, "artist": {"name": None, "uid": 9}, "year": "1959?"},
        assets=[
            {"uid": "x", "position": None, "created": "2026-07-06"},
            {"image": "no uid"},
            None,
            {"uid": 3},
        ],
        mood={"unknown": None},
    )
    assert (found.uid, found.title) == ("77", "")
    assert found.product is not None
    assert found.product.artist is not None
    assert (found.product.uid, found.product.year, found.product.artist.uid) == ("5", None, "9")
    assert [asset.uid for asset in found.assets] == ["x", "3"]


def test_every_time_has_a_zone() -> None:
    order = wire.read(
        Order, b'{"uid": "o", "sold_at": "2026-07-06T12:00:00", "shipments": [{"shipped_at": "2026-07-06"}]}'
    )
    assert order.sold_at == NOON
    assert order.shipments[0].shipped_at is not None
    assert order.shipments[0].shipped_at.tzinfo is not None


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"7", b"null", b"{}", b'{"uid": null}', b'{"uid": "\xff"}']
)
def test_what_is_no_record_is_refused(raw: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        wire.read(Product, raw)


def test_a_wholly_foreign_record_is_given_up() -> None:
    with pytest.raises(msgspec.ValidationError):
        wire.convert(Product, {"uid": "a", "genres": [{}] * 100})


@given(st.dictionaries(st.sampled_from(InventoryItem.__struct_fields__), ANYTHING))
def test_no_answer_breaks_the_reader(fields: dict[str, Any]) -> None:
    raw = json.dumps({**fields, "uid": "a"}).encode()
    try:
        found = wire.read(InventoryItem, raw)
    except msgspec.DecodeError:
        return
    assert found.uid == "a"
    assert msgspec.json.decode(msgspec.json.encode(found), type=InventoryItem) == found


class Limits(Wire, frozen=True, kw_only=True):
    """A map as servers send it: names are theirs to choose."""

    uid: str
    limits: dict[str, int] = {}
    parts: dict[str, ProductRef] = {}


def test_an_entry_that_does_not_fit_leaves_the_map_whole() -> None:
    raw = b'{"uid": "u", "limits": {"a": 1, "later": {"deep": true}, "b": 2}}'
    assert wire.read(Limits, raw) == Limits(uid="u", limits={"a": 1, "b": 2})
    raw = b'{"uid": "u", "parts": {"x": {"uid": "p", "title": "T"}, "y": true, "z": {"uid": [1]}}}'
    assert wire.read(Limits, raw) == Limits(uid="u", parts={"x": ProductRef(uid="p", title="T")})
