"""When one number on two orders is a question; the client's rules and the server's, each its own, agree."""

import itertools

import msgspec

from instica_desktop.core.meanwhile import told
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.order import ShipmentAddress
from instica_desktop.core.sharing import (
    address_key,
    agreed_in,
    agreement,
    also_on,
    is_agreed,
    question,
    sharing_words,
    together,
    with_agreed,
    with_number,
)
from instica_desktop.server.domain import places

ANN = ShipmentAddress(
    full_name="Ann Buyer", line1="5 Elm St", line2="Apt 3", city="Portland", postal_code="97201", country="US"
)
WRITTEN = (
    ANN,
    ShipmentAddress(full_name=" ÁNN BUYER", line1="5, Elm St., apt. 3", postal_code="972-01", country="us"),
    msgspec.structs.replace(ANN, full_name="Bob Other"),
    msgspec.structs.replace(ANN, line1="51 Elm St"),
    msgspec.structs.replace(ANN, line1="5 Elm St Apt", line2="3"),
    msgspec.structs.replace(ANN, line1="", line2=""),
    msgspec.structs.replace(ANN, full_name=None),
    msgspec.structs.replace(ANN, country=None),
    msgspec.structs.replace(ANN, postal_code=None),
    msgspec.structs.replace(ANN, postal_code="", city="Salem"),
    msgspec.structs.replace(ANN, postal_code="", city=None),
    msgspec.structs.replace(ANN, full_name="細野晴臣", line1="Straße_1", line2=None),
    msgspec.structs.replace(ANN, full_name="細野晴臣", line1="STRASSE 1", line2=""),
    None,
)


def an_order(uid: str, address: ShipmentAddress | None = ANN, *numbers: str) -> Order:
    parcels = tuple(Shipment(uid=number, tracking_number=number) for number in numbers)
    return Order(uid=uid, order_id=f"10{uid}", buyer_name="Ann", shipment_address=address, shipments=parcels)


def test_both_sides_tell_the_same_addresses_apart() -> None:
    def by_server(one: ShipmentAddress | None) -> str:
        return places.address_key(None if one is None else msgspec.to_builtins(one))

    for one, other in itertools.product(WRITTEN, repeat=2):
        known = bool(address_key(one)), bool(address_key(other))
        assert known == (bool(by_server(one)), bool(by_server(other)))
        assert (address_key(one) == address_key(other)) is (by_server(one) == by_server(other)), (one, other)
    keys = [address_key(one) for one in WRITTEN]
    assert keys[0] == keys[1] == keys[4]
    assert keys[11] == keys[12]
    assert [at for at, key in enumerate(keys) if not key] == [5, 6, 7, 10, 13]
    assert len(set(keys)) == 7


def test_orders_to_the_same_address_are_told_apart_and_named() -> None:
    others = [an_order("2", ANN, "S-11"), an_order("3", WRITTEN[2], "S-11"), an_order("4", None, "s 11")]
    found = with_number("S-11", an_order("1"), others)
    assert [(one["uid"], one["address"]) for one in found] == [("2", "same"), ("3", "other")]
    words = sharing_words(found[:1])
    assert words == "The number is also on order 102 of Ann, to the same address."
    assert with_number("", an_order("1"), others) == []


def test_orders_to_other_addresses_are_named_those_to_the_same_are_not() -> None:
    bob = msgspec.structs.replace(ANN, full_name="Bob")
    ours = an_order("1")
    others = [
        an_order("1", bob, "T-1"),
        an_order("2", ANN, "T-1"),
        an_order("3", bob, "T-2", "t-1"),
        an_order("4", None, "T-1"),
        an_order("5", bob, "T-3"),
    ]
    assert [(one["uid"], one["address"]) for one in also_on("T-1", ours, others)] == [
        ("3", "other"),
        ("4", "unknown"),
    ]
    unknown = also_on("T-1", an_order("9", None), others)
    assert [(one["uid"], one["address"]) for one in unknown] == [
        (uid, "unknown") for uid in ("1", "2", "3", "4")
    ]
    assert also_on("", ours, [an_order("6", bob, "")]) == []


def test_what_was_agreed_to_is_known_by_number_and_order() -> None:
    orders = [{"uid": "2"}, {"uid": "3"}]
    seen = told({"status": "awaiting_shipment"}, question("t-1", orders[:1]))
    assert seen == {"status": "awaiting_shipment", "agreed": {"T-1": ["2"]}}
    assert is_agreed(seen, "T-1", orders[:1])
    assert not is_agreed(seen, "T-1", orders)
    assert not is_agreed(seen, "T-2", orders[:1])
    assert not is_agreed({}, "T-1", orders[:1])
    seen = told(seen, question("T-1", orders))
    assert agreed_in(seen) == {"T-1": ["2", "3"]}
    assert together(agreed_in(seen), agreement("T-2", orders[:1])) == {"T-1": ["2", "3"], "T-2": ["2"]}
    assert with_agreed({}, {}) == {}


def test_the_words_name_the_orders() -> None:
    orders = [{"order_id": f"100{at}", "buyer_name": "Ann", "address": "other"} for at in range(5)]
    assert sharing_words(orders[:1]) == "The number is also on order 1000 of Ann, to another address."
    assert sharing_words(orders[:2]) == (
        "The number is also on order 1000 of Ann and order 1001 of Ann, to other addresses."
    )
    assert sharing_words(orders) == (
        "The number is also on order 1000 of Ann, order 1001 of Ann, order 1002 of Ann and 2 more, "
        "to other addresses."
    )
    nameless = {"order_id": None, "buyer_name": None, "address": "unknown"}
    assert sharing_words([nameless]) == (
        "The number is also on an order. Whether that goes to the same address is not known."
    )
