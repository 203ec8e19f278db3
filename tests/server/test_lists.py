"""Lists: paging, filters, orderings, search; and how many queries a page takes."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.databases import CLUSTER
from tests.server.shop import Shop


@pytest.fixture(scope="module")
def five(data_dir: Path) -> Shop:
    """A shop with five items whose orders differ by every key; the last one has all that filters look at."""
    shop = Shop.new(data_dir)
    _five(shop)
    return shop


def _five(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Listing

    rows = [
        ("Zuma", {"condition_item": "vg", "price_item_usd": "30", "status": "listed", "manual_sku": "b-2"}),
        ("ágætis", {"condition_item": "m", "price_item_usd": "5", "manual_sku": "A 1"}),
        ("Aja", {"condition_item": "vg_plus", "status": "received"}),
        ("ガラス", {"condition_item": "p", "price_item_usd": "7", "status": "listed"}),
        ("Blue", {"location": "A-01-09", "tags": ["Jazz", "mono"]}),
    ]
    for title, fields in rows:
        shop.item(shop.product(title=title)["uid"], **fields)
    blue = Item.objects.get(organization=shop.organization, name="Blue")
    Listing.objects.create(item=blue, platform="ebay")
    Listing.objects.create(item=blue, platform="etsy")


def _bare(titles: list[str]) -> str:
    """Return the first letters of titles, as a short way to write an order."""
    return "".join(title[0] for title in titles)


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", "BガAáZ"),
        ("-created", "BガAáZ"),
        ("created", "ZáAガB"),
        ("name", "áAB" + "Z" + "ガ"),
        ("-name", "ガZBAá"),
        ("title", "áABZガ"),
        ("price_total_usd", "áガZ"),
        ("-price_total_usd", "Zガá"),
        ("price_high_low", "Zガá"),
        ("price_low_high", "áガZ"),
        ("condition_item", "áAZガB"),
        ("-condition_item", "ガZAáB"),
        ("manual_sku", "áZ"),
        ("-manual_sku", "Zá"),
        ("listed_first", "ガZBAá"),
        ("unlisted_first", "BAáガZ"),
        ("status,-name", "BáガZA"),
    ],
)
def test_inventory_orderings(five: Shop, ordering: str, expected: str) -> None:
    query = {"ordering": ordering} if ordering else {}
    assert _bare(five.titles("inventory/", **query))[: len(expected)] == expected


def test_ages_order_by_days(shop: Shop) -> None:
    uid = shop.product()["uid"]
    dates = {
        "2026-01-01T00:00:00Z": None,
        "2020-01-01T00:00:00Z": "2020-01-03T00:00:00Z",
        "2026-03-01T00:00:00Z": None,
    }
    for acquired, sold in dates.items():
        gone = {"status": "archived", "sold_at": sold} if sold else {}
        shop.item(uid, acquired_at=acquired, **gone)
    rows = shop.get("inventory/", {"ordering": "days_in_inventory"}).json()["results"]
    ages = [row["days_in_inventory"] for row in rows]
    assert ages == sorted(ages)
    assert ages[0] == 2
    back = shop.get("inventory/", {"ordering": "-days_in_inventory"}).json()["results"]
    assert [row["days_in_inventory"] for row in back] == ages[::-1]


@pytest.mark.parametrize("path", ["inventory/", "products/", "orders/"])
def test_equal_keys_order_by_uid(shop: Shop, path: str) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Item, Order, Product

    now = timezone.now()
    for _ in range(5):
        shop.order(sold_at=now)
    for model in (Item, Product, Order):
        model.objects.filter(organization=shop.organization).update(created=now, updated=now)
    for ordering in ("created", "-created"):
        uids = [row["uid"] for row in shop.get(path, {"ordering": ordering}).json()["results"]]
        assert uids == sorted(uids)
        assert len(uids) == 5


@pytest.fixture(scope="module")
def shelf(data_dir: Path) -> Shop:
    """A shop with four products whose items differ."""
    shop = Shop.new(data_dir)
    rows: list[tuple[str, str | None, list[dict[str, Any]]]] = [
        ("Zuma", "Young", [{"status": "listed", "price_item_usd": "30"}, {"status": "received"}]),
        ("ágætis", "Ándres", [{"status": "ready-to-sell", "price_item_usd": "40"}]),
        ("Aja", None, []),
        ("Blue", "Mitchell", [{"status": "listed", "price_item_usd": "90"}, {"price_item_usd": "1"}, {}]),
    ]
    for title, artist, items in rows:
        product = shop.product(title=title, artist=artist and {"name": artist}, tags=[f"{title} Tag"])
        for item in items:
            shop.item(product["uid"], **item)
    return shop


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "BAáZ"),
        ({"ordering": "title"}, "áABZ"),
        ({"ordering": "-title"}, "ZBAá"),
        ({"ordering": "artist__name"}, "áBZA"),
        ({"ordering": "-artist__name"}, "ZBáA"),
        ({"ordering": "price_total_usd"}, "BZáA"),
        ({"ordering": "-price_total_usd"}, "áZBA"),
        ({"ordering": "price_high_low"}, "BáZA"),
        ({"ordering": "price_low_high"}, "BZáA"),
        ({"ordering": "most_inventory"}, "BZáA"),
        ({"ordering": "least_inventory"}, "AáZB"),
        ({"ordering": "listed_first"}, "BZAá"),
        ({"ordering": "unlisted_first"}, "AáBZ"),
        ({"has_inventory": "true"}, "BáZ"),
        ({"has_inventory": "false"}, "A"),
        ({"has_available_inventory": "1"}, "áZ"),
        ({"status": "listed,ready-to-sell"}, "BáZ"),
        ({"status": "received"}, "Z"),
        ({"tags": "zuma t,BLUE"}, "BZ"),
        ({"type": "physical"}, "BAáZ"),
        ({"type": "nft,digital"}, ""),
        ({"uploadable_to_redbubble": "false"}, "BAáZ"),
        ({"search": "mitch"}, "B"),
    ],
)
def test_product_filters_and_orderings(shelf: Shop, query: dict[str, str], expected: str) -> None:
    assert _bare(shelf.titles("products/", **query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "listed"}, "ガZ"),
        ({"status": "listed,received"}, "ガAZ"),
        ({"status": ["listed", "received"]}, "ガAZ"),
        ({"condition_item": "m,vg"}, "áZ"),
        ({"location": "a-01-09"}, "B"),
        ({"tags": "JAZZ,nothing"}, "B"),
        ({"tags": "jaz"}, ""),
        ({"platform": "ebay"}, "B"),
        ({"platform": "ebay,etsy"}, "B"),
        ({"type": "digital"}, ""),
        ({"updated_after": "2100-01-01T00:00:00Z"}, ""),
        ({"updated_after": "2000-01-01T00:00:00"}, "BガAáZ"),
    ],
)
def test_inventory_filters(five: Shop, query: dict[str, Any], expected: str) -> None:
    assert _bare(five.titles("inventory/", **query)) == expected


def test_items_of_one_product(shop: Shop) -> None:
    shop.item()
    item = shop.item(shop.product(title="Hejira")["uid"])
    assert shop.titles("inventory/", product=item["product"]["uid"]) == ["Hejira"]
    assert shop.titles("inventory/", product="nothing") == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("inventory/", {"status": "listed,gone"}),
        ("inventory/", {"type": "shellac"}),
        ("inventory/", {"condition_item": "generic"}),
        ("inventory/", {"platform": "myspace"}),
        ("inventory/", {"updated_after": "yesterday"}),
        ("inventory/", {"ordering": "cost_usd"}),
        ("inventory/", {"ordering": "-listed_first"}),
        ("inventory/", {"search": "a\x00b"}),
        ("inventory/", {"search": "word " * 101}),
        ("inventory/", {"tags": ",".join(str(number) for number in range(101))}),
        ("inventory/", {"tags": "x" * 60_000}),
        ("products/", {"has_inventory": "perhaps"}),
        ("products/", {"ordering": "artist"}),
        ("products/", {"status": "gone"}),
    ],
)
def test_an_unknown_value_is_reported_under_its_parameter(
    shop: Shop, path: str, query: dict[str, str]
) -> None:
    assert list(shop.errors(shop.get(path, query))) == list(query)


@pytest.mark.parametrize(("path", "size"), [("products/", 15), ("inventory/", 10), ("orders/", 25)])
def test_default_and_largest_page(shop: Shop, path: str, size: int) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Item, Order, Product

    product = Product.objects.create(organization=shop.organization, title="x")
    Product.objects.bulk_create(Product(organization=shop.organization, title="y") for _ in range(101))
    Item.objects.bulk_create(Item(organization=shop.organization, product=product) for _ in range(102))
    Order.objects.bulk_create(
        Order(organization=shop.organization, platform="ebay", sold_at=timezone.now()) for _ in range(102)
    )
    first = shop.get(path).json()
    assert (first["count"], len(first["results"])) == (102, size)
    assert first["previous"] is None
    assert f"http://127.0.0.1:8000/api/v1/{path}?page=2" == first["next"]
    assert len(shop.get(path, {"page_size": 1000}).json()["results"]) == 100
    for wrong in ("0", "-1", "ten", "1.5", "false"):
        assert "page_size" in shop.errors(shop.get(path, {"page_size": wrong}))
    second = shop.get(path, {"page_size": 100, "page": 2, "ordering": "created"}).json()
    assert len(second["results"]) == 2
    assert second["next"] is None
    assert "page=1&" in second["previous"]
    assert "ordering=created" in second["previous"]
    seen = [
        row["uid"]
        for page in (1, 2)
        for row in shop.get(path, {"page_size": 100, "page": page}).json()["results"]
    ]
    assert len(set(seen)) == 102


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "last", "9" * 30, "１"])
def test_a_page_that_is_none_is_404(shop: Shop, page: str) -> None:
    response = shop.get("inventory/", {"page": page})
    assert response.status_code == 404
    assert response.json() == {"detail": "Invalid page."}
    assert shop.get("inventory/", {"page": 1}).json()["results"] == []


_SEARCHED = {
    "title": "Ágætis byrjun",
    "artist": {"name": "Sigur Rós"},
    "label": {"name": "Smekkleysa"},
    "catalog_number": "SM-67 B",
    "barcode": "5 690538 000321",
    "tags": ["Post-Rock"],
    "marketplace_description": "Embryo on the front",
    "license_type": "Royalty",
    "license_notes": "ask first",
}


@pytest.fixture(scope="module")
def searched(data_dir: Path) -> Shop:
    """A shop with one product that has words in every field, and one item of it."""
    from instica_desktop.server.models import DigitalAsset, Product

    shop = Shop.new(data_dir)
    uid = shop.product(**_SEARCHED)["uid"]
    DigitalAsset.objects.create(product=Product.objects.get(uid=uid), filename="cover.pdf")
    shop.item(uid, name="The misprint", manual_description="Scarce.", manual_sku="IN-003704")
    return shop


@pytest.mark.parametrize(
    "text",
    [
        "agæt",
        "ÁGÆTIS ros",
        "smekk sigur",
        "sm67b",
        "SM-67",
        "67b",
        "56905",
        "post rock",
        "embryo",
        "royal",
        "in003704",
        "IN-0037",
        "cover.pdf",
    ],
)
def test_products_are_found_by_their_fields(searched: Shop, text: str) -> None:
    assert searched.titles("products/", search=text) == ["Ágætis byrjun"]


@pytest.mark.parametrize("text", ["gaetis", "sigur x", "7b", "yrjun", "rock posters", "!!!"])
def test_words_match_from_their_beginning_and_all_must(searched: Shop, text: str) -> None:
    assert searched.titles("products/", search=text) == []


@pytest.mark.parametrize(
    "text", ["misprint", "scarce", "in003", "AGÆTIS", "sigur", "smekkleysa", "sm67", "byrjun scarce IN-0037"]
)
def test_items_are_found_by_their_fields(searched: Shop, text: str) -> None:
    assert searched.titles("inventory/", search=text) == ["Ágætis byrjun"]


@pytest.mark.parametrize("text", ["細", "細野", "野晴臣", "はらい", "ハウス", "泰安洋行 細野"])
def test_chinese_and_japanese_are_found_by_any_part(shop: Shop, text: str) -> None:
    shop.product(title="泰安洋行はらいそハウス", artist={"name": "細野晴臣"})
    assert len(shop.titles("products/", search=text)) == 1
    assert shop.titles("products/", search="晴野") == []


@pytest.mark.parametrize("text", ['"', "a*", "NEAR(", "a AND b", "words:a", "-", "^a", "a OR b", "{", "'"])
def test_search_syntax_is_only_text(shop: Shop, text: str) -> None:
    shop.product(title="x")
    assert shop.get("products/", {"search": text}).status_code == 200


def test_a_long_run_of_characters_is_still_a_search(shop: Shop) -> None:
    run = "".join(chr(0x4E00 + at) for at in range(499))
    shop.product(title=run)
    assert shop.titles("products/", search=run) == [run]
    assert shop.titles("products/", search=" ".join(run[:249])) == [run]


def test_copies_are_found_by_what_their_product_is_given(shop: Shop) -> None:
    product = shop.item()["product"]["uid"]
    assert shop.titles("inventory/", search="0 74646") == shop.titles("inventory/", search='7"') == []
    shop.patch(f"products/{product}/", {"barcode": "074646493519", "format": '7", Single'})
    (item,) = shop.get("inventory/", {"search": "0 74646 49351 9"}).json()["results"]
    assert item["product"]["barcode"] == "074646493519"
    assert len(shop.titles("inventory/", search="7 inch")) == 1


def test_the_index_follows_changes(shop: Shop) -> None:
    item = shop.item(manual_sku="OLD-1")
    product = item["product"]["uid"]
    shop.patch(f"inventory/{item['uid']}/", {"manual_sku": "NEW-2"})
    assert shop.titles("products/", search="old1") == []
    assert shop.titles("products/", search="new2") == ["Kind of Blue"]
    shop.patch(f"products/{product}/", {"title": "Milestones", "artist": {"name": "Miles Davis"}})
    assert shop.titles("inventory/", search="davis milest") == ["Milestones"]
    assert shop.titles("inventory/", search="davis", ordering="title") == ["Milestones"]
    order = shop.order(order_id="77")
    shop.patch(f"products/{order.listing.item.product.uid}/", {"title": "Nefertiti"})
    assert shop.get("orders/", {"search": "nefer"}).json()["count"] == 1
    shop.delete(f"inventory/{item['uid']}/")
    assert shop.titles("inventory/", search="davis") == []


def test_a_page_takes_few_queries_however_long_it_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from instica_desktop.server.operations import usage

    monkeypatch.setattr(usage, "FLUSH_EVERY", 3600.0)  # it is not due while we count
    limits = {"inventory/": 10, "products/": 10, "orders/": 8}

    def queries() -> dict[str, int]:
        found: dict[str, int] = {}
        for path in limits:
            with CaptureQueriesContext(connection) as captured:
                assert shop.get(path, {"page_size": 100}).status_code == 200
            found[path] = len(captured)
        return found

    shop.order(address={"full_name": "A"})
    for path in limits:
        shop.get(path)  # so that the key's use is noted
    shop.order(address={"full_name": "A"})  # so that what was counted is counted again
    few = queries()
    together: Any = transaction.atomic()  # written one by one, each waits for the disk
    with together:
        for _ in range(38):
            shop.order(address={"full_name": "A"})
    assert queries() == few
    # Nothing changed, so nothing is counted; but a write in another database of a cluster is a change, too.
    for path, count in queries().items():
        assert few[path] <= limits[path]
        assert count in ((few[path] - 1, few[path]) if CLUSTER else (few[path] - 1,))


def test_a_page_of_a_hundred_full_records_takes_few_queries(shop: Shop) -> None:
    """Each item with a product of its own, photos and offers: the case the limit of 12 is for."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from instica_desktop.server.models import Asset, Item, Listing

    together: Any = transaction.atomic()
    with together:
        for number in range(100):
            shop.item(shop.product(title=f"Title {number}", artist={"name": f"Artist {number % 7}"})["uid"])
    items = list(Item.objects.filter(organization=shop.organization))
    Asset.objects.bulk_create(Asset(item=item, stem=f"aa/{item.pk}", suffix=".png") for item in items)
    Listing.objects.bulk_create(
        Listing(item=item, platform=name) for item in items for name in ("ebay", "etsy")
    )
    shop.get("inventory/")
    with CaptureQueriesContext(connection) as captured:
        rows = shop.get("inventory/", {"page_size": 100}).json()["results"]
    assert {(len(row["assets"]), len(row["listings"])) for row in rows} == {(1, 2)}
    assert len({row["product"]["uid"] for row in rows}) == 100
    assert len(captured) <= 12


