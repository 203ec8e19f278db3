"""What holds for a whole file: what its columns mean, what somebody says of it, and what the job answers."""

import json
from typing import Any

import pytest

from tests.server.imports import counts, imported, items, send
from tests.server.shop import Shop


def asked(job: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a job that did nothing asks: {parameter: readings}."""
    assert counts(job) == ("failed", 0, 0, 0, 0)
    assert {error["row"] for error in job["errors"]} == {0}
    return {error["field"]: error["readings"] for error in job["errors"]}


def mapping_of(shop: Shop, header: str, *rows: str) -> dict[str, str]:
    """Return what a table's columns are taken for, the title aside."""
    job = imported(shop, "\n".join([f"{header},title", *(f"{row},Aja" for row in rows)]) + "\n")
    assert job["status"] == "succeeded", job["errors"]
    assert job["mapping"].pop("product_title") == "title"
    return {column: field for field, column in job["mapping"].items()}


@pytest.mark.parametrize(
    ("header", "rows", "found"),
    [
        ("Release", ["249504", "1"], {"Release": "discogs_release_id"}),
        ("Release", ["1999-03-01", "2004", "0"], {"Release": "year"}),
        ("Release", ["249504", "Aja"], {}),
        ("Release,year", ["1999-01-02,1998"], {"year": "year"}),
        ("price", ["cheap", "ask"], {"price": "price_item_usd"}),
        ("price", ["ask", "12"], {"price": "price_item_usd"}),
        ("price,Sale Price", ["ask,12"], {"Sale Price": "price_item_usd"}),
        ("Price (USD),Cost USD", ["1,2"], {"Price (USD)": "price_item_usd", "Cost USD": "cost_usd"}),
        (
            "*C:Artist,*StartPrice,CustomLabel",
            ["x,1,y"],
            {"*C:Artist": "artist", "*StartPrice": "price_item_usd", "CustomLabel": "manual_sku"},
        ),
        ("Type", ["LP", "CD, Album"], {"Type": "format"}),
        ("Type", ["physical", "Digital"], {"Type": "product_type"}),
        ("Type", ["Music"], {}),
        ("*Format", ["FixedPrice"], {}),
        ("Format", ["FixedPrice", "LP"], {}),
        ("Format", ['"2xLP, Album"'], {"Format": "format"}),
        ("sold", ["yes"], {}),
        ("Date Added,listed", ["2024-01-02,3.4.2024"], {"Date Added": "acquired_at", "listed": "listed_at"}),
        ("Qty,Listing ID", ["3,44"], {"Qty": "quantity", "Listing ID": "listing_id"}),
        ("Option1 Value", ["VG+", "Default Title"], {"Option1 Value": "condition_item"}),
        ("Option1 Value", ["VG+", "Red"], {}),
        ("Money", ["EUR", "USD"], {"Money": "currency"}),
        ("weight,Grams", ["heavy,230"], {"Grams": "weight_grams"}),
        ("Price,release_id,colour", [",,"], {"Price": "price_item_usd", "release_id": "discogs_release_id"}),
        ("listed,listing date", [",2024-01-02"], {"listing date": "listed_at"}),
        ("weight_grams,acquired_at", [","], {"weight_grams": "weight_grams", "acquired_at": "acquired_at"}),
    ],
)
def test_values_confirm_what_names_suggest(
    shop: Shop, header: str, rows: list[str], found: dict[str, str]
) -> None:
    assert mapping_of(shop, header, *rows) == found


def test_columns_that_are_not_taken_are_named(shop: Shop) -> None:
    job = imported(shop, "title,colour,,,price\nAja,red,x,,1\nGaucho,,,,2\n")
    assert job["ignored_columns"] == ["colour", "column 3"]
    named = {"product_title": "title", "condition_notes": "column 3"}
    job = imported(shop, "title,colour,,,price\nAja,red,x,,1\n", named)
    assert (job["mapping"], job["ignored_columns"]) == (named, ["colour", "price"])
    assert items(shop)[-1]["condition_notes"] == "x"
    assert list(shop.errors(send(shop, "title,\nAja,x\n", {"product_title": "column 1"}))) == ["mapping"]


def test_a_mapping_may_name_columns_in_another_case(shop: Shop) -> None:
    given = {"product_title": "title", "price_item_usd": "price usd"}
    job = imported(shop, "TITLE,Price (USD)\nAja,12\nGaucho,0\n", given, currency="")
    assert job["mapping"] == {"product_title": "TITLE", "price_item_usd": "Price (USD)"}
    assert (job["created"], job["ignored_columns"]) == (1, [])
    assert [(error["row"], error["column"]) for error in job["errors"]] == [(3, "Price (USD)")]


def test_a_mapping_that_is_given_is_not_corrected(shop: Shop) -> None:
    given = {"product_title": "title", "price_item_usd": "price"}
    job = imported(shop, "title,price,Release\nAja,cheap,1999\n", given)
    assert (job["mapping"], [error["field"] for error in job["errors"]]) == (given, ["price_item_usd"])


@pytest.mark.parametrize("values", [("X 1", "X-2"), ("X-1", "X-1")])
def test_external_ids_that_cannot_be_skus_are_asked_about(shop: Shop, values: tuple[str, str]) -> None:
    table = "title,external_id\n" + "".join(f"Aja,{value}\n" for value in values)
    (reading, other) = asked(imported(shop, table))["mapping"]
    assert reading.startswith("manual_sku: external_id")
    assert "left out" in other
    named = {"product_title": "title", "manual_sku": "external_id"}
    skus = list(dict.fromkeys(values))  # an item has one of its own
    assert imported(shop, table, named)["created"] == len(skus)
    assert imported(shop, table, {"product_title": "title"})["created"] == 2
    assert [item["manual_sku"] for item in items(shop)] == [*skus, "", ""]


def test_external_ids_that_are_unique_are_skus(shop: Shop) -> None:
    assert imported(shop, "title,external_id\nAja,X-1\nAja,\nAja,X-2\nAja,\n")["created"] == 4
    assert [item["manual_sku"] for item in items(shop)] == ["X-1", "", "X-2", ""]


@pytest.mark.parametrize(
    ("table", "currency"),
    [
        ("title,price_usd\nAja,12\n", "USD"),
        ("title,price\nAja,$12\n", "USD"),
        ("title,price,currency\nAja,12,usd\n", "USD"),
        ("title,price,currency\nAja,12,$\nGaucho,,\n", "USD"),
        ("Action(SiteID=US|Currency=USD|CC=UTF-8),title,price\nAdd,Aja,12\n", "USD"),
        ("title,artist\nAja,Steely Dan\n", None),
        ("title,price,cost\nAja,,0\n", None),
    ],
)
def test_a_file_that_names_its_currency_or_has_no_amounts_is_not_asked(
    shop: Shop, table: str, currency: str | None
) -> None:
    job = imported(shop, table, currency="")
    assert (job["status"], job["created"], job["currency"]) == (
        "succeeded",
        1 + table.count("Gaucho"),
        currency,
    )


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_amounts_in_no_currency_are_asked_about_and_nothing_is_written(shop: Shop, dry_run: str) -> None:
    job = imported(shop, "title,cost\nAja,$5\nGaucho,4.50\n", currency="", dry_run=dry_run)
    readings = asked(job)["currency"]
    assert [reading.partition(":")[0] for reading in readings] == ["USD", "EUR"]
    assert "4.50" in readings[0]
    assert "4.50" in job["errors"][0]["message"]
    assert (items(shop), shop.get("products/").json()["count"]) == ([], 0)


@pytest.mark.parametrize("price", ["1.234", "12.500", "24.000", "$12.500", "EUR 1.234"])
def test_a_price_that_is_one_or_a_thousand_is_refused(shop: Shop, price: str) -> None:
    job = imported(shop, f"title,price\nAja,{price}\nGaucho,1.234.500\nKaty Lied,12.5000\n", rate="1")
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "price_item_usd")]
    assert f"{price} may be " in job["errors"][0]["message"]
    assert [item["price_item_usd"] for item in items(shop)] == ["1234500.00", "12.50"]


