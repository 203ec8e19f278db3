"""Signing in through the browser: the page, its form, the way back, the exchange of the code."""

import itertools
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.server.browser import (
    REDIRECT,
    VERIFIER,
    Browser,
    answer_in,
    challenge,
    code_in,
    exchange_body,
    login_path,
)
from tests.server.people import send, visitor
from tests.server.shop import Shop

_numbers = itertools.count(1)


def _address() -> str:
    return f"browser{next(_numbers)}@example.com"


def _exchange(shop: Shop, body: Any, provider: str = "apple") -> Any:
    return shop.client.post(f"/api/auth/{provider}/", json.dumps(body), "application/json")


def test_a_person_signs_in_and_the_program_gets_a_token(shop: Shop) -> None:
    email = _address()
    back = answer_in(Browser().answer(login_path(), email=email, password="a stand-in password"))
    assert back["state"] == "st-1"
    first = _exchange(shop, exchange_body(back["code"])).json()
    assert first["created"] is True
    assert first["user"]["email"] == email
    assert first["user"]["email_verified"] is False
    assert first["user"]["organization"]["uid"] != shop.organization.uid
    again = _exchange(shop, exchange_body(Browser().sign_in(email))).json()
    assert again["created"] is False
    assert again["user"]["uid"] == first["user"]["uid"]
    assert again["token"] != first["token"]


def test_the_page_says_that_it_stands_in_and_runs_nothing(shop: Shop) -> None:
    response = Browser().open(login_path())
    text = response.content.decode()
    assert response.status_code == 200
    assert "stands in for Apple" in text
    assert "<script" not in text
    assert "style=" not in text
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:53682" in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


def test_what_was_typed_is_shown_escaped_and_the_password_not_at_all(shop: Shop) -> None:
    response = Browser().answer(login_path(), email='"><script>x', password="short")
    text = response.content.decode()
    assert response.status_code == 200
    assert "<script>" not in text
    assert "short" not in text
    assert 'role="alert"' in text


def test_a_known_address_needs_its_password(shop: Shop) -> None:
    email = _address()
    Browser().sign_in(email)
    for typed in (email, email.upper()):
        response = Browser().answer(login_path(), email=typed, password="another password")
        assert response.status_code == 200
        assert "Unable to log in" in response.content.decode()


def test_passwords_cannot_be_tried_without_end(shop: Shop) -> None:
    email = _address()
    Browser().sign_in(email)
    codes = [
        Browser().answer(login_path(), email=email, password="another password").status_code
        for _ in range(11)
    ]
    assert codes == [200] * 10 + [429]
    assert Browser().answer(login_path(), email=email, password="a stand-in password").status_code == 429


def test_cancelling_sends_the_program_a_refusal(shop: Shop) -> None:
    back = answer_in(Browser().answer(login_path(), answer="refuse"))
    assert back == {"error": "access_denied", "state": "st-1"}


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://127.0.0.1:53682/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:99999/callback",
        "http://localhost:53682/callback",
        "http://127.0.0.1:53682@evil.example/callback",
        "http://127.0.0.1:53682.evil.example/callback",
        "http://evil.example:53682/callback",
        "http://127.0.0.1:53682/callback?next=http://evil.example",
        "http://127.0.0.1:53682/callback#x",
        "http://127.0.0.1:53682//evil.example",
        "http://127.0.0.1:53682/../x",
        "http://127.0.0.1:53682/\r\nSet-Cookie: a=b",
        "http://127.0.0.1:53682/\\evil",
        "http://127.0.0.1:٥٣٦٨٢/callback",
        "http://[::1]:53682/callback",
        "//evil.example/callback",
        "/callback",
        "javascript:alert(1)",
        "com.example.app:/callback",
        "HTTP://127.0.0.1:53682/callback",
        " http://127.0.0.1:53682/callback",
    ],
)
def test_the_answer_goes_to_this_computer_only(shop: Shop, redirect_uri: str) -> None:
    path = login_path(redirect_uri=redirect_uri)
    for response in (Browser().open(path), _posted(path)):
        assert response.status_code == 400
        assert "Location" not in response
        assert "127.0.0.1 with a port" in response.content.decode()


def _posted(path: str) -> Any:
    """Send the form of a good page to another address of the same page."""
    browser = Browser()
    token = browser.open(login_path()).content.decode().partition('csrfmiddlewaretoken" value="')[2][:64]
    fields = {"csrfmiddlewaretoken": token, "email": _address(), "password": "a stand-in password"}
    return browser.send(path, urlencode(fields))


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"code_challenge": ""},
        {"code_challenge": "short"},
        {"code_challenge": challenge() + "="},
        {"code_challenge": "é" * 43},
        {"state": ""},
        {"state": "x" * 513},
        {"state": "a\r\nb"},
    ],
)
def test_a_challenge_and_a_state_are_needed(shop: Shop, changes: dict[str, str]) -> None:
    assert Browser().open(login_path(**changes)).status_code == 400
    assert _posted(login_path(**changes)).status_code == 400


@pytest.mark.parametrize("provider", ["nobody", "redbubble", "APPLE", "a%00b"])
def test_an_unknown_provider_has_no_page(shop: Shop, provider: str) -> None:
    path = login_path().replace("apple", provider)
    assert Browser().open(path).status_code == 404
    assert Browser().open(f"/accounts/{provider}/keys/").status_code == 404


