"""The authorization code of a sign-in with Apple, exchanged at a stand-in for Apple."""

import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.server.people import new_address, send, visitor
from tests.server.provider import AUDIENCE, ISSUER, Provider, running
from tests.server.shop import Shop

unavailable = pytest.mark.allow_log(r"^ERROR django\.request: Service Unavailable")
refuses_us = pytest.mark.allow_log(r"^ERROR instica_desktop\.\S+: the sign-in provider refuses this server")
BAD_CODE = {"authorization_code": ["The sign-in provider does not accept this code. Sign in there again."]}


@pytest.fixture
def provider(shop: Shop) -> Iterator[Provider]:
    """A provider this server exchanges codes at."""
    from django.test import override_settings

    with running() as found, override_settings(SHOP_IDENTITY_ISSUERS=found.settings()):
        yield found


def _sign_in(token: str, code: str = "the code") -> Any:
    return send(visitor(), "/api/auth/apple/", {"identity_token": token, "authorization_code": code})


def _subject(shop: Shop) -> str:
    return f"code-{shop.organization.pk}"


def test_a_code_is_exchanged_as_documented(shop: Shop, provider: Provider) -> None:
    subject = _subject(shop)
    provider.answer = lambda form: (200, {"access_token": "a", "id_token": provider.token(subject)})
    signed_in = _sign_in(provider.token(subject, email=new_address()))
    assert (signed_in.status_code, signed_in.json()["created"]) == (200, True)
    [form] = provider.asked
    secret = form.pop("client_secret")
    assert form == {"client_id": AUDIENCE, "code": "the code", "grant_type": "authorization_code"}
    assert jwt.get_unverified_header(secret) == {"alg": "ES256", "kid": "KEY", "typ": "JWT"}
    claims = jwt.decode(secret, provider.client_key.public_key(), ["ES256"], audience=ISSUER)
    assert (claims["iss"], claims["sub"]) == ("TEAM", AUDIENCE)
    assert claims["iat"] <= time.time() < claims["exp"] <= claims["iat"] + 300


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_request"])
def test_a_code_the_provider_refuses_opens_nothing(shop: Shop, provider: Provider, error: str) -> None:
    token, refusal = provider.token(_subject(shop)), (400, {"error": error})
    provider.answer = lambda form: refusal
    assert shop.errors(_sign_in(token)) == BAD_CODE
    provider.answer = lambda form: (200, {"id_token": provider.token(_subject(shop))})
    assert _sign_in(token).status_code == 200  # the refusal did not use the identity token up


@pytest.mark.parametrize("body", [{}, {"id_token": None}, {"id_token": "x"}, {"id_token": ["x"]}])
def test_an_exchange_that_names_nobody_opens_nothing(shop: Shop, provider: Provider, body: Any) -> None:
    provider.answer = lambda form: (200, body)
    assert shop.errors(_sign_in(provider.token(_subject(shop)))) == BAD_CODE


def test_the_code_of_somebody_else_opens_nothing(shop: Shop, provider: Provider) -> None:
    provider.answer = lambda form: (200, {"id_token": provider.token("somebody else")})
    assert shop.errors(_sign_in(provider.token(_subject(shop)))) == BAD_CODE


def test_a_bad_identity_token_costs_no_exchange(shop: Shop, provider: Provider) -> None:
    assert list(shop.errors(_sign_in(provider.token(_subject(shop), aud="other")))) == ["identity_token"]
    assert provider.asked == []


@unavailable
@refuses_us
@pytest.mark.parametrize("answer", [(400, {"error": "invalid_client"}), (500, {}), (429, {})])
def test_a_provider_that_refuses_us_is_503(shop: Shop, provider: Provider, answer: Any) -> None:
    provider.answer = lambda form: answer
    assert _sign_in(provider.token(_subject(shop))).status_code == 503


@unavailable
@pytest.mark.parametrize("answer", [(200, []), (200, b"<html>"), (400, b""), (200, b'{"id_token": "x"')])
def test_an_answer_that_cannot_be_read_is_503(shop: Shop, provider: Provider, answer: Any) -> None:
    provider.answer = lambda form: answer
    assert _sign_in(provider.token(_subject(shop))).status_code == 503


@unavailable
@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_not_followed(shop: Shop, provider: Provider, status: int) -> None:
    provider.answer = lambda form: (status, f"{provider.url}/elsewhere")
    provider_answers = _sign_in(provider.token(_subject(shop)))
    assert provider_answers.status_code == 503
    assert len(provider.asked) == 1


@unavailable
def test_a_provider_that_does_not_answer_is_503_in_time(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from instica_desktop.server.operations import provider_codes

    monkeypatch.setattr(provider_codes, "_TIMEOUT", 0.2)
    provider.answer = lambda form: (time.sleep(1), (200, {}))[1]
    assert _sign_in(provider.token(_subject(shop))).status_code == 503


def test_others_write_while_the_provider_thinks(shop: Shop, provider: Provider) -> None:
    from django.db import connection

    written: list[int] = []

    def answer(form: dict[str, str]) -> Any:
        written.append(shop.post("products/", {"title": "Meanwhile"}).status_code)
        connection.close()
        return 200, {"id_token": provider.token(_subject(shop))}

    provider.answer = answer
    assert _sign_in(provider.token(_subject(shop))).status_code == 200
    assert written == [201]
