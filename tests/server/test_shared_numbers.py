"""A tracking number on orders to different addresses is asked about, unless `confirm` is sent."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.server.fixture import ROOT
from tests.server.shop import Shop

NUMBER = "9400111899560000000014"
ANN = {
    "full_name": "Ann Buyer",
    "line1": "5 Elm Street",
    "line2": "Apt 3",
    "city": "Portland",
    "state": "OR",
    "postal_code": "97201",
    "country": "US",
}
BOB = {**ANN, "full_name": "Bob Other", "line1": "8 Oak Street", "line2": ""}
SAME_AS_ANN = {
    **ANN,
    "full_name": "ANN  BÚYER",
    "line1": "5, elm street, apt. 3",
    "line2": "",
    "city": "Portland (East)",
    "state": "Oregon",
    "postal_code": "972 01",
    "country": "us",
    "phone": "1",
}


def _order(shop: Shop, address: dict[str, Any] | None, number: str) -> Any:
    name = address["full_name"] if address else ""
    return shop.order(address=address, order_id=number, buyer_name=name)


def _parcel(number: str = NUMBER, **more: Any) -> dict[str, Any]:
    return {"carrier": "usps", "tracking_number": number, **more}


def _ship(shop: Shop, order: Any, number: str = NUMBER, **more: Any) -> Any:
    return shop.post(f"orders/{order.uid}/shipments/", _parcel(number, **more))


def _numbers(shop: Shop, order: Any) -> list[str]:
    return [one["tracking_number"] for one in shop.get(f"orders/{order.uid}/shipments/").json()]


def test_a_number_on_an_order_to_another_address_is_asked_about(shop: Shop) -> None:
    first, second = _order(shop, ANN, "1001"), _order(shop, BOB, "1002")
    assert _ship(shop, first).status_code == 201
    asked = _ship(shop, second, "USPS 9400 1118 9956 0000 0000 14")
    assert asked.status_code == 409
    body = asked.json()
    assert body["also_on"] == [
        {
            "uid": first.uid,
            "order_id": "1001",
            "buyer_name": "Ann Buyer",
            "platform": "discogs",
            "platform_name": "Discogs",
            "address": "other",
        }
    ]
    assert "order 1001 of Ann Buyer" in body["detail"]
    assert "another address" in body["detail"]
    assert "confirm" in body["detail"]
    shown = shop.get(f"orders/{second.uid}/").json()
    assert (shown["status"], shown["shipments"]) == ("awaiting_shipment", [])


def test_confirmed_it_is_taken(shop: Shop) -> None:
    first, second = _order(shop, ANN, "1001"), _order(shop, BOB, "1002")
    _ship(shop, first)
    assert _ship(shop, second, confirm=False).status_code == 409
    made = _ship(shop, second, confirm=True)
    assert (made.status_code, made.json()["tracking_number"]) == (201, NUMBER)
    assert "confirm" not in made.json()
    assert list(shop.errors(_ship(shop, second, "22", confirm="yes"))) == ["confirm"]


def test_the_same_key_goes_on_once_it_is_confirmed(shop: Shop) -> None:
    first, second = _order(shop, ANN, "1001"), _order(shop, BOB, "1002")
    _ship(shop, first)
    path = f"orders/{second.uid}/shipments/"
    assert shop.post(path, _parcel(), HTTP_IDEMPOTENCY_KEY="k").status_code == 409
    made = shop.post(path, _parcel(confirm=True), HTTP_IDEMPOTENCY_KEY="k")
    assert made.status_code == 201
    assert shop.post(path, _parcel(confirm=True), HTTP_IDEMPOTENCY_KEY="k").json() == made.json()


def test_confirming_does_not_put_it_on_one_order_twice(shop: Shop) -> None:
    order = _order(shop, ANN, "1001")
    _ship(shop, order)
    assert list(shop.errors(_ship(shop, order, confirm=True))) == ["tracking_number"]


@pytest.mark.parametrize("address", [ANN, SAME_AS_ANN])
def test_orders_to_one_address_share_a_parcel_unasked(shop: Shop, address: dict[str, Any]) -> None:
    _ship(shop, _order(shop, ANN, "1001"))
    assert _ship(shop, _order(shop, address, "1002")).status_code == 201


@pytest.mark.parametrize("part", ["full_name", "line1", "line2", "postal_code", "country"])
def test_each_part_of_an_address_tells_it_from_another(shop: Shop, part: str) -> None:
    _ship(shop, _order(shop, ANN, "1001"))
    (other,) = _ship(shop, _order(shop, {**ANN, part: "GB"}, "1002")).json()["also_on"]
    assert other["address"] == "other"


def test_without_postal_codes_the_city_tells(shop: Shop) -> None:
    dublin = {**ANN, "postal_code": "", "city": "Dublin", "country": "IE"}
    _ship(shop, _order(shop, dublin, "1001"))
    assert _ship(shop, _order(shop, {**dublin, "city": "Cork"}, "1002")).status_code == 409
    assert _ship(shop, _order(shop, dublin, "1003"), confirm=True).status_code == 201


@pytest.mark.parametrize("missing", [None, {**ANN, "line1": "", "line2": ""}, {**ANN, "full_name": ""}])
def test_an_address_that_is_not_known_whole_cannot_be_told(
    shop: Shop, missing: dict[str, Any] | None
) -> None:
    _ship(shop, _order(shop, missing, "1001"))
    for address in (ANN, missing):
        asked = _ship(shop, _order(shop, address, "1002"))
        assert asked.status_code == 409
        assert asked.json()["also_on"][0]["address"] == "unknown"
        assert "not known" in asked.json()["detail"]


def test_a_changed_number_is_asked_about(shop: Shop) -> None:
    first, second = _order(shop, ANN, "1001"), _order(shop, BOB, "1002")
    _ship(shop, first)
    path = f"orders/{second.uid}/shipments/{_ship(shop, second, 'OTHER-1').json()['uid']}/"
    asked = shop.patch(path, {"tracking_number": NUMBER, "service": "Signed"})
    assert (asked.status_code, asked.json()["also_on"][0]["uid"]) == (409, first.uid)
    assert (shop.get(path).json()["tracking_number"], shop.get(path).json()["service"]) == ("OTHER-1", None)
    changed = shop.patch(path, {"tracking_number": NUMBER, "confirm": True})
    assert changed.json()["tracking_number"] == NUMBER
    assert shop.patch(path, {"tracking_number": f"USPS {NUMBER}", "service": "2"}).json()["service"] == "2"
    assert shop.patch(path, {"service": "3"}).json()["service"] == "3"
    assert shop.patch(path, {"tracking_number": ""}).json()["tracking_number"] is None
    assert shop.patch(path, {"tracking_number": NUMBER}).status_code == 409


def test_a_number_that_went_is_free_again(shop: Shop) -> None:
    first, second = _order(shop, ANN, "1001"), _order(shop, BOB, "1002")
    uid = _ship(shop, first, "rr473124829gb").json()["uid"]
    assert _ship(shop, second, "RR473124829GB").status_code == 409
    shop.patch(f"orders/{first.uid}/shipments/{uid}/", {"tracking_number": NUMBER})
    assert _ship(shop, second, "RR473124829GB").status_code == 201
    shop.delete(f"orders/{first.uid}/shipments/{uid}/")
    assert _ship(shop, second).status_code == 201


def test_parcels_without_a_number_share_none(shop: Shop) -> None:
    _ship(shop, _order(shop, ANN, "1001"), "")
    assert _ship(shop, _order(shop, BOB, "1002"), "").status_code == 201


def test_the_numbers_of_other_organizations_do_not_count(shop: Shop, other_shop: Shop) -> None:
    _ship(other_shop, _order(other_shop, ANN, "1001"))
    order = _order(shop, BOB, "1002")
    assert _ship(shop, order).status_code == 201
    (other,) = _ship(shop, _order(shop, ANN, "1003")).json()["also_on"]
    assert other["uid"] == order.uid


def test_all_orders_are_named_once_the_newest_parcel_first(shop: Shop) -> None:
    orders = [_order(shop, {**BOB, "line1": f"{number} Oak Street"}, f"20{number}") for number in range(24)]
    for order in orders:
        _ship(shop, order, confirm=True)
    asked = _ship(shop, _order(shop, ANN, "1001")).json()
    assert [one["order_id"] for one in asked["also_on"]] == [f"20{number}" for number in range(23, 3, -1)]
    assert "order 2023 of Bob Other" in asked["detail"]
    assert "and 17 more" in asked["detail"]
    _ship(shop, orders[0], f"{NUMBER}1")
    assert len(_numbers(shop, orders[0])) == 2


def _bulk(shop: Shop, *entries: dict[str, Any]) -> list[dict[str, Any]]:
    answer = shop.post("orders/bulk-ship/", {"shipments": list(entries)})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_rows_of_many_are_asked_about_each_by_itself(shop: Shop) -> None:
    first, second, third = (
        _order(shop, address, f"100{number}") for number, address in enumerate((ANN, BOB, SAME_AS_ANN))
    )
    new = _order(shop, BOB, "1009")
    _ship(shop, first)
    rows = _bulk(
        shop,
        {"order": second.uid, **_parcel()},
        {"order": third.uid, **_parcel()},
        {"order": new.uid, **_parcel("OTHER-1")},
    )
    assert [row["ok"] for row in rows] == [False, True, True]
    assert [one["uid"] for one in rows[0]["also_on"]] == [first.uid]
    assert "order 1000 of Ann Buyer" in rows[0]["errors"]["tracking_number"][0]
    assert [row["also_on"] for row in rows[1:]] == [None, None]
    assert _numbers(shop, second) == []
    (row,) = _bulk(shop, {"order": second.uid, **_parcel(confirm=True)})
    assert (row["ok"], row["also_on"], row["shipment"]["tracking_number"]) == (True, None, NUMBER)


def test_a_row_says_that_an_order_to_the_same_address_has_its_number(shop: Shop) -> None:
    first, second, other = (
        _order(shop, ANN, "1001"),
        _order(shop, SAME_AS_ANN, "1002"),
        _order(shop, BOB, "1003"),
    )
    rows = _bulk(
        shop,
        {"order": first.uid, **_parcel()},
        {"order": second.uid, **_parcel()},
        {"order": other.uid, **_parcel(confirm=True)},
        {"order": _order(shop, ANN, "1004").uid, "carrier": "usps"},
    )
    assert [row["notes"] for row in rows] == [
        [],
        ["This tracking number is also on order 1001, to the same address."],
        [],
        [],
    ]


def test_two_rows_of_one_request_are_asked_about_too(shop: Shop) -> None:
    first, second, third = _order(shop, ANN, "1001"), _order(shop, BOB, "1002"), _order(shop, ANN, "1003")
    rows = _bulk(shop, *({"order": one.uid, **_parcel()} for one in (first, second, third)))
    assert [row["ok"] for row in rows] == [True, False, True]
    assert [one["uid"] for one in rows[1]["also_on"]] == [first.uid]
    assert list(rows[1]["errors"]) == ["tracking_number"]


_UPDATE = r"""
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(Path(sys.argv[1]), hosts={"localhost"})
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

