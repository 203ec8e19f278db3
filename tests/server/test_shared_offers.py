"""Copies of one record that share an offer: what is done to it, and what becomes of it when one goes."""

from typing import Any

import pytest

from tests.server.imports import imported
from tests.server.shop import Shop
from tests.server.test_bulk import bulk
from tests.server.test_listings import connect, delist, offer, ready, status
from tests.server.test_marketplace import sync

NAMES = ("A", "B", "C")


@pytest.fixture
def connected(shop: Shop) -> Shop:
    """A shop with an account on each marketplace that has an interface."""
    connect(shop, "ebay", "discogs", "etsy", "shopify")
    return shop


def copies(shop: Shop, platform: str = "discogs", number: int = 3, **fields: Any) -> list[str]:
    """Return the uids of copies of one product that share an offer, as an import makes them."""
    from instica_desktop.server.models import Item, Listing, SimulatedOffer
    from instica_desktop.server.operations.items import update_item
    from instica_desktop.server.operations.shared import share

    product = shop.product()["uid"]
    uids = [ready(shop, product=product, manual_sku=name) for name in NAMES[:number]]
    made = offer(shop, uids[0], platform, **fields)
    rows = [Item.objects.select_related("product").get(uid=uid) for uid in uids]
    for row in rows[1:]:
        update_item(row, {"status": "listed"})
    listing = Listing.objects.get(uid=made["uid"])
    share(listing, rows[1:])
    SimulatedOffer.objects.filter(external_id=listing.external_id).update(quantity=number)
    return uids


def read(shop: Shop, uid: str) -> dict[str, Any]:
    return shop.get(f"inventory/{uid}/").json()


def the_offer(shop: Shop, uid: str, platform: str = "discogs") -> dict[str, Any]:
    """Return the offer of an item on a platform, which is on the list of items as well."""
    (found,) = [row for row in read(shop, uid)["listings"] if row["platform"] == platform]
    (listed,) = [row for row in shop.get("inventory/").json()["results"] if row["uid"] == uid]
    assert found in listed["listings"]
    assert found in shop.get(f"inventory/{uid}/listings/").json()
    return found


def sharing(shop: Shop, uid: str, platform: str = "discogs") -> list[str]:
    """Return the SKUs of the copies in an offer of an item; none where it has no such offer."""
    offers = [row for row in read(shop, uid)["listings"] if row["platform"] == platform]
    return [one["manual_sku"] for row in offers for one in row["items"]]


def quantity(number: str) -> tuple[int, bool]:
    """Return how many copies the marketplace has of an offer, and whether it stands there."""
    from instica_desktop.server.models import SimulatedOffer

    row = SimulatedOffer.objects.get(external_id=number)
    return row.quantity, row.is_active


def move(shop: Shop, uid: str, to: str) -> None:
    response = shop.patch(f"inventory/{uid}/", {"status": to})
    assert response.status_code == 200, response.content


def test_the_offer_stands_at_each_of_its_copies(connected: Shop) -> None:
    uids = copies(connected)
    offers = [the_offer(connected, uid) for uid in uids]
    assert offers[0] == offers[1] == offers[2]
    assert offers[0]["items"] == [
        {"uid": uid, "manual_sku": name} for uid, name in zip(uids, NAMES, strict=True)
    ]
    alone = ready(connected)
    assert offer(connected, alone, "etsy")["items"] == [{"uid": alone, "manual_sku": ""}]


def test_only_copies_of_one_product_share(connected: Shop) -> None:
    from instica_desktop.server.models import Item, Listing
    from instica_desktop.server.operations.shared import share

    uids = copies(connected)
    listing = Listing.objects.select_related("item__product").get(item__uid=uids[0])
    stranger = Item.objects.select_related("product").get(uid=ready(connected))
    with pytest.raises(ValueError, match="one product"):
        share(listing, [stranger])
    share(listing, Item.objects.filter(uid__in=uids).select_related("product"))
    assert sharing(connected, uids[0]) == list(NAMES)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_change_by_any_copy_is_for_all(connected: Shop, which: int) -> None:
    uids = copies(connected)
    before = [read(connected, uid)["updated"] for uid in uids]
    path = f"inventory/{uids[which]}/listings/{the_offer(connected, uids[0])['uid']}/"
    assert connected.patch(path, {"price_usd": "17.00"}).json()["price_usd"] == "17.00"
    assert connected.get(path).json()["price_usd"] == "17.00"
    assert {the_offer(connected, uid)["price_usd"] for uid in uids} == {"17.00"}
    assert [the_offer(connected, uids[0])["items"][0]["uid"]] == [uids[0]]
    assert all(read(connected, uid)["updated"] > was for uid, was in zip(uids, before, strict=True))


