"""`simulate`: orders for a shop that is not running; refused for one that is."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.app.test_cli_list import run
from tests.server.fixture import start_server


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data / "shop.sqlite3")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a shop of 120 items, not running."""
    start_server(tmp_path / "shop", items=120).stop()
    return tmp_path / "shop"


def test_orders_come_and_end_every_other_offer(data: Path) -> None:
    before = rows(data, "SELECT count(*) FROM shop_order")[0][0]
    done = run("simulate", "--data", str(data), "--orders", "20", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "20 simulated orders\n"
    assert rows(data, "SELECT count(*) FROM shop_order")[0][0] == int(str(before)) + 20
    newest = "SELECT * FROM shop_order ORDER BY id DESC LIMIT 20"
    live = "(SELECT count(*) FROM shop_listing x WHERE x.item_id = i.id AND x.status = 'listed')"
    sold = rows(
        data,
        f"""SELECT i.status, i.status_by, l.status, o.status,
              o.platform = l.platform, o.sold_at >= l.listed_at, {live}
            FROM ({newest}) o
            JOIN shop_listing l ON l.id = o.listing_id
            JOIN shop_item i ON i.id = l.item_id""",
    )
    assert set(sold) == {("sold", "sale", "sold", "awaiting_shipment", 1, 1, 0)}
    for (address,) in rows(data, f"SELECT address FROM ({newest})"):
        assert json.loads(str(address))["full_name"]
    fees = rows(
        data, f"SELECT count(*), count(marketplace_fee_cents), count(platform_fee_cents) FROM ({newest})"
    )
    assert fees[0][0] == 20
    assert fees[0][1:] != (20, 20)  # some fees are not known yet


def test_more_orders_than_offers_sell_what_there_is(data: Path) -> None:
    done = run("simulate", "--data", str(data), "--orders", "5000")
    assert done.returncode == 0, done.stderr
    assert "no more items are listed" in done.stdout
    left = (
        "SELECT count(*) FROM shop_listing l JOIN shop_item i ON i.id = l.item_id WHERE i.status = 'listed'"
    )
    assert rows(data, f"{left} AND l.status = 'listed'") == [(0,)]
    assert run("simulate", "--data", str(data), "--orders", "1").stdout.startswith("0 simulated orders")


def test_a_running_shop_is_left_alone(tmp_path: Path) -> None:
    with start_server(tmp_path / "shop", items=20):
        refused = run("simulate", "--data", str(tmp_path / "shop"), "--orders", "1")
    assert refused.returncode == 4
    assert "already open in another server" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_there_must_be_a_shop(tmp_path: Path) -> None:
    missing = run("simulate", "--data", str(tmp_path / "none"), "--orders", "1")
    assert missing.returncode == 1
    assert "There is no shop" in missing.stderr
    assert not (tmp_path / "none").exists()
    assert run("simulate", "--data", str(tmp_path), "--orders", "-1").returncode == 2
