"""CSV import: which product a row means, and what a product that is there learns from it."""

from typing import Any

import pytest

from tests.server.imports import counts, imported, items, results, rows_of, table
from tests.server.shop import Shop

ROW = {
    "title": "Same Album",
    "artist": "Same Band",
    "label": "First Label",
    "year": "1985",
    "format": "LP, Album",
    "country": "UK",
    "product_type": "physical",
    "release_id": "111",
}


def products(shop: Shop) -> list[dict[str, Any]]:
    return shop.get("products/", {"page_size": 100, "ordering": "created"}).json()["results"]


@pytest.mark.parametrize(
    "other",
    [
        {"label": "Other Label"},
        {"year": "2018"},
        {"format": "CD, Album"},
        {"format": "LP, Reissue"},
        {"country": "Japan"},
        {"product_type": "digital"},
        {"release_id": "222"},
        {"artist": "Another Band"},
        {"title": "Another Album"},
        {"label": "Other Label", "year": "2018", "format": "CD, Album, RE"},
    ],
)
def test_what_contradicts_a_product_is_another_one(shop: Shop, other: dict[str, str]) -> None:
    job = imported(shop, table(ROW, {**ROW, **other}))
    assert counts(job) == ("succeeded", 2, 2, 0, 0), job["errors"]
    assert len(products(shop)) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"label": "FIRST LABEL"},
        {"label": "First Label, Second Label"},
        {"label": "First Label (2)"},
        {"format": "Album, LP"},
        {"format": "LP"},
        {"format": "Vinyl, LP, Album, Reissue"},
        {"format": "2xLP, Album"},
        {"country": "United Kingdom"},
        {"artist": "same band"},
        {"artist": "Same Band (3)"},
        {"artist": "Same Band*"},
        {"release_id": ""},
        dict.fromkeys(("label", "year", "format", "country", "product_type", "release_id"), ""),
    ],
)
def test_what_only_says_it_otherwise_is_the_same_product(shop: Shop, other: dict[str, str]) -> None:
    imported(shop, table(ROW, {**ROW, **other}))
    assert len(products(shop)) == 1
    assert len(items(shop)) == 2


FULL = {
    "title": "†",
    "artist": "Same Pair",
    "label": "Bad Company Rec",
    "catno": "BXC577",
    "year": "1999",
    "format": "LP",
    "genre": "Jazz",
    "upc": "0602445563463",
    "country": "US",
    "release_id": "9",
}
LEARNED = [
    {"field": "label", "before": None, "after": "Bad Company Rec"},
    {"field": "catalog_number", "before": "", "after": "BXC577"},
    {"field": "year", "before": None, "after": 1999},
    {"field": "format", "before": "", "after": "LP"},
    {"field": "genres", "before": [], "after": ["Jazz"]},
    {"field": "product_barcode", "before": "", "after": "0602445563463"},
    {"field": "country", "before": "", "after": "US"},
    {"field": "discogs_release_id", "before": None, "after": 9},
]


@pytest.mark.parametrize("together", [True, False])
def test_blanks_of_a_product_that_is_there_are_filled_and_reported(shop: Shop, together: bool) -> None:
    bare = {"title": "†", "artist": "Same Pair"}
    if together:
        job = imported(shop, table(bare, FULL))
    else:
        imported(shop, table(bare))
        job = imported(shop, table(FULL))
    (product,) = products(shop)
    assert product["label"]["name"] == "Bad Company Rec"
    assert (product["catalog_number"], product["barcode"]) == ("BXC577", "0602445563463")
    assert (product["year"], product["format"], product["country"]) == (1999, "LP", "US")
    assert (product["genres"], product["discogs_release_id"]) == (["Jazz"], 9)
    row = rows_of(shop, job)[-1]
    assert (row["result"], row["errors"]) == ("new", [])
    by_field = sorted(row["changes"], key=lambda change: change["field"])
    assert by_field == sorted(LEARNED, key=lambda change: change["field"])
    found = shop.get("inventory/", {"search": "bad company bxc577"}).json()
    assert found["count"] == 2  # the copy that was there before is found by it too
    assert shop.get("products/", {"search": "0602445563463"}).json()["count"] == 1


def test_a_product_that_learned_is_found_by_what_it_learned(shop: Shop) -> None:
    bare = {"title": "†", "artist": "Same Pair"}
    job = imported(shop, table(bare, FULL, {"catno": "bxc 577"}, {**bare, "catno": "Other"}))
    assert counts(job) == ("succeeded", 4, 4, 0, 0), job["errors"]
    one, two, three, four = (item["product"]["uid"] for item in items(shop))
    assert one == two == three != four


def test_a_row_that_is_refused_teaches_nothing(shop: Shop) -> None:
    bare = {"title": "†", "artist": "Same Pair"}
    imported(shop, table(bare))
    job = imported(shop, table({**FULL, "media_condition": "superb"}, {**FULL, "year": "77777"}))
    assert results(shop, job) == ["error", "error"]
    (product,) = products(shop)
    assert (product["catalog_number"], product["label"], product["year"]) == ("", None, None)
    assert product["total_inventory_count"] == 1


