"""The made-up shop: repeatable, plausible, consistent with what the server itself would keep."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.tracking import recognise
from instica_desktop.core.tracking_numbers import clean_number
from instica_desktop.server.seeding.facts import CatalogueUnusable, read_facts
from tests.server.databases import connect, sqlite_only
from tests.server.fixture import CATALOGUE, RunningServer

_FEW = """artist,title,label,catalogue_number,year,format,country,barcode,genres,discogs_release_id
Miles Davis,Kind of Blue,Columbia,CS 8163,1959,LP,US,,Jazz|Modal,
細野晴臣,はらいそ,Alfa,ALR-6001,1978,LP,JP,,Pop,
Sigur Rós,Ágætis byrjun,Smekkleysa,SM 67,1999,2×LP,IS,5690538000321,Rock|Post Rock,123
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_text(_FEW, encoding="utf-8")
    return path


def _rows(data_dir: Path, table: str) -> list[tuple[object, ...]]:
    connection = connect(data_dir)
    try:
        return connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    finally:
        connection.close()


def test_same_seed_same_shop(launch: Callable[..., RunningServer], tmp_path: Path) -> None:
    for name in ("one", "two"):
        launch(name, items=60, seed=3).stop()
    one, two = (tmp_path / name for name in ("one", "two"))
    for table in ("product", "item", "asset", "listing", "order", "shipment", "artist"):
        assert _rows(one, f"shop_{table}") == _rows(two, f"shop_{table}")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A connection to the database of a shop of 2,000 items."""
    from tests.server.fixture import start_server

    root = tmp_path_factory.mktemp("seeded")
    start_server(root / "shop", items=2_000).stop()
    connection = connect(root / "shop")
    yield connection
    connection.close()


def _one(seeded: Any, sql: str) -> object:
    return seeded.execute(sql).fetchone()[0]


def test_another_seed_is_another_shop(
    seeded: Any, launch: Callable[..., RunningServer], tmp_path: Path
) -> None:
    launch(items=60, seed=3).stop()
    found = {row[1] for row in _rows(tmp_path / "shop", "shop_item")}
    assert found.isdisjoint(row[0] for row in seeded.execute("SELECT uid FROM shop_item"))


def test_the_default_shop_is_of_the_promised_size(seeded: Any) -> None:
    assert _one(seeded, "SELECT count(*) FROM shop_item") == 2_000
    products = _one(seeded, "SELECT count(*) FROM shop_product")
    assert isinstance(products, int)
    assert 2_000 / products <= 3
    releases = _one(seeded, "SELECT count(DISTINCT title || artist_id) FROM shop_product")
    assert isinstance(releases, int)
    assert releases >= 400
    assert _one(seeded, "SELECT display_name FROM shop_organization") == "Northside Records"
    assert _one(seeded, "SELECT first_name || ' ' || last_name FROM shop_user") == "Anna Lindqvist"


def test_statuses_and_platforms_are_mixed(seeded: Any) -> None:
    counts = dict(seeded.execute("SELECT status, count(*) FROM shop_item GROUP BY status"))
    assert set(counts) == {
        "draft",
        "received",
        "ready-to-sell",
        "listed",
        "sold",
        "shipped",
        "returned",
        "archived",
    }
    assert max(counts, key=lambda code: counts[code]) == "listed"
    platforms = {row[0] for row in seeded.execute("SELECT DISTINCT platform FROM shop_order")}
    assert platforms == {"ebay", "discogs", "etsy", "shopify"}
    orders = {row[0] for row in seeded.execute("SELECT DISTINCT status FROM shop_order")}
    assert orders == {"awaiting_shipment", "shipped", "completed"}
    addresses = seeded.execute("SELECT address FROM shop_order").fetchall()
    assert len({json.loads(row[0])["country"] for row in addresses}) >= 5
    assert _one(seeded, "SELECT count(*) FROM shop_order WHERE marketplace_fee_cents IS NULL")


def test_stored_counts_are_those_of_the_items(seeded: Any) -> None:
    wrong = _one(
        seeded,
        """SELECT count(*) FROM shop_product p LEFT JOIN (
             SELECT product_id,
               count(CASE WHEN status IN ('draft','received','ready-to-sell','listed','returned')
                   THEN 1 END) AS total,
               count(CASE WHEN status = 'listed' THEN 1 END) AS listed,
               count(CASE WHEN status IN ('received','ready-to-sell') THEN 1 END) AS available,
               min(CASE WHEN status IN ('draft','received','ready-to-sell','listed','returned')
                   THEN price_total_cents END) AS low,
               max(CASE WHEN status IN ('draft','received','ready-to-sell','listed','returned')
                   THEN price_total_cents END) AS high
             FROM shop_item GROUP BY product_id) i ON i.product_id = p.id
           WHERE i.product_id IS NULL OR p.total_count <> i.total OR p.listed_count <> i.listed
              OR p.available_count <> i.available OR p.has_listed <> (i.listed > 0)
              OR coalesce(p.price_min_cents, -1) <> coalesce(i.low, -1)
              OR coalesce(p.price_max_cents, -1) <> coalesce(i.high, -1)""",
    )
    assert wrong == 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM shop_item "
        "WHERE listed_at < created OR sold_at < listed_at OR updated < created",
        "SELECT count(*) FROM shop_item WHERE created > CURRENT_TIMESTAMP",
        "SELECT count(*) FROM shop_item "
        "WHERE status IN ('ready-to-sell','listed') AND price_total_cents IS NULL",
        "SELECT count(*) FROM shop_item WHERE price_total_cents <= 0",
        "SELECT count(*) FROM shop_item "
        "WHERE status='listed' AND id NOT IN (SELECT item_id FROM shop_listing)",
        "SELECT count(*) - count(DISTINCT manual_sku) FROM shop_item",
        "SELECT count(*) FROM shop_order o JOIN shop_listing l ON l.id = o.listing_id "
        "WHERE o.platform != l.platform",
        "SELECT count(*) FROM shop_order WHERE status = 'awaiting_shipment' "
        "AND id IN (SELECT order_id FROM shop_shipment)",
        "SELECT count(*) FROM shop_order WHERE status != 'awaiting_shipment' "
        "AND id NOT IN (SELECT order_id FROM shop_shipment)",
        "SELECT count(*) FROM shop_shipment WHERE (tracking_number = '') <> (number_key IS NULL)",
        "SELECT count(*) FROM shop_item i "
        "WHERE (SELECT count(*) FROM shop_asset a WHERE a.item_id = i.id) != 1",
        pytest.param("SELECT count(*) FROM pragma_foreign_key_check", marks=sqlite_only),
        "SELECT abs((SELECT count(*) FROM shop_item) - (SELECT count(*) FROM shop_search_item))",
    ],
)
def test_nothing_contradicts_itself(seeded: Any, sql: str) -> None:
    assert _one(seeded, sql) == 0


def test_tracking_numbers_are_those_of_their_carriers(seeded: Any) -> None:
    parcels = seeded.execute("SELECT carrier, tracking_number FROM shop_shipment").fetchall()
    assert {carrier for carrier, _ in parcels} == {"usps", "ups", "fedex", "dhl"}
    for carrier, number in parcels:
        found = recognise(number, carrier)
        assert (found and found.carrier, found and found.check) == (carrier, "right"), number
        assert clean_number(number) == number


def test_worse_grades_cost_less(seeded: Any) -> None:
    sql = "SELECT avg(price_item_cents) FROM shop_item WHERE condition_item = '{}'"
    means = [_one(seeded, sql.format(grade)) for grade in ("nm", "vg_plus", "vg", "g")]
    assert means == sorted(means, reverse=True)  # pyright: ignore[reportArgumentType]


def test_a_small_catalogue_gives_further_pressings(
    launch: Callable[..., RunningServer], tmp_path: Path, catalogue: Path
) -> None:
    launch(items=50, catalogue=catalogue).stop()
    connection = connect(tmp_path / "shop")
    numbers = connection.execute(
        "SELECT DISTINCT title, catalog_number, country, year FROM shop_product"
    ).fetchall()
    titles = {row[0] for row in numbers}
    sleeves = connection.execute("SELECT count(DISTINCT sleeve) FROM shop_product").fetchone()[0]
    connection.close()
    assert titles == {"Kind of Blue", "はらいそ", "Ágætis byrjun"}
    assert len(numbers) >= 17
    assert sleeves == 3


def test_a_bad_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnusable, match="cannot be read"):
        read_facts(tmp_path / "missing.csv")
    (tmp_path / "bad.csv").write_text("artist,title\n", encoding="utf-8")
    with pytest.raises(CatalogueUnusable, match="has no column"):
        read_facts(tmp_path / "bad.csv")
    (tmp_path / "empty.csv").write_text(_FEW.splitlines()[0], encoding="utf-8")
    with pytest.raises(CatalogueUnusable, match="is empty"):
        read_facts(tmp_path / "empty.csv")


def test_a_shop_with_records_is_not_seeded_again(shop: object, data_dir: Path) -> None:
    from instica_desktop.server.models import Item
    from instica_desktop.server.seeding.run import ShopNotEmpty, fill

    shop.product()  # pyright: ignore[reportAttributeAccessIssue]
    before = Item.objects.count()
    with pytest.raises(ShopNotEmpty):
        fill(items=5, seed=1, catalogue=CATALOGUE)
    assert Item.objects.count() == before
