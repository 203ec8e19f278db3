"""Signing in under pressure: how often from one place, what it costs for whom, and who is not locked out."""

import ast
import http.client
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.server.web.rooms import HASHING
from tests.server.browser import Browser, login_path
from tests.server.fixture import ROOT, RunningServer
from tests.server.people import PASSWORD, Person, new_address, send, visitor
from tests.server.shop import Shop
from tests.server.waiting import until

REGISTER = "/api/auth/register/email/"
LOGIN = "/api/auth/login/"
RESET = "/api/auth/password/reset/"
CONFIRM = "/api/auth/password/reset/confirm/"
RECOVERY = "/api/auth/email-recovery/"
NEW = "Dark as a dungeon, 1946"
WRONG = "wrong password"


@pytest.fixture
def person(data_dir: Path) -> Person:
    """Somebody who just registered."""
    return Person.register(data_dir, phone_number="+1 202 555 0150")


@pytest.fixture
def inactive(data_dir: Path) -> Person:
    """Somebody whose account is closed."""
    closed = Person.register(data_dir, phone_number="+1 202 555 0151")
    row = closed.row()
    row.is_active = False
    row.save()
    return closed


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that are hashed during the test, in order."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    found: list[str] = []
    encode: Any = PBKDF2PasswordHasher.encode

    def noting(self: Any, password: str, *arguments: Any, **options: Any) -> Any:
        found.append(password)
        return encode(self, password, *arguments, **options)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", noting)
    return found


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The mails that are written out during the test, whether or not to somebody."""
    from django.core.mail import EmailMessage

    found: list[Any] = []
    message: Any = EmailMessage.message

    def noting(self: Any, *arguments: Any, **options: Any) -> Any:
        found.append(self.to)
        return message(self, *arguments, **options)

    monkeypatch.setattr(EmailMessage, "message", noting)
    return found


def _body(**changes: Any) -> dict[str, Any]:
    names = {"first_name": "Merle", "last_name": "Travis"}
    return {"email": new_address(), "password": PASSWORD, **names, **changes}


def _statements(path: str, body: dict[str, Any]) -> tuple[bytes, list[str]]:
    """Return what a request is answered, and which statements it took, without their values."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = send(visitor(), path, body)
    return answer.content, [" ".join(query["sql"].split()[:3]) for query in queries.captured_queries]


def _login(email: str, password: str, **where: str) -> Any:
    return send(visitor(), LOGIN, {"email": email, "password": password}, **where)


def test_signing_in_costs_the_same_for_known_and_unknown(
    person: Person, inactive: Person, shop: Shop, hashed: list[str]
) -> None:
    shop.user.email = new_address()  # an account without a password
    shop.user.save()
    found = []
    for email in (person.email, new_address(), inactive.email, shop.user.email):
        hashed.clear()
        found.append((_statements(LOGIN, {"email": email, "password": WRONG}), list(hashed)))
    assert found[0][1] == [WRONG]
    assert found == [found[0]] * 4


def test_asking_for_a_reset_costs_the_same_for_known_and_unknown(
    person: Person, inactive: Person, hashed: list[str], written: list[Any]
) -> None:
    found = [_statements(RESET, {"email": email}) for email in (person.email, new_address(), inactive.email)]
    assert found == [found[0]] * 3
    assert written == [[person.email], [], []]
    assert hashed == []


def test_asking_for_the_address_costs_the_same_for_known_and_unknown(
    person: Person, inactive: Person
) -> None:
    phones = [person.row().phone_number, "+12025550159", inactive.row().phone_number]
    found = [_statements(RECOVERY, {"phone_number": phone}) for phone in phones]
    assert found == [found[0]] * 3


def test_a_code_of_nobody_opens_nothing_and_only_the_last_one_is_kept(shop: Shop) -> None:
    from instica_desktop.server.models import OneTimeCode

    for _ in range(3):
        assert send(visitor(), RESET, {"email": new_address()}).status_code == 200
    assert OneTimeCode.objects.filter(user=None, purpose="reset-password").count() == 1


