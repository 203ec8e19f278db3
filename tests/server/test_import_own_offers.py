"""The offers in an export: another shop gets them with the copies; in the own shop they stay as they are."""

import json
from typing import Any

import pytest

from tests.server.brought import FILES
from tests.server.imports import imported, items, results, rows_of, table
from tests.server.shop import Shop
from tests.server.test_export import exported, rows

OWN = ("uid", "updated", "items")


def offers(shop: Shop) -> list[list[dict[str, Any]]]:
    """Return the offers of each item, oldest first, without what a copy of them does not share."""
    return [
        [{name: value for name, value in listing.items() if name not in OWN} for listing in item["listings"]]
        for item in items(shop)
    ]


def sharing(shop: Shop) -> list[list[int]]:
    """Return, for each item, the places of the items that share its first offer."""
    found = items(shop)
    places = {item["uid"]: place for place, item in enumerate(found)}
    return [[places[copy["uid"]] for copy in item["listings"][0]["items"]] for item in found]


@pytest.mark.parametrize("piece", [7, 200])
@pytest.mark.parametrize("name", ["Discogs", "Shopify"])
def test_an_empty_shop_gets_the_offers(
    shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str, piece: int
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", piece)
    imported(shop, FILES[name])
    text = exported(shop, ordering="created")
    job = imported(other_shop, text)
    assert job["errors"] == []
    assert offers(other_shop) == offers(shop)
    assert sharing(other_shop) == sharing(shop)
    assert max(map(len, sharing(shop))) > 2
    before = offers(other_shop)
    for mode in ("create", "upsert"):
        assert set(results(other_shop, imported(other_shop, text, mode=mode))) == {"same"}
        assert set(results(shop, imported(shop, text, mode=mode))) == {"same"}
    assert offers(other_shop) == before
    known = imported(other_shop, FILES[name], mode="upsert")  # by the numbers of its marketplace
    assert (known["created"], offers(other_shop)) == (0, before)


def test_what_is_sold_of_an_offer_stays_sold(shop: Shop, other_shop: Shop) -> None:
    imported(shop, FILES["Shopify"])
    sold = items(shop)[1]["uid"]
    assert shop.patch(f"inventory/{sold}/", {"status": "sold"}).status_code == 200
    text = exported(shop, ordering="created")
    imported(other_shop, text)
    assert [one["status"] for one in items(other_shop)] == ["listed", "sold", "listed", "listed", "listed"]
    assert offers(other_shop) == offers(shop)


def test_an_offer_that_changed_here_stays_as_it_is(shop: Shop) -> None:
    from instica_desktop.server.models import Listing

    imported(shop, FILES["Shopify"])
    text = exported(shop)
    Listing.objects.filter(uid=items(shop)[-1]["listings"][0]["uid"]).update(title="Another title")
    before = offers(shop)
    assert set(results(shop, imported(shop, text, mode="upsert"))) == {"same"}
    assert offers(shop) == before


def test_a_copy_made_again_is_not_put_into_an_offer_that_stands_here(shop: Shop) -> None:
    imported(shop, FILES["Shopify"])
    text = exported(shop, ordering="created")
    second = items(shop)[1]
    assert shop.delete(f"inventory/{second['uid']}/").status_code == 204
    job = imported(shop, text, mode="upsert")
    (row,) = rows_of(shop, job, "new")
    assert [error["field"] for error in row["errors"]] == ["listings"]
    assert "here already" in row["errors"][0]["message"]
    assert [len(item["listings"]) for item in items(shop)] == [1, 1, 1, 1, 0]


def test_a_number_that_another_record_has_here_is_told(shop: Shop, other_shop: Shop) -> None:
    imported(shop, FILES["Discogs"])
    text = exported(shop, ordering="created", status="draft")
    imported(other_shop, FILES["Discogs"])
    job = imported(other_shop, text)
    (row,) = rows_of(other_shop, job)
    assert (row["result"], row["errors"][0]["field"]) == ("new", "listings")
    assert "discogs 900003" in row["errors"][0]["message"]


@pytest.mark.parametrize(
    "cell",
    [
        *("[{", "{}", "[1]", "5", "[" * 9000, '[{"uid":"a"}]'),
        '[{"uid":"a","platform":"moon","status":"listed"}]',
        '[{"uid":"a","platform":"ebay","status":"listed","price_usd":"-1"}]',
    ],
)
def test_a_cell_that_is_no_list_of_offers_is_refused(shop: Shop, cell: str) -> None:
    row = {"uid": "", "product": "", "product_title": "Aja", "listings": cell}
    good = '[{"uid":"b","platform":"ebay","status":"draft"}]'
    job = imported(shop, table(row, {**row, "listings": good}))
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "listings")]
    assert job["created"] == 1


def test_copies_of_two_records_do_not_share_an_offer(shop: Shop) -> None:
    cell = json.dumps([{"uid": "a", "platform": "ebay", "status": "listed", "external_id": "7"}])
    row = {"uid": "1", "product": "p", "product_title": "Aja", "listings": cell}
    job = imported(shop, table(row, {**row, "uid": "2", "product": "q", "product_title": "Gaucho"}))
    assert [len(told["errors"]) for told in rows_of(shop, job)] == [0, 1]
    assert [len(item["listings"]) for item in items(shop)] == [1, 0]


def test_another_programs_column_of_that_name_is_not_taken(shop: Shop) -> None:
    job = imported(shop, "title,Listings\nAja,3\nGaucho,\n")
    assert (job["created"], job["ignored_columns"]) == (2, ["Listings"])


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_plan_limits_them(
    shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch, dry_run: str
) -> None:
    from instica_desktop.server.jobs import csv_import
    from instica_desktop.server.models import Plan, Subscription

    monkeypatch.setattr(csv_import, "PIECE", 2)
    imported(shop, FILES["Shopify"])
    text = exported(shop, ordering="created")
    features = [
        {"name": name, "limit": limit}
        for name, limit in {"csv_import": None, "inventory_items": None, "listings": 2}.items()
    ]
    plan = Plan.objects.create(name="Test", slug=f"own-{other_shop.organization.slug}", features=features)
    Subscription.objects.create(organization=other_shop.organization, plan=plan)
    job = imported(other_shop, text, dry_run=dry_run)
    assert results(other_shop, job) == ["new", "new", "new", "new", "error"]
    assert "2 listings" in job["errors"][0]["message"]


def test_the_cell_says_what_the_record_shows(shop: Shop) -> None:
    imported(shop, FILES["Discogs"])
    first = rows(exported(shop, ordering="created"))[0]
    (listing,) = items(shop)[0]["listings"]
    (told,) = json.loads(first["listings"])
    assert told == {
        name: listing[name]
        for name in ("uid", "platform", "status", "title", "price_usd", "external_id", "url", "listed_at")
    }
