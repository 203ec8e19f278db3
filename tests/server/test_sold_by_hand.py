"""Selling or archiving by hand: the offers end as at a sale, and come back once that is taken back."""

import pytest

from tests.server.imports import imported
from tests.server.shop import Shop
from tests.server.test_bulk import bulk
from tests.server.test_listings import connect, delist, offer, ready, status
from tests.server.test_marketplace import sync
from tests.server.test_shared_offers import copies, move, quantity, read, sharing, the_offer


@pytest.fixture
def connected(shop: Shop) -> Shop:
    """A shop with an account on each marketplace that has an interface."""
    connect(shop, "ebay", "discogs", "etsy", "shopify")
    return shop


def _offers(shop: Shop, uid: str) -> dict[str, tuple[str, str, bool]]:
    """Return the offers of an item by platform: status, price, whether it comes back."""
    rows = read(shop, uid)["listings"]
    return {row["platform"]: (row["status"], row["price_usd"], row["comes_back"]) for row in rows}


@pytest.mark.parametrize("to", ["sold", "archived"])
def test_its_offers_end_everywhere(connected: Shop, to: str) -> None:
    uid = ready(connected)
    numbers = [
        offer(connected, uid, place, price_usd="31.00")["external_id"] for place in ("ebay", "discogs")
    ]
    move(connected, uid, to)
    assert _offers(connected, uid) == dict.fromkeys(("ebay", "discogs"), ("inactive", "31.00", True))
    assert [quantity(number)[1] for number in numbers] == [False, False]


@pytest.mark.parametrize("to", ["sold", "archived"])
def test_taking_it_back_offers_it_as_it_was(connected: Shop, to: str) -> None:
    uid = ready(connected)
    before = offer(connected, uid, "ebay", price_usd="31.00", title="As it was")
    move(connected, uid, to)
    move(connected, uid, "listed")
    (after,) = read(connected, uid)["listings"]
    same = ("uid", "status", "price_usd", "title", "error", "comes_back")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["external_id"] != before["external_id"]
    assert (quantity(before["external_id"])[1], quantity(after["external_id"])) == (False, (1, True))
    assert status(connected, uid) == "listed"


def test_many_at_once_end_alike(connected: Shop) -> None:
    uids = [ready(connected) for _ in range(2)]
    for uid in uids:
        offer(connected, uid, "ebay")
    results = bulk(connected, "set_status", uids, {"status": "sold"})
    assert all(row["ok"] for row in results)
    assert [[row[0] for row in _offers(connected, uid).values()] for uid in uids] == [["inactive"]] * 2


def test_a_trial_ends_nothing(connected: Shop) -> None:
    uid = ready(connected)
    number = offer(connected, uid, "ebay")["external_id"]
    bulk(connected, "set_status", [uid], {"status": "sold"}, dry_run=True)
    assert (_offers(connected, uid)["ebay"][0], quantity(number)) == ("listed", (1, True))


def test_a_file_that_says_sold_ends_them_alike(connected: Shop) -> None:
    uids = [ready(connected) for _ in range(2)]
    numbers = [offer(connected, uid, "ebay")["external_id"] for uid in uids]
    job = imported(connected, f"uid,status\n{uids[0]},sold\n{uids[1]},archived\n", mode="update")
    assert job["updated"] == 2, job
    assert [_offers(connected, uid)["ebay"][::2] for uid in uids] == [("inactive", True)] * 2
    assert [quantity(number)[1] for number in numbers] == [False, False]


def test_a_file_about_what_a_marketplace_sold_changes_no_offer(connected: Shop) -> None:
    uid = ready(connected)
    offer(connected, uid, "ebay", title="[simulate: sold]")
    offer(connected, uid, "discogs", title="[simulate: delist_refused]")
    sync(connected, "ebay")
    before = read(connected, uid)["listings"]
    assert before[0]["status"] == "failed"
    imported(connected, f"uid,location\n{uid},B2\n", mode="update")
    after = read(connected, uid)
    assert (after["location"], after["listings"]) == ("B2", before)


