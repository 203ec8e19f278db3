"""Files as sellers bring them, imported: what is taken, refused by row, asked about, and what is left out."""

import json
from random import Random
from typing import Any

import pytest

from tests.server.brought import FILES, rows_counted
from tests.server.imports import counts, imported, items, rows_of, send
from tests.server.shop import Shop


def brought(shop: Shop, name: str, **fields: Any) -> dict[str, Any]:
    """Import one of the files; no row of it may vanish."""
    job = imported(shop, FILES[name], **{"currency": "", **fields})
    refused = {error["row"] for error in job["errors"] if error["row"]}
    if job["status"] == "succeeded":
        done = job["created"] + job["updated"] + job["skipped"]
        assert done + len(refused) == job["processed"] == job["total"] == rows_counted(FILES[name])
    return job


def asked(job: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a job that decided nothing asks: {parameter: readings}."""
    assert (job["status"], job["processed"], job["created"]) == ("failed", 0, 0)
    assert {error["row"] for error in job["errors"]} == {0}
    return {error["field"]: error["readings"] for error in job["errors"]}


def refused(job: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(error["row"], error["field"], error["column"]) for error in job["errors"]]


def titles(shop: Shop) -> dict[str, str]:
    """Return the titles of the products by SKU."""
    return {item["manual_sku"]: item["product"]["title"] for item in items(shop)}


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_quotes_inside(shop: Shop, dry_run: str) -> None:
    job = brought(shop, "quotes inside", dry_run=dry_run)
    assert counts(job) == ("succeeded", 5, 5, 0, 0)
    if dry_run == "false":
        assert titles(shop) == {
            "R1": 'The "Hit"',
            "R2": "Second",
            "R3": "Third",
            "R4": '12" Mix',
            "R5": "Last",
        }


def test_a_quote_left_open(shop: Shop) -> None:
    job = brought(shop, "quote left open")
    assert counts(job) == ("succeeded", 5, 4, 0, 0)
    assert refused(job) == [(2, "", "")]
    assert "line 2" in job["errors"][0]["message"]
    assert titles(shop) == {"R2": "Second", "R3": "Third", "R4": 'Closed"', "R5": "Last"}


def test_too_few_cells_are_said(shop: Shop) -> None:
    job = brought(shop, "cells shifted")
    assert counts(job) == ("succeeded", 3, 3, 0, 0)
    first, second, third = items(shop)
    assert (first["product"]["title"], first["product"]["artist"]["name"]) == (
        'Blue Signal 12"',
        "New Season",
    )
    assert third["product"]["title"] == "x"
    assert second["condition_notes"] == "ok"
    (note,) = job["notes"]
    assert (note["row"], job["note_count"]) == (4, 1)
    assert "2 cells" in note["message"]
    assert "5" in note["message"]


def test_a_fix_takes_the_place_of_a_row_that_cannot_be_read(shop: Shop) -> None:
    fixes = {"2": {"manual_sku": "R1", "product_title": "Open Road", "artist": "A"}}
    job = brought(shop, "quote left open", fixes=json.dumps(fixes))
    assert counts(job) == ("succeeded", 5, 5, 0, 0)
    assert titles(shop)["R1"] == "Open Road"


def test_no_catalogue_number_is_none_and_releases_tell_pressings_apart(shop: Shop) -> None:
    job = brought(shop, "none")
    assert counts(job) == ("succeeded", 3, 2, 0, 0)
    first, second = (item["product"] for item in items(shop))
    assert first["uid"] != second["uid"]
    assert (first["catalog_number"], second["catalog_number"]) == ("", "")
    pressings = shop.get("products/", {"ordering": "created"}).json()["results"]
    assert [one["discogs_release_id"] for one in pressings] == [111, 222]
    assert refused(job) == [(4, "product_title", "Title")]
    assert "release id" in job["errors"][0]["message"]


def test_two_pressings_are_two_products(shop: Shop) -> None:
    job = brought(shop, "two pressings")
    assert counts(job) == ("succeeded", 2, 2, 0, 0)
    found = shop.get("products/", {"ordering": "created"}).json()["results"]
    told = [(one["label"]["name"], one["year"], one["format"]) for one in found]
    assert told == [("First Label", 1985, "LP, Album"), ("Other Label", 2018, "CD, Album, RE")]
    assert [item["product"]["uid"] for item in items(shop)] == [one["uid"] for one in found]


@pytest.mark.parametrize("together", [True, False])
def test_what_a_later_row_knows_of_a_record_is_kept(shop: Shop, together: bool) -> None:
    header, bare, full = FILES["blanks"].splitlines(keepends=True)
    jobs = [
        imported(shop, rows)
        for rows in ([header + bare + full] if together else [header + bare, header + full])
    ]
    assert [job["error_count"] for job in jobs] == [0] * len(jobs)
    (product,) = shop.get("products/").json()["results"]
    assert (product["title"], product["artist"]["name"]) == ("†", "Same Pair")
    assert (product["catalog_number"], product["label"]["name"]) == ("BXC577", "Bad Company Rec")
    assert product["total_inventory_count"] == 2
    learned = rows_of(shop, jobs[-1])[-1]["changes"]
    assert {change["field"]: change["before"] for change in learned} == {"catalog_number": "", "label": None}


def test_other_currencies_are_never_taken_as_dollars(shop: Shop) -> None:
    job = brought(shop, "currencies")
    assert counts(job) == ("succeeded", 7, 2, 0, 0)
    assert [error["row"] for error in job["errors"]] == [2, 3, 4, 5, 8]
    assert {(error["field"], error["column"]) for error in job["errors"]} == {("price_item_usd", "price")}
    for error, parts in zip(
        job["errors"],
        [("12,50 €", "EUR"), ("£12", "GBP"), ("¥1200", "JPY"), ("EUR 12,50", "EUR"), ("CHF 12.50", "CHF")],
        strict=True,
    ):
        assert all(part in error["message"] for part in (*parts, "rate"))
    assert {item["manual_sku"]: item["price_item_usd"] for item in items(shop)} == {
        "C5": "12.50",
        "C6": "12.50",
    }
    assert job["currency"] is None


def test_the_rate_somebody_types_converts_one_currency_and_stays_in_the_notes(shop: Shop) -> None:
    job = brought(shop, "currencies", currency="EUR", rate="1.08")
    assert [error["row"] for error in job["errors"]] == [3, 4, 8]
    prices = {item["manual_sku"]: item["price_item_usd"] for item in items(shop)}
    assert prices == {"C1": "13.50", "C4": "13.50", "C5": "12.50", "C6": "12.50"}
    assert [(note["row"], note["field"], note["column"]) for note in job["notes"]] == [
        (2, "price_item_usd", "price"),
        (5, "price_item_usd", "price"),
    ]
    assert all(part in job["notes"][0]["message"] for part in ("12,50 €", "1.08", "13.50"))


def test_a_rate_that_might_be_of_several_currencies_is_asked_about(shop: Shop) -> None:
    readings = asked(brought(shop, "currencies", rate="1.08"))["currency"]
    assert [reading.partition(":")[0] for reading in readings] == ["CHF", "EUR", "GBP", "JPY"]
    assert items(shop) == []


def test_the_file_decides_the_order_of_its_dates(shop: Shop) -> None:
    job = brought(shop, "dates of the US")
    assert (job["status"], job["date_order"]) == ("succeeded", "mdy")
    days = {item["manual_sku"]: item["acquired_at"][:10] for item in items(shop)}
    assert days == {"D1": "2023-12-07", "D2": "2023-11-22", "D3": "2024-01-02"}


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_dates_with_two_meanings_are_asked_about_with_both(shop: Shop, dry_run: str) -> None:
    readings = asked(brought(shop, "dates with two meanings", dry_run=dry_run))["date_order"]
    assert readings == ["mdy: 3/4/2023 is 4 March 2023", "dmy: 3/4/2023 is 3 April 2023"]
    assert items(shop) == []


@pytest.mark.parametrize(("order", "day"), [("mdy", "2023-03-04"), ("dmy", "2023-04-03")])
def test_somebody_says_the_order_of_the_dates(shop: Shop, order: str, day: str) -> None:
    job = brought(shop, "dates with two meanings", date_order=order)
    assert (job["status"], job["date_order"]) == ("succeeded", order)
    assert items(shop)[0]["acquired_at"][:10] == day


def test_what_another_program_calls_its_columns(shop: Shop) -> None:
    job = brought(shop, "Discogs, another's headers")
    assert job["mapping"] == {
        "artist": "artist_name",
        "product_title": "release_title",
        "price_item_usd": "price_value",
        "currency": "price_currency",
        "condition_item": "media",
        "condition_container": "sleeve",
        "label": "labels",
        "country": "release_country",
    }
    assert job["ignored_columns"] == ["id", "url", "column 11"]
    assert counts(job) == ("succeeded", 2, 1, 0, 0)
    assert refused(job) == [(3, "price_item_usd", "price_value")]
    assert "18.50 EUR" in job["errors"][0]["message"]
    (item,) = items(shop)
    assert (item["price_item_usd"], item["condition_item"], item["condition_container"]) == (
        "12.00",
        "vg_plus",
        "vg",
    )
    assert (item["product"]["country"], item["product"]["label"]["name"]) == ("Spain", "Mill Records")


@pytest.mark.parametrize("mode", ["create", "upsert", "update"])
def test_headers_of_another_language_are_named_with_a_guess(shop: Shop, mode: str) -> None:
    messages = shop.errors(send(shop, FILES["Etsy in Italian"], currency="", mode=mode))["mapping"]
    text = " ".join(messages)
    for name in ("TITOLO", "DESCRIZIONE", "PREZZO", "CODICE_VALUTA", "QUANTITA"):
        assert name in text
    assert "PREZZO (perhaps price_item_usd)" in text
    assert "CODICE_VALUTA (perhaps currency)" in text


def test_a_list_of_skus_is_not_one(shop: Shop) -> None:
    mapping = {"product_title": "TITOLO", "manual_sku": "SKU", "price_item_usd": "PREZZO"}
    job = brought(shop, "Etsy in Italian", mapping=mapping, rate="1.1")
    assert refused(job) == [(2, "manual_sku", "SKU")]
    del mapping["manual_sku"]
    job = brought(shop, "Etsy in Italian", mapping=mapping, rate="1.1")
    assert (job["created"], job["currency"], items(shop)[0]["price_item_usd"]) == (1, "EUR", "13.75")
    assert job["ignored_columns"] == ["DESCRIZIONE", "QUANTITA", "SKU"]


def test_what_a_spreadsheet_damaged(shop: Shop) -> None:
    table = FILES["spreadsheet"].decode().replace("One", "Ünö").encode("cp1252")
    job = imported(shop, table, currency="USD")
    assert counts(job) == ("succeeded", 4, 1, 0, 0)
    assert refused(job) == [
        (2, "product_barcode", "barcode"),
        (4, "price_item_usd", "price"),
        (5, "price_item_usd", "price"),
    ]
    (item,) = items(shop)
    assert (item["product"]["barcode"], item["price_item_usd"]) == ("720642442524", "1234.50")
    assert (item["product"]["catalog_number"], item["acquired_at"][:10]) == ("0000", "2023-12-07")
    good = table.replace(b"7,20643E+11", b"").replace(b"-3", b"3").replace(b";0;", b";9;")
    assert imported(shop, good, mode="upsert", currency="USD")["error_count"] == 0
    stored = {item["manual_sku"]: item for item in items(shop)}
    assert [stored[sku]["product"]["catalog_number"] for sku in ("E1", "E3", "E4")] == [
        "040",
        "Dec 84",
        "1E5",
    ]
    assert (stored["E1"]["price_item_usd"], stored["E1"]["acquired_at"][:10]) == ("12.50", "2023-07-12")


def test_a_release_that_is_a_date_is_the_year(shop: Shop) -> None:
    job = brought(shop, "release is a date")
    assert job["mapping"]["year"] == "Release"
    assert [item["product"]["year"] for item in items(shop)] == [1999, 2004]


def test_a_file_with_amounts_that_name_no_currency_is_asked_about_once(shop: Shop) -> None:
    for name in ("spreadsheet", "Shopify", "Discogs"):
        job = brought(shop, name)
        assert [reading[:3] for reading in asked(job)["currency"]] == ["USD", "EUR"]
    assert items(shop) == []
    assert asked(brought(shop, "Discogs", currency="EUR")) == {"rate": ["24.5 is an amount in EUR"]}


def test_the_table_of_another_shop(shop: Shop) -> None:
    job = brought(shop, "Shopify", currency="USD")
    assert job["status"] == "succeeded"
    assert {error["row"] for error in job["errors"]} == set()
    stored = {item["manual_sku"]: item for item in items(shop)}
    assert {"BS-1", "RL-VG", "RL-NM"} <= set(stored)
    assert {item["product"]["title"] for item in stored.values()} == {"Blue Signal", "Red Line"}
    assert (stored["BS-1"]["weight_grams"], stored["BS-1"]["manual_description"]) == (9000, "LP")
    assert (stored["RL-VG"]["condition_item"], stored["RL-NM"]["condition_item"]) == ("vg", "nm")
    assert {item["status"] for item in stored.values()} == {"listed"}
    assert stored["RL-NM"]["manual_description"] == '7"'
    assert {"Vendor", "Published", "Image Src", "Option1 Name"} <= set(job["ignored_columns"])
    assert shop.get("products/").json()["count"] == 2
    assert list(stored) == ["BS-1", "BS-1-2", "BS-1-3", "RL-VG", "RL-NM"]
    copies = [stored[sku]["listings"] for sku in ("BS-1", "BS-1-2", "BS-1-3")]
    assert len({listing["uid"] for listings in copies for listing in listings}) == 1
    assert [row["result"] for row in rows_of(shop, job)] == ["new", "excluded", "excluded", "new", "new"]


def test_a_whole_inventory_of_discogs(shop: Shop) -> None:
    job = brought(shop, "Discogs", currency="USD")
    assert counts(job) == ("succeeded", 4, 3, 0, 1), job["errors"]
    assert job["excluded"] == 1
    assert job["ignored_columns"] == ["accept_offer", "format_quantity"]
    found = items(shop)
    first, second, last = found[0], found[1], found[-1]
    assert len(found) == 27
    assert (first["status"], first["listed_at"]) == ("listed", "2023-02-01T09:10:11Z")
    assert (last["status"], last["product"]["title"]) == ("draft", "†")
    (offer,), (draft,) = first["listings"], last["listings"]
    assert (offer["platform"], offer["external_id"], offer["status"]) == ("discogs", "900001", "listed")
    assert (draft["platform"], draft["external_id"], draft["status"]) == ("discogs", "900003", "draft")
    (shared,) = {item["listings"][0]["uid"] for item in found[1:26]}
    assert [copy["uid"] for copy in second["listings"][0]["items"]] == [item["uid"] for item in found[1:26]]
    assert shared not in (offer["uid"], draft["uid"])
    names = [(item["product"]["artist"]["name"], item["product"]["title"]) for item in (first, second, last)]
    assert names == [("Bad Company", 'Night "Live"'), ("Kyle D & Mick S", "Soundtrack"), ("?", "†")]
    assert first["product"]["label"]["name"] == "Mill Records"
    assert [item["product"]["catalog_number"] for item in (first, second, last)] == [
        "MR 1, MR 2",
        "4XT-12545, 4XT 12545",
        "",
    ]
    assert [item["weight_grams"] for item in (first, second, last)] == [230, 460, 60]
    assert [item["price_item_usd"] for item in (first, second, last)] == ["24.50", "18.00", "6.00"]


@pytest.mark.parametrize("status", ["Sold", "For Sale"])
def test_marks_and_odd_titles_of_discogs(shop: Shop, status: str) -> None:
    table = FILES["Discogs"].replace(b",Sold,", f",{status},".encode())
    imported(shop, table)
    sold = [item["product"] for item in items(shop) if item["product"]["catalog_number"] == "0000"]
    told = [(product["title"], product["artist"]["name"]) for product in sold]
    assert told == ([] if status == "Sold" else [("06:21:03:11", "Lil J & The Boyz")])


def test_rows_of_one_product_go_on_across_pieces_and_corrections(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", 2)
    table = (
        "Handle,Title,Option1 Value,Variant SKU,Image Src\n"
        "one,One,VG,S1,\none,,NM,S2,\none,,,,x.jpg\none,,G,S3,\n,,M,S4,\ntwo,Two,,S5,\n,,,S6,\none,,,S7,\n"
        "two,Two again,NM,,\ntwo,,,,y.jpg\n"
    )
    fixes = {"5": {"location": "A-1"}, "6": {"label": "Mill", "product_title": "Four"}}
    job = imported(shop, table, exclude="[2]", fixes=json.dumps(fixes))
    assert (job["total"], job["created"], job["skipped"], job["excluded"]) == (10, 5, 3, 3)
    assert [error["row"] for error in job["errors"]] == [8, 9]
    assert titles(shop) == {"S2": "One", "S3": "One", "S4": "Four", "S5": "Two", "": "Two again"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_no_row_of_a_file_with_every_fault_vanishes(shop: Shop, separator: str, encoding: str) -> None:
    random = Random(f"{separator}{encoding}")
    names = [
        '12" Mix',
        '"The "Hit""',
        '"open',
        '"Closed""',
        '"""Low"""',
        "Für Elise",
        f'"a{separator} b"',
        "",
    ]
    lines = ["sku|title|notes".replace("|", separator)]
    for number in range(60):
        cells = [f"R{number}", random.choice(names), random.choice([*names, f"too{separator}many"])]
        lines.append(separator.join(cells[: random.choice([2, 3, 3, 3])]))
    text = "".join(line + random.choice(["\n", "\r\n", "\r"]) for line in lines)
    job = imported(shop, text.encode(encoding))
    refused = {error["row"] for error in job["errors"]}
    assert (job["status"], job["total"], job["processed"]) == ("succeeded", 60, 60)
    assert job["created"] + len(refused) == rows_counted(text.encode(encoding), separator, encoding) == 60
    assert job["created"] > 10
