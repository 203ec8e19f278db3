"""A shop from before codes and names were found however they are typed, opened by this version."""

import json
import subprocess
import sys
from pathlib import Path

from tests.server.fixture import ROOT

_UPDATE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=())
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

call_command("migrate", "shop", "0011", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0011_shared_imports")).apps
get = lambda name: models.get_model("shop", name).objects
now = datetime.now(UTC)
shop = get("Organization").create(slug="shop")
old = [("AC/DC", "ac/dc", "Øre", "øre"), ("Łona", "łona", "?", "?"), ("Lona", "lona", "Live", "live")]
for number, (artist, folded, title, title_key) in enumerate(old):
    artist = get("Artist").create(uid=f"a{number}", organization=shop, name=artist, folded=folded)
    product = get("Product").create(
        uid=f"p{number}", organization=shop, artist=artist, title=title, title_key=title_key,
        artist_key=folded, catalog_number=f"TPLP7{number}", barcode="074646493519" if number else "",
        format="2xLP", tags=["Hard Rock"],
    )
    item = get("Item").create(
        uid=f"i{number}", organization=shop, product=product, title_key=title_key, manual_sku=f"SKU-{number}"
    )
    listing = get("Listing").create(uid=f"l{number}", item=item, platform="ebay")
    order = get("Order").create(
        uid=f"o{number}", organization=shop, listing=listing, order_id=f"12-{number}", sold_at=now
    )
    get("Shipment").create(uid=f"s{number}", order=order, tracking_number=f"9400 1111 {number}")
with connection.cursor() as cursor:
    for kind in ("product", "item", "order"):
        rows = [(number + 1, f"stale{number}") for number in range(3)]
        cursor.executemany(f"INSERT INTO shop_search_{kind}(rowid, words) VALUES (%s, %s)", rows)
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=11")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Artist, Item, Order, Product
from instica_desktop.server.search import matching, partly_tagged

def found(model, typed):
    return sorted(row.uid for row in matching(model.objects.all(), typed))

print(json.dumps({
    "items": {typed: found(Item, typed) for typed in
              ("acdc", "ore", "lona", "tplp 72", "sku2", "0074646493519", "lp", "?", "stale0")},
    "products": {typed: found(Product, typed) for typed in ("acdc", "sku1", "0 74646 49351 9", "stale1")},
    "orders": {typed: found(Order, typed) for typed in ("9400-11112", "121", "?", "stale2")},
    "tagged": sorted(row.uid for row in partly_tagged(Product.objects.all(), ["ard r"])),
    "folded": [row.folded for row in Artist.objects.order_by("pk")],
    "keys": [(row.title_key, row.artist_order) for row in Product.objects.order_by("pk")],
    "item keys": [row.title_order for row in Item.objects.order_by("pk")],
}))
"""


def test_everything_is_found_and_ordered_as_if_it_were_new(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _UPDATE, str(tmp_path / "old")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["items"] == {
        "acdc": ["i0"],
        "ore": ["i0"],
        "lona": ["i1", "i2"],
        "tplp 72": ["i2"],
        "sku2": ["i2"],
        "0074646493519": ["i1", "i2"],
        "lp": ["i0", "i1", "i2"],
        "?": ["i1"],
        "stale0": [],
    }
    assert seen["products"] == {
        "acdc": ["p0"],
        "sku1": ["p1"],
        "0 74646 49351 9": ["p1", "p2"],
        "stale1": [],
    }
    assert seen["orders"] == {"9400-11112": ["o2"], "121": ["o1"], "?": ["o1"], "stale2": []}
    assert seen["tagged"] == ["p0", "p1", "p2"]
    assert seen["folded"] == ["ac/dc", "łona", "lona"]  # both artists stay; the later spelling keeps the key
    assert seen["keys"] == [["ore", "ac/dc"], ["?", "lona"], ["live", "lona"]]
    assert seen["item keys"] == ["ore", "?", "live"]
