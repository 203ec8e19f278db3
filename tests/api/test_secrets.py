"""The key goes to its own server only, and shows nowhere."""

import json
import logging
import subprocess
import sys
import traceback

import pytest

from instica_desktop.api import Credential, InsticaClient
from instica_desktop.core import errors
from instica_desktop.core.models import ApiKey
from tests.api.scripted import ITEMS, KEY, Scripted, Wired, page, reply, reset
from tests.core.test_secrets import forms

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(20)


async def test_a_redirect_is_not_followed_and_the_key_stays() -> None:
    async with Scripted(reply(200, {"uid": "a"})) as other:
        away = reply(302, Location=f"{other.url}/api/v1/user/me/")
        async with Scripted(away) as server, Wired(server.url) as wired:
            with pytest.raises(errors.NotInstica) as caught:
                await wired.client.account.me()
            assert "browser" in caught.value.message
            assert server.got[0].headers["x-api-key"] == KEY
            assert len(server.got) == 1
            assert other.got == []


async def test_a_picture_elsewhere_is_fetched_without_the_key() -> None:
    async with (
        Scripted(reply(200, PIXEL, "image/png; q=1")) as other,
        Scripted(reply(200, PIXEL)) as server,
        Wired(server.url) as wired,
    ):
        file = await wired.client.fetch(f"{other.url}/sleeve.png")
        assert (file.content, file.content_type) == (PIXEL, "image/png")
        assert "x-api-key" not in other.got[0].headers
        await wired.client.fetch(f"{server.url}/media/a.png")
        await wired.client.fetch("/media/b.png")
        assert [got.headers.get("x-api-key") for got in server.got] == [KEY, KEY]
        assert [got.target for got in server.got] == ["/media/a.png", "/media/b.png"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "data:image/png;base64,AA"]
)
async def test_only_web_addresses_are_fetched(url: str) -> None:
    async with Scripted(reply(200, PIXEL)) as server, Wired(server.url) as wired:
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(url)
        assert server.got == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:631/", "https://localhost/", "http://cdn.example/a.jpg"])
async def test_a_distant_server_cannot_send_us_home_or_onto_plain_http(url: str) -> None:
    async with Wired("https://app.instica.com") as wired:
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(url)


async def test_a_page_instead_of_a_picture_is_no_picture() -> None:
    async with Scripted(reply(200, b"<html>", "text/html")) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotInstica):
            await wired.client.fetch("/media/a.png")


async def test_cookies_are_not_kept() -> None:
    async with (
        Scripted(reply(200, {"status": "ok"}, Set_Cookie="sid=1; Path=/")) as server,
        Wired(server.url) as wired,
    ):
        await wired.client.health.check()
        await wired.client.health.check()
        assert "cookie" not in server.got[1].headers


