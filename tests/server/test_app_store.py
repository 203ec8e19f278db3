"""Purchases in the App Store, signed by a stand-in for it."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.billing_pages import buy
from tests.server.shop import Shop

BUNDLE = "com.instica.app"


@pytest.fixture(scope="module")
def apple_key() -> Any:
    """A key of a stand-in for the App Store."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def app_store(apple_key: Any, data_dir: Any) -> Iterator[None]:
    """Let the server trust the stand-in's key."""
    import json

    from django.test import override_settings
    from jwt.algorithms import ECAlgorithm

    public = json.loads(ECAlgorithm.to_jwk(apple_key.public_key())) | {"kid": "local", "alg": "ES256"}
    trusted = {"bundle_id": BUNDLE, "keys": {"keys": [public]}, "environments": ("LocalTesting",)}
    with override_settings(SHOP_APP_STORE=trusted):
        yield


def _signed(key: Any, number: str, **fields: Any) -> str:
    import jwt

    now = int(time.time() * 1000)
    payload = {
        "transactionId": number,
        "originalTransactionId": number,
        "bundleId": BUNDLE,
        "productId": f"{BUNDLE}.pro.monthly",
        "purchaseDate": now,
        "expiresDate": now + 30 * 86_400_000,
        "type": "Auto-Renewable Subscription",
        "environment": "LocalTesting",
    }
    kept = {name: value for name, value in (payload | fields).items() if value is not None}
    return jwt.encode(kept, key, algorithm="ES256", headers={"kid": "local"})


def _verify(shop: Shop, signed: Any) -> Any:
    return shop.post("subscriptions/apple/verify/", {"signed_transaction": signed})


@pytest.mark.usefixtures("app_store")
def test_a_signed_purchase_gives_its_plan(shop: Shop, other_shop: Shop, apple_key: Any) -> None:
    signed = _signed(apple_key, f"A{shop.organization.pk}")
    status = _verify(shop, signed).json()
    assert (status["is_active"], status["billing_provider"]) == (True, "apple")
    assert status["plan"]["slug"] == "pro"
    again = _verify(shop, signed).json()
    del status["usage"], again["usage"]  # these requests are counted meanwhile
    assert again == status
    taken = other_shop.errors(_verify(other_shop, signed))
    assert taken == {"signed_transaction": ["This purchase belongs to another organization."]}
    for act in ("cancel", "resume"):
        assert "App Store" in shop.post(f"subscriptions/{act}/").json()["detail"]
    assert shop.post("subscriptions/checkout/", {"price_id": "price_pro_monthly"}).status_code == 409


@pytest.mark.usefixtures("app_store")
def test_one_purchase_shown_by_two_organizations_at_once_pays_for_one(
    shop: Shop, other_shop: Shop, apple_key: Any
) -> None:
    from django.db import connection
    from rest_framework.exceptions import ValidationError

    from instica_desktop.server.operations.app_store import verify_transaction
    from instica_desktop.server.storage.transactions import writing

    signed, refused, began = _signed(apple_key, f"G{shop.organization.pk}"), [], threading.Event()

    def come_second() -> None:
        began.set()
        try:
            with writing(other_shop.organization.pk):  # on PostgreSQL this lock keeps nobody else out
                verify_transaction(other_shop.organization, signed)
        except ValidationError as error:
            refused.append(error.detail)
        connection.close()

    with writing(shop.organization.pk):
        verify_transaction(shop.organization, signed)
        second = threading.Thread(target=come_second)
        second.start()
        assert began.wait(10)
        second.join(0.5)  # it waits for our commit, which it cannot know the outcome of
        assert second.is_alive()
    second.join(30)
    assert refused == [{"signed_transaction": ["This purchase belongs to another organization."]}]
    assert shop.get("subscriptions/status/").json()["billing_provider"] == "apple"
    assert other_shop.get("subscriptions/status/").json()["plan"] is None


@pytest.mark.usefixtures("app_store")
def test_a_renewal_extends_and_an_older_purchase_does_not_shorten(shop: Shop, apple_key: Any) -> None:
    number, now = f"B{shop.organization.pk}", int(time.time() * 1000)
    first = _verify(shop, _signed(apple_key, number)).json()
    longer = {"expiresDate": now + 60 * 86_400_000, "transactionId": "2"}
    renewed = _verify(shop, _signed(apple_key, number, **longer)).json()
    assert renewed["current_period_end"] > first["current_period_end"]
    assert _verify(shop, _signed(apple_key, number)).json() == renewed


@pytest.mark.usefixtures("app_store")
@pytest.mark.parametrize(
    "fields",
    [
        {"bundleId": "com.other"},
        {"environment": "Sandbox"},
        {"productId": "com.other.pro.monthly"},
        {"productId": f"{BUNDLE}.gold.monthly"},
        {"productId": f"{BUNDLE}.pro.weekly"},
        {"productId": f"{BUNDLE}.\x00.monthly"},
        {"productId": None},
        {"expiresDate": 1_500_000_000_000},
        {"expiresDate": 10**30},
        {"expiresDate": -(10**18)},
        {"expiresDate": "tomorrow"},
        {"expiresDate": True},
        {"expiresDate": None},
        {"originalTransactionId": None},
        {"originalTransactionId": ""},
        {"originalTransactionId": 5},
        {"originalTransactionId": "x" * 101},
        {"revocationDate": 1_500_000_000_000},
    ],
)
def test_a_purchase_that_is_not_ours_is_refused(shop: Shop, apple_key: Any, fields: dict[str, Any]) -> None:
    refused = _verify(shop, _signed(apple_key, f"C{shop.organization.pk}", **fields))
    assert list(shop.errors(refused)) == ["signed_transaction"]
    assert shop.get("subscriptions/status/").json()["plan"] is None


@pytest.mark.usefixtures("app_store")
@pytest.mark.parametrize("signed", ["", "x", "a.b.c", "é.é.é", None, 5, [], "x" * 20_001, "a\x00b"])
def test_what_is_no_transaction_is_refused(shop: Shop, signed: Any) -> None:
    assert list(shop.errors(_verify(shop, signed))) == ["signed_transaction"]


@pytest.mark.usefixtures("app_store")
def test_only_the_trusted_key_and_algorithm_count(shop: Shop) -> None:
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec

    stranger = ec.generate_private_key(ec.SECP256R1())
    assert shop.errors(_verify(shop, _signed(stranger, "D1")))
    for algorithm, key in (("none", ""), ("HS256", "k" * 64)):
        forged = jwt.encode({"bundleId": BUNDLE}, key, algorithm=algorithm, headers={"kid": "local"})
        assert shop.errors(_verify(shop, forged))
    other = jwt.encode({"bundleId": BUNDLE}, stranger, algorithm="ES256", headers={"kid": "other"})
    assert shop.errors(_verify(shop, other))


@pytest.mark.usefixtures("app_store")
def test_a_purchase_waits_while_a_card_pays(shop: Shop, apple_key: Any) -> None:
    buy(shop)
    assert _verify(shop, _signed(apple_key, f"E{shop.organization.pk}")).status_code == 409


def test_without_a_key_no_purchase_is_taken(shop: Shop, apple_key: Any) -> None:
    refused = shop.errors(_verify(shop, _signed(apple_key, "F1")))
    assert refused == {"signed_transaction": ["This server does not take purchases from the App Store."]}
