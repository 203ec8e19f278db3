"""The barcode of a row is that of the record, by which the record and all its copies are found."""

import pytest

from tests.server.imports import imported, items, results, table
from tests.server.shop import Shop

CODE = "0720642442524"


def _found(shop: Shop, code: str = CODE) -> list[str]:
    return [one["title"] for one in shop.get("products/", {"search": code}).json()["results"]]


@pytest.mark.parametrize("column", ["barcode", "Barcode", "BARCODE", "UPC", "EAN"])
def test_it_belongs_to_the_product_that_is_made(shop: Shop, column: str) -> None:
    job = imported(shop, f"title,{column}\nAja,{CODE}\n")
    assert job["mapping"] == {"product_title": "title", "product_barcode": column}
    (item,) = items(shop)
    assert (item["barcode"], item["product"]["barcode"]) == ("", CODE)
    assert _found(shop) == ["Aja"]
    assert shop.get("inventory/", {"search": CODE}).json()["count"] == 1


@pytest.mark.parametrize("mode", ["create", "upsert"])
def test_it_fills_the_blank_of_a_product_that_is_there(shop: Shop, mode: str) -> None:
    shop.product(title="Aja", artist={"name": "Steely Dan"})
    imported(shop, f"title,artist,barcode\nAja,Steely Dan,{CODE}\n", mode=mode)
    assert _found(shop) == ["Aja"]
    assert shop.get("products/").json()["count"] == 1


def test_it_fills_the_blank_of_the_product_of_a_copy_that_is_there(shop: Shop) -> None:
    shop.item(manual_sku="K")
    job = imported(shop, f"sku,barcode\nK,{CODE}\n", mode="update")
    assert results(shop, job) == ["changed"]
    assert _found(shop) == ["Kind of Blue"]


def test_another_barcode_is_another_pressing(shop: Shop) -> None:
    shop.product(title="Aja", barcode="0602445563463")
    imported(shop, f"title,barcode\nAja,{CODE}\n")
    assert len(_found(shop)) == 1
    assert shop.get("products/").json()["count"] == 2


@pytest.mark.parametrize("others", [{"upc": CODE}, {"product_barcode": CODE}, {"uid": ""}])
def test_beside_one_of_the_record_it_is_that_of_the_copy(shop: Shop, others: dict[str, str]) -> None:
    imported(shop, table({"title": "Aja", "barcode": "IN0001", **others}))
    (item,) = items(shop)
    assert item["barcode"] == "IN0001"
    assert (item["product"]["barcode"] or "") == next(iter(others.values()))


def test_who_maps_it_to_the_copy_gets_it_there(shop: Shop) -> None:
    imported(shop, "title,barcode\nAja,IN0001\n", {"product_title": "title", "barcode": "barcode"})
    (item,) = items(shop)
    assert (item["barcode"], item["product"]["barcode"] or "") == ("IN0001", "")


def test_an_export_has_each_at_its_place(shop: Shop, other_shop: Shop) -> None:
    shop.item(shop.product(title="Aja", barcode=CODE)["uid"], barcode="IN0001")
    shop.item(shop.product(title="Gaucho")["uid"], barcode="IN0002")
    text = b"".join(shop.get("inventory/export/").streaming_content).decode()
    imported(other_shop, text)
    told = {(item["barcode"], item["product"]["barcode"] or "") for item in items(other_shop)}
    assert told == {("IN0001", CODE), ("IN0002", "")}