@pytest.mark.parametrize(
    ("weight", "grams"), [("9.000", None), ("9000.0", 9000), ("9000.000", 9000), ("9,000", 9000)]
)
def test_a_weight_that_is_nine_or_nine_thousand_is_refused(
    shop: Shop, weight: str, grams: int | None
) -> None:
    job = imported(shop, f'title,Variant Grams\nAja,"{weight}"\nGaucho,1\n')
    assert [error["field"] for error in job["errors"]] == ["weight_grams"] * (grams is None)
    assert [item["weight_grams"] for item in items(shop)] == [grams, 1][grams is None :]


def test_a_row_s_own_currency_comes_before_the_file_s(shop: Shop) -> None:
    table = "title,price,currency\nAja,12,\nGaucho,10,EUR\nKaty Lied,$8,EUR\n"
    job = imported(shop, table)
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(3, "price_item_usd")]
    assert [item["price_item_usd"] for item in items(shop)] == ["12.00", "8.00"]
    assert imported(shop, table, rate="2")["error_count"] == 0
    assert [item["price_item_usd"] for item in items(shop)] == ["12.00", "8.00", "20.00"]


def test_another_currency_needs_a_rate(shop: Shop) -> None:
    assert list(asked(imported(shop, "title,price\nAja,12\n", currency="EUR"))) == ["rate"]
    assert list(asked(imported(shop, "title,price\nAja,€12\n", currency=""))) == ["rate"]
    assert list(asked(imported(shop, "title,price\nAja,12\nGaucho,$5\n", currency="EUR"))) == ["rate"]
    job = imported(shop, "title,price\nAja,12\n", currency="eur", rate="1.105")
    assert (job["currency"], items(shop)[0]["price_item_usd"]) == ("EUR", "13.26")
    assert imported(shop, "title\nAja\n", currency="EUR")["created"] == 1


