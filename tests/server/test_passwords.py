"""Changing a password, and getting back in without one."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.people import PASSWORD, Person, mails_to, new_address, send, texts_to, visitor
from tests.server.shop import Shop

RESET = "/api/auth/password/reset/"
CONFIRM = "/api/auth/password/reset/confirm/"
RECOVERY = "/api/auth/email-recovery/"
NEW = "Dark as a dungeon, 1946"


@pytest.fixture
def person(data_dir: Path) -> Person:
    """Somebody who just registered."""
    return Person.register(data_dir)


def _login(person: Person, password: str) -> int:
    return send(visitor(), "/api/auth/login/", {"email": person.email, "password": password}).status_code


def _confirm(person: Person, code: str, **changes: Any) -> Any:
    body = {"uid": person.uid, "token": code, "new_password": NEW, **changes}
    return send(visitor(), CONFIRM, body)


def test_a_changed_password_kills_all_tokens_and_gives_a_new_one(person: Person) -> None:
    other = send(visitor(), "/api/auth/login/", {"email": person.email, "password": PASSWORD}).json()["token"]
    body = {"current_password": PASSWORD, "new_password": NEW}
    response = person.post("user/password/", body)
    assert list(response.json()) == ["token"]
    for dead in (other, person.token):
        assert visitor(dead).get("/api/v1/user/me/").status_code == 401
    assert visitor(response.json()["token"]).get("/api/v1/user/me/").status_code == 200
    assert _login(person, PASSWORD) == 400
    assert _login(person, NEW) == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current_password": "wrong password", "new_password": NEW}, "current_password"),
        ({"new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"current_password": PASSWORD}, "new_password"),
        ({"current_password": 5, "new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "new_password": "a\x00bcdefghijkl"}, "new_password"),
    ],
)
def test_a_password_is_not_changed_without_reason(person: Person, shop: Shop, body: Any, field: str) -> None:
    assert list(shop.errors(person.post("user/password/", body))) == [field]
    assert person.get("user/me/").status_code == 200


def test_the_current_password_cannot_be_guessed_without_end(person: Person) -> None:
    body = {"current_password": "wrong password", "new_password": NEW}
    codes = [person.post("user/password/", body).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]


def test_an_account_without_a_password_gets_its_first(shop: Shop) -> None:
    assert set(shop.post("user/password/", {"new_password": NEW}).json()) == {"token"}
    assert list(shop.errors(shop.post("user/password/", {"new_password": NEW}))) == ["current_password"]
    assert shop.get("user/me/").status_code == 200  # a key lives until it is deleted


def test_a_forgotten_password_is_replaced_by_the_code_in_the_mail(person: Person) -> None:
    send(visitor(), "/api/auth/email/verify/", {"token": person.code()})
    assert send(visitor(), RESET, {"email": person.email.upper()}).status_code == 200
    mail = person.mails()[-1]
    assert person.uid in mail.get_content()
    assert _confirm(person, person.code()).status_code == 204
    assert person.get("user/me/").status_code == 401
    assert _login(person, PASSWORD) == 400
    assert _login(person, NEW) == 200


def test_a_reset_is_not_replayed(person: Person) -> None:
    send(visitor(), RESET, {"email": person.email})
    code = person.code()
    assert _confirm(person, code).status_code == 204
    replayed = _confirm(person, code, new_password="Another one, 1947")
    assert (replayed.status_code, list(replayed.json())) == (400, ["token"])
    assert _login(person, NEW) == 200


def test_a_newer_code_kills_the_older(person: Person) -> None:
    send(visitor(), RESET, {"email": person.email})
    older = person.code()
    send(visitor(), RESET, {"email": person.email})
    assert _confirm(person, older).status_code == 400
    assert _confirm(person, person.code()).status_code == 204


def test_a_changed_password_kills_the_code(person: Person) -> None:
    send(visitor(), RESET, {"email": person.email})
    person.post("user/password/", {"current_password": PASSWORD, "new_password": "Another one, 1947"})
    assert _confirm(person, person.code()).status_code == 400


def test_a_code_expires(person: Person) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from instica_desktop.server.models import OneTimeCode

    send(visitor(), RESET, {"email": person.email})
    OneTimeCode.objects.filter(user=person.row()).update(expires=timezone.now() - timedelta(seconds=1))
    assert _confirm(person, person.code()).status_code == 400
    assert _login(person, PASSWORD) == 200


def test_a_code_opens_no_other_account(person: Person, data_dir: Path) -> None:
    other = Person.register(data_dir)
    send(visitor(), RESET, {"email": person.email})
    code = person.code()
    assert _confirm(other, code).status_code == 400
    assert _confirm(person, code).status_code == 400  # somebody else has seen it
    assert _login(other, PASSWORD) == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_password": "short"}, "token"),  # the code first
        ({"new_password": None}, "new_password"),
        ({"token": ""}, "token"),
        ({"token": "x"}, "token"),
        ({"token": "\ud800"}, "token"),
        ({"uid": ""}, "uid"),
        ({"uid": "a\x00b"}, "uid"),
        ({"uid": "nobody", "token": "x"}, "token"),
    ],
)
def test_what_cannot_be_is_named(person: Person, shop: Shop, changes: Any, field: str) -> None:
    assert list(shop.errors(_confirm(person, "code", **changes))) == [field]


def test_a_weak_new_password_leaves_the_code_usable(person: Person) -> None:
    send(visitor(), RESET, {"email": person.email})
    assert _confirm(person, person.code(), new_password="short").status_code == 400
    assert _confirm(person, person.code()).status_code == 204


def test_the_answer_is_the_same_without_an_account(person: Person, data_dir: Path) -> None:
    inactive = Person.register(data_dir)
    row = inactive.row()
    row.is_active = False
    row.save()
    nobody = new_address()
    answers = [send(visitor(), RESET, {"email": email}) for email in (person.email, nobody, inactive.email)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert mails_to(data_dir, nobody) == []
    assert len(inactive.mails()) == 1  # that of the registration


def test_three_resets_an_hour_with_or_without_an_account(person: Person) -> None:
    for email in (person.email, new_address()):
        codes = [
            send(visitor(), RESET, {"email": text}).status_code for text in (email, email.upper(), email)
        ]
        refused = send(visitor(), RESET, {"email": email})
        assert [*codes, refused.status_code] == [200, 200, 200, 429]
        assert 0 < int(refused["Retry-After"]) <= 3600
        assert refused.json()["detail"].startswith("Request was throttled. Expected available in ")


def test_who_proves_the_address_gets_the_account_alone(person: Person) -> None:
    key = person.post("api-keys/", {"name": "Made before the address was proved"}).json()["key"]
    send(visitor(), RESET, {"email": person.email})
    assert _confirm(person, person.code()).status_code == 204
    assert visitor().get("/api/v1/user/me/", HTTP_X_API_KEY=key).status_code == 401
    assert person.row().email_verified is True


def test_a_key_outlives_a_reset_once_the_address_is_proved(person: Person) -> None:
    send(visitor(), "/api/auth/email/verify/", {"token": person.code()})
    key = person.post("api-keys/", {"name": "Desk"}).json()["key"]
    send(visitor(), RESET, {"email": person.email})
    assert _confirm(person, person.code()).status_code == 204
    assert visitor().get("/api/v1/user/me/", HTTP_X_API_KEY=key).status_code == 200


def test_a_phone_is_told_the_address(data_dir: Path) -> None:
    person = Person.register(data_dir, phone_number="+1 202 555 0101")
    known = send(visitor(), RECOVERY, {"phone_number": "001-202-555-0101"})
    unknown = send(visitor(), RECOVERY, {"phone_number": "+12025550102"})
    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
    assert texts_to(data_dir, "+12025550101") == [
        f"To: +12025550101\n\nInstica: you sign in with {person.email}.\n"
    ]
    assert texts_to(data_dir, "+12025550102") == []


def test_five_recoveries_a_quarter_of_an_hour(shop: Shop) -> None:
    written = ["+12025550199", "+1 202 555 0199", "+1-202-555-0199", "001 202 555 0199", "+12025550199"]
    codes = [send(visitor(), RECOVERY, {"phone_number": phone}).status_code for phone in written]
    refused = send(visitor(), RECOVERY, {"phone_number": written[0]})
    assert [*codes, refused.status_code] == [200] * 5 + [429]
    assert 0 < int(refused["Retry-After"]) <= 900


@pytest.mark.parametrize("phone", ["", None, 5, "x", "+", "1" * 50, "\x00", "\ud800", []])
def test_a_phone_that_is_none_is_named(shop: Shop, phone: Any) -> None:
    assert list(shop.errors(send(visitor(), RECOVERY, {"phone_number": phone}))) == ["phone_number"]


def test_mail_and_texts_are_readable_by_their_owner_only(data_dir: Path) -> None:
    Person.register(data_dir, phone_number="+12025550103")
    send(visitor(), RECOVERY, {"phone_number": "+12025550103"})
    for folder in (data_dir / "mail", data_dir / "messages"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.allow_log(r"^ERROR instica_desktop\.server\.messaging\.mail: ")
def test_a_mail_server_that_is_down_shows_nothing(person: Person) -> None:
    from django.test import override_settings

    from tests.api.scripted import unused_port

    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=unused_port()):
        answers = [send(visitor(), RESET, {"email": email}) for email in (person.email, new_address())]
    assert answers[0].content == answers[1].content
    assert {answer.status_code for answer in answers} == {200}


def test_messages_sent_in_the_background_are_sent(data_dir: Path) -> None:
    from django.test import override_settings

    from instica_desktop.server.messaging.outgoing import wait_until_sent

    person = Person.register(data_dir, phone_number="+12025550105")
    with override_settings(SHOP_SEND_IN_BACKGROUND=True):
        send(visitor(), RECOVERY, {"phone_number": "+12025550105"})
        send(visitor(), RESET, {"email": person.email})
    wait_until_sent()
    assert len(texts_to(data_dir, "+12025550105")) == 1
    assert _confirm(person, person.code()).status_code == 204


def test_texts_go_through_the_backend_of_the_setting(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.test import override_settings

    from instica_desktop.server.messaging.texts import MemoryBackend

    Person.register(data_dir, phone_number="+12025550104")
    backends = "instica_desktop.server.messaging.texts"
    with override_settings(SHOP_TEXT_BACKEND=f"{backends}.MemoryBackend"):
        send(visitor(), RECOVERY, {"phone_number": "+12025550104"})
    assert [phone for phone, _ in MemoryBackend.outbox] == ["+12025550104"]
    MemoryBackend.outbox.clear()
    with override_settings(SHOP_TEXT_BACKEND=f"{backends}.ConsoleBackend"):
        send(visitor(), RECOVERY, {"phone_number": "+12025550104"})
    assert "To: +12025550104" in capsys.readouterr().out
    assert texts_to(data_dir, "+12025550104") == []
