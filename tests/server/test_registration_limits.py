"""How often one may register: for one mail address, and from one place."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.people import PASSWORD, new_address, send, visitor
from tests.server.shop import Shop


@pytest.fixture
def three_an_hour(shop: Shop) -> Iterator[None]:
    """Let three register from one address, behind a proxy as well."""
    from django.test import override_settings

    with override_settings(SHOP_REGISTRATIONS_PER_HOUR=3, SHOP_PROXIES=("10.9.9.9",)):
        yield


def _register(email: str = "", password: str = PASSWORD, **where: str) -> Any:
    names = {"first_name": "Merle", "last_name": "Travis"}
    body = {"email": email or new_address(), "password": password, **names}
    return send(visitor(), "/api/auth/register/email/", body, **where)


def _check_throttled(answer: Any) -> None:
    assert answer.status_code == 429
    wait = int(answer["Retry-After"])
    assert 0 < wait <= 3600
    assert answer.json() == {"detail": f"Request was throttled. Expected available in {wait} seconds."}


def test_one_mail_address_registers_ten_times_an_hour(shop: Shop) -> None:
    email = new_address()
    weak = [_register(email.title(), "password1234") for _ in range(9)]
    assert [answer.status_code for answer in weak] == [400] * 9
    assert _register(email).status_code == 201
    _check_throttled(_register(email.upper()))
    assert _register().status_code == 201


@pytest.mark.usefixtures("three_an_hour")
def test_one_address_registers_as_often_as_is_set() -> None:
    here = {"REMOTE_ADDR": "192.0.2.1"}
    assert [_register(**here).status_code for _ in range(3)] == [201] * 3
    _check_throttled(_register(**here))
    assert _register(REMOTE_ADDR="192.0.2.2").status_code == 201


@pytest.mark.usefixtures("three_an_hour")
def test_what_is_no_registration_does_not_count() -> None:
    here = {"REMOTE_ADDR": "192.0.2.3"}
    assert [_register("nobody", **here).status_code for _ in range(5)] == [400] * 5
    assert _register(**here).status_code == 201


@pytest.mark.usefixtures("three_an_hour")
def test_a_proxy_of_ours_is_believed_and_nobody_else() -> None:
    def through(proxy: str, told: str) -> int:
        return _register(REMOTE_ADDR=proxy, HTTP_X_FORWARDED_FOR=told).status_code

    forged = [through("10.9.9.9", f"203.0.113.{number}, 192.0.2.4") for number in range(4)]
    assert forged == [201, 201, 201, 429]
    assert through("10.9.9.9", "192.0.2.5") == 201
    assert [through("192.0.2.6", f"203.0.113.{number}") for number in range(4)] == [201, 201, 201, 429]


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_who_is_counted_together(shop: Shop, peer: str, counted: str) -> None:
    from django.test import RequestFactory

    from instica_desktop.server.web.client_address import client_address

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer)) == counted
