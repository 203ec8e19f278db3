"""What spreadsheets do to cells is undone where that is certain, and else refused by its cell."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.server.imports import imported, items, results, send
from tests.server.shop import Shop


def told(job: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(error["row"], error["column"], error["message"]) for error in job["errors"]]


@pytest.mark.parametrize(
    ("column", "field", "cell", "kept"),
    [
        ("sku", "manual_sku", "'AP-1", "AP-1"),
        ("location", "location", "'0012", "0012"),
        ("price", "price_item_usd", "'12.50", "12.50"),
        ("weight", "weight_grams", "'230", 230),
        ("acquired", "acquired_at", "'2023-01-05", "2023-01-05T00:00:00Z"),
    ],
)
def test_the_quote_mark_before_a_text_is_cut(
    shop: Shop, column: str, field: str, cell: str, kept: object
) -> None:
    job = imported(shop, f'title,{column}\nAja,"{cell}"\n')
    assert job["errors"] == []
    assert items(shop)[0][field] == kept


@pytest.mark.parametrize(
    ("column", "field", "cell", "kept"),
    [
        ("catno", "catalog_number", "'0012", "0012"),
        ("upc", "barcode", "'0720642442524", "0720642442524"),
        ("title", "title", "'Round About Midnight", "'Round About Midnight"),
        ("artist", "artist", "'Til Tuesday", "'Til Tuesday"),
        ("title", "title", "=", "="),
        ("title", "title", "= (Equals)", "= (Equals)"),
        ("title", "title", "#1 Record", "#1 Record"),
        ("catno", "catalog_number", "#9", "#9"),
    ],
)
def test_what_belongs_to_a_name_stays(shop: Shop, column: str, field: str, cell: str, kept: str) -> None:
    names = {"title": "Aja", column: cell}
    job = imported(shop, f"{','.join(names)}\n{','.join(names.values())}\n")
    assert job["errors"] == []
    product = shop.get("products/").json()["results"][0]
    found = product[field]
    assert (found["name"] if field == "artist" else found) == kept


NUMBERED = ["upc", "sku", "catno", "price", "quantity", "weight", "acquired", "shelf", "year", "country"]
NAMED = ["title", "artist", "label", "format", "comments", "tags"]


@pytest.mark.parametrize(
    ("cell", "columns"),
    [
        ("########", NUMBERED + NAMED),
        ("=A1", NUMBERED + NAMED),
        ("=SUM(A1:A3)", NUMBERED + NAMED),
        ("=Sheet1!B7", NUMBERED + NAMED),
        ("=1+1", NUMBERED),  # a name may be so
        ("##", NUMBERED),
    ],
)
def test_a_formula_and_a_column_too_narrow_are_refused_by_their_cell(
    shop: Shop, cell: str, columns: list[str]
) -> None:
    header = dict.fromkeys(NUMBERED + NAMED, "") | {"title": "Aja"}
    rows = [header | {column: cell} for column in columns]
    rows += [header | {"weight": "230", "acquired": "2023-01-05"}]
    job = imported(shop, "\n".join([",".join(header), *(",".join(row.values()) for row in rows)]))
    assert results(shop, job) == [*["error"] * len(columns), "new"]
    assert [(row, column) for row, column, _ in told(job)] == list(enumerate(columns, 2))
    assert all(cell in message for _, _, message in told(job))
    assert shop.get("products/").json()["count"] == 1


@pytest.mark.parametrize("column", ["sku", "catno", "upc"])
def test_a_number_that_became_a_date_is_refused(shop: Shop, column: str) -> None:
    job = imported(shop, f"title,{column}\nAja,2023-01-05 00:00:00\n")
    assert [(row, name) for row, name, _ in told(job)] == [(2, column)]


@pytest.mark.parametrize("cell", ["NaN", "nan", "inf", "-inf", "Infinity"])
@pytest.mark.parametrize("column", ["price", "cost", "weight", "quantity"])
def test_what_is_no_number_is_refused(shop: Shop, column: str, cell: str) -> None:
    job = imported(shop, f"title,{column}\nAja,{cell}\nGaucho,5\n")
    assert results(shop, job) == ["error", "new"]
    assert [(row, name) for row, name, _ in told(job)] == [(2, column)]
    assert cell in told(job)[0][2]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("price", "abc"),
        ("Price (EUR)", "ask"),
        ("cost", "unknown"),
        ("quantity", "some"),
        ("qty", "some"),
        ("date added", "long ago"),
        ("purchase date", "long ago"),
        ("media condition", "superb"),
        ("sleeve", "superb"),
        ("release year", "unknown"),
    ],
)
def test_a_column_of_which_nothing_can_be_read_is_an_error_of_its_rows(
    shop: Shop, column: str, value: str
) -> None:
    job = imported(shop, f"title,{column}\nAja,{value}\nGaucho,\nKaty Lied,{value}\n")
    assert results(shop, job) == ["error", "new", "error"]
    assert [(row, name) for row, name, _ in told(job)] == [(2, column), (4, column)]
    assert all(value in message for _, _, message in told(job))
    assert job["ignored_columns"] == []


def test_a_column_that_can_be_read_comes_first(shop: Shop) -> None:
    job = imported(shop, "title,price,listprice\nAja,ask,5.00\n")
    assert (job["created"], job["ignored_columns"]) == (1, ["price"])
    assert items(shop)[0]["price_item_usd"] == "5.00"


@pytest.mark.parametrize(("column", "value"), [("sold", "yes"), ("shipping", "Media Mail"), ("added", "Jim")])
def test_a_word_of_several_meanings_is_left_out_and_named(shop: Shop, column: str, value: str) -> None:
    job = imported(shop, f"title,{column}\nAja,{value}\n")
    assert (job["created"], job["ignored_columns"]) == (1, [column])
    note = job["notes"][0]
    assert (note["row"], note["column"]) == (0, column)
    assert value in note["message"]


@pytest.mark.parametrize("value", ["31/02/2023", "13/13/2023", "soon", "2023-02-30"])
def test_a_date_that_does_not_exist_is_told_with_what_it_says(shop: Shop, value: str) -> None:
    job = imported(shop, f"title,acquired\nAja,{value}\nGaucho,2023-01-05\n")
    assert told(job) == [(2, "acquired", f"{value} is no date. Write it as 2023-12-31.")]


@pytest.mark.parametrize(
    ("column", "value", "good", "message"),
    [
        ("price", "abc", "1", "abc is no amount. Write it as 12.50."),
        ("weight", "heavy", "230", "heavy is no whole number."),
        ("weight", "9.000", "230", "9.000 may be 9 or 9000. Write it without a mark."),
        ("year", "MCMLXX", "1970", "MCMLXX is no whole number."),
        ("quantity", "two", "2", "two is no whole number."),
    ],
)
def test_a_number_that_is_none_is_told_with_what_it_says(
    shop: Shop, column: str, value: str, good: str, message: str
) -> None:
    job = imported(shop, f"title,{column}\nAja,{value}\nGaucho,{good}\n")
    assert told(job) == [(2, column, message)]


def test_the_question_of_currency_tells_the_amounts_that_name_one(shop: Shop) -> None:
    job = imported(shop, "title,price\nAja,€ 5\nGaucho,12.50\n", currency="")
    assert job["errors"][0]["message"] == (
        "Some amounts of this file name no currency, such as 12.50; others do, such as € 5."
    )
    bare = imported(shop, "title,price\nGaucho,12.50\n", currency="")
    assert bare["errors"][0]["message"] == "The amounts of this file name no currency, such as 12.50."


def _picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((60, 60), 90).save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_is_no_table(shop: Shop, form: str) -> None:
    response = send(shop, _picture(form))
    assert shop.errors(response)["file"] == [
        "This is not a CSV file. Save the table as CSV, then import that."
    ]


@pytest.mark.parametrize(
    "content", [b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\0", b"ID3\x04\0\0" + bytes(range(256)) * 4]
)
def test_what_holds_no_text_is_no_table(shop: Shop, content: bytes) -> None:
    assert "not a CSV file" in shop.errors(send(shop, content))["file"][0]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_read(shop: Shop, encoding: str) -> None:
    job = imported(shop, "title,artist\nÁgætis byrjun,Sigur Rós\n".encode(encoding))
    assert (job["created"], job["errors"]) == (1, [])
    assert items(shop)[0]["product"]["title"] == "Ágætis byrjun"
