"""The contract against the real server: accounts, signing in and out, the browser, help, devices, use."""

import http.client
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest

from instica_desktop.api import Credential, InsticaClient, Pkce
from instica_desktop.core import errors
from instica_desktop.core.models import SignIn
from tests.server.fixture import RunningServer, start_server
from tests.server.people import PASSWORD, code_in, mails_to, texts_to
from tests.server.waiting import until

REDIRECT = "http://127.0.0.1:53682/callback"
NEW = "Dark as a dungeon, 1946"


@asynccontextmanager
async def visitor(server: RunningServer) -> AsyncIterator[InsticaClient]:
    """Have a client without a key."""
    client = InsticaClient(server.base_url, None)
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def signed_in(server: RunningServer, token: str) -> AsyncIterator[InsticaClient]:
    """Have a client with a token."""
    client = InsticaClient(server.base_url, token, credential=Credential.TOKEN)
    try:
        yield client
    finally:
        await client.aclose()


def address() -> str:
    """Return a mail address nobody had before."""
    return f"{uuid4().hex}@example.com"


async def register(client: InsticaClient, email: str = "", phone: str = "") -> SignIn:
    return await client.auth.register(email or address(), PASSWORD, "Merle", "Travis", phone)


def newest_code(server: RunningServer, email: str, number: int) -> str:
    """Return the code in the last of so many mails to an address, once they are there."""
    until(lambda: len(mails_to(server.data_dir, email)) >= number)
    return code_in(mails_to(server.data_dir, email)[-1])


def _ask(
    server: RunningServer, method: str, path: str, body: str = "", cookie: str = ""
) -> tuple[int, str, str]:
    """Return (status, text or where it leads, cookie) of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Origin": server.base_url, "Cookie": cookie} if body else {}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    kept = (response.getheader("Set-Cookie") or "").partition(";")[0]
    return response.status, response.getheader("Location") or text, kept


def agree(server: RunningServer, url: str, email: str) -> dict[str, str]:
    """Be the person in the browser; returns what the program is sent."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}"
    _, text, cookie = _ask(server, "GET", path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "email": email, "password": PASSWORD, "answer": "agree"}
    status, location, _ = _ask(server, "POST", path, urlencode(fields), cookie)
    assert status == 302
    assert location.startswith(REDIRECT)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def test_a_token_opens_a_shop_of_ones_own_until_it_is_signed_out(shop: RunningServer) -> None:
    async with visitor(shop) as nobody:
        made = await register(nobody)
        assert made.token
        assert made.user is not None
        assert made.token not in repr(made)
    async with signed_in(shop, made.token) as client:
        me = (await client.account.me()).record.data
        assert me.uid == made.user.uid
        assert (await client.auth.validate()).valid
        created = await client.products.create({"title": "Sixteen Tons"})
        assert created.record.data.title == "Sixteen Tons"
        await client.auth.logout()
        for call in (client.account.me, client.auth.validate, client.auth.logout):
            with pytest.raises(errors.SignedOut):
                await call()


async def test_a_key_is_validated_and_not_signed_out(shop: RunningServer) -> None:
    client = InsticaClient(shop.base_url, shop.api_key)
    assert (await client.auth.validate()).user is not None
    with pytest.raises(errors.ValidationFailed):
        await client.auth.logout()
    await client.aclose()


async def test_signing_in_with_a_password(shop: RunningServer) -> None:
    email = address()
    async with visitor(shop) as client:
        made = await register(client, email)
        again = await client.auth.login(email.upper(), PASSWORD)
        assert (again.user and again.user.uid) == (made.user and made.user.uid)
        with pytest.raises(errors.ValidationFailed) as wrong:
            await client.auth.login(email, "wrong password")
        assert wrong.value.fields == {"non_field_errors": ("Unable to log in with provided credentials.",)}
        with pytest.raises(errors.ValidationFailed) as taken:
            await register(client, email)
        assert list(taken.value.fields) == ["email"]
        with pytest.raises(errors.ValidationFailed) as weak:
            await client.auth.register(address(), "password1234", "M", "T")
        assert list(weak.value.fields) == ["password"]
        assert "password1234" not in str(weak.value) + weak.value.details


async def test_the_address_is_confirmed(shop: RunningServer) -> None:
    email = address()
    async with visitor(shop) as nobody:
        made = await register(nobody, email)
        async with signed_in(shop, made.token) as client:
            assert (await client.account.listing_eligibility()).error_code == "email_not_verified"
            assert (await client.auth.resend_verification()).detail
            await nobody.auth.verify_email(newest_code(shop, email, 2))
            assert (await client.account.listing_eligibility()).can_list_items is True
            assert (await client.account.me()).record.data.email_verified is True
        with pytest.raises(errors.ValidationFailed):
            await nobody.auth.verify_email("nonsense")


async def test_a_forgotten_password_is_replaced(shop: RunningServer) -> None:
    email = address()
    async with visitor(shop) as client:
        made = await register(client, email)
        known = await client.auth.reset_password(email)
        assert known == await client.auth.reset_password(address())
        assert made.user is not None
        code = newest_code(shop, email, 2)
        with pytest.raises(errors.ValidationFailed) as weak:
            await client.auth.confirm_reset(made.user.uid, code, "short")
        assert list(weak.value.fields) == ["new_password"]
        await client.auth.confirm_reset(made.user.uid, code, NEW)
        with pytest.raises(errors.ValidationFailed) as used:
            await client.auth.confirm_reset(made.user.uid, code, NEW)
        assert list(used.value.fields) == ["token"]
        await client.auth.login(email, NEW)
        async with signed_in(shop, made.token) as old:
            with pytest.raises(errors.SignedOut):
                await old.account.me()