def test_a_row_that_fits_several_is_told_what_it_lacks(shop: Shop) -> None:
    pressing = {"catalog_number": "none", "artist": "B9", "title": "Demo9"}
    rows = [{**pressing, "release_id": "111"}, {**pressing, "release_id": "222"}]
    job = imported(shop, table(*rows, {**pressing, "catalog_number": "CAT9"}))
    assert counts(job) == ("succeeded", 3, 2, 0, 0)
    assert len(products(shop)) == 2
    (error,) = job["errors"]
    assert (error["row"], error["field"]) == (4, "product_title")
    assert "release id" in error["message"]


def test_the_right_one_of_very_many_with_one_title_is_found(shop: Shop) -> None:
    rows = [{"title": "Greatest Hits", "artist": f"Artist {number}"} for number in range(130)]
    imported(shop, table(*rows))
    imported(shop, table(rows[-1], rows[0]))
    assert shop.get("products/").json()["count"] == 130


def test_an_artist_made_with_a_number_is_the_same_one(shop: Shop) -> None:
    first = shop.product(artist={"name": "Bad Company (3)"}, label={"name": "Mill Records (2)"})
    again = shop.product(artist={"name": "Bad Company"}, label={"name": "MILL RECORDS"})
    assert again["artist"] == first["artist"]
    assert again["label"] == first["label"]
    imported(shop, table({"title": "New", "artist": "bad company", "label": "Mill Records"}))
    (item,) = items(shop)
    assert item["product"]["artist"] == first["artist"]
    assert item["product"]["label"] == first["label"]


SPELLINGS = [("Mø", "Mo"), ("Björk", "Bjork"), ("Groß", "Gross"), ("Łona", "Lona"), ("Ænima", "Aenima")]


@pytest.mark.parametrize("names", SPELLINGS)
@pytest.mark.parametrize("together", [True, False])
def test_names_that_only_look_alike_stay_two(shop: Shop, names: tuple[str, str], together: bool) -> None:
    rows = [{"title": "No Mythologies", "artist": name, "label": name, "sku": name} for name in names]
    for tables in [rows] if together else [[row] for row in rows]:
        job = imported(shop, table(*tables))
        assert job["error_count"] == 0
    told = [(one["artist"]["name"], one["label"]["name"]) for one in products(shop)]
    assert told == [(name, name) for name in names]
    imported(shop, table(*({**row, "sku": "", "artist": row["artist"].upper()} for row in rows)))
    assert len(products(shop)) == (2 if names[0].upper().lower() == names[0].lower() else 3)
    plain = shop.get("products/", {"search": names[1]}).json()["count"]
    assert plain == len(products(shop))  # the search still finds both


def test_a_request_finds_the_name_it_spells_and_else_one_without_accents(shop: Shop) -> None:
    imported(shop, table({"title": "One", "artist": "Sinéad", "label": "Mø"}))
    first = items(shop)[0]["product"]
    plain = shop.product(artist={"name": "sinead"}, label={"name": "Mo"})
    assert plain["artist"]["uid"] == first["artist"]["uid"]
    assert plain["label"]["uid"] != first["label"]["uid"]  # ø is a letter
    imported(shop, table({"title": "Two", "artist": "Sinead", "label": "Mo"}))
    second = items(shop)[1]["product"]
    assert second["artist"]["uid"] != first["artist"]["uid"]
    for name, uid in (("SINEAD", second), ("Sine\u0301ad", first)):
        assert shop.product(artist={"name": name})["artist"]["uid"] == uid["artist"]["uid"]


@pytest.mark.parametrize("sure", [{"release_id": "111"}, {"upc": "0602445563463"}])
def test_a_name_written_sloppily_on_a_record_that_is_known_is_that_record(
    shop: Shop, sure: dict[str, str]
) -> None:
    row = {"title": "Debut", "artist": "Björk", "label": "Söhne", **sure}
    imported(shop, table(row, {**row, "artist": "Bjork", "label": "Sohne"}))
    (product,) = products(shop)
    assert (product["artist"]["name"], product["total_inventory_count"]) == ("Björk", 2)
    imported(shop, table({**row, "artist": "Gudmundsdottir"}))
    assert len(products(shop)) == 2