def test_a_page_looks_once_whether_any_of_its_offers_is_shared(shop: Shop) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from instica_desktop.server.models import Item, Listing
    from instica_desktop.server.operations.shared import share

    product = shop.product(title="One")["uid"]
    for _ in range(4):
        shop.item(product)
    first, *others = Item.objects.filter(organization=shop.organization).order_by("pk")
    listing = Listing.objects.create(uid=f"l{first.pk}", item=first, platform="ebay")
    Listing.objects.create(uid=f"m{others[-1].pk}", item=others[-1], platform="etsy")

    def page() -> tuple[int, list[list[int]]]:
        with CaptureQueriesContext(connection) as captured:
            rows = shop.get("inventory/", {"ordering": "created"}).json()["results"]
        sizes = [[len(offer["items"]) for offer in row["listings"]] for row in rows]
        return sum("shop_listingcopy" in one["sql"] for one in captured.captured_queries), sizes

    assert page() == (1, [[1], [], [], [1]])
    share(listing, others[:2])
    looks, sizes = page()
    assert sizes == [[3], [3], [3], [1]]
    assert looks <= 4
    assert len(shop.get("inventory/", {"platform": "ebay"}).json()["results"]) == 3


@pytest.mark.parametrize("wanted", ["search", "tags"])
def test_large_and_small_sets_answer_alike(shop: Shop, monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    from instica_desktop.server.storage import reading

    for title in ("Common 3", "Common 1", "Other", "Common 2"):
        uid = shop.product(title=title, tags=["common"] if "C" in title else [])["uid"]
        shop.item(uid, tags=["common"] if "C" in title else [])
    for path in ("inventory/", "products/"):
        query = {wanted: "common", "ordering": "title", "page_size": 2}
        before = shop.titles(path, **query)
        monkeypatch.setattr(reading, "_ENOUGH", 0)
        assert shop.titles(path, **query) == before == ["Common 1", "Common 2"]
        monkeypatch.undo()


def test_what_others_write_is_counted(shop: Shop) -> None:
    """The count of a list is kept while nothing changes; another connection's write is such a change."""
    import threading

    from django.db import connection

    from instica_desktop.server.models import Product

    def count() -> int:
        return shop.get("products/").json()["count"]

    def write() -> None:
        Product.objects.create(organization=shop.organization, title="Elsewhere")
        connection.close()

    assert [count(), count()] == [0, 0]
    other = threading.Thread(target=write)
    other.start()
    other.join()
    assert [count(), count()] == [1, 1]
    Product.objects.create(organization=shop.organization, title="Here")
    assert count() == 2
    Product.objects.filter(organization=shop.organization).delete()
    assert count() == 0