@pytest.mark.parametrize("which", [0, 2])
def test_it_ends_for_all_and_is_offered_again_for_all(connected: Shop, which: int) -> None:
    uids = copies(connected)
    first = the_offer(connected, uids[0])
    assert delist(connected, uids[which], first["uid"])["status"] == "inactive"
    assert [status(connected, uid) for uid in uids] == ["ready-to-sell"] * 3
    assert quantity(first["external_id"]) == (3, False)
    again = offer(connected, uids[which], "discogs", price_usd="18.00")
    assert (again["uid"], [one["manual_sku"] for one in again["items"]]) == (first["uid"], list(NAMES))
    assert [status(connected, uid) for uid in uids] == ["listed"] * 3
    assert quantity(again["external_id"]) == (3, True)


def test_a_copy_on_offer_elsewhere_stays_listed(connected: Shop) -> None:
    uids = copies(connected)
    offer(connected, uids[1], "ebay")
    delist(connected, uids[0], the_offer(connected, uids[0])["uid"])
    assert [status(connected, uid) for uid in uids] == ["ready-to-sell", "listed", "ready-to-sell"]


def test_what_is_not_for_sale_is_not_offered_again_along_with_the_others(connected: Shop) -> None:
    uids = copies(connected)
    delist(connected, uids[0], the_offer(connected, uids[0])["uid"])
    move(connected, uids[0], "archived")
    offer(connected, uids[1], "discogs")
    assert sharing(connected, uids[1]) == ["B", "C"]
    assert sharing(connected, uids[0]) == []
    assert [status(connected, uid) for uid in uids] == ["archived", "listed", "listed"]


def test_a_refused_end_is_one_for_all_and_is_tried_again(connected: Shop) -> None:
    uids = copies(connected, title="[simulate: delist_refused]")
    failed = delist(connected, uids[1], the_offer(connected, uids[1])["uid"])
    assert (failed["status"], [status(connected, uid) for uid in uids]) == ("failed", ["listed"] * 3)
    connected.patch(f"inventory/{uids[2]}/listings/{failed['uid']}/", {"title": "Blue Train"})
    assert delist(connected, uids[2], failed["uid"])["status"] == "inactive"
    assert [status(connected, uid) for uid in uids] == ["ready-to-sell"] * 3


def test_the_same_platform_twice_is_refused_for_every_copy(connected: Shop) -> None:
    uids = copies(connected)
    for uid in uids:
        refused = connected.post(f"inventory/{uid}/listings/", {"platform": "discogs"})
        assert list(connected.errors(refused)) == ["platform"]


# ------------------------------------------------------------ sold


def test_a_sale_takes_one(connected: Shop) -> None:
    uids = copies(connected, title="Blue [simulate: sold]")
    before = the_offer(connected, uids[0])
    offer(connected, uids[2], "ebay")
    sync(connected, "discogs")
    (order,) = connected.get("orders/").json()["results"]
    assert order["inventory_item_listing"]["inventory_item"]["uid"] == uids[2]
    assert [status(connected, uid) for uid in uids] == ["listed", "listed", "sold"]
    assert sharing(connected, uids[0]) == sharing(connected, uids[1]) == ["A", "B"]
    assert the_offer(connected, uids[0])["uid"] == before["uid"]
    sold = the_offer(connected, uids[2])
    assert (sold["status"], sold["external_id"]) == ("sold", before["external_id"])
    assert order["inventory_item_listing"]["uid"] == sold["uid"] != before["uid"]
    assert the_offer(connected, uids[2], "ebay")["status"] == "inactive"
    assert quantity(before["external_id"]) == (2, True)


def test_copies_are_sold_one_after_the_other_until_none_is_left(connected: Shop) -> None:
    uids = copies(connected, title="Blue [simulate: sold]")
    number = the_offer(connected, uids[0])["external_id"]
    for _ in range(5):
        sync(connected, "discogs")
    orders = connected.get("orders/").json()["results"]
    assert {one["inventory_item_listing"]["inventory_item"]["uid"] for one in orders} == set(uids)
    assert len(orders) == 3
    assert [status(connected, uid) for uid in uids] == ["sold"] * 3
    assert quantity(number) == (0, False)