@pytest.mark.parametrize("platform", ["ebay", "redbubble"])
def test_what_is_deleted_is_on_offer_no_more(connected: Shop, platform: str) -> None:
    uid = ready(connected)
    number = offer(connected, uid, platform)["external_id"]
    assert connected.delete(f"inventory/{uid}/").status_code == 204
    if number:
        assert quantity(number) == (1, False)


def test_what_goes_on_to_be_shipped_stays_ended_and_what_is_returned_does_not_come_back(
    connected: Shop,
) -> None:
    uid = ready(connected)
    offer(connected, uid, "ebay")
    for to in ("sold", "shipped"):
        move(connected, uid, to)
        assert _offers(connected, uid)["ebay"][::2] == ("inactive", True)
    for to in ("returned", "received", "ready-to-sell", "listed"):
        move(connected, uid, to)
        assert _offers(connected, uid)["ebay"][::2] == ("inactive", False)


def test_an_offer_that_never_came_about_is_no_more(connected: Shop) -> None:
    uid = ready(connected)
    offer(connected, uid, "etsy", title="[simulate: photo_required]")
    offer(connected, uid, "ebay")
    move(connected, uid, "sold")
    assert {place: row[::2] for place, row in _offers(connected, uid).items()} == {
        "etsy": ("inactive", False),
        "ebay": ("inactive", True),
    }


def test_what_does_not_end_stays_visible_and_stands_again_when_taken_back(connected: Shop) -> None:
    uid = ready(connected)
    made = offer(connected, uid, "ebay", title="[simulate: delist_refused]")
    move(connected, uid, "sold")
    (refused,) = read(connected, uid)["listings"]
    assert (refused["status"], refused["error"]["code"]) == ("failed", "delist_refused")
    move(connected, uid, "listed")
    (stands,) = read(connected, uid)["listings"]
    assert (stands["status"], stands["error"], stands["external_id"]) == ("listed", None, made["external_id"])


def test_what_did_not_end_is_tried_again_and_comes_back_all_the_same(connected: Shop) -> None:
    from instica_desktop.server.models import Listing

    uid = ready(connected)
    offer(connected, uid, "ebay", title="[simulate: delist_refused]")
    move(connected, uid, "sold")
    Listing.objects.filter(item__uid=uid).update(title="Blue Train")
    sync(connected, "ebay")
    assert _offers(connected, uid)["ebay"][::2] == ("inactive", True)
    move(connected, uid, "listed")
    assert _offers(connected, uid)["ebay"][::2] == ("listed", False)


def test_where_it_cannot_be_offered_again_the_offer_says_why(connected: Shop) -> None:
    from instica_desktop.server.models import Connection

    uid = ready(connected)
    offer(connected, uid, "ebay")
    offer(connected, uid, "redbubble")
    move(connected, uid, "sold")
    by_hand = next(row for row in read(connected, uid)["listings"] if row["platform"] == "redbubble")
    assert (by_hand["status"], by_hand["error"]["code"]) == ("failed", "manual_delist_needed")
    assert delist(connected, uid, by_hand["uid"])["status"] == "inactive"
    Connection.objects.filter(organization=connected.organization, platform="ebay").delete()
    move(connected, uid, "listed")
    found = {row["platform"]: row for row in read(connected, uid)["listings"]}
    assert {
        place: (row["status"], row["error"]["code"], row["listed_at"]) for place, row in found.items()
    } == {
        "ebay": ("failed", "not_connected", None),
        "redbubble": ("failed", "manual_list_needed", None),
    }


