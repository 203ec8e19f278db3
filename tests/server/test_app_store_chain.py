"""Purchases whose signature comes with certificates: only a whole chain to the configured root counts."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest

from instica_desktop.server.operations.certificates import SIGNS_PURCHASES
from tests.server.certificates import Chain, Holder, issue
from tests.server.shop import Shop

BUNDLE = "com.instica.app"
REFUSED = {"signed_transaction": ["The signature is not the App Store's."]}
_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def chain() -> Chain:
    """A chain to the root the server trusts."""
    return Chain.new()


@pytest.fixture(autouse=True)
def trusted(chain: Chain, data_dir: Any) -> Iterator[None]:
    """Let the server trust the chain's root."""
    from django.test import override_settings

    roots = (issue("Another root", None, authority=True).certificate, chain.root.certificate)
    store = {"bundle_id": BUNDLE, "keys": None, "roots": roots, "environments": ("Production",)}
    with override_settings(SHOP_APP_STORE=store):
        yield


def _verify(shop: Shop, key: Any, x5c: Any, **headers: Any) -> Any:
    now = int(time.time() * 1000)
    payload = {
        "originalTransactionId": f"X{shop.organization.pk}",
        "bundleId": BUNDLE,
        "productId": f"{BUNDLE}.pro.monthly",
        "expiresDate": now + 86_400_000,
        "environment": "Production",
    }
    sent = headers if x5c is None else {"x5c": x5c, **headers}
    signed = jwt.encode(payload, key, algorithm="ES256", headers=sent)
    return shop.post("subscriptions/apple/verify/", {"signed_transaction": signed})


def _refused(shop: Shop, holder: Holder, x5c: Any, **headers: Any) -> None:
    assert shop.errors(_verify(shop, holder.key, x5c, **headers)) == REFUSED
    assert shop.get("subscriptions/status/").json()["plan"] is None


def test_a_chain_to_the_trusted_root_counts(shop: Shop, chain: Chain) -> None:
    answer = _verify(shop, chain.leaf.key, chain.x5c)
    assert (answer.status_code, answer.json()["billing_provider"]) == (200, "apple")


def test_a_chain_to_another_root_does_not(shop: Shop) -> None:
    other = Chain.new()
    _refused(shop, other.leaf, other.x5c)


def test_the_root_that_was_sent_does_not_count(shop: Shop, chain: Chain) -> None:
    other = Chain.new()
    _refused(shop, other.leaf, [other.leaf.text, other.middle.text, chain.root.text])


@pytest.mark.parametrize(
    "changes",
    [
        {"leaf": {"ends": -_DAY}},
        {"middle": {"ends": -_DAY}},
        {"leaf": {"begins": _DAY}},
        {"leaf": {"mark": None}},
        {"middle": {"mark": None}},
        {"middle": {"authority": False, "digital_signature": True}},
        {"leaf": {"key_agreement": True}},
    ],
)
def test_an_expired_or_unfit_certificate_does_not_count(
    shop: Shop, chain: Chain, changes: dict[str, Any]
) -> None:
    made = Chain.new(chain.root, **changes)
    _refused(shop, made.leaf, made.x5c)


def test_a_signer_the_intermediate_did_not_sign_does_not_count(shop: Shop, chain: Chain) -> None:
    by_itself = issue("Signer", None, mark=SIGNS_PURCHASES)
    by_another = Chain.new(chain.root).leaf
    for signer in (by_itself, by_another):
        _refused(shop, signer, [signer.text, chain.middle.text, chain.root.text])


def test_a_signature_by_another_key_does_not_count(shop: Shop, chain: Chain) -> None:
    _refused(shop, Chain.new(chain.root).leaf, chain.x5c)


@pytest.mark.parametrize("x5c", [None, [], "x", ["x"] * 3, [5] * 3, {}, ["", "", ""], ["A" * 400] * 3])
def test_without_certificates_there_is_no_signer(shop: Shop, chain: Chain, x5c: Any) -> None:
    _refused(shop, chain.leaf, x5c)
    _refused(shop, chain.leaf, x5c, kid="local")


def test_a_chain_of_another_length_does_not_count(shop: Shop, chain: Chain) -> None:
    for x5c in (chain.x5c[:1], chain.x5c[:2], [*chain.x5c, chain.root.text]):
        _refused(shop, chain.leaf, x5c)