def test_a_sale_elsewhere_takes_one_off_the_shared_offer(connected: Shop) -> None:
    uids = copies(connected)
    number = the_offer(connected, uids[0])["external_id"]
    offer(connected, uids[0], "ebay", title="[simulate: sold]")
    sync(connected, "ebay")
    assert [status(connected, uid) for uid in uids] == ["sold", "listed", "listed"]
    assert sharing(connected, uids[1]) == ["B", "C"]
    assert sharing(connected, uids[0]) == []
    assert quantity(number) == (2, True)


def test_a_copy_is_not_sold_twice_in_one_synchronization(connected: Shop) -> None:
    uids = copies(connected, "ebay", number=2, title="[simulate: sold]")
    from instica_desktop.server.models import Item, Listing

    Listing.objects.create(
        item=Item.objects.get(uid=uids[1]),
        platform="ebay",
        status="listed",
        title="[simulate: sold]",
        price_cents=900,
    )
    sync(connected, "ebay")
    assert sold(connected) == [uids[1]]
    assert the_offer(connected, uids[0], "ebay")["status"] == "listed"


def sold(shop: Shop) -> list[str]:
    """Return the items that were ordered, the last one first."""
    orders = shop.get("orders/").json()["results"]
    return [one["inventory_item_listing"]["inventory_item"]["uid"] for one in orders]


def test_what_a_marketplace_holds_meets_the_offer_and_not_the_copy_it_sold(connected: Shop) -> None:
    from instica_desktop.server.models import SimulatedOffer
    from instica_desktop.server.operations.marketplace_import import import_offer

    uids = copies(connected, title="Blue [simulate: sold]")
    sync(connected, "discogs")
    held = SimulatedOffer.objects.get(organization=connected.organization)
    held.price_cents = 1234
    before = [read(connected, uid)["updated"] for uid in uids[:2]]
    assert import_offer(connected.organization, held) == "updated"
    assert [the_offer(connected, uid)["price_usd"] for uid in uids] == ["12.34", "12.34", "20.00"]
    assert all(read(connected, uid)["updated"] > was for uid, was in zip(uids, before, strict=False))


# ------------------------------------------------------------ a person moves one


