"""CSV import: what rows do, what they are refused for, and that a trial writes nothing."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.server.imports import counts, imported, items, send, work
from tests.server.shop import Shop

TABLE = (
    "Title,Artist,Catalog#,Price,Media Condition,SKU,Location,Tags\r\n"
    'Aja,Steely Dan,AB 1006,"$1,024.50",Very Good Plus (VG+),IN-1,A-01,"rock, ""yacht, rock"""\r\n'
    "Blue Train,John Coltrane,BLP 1577,36.00,NM,IN-2,A-02,\r\n"
)


def test_rows_become_products_and_items(shop: Shop) -> None:
    job = imported(shop, TABLE)
    assert counts(job) == ("succeeded", 2, 2, 0, 0)
    assert (job["total"], job["errors"], job["error_count"], job["dry_run"]) == (2, [], 0, False)
    first, second = items(shop)
    assert first["title"] == "Aja - VG+"
    assert first["product"]["artist"]["name"] == "Steely Dan"
    assert first["product"]["catalog_number"] == "AB 1006"
    assert (first["price_item_usd"], first["manual_sku"], first["location"]) == ("1024.50", "IN-1", "A-01")
    assert first["tags"] == ["rock", "yacht, rock"]
    assert second["condition_item"] == "nm"
    assert shop.get("inventory/", {"search": "coltrane"}).json()["count"] == 1


def test_a_trial_says_what_would_happen_and_writes_nothing(shop: Shop) -> None:
    from instica_desktop.server.models import Artist, Product

    bad = TABLE + "Giant Steps,John Coltrane,1311,-5,NM,IN-3,A,\r\n"
    trial = imported(shop, bad, dry_run="true")
    assert counts(trial) == ("succeeded", 3, 2, 0, 0)
    assert trial["dry_run"] is True
    assert [error["row"] for error in trial["errors"]] == [4]
    assert items(shop) == []
    for model in (Product, Artist):
        assert not model.objects.filter(organization=shop.organization).exists()
    real = imported(shop, bad)
    own = dict.fromkeys(("uid", "dry_run", "started_at", "finished_at", "rows_per_second"))
    assert {**real, **own} == {**trial, **own}


def test_each_row_is_checked_by_the_form_of_the_api(shop: Shop) -> None:
    table = (
        "title,price,grade,weight,acquired_at,status,year\n"
        "A,0,VG,1,2026-01-02,,1999\n"
        "B,-3,VG,1,,,\n"
        "C,cheap,superb,heavy,yesterday,gone,1700\n"
        ",1.00,,,,,\n"
        "D,,,,,ready-to-sell,\n"
        f"{'x' * 1001},,,,,,\n"
        "E,,,,,,\n"
    )
    job = imported(shop, table)
    assert counts(job) == ("succeeded", 7, 1, 0, 0)
    found = [(error["row"], error["field"]) for error in job["errors"]]
    assert found[:2] == [(2, "price_item_usd"), (3, "price_item_usd")]
    assert {field for row, field in found if row == 4} == {
        "price_item_usd",
        "condition_item",
        "weight_grams",
        "acquired_at",
        "status",
        "year",
    }
    assert found[-3:] == [(5, "product_title"), (6, "price_item_usd"), (7, "product_title")]
    assert job["error_count"] == len(found)
    assert [item["title"] for item in items(shop)] == ["E"]
    assert shop.get("products/").json()["count"] == 1  # a refused row leaves no product either


def test_products_are_found_before_they_are_made(shop: Shop) -> None:
    here = shop.product(
        title="Aja", artist={"name": "Steely Dan"}, catalog_number="AB 1006", barcode="0602445563463"
    )
    other = shop.product(title="Aja", artist={"name": "Steely Dan"}, catalog_number="MCA-37214")
    table = (
        "product,title,artist,catalogue number,product_barcode\n"
        f"{here['uid']},,,,\n"
        ",Aja,STEELY DAN,ab-1006,\n"
        ",,,mca 37214,\n"
        ",AJA,,,602445563463\n"
        ",Aja,Steely Dan,,\n"
        ",Aja,Steely Dan,UICY 1234,\n"
        "nowhere,,,,\n"
        ",,Steely Dan,,\n"
    )
    job = imported(shop, table)
    assert counts(job) == ("succeeded", 8, 5, 0, 0)
    found = [item["product"]["uid"] for item in items(shop)]
    assert found[:4] == [here["uid"], here["uid"], other["uid"], here["uid"]]
    assert found[4] not in (here["uid"], other["uid"])
    assert [(error["row"], error["field"]) for error in job["errors"]] == [
        (6, "product_title"),  # two pressings fit
        (8, "product"),
        (9, "product_title"),
    ]