@pytest.mark.allow_log(r"^WARNING django\.security\.csrf: ")
@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}])
def test_a_form_of_another_page_is_refused(shop: Shop, headers: dict[str, str]) -> None:
    fields = {"email": _address(), "password": "a stand-in password", "csrfmiddlewaretoken": "x" * 64}
    response = Browser().send(login_path(), urlencode(fields), **headers)
    assert response.status_code == 403
    assert "start again" in response.content.decode()


def test_a_link_from_a_web_page_opens_the_page_but_not_the_api(shop: Shop) -> None:
    client = Browser().client
    assert client.get(login_path(), HTTP_SEC_FETCH_SITE="cross-site").status_code == 200
    assert client.get("/api/health/", HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.get(login_path(), HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_a_page_reads_forms_only(shop: Shop, kind: str) -> None:
    assert Browser().client.post(login_path(), "x", content_type=kind).status_code == 415


def test_a_huge_form_is_413(shop: Shop) -> None:
    assert Browser().send(login_path(), "x" * 30_000).status_code == 413


def test_a_code_works_once(shop: Shop) -> None:
    code = Browser().sign_in(_address())
    assert _exchange(shop, exchange_body(code)).status_code == 200
    assert list(shop.errors(_exchange(shop, exchange_body(code)))) == ["code"]


def test_a_code_exchanged_twice_at_once_gives_one_token(shop: Shop) -> None:
    from django.db import connection

    body, codes = exchange_body(Browser().sign_in(_address())), []

    def exchange() -> None:
        codes.append(send(visitor(), "/api/auth/apple/", body).status_code)
        connection.close()

    threads = [threading.Thread(target=exchange) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 400, 400, 400]


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": challenge()},
        {"code_verifier": "v" * 44},
        {"code_verifier": "short"},
        {"redirect_uri": REDIRECT + "/"},
        {"redirect_uri": "http://127.0.0.1:1/callback"},
    ],
)
def test_a_code_shown_by_somebody_else_is_used_up(shop: Shop, changes: dict[str, str]) -> None:
    code = Browser().sign_in(_address())
    assert list(shop.errors(_exchange(shop, exchange_body(code, **changes)))) == ["code"]
    assert list(shop.errors(_exchange(shop, exchange_body(code)))) == ["code"]


def test_a_code_expires(shop: Shop) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from instica_desktop.server.domain.digests import digest_of
    from instica_desktop.server.models import OneTimeCode

    code = Browser().sign_in(_address())
    past = timezone.now() - timedelta(seconds=1)
    assert OneTimeCode.objects.filter(digest=digest_of(code)).update(expires=past) == 1
    assert list(shop.errors(_exchange(shop, exchange_body(code)))) == ["code"]


def test_codes_are_stored_as_hashes_only(shop: Shop) -> None:
    from instica_desktop.server.models import OneTimeCode

    code = Browser().sign_in(_address())
    assert not [row for row in OneTimeCode.objects.values() if code in str(row)]


@pytest.mark.parametrize(
    "body",
    [
        {"code": "x"},
        {"code": 5, "code_verifier": VERIFIER, "redirect_uri": REDIRECT},
        {"code": "a\x00b", "code_verifier": VERIFIER, "redirect_uri": REDIRECT},
        {"code": "\ud800", "code_verifier": VERIFIER, "redirect_uri": REDIRECT},
        {"code": "x" * 10_000, "code_verifier": VERIFIER, "redirect_uri": REDIRECT},
        {"code": "x", "code_verifier": "é" * 43, "redirect_uri": REDIRECT},
        {"code": "x", "code_verifier": None, "redirect_uri": []},
        [],
        "code",
        None,
    ],
)
def test_a_body_that_is_none_is_named(shop: Shop, body: Any) -> None:
    assert shop.errors(_exchange(shop, body))


def test_a_provider_without_exchange_is_404(shop: Shop) -> None:
    assert _exchange(shop, exchange_body("x"), "nobody").status_code == 404


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """A provider whose shops are connected: what was agreed, and for whom."""
    from rest_framework.response import Response

    from instica_desktop.server.domain.providers import Agreement, Provider
    from instica_desktop.server.views.providers import PROVIDERS

    made: list[Any] = []

    def connect(request: Any, agreement: Agreement) -> Response:
        made.append((request.user.uid, agreement))
        return Response({"account_name": agreement.account_name})

    monkeypatch.setitem(PROVIDERS, "market", Provider("market", "Market", signs_in=False, exchange=connect))
    return lambda: made


def test_a_shop_elsewhere_is_connected_for_the_caller(shop: Shop, market: Callable[[], list[Any]]) -> None:
    page = Browser().open(login_path("market")).content.decode()
    assert "Connect Market" in page
    assert "password" not in page.replace("Do not enter your real Market password", "")
    code = code_in(Browser().answer(login_path("market"), account_name="Blue Note Records"))
    assert _exchange(shop, exchange_body(code), "apple").status_code == 400  # of another provider: used up
    code = code_in(Browser().answer(login_path("market"), account_name="Blue Note Records"))
    response = _exchange(shop, exchange_body(code), "market")
    assert response.json() == {"account_name": "Blue Note Records"}
    [(uid, agreement)] = market()
    assert uid == shop.user.uid
    assert (agreement.provider, agreement.subject) == ("market", "blue note records")


def test_connecting_needs_a_caller(shop: Shop, market: Callable[[], list[Any]]) -> None:
    code = code_in(Browser().answer(login_path("market"), account_name="Blue Note Records"))
    del shop.client.defaults["HTTP_X_API_KEY"]
    response = _exchange(shop, exchange_body(code), "market")
    assert response.status_code == 401
    assert response.json() == {"detail": "Authentication credentials were not provided."}
    assert market() == []
