"""The inventory by days in stock: its pages are those of a plain sort, however they are read."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.server.databases import database_for, sqlite_only
from tests.server.fixture import ROOT
from tests.server.shop import Shop

_STATUSES = ("draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "archived")
_CAME = (0, 0, 0, 1, 1, 2, 3, 40, 400, 4_000, -1, -1, -2, -30)
"""Days since an item came in; below zero, it is yet to come."""
_HELD: tuple[int | None, ...] = (None, None, None, 0, 0, 1, 2, 3, 40, -5)
"""Days from its coming to its sale; below zero, it was sold before."""


@pytest.fixture(scope="module")
def ages(data_dir: Path) -> Shop:
    """A shop with items of all ages, sold, unsold and yet to come, many of them alike."""
    from instica_desktop.server.models import Item, Listing, Product
    from instica_desktop.server.operations.derived import item_changed
    from instica_desktop.server.storage.transactions import writing

    shop, rng = Shop.new(data_dir), random.Random(7)
    product = Product.objects.get(uid=shop.product(title="Blue Train")["uid"])
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    with writing():  # one commit
        for number in range(140):
            came, held = noon - timedelta(days=rng.choice(_CAME)), rng.choice(_HELD)
            item = Item(
                organization=shop.organization,
                product=product,
                name=rng.choice(("Blue", "Green")) if number % 20 else "Rare",
                status=rng.choice(_STATUSES),
                condition_item=rng.choice(("m", "vg", "p", "")),
                location=rng.choice(("A-1", "B-2")),
                tags=rng.sample(["mono", "promo"], rng.randrange(3)),
                acquired_at=came,
                sold_at=None if held is None else came + timedelta(days=held),
            )
            item_changed(item)
            if number % 3:
                Listing.objects.create(item=item, platform=rng.choice(("discogs", "ebay")))
    return shop


def _today() -> int:
    return datetime.now(UTC).date().toordinal()


def _days(record: dict[str, Any], today: int) -> int:
    came, sold = (
        text and datetime.fromisoformat(text).astimezone(UTC).date().toordinal()
        for text in (record["acquired_at"], record["sold_at"])
    )
    return max(0, (sold or today) - came)


def _all(shop: Shop, query: dict[str, Any], size: int = 100) -> list[dict[str, Any]]:
    """Return the records of all pages."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": True}
    while page["next"]:
        response = shop.get("inventory/", {**query, "page_size": size, "page": len(found) // size + 1})
        assert response.status_code == 200, response.content
        page = response.json()
        found += page["results"]
    return found


def _on_one_day(read: Callable[[], list[dict[str, Any]]]) -> tuple[list[dict[str, Any]], int]:
    """Return what is read, and the day; read again if the day ends meanwhile."""
    while True:
        today, records = _today(), read()
        if today == _today():
            return records, today


_FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"status": "listed"},
    {"status": "sold,shipped,draft"},
    {"type": "physical"},
    {"type": "digital"},
    {"platform": "discogs"},
    {"platform": "ebay,discogs"},
    {"platform": "etsy"},
    {"search": "blue"},
    {"search": "gre"},
    {"search": "rare"},
    {"search": "nothing"},
    {"tags": "mono,promo"},
    {"condition_item": "m,vg"},
    {"location": "a-1"},
    {"updated_after": "2000-01-01T00:00:00Z"},
    {"search": "gre", "platform": "discogs", "status": "listed,sold,archived", "tags": "mono"},
)


_WAYS: dict[str, dict[str, int]] = {
    "fetched": {"_ENOUGH": 5_000},
    "in order": {"_ENOUGH": 0},
    "found at once": {"_ENOUGH": 0, "_LARGE": 0, "_FIRST": 60},  # on the first page
}


@pytest.mark.parametrize("query", _FILTERS, ids=str)
@pytest.mark.parametrize("ordering", ["days_in_inventory", "-days_in_inventory"])
@pytest.mark.parametrize("way", _WAYS)
def test_pages_by_age_are_those_of_a_plain_sort(
    ages: Shop, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], ordering: str, way: str
) -> None:
    from instica_desktop.server.storage import reading, streams

    found = _all(ages, query)
    for name, value in _WAYS[way].items():
        monkeypatch.setattr(reading, name, value)
    monkeypatch.setattr(streams, "DEEPEST", 60)  # some pages are read from the streams, the last ones not
    records, today = _on_one_day(lambda: _all(ages, {**query, "ordering": ordering}, size=13))
    sign = -1 if ordering.startswith("-") else 1
    expected = sorted(found, key=lambda record: (sign * _days(record, today), record["uid"]))
    assert [record["uid"] for record in records] == [record["uid"] for record in expected]
    assert [record["days_in_inventory"] for record in records] == [_days(one, today) for one in expected]