call_command("migrate", "shop", "0016", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0016_shared_offers")).apps
get = lambda name: models.get_model("shop", name).objects
now = datetime.now(UTC)
for number in (1, 2):
    shop = get("Organization").create(slug=f"shop{number}")
    order = get("Order").create(uid=f"o{number}", organization=shop, sold_at=now)
    for at, text in enumerate(("9400 1118 9956 0000 0000 14", "", "9.4E+21", "t-1")):
        get("Shipment").create(uid=f"s{number}{at}", order=order, tracking_number=text)
with connection.cursor() as cursor:
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=16")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Shipment
from instica_desktop.server.domain.tracking import number_key

rows = Shipment.objects.select_related("order").order_by("pk")
print(json.dumps({
    "keys": [row.number_key for row in rows],
    "same": all(row.number_key == number_key(row.order.organization_id, row.tracking_number) for row in rows),
}))
"""


def test_parcels_noted_before_are_known_by_their_numbers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _UPDATE, str(tmp_path / "old")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["same"]
    first, second = seen["keys"][:4], seen["keys"][4:]
    assert first[1] is None
    assert len({key for key in (*first, *second) if key}) == 6
    assert first[0].endswith(NUMBER)


def test_a_parcel_is_known_by_its_number_however_it_is_written(shop: Shop) -> None:
    from instica_desktop.server.domain.tracking import number_key
    from instica_desktop.server.models import Shipment

    _ship(shop, _order(shop, ANN, "1001"), "rr473124829gb")
    (row,) = Shipment.objects.filter(order__organization=shop.organization).select_related("order")
    assert row.number_key == number_key(shop.organization.pk, "RR 473 124 829 GB")


def test_the_number_is_looked_up_in_an_index(shop: Shop) -> None:
    from django.db import connection

    from instica_desktop.server.models import Shipment

    plan = Shipment.objects.filter(number_key="1 X").explain()
    if connection.vendor == "sqlite":
        assert "shipment_number" in plan
