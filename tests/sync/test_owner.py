"""Whose copy it is: another account's key reads and sends nothing, whatever address it comes from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from instica_desktop.api import Credential, InsticaClient
from instica_desktop.core.accounts import AccountKind
from instica_desktop.core.models.common import Entity
from instica_desktop.store.store import Store
from instica_desktop.sync import Kind
from instica_desktop.sync.owner import LOCAL_SHOP, OTHER_SHOP, OtherAccount, check_owner, owner_of
from tests.sync.world import World, until


@asynccontextmanager
async def stranger(world: World, email: str) -> AsyncIterator[str]:
    """Make another account on the server of a world, and give a key of it."""
    client = InsticaClient(world.server.base_url, None)
    token = (await client.auth.register(email, "a long pass phrase of 1 stranger", "Ann", "Other")).token
    await client.aclose()
    signed_in = InsticaClient(world.server.base_url, token, credential=Credential.TOKEN)
    made = await signed_in.keys.create("desktop")
    assert made.key is not None
    try:
        yield made.key
    finally:
        await signed_in.aclose()


async def test_the_first_connection_writes_down_whose_copy_it_is(world: World) -> None:
    shop = await world.open()
    assert shop.user is not None
    assert world.store.outbox.owner == owner_of(world.proxy.url, shop.user.uid)
    await world.leave()
    with_owner = Store.open(world.folder)
    assert with_owner.outbox.owner
    await with_owner.close()


async def test_a_key_of_another_account_reads_and_sends_nothing(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(30)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "OWNER-1"})
    await world.leave()

    own_key, own_uid = world.key, shop.user.uid if shop.user else ""
    async with stranger(world, "ann@other.example") as key:
        world.key = key
        before = len(world.proxy.requests)
        shop = await world.enter(online=False)
        shop.work_offline(False)
        await until(lambda: shop.state.kind is Kind.OTHER_ACCOUNT, "the other account was not noticed")
        assert "not the one this computer’s copy belongs to" in shop.state.details
        assert not shop.state.can_read
        assert not shop.state.can_send
        assert not await shop.refresh(Entity.ITEM, item.uid)
        await shop.send_now()
        await until(lambda: shop.state.kind is Kind.OTHER_ACCOUNT)
        asked = world.proxy.requests[before:]
        assert {line.split()[0] for line in asked} == {"GET"}
        assert all("/me" in line for line in asked), asked
        assert [one.uid for one in shop.operations()] == [item.uid]
        assert shop.user is None or shop.user.uid == own_uid
        await world.leave()

    world.key = own_key
    await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "OWNER-1"


async def test_a_copy_that_belongs_to_another_account_is_not_even_asked_about(world: World) -> None:
    await world.open()
    await world.leave()
    before = len(world.proxy.requests)
    world.user_uid = "somebody-else"
    shop = await world.enter(online=False)
    shop.work_offline(False)
    await until(lambda: shop.state.kind is Kind.OTHER_ACCOUNT)
    assert len(world.proxy.requests) == before


async def test_other_data_in_the_local_shop_gets_no_edit_made_for_what_was_there(world: World) -> None:
    world.kind = AccountKind.LOCAL
    shop = await world.open()
    item = await world.an_item(35)
    owner = world.store.outbox.owner
    assert owner.startswith(LOCAL_SHOP)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "BEFORE"})
    await world.leave()

    async with stranger(world, "bea@other.example") as key:
        world.key = key  # as after the shop was begun anew: another user, other records
        shop = await world.enter(online=False)
        shop.work_offline(False)
        await until(lambda: shop.state.kind is Kind.OTHER_ACCOUNT, "the other data was not noticed")
        assert OTHER_SHOP in shop.state.details
        (edit,) = shop.operations()
        assert shop.row(Entity.ITEM, item.uid) is not None
        await shop.discard(edit.uuid)
        shop.try_now()
        await until(lambda: shop.state.kind is Kind.ONLINE)
        assert shop.row(Entity.ITEM, item.uid) is None  # the copy of what was there is gone
        assert world.store.outbox.owner != owner
        await world.leave()
        await world.enter()
        await world.leave()
    assert (await world.on_server(item.uid)).location != "BEFORE"


async def test_an_owner_once_written_stays(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "account")
    await store.outbox.own("https://a.test\nu1")
    await store.outbox.own("https://a.test\nu2")
    await store.close()
    again = Store.open(tmp_path / "account")
    assert again.outbox.owner == "https://a.test\nu1"
    await again.close()


def test_the_place_counts_and_a_port_of_this_computer_does_not() -> None:
    assert owner_of("http://127.0.0.1:8001", "u") == owner_of("http://127.0.0.1:9", "u")
    assert owner_of("https://a.test", "u") != owner_of("https://b.test", "u")
    assert owner_of("https://a.test", "u") != owner_of("https://a.test:8443", "u")
    check_owner("", owner_of("https://a.test", "u"))
    with pytest.raises(OtherAccount, match="ann"):
        check_owner(owner_of("https://a.test", "u"), owner_of("https://a.test", "v"), "ann")
