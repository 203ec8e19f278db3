"""Tracking numbers are kept as the carrier knows them, once on an order, and found as they are pasted."""

import csv
import io
from typing import Any

import pytest

from tests.server.brought import PARCELS
from tests.server.shop import Shop

NUMBER = "9400111899560000000014"
WAYS = (
    f'="{NUMBER}"',
    f"\ufeff\u200b{NUMBER}",
    f"USPS {NUMBER}",
    "9400 1118 9956 0000 0000 14",
    f"{NUMBER} USPS Media Mail",
    f"42048202{NUMBER}",
    f"https://tools.usps.com/go/TrackConfirmAction?qtc_tLabels1={NUMBER}&" + "x=y&" * 60,
)


def _ship(shop: Shop, order: Any, number: str) -> Any:
    return shop.post(f"orders/{order.uid}/shipments/", {"carrier": "usps", "tracking_number": number})


@pytest.mark.parametrize("brought", WAYS)
def test_it_is_cleaned_wherever_it_comes_in(shop: Shop, brought: str) -> None:
    made = _ship(shop, order := shop.order(), brought)
    assert made.json()["tracking_number"] == NUMBER
    path = f"orders/{order.uid}/shipments/{made.json()['uid']}/"
    shop.patch(path, {"tracking_number": "OTHER-1"})
    assert shop.patch(path, {"tracking_number": brought}).json()["tracking_number"] == NUMBER
    entry = {"order": shop.order().uid, "carrier": "usps", "tracking_number": brought, "confirm": True}
    (result,) = shop.post("orders/bulk-ship/", {"shipments": [entry]}).json()["results"]
    assert result["shipment"]["tracking_number"] == NUMBER


def test_one_that_a_spreadsheet_damaged_is_refused_at_its_field(shop: Shop) -> None:
    order = shop.order()
    errors = shop.errors(_ship(shop, order, "9.40011E+21"))
    assert list(errors) == ["tracking_number"]
    assert "damaged by a spreadsheet" in errors["tracking_number"][0]
    entry = {"order": order.uid, "carrier": "usps", "tracking_number": "9.40011E+21"}
    (result,) = shop.post("orders/bulk-ship/", {"shipments": [entry]}).json()["results"]
    assert list(result["errors"]) == ["tracking_number"]
    assert shop.get(f"orders/{order.uid}/shipments/").json() == []


def test_a_carrier_s_file_of_parcels(shop: Shop) -> None:
    """Whoever reads its other columns decides on the cancelled parcel and on one number for two orders."""
    numbers = [row["Tracking Number"] for row in csv.DictReader(io.StringIO(PARCELS.decode(), newline=""))]
    answers = [_ship(shop, shop.order(), number) for number in numbers[:5]]
    assert [answer.status_code for answer in answers] == [201, 201, 400, 201, 201]
    assert "damaged by a spreadsheet" in shop.errors(answers.pop(2))["tracking_number"][0]
    assert [answer.json()["tracking_number"] for answer in answers] == [
        "9400111899560000000014",
        "9400111899560000000021",
        "9400111899560000000038",
        "9400111899560000000045",
    ]


@pytest.mark.parametrize("brought", ["N/A", "0", f"{NUMBER}\n9400111899560000000021", "=HYPERLINK(A1)"])
def test_what_is_no_number_or_several_ships_nothing(shop: Shop, brought: str) -> None:
    order = shop.order()
    assert list(shop.errors(_ship(shop, order, brought))) == ["tracking_number"]
    entry = {"order": order.uid, "carrier": "usps", "tracking_number": brought}
    (result,) = shop.post("orders/bulk-ship/", {"shipments": [entry]}).json()["results"]
    assert list(result["errors"]) == ["tracking_number"]
    assert shop.get(f"orders/{order.uid}/").json()["status"] == "awaiting_shipment"


def test_an_order_has_a_number_once(shop: Shop) -> None:
    order = shop.order()
    first = _ship(shop, order, "rr 473 124 829 gb").json()
    assert list(shop.errors(_ship(shop, order, "RR473124829GB"))) == ["tracking_number"]
    second = _ship(shop, order, "").json()
    _ship(shop, order, "")  # parcels without a number are not the same one
    path = f"orders/{order.uid}/shipments/"
    again = shop.patch(f"{path}{second['uid']}/", {"tracking_number": "Royal Mail RR473124829GB"})
    assert list(shop.errors(again)) == ["tracking_number"]
    same = {"tracking_number": first["tracking_number"], "service": "Signed"}
    assert shop.patch(f"{path}{first['uid']}/", same).json()["service"] == "Signed"
    assert len(shop.get(path).json()) == 3


@pytest.mark.parametrize("typed", [way for way in WAYS if len(way) < 40 and " 0000" not in way])
def test_it_is_found_as_it_is_pasted(shop: Shop, typed: str) -> None:
    order = shop.order()
    _ship(shop, order, NUMBER)
    found = shop.get("orders/", {"search": typed}).json()["results"]
    assert [one["uid"] for one in found] == [order.uid]
    assert shop.get("orders/", {"search": "USPS 9400111899560000000021"}).json()["count"] == 0


UPS = "1Z999AA10123456784"


@pytest.mark.parametrize(
    ("carrier", "brought", "told"),
    [
        ("usps", f"https://www.ups.com/track?tracknum={UPS}", "UPS"),
        ("usps", UPS.lower(), "UPS"),
        ("ups", NUMBER, "USPS"),
        ("usps", "https://www.dhl.com/en/express/tracking.html?AWB=1234567890", "DHL"),
        ("dhl", "FedEx 123456789012", "FedEx"),
        ("usps", "RR473124829GB", "Royal Mail"),
        ("royal_mail", "RR473124829GB", ""),
        ("dhl", "LX123456789DE via DHL", ""),
        ("deutsche_post", "LX123456789DE via DHL", ""),
        ("other", "GRT-2024-7", ""),
        ("usps", "123456789012", ""),
    ],
)
def test_a_row_says_that_its_number_is_another_carriers(
    shop: Shop, carrier: str, brought: str, told: str
) -> None:
    entry = {"order": shop.order().uid, "carrier": carrier, "tracking_number": brought}
    (result,) = shop.post("orders/bulk-ship/", {"shipments": [entry]}).json()["results"]
    assert result["ok"]
    assert len(result["notes"]) == bool(told)
    assert all(f"looks like one of {told};" in note for note in result["notes"])
