"""The client reads what other servers may send: the same calls, answered from changed recordings.

Source: api contract, introduction (“The client tolerates”).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
import pytest

from instica_desktop.api import InsticaClient, Page
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from tests.api.recording import (
    Change,
    Recorder,
    Replayer,
    bare_lists,
    more_fields,
    numbers_for_decimals,
    only_needed,
    unknown_codes,
)
from tests.server.fixture import RunningServer

Ask = Callable[[InsticaClient, str], Awaitable[Any]]


def _first(entity: Entity) -> Query:
    return Query(entity)


READS: dict[str, Ask] = {
    "items": lambda client, uid: client.inventory.page(_first(Entity.ITEM), 1, 20),
    "item": lambda client, uid: client.inventory.get(uid),
    "photos": lambda client, uid: client.inventory.list_assets(uid),
    "products": lambda client, uid: client.products.page(_first(Entity.PRODUCT), 1, 20),
    "orders": lambda client, uid: client.orders.page(_first(Entity.ORDER), 1, 20),
    "me": lambda client, uid: client.account.me(),
    "keys": lambda client, uid: client.keys.list(),
    "platforms": lambda client, uid: client.platforms.list(),
    "usage": lambda client, uid: client.keys.usage(),
    "devices": lambda client, uid: client.account.devices(),
    "eligibility": lambda client, uid: client.account.listing_eligibility(),
    "linked accounts": lambda client, uid: client.auth.social_accounts(),
    "validity": lambda client, uid: client.auth.validate(),
    "listings": lambda client, uid: client.inventory.list_listings(uid),
    "figures of the stock": lambda client, uid: client.inventory.analytics(),
    "figures of sales": lambda client, uid: client.orders.stats(),
    "series of sales": lambda client, uid: client.orders.analytics(),
    "catalogue": lambda client, uid: client.products.look_up(title="Kind of Blue"),
    "connections": lambda client, uid: client.marketplace.connections(),
    "import jobs": lambda client, uid: client.marketplace.import_jobs(),
    "plans": lambda client, uid: client.subscriptions.plans(),
    "subscription": lambda client, uid: client.subscriptions.status(),
    "invoices": lambda client, uid: client.subscriptions.invoices(),
    "cards": lambda client, uid: client.subscriptions.payment_methods(),
}
"""Everything that is read, by name; `uid` is an item's."""
SAME = {"more fields": more_fields, "bare lists": bare_lists, "numbers for decimals": numbers_for_decimals}


@asynccontextmanager
async def client_of(server: RunningServer, transport: Any) -> AsyncIterator[InsticaClient]:
    client = InsticaClient(server.base_url, server.api_key, transport=transport)
    try:
        yield client
    finally:
        await client.aclose()


def data(found: Any) -> Any:
    """Return what was understood, without the raw bytes beside it."""
    if isinstance(found, Page):
        return [record.data for record in cast(Page[Any], found).records]
    if isinstance(record := getattr(found, "record", None), Record):
        return cast(Record[Any], record).data
    return found


async def _both(server: RunningServer, ask: Ask, change: Change) -> tuple[Any, Any]:
    recorder = Recorder()
    async with client_of(server, recorder) as client:
        items = await client.inventory.page(Query(Entity.ITEM), 1, 1)
        uid = items.records[0].data.uid
        true = data(await ask(client, uid))
    async with client_of(server, Replayer(recorder.answers, change)) as client:
        return true, data(await ask(client, uid))


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("difference", SAME)
async def test_what_says_the_same_is_understood_the_same(
    seeded: RunningServer, name: str, difference: str
) -> None:
    true, read = await _both(seeded, READS[name], SAME[difference])
    assert read == true


@pytest.mark.parametrize("name", READS)
async def test_codes_of_tomorrow_are_kept_as_they_are(seeded: RunningServer, name: str) -> None:
    true, read = await _both(seeded, READS[name], unknown_codes)
    assert len(msgspec.to_builtins(read)) == len(msgspec.to_builtins(true))
    if name == "items":
        assert {item.status for item in read} == {"of-tomorrow"}


@pytest.mark.parametrize("name", READS)
async def test_what_is_missing_is_unknown(seeded: RunningServer, name: str) -> None:
    true, read = await _both(seeded, READS[name], only_needed)
    if isinstance(true, list | tuple):
        assert len(read) == len(true)
        assert [getattr(row, "uid", "") for row in read] == [getattr(row, "uid", "") for row in true]