def test_updating_by_uid_and_by_sku(shop: Shop) -> None:
    one = shop.item(manual_sku="IN-1", location="A", price_item_usd="5.00")
    two = shop.item(manual_sku="IN-2", location="A", condition_item="vg")
    for _ in range(2):
        shop.item(manual_sku="twice")
    table = (
        "uid;sku;location;price;grade\n"
        f"{one['uid']};;B;6,50;\n"
        ";IN-2;;;VG\n"
        ";IN-9;B;;\n"
        "nobody;;B;;\n"
        ";twice;B;;\n"
        ";IN-2;C;;NM\n"
    )
    job = imported(shop, table, mode="update")
    assert counts(job) == ("succeeded", 6, 0, 1, 1)
    assert [(error["row"], error["field"]) for error in job["errors"]] == [
        (4, "manual_sku"),
        (5, "uid"),
        (6, "manual_sku"),
        (7, ""),
    ]
    one, two = (shop.get(f"inventory/{item['uid']}/").json() for item in (one, two))
    assert (one["location"], one["price_item_usd"], one["manual_sku"]) == ("B", "6.50", "IN-1")
    assert (two["location"], two["condition_item"]) == ("A", "vg")


def test_upsert_changes_what_is_there_and_makes_the_rest(shop: Shop) -> None:
    first = imported(shop, TABLE, mode="upsert")
    assert counts(first) == ("succeeded", 2, 2, 0, 0)
    changed = TABLE.replace("A-02", "B-07") + "Giant Steps,John Coltrane,1311,20,NM,IN-3,A-03,\r\n"
    assert counts(imported(shop, changed, mode="upsert")) == ("succeeded", 3, 1, 1, 1)
    assert [item["location"] for item in items(shop)] == ["A-01", "B-07", "A-03"]


def test_an_illegal_move_is_refused(shop: Shop) -> None:
    item = shop.item()
    job = imported(shop, f"uid,status\n{item['uid']},Sold\n", mode="update")
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "status")]


def test_creating_does_not_make_an_item_that_is_there_again(shop: Shop) -> None:
    item = shop.item()
    table = f"uid,title\n{item['uid']},Kind of Blue\nof another shop,Kind of Blue\n"
    assert counts(imported(shop, table)) == ("succeeded", 2, 1, 0, 1)


def test_another_shops_items_and_products_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    item = other_shop.item(manual_sku="IN-1")
    table = f"uid,sku,location,product\n{item['uid']},IN-1,Z,{item['product']['uid']}\n"
    assert counts(imported(shop, table, mode="update")) == ("succeeded", 1, 0, 0, 0)
    assert counts(imported(shop, table)) == ("succeeded", 1, 0, 0, 0)
    assert other_shop.get(f"inventory/{item['uid']}/").json() == item


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        (b"", {}, "file"),
        (b"\r\n\r\n", {}, "file"),
        (b"PK\x03\x04rest", {}, "file"),
        (b"title\n", {"mapping": "{"}, "mapping"),
        (b"title\n", {"mapping": "[" * 5000}, "mapping"),
        (b"title\n", {"mapping": "[1]"}, "mapping"),
        (b"title\n", {"mapping": '{"product_title": 5}'}, "mapping"),
        (b"title\n", {"mapping": '{"colour": "title"}'}, "mapping"),
        (b"title\n", {"mapping": '{"product_title": "Name"}'}, "mapping"),
        (b"title\n", {"mode": "delete"}, "mode"),
        (b"title\n", {"dry_run": "perhaps"}, "dry_run"),
        (b"title\n", {"mode": "update"}, "mapping"),
        (b"sku\n", {}, "mapping"),
        (b"colour\n", {"mode": "upsert"}, "mapping"),
        (b",".join([b"a"] * 1001), {}, "file"),
        (b"title\n", {"mapping": "a\x00b"}, "mapping"),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(
    shop: Shop, content: bytes, fields: dict[str, Any], field: str
) -> None:
    assert list(shop.errors(send(shop, content, **fields))) == [field]


