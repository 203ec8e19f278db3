"""Registering, confirming the address, signing in and out; what a token opens and when it is dead."""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.server.people import PASSWORD, Person, new_address, send, visitor
from tests.server.shop import Shop

REGISTER = "/api/auth/register/email/"
LOGIN = "/api/auth/login/"
REFUSED = {"non_field_errors": ["Unable to log in with provided credentials."]}


@pytest.fixture
def person(data_dir: Path) -> Person:
    """Somebody who just registered."""
    return Person.register(data_dir)


def _body(**changes: Any) -> dict[str, Any]:
    names = {"first_name": "Merle", "last_name": "Travis"}
    return {"email": new_address(), "password": PASSWORD, **names, **changes}


def test_registering_founds_a_shop_of_ones_own(person: Person, other_shop: Shop) -> None:
    me = person.get("user/me/").json()
    assert me["email"] == person.email
    assert me["username"] == person.email
    assert me["first_name"] == "Merle"
    assert me["email_verified"] is False
    assert me["organization"]["display_name"] == "Merle’s record shop"
    item = other_shop.item()
    assert person.get("inventory/").json()["count"] == 0
    assert person.get(f"inventory/{item['uid']}/").status_code == 404
    product = person.post("products/", {"title": "Sixteen Tons"})
    assert product.status_code == 201


def test_neither_password_nor_token_is_stored_or_shown(person: Person) -> None:
    from instica_desktop.server.models import AccessToken, IdempotencyRecord

    row = person.row()
    assert PASSWORD not in row.password
    tokens = str(list(AccessToken.objects.filter(user=row).values()))
    assert person.token not in tokens
    assert person.token[11:] not in tokens
    assert not IdempotencyRecord.objects.filter(user=row).exists()
    assert not [mail for mail in person.mails() if PASSWORD in str(mail)]


def test_a_phone_number_is_kept_as_digits(data_dir: Path) -> None:
    made = Person.register(data_dir, phone_number="+49 (30) 901820-44")
    assert made.row().phone_number == "+493090182044"
    assert Person.register(data_dir, phone_number=None).row().phone_number == ""


@pytest.mark.parametrize("change", [str.upper, str.title, str.lower])
def test_an_address_has_one_account_whatever_its_case(person: Person, change: Any) -> None:
    response = send(visitor(), REGISTER, _body(email=change(person.email)))
    assert response.status_code == 400
    assert response.json() == {"email": ["An account with this email already exists."]}


def test_registering_twice_at_once_makes_one_account(data_dir: Path) -> None:
    from django.db import connection

    from instica_desktop.server.models import User

    body, codes = _body(), []

    def register() -> None:
        codes.append(send(visitor(), REGISTER, body).status_code)
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201, 400, 400, 400]
    assert User.objects.filter(email_key=body["email"]).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", None),
        ("email", 5),
        ("email", "nobody"),
        ("email", "a@b\x00.example"),
        ("email", "a\r\nBcc: b@example.com@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("email", "\ud800@example.com"),
        ("password", ""),
        ("password", None),
        ("password", 1234567890123),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "12345678901234"),
        ("password", "x" * 513),
        ("password", "Sixteen\x00tons, 1955"),
        ("first_name", ""),
        ("first_name", "x" * 151),
        ("last_name", []),
        ("phone_number", "call me"),
        ("phone_number", "123"),
        ("phone_number", "1" * 40),
        ("phone_number", {}),
    ],
)
def test_what_cannot_be_is_named(shop: Shop, field: str, value: Any) -> None:
    assert list(shop.errors(send(visitor(), REGISTER, _body(**{field: value})))) == [field]


def test_a_password_like_the_address_is_refused(shop: Shop) -> None:
    body = _body(email="thelonious.monk@example.com", password="thelonious.monk")
    assert list(shop.errors(send(visitor(), REGISTER, body))) == ["password"]


@pytest.mark.parametrize("body", [[], "text", 5, None, {}])
@pytest.mark.parametrize(
    "path", [REGISTER, LOGIN, "/api/auth/email/verify/", "/api/auth/password/reset/", "/api/auth/apple/"]
)
def test_a_body_that_is_none_is_400(shop: Shop, path: str, body: Any) -> None:
    assert shop.errors(send(visitor(), path, body))


def test_the_address_is_confirmed_once_by_the_code_in_the_mail(person: Person) -> None:
    code = person.code()
    path = "/api/auth/email/verify/"
    response = send(visitor(), path, {"token": code})
    assert (response.status_code, response.json()) == (200, {"email_verified": True})
    assert person.get("user/me/").json()["email_verified"] is True
    again = send(visitor(), path, {"token": code})
    assert (again.status_code, list(again.json())) == (400, ["token"])


def test_an_expired_code_confirms_nothing(person: Person) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from instica_desktop.server.models import OneTimeCode

    OneTimeCode.objects.filter(user=person.row()).update(expires=timezone.now() - timedelta(seconds=1))
    assert send(visitor(), "/api/auth/email/verify/", {"token": person.code()}).status_code == 400
    assert person.row().email_verified is False


def test_a_code_for_one_thing_does_no_other(person: Person) -> None:
    code = person.code()
    body = {"uid": person.uid, "token": code, "new_password": "Dark as a dungeon"}
    assert send(visitor(), "/api/auth/password/reset/confirm/", body).status_code == 400
    assert send(visitor(), "/api/auth/email/verify/", {"token": code}).status_code == 200