@pytest.mark.parametrize("piece", [1, 200])
@pytest.mark.parametrize("titles", [("2", "²"), ("Mø", "Mo"), ("Cän", "Can"), ("½", "1⁄2"), ("Ⅳ", "IV")])
def test_titles_that_only_look_alike_stay_two(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, titles: tuple[str, str], piece: int
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", piece)
    rows = [{"title": title, "artist": "Somebody", "sku": title} for title in titles]
    for mode in ("create", "create", "upsert"):
        job = imported(shop, table(*rows), mode=mode)
        assert job["errors"] == []
    assert [product["title"] for product in products(shop)] == list(titles)
    assert [item["product"]["title"] for item in items(shop)] == list(titles)


def test_the_case_of_a_title_and_how_its_letters_are_composed_tell_nothing_apart(shop: Shop) -> None:
    titles = ["Ágætis Byrjun", "ÁGÆTIS BYRJUN", "A\u0301gætis byrjun", "Ágætis\u00a0byrjun"]
    imported(shop, table(*({"title": title, "artist": "Sigur Rós"} for title in titles)))
    assert [product["title"] for product in products(shop)] == titles[:1]


def test_a_title_written_sloppily_on_a_record_that_is_known_is_that_record(shop: Shop) -> None:
    row = {"title": "Ágætis byrjun", "artist": "Sigur Rós", "upc": "5016958997128"}
    imported(shop, table(row, row | {"title": "Agaetis byrjun"}))
    assert [product["title"] for product in products(shop)] == ["Ágætis byrjun"]


def test_marks_of_discogs_are_cut_in_its_files_only(shop: Shop) -> None:
    row = {"title": "A", "artist": "Kyle D (2) & Mick S (9)", "label": "Mill (2), Other (3)"}
    imported(
        shop,
        table(
            {**row, "release_id": "1"},
            {**row, "title": "B", "artist": "Lil J & The Boyz*", "release_id": "2"},
        ),
    )
    one, two = (item["product"] for item in items(shop))
    assert (one["artist"]["name"], one["label"]["name"]) == ("Kyle D & Mick S", "Mill, Other")
    assert two["artist"]["name"] == "Lil J & The Boyz"
    imported(shop, table({"title": "C", "artist": "Prince (7)"}))
    assert items(shop)[-1]["product"]["artist"]["name"] == "Prince (7)"


def test_an_item_that_is_there_tells_what_of_a_row_is_not_taken(shop: Shop) -> None:
    imported(shop, table({**ROW, "sku": "A"}))
    row = {**ROW, "sku": "A", "year": "1999", "catno": "NEW 1", "location": "B"}
    job = imported(shop, table(row), mode="upsert")
    (told,) = rows_of(shop, job)
    assert (told["result"], [change["field"] for change in told["changes"]]) == ("changed", ["location"])
    assert [(error["field"], error["column"]) for error in told["errors"]] == [("year", "year")]
    (product,) = products(shop)
    assert (product["year"], product["catalog_number"]) == (1985, "")
    job = imported(shop, table({**row, "year": "1985"}), mode="upsert")
    (told,) = rows_of(shop, job)
    assert [change["field"] for change in told["changes"]] == ["catalog_number"]
    assert products(shop)[0]["catalog_number"] == "NEW 1"


def test_names_of_before_are_compared_as_they_are_now(shop: Shop) -> None:
    from importlib import import_module

    from django.apps import apps

    from instica_desktop.server.models import Artist

    def made(name: str) -> None:
        Artist.objects.create(
            organization=shop.organization, name=name, spelled=name.lower(), folded=name.lower()
        )

    for name in ("Alone (2)", "Twice", "Twice (3)", "Prince (1999)", "Starred*"):
        made(name)
    import_module("instica_desktop.server.migrations.0015_import_identity")._compare_names(apps, None)
    rows = Artist.objects.filter(organization=shop.organization)
    assert dict(rows.values_list("name", "folded")) == {
        "Alone (2)": "alone",
        "Twice": "twice",
        "Twice (3)": "twice (3)",  # its products stay its own
        "Prince (1999)": "prince (1999)",
        "Starred*": "starred",
    }
    product = shop.product(artist={"name": "Alone"})
    assert product["artist"]["name"] == "Alone (2)"


def test_names_that_were_compared_without_accents_are_found_as_they_are_spelled(shop: Shop) -> None:
    from importlib import import_module

    from django.apps import apps

    from instica_desktop.server.models import Artist, Label

    made = {"Mø (2)": "mo", "Prince": "prince", "Prince (7)": "prince (7)"}
    for model in (Artist, Label):
        for name, folded in made.items():
            model.objects.create(
                organization=shop.organization, name=name, folded=folded, spelled=folded + "?"
            )
    import_module("instica_desktop.server.migrations.0018_spelled_names")._compare_names(apps, None)
    for model in (Artist, Label):
        rows = model.objects.filter(organization=shop.organization)
        assert {name: forms for name, *forms in rows.values_list("name", "spelled", "folded")} == {
            "Mø (2)": ["mø", "mø"],
            "Prince": ["prince", "prince"],
            "Prince (7)": ["prince (7)", "prince"],
        }
    assert shop.product(artist={"name": "Mø"})["artist"]["name"] == "Mø (2)"


@pytest.mark.parametrize("field", ["uid", "product"])
def test_a_name_no_database_takes_is_refused(shop: Shop, field: str) -> None:
    job = imported(shop, table({"title": "Aja", field: "a\x00b"}, {"title": "Aja", field: "x" * 500}))
    assert results(shop, job) == ["error", "new"]
    assert job["errors"][0]["field"] == field