async def test_loopback_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Scripted(page({"uid": "a"})) as server, Scripted(reply(502)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with Wired(server.url) as wired:
            assert (await wired.client.inventory.page(ITEMS)).count == 1
            assert proxy.got == []


async def test_a_proxy_of_an_unknown_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example:1")
    async with Wired("https://app.instica.com") as wired:
        with pytest.raises(errors.Unreachable) as caught:
            await wired.client.account.me(retry=False)
        assert "proxy" in caught.value.message


async def test_the_key_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    echoes = [
        reply(400, {"name": [f"bad {KEY}"], KEY: ["x"]}),
        reply(403, {"detail": f"{KEY} may not"}),
        reply(409, {"detail": f"{KEY} was used", "also_on": [{"uid": f"o-{KEY}", "n": [1, KEY]}], KEY: None}),
        reply(500, {"detail": KEY}, X_Request_ID=f"r-{KEY}"),
        reply(302, Location=f"https://evil.example/?k={KEY}"),
        reply(200, KEY.encode()),
        reset,
    ]
    async with Scripted(*echoes) as server, Wired(server.url) as wired:
        for _ in echoes:
            with pytest.raises(errors.InsticaError) as caught:
                await wired.client.inventory.update("a", {"name": "n"})
            error = caught.value
            told += [str(error), repr(error), error.details, "".join(traceback.format_exception(error))]
            told += [str(getattr(error, name, "")) for name in ("fields", "request_id", "more")]
        told += [repr(wired.client), repr(vars(wired.client)), repr(wired.client.inventory)]
        assert len(server.got) == len(echoes)
        assert all(got.headers["x-api-key"] == KEY for got in server.got)
    assert caplog.records
    assert KEY not in "\n".join([*told, caplog.text])


async def test_no_form_of_the_key_shows(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = 'ik_live_0+/"<&9f'
    for form in dict.fromkeys(forms(key)):
        echoes = [
            reply(400, {"name": [form]}),
            reply(409, {"detail": form, form: 1}),
            reply(500, {"detail": form}),
        ]
        async with Scripted(*echoes) as server, Wired(server.url, key=key) as wired:
            for _ in echoes:
                with pytest.raises(errors.InsticaError) as caught:
                    await wired.client.inventory.update("a", {"name": "n"})
                error = caught.value
                told = [
                    error.message,
                    error.details,
                    getattr(error, "fields", ""),
                    getattr(error, "more", ""),
                ]
                assert form not in f"{told}", form
                assert json.dumps(form) not in json.dumps(told), form
    assert not any(form in caplog.text for form in forms(key))


@pytest.mark.parametrize("before", range(480, 501))
async def test_no_part_of_the_key_is_left_where_a_text_is_cut(before: int) -> None:
    echo = reply(403, {"detail": "x" * before + KEY})
    async with Scripted(echo) as server, Wired(server.url) as wired:
        with pytest.raises(errors.Forbidden) as caught:
            await wired.client.inventory.update("a", {"name": "n"})
        assert caught.value.details.endswith(("x", "•"))
    notice = reply(200, {"status": "ok"}, Sunset="x" * (before - 300) + KEY)
    async with Scripted(notice) as server, Wired(server.url) as wired:
        await wired.client.health.check()
        assert wired.client.notice.endswith(("x", "•"))


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "a\x00b"])
def test_a_key_that_cannot_be_one_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        InsticaClient("https://app.instica.com", key)
    assert key not in str(caught.value)
    assert caught.value.field == "key"


async def test_a_key_pasted_with_a_line_end_works() -> None:
    async with Scripted(page()) as server, Wired(server.url, key=f" {KEY}\n") as wired:
        await wired.client.inventory.page(ITEMS)
        assert server.got[0].headers["x-api-key"] == KEY


def test_a_key_object_does_not_show_its_key() -> None:
    assert KEY not in repr(ApiKey(id=1, name="Desk", key=KEY))


def test_importing_the_client_does_not_import_httpx() -> None:
    code = "import sys, instica_desktop.api; sys.exit(any(n in sys.modules for n in ('httpx', 'anyio')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_the_code_of_an_invitation_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    code = "invitation-code-0123456789"
    with caplog.at_level(logging.DEBUG):
        async with Scripted(reply(403, {"detail": "No."})) as server, Wired(server.url) as wired:
            with pytest.raises(errors.Forbidden) as caught:
                await wired.client.organization.accept_invite(f" {code} ")
            assert server.got[0].target == f"/api/v1/invites/{code}/accept/"
    assert code not in caplog.text + repr(caught.value) + caught.value.details
    assert "/invites/•••/accept/" in caught.value.details


async def test_a_token_goes_as_a_bearer_and_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = reply(400, {"name": [f"bad {KEY}"]})
    async with Scripted(echo) as server, Wired(server.url, credential=Credential.TOKEN) as wired:
        with pytest.raises(errors.ValidationFailed) as caught:
            await wired.client.inventory.update("a", {"name": "n"})
        assert server.got[0].headers["authorization"] == f"Bearer {KEY}"
        assert "x-api-key" not in server.got[0].headers
        assert KEY not in caplog.text + repr(caught.value) + str(caught.value.fields) + repr(wired.client)


async def test_a_password_sent_shows_in_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    password = "correct horse battery"
    echo = reply(400, {"password": [f"“{password}” is too common"]})
    async with Scripted(echo) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ValidationFailed) as caught:
            await wired.client.auth.login("anna@example.com", password)
        assert password.encode() in server.got[0].body
        assert "x-api-key" not in server.got[0].headers
        assert password not in caplog.text + repr(caught.value) + str(caught.value.fields)
