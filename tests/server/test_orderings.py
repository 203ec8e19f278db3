"""Lists by artist, label, catalogue number and shelf: without articles, numbers by their value, both ways."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.server.databases import database_for, sqlite_only
from tests.server.fixture import ROOT
from tests.server.shop import Shop

ROWS: tuple[tuple[str, str | None, str | None, str, str], ...] = (
    ("The Vol 10", "The Who", "Les Disques", "FAC 23.12", "A-2-10"),
    ("Vol 2", "Wire", "4AD", "FAC 23.9", "A-2-9"),
    ("A Vol 1", "The The", None, "DE 100", ""),
    ("Das Vol", None, "L’Oiseau", "", "B 1"),
)
"""Title, artist, label, catalogue number, shelf."""
ORDERS = {
    "title": ("Das Vol", "A Vol 1", "Vol 2", "The Vol 10"),
    "artist__name": ("A Vol 1", "The Vol 10", "Vol 2", "Das Vol"),
    "-artist__name": ("Vol 2", "The Vol 10", "A Vol 1", "Das Vol"),
    "label__name": ("Vol 2", "The Vol 10", "Das Vol", "A Vol 1"),
    "-label__name": ("Das Vol", "The Vol 10", "Vol 2", "A Vol 1"),
    "catalog_number": ("A Vol 1", "Vol 2", "The Vol 10", "Das Vol"),
    "-catalog_number": ("The Vol 10", "Vol 2", "A Vol 1", "Das Vol"),
}
SHELVES = {
    "location": ("Vol 2", "The Vol 10", "Das Vol", "A Vol 1"),
    "-location": ("Das Vol", "The Vol 10", "Vol 2", "A Vol 1"),
    "name": ("Das Vol", "A Vol 1", "Vol 2", "The Vol 10"),
}


def _named(name: str | None) -> dict[str, str] | None:
    return None if name is None else {"name": name}


@pytest.fixture(scope="module")
def shelf(data_dir: Path) -> Shop:
    """A shop with one copy of each of `ROWS`."""
    shop = Shop.new(data_dir)
    for title, artist, label, number, place in ROWS:
        fields = {"artist": _named(artist), "label": _named(label), "catalog_number": number}
        product = shop.product(title=title, **fields)
        shop.item(product["uid"], location=place, manual_sku=f"S-{len(title)}")
    return shop


@pytest.mark.parametrize("ordering", ORDERS)
@pytest.mark.parametrize("path", ["products/", "inventory/"])
def test_products_and_copies_sort_alike(shelf: Shop, path: str, ordering: str) -> None:
    assert tuple(shelf.titles(path, ordering=ordering)) == ORDERS[ordering]


@pytest.mark.parametrize("ordering", SHELVES)
def test_copies_sort_by_shelf_and_name(shelf: Shop, ordering: str) -> None:
    assert tuple(shelf.titles("inventory/", ordering=ordering)) == SHELVES[ordering]


def test_lists_go_on_as_a_shelf_does(shop: Shop) -> None:
    rows = (
        ("Vol 2", "B-9", "A 1"),
        ("Sgt. Pepper", "B 10", ""),
        ("Vol 10", "", "A 1"),
        ("Help", "B.8", "A 1"),
    )
    for title, number, place in (*rows, rows[0]):
        fields = {"artist": {"name": "The Beatles"}, "label": {"name": "Odeon"}, "catalog_number": number}
        shop.item(shop.product(title=title, **fields)["uid"], location=place)
    for sign in ("", "-"):  # whichever way, what is equal stands as on the shelf
        by_title = ["Help", "Sgt. Pepper", "Vol 2", "Vol 2", "Vol 10"]
        assert shop.titles("inventory/", ordering=f"{sign}artist__name") == by_title
        assert shop.titles("products/", ordering=f"{sign}artist__name") == by_title
        by_number = ["Help", "Vol 2", "Vol 2", "Sgt. Pepper", "Vol 10"]
        assert shop.titles("inventory/", ordering=f"{sign}label__name") == by_number
        assert shop.titles("products/", ordering=f"{sign}label__name") == by_number
        on_shelf = ["Help", "Vol 2", "Vol 2", "Vol 10", "Sgt. Pepper"]
        assert shop.titles("inventory/", ordering=f"{sign}location") == on_shelf
    assert shop.titles("inventory/", ordering="catalog_number") == by_number


def test_a_later_ordering_decides_between_equals(shelf: Shop) -> None:
    assert shelf.titles("inventory/", ordering="status,-catalog_number") == list(ORDERS["-catalog_number"])
    assert shelf.titles("products/", ordering="least_inventory,title") == list(ORDERS["title"])


@sqlite_only
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", ["artist__name", "label__name", "catalog_number", "location", "title"])
def test_each_is_read_in_the_order_of_an_index(shelf: Shop, column: str, sign: str) -> None:
    from django.db import connection

    from instica_desktop.server.filters.common import order
    from instica_desktop.server.filters.inventory import orderings
    from instica_desktop.server.models import Item

    mine = Item.objects.filter(organization=shelf.organization)
    rows = order(mine, sign + column, orderings(), "created").values_list("pk")[:10]
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    assert "COVERING INDEX item_" in plan[0], plan
    assert not any("FOR ORDER BY" in step for step in plan), plan  # at most rows that are equal are sorted


def test_an_ordering_named_again_says_nothing(shelf: Shop) -> None:
    assert shelf.titles("inventory/", ordering="title," * 5_000 + "-title") == list(ORDERS["title"])


def test_copies_follow_their_product(shop: Shop) -> None:
    first = shop.item(shop.product(title="One", artist={"name": "Abba"})["uid"])
    shop.item(shop.product(title="Two", artist={"name": "Can"})["uid"])
    assert shop.titles("inventory/", ordering="artist__name") == ["One", "Two"]
    changes = {"artist": {"name": "The Zombies"}, "label": {"name": "Decca"}, "catalog_number": "Z 1"}
    shop.patch(f"products/{first['product']['uid']}/", changes)
    assert shop.titles("inventory/", ordering="artist__name") == ["Two", "One"]
    assert shop.titles("inventory/", ordering="-label__name") == ["One", "Two"]
    assert shop.titles("inventory/", ordering="catalog_number") == ["One", "Two"]


_ELEVENTH_SCHEMA = """
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
call_command("migrate", "shop", "0011", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0011_shared_imports")).apps
named = {"organization": models.get_model("shop", "Organization").objects.create()}
artist = models.get_model("shop", "Artist").objects.create(name="The Who", folded="the who", **named)
label = models.get_model("shop", "Label").objects.create(name="4AD", folded="4ad", **named)
products = models.get_model("shop", "Product").objects
full = products.create(title="A Vol 10", title_key="a vol 10", artist=artist, artist_key="the who",
                       label=label, catalog_number="CS 9", **named)
bare = products.create(title="?", title_key="?", **named)
items = models.get_model("shop", "Item").objects
items.create(product=full, name="The Copy", name_key="the copy", title_key="a vol 10 - vg+",
             condition_item="vg_plus", manual_sku="In-007", sku_key="in-007", location="A 2", **named)
items.create(product=bare, **named)
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
        cursor.execute("PRAGMA user_version=11")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Item, Product
of_both = ("artist_order", "label_order", "catalog_order")
print(*Product.objects.order_by("pk").values_list("title_key", "title_order", *of_both), sep="\\n")
own = ("sku_key", "title_order", "name_order", "sku_order", "location_order")
print(*Item.objects.order_by("pk").values_list(*own, *of_both), sep="\\n")
"""


def test_an_older_shop_gets_its_sort_keys(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    command: list[Any] = [sys.executable, "-c", _ELEVENTH_SCHEMA, str(folder), database_for(folder) or ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "('a vol 10', 'vol 210', 'who', '14ad', 'cs 19')",
        "('?', '?', None, None, None)",
        "('in-007', 'vol 210 - vg+', 'copy', 'in 17', 'a 12', 'who', '14ad', 'cs 19')",
        "(None, '?', None, None, None, None, None, None)",
    ], done.stderr