@pytest.mark.parametrize("enough", [5_000, 0], ids=["fetched", "in order"])
def test_age_goes_with_other_orderings(ages: Shop, monkeypatch: pytest.MonkeyPatch, enough: int) -> None:
    from instica_desktop.server.storage import reading

    monkeypatch.setattr(reading, "_ENOUGH", enough)
    records, today = _on_one_day(lambda: _all(ages, {"ordering": "status,-days_in_inventory"}))
    keys = [(record["status"], -_days(record, today), record["uid"]) for record in records]
    assert keys == sorted(keys)
    records, today = _on_one_day(lambda: _all(ages, {"ordering": "days_in_inventory,name"}))
    keys = [(_days(record, today), record["name"], record["uid"]) for record in records]
    assert keys == sorted(keys)
    assert len(keys) == 140


def test_an_export_by_age_has_the_order_of_the_list(ages: Shop) -> None:
    import csv

    records, _ = _on_one_day(lambda: _all(ages, {"ordering": "-days_in_inventory"}))
    response = ages.get("inventory/export/", {"ordering": "-days_in_inventory"})
    rows = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    assert [row["status"] for row in rows] == [record["status"] for record in records]


def test_age_follows_the_sale(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.storage import reading

    monkeypatch.setattr(reading, "_ENOUGH", 0)
    uid = shop.product()["uid"]
    now = datetime.now(UTC)
    acquired = [(now - timedelta(days=days)).isoformat() for days in (30, 10)]
    listed = {"status": "listed", "price_item_usd": "20.00"}
    old, young = (shop.item(uid, acquired_at=moment, **listed)["uid"] for moment in acquired)

    def youngest() -> str:
        page = shop.get("inventory/", {"ordering": "days_in_inventory"}).json()
        return page["results"][0]["uid"]

    assert youngest() == young
    sold = {"status": "sold", "sold_at": (now - timedelta(days=29)).isoformat()}
    assert shop.patch(f"inventory/{old}/", sold).status_code == 200
    assert youngest() == old
    assert shop.patch(f"inventory/{old}/", {"status": "listed"}).status_code == 200
    assert youngest() == young
    assert shop.patch(f"inventory/{young}/", {"acquired_at": "2020-01-01T00:00:00Z"}).status_code == 200
    assert youngest() == old


@pytest.mark.parametrize("ordering", ["days_in_inventory", "-days_in_inventory"])
def test_a_page_by_age_takes_no_more_statements_than_another(
    ages: Shop, monkeypatch: pytest.MonkeyPatch, ordering: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from instica_desktop.server.storage import reading

    monkeypatch.setattr(reading, "_ENOUGH", 0)
    counts: list[int] = []
    for wanted in ("-created", ordering):
        ages.get(
            "inventory/", {"ordering": wanted}
        )  # so that the key's use is noted and the rows are counted
        with CaptureQueriesContext(connection) as captured:
            ages.get("inventory/", {"ordering": wanted})
        counts.append(len(captured))
    assert counts[0] == counts[1]


@sqlite_only
@pytest.mark.parametrize("ordering", ["days_in_inventory", "-days_in_inventory"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"status": "listed"},
        {"search": "blue"},
        {"platform": "discogs"},
        {"updated_after": "2000-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_streams_are_read_from_the_index_alone(
    ages: Shop, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], ordering: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from instica_desktop.server.storage import reading

    monkeypatch.setattr(reading, "_ENOUGH", 0)
    with CaptureQueriesContext(connection) as captured:
        assert ages.get("inventory/", {**query, "ordering": ordering}).status_code == 200
    (page,) = (one["sql"] for one in captured if "UNION ALL" in one["sql"])
    with connection.cursor() as cursor:
        plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {page.replace('%', '%%')}").fetchall()]
    reads = [step for step in plan if "shop_item " in step]
    assert len(reads) == 3
    index = "item_age" if ordering.startswith("-") else "item_age_down"
    assert all(f"COVERING INDEX {index} (organization_id=? AND age_key" in step for step in reads[:2])
    assert "COVERING INDEX item_age" in reads[2]
    assert not any("RIGHT PART" in step or "LAST TERM" in step for step in plan)


_EIGHTH_SCHEMA = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder
folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=(), database=sys.argv[2] or None)
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
call_command("migrate", "shop", "0008", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0008_scale")).apps
owned = {"organization": models.get_model("shop", "Organization").objects.create()}
owned["product"] = models.get_model("shop", "Product").objects.create(**owned)
for start, end in ((700_000, None), (700_000, 700_007), (700_000, 700_000), (700_000, 699_000)):
    models.get_model("shop", "Item").objects.create(start_day=start, end_day=end, **owned)
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
        cursor.execute("PRAGMA user_version=8")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Item
print(list(Item.objects.order_by("pk").values_list("age_key", flat=True)))
"""


def test_items_of_an_older_shop_get_their_keys(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    done = subprocess.run(
        [sys.executable, "-c", _EIGHTH_SCHEMA, str(folder), database_for(folder) or ""],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["[700000, -8, -1, -1]"], done.stderr