def test_no_password_is_hashed_for_a_code_that_is_not_good(person: Person, hashed: list[str]) -> None:
    for uid, password in (
        (person.uid, NEW),
        (person.uid, "short"),
        ("nobody", NEW),
        (person.uid, person.email),
    ):
        refused = send(visitor(), CONFIRM, {"uid": uid, "token": "x" * 43, "new_password": password})
        assert (refused.status_code, list(refused.json())) == (400, ["token"])
    assert hashed == []
    send(visitor(), RESET, {"email": person.email})
    body = {"uid": person.uid, "token": person.code(), "new_password": NEW}
    assert send(visitor(), CONFIRM, body).status_code == 204
    assert hashed == [NEW]


def test_no_password_is_hashed_for_an_address_that_is_taken(person: Person, hashed: list[str]) -> None:
    refused = send(visitor(), REGISTER, _body(email=person.email))
    assert refused.json() == {"email": ["An account with this email already exists."]}
    assert hashed == []
    assert send(visitor(), REGISTER, _body()).status_code == 201
    assert hashed == [PASSWORD]


def test_passwords_are_hashed_in_one_place_only() -> None:
    places = set()
    for path in (ROOT / "instica_desktop" / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth.hashers"
            if named or (isinstance(node, ast.Attribute) and node.attr == "check_password"):
                places.add(path.name)
    assert places == {"hashing.py"}


@pytest.fixture
def three_a_minute(shop: Shop) -> Iterator[None]:
    """Let three requests a minute come from one address."""
    from django.test import override_settings

    with override_settings(SHOP_SIGN_INS_PER_MINUTE=3):
        yield


@pytest.mark.usefixtures("three_a_minute")
def test_all_ways_in_count_together_for_one_address(person: Person, hashed: list[str]) -> None:
    here, there = {"REMOTE_ADDR": "192.0.2.31"}, {"REMOTE_ADDR": "192.0.2.32"}
    assert _login(person.email, WRONG, **here).status_code == 400
    assert send(visitor(), RESET, {"email": new_address()}, **here).status_code == 200
    assert send(visitor(), CONFIRM, {}, **here).status_code == 400
    hashed.clear()
    tries = [
        (LOGIN, {"email": person.email, "password": PASSWORD}),
        (REGISTER, _body()),
        (RESET, {"email": person.email}),
        (CONFIRM, {}),
        (RECOVERY, {"phone_number": "+12025550158"}),
        ("/api/auth/email/verify/", {"token": "x"}),
        ("/api/auth/apple/", {"code": "x", "code_verifier": "y", "redirect_uri": "z"}),
        ("/api/auth/ebay/", {"code": "x", "code_verifier": "y", "redirect_uri": "z"}),
    ]
    for path, body in tries:
        refused = send(visitor(), path, body, **here)
        assert (path, refused.status_code) == (path, 429)
        assert 0 < int(refused["Retry-After"]) <= 60
    assert hashed == []
    assert _login(person.email, PASSWORD, **there).status_code == 200
    assert person.get("user/me/").status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_the_page_that_stands_in_counts_too_and_says_when_to_come_back(hashed: list[str]) -> None:
    fields = {"email": new_address(), "password": "a stand-in password"}
    browser = Browser()
    browser.client.defaults["REMOTE_ADDR"] = "192.0.2.33"
    assert [browser.answer(login_path(), **fields).status_code for _ in range(3)] == [302] * 3
    hashed.clear()
    refused = browser.answer(login_path(), **fields)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert hashed == []


def test_ten_wrong_passwords_from_elsewhere_lock_nobody_out(person: Person) -> None:
    home, elsewhere = {"REMOTE_ADDR": "192.0.2.41"}, {"REMOTE_ADDR": "198.51.100.7"}
    codes = [_login(person.email, WRONG, **elsewhere).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    assert _login(person.email, PASSWORD, **elsewhere).status_code == 429
    assert _login(person.email, PASSWORD, **home).status_code == 200
    assert person.get("user/me/").status_code == 200


def test_a_stolen_token_does_not_keep_the_owner_from_changing_the_password(person: Person) -> None:
    home, elsewhere = {"REMOTE_ADDR": "192.0.2.42"}, {"REMOTE_ADDR": "198.51.100.8"}
    guess = {"current_password": WRONG, "new_password": NEW}
    codes = [person.post("user/password/", guess, **elsewhere).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    right = {"current_password": PASSWORD, "new_password": NEW}
    assert person.post("user/password/", right, **elsewhere).status_code == 429
    assert person.post("user/password/", right, **home).status_code == 200


def test_registering_for_somebody_elses_address_does_not_keep_them_out(shop: Shop) -> None:
    home, elsewhere = {"REMOTE_ADDR": "192.0.2.43"}, {"REMOTE_ADDR": "198.51.100.9"}
    email = new_address()
    weak = _body(email=email, password="password1234")
    codes = [send(visitor(), REGISTER, weak, **elsewhere).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    assert send(visitor(), REGISTER, _body(email=email), **home).status_code == 201


def _waiting_login(email: str, answers: list[Any]) -> threading.Thread:
    from django.db import connection

    def sign_in() -> None:
        answers.append(_login(email, PASSWORD))
        connection.close()

    waiting = HASHING.waiting
    thread = threading.Thread(target=sign_in)
    thread.start()
    until(lambda: HASHING.waiting > waiting)
    return thread


def test_a_few_hash_at_once_and_more_are_told_to_come_back(person: Person, hashed: list[str]) -> None:
    answers: list[Any] = []
    send(visitor(), RESET, {"email": person.email})
    confirm = {"uid": person.uid, "token": person.code(), "new_password": NEW}
    change = {"current_password": PASSWORD, "new_password": NEW}
    with HASHING.entered(HASHING.places):
        threads = [_waiting_login(person.email, answers) for _ in range(2)]
        refused = [
            _login(person.email, PASSWORD),
            _login(new_address(), PASSWORD),
            send(visitor(), REGISTER, _body()),
            send(visitor(), CONFIRM, confirm),
            person.post("user/password/", change),
            Browser().answer(login_path(), email=new_address(), password="a stand-in password"),
        ]
        assert [(answer.status_code, answer["Retry-After"]) for answer in refused] == [(429, "2")] * 6
        assert person.get("user/me/").status_code == 200
        assert hashed == []
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert send(visitor(), CONFIRM, confirm).status_code == 204  # the code was not used up


def test_a_try_that_found_the_server_busy_is_no_wrong_password(person: Person) -> None:
    answers: list[Any] = []
    with HASHING.entered(HASHING.places):
        threads = [_waiting_login(new_address(), answers) for _ in range(2)]
        assert [_login(person.email, PASSWORD).status_code for _ in range(12)] == [429] * 12
    for thread in threads:
        thread.join()
    assert _login(person.email, PASSWORD).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only there all of 127.0.0.0/8 is this computer")
def test_the_server_tells_places_apart(launch: Callable[..., RunningServer]) -> None:
    server = launch()

    def ask(source: str) -> tuple[int, str | None]:
        made = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30, source_address=(source, 0))
        made.request("POST", LOGIN, b"{}", {"Content-Type": "application/json", "X-Forwarded-For": "9.9.9.9"})
        found = made.getresponse()
        made.close()
        return found.status, found.headers["Retry-After"]

    assert [ask("127.0.0.1") for _ in range(60)] == [(400, None)] * 60
    status, wait = ask("127.0.0.1")
    assert status == 429
    assert wait
    assert 0 < int(wait) <= 60
    assert ask("127.0.0.2") == (400, None)