def test_a_code_is_sent_again_three_times_an_hour(person: Person) -> None:
    path = "/api/auth/email/verify/resend/"
    first = person.code()
    answers = [send(person.client, path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert len(person.mails()) == 4
    assert person.code() != first
    assert send(visitor(), "/api/auth/email/verify/", {"token": first}).status_code == 400
    assert send(visitor(), "/api/auth/email/verify/", {"token": person.code()}).status_code == 200
    assert send(person.client, path).status_code == 200
    assert len(person.mails()) == 4
    assert send(visitor(), path).status_code == 401


def test_an_account_without_an_address_has_nothing_to_confirm(shop: Shop) -> None:
    assert shop.errors(send(shop.client, "/api/auth/email/verify/resend/"))


def test_signing_in_gives_another_token(person: Person) -> None:
    response = send(visitor(), LOGIN, {"email": person.email.upper(), "password": PASSWORD})
    assert response.status_code == 200
    assert response.json()["user"]["uid"] == person.uid
    token = response.json()["token"]
    assert token != person.token
    for used in (token, person.token):
        assert visitor(used).get("/api/v1/inventory/").status_code == 200


def test_wrong_unknown_inactive_and_without_a_password_are_answered_alike(
    person: Person, data_dir: Path, shop: Shop
) -> None:
    inactive = Person.register(data_dir)
    row = inactive.row()
    row.is_active = False
    row.save()
    shop.user.email = new_address()
    shop.user.save()
    tries = [
        (person.email, "wrong password"),
        (new_address(), PASSWORD),
        (inactive.email, PASSWORD),
        (shop.user.email, ""),
        (shop.user.email, PASSWORD),
        ("not an address", PASSWORD),
    ]
    for email, password in tries:
        response = send(visitor(), LOGIN, {"email": email, "password": password or " "})
        assert (response.status_code, response.json()) == (400, REFUSED), email
    assert inactive.get("user/me/").status_code == 401


def test_passwords_cannot_be_tried_without_end(person: Person) -> None:
    body = {"email": person.email, "password": "wrong password"}
    codes = [send(visitor(), LOGIN, body).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    refused = send(visitor(), LOGIN, {**body, "password": PASSWORD})
    assert refused.status_code == 429
    wait = int(refused["Retry-After"])
    assert 0 < wait <= 900
    assert refused.json() == {"detail": f"Request was throttled. Expected available in {wait} seconds."}


def test_a_right_password_forgives_the_wrong_ones(person: Person) -> None:
    for _ in range(2):
        for _ in range(6):
            body = {"email": person.email, "password": "wrong password"}
            assert send(visitor(), LOGIN, body).status_code == 400
        assert send(visitor(), LOGIN, {"email": person.email, "password": PASSWORD}).status_code == 200


def test_signing_out_kills_this_token_only(person: Person) -> None:
    other = send(visitor(), LOGIN, {"email": person.email, "password": PASSWORD}).json()["token"]
    assert send(person.client, "/api/auth/logout/").status_code == 204
    dead = person.get("user/me/")
    assert (dead.status_code, dead.json()) == (401, {"detail": "Invalid token."})
    assert send(person.client, "/api/auth/logout/").status_code == 401
    assert visitor(other).get("/api/v1/user/me/").status_code == 200


def test_a_key_is_not_signed_out(shop: Shop) -> None:
    assert shop.errors(send(shop.client, "/api/auth/logout/"))
    assert shop.get("user/me/").status_code == 200


def test_validating_tells_whose_a_credential_is(person: Person, shop: Shop) -> None:
    path = "/api/auth/validate/"
    answer = send(person.client, path).json()
    assert (answer["valid"], answer["user"]["uid"]) == (True, person.uid)
    assert send(shop.client, path).json()["user"]["uid"] == shop.user.uid
    missing = send(visitor(), path)
    assert missing.status_code == 401
    assert missing.json() == {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "bearer nonsense", "Bearer it_é", "Bearer a b", "Bearer " + "x" * 5000]
)
def test_a_token_that_is_none_is_401(shop: Shop, header: str) -> None:
    assert visitor().get("/api/v1/user/me/", HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Token x", "", "x"])
def test_another_scheme_is_no_credential(shop: Shop, header: str) -> None:
    response = visitor().get("/api/v1/user/me/", HTTP_AUTHORIZATION=header)
    assert response.json() == {"detail": "Authentication credentials were not provided."}


def test_a_token_is_no_key_and_a_key_no_token(person: Person, shop: Shop) -> None:
    assert visitor().get("/api/v1/user/me/", HTTP_X_API_KEY=person.token).status_code == 401
    assert visitor(shop.key).get("/api/v1/user/me/").status_code == 401


def test_a_token_with_a_changed_end_is_refused(person: Person) -> None:
    changed = person.token[:-1] + ("A" if person.token[-1] != "A" else "B")
    assert visitor(changed).get("/api/v1/user/me/").status_code == 401


def test_public_endpoints_ignore_a_dead_credential(person: Person) -> None:
    send(person.client, "/api/auth/logout/")
    body = {"email": person.email, "password": PASSWORD}
    assert send(person.client, LOGIN, body).status_code == 200


def test_both_ways_in_are_described(shop: Shop) -> None:
    schema = shop.client.get("/api/schema/").json()
    assert schema["components"]["securitySchemes"] == {
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "bearerToken": {"type": "http", "scheme": "bearer"},
    }
    assert schema["paths"]["/api/v1/user/me/"]["get"]["security"] == [{"apiKey": []}, {"bearerToken": []}]
    assert "security" not in schema["paths"][LOGIN]["post"]