def test_a_body_that_is_no_upload_is_refused(shop: Shop) -> None:
    assert shop.post("inventory/import/", {"file": "x"}).status_code == 415
    response = shop.client.post("/api/v1/inventory/import/", {"file": "not a file"})
    assert list(shop.errors(response)) == ["file"]


def test_a_table_without_rows_is_done_at_once(shop: Shop) -> None:
    assert counts(imported(shop, "title,artist\r\n")) == ("succeeded", 0, 0, 0, 0)


def test_an_import_belongs_to_its_shop(shop: Shop, other_shop: Shop) -> None:
    uid = send(shop, TABLE).json()["uid"]
    assert other_shop.get(f"inventory/import/{uid}/").status_code == 404
    assert other_shop.post(f"inventory/import/{uid}/cancel/").status_code == 404
    assert shop.get("inventory/import/none/").status_code == 404


def test_a_large_upload_is_taken_for_an_import_and_for_nothing_else(shop: Shop) -> None:
    from instica_desktop.server.settings import IMPORT_LIMIT

    notes = "x" * 4_990
    table = "title,condition_notes\n" + f"Aja,{notes}\n" * 8_000
    assert len(table) > 35_000_000
    response = send(shop, table, dry_run="true")
    assert response.status_code == 202
    shop.post(f"inventory/import/{response.json()['uid']}/cancel/")
    assert shop.upload(f"inventory/{shop.item()['uid']}/assets/", table.encode()).status_code == 413
    huge = {"CONTENT_LENGTH": str(IMPORT_LIMIT + 1)}
    assert send(shop, "title\n", **huge).status_code == 413


def test_cancelling_before_it_began(shop: Shop, data_dir: Path) -> None:
    from instica_desktop.server.models import Job

    uid = send(shop, TABLE).json()["uid"]
    assert shop.post(f"inventory/import/{uid}/cancel/").json()["status"] == "cancelled"
    assert counts(work(shop, uid)) == ("cancelled", 0, 0, 0, 0)
    assert not (data_dir / "jobs" / Job.objects.get(uid=uid).file).exists()
    assert shop.post(f"inventory/import/{uid}/cancel/").json()["status"] == "cancelled"
    assert items(shop) == []