def test_several_questions_are_asked_at_once(shop: Shop) -> None:
    job = imported(shop, "title,price,acquired\nAja,12,3/4/2023\n", currency="")
    assert set(asked(job)) == {"currency", "date_order"}


def test_dates_of_all_columns_decide_together(shop: Shop) -> None:
    job = imported(shop, "title,acquired,listed\nAja,3/4/2023,3/13/2023\n")
    assert job["date_order"] == "mdy"
    assert (items(shop)[0]["acquired_at"][:10], items(shop)[0]["listed_at"][:10]) == (
        "2023-03-04",
        "2023-03-13",
    )


def test_a_date_that_does_not_fit_is_refused_by_its_row(shop: Shop) -> None:
    job = imported(shop, "title,acquired\nAja,3/4/2023\nGaucho,22/4/2023\n", date_order="mdy")
    assert (job["created"], [(error["row"], error["field"]) for error in job["errors"]]) == (
        1,
        [(3, "acquired_at")],
    )
    assert job["errors"][0]["column"] == "acquired"


def test_dates_without_an_order_need_none(shop: Shop) -> None:
    job = imported(shop, "title,acquired\nAja,2023-04-03\nGaucho,3.4.2023\n")
    assert (job["created"], job["date_order"]) == (2, None)


def test_rows_that_are_left_out_are_counted_and_decide_nothing(shop: Shop) -> None:
    table = "title,price,acquired\nAja,$12,1/1/2024\nGaucho,12,3/4/2023\nKaty Lied,$9,\n"
    job = imported(shop, table, currency="", exclude="[3]")
    assert counts(job) == ("succeeded", 3, 2, 0, 1)
    assert (job["total"], job["excluded"], job["error_count"]) == (3, 1, 0)
    assert [item["product"]["title"] for item in items(shop)] == ["Aja", "Katy Lied"]


