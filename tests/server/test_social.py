"""Linked accounts: linking, removing, and who may not."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.browser import Browser, exchange_body
from tests.server.people import Person, new_address, send, visitor
from tests.server.shop import Shop

SOCIAL = "/api/auth/social/"


@pytest.fixture
def person(data_dir: Path) -> Person:
    """Somebody who just registered."""
    return Person.register(data_dir)


def _link(person: Person, code: str, **changes: Any) -> Any:
    return send(person.client, SOCIAL, {"provider": "apple", **exchange_body(code), **changes})


def _token(subject: str = "linked") -> str:
    from instica_desktop.server.operations.identities import mint

    return mint("apple", subject, new_address())


def test_a_linked_account_opens_this_one(person: Person) -> None:
    email = new_address()
    assert person.client.get(SOCIAL).json() == []
    made = _link(person, Browser().sign_in(email))
    assert made.status_code == 201
    assert set(made.json()) == {"uid", "provider", "email", "created"}
    assert person.client.get(SOCIAL).json() == [made.json()]
    signed_in = send(visitor(), "/api/auth/apple/", exchange_body(Browser().sign_in(email))).json()
    assert (signed_in["created"], signed_in["user"]["uid"]) == (False, person.uid)


def test_linking_the_same_account_again_changes_nothing(person: Person) -> None:
    email = new_address()
    first = _link(person, Browser().sign_in(email)).json()
    again = _link(person, Browser().sign_in(email))
    assert (again.status_code, again.json()) == (201, first)


def test_an_account_is_linked_to_one_user_and_a_user_to_one_account(
    person: Person, data_dir: Path, shop: Shop
) -> None:
    email = new_address()
    _link(person, Browser().sign_in(email))
    other = Person.register(data_dir)
    assert list(shop.errors(_link(other, Browser().sign_in(email)))) == ["non_field_errors"]
    assert list(shop.errors(_link(person, Browser().sign_in(new_address())))) == ["non_field_errors"]
    assert other.client.get(SOCIAL).json() == []


def test_an_identity_token_links_too_and_once(person: Person, data_dir: Path, shop: Shop) -> None:
    body = {"provider": "apple", "identity_token": _token(f"by-token-{person.uid}")}
    assert send(person.client, SOCIAL, body).status_code == 201
    stolen = send(Person.register(data_dir).client, SOCIAL, body)
    assert list(shop.errors(stolen)) == ["identity_token"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "nobody", "identity_token": "x"}, "provider"),
        ({"provider": None, "identity_token": "x"}, "provider"),
        ({"identity_token": "x"}, "provider"),
        ({"provider": "apple", "identity_token": "x"}, "identity_token"),
        ({"provider": "apple"}, "identity_token"),
        ({"provider": "apple", **exchange_body("x")}, "code"),
        ([], "non_field_errors"),
    ],
)
def test_what_cannot_be_is_named(person: Person, shop: Shop, body: Any, field: str) -> None:
    assert field in shop.errors(send(person.client, SOCIAL, body))


def test_a_removed_link_opens_nothing(person: Person, data_dir: Path) -> None:
    email = new_address()
    _link(person, Browser().sign_in(email))
    assert Person.register(data_dir).client.delete(f"{SOCIAL}apple/").status_code == 404
    assert person.client.delete(f"{SOCIAL}apple/").status_code == 204
    assert person.client.delete(f"{SOCIAL}apple/").status_code == 404
    again = send(visitor(), "/api/auth/apple/", exchange_body(Browser().sign_in(email))).json()
    assert again["user"]["uid"] != person.uid


def test_the_last_way_in_stays(shop: Shop) -> None:
    signed_in = send(visitor(), "/api/auth/apple/", exchange_body(Browser().sign_in(new_address()))).json()
    client = visitor(signed_in["token"])
    assert client.delete(f"{SOCIAL}apple/").status_code == 409
    changed = send(client, "/api/v1/user/password/", {"new_password": "Dark as a dungeon, 1946"}).json()
    assert visitor(changed["token"]).delete(f"{SOCIAL}apple/").status_code == 204


def test_linked_accounts_need_a_credential(shop: Shop) -> None:
    assert visitor().get(SOCIAL).status_code == 401
    assert send(visitor(), SOCIAL, {}).status_code == 401
    assert visitor().delete(f"{SOCIAL}apple/").status_code == 401