def test_sending_twice_with_one_key_imports_once(shop: Shop) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "import-1"}
    first, again = send(shop, TABLE, **key), send(shop, TABLE, **key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["uid"] == again.json()["uid"]
    assert send(shop, TABLE + "x\r\n", **key).status_code == 409


def test_the_file_goes_with_the_job(shop: Shop, data_dir: Path) -> None:
    from instica_desktop.server.models import Job

    uid = send(shop, TABLE).json()["uid"]
    kept = data_dir / "jobs" / Job.objects.get(uid=uid).file
    assert kept.read_bytes() == TABLE.encode()
    assert kept.stat().st_mode & 0o777 == 0o600
    work(shop, uid)
    assert not kept.exists()


def test_a_file_that_is_gone_fails_the_job(shop: Shop, data_dir: Path) -> None:
    from instica_desktop.server.models import Job

    uid = send(shop, TABLE).json()["uid"]
    (data_dir / "jobs" / Job.objects.get(uid=uid).file).unlink()
    job = work(shop, uid)
    assert (job["status"], job["error_count"]) == ("failed", 1)


def _subscribe(shop: Shop, *features: tuple[str, int | None]) -> None:
    from instica_desktop.server.models import Plan, Subscription

    listed = [{"name": name, "limit": limit} for name, limit in features]
    plan = Plan.objects.create(name="Test", slug=f"test-{shop.organization.slug}", features=listed)
    Subscription.objects.create(organization=shop.organization, plan=plan)


def test_a_plan_without_imports_forbids_them(shop: Shop) -> None:
    _subscribe(shop, ("inventory_items", None))
    assert send(shop, TABLE).status_code == 402


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_plans_limit_stops_at_the_row_that_passes_it(shop: Shop, dry_run: str) -> None:
    _subscribe(shop, ("csv_import", None), ("inventory_items", 60))
    table = "title\n" + "Aja\n" * 70
    job = imported(shop, table, dry_run=dry_run)
    assert counts(job) == ("succeeded", 70, 60, 0, 0)
    assert [error["row"] for error in job["errors"]] == list(range(62, 72))


def test_a_file_that_breaks_off_is_imported_as_far_as_it_goes(shop: Shop) -> None:
    job = imported(shop, "title,notes\n" + "Aja,x\n" * 60 + 'Gaucho,"open\n')
    assert counts(job) == ("succeeded", 61, 60, 0, 0)
    assert (job["total"], [error["row"] for error in job["errors"]]) == (61, [62])
    assert "line 62" in job["errors"][0]["message"]
    assert shop.get("inventory/").json()["count"] == 60


def test_an_export_of_discogs(shop: Shop) -> None:
    table = (
        "listing_id,artist,title,label,catno,format,release_id,status,price,listed,comments,media_condition,"
        "sleeve_condition,accept_offer,external_id,weight,format_quantity,location,quantity\r\n"
        '1,Nirvana (2),All Of Us,"Parlophone, EMI",PCS 7130,"LP, Album",4711,For Sale,100.0,'
        '2024-05-06 07:08:09,"12"" sleeve, ""promo""",Very Good Plus (VG+),Not Graded,Y,X-1,230,1,A-1,1\r\n'
        "2,Nirvana (2),All Of Us,Parlophone,PCS 7130,LP,4711,Draft,,,,Mint (M),Generic,N,,,1,,1\r\n"
    )
    job = imported(shop, table)
    assert counts(job) == ("succeeded", 2, 2, 0, 0), job["errors"]
    first, second = items(shop)
    assert first["product"]["uid"] == second["product"]["uid"]
    assert first["product"]["artist"]["name"] == "Nirvana"
    assert (first["status"], second["status"]) == ("listed", "draft")
    assert (first["condition_item"], first["condition_container"]) == ("vg_plus", "not_graded")
    assert (first["price_item_usd"], first["weight_grams"]) == ("100.00", 230)
    assert first["condition_notes"] == '12" sleeve, "promo"'
    assert (first["manual_sku"], second["manual_sku"], first["location"]) == ("X-1", "", "A-1")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_umlauts_arrive_whatever_the_encoding(shop: Shop, encoding: str) -> None:
    imported(shop, "Title;Artist\r\nHäagen;Motörhead\r\n".encode(encoding))
    assert items(shop)[0]["product"]["artist"]["name"] == "Motörhead"
    assert shop.get("inventory/", {"search": "motorhead"}).json()["count"] == 1


def test_text_the_api_refuses_is_refused_in_a_file(shop: Shop) -> None:
    job = imported(shop, b"title,location\nAja,A\x00B\nAja," + b"x" * 101 + b"\nAja,A\n")
    assert counts(job) == ("succeeded", 3, 1, 0, 0)
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "location"), (3, "location")]


def test_memory_stays_flat_while_a_long_file_is_tried(shop: Shop) -> None:
    bad = "".join(f",{number},x{number}{'y' * 40_000}\n" for number in range(300))
    uid = send(shop, f"title,price,sku\n{bad}", dry_run="true").json()["uid"]
    tracemalloc.start()
    try:
        job = work(shop, uid)
        assert tracemalloc.get_traced_memory()[1] < len(bad) * 0.7
    finally:
        tracemalloc.stop()
    assert (job["processed"], job["error_count"], len(job["errors"])) == (300, 600, 500)
