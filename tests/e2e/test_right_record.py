"""What is typed goes to the record that was highlighted when typing began, whatever moves meanwhile."""

import os

import pytest

from tests.e2e.display import missing, wait_for
from tests.e2e.person import Person
from tests.e2e.truth import Truth

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        bool(missing()) and not os.environ.get("CI"), reason=f"not installed here: {', '.join(missing())}"
    ),
]
Shop = dict[str, tuple[str, str, str]]
PRICE = "Item price in US dollars"


def two_more(truth: Truth, person: Person, *names: str) -> None:
    """A colleague makes two items, which the list shows above all others."""
    product = truth.newest("products", 1)[0]["uid"]
    for name in names:
        truth.make("inventory", product=product, name=name)
    person.presses("F5")
    person.sees_row(names[-1])


def changes(truth: Truth, before: Shop) -> Shop:
    """Return what is no longer as it was."""
    return {uid: now for uid, now in truth.prices_and_shelves().items() if now != before.get(uid, now)}


def test_an_edit_lands_on_the_highlighted_record_when_others_were_made_above_it(
    person: Person, truth: Truth
) -> None:
    person.opens_the_window("A1")

    # F2, typed while the row one stands on has moved down by two.
    before = truth.prices_and_shelves()
    person.clicks_row("A4", "Shelf")
    two_more(truth, person, "New 1", "New 2")
    (highlighted,) = person.highlighted()
    person.presses("F2")
    person.types("Z-01")
    person.presses("Return")
    wait_for(lambda: changes(truth, before), "the shelf on the server")
    ((name, _, shelf),) = changes(truth, before).values()
    assert (name, shelf) == (highlighted, "Z-01")

    # A click where that row stood before, then a price in the pane.
    before = truth.prices_and_shelves()
    place = person.place_of(highlighted)
    two_more(truth, person, "New 3", "New 4")
    person.clicks_place(place)
    (highlighted,) = person.highlighted()
    person.goes_to_field(PRICE)
    person.presses("ctrl+a")
    person.types("39.50")
    person.presses("Return")
    wait_for(lambda: changes(truth, before), "the price on the server")
    ((name, price, _),) = changes(truth, before).values()
    assert (name, price) == (highlighted, "39.50")
    person.quits()


def test_a_price_that_a_colleague_changed_meanwhile_is_asked_about(person: Person, truth: Truth) -> None:
    person.opens_the_window("A1")
    uid = truth.newest("inventory", 3)[2]["uid"]
    person.clicks_row("A3")
    person.goes_to_field(PRICE)
    person.presses("ctrl+a")
    person.types("41.")

    truth.change("inventory", uid, price_item_usd="55.55", price_shipping_usd="0.00")
    person.presses("F5")
    wait_for(lambda: person.cell("A3", "Price") == "55.55", "the colleague’s price in the list")
    person.types("25")
    person.presses("Return")

    wait_for(lambda: "Conflict" in person.rows()[person.row_of("A3")], "the question at the row")
    assert truth.item(uid)["price_item_usd"] == "55.55"
    person.quits()
    assert truth.item(uid)["price_item_usd"] == "55.55"


def test_an_order_that_a_colleague_shipped_meanwhile_gets_no_second_parcel_unasked(
    person: Person, truth: Truth
) -> None:
    person.opens_the_window("A1")
    order = truth.newest("orders", 1, status="awaiting_shipment")[0]
    buyer = order["buyer_name"]
    person.presses("ctrl+3")
    person.clicks_row(buyer, "Buyer")
    person.clicks("Tracking number", "text")
    person.types("9400111899223344556677")

    truth.ship(order["uid"], "COLLEAGUE1")
    person.presses("ctrl+Return")

    person.finds(".*", "dialog")
    assert truth.parcels(order["uid"]) == ["COLLEAGUE1"]
    person.presses("Escape")
    person.quits()
    assert truth.parcels(order["uid"]) == ["COLLEAGUE1"]