@pytest.mark.parametrize("to", ["sold", "archived"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_copy_moved_by_hand_leaves_and_comes_back(connected: Shop, which: int, to: str) -> None:
    uids = copies(connected)
    number = the_offer(connected, uids[0])["external_id"]
    move(connected, uids[which], to)
    rest = [name for name in NAMES if name != NAMES[which]]
    left = [uid for uid in uids if uid != uids[which]]
    assert [sharing(connected, uid) for uid in left] == [rest, rest]
    assert sharing(connected, uids[which]) == []
    assert [status(connected, uid) for uid in left] == ["listed", "listed"]
    assert quantity(number) == (2, True)
    move(connected, uids[which], "listed")
    assert sorted(sharing(connected, uids[which])) == list(NAMES)
    assert quantity(number) == (3, True)


def test_with_the_last_one_the_offer_ends_and_all_can_come_back(connected: Shop) -> None:
    uids = copies(connected, number=2)
    number = the_offer(connected, uids[0])["external_id"]
    for uid in uids:
        move(connected, uid, "sold")
    assert sharing(connected, uids[1]) == ["B"]
    assert (the_offer(connected, uids[1])["status"], quantity(number)[1]) == ("inactive", False)
    for uid in uids:
        move(connected, uid, "listed")
    assert sorted(sharing(connected, uids[0])) == ["A", "B"]
    assert quantity(the_offer(connected, uids[0])["external_id"]) == (2, True)


def test_a_copy_that_went_another_way_does_not_come_back(connected: Shop) -> None:
    uids = copies(connected)
    for to in ("sold", "shipped", "returned", "received", "ready-to-sell", "listed"):
        move(connected, uids[1], to)
    assert sharing(connected, uids[0]) == ["A", "C"]
    assert sharing(connected, uids[1]) == []


def test_a_copy_moved_by_a_file_leaves(connected: Shop) -> None:
    uids = copies(connected)
    job = imported(connected, f"uid,status\n{uids[0]},sold\n", mode="update")
    assert job["updated"] == 1, job
    assert sharing(connected, uids[1]) == ["B", "C"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_copy_that_is_deleted_leaves(connected: Shop, which: int) -> None:
    uids = copies(connected)
    number = the_offer(connected, uids[0])["external_id"]
    assert connected.delete(f"inventory/{uids.pop(which)}/").status_code == 204
    rest = [name for name in NAMES if name != NAMES[which]]
    assert [sharing(connected, uid) for uid in uids] == [rest, rest]
    assert quantity(number) == (2, True)


# ------------------------------------------------------------ the marketplace cannot be told


def test_a_quantity_that_could_not_be_set_is_said_and_set_later(connected: Shop) -> None:
    from instica_desktop.server.models import Connection

    uids = copies(connected)
    number = the_offer(connected, uids[0])["external_id"]
    Connection.objects.filter(organization=connected.organization).delete()
    move(connected, uids[2], "sold")
    said = the_offer(connected, uids[0])
    assert (said["status"], said["error"]["code"], len(said["items"])) == ("listed", "not_connected", 2)
    assert quantity(number) == (3, True)
    connect(connected, "discogs")
    sync(connected, "discogs")
    assert the_offer(connected, uids[0])["error"] is None
    assert quantity(number) == (2, True)


def test_where_there_is_no_interface_the_quantity_is_set_by_hand(shop: Shop) -> None:
    uids = copies(shop, "redbubble")
    move(shop, uids[0], "sold")
    said = the_offer(shop, uids[1], "redbubble")
    assert (said["status"], said["error"]["code"]) == ("listed", "manual_quantity_needed")


# ------------------------------------------------------------ counting and finding


def test_it_is_found_by_its_platform_and_counts_as_one_offer(connected: Shop) -> None:
    from instica_desktop.server.operations.plan_use import count_listings

    uids = copies(connected)
    found = connected.get("inventory/", {"platform": "discogs"}).json()
    assert {row["uid"] for row in found["results"]} == set(uids)
    assert found["count"] == 3
    assert connected.get("inventory/", {"platform": "discogs,ebay"}).json()["count"] == 3
    assert connected.get("inventory/", {"platform": "ebay"}).json()["count"] == 0
    assert count_listings(connected.organization) == 1
    (row,) = connected.get("inventory/analytics/").json()["by_platform"]
    assert (row["platform"], row["listed"], row["listed_value_usd"]) == ("discogs", 3, "60.00")
    move(connected, uids[0], "sold")
    assert connected.get("inventory/", {"platform": "discogs"}).json()["count"] == 2


def test_another_shop_sees_nothing_of_it(connected: Shop, other_shop: Shop) -> None:
    uids = copies(connected)
    path = f"inventory/{uids[1]}/listings/{the_offer(connected, uids[0])['uid']}/"
    for answer in (
        other_shop.get(path),
        other_shop.patch(path, {"price_usd": "1"}),
        other_shop.post(f"{path}delist/"),
    ):
        assert answer.status_code == 404


# ------------------------------------------------------------ many at once


def test_many_copies_at_once_are_one_act_at_the_marketplace(connected: Shop) -> None:
    uids = copies(connected)
    first = the_offer(connected, uids[0])
    for dry in (True, False):
        results = bulk(connected, "delist", uids, {"platform": "discogs"}, dry_run=dry)
        assert [(one["ok"], one["errors"]) for one in results] == [(True, {})] * 3
        assert {one["before"]["status"] for one in results} == {"listed"}
        assert {one["after"]["status"] for one in results} == {"ready-to-sell"}
    results = bulk(connected, "list", uids, {"platform": "discogs", "price_usd": "11.00"})
    assert [(one["ok"], one["errors"]) for one in results] == [(True, {})] * 3
    assert {one["before"]["status"] for one in results} == {"ready-to-sell"}
    again = the_offer(connected, uids[2])
    assert (again["uid"], again["price_usd"], len(again["items"])) == (first["uid"], "11.00", 3)
    from instica_desktop.server.models import SimulatedOffer

    assert SimulatedOffer.objects.filter(organization=connected.organization, is_active=True).count() == 1


def test_many_taken_off_everywhere_end_their_own_offers_too(connected: Shop) -> None:
    uids = copies(connected)
    offer(connected, uids[1], "ebay")
    results = bulk(connected, "delist", uids, {})
    assert all(one["ok"] for one in results)
    assert [status(connected, uid) for uid in uids] == ["ready-to-sell"] * 3
    assert the_offer(connected, uids[1], "ebay")["status"] == "inactive"


def test_a_busy_day_sells_no_copy_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.simulation import trade

    connect(shop, "ebay", "discogs")
    uids = copies(shop)
    offer(shop, uids[2], "ebay")
    monkeypatch.setattr(trade, "ensure_owner", lambda: shop.user)
    made = trade.trade(10, seed=1)
    assert made == len(sold(shop)) == len(set(sold(shop)))
    assert made >= 1