def test_a_full_plan_offers_nothing_again(connected: Shop) -> None:
    from instica_desktop.server.models import Plan, Subscription

    uid, other = ready(connected), ready(connected)
    offer(connected, uid, "ebay")
    move(connected, uid, "sold")
    offer(connected, other, "ebay")
    features = [{"name": "listings", "limit": 1}]
    plan = Plan.objects.create(name="One", slug=f"one-{uid}", features=features, position=9)
    Subscription.objects.create(organization=connected.organization, plan=plan)
    move(connected, uid, "listed")
    (row,) = read(connected, uid)["listings"]
    assert (row["status"], row["error"]["code"]) == ("failed", "plan_limit_reached")


def test_one_who_sells_a_copy_by_hand_takes_one_and_the_last_ends_the_offer(connected: Shop) -> None:
    uids = copies(connected, number=2)
    number = the_offer(connected, uids[0])["external_id"]
    move(connected, uids[0], "sold")
    assert (quantity(number), sharing(connected, uids[1])) == ((1, True), ["B"])
    move(connected, uids[1], "sold")
    assert (quantity(number)[1], the_offer(connected, uids[1])["status"]) == (False, "inactive")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_copies_come_back_one_after_the_other(connected: Shop, order: tuple[int, int]) -> None:
    uids = copies(connected, number=2, price_usd="17.00")
    for uid in uids:
        move(connected, uid, "sold")
    for left, at in enumerate(order, start=1):
        move(connected, uids[at], "listed")
        row = the_offer(connected, uids[at])
        assert (row["status"], row["price_usd"], len(row["items"])) == ("listed", "17.00", left)
        assert quantity(row["external_id"]) == (left, True)


def test_an_offer_made_anew_meanwhile_is_left_alone(connected: Shop) -> None:
    uid = ready(connected)
    offer(connected, uid, "ebay", price_usd="31.00")
    move(connected, uid, "archived")
    move(connected, uid, "ready-to-sell")
    made = offer(connected, uid, "ebay", price_usd="44.00")
    move(connected, uid, "archived")
    move(connected, uid, "listed")
    (row,) = read(connected, uid)["listings"]
    assert (row["uid"], row["price_usd"]) == (made["uid"], "44.00")


def test_a_sale_on_a_marketplace_brings_nothing_back(connected: Shop) -> None:
    uid = ready(connected)
    offer(connected, uid, "ebay", title="[simulate: sold]")
    offer(connected, uid, "discogs")
    sync(connected, "ebay")
    assert status(connected, uid) == "sold"
    assert {place: row[::2] for place, row in _offers(connected, uid).items()} == {
        "ebay": ("sold", False),
        "discogs": ("inactive", False),
    }


@pytest.mark.parametrize("status_", ["draft", "received", "ready-to-sell", "listed"])
def test_what_was_not_sold_has_no_date_of_sale(shop: Shop, status_: str) -> None:
    fields = {"status": status_, "price_item_usd": "9.00", "sold_at": "2026-01-02T00:00:00Z"}
    made = shop.post("inventory/", {"product": shop.product()["uid"], **fields})
    assert list(shop.errors(made)) == ["sold_at"]
    uid = shop.item(status=status_, price_item_usd="9.00")["uid"]
    assert list(shop.errors(shop.patch(f"inventory/{uid}/", {"sold_at": fields["sold_at"]}))) == ["sold_at"]
    (row,) = bulk(shop, "update", [uid], {"sold_at": fields["sold_at"]})
    assert list(row["errors"]) == ["sold_at"]
    assert read(shop, uid)["sold_at"] is None


@pytest.mark.parametrize("status_", ["sold", "shipped", "returned", "archived"])
def test_what_was_sold_has_one(shop: Shop, status_: str) -> None:
    uid = shop.item(status=status_, price_item_usd="9.00", sold_at="2026-01-02T00:00:00Z")["uid"]
    assert read(shop, uid)["sold_at"] == "2026-01-02T00:00:00Z"
    assert shop.patch(f"inventory/{uid}/", {"sold_at": "2026-01-03T00:00:00Z"}).status_code == 200
