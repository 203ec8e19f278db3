"""The contract of organization and subscriptions against the real server."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.core import errors
from tests.api.test_contract_auth import register, signed_in, visitor
from tests.api.test_contract_writes import photo
from tests.server.fixture import RunningServer, start_server
from tests.server.waiting import until

ADDRESS = {"full_name": "Anna Berg", "line1": "Hauptstr. 5", "city": "Köln", "country": "DE"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[RunningServer]:
    """Run a real server with an empty shop of its own."""
    with start_server(tmp_path / "office") as server:
        yield server


@asynccontextmanager
async def connected(server: RunningServer) -> AsyncIterator[InsticaClient]:
    client = InsticaClient(server.base_url, server.api_key)
    try:
        yield client
    finally:
        await client.aclose()


async def home(client: InsticaClient) -> str:
    me = (await client.account.me()).record.data
    assert me.organization is not None
    return me.organization.uid


CODE = re.compile(r"^[\w-]{40,}$", re.MULTILINE)


def mailed_codes(server: RunningServer, number: int) -> list[str]:
    """Return the codes in the mails in the server's folder, oldest first, once there are so many."""

    def found() -> list[str]:
        files = sorted((server.data_dir / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [code[0] for path in files if (code := CODE.search(path.read_text("utf-8")))]

    until(lambda: len(found()) >= number)
    return found()


async def test_the_organization_and_its_fields(office: RunningServer) -> None:
    async with connected(office) as client:
        uid = await home(client)
        before = await client.organization.get(uid)
        assert before.record.data.owner is not None
        assert before.record.data.member_count == 1
        assert before.record.data.primary_address is None
        changed = await client.organization.update(
            uid, {"display_name": "Blue Note", "default_barcode_type": "qr"}, before.etag
        )
        assert changed.record.data.display_name == "Blue Note"
        assert changed.etag != before.etag
        with pytest.raises(errors.Clash):
            await client.organization.update(uid, {"display_name": "Late"}, before.etag)
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.organization.update(uid, {"slug": "Not A Slug"})
        assert list(caught.value.fields) == ["slug"]
        with pytest.raises(errors.NotFound):
            await client.organization.get("somebody-elses")


async def test_who_joins_a_team_works_there_and_can_switch_back(office: RunningServer) -> None:
    email = "switcher@example.com"
    async with visitor(office) as nobody:
        token = (await register(nobody, email)).token
    async with connected(office) as owner, signed_in(office, token) as joined:
        (own,) = await joined.organization.mine()
        assert (own.role, own.is_active, own.is_current) == ("owner", True, True)
        with pytest.raises(errors.NotFound):
            await joined.organization.switch(await home(owner))
        await owner.organization.invite(await home(owner), email, "member")
        await joined.organization.accept_invite(mailed_codes(office, 2)[-1])
        places = await joined.organization.mine()
        assert [(place.uid, place.is_current) for place in places] == [
            (own.uid, False),
            (await home(owner), True),
        ]
        assert (await joined.organization.switch(own.uid)).record.data.uid == own.uid
        assert await home(joined) == own.uid


async def test_a_logo_goes_up_and_away(office: RunningServer, tmp_path: Path) -> None:
    async with connected(office) as client:
        uid, content = await home(client), photo()
        shown = (await client.organization.upload_logo(uid, content, "logo.jpg")).record.data
        assert shown.logo is not None
        assert (await client.fetch(shown.logo)).content == content
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.organization.upload_logo(uid, b"no picture", "logo.jpg")
        assert list(caught.value.fields) == ["logo"]
        with pytest.raises(errors.InputError) as refused:
            await client.organization.upload_logo(uid, tmp_path / "gone.jpg", "logo.jpg")
        assert refused.value.field == "logo"
        assert (await client.organization.update(uid, {"logo": None})).record.data.logo is None


async def test_addresses(office: RunningServer) -> None:
    async with connected(office) as client:
        uid = await home(client)
        first = await client.organization.add_address(uid, ADDRESS, "address-1")
        assert await client.organization.add_address(uid, ADDRESS, "address-1") == first
        second = await client.organization.add_address(uid, {**ADDRESS, "city": "Bonn"})
        assert [address.is_primary for address in (first, second)] == [True, False]
        await client.organization.update_address(uid, second.uid, {"is_primary": True})
        assert [row.uid for row in await client.organization.addresses(uid)] == [second.uid, first.uid]
        primary = (await client.organization.get(uid)).record.data.primary_address
        assert primary is not None
        assert primary.city == "Bonn"
        await client.organization.delete_address(uid, second.uid)
        assert [row.is_primary for row in await client.organization.addresses(uid)] == [True]
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.organization.add_address(uid, {**ADDRESS, "country": "XX"})
        assert list(caught.value.fields) == ["country"]


async def test_the_team_and_its_invitations(office: RunningServer) -> None:
    async with connected(office) as client:
        uid = await home(client)
        (owner,) = await client.organization.team(uid)
        assert (owner.role, owner.is_active) == ("owner", True)
        with pytest.raises(errors.ValidationFailed):
            await client.organization.update_member(uid, owner.uid, {"role": "member"})
        with pytest.raises(errors.Clash) as caught:
            await client.organization.remove_member(uid, owner.uid)
        assert "needs an owner" in caught.value.message
        made = await client.organization.invite(uid, "anna@example.com", "admin", "invite-1")
        assert (await client.organization.invites(uid)) == (made,)
        again = await client.organization.resend_invite(uid, made.uid)
        assert again.uid == made.uid
        codes = mailed_codes(office, 2)
        assert len(set(codes)) == 2
        with pytest.raises(errors.Forbidden):
            await client.organization.accept_invite(codes[1])  # it is not for this account
        with pytest.raises(errors.NotFound):
            await client.organization.accept_invite(codes[0])  # sending again killed it
        await client.organization.delete_invite(uid, made.uid)
        with pytest.raises(errors.NotFound):
            await client.organization.accept_invite(codes[1])
        assert await client.organization.invites(uid) == ()


def read(url: str) -> str:
    """Return a page as the system's browser reads it."""
    return httpx.get(url, timeout=30).text


def pay(url: str, **fields: str) -> httpx.Response:
    """Open a page as the system's browser does, and send its form."""
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        page = browser.get(url)
        assert page.status_code == 200, page.text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
        return browser.post(url, data={"csrfmiddlewaretoken": token, **fields})


async def test_a_shop_on_its_own_has_no_limits(office: RunningServer) -> None:
    async with connected(office) as client:
        status = await client.subscriptions.status()
        assert status.is_active
        assert status.plan is None
        assert status.billing_provider == "none"
        assert status.usage["inventory_items"].limit is None
        assert status.usage["inventory_items"].left is None
        plans = await client.subscriptions.plans()
        assert [plan.slug for plan in plans] == ["starter", "pro", "business"]
        assert plans[1].price_monthly == Decimal("29.00")
        with pytest.raises(errors.Clash):
            await client.subscriptions.cancel()


async def test_a_plan_is_bought_and_its_limit_binds(office: RunningServer) -> None:
    async with connected(office) as client:
        starter = (await client.subscriptions.plans())[0]
        assert starter.stripe_monthly_price_id is not None
        url = await client.subscriptions.checkout(starter.stripe_monthly_price_id)
        assert url.startswith(client.base_url)
        assert "is active" in pay(url, card="visa").text
        status = await client.subscriptions.status()
        assert status.plan is not None
        assert status.plan.slug == "starter"
        assert status.usage["team_members"].left == 0
        with pytest.raises(errors.PlanLapsed):
            await client.organization.invite(await home(client), "b@example.com", "member")
        (invoice,) = await client.subscriptions.invoices()
        assert invoice.amount == Decimal("9.00")
        assert invoice.pdf_url is not None
        assert str(invoice.number) in read(invoice.pdf_url)


async def test_cards_cancelling_and_the_portal(office: RunningServer) -> None:
    async with connected(office) as client:
        pay(await client.subscriptions.checkout("price_pro_yearly"), card="visa")
        pay(await client.subscriptions.portal(), do="add", card="amex")
        visa, amex = await client.subscriptions.payment_methods()
        assert (visa.last4, amex.last4, amex.is_default) == ("4242", "0005", True)
        assert (await client.subscriptions.make_default(visa.uid)).is_default
        await client.subscriptions.delete_payment_method(amex.uid)
        with pytest.raises(errors.Clash):
            await client.subscriptions.delete_payment_method(visa.uid)
        assert (await client.subscriptions.cancel()).cancel_at_period_end
        assert not (await client.subscriptions.resume()).cancel_at_period_end


async def test_what_cannot_be_bought_is_named(office: RunningServer) -> None:
    async with connected(office) as client:
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.subscriptions.checkout("price_none")
        assert list(caught.value.fields) == ["price_id"]
        with pytest.raises(errors.ValidationFailed) as refused:
            await client.subscriptions.verify_apple("a.b.c")
        assert list(refused.value.fields) == ["signed_transaction"]
