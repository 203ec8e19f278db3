"""Every file that sellers bring, brought twice: nothing changes, and what is not taken is said both times."""

import csv
import io
from typing import Any

import pytest

from tests.server.brought import FILES
from tests.server.imports import imported, items, results, rows_of, send
from tests.server.shop import Shop

ANSWERS: dict[str, dict[str, Any]] = {
    "dates with two meanings": {"date_order": "dmy"},
    "Etsy in Italian": {"mapping": {"product_title": "TITOLO", "price_item_usd": "PREZZO"}, "rate": "1.1"},
}
"""What is answered where a file asks; its amounts are in dollars."""


def stock(shop: Shop) -> list[dict[str, Any]]:
    """Return all that a shop holds, without what time alone changes."""
    products = shop.get("products/", {"page_size": 100, "ordering": "created"}).json()["results"]
    return [{**item, "days_in_inventory": 0} for item in items(shop)] + products


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("first", ["create", "upsert"])
def test_it_changes_nothing(shop: Shop, name: str, first: str) -> None:
    answers = ANSWERS.get(name, {})
    once = imported(shop, FILES[name], mode=first, **answers)
    assert once["created"] > 0, once["errors"]
    before = stock(shop)
    for dry_run in ("true", "false"):
        again = imported(shop, FILES[name], mode="upsert", dry_run=dry_run, **answers)
        assert (again["created"], again["updated"]) == (0, 0), rows_of(shop, again)
        assert (again["errors"], again["ignored_columns"]) == (once["errors"], once["ignored_columns"])
        expected = ["same" if result == "new" else result for result in results(shop, once)]
        assert results(shop, again) == expected
    assert stock(shop) == before


@pytest.mark.parametrize("name", FILES)
def test_it_doubles_nothing_where_items_are_only_made(shop: Shop, name: str) -> None:
    answers = ANSWERS.get(name, {})
    imported(shop, FILES[name], **answers)
    before = stock(shop)
    again = imported(shop, FILES[name], **answers)
    assert (again["created"], again["updated"]) == (0, 0), rows_of(shop, again)
    assert stock(shop) == before


def header_of(content: bytes) -> list[str]:
    text = content.decode()
    separator = max(";,", key=text.partition("\r\n")[0].count)
    return next(csv.reader(io.StringIO(text), delimiter=separator))


@pytest.mark.parametrize("name", FILES)
def test_each_of_its_columns_is_taken_or_named(shop: Shop, name: str) -> None:
    job = imported(shop, FILES[name], **ANSWERS.get(name, {}))
    names = [called or f"column {place}" for place, called in enumerate(header_of(FILES[name]), 1)]
    assert sorted([*job["mapping"].values(), *job["ignored_columns"]]) == sorted(names)


@pytest.mark.parametrize("name", FILES)
def test_each_of_its_rows_is_told_of(shop: Shop, name: str) -> None:
    job = imported(shop, FILES[name], mode="upsert", **ANSWERS.get(name, {}))
    rows = rows_of(shop, job)
    assert len(rows) == job["processed"] == job["total"]
    told = {
        result: [row for row in rows if row["result"] == result] for result in ("new", "error", "excluded")
    }
    assert sum(map(len, told.values())) == len(rows)
    assert all(row["item"] for row in told["new"])
    assert all(row["errors"] for row in (*told["error"], *told["excluded"]))
    assert {row["row"] for row in told["error"]} == {error["row"] for error in job["errors"]}


def test_a_row_without_a_number_is_known_by_its_file_alone(shop: Shop) -> None:
    table = "title,location\nAja,A\nAja,A\n"
    assert results(shop, imported(shop, table)) == ["new", "new"]
    assert results(shop, imported(shop, table)) == ["same", "same"]
    assert results(shop, imported(shop, table, mode="upsert")) == ["same", "same"]
    one = items(shop)[0]["uid"]
    shop.patch(f"inventory/{one}/", {"location": "B"})
    job = imported(shop, table, mode="upsert")
    assert results(shop, job) == ["changed", "same"]
    change = {"field": "location", "before": "B", "after": "A"}
    assert (rows_of(shop, job)[0]["item"], rows_of(shop, job)[0]["changes"]) == (one, [change])
    assert results(shop, imported(shop, table + "\n", mode="upsert")) == ["new", "new"]  # another file


def test_copies_without_a_number_are_counted(shop: Shop) -> None:
    table = "title,quantity\nAja,3\n"
    assert imported(shop, table, mode="upsert")["created"] == 1
    shop.patch(f"inventory/{items(shop)[0]['uid']}/", {"status": "archived"})
    assert results(shop, imported(shop, table, mode="upsert")) == ["same"]
    assert len(items(shop)) == 3


def test_a_copy_that_was_deleted_is_made_again(shop: Shop) -> None:
    table = "title\nAja\n"
    imported(shop, table, mode="upsert")
    shop.delete(f"inventory/{items(shop)[0]['uid']}/")
    assert results(shop, imported(shop, table, mode="upsert")) == ["new"]


def test_the_same_file_in_another_shop_is_new(shop: Shop, other_shop: Shop) -> None:
    assert send(shop, "title\nAja\n").status_code == 202
    imported(shop, "title\nAja\n", mode="upsert")
    assert results(other_shop, imported(other_shop, "title\nAja\n", mode="upsert")) == ["new"]
