"""`…/import/{job}/rows/`: what became of each row of a file."""

from typing import Any

import pytest

from tests.server.imports import imported, items, results, rows_of, send, table
from tests.server.shop import Shop

RESULTS = ["new", "changed", "same", "error", "excluded"]


def mixed(shop: Shop, **fields: Any) -> dict[str, Any]:
    """Import rows of every result."""
    imported(
        shop, table({"title": "Aja", "sku": "A", "price": "5"}, {"title": "Aja", "sku": "B", "price": "5"})
    )
    rows = (
        {"title": "Aja", "sku": "N", "price": "7"},
        {"title": "Aja", "sku": "A", "price": "6"},
        {"title": "Aja", "sku": "B", "price": "5"},
        {"title": "Aja", "sku": "E", "price": "cheap"},
        {"title": "Aja", "sku": "X", "price": "5", "quantity": "0"},
    )
    return imported(shop, table(*rows), mode="upsert", **fields)


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_each_row_says_what_became_of_it(shop: Shop, dry_run: str) -> None:
    job = mixed(shop, dry_run=dry_run)
    found = rows_of(shop, job)
    assert [row["row"] for row in found] == [2, 3, 4, 5, 6]
    assert [row["result"] for row in found] == RESULTS
    uids = {item["manual_sku"]: item["uid"] for item in items(shop)}
    new, changed, same, error, excluded = found
    assert new["item"] == (None if dry_run == "true" else uids["N"])
    assert (changed["item"], same["item"], error["item"]) == (uids["A"], uids["B"], None)
    assert changed["changes"] == [{"field": "price_item_usd", "before": "5.00", "after": "6.00"}]
    assert (new["changes"], same["changes"], new["errors"], same["errors"]) == ([], [], [], [])
    assert error["errors"] == [
        {"field": "price_item_usd", "column": "price", "message": job["errors"][0]["message"]}
    ]
    assert [told["field"] for told in excluded["errors"]] == ["quantity"]
    counted = job["created"] + job["updated"] + job["skipped"] + job["error_count"]
    assert (counted, job["processed"], job["total"]) == (5, 5, 5)
    assert (job["skipped"], job["excluded"]) == (2, 1)


def test_the_job_counts_as_its_rows_say(shop: Shop) -> None:
    job = mixed(shop, exclude="[2]")
    assert len(rows_of(shop, job, "excluded")) == job["excluded"] == 2
    assert len(rows_of(shop, job, "same")) == job["skipped"] - job["excluded"] == 1


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_copies_that_rows_made_are_counted(shop: Shop, dry_run: str) -> None:
    rows = "sku,title,quantity\nA,Aja,1000\nB,Gaucho,\nC,Katy Lied,3\n"
    job = imported(shop, rows, dry_run=dry_run)
    assert (job["created"], job["copies"]) == (3, 1004)
    if dry_run == "false":
        again = imported(shop, rows.replace(",3", ",5"), mode="upsert")
        assert (again["created"], again["updated"], again["copies"]) == (0, 1, 2)


@pytest.mark.parametrize("result", RESULTS)
def test_rows_of_one_result(shop: Shop, result: str) -> None:
    job = mixed(shop)
    (row,) = rows_of(shop, job, result)
    assert row["result"] == result


def test_pages_go_on_from_piece_to_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", 10)
    rows = [{"title": "Aja", "price": "-1" if number % 3 == 0 else "5"} for number in range(57)]
    job = imported(shop, table(*rows))
    path = f"inventory/import/{job['uid']}/rows/"
    for query, wanted in (
        ({}, list(range(2, 59))),
        ({"result": "error"}, list(range(2, 59, 3))),
        ({"result": "new"}, [row for row in range(2, 59) if row % 3 != 2]),
        ({"result": "same"}, []),
    ):
        for size in (1, 7, 10, 100):
            found: list[int] = []
            page = shop.get(path, {**query, "page_size": size}).json()
            while True:
                assert page["count"] == len(wanted)
                found += [row["row"] for row in page["results"]]
                if page["next"] is None:
                    break
                page = shop.client.get(page["next"]).json()
            assert found == wanted
    last = shop.get(path, {"page": 9, "page_size": 7}).json()
    assert (last["next"], len(last["results"])) == (None, 1)
    assert "page=8" in last["previous"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"result": "none"}, 400),
        ({"page_size": "0"}, 400),
        ({"page": "0"}, 404),
        ({"page": "2"}, 404),
        ({"page": "x"}, 404),
        ({"page_size": "1000"}, 200),
    ],
)
def test_what_is_no_page_is_refused(shop: Shop, query: dict[str, str], status: int) -> None:
    job = mixed(shop)
    assert shop.get(f"inventory/import/{job['uid']}/rows/", query).status_code == status


def test_an_import_that_waits_has_no_rows_yet(shop: Shop) -> None:
    uid = send(shop, table({"title": "Aja"})).json()["uid"]
    page = shop.get(f"inventory/import/{uid}/rows/").json()
    assert page == {"count": 0, "next": None, "previous": None, "results": []}


def test_rows_of_others_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    job = mixed(shop)
    assert other_shop.get(f"inventory/import/{job['uid']}/rows/").status_code == 404
    assert shop.get("inventory/import/none/rows/").status_code == 404


def test_every_kind_of_value_is_shown_as_the_record_shows_it(shop: Shop) -> None:
    before = {"title": "Aja", "sku": "A", "status": "received", "price": "5"}
    imported(shop, table(before))
    after = {
        **before,
        "status": "ready to sell",
        "price": "6.5",
        "shipping": "1",
        "media_condition": "NM",
        "sleeve_condition": "Generic",
        "tags": "jazz, rare",
        "weight": "230",
        "acquired_at": "2025-01-02T03:04:05Z",
        "notes": "fine",
        "location": "A-1",
    }
    job = imported(shop, table(after), mode="update")
    (row,) = rows_of(shop, job)
    (item,) = items(shop)
    assert len(row["changes"]) == 10
    for change in row["changes"]:
        assert change["after"] == item[change["field"]]
        assert change["before"] != change["after"]
    assert results(shop, imported(shop, table(after), mode="update")) == ["same"]
