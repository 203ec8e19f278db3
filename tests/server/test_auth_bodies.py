"""Whatever is sent to the endpoints about accounts, the server answers, and in the contract's form."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.browser import Browser, login_path
from tests.server.people import PASSWORD, send, visitor
from tests.server.shop import Shop

_numbers = itertools.count(1)
_PUBLIC = [
    "register/email/",
    "email/verify/",
    "login/",
    "apple/",
    "password/reset/",
    "password/reset/confirm/",
    "email-recovery/",
    "nobody/",
]
_OWN = ["auth/social/", "v1/user/password/", "v1/user/device-tokens/"]
_FIELDS = [
    "email",
    "password",
    "first_name",
    "last_name",
    "phone_number",
    "token",
    "uid",
    "new_password",
    "current_password",
    "identity_token",
    "authorization_code",
    "code",
    "code_verifier",
    "redirect_uri",
    "provider",
    "platform",
]
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_bodies = st.dictionaries(st.sampled_from(_FIELDS), _anything) | _anything


def _check(shop: Shop, response: Any, body: Any) -> None:
    assert response.status_code < 500, (body, response.content)
    if response.status_code == 400:
        shop.errors(response)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_bodies, path=st.sampled_from(_PUBLIC))
def test_no_body_makes_a_public_endpoint_fail(shop: Shop, path: str, body: Any) -> None:
    _check(shop, send(visitor(), f"/api/auth/{path}", body), body)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_bodies, path=st.sampled_from(_OWN))
def test_no_body_makes_an_endpoint_of_ones_own_fail(shop: Shop, path: str, body: Any) -> None:
    _check(shop, send(shop.client, f"/api/{path}", body), body)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["redirect_uri", "state", "code_challenge", "extra"]), value=st.text(max_size=60))
def test_no_link_makes_a_page_fail(shop: Shop, name: str, value: str) -> None:
    try:
        path = login_path(**{name: value})
    except UnicodeEncodeError:  # a lone surrogate fits no address
        return
    assert Browser().open(path).status_code in (200, 400)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(alphabet=st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60))
def test_no_header_makes_the_server_fail(shop: Shop, value: str) -> None:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {value}"}
    assert visitor().get("/api/v1/user/me/", **headers).status_code == 401
    assert visitor().get("/api/v1/user/me/", HTTP_X_API_KEY=value).status_code == 401


@pytest.mark.parametrize(
    "domain", ["bücher.example", "ü" * 40 + ".example", "例え.テスト", "x" * 63 + ".example", "[127.0.0.1]"]
)
def test_an_address_of_any_script_is_taken_or_named(shop: Shop, domain: str) -> None:
    email = f"reader{next(_numbers)}@{domain}"
    names = {"first_name": "Ágústa", "last_name": "Þóra"}
    response = send(visitor(), "/api/auth/register/email/", {"email": email, "password": PASSWORD, **names})
    assert response.status_code in (201, 400), response.content
    if response.status_code == 400:
        assert list(shop.errors(response)) == ["email"]