def test_cells_are_read_as_somebody_corrected_them(shop: Shop) -> None:
    table = "title,price,grade\nAja,12 €,superb\nGaucho,$5,VG\n"
    fixes = {
        "2": {"price_item_usd": "13.50", "condition_item": "nm", "location": "A-1"},
        "3": {"condition_item": ""},
    }
    job = imported(shop, table, currency="", fixes=json.dumps(fixes))
    assert counts(job) == ("succeeded", 2, 2, 0, 0), job["errors"]
    first, second = items(shop)
    assert (first["price_item_usd"], first["condition_item"], first["location"]) == ("13.50", "nm", "A-1")
    assert (second["condition_item"], second["location"]) == (None, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("match", "name"),
        ("match", '["sku", 5]'),
        ("match", '["sku"'),
        ("empty", "drop"),
        ("date_order", "ydm"),
        ("currency", "XYZ"),
        ("currency", "EURO"),
        ("rate", "0"),
        ("rate", "-1"),
        ("rate", "1,08"),
        ("quantity", "some"),
        ("exclude", "3"),
        ("exclude", "[0]"),
        ("exclude", "[true]"),
        ("exclude", '["3"]'),
        ("fixes", "[]"),
        ("fixes", '{"2": "x"}'),
        ("fixes", '{"x": {"location": "A"}}'),
        ("fixes", '{"2": {"colour": "A"}}'),
        ("fixes", '{"2": {"location": 5}}'),
        ("fixes", "{"),
    ],
)
def test_what_nobody_can_mean_is_refused_at_once(shop: Shop, field: str, value: str) -> None:
    assert list(shop.errors(send(shop, "title\nAja\n", **{field: value}))) == [field]


def test_what_is_asked_for_is_kept_with_the_job(shop: Shop) -> None:
    from instica_desktop.server.models import Job

    fields = {
        "match": "listing_id, sku",
        "empty": "clear",
        "quantity": "refuse",
        "rate": "1.5",
        "date_order": "",
    }
    uid = send(shop, "title\nAja\n", **fields).json()["uid"]
    payload = Job.objects.get(uid=uid).payload
    assert (payload["match"], payload["empty"], payload["quantity"]) == (
        ["listing_id", "sku"],
        "clear",
        "refuse",
    )
    assert payload["rate"] == "1.5"
    plain = Job.objects.get(uid=send(shop, "title\nAja\n", currency="").json()["uid"]).payload
    assert (plain["empty"], plain["quantity"], "match" in plain) == ("keep", "copies", False)


def test_a_job_says_how_quick_it_is(shop: Shop) -> None:
    waiting = send(shop, "title\nAja\n").json()
    assert (waiting["rows_per_second"], waiting["mapping"]) == (None, {"product_title": "title"})
    assert imported(shop, "title\nAja\n")["rows_per_second"] > 0


def test_an_import_that_began_before_decisions_were_kept_goes_on_as_it_began(shop: Shop) -> None:
    from importlib import import_module

    from django.apps import apps

    from instica_desktop.server.models import Job
    from tests.server.imports import work

    uid = send(shop, "title,price,acquired\nAja,12,3/4/2023\n", currency="").json()["uid"]
    mapping = {"product_title": "title", "price_item_usd": "price", "acquired_at": "acquired"}
    before = {"mapping": mapping, "mode": "create", "dry_run": False}
    Job.objects.filter(uid=uid).update(payload=before)
    import_module("instica_desktop.server.migrations.0014_decided_imports").decide(apps, None)
    assert work(shop, uid)["created"] == 1
    assert items(shop)[0]["acquired_at"][:10] == "2023-04-03"
    assert items(shop)[0]["price_item_usd"] == "12.00"


def test_a_table_of_our_own_is_taken_as_it_stands(shop: Shop) -> None:
    header = "uid,product,product_title,catalog_number,manual_description,manual_sku,price_item_usd"
    row = ',,#N/A,none,<p>kept</p>,"A,B",12.00'
    job = imported(shop, f"{header}\n{row}\n", currency="")
    assert (job["created"], job["currency"], job["ignored_columns"]) == (1, "USD", [])
    (item,) = items(shop)
    assert (item["product"]["title"], item["product"]["catalog_number"]) == ("#N/A", "none")
    assert (item["manual_description"], item["manual_sku"]) == ("<p>kept</p>", "A,B")