async def test_a_limit_of_its_own_slows_nothing_else(shop: RunningServer) -> None:
    email = address()
    async with visitor(shop) as client:
        for _ in range(3):
            await client.auth.reset_password(email)
        with pytest.raises(errors.Throttled) as caught:
            await client.auth.reset_password(email)
        assert caught.value.retry_after > 60
        assert client.throttled_until is None
        assert (await client.health.check()).status == "ok"


async def test_a_phone_is_told_the_address(shop: RunningServer) -> None:
    async with visitor(shop) as client:
        email = address()
        await register(client, email, "+1 202 555 0142")
        known = await client.auth.recover_email("+12025550142")
        assert known == await client.auth.recover_email("+12025550143")
        until(lambda: texts_to(shop.data_dir, "+12025550142"))
        assert email in texts_to(shop.data_dir, "+12025550142")[0]
        with pytest.raises(errors.ValidationFailed):
            await client.auth.recover_email("call me")


async def test_a_changed_password_gives_a_new_token(shop: RunningServer) -> None:
    async with visitor(shop) as nobody:
        made = await register(nobody)
    async with signed_in(shop, made.token) as client:
        with pytest.raises(errors.ValidationFailed) as wrong:
            await client.account.change_password("wrong password", NEW)
        assert list(wrong.value.fields) == ["current_password"]
        changed = await client.account.change_password(PASSWORD, NEW)
        with pytest.raises(errors.SignedOut):
            await client.account.me()
    async with signed_in(shop, changed.token) as client:
        await client.account.me()


async def test_signing_in_through_the_browser(shop: RunningServer) -> None:
    email = address()
    async with visitor(shop) as client:
        first = Pkce.new()
        answer = agree(shop, client.auth.login_url("apple", REDIRECT, first), email)
        assert first.answers(answer["state"])
        made = await client.auth.exchange("apple", answer["code"], REDIRECT, first)
        assert made.created is True
        with pytest.raises(errors.ValidationFailed):
            await client.auth.exchange("apple", answer["code"], REDIRECT, first)
        other = Pkce.new()
        answer = agree(shop, client.auth.login_url("apple", REDIRECT, other), email)
        assert not first.answers(answer["state"])
        with pytest.raises(errors.ValidationFailed) as wrong:
            await client.auth.exchange("apple", answer["code"], REDIRECT, first)
        assert list(wrong.value.fields) == ["code"]
        assert answer["code"] not in wrong.value.details
        with pytest.raises(errors.ValidationFailed):
            await client.auth.apple("no.identity.token", "code", "Merle")
        with pytest.raises(errors.NotOffered):
            await client.auth.exchange("nobody", "code", REDIRECT, first)


async def test_linking_an_account_elsewhere(shop: RunningServer) -> None:
    async with visitor(shop) as nobody:
        made = await register(nobody)
    async with signed_in(shop, made.token) as client:
        assert await client.auth.social_accounts() == ()
        pkce = Pkce.new()
        answer = agree(shop, client.auth.login_url("apple", REDIRECT, pkce), address())
        linked = await client.auth.link("apple", answer["code"], REDIRECT, pkce)
        assert await client.auth.social_accounts() == (linked,)
        await client.auth.unlink("apple")
        with pytest.raises(errors.NotFound):
            await client.auth.unlink("apple")


async def test_help_and_devices(shop: RunningServer) -> None:
    client = InsticaClient(shop.base_url, shop.api_key)
    ticket = await client.account.ask_support("bug", "Labels", "They print upside down.", str(uuid4()))
    assert ticket.status == "open"
    with pytest.raises(errors.ValidationFailed):
        await client.account.ask_support("gossip", "Labels", "They print upside down.")
    device = await client.account.add_device(f"push-{uuid4()}", "desktop", "Till")
    assert await client.account.devices() == (device,)
    await client.account.remove_device(device.uid)
    with pytest.raises(errors.NotFound):
        await client.account.remove_device(device.uid)
    await client.aclose()


async def test_use_and_tokens_survive_a_restart(tmp_path: Path) -> None:
    with start_server(tmp_path / "shop") as server:
        async with visitor(server) as nobody:
            made = await register(nobody)
        async with signed_in(server, made.token) as client:
            for _ in range(3):
                await client.platforms.list()
        server.restart()
        async with signed_in(server, made.token) as client:
            use = await client.keys.usage()
        assert [(row.endpoint, row.count) for row in use.by_endpoint] == [("GET /api/v1/platforms/", 3)]
        assert use.total_requests == 3


def test_a_verifier_shows_nowhere() -> None:
    pkce = Pkce.new()
    assert pkce.verifier not in repr(pkce)
    assert pkce.state not in repr(pkce)
    assert len(pkce.challenge) == 43
    # The example of RFC 7636, Appendix B.
    example = Pkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "s")
    assert example.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
