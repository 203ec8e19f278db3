"""Ctrl+Z leads back to what was, and takes nothing from a colleague."""

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.display import missing, wait_for
from tests.e2e.person import Person
from tests.e2e.truth import Truth, told

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        bool(missing()) and not os.environ.get("CI"), reason=f"not installed here: {', '.join(missing())}"
    ),
]
NAMES = ("Gone 1", "Gone 2", "Gone 3")


def three_items(truth: Truth, folder: Path) -> list[str]:
    """Make three items, newest last, each with fields and two photos of its own."""
    product = truth.newest("products", 1)[0]["uid"]
    made: list[str] = []
    for number, name in enumerate(NAMES, 1):
        fields = {"condition_item": "ex", "condition_container": "vg", "location": f"G-0{number}"}
        money = {"price_item_usd": f"1{number}.00", "price_shipping_usd": "4.00", "cost_usd": "3.21"}
        words = {"condition_notes": f"Note {number}", "tags": ["mono", name], "manual_sku": f"GONE-{number}"}
        item = truth.make(
            "inventory", product=product, name=name, status="ready-to-sell", **fields, **money, **words
        )
        for width in (100 + number, 200 + number):
            photo = folder / f"{width}.jpg"
            Image.new("RGB", (width, 90), (width % 256, 90, 60)).save(photo)
            truth.photograph(item["uid"], photo)
        made.append(item["uid"])
    return made


def deletes_all_three(person: Person) -> None:
    person.clicks_row(NAMES[2])
    person.clicks_row(NAMES[0], held="shift")
    assert set(person.highlighted()) == set(NAMES)
    person.presses("Delete")
    person.clicks("Delete", "push button")
    wait_for(lambda: not set(NAMES) & set(person.titles()), "the rows to leave")


def by_name(truth: Truth) -> dict[str, dict[str, object]]:
    """Return what the server tells of the three, by name, as far as it has them."""
    return {item["name"]: told(item) for item in truth.newest("inventory", 5) if item["name"] in NAMES}


def test_what_is_deleted_comes_back_at_once_and_after_it_was_sent(
    person: Person, truth: Truth, tmp_path: Path
) -> None:
    uids = three_items(truth, tmp_path)
    before = by_name(truth)
    person.opens_the_window(NAMES[0])

    deletes_all_three(person)
    person.presses("ctrl+z")
    for name in NAMES:
        person.sees_row(name)
    assert "deleted on the server before" not in person.reads()
    assert [truth.get("inventory", uid) is not None for uid in uids] == [True] * 3

    deletes_all_three(person)
    wait_for(lambda: not any(truth.get("inventory", uid) for uid in uids), "the deletion on the server")
    person.presses("ctrl+z")
    wait_for(lambda: by_name(truth) == before, "all three on the server, with fields and photos")
    for name in NAMES:
        person.sees_row(name)
    person.quits()


def test_taking_back_a_shipment_leaves_a_colleagues_parcel(person: Person, truth: Truth) -> None:
    person.opens_the_window("A1")
    order = truth.newest("orders", 1, status="awaiting_shipment")[0]
    person.presses("ctrl+3")
    person.clicks_row(order["buyer_name"], "Buyer")
    person.clicks("Tracking number", "text")
    person.types("9400111899223344556677")
    person.presses("ctrl+Return")
    wait_for(lambda: len(truth.parcels(order["uid"])) == 1, "our parcel on the server")
    truth.ship(order["uid"], "COLLEAGUE1")
    person.clicks("Shipped", "radio button")
    person.clicks_row(order["buyer_name"], "Buyer")
    person.finds("(?s).*COLLEAGUE1.*")

    person.presses("ctrl+z")

    wait_for(lambda: len(truth.parcels(order["uid"])) < 2, "our parcel to be taken back")
    person.finds("Nothing waiting")
    person.quits()
    assert truth.parcels(order["uid"]) == ["COLLEAGUE1"]
