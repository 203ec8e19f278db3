"""A key goes to the origin it was given for, by the one gate all ways in share."""

import asyncio
from typing import Any

import pytest

from instica_desktop.app.opening import NoKey, environment_account, key_of
from instica_desktop.core.accounts import Account, account_id
from instica_desktop.core.errors import AddressError
from instica_desktop.system.credentials import SERVICE, Credentials
from tests.system.test_credentials import MemoryKeyring

HOME, THIEF = "https://records.example", "https://evil.example"
KEY = "ik_live_0123456789abcdef"


def shop(base_url: str = HOME, uid: str = "u-1", born: str = HOME) -> Account:
    """Return a shop that was connected to at `born`, as the list of shops has it now."""
    return Account(
        id=account_id(born, uid), base_url=base_url, label="Northside", user_uid=uid, key_digest="x"
    )


def kept(entry: str) -> MemoryKeyring:
    backend = MemoryKeyring()
    backend.entries[SERVICE, shop().id] = entry
    return backend


class Person:
    """Answers the question whether a key may be sent."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def agrees(self, title: str, text: str) -> bool:
        self.asked.append(title)
        return self.answer


def taken(account: Account, backend: Any, person: Person | None = None) -> str:
    return asyncio.run(key_of(account, Credentials(backend), person.agrees if person else None))


def refused(account: Account, backend: Any, person: Person | None = None) -> str:
    with pytest.raises(NoKey) as caught:
        taken(account, backend, person)
    assert KEY not in caught.value.message + caught.value.details
    return caught.value.message


@pytest.mark.parametrize("base_url", [HOME, f"{HOME}/shop", "HTTPS://Records.Example:443"])
def test_the_origin_it_was_given_for_gets_the_key(base_url: str) -> None:
    assert taken(shop(base_url), kept(f"{HOME} {KEY}")) == KEY


@pytest.mark.parametrize(
    "base_url",
    [THIEF, "http://records.example", "https://records.example:8443", "https://records.example.evil.example"],
)
@pytest.mark.parametrize("person", [None, Person(True)])
def test_no_other_origin_does_and_nobody_is_asked(base_url: str, person: Person | None) -> None:
    words = refused(shop(base_url), kept(f"{HOME} {KEY}"), person)
    assert HOME in words
    assert base_url in words
    assert person is None or not person.asked


def test_an_old_entry_gets_the_origin_of_its_account_once() -> None:
    backend = kept(KEY)
    assert taken(shop(), backend) == KEY
    assert backend.entries[SERVICE, shop().id] == f"{HOME} {KEY}"
    assert THIEF in refused(shop(THIEF), backend, Person(True))


def test_an_old_entry_whose_address_was_edited_is_not_sent_by_a_script() -> None:
    backend = kept(KEY)
    assert THIEF in refused(shop(THIEF), backend)
    assert backend.entries[SERVICE, shop().id] == KEY


def test_in_doubt_the_person_is_asked_with_the_host_in_words() -> None:
    backend, no, yes = kept(KEY), Person(False), Person(True)
    assert THIEF in refused(shop(THIEF), backend, no)
    assert no.asked == [f"Send the key of Northside to {THIEF}?"]
    assert backend.entries[SERVICE, shop().id] == KEY
    assert taken(shop(THIEF), backend, yes) == KEY
    assert backend.entries[SERVICE, shop().id] == f"{THIEF} {KEY}"


def test_an_address_that_is_none_gets_nothing() -> None:
    with pytest.raises(AddressError):
        taken(shop("records"), kept(f"{HOME} {KEY}"))


@pytest.mark.parametrize(
    "typed", ["HTTPS://Records.Example:443/", "records.example", "https://records.example/api/v1/"]
)
def test_an_odd_address_in_the_environment_is_the_same_shop(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setenv("INSTICA_BASE_URL", typed)
    monkeypatch.setenv("INSTICA_API_KEY", KEY)
    found = environment_account()
    assert found is not None
    assert found[0].base_url == HOME
