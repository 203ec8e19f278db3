"""`list`: the records of a query for scripts, from the server or from this computer's copy."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from instica_desktop.app.local_server import LocalServer
from instica_desktop.app.opening import (
    NoKey,
    NoShop,
    confirmed_account,
    environment_account,
    key_of,
    known_account,
)
from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.circles import Circles
from instica_desktop.core.errors import InputError, NetworkError, ServerTrouble, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import FILTERS, ORDERINGS, Query
from instica_desktop.core.wire import plain
from instica_desktop.store.glance import Glance, OlderFile, glance
from instica_desktop.store.store import Store
from instica_desktop.sync.owner import check_owner, owner_of
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient
    from instica_desktop.api.sections.base import RecordSection
    from instica_desktop.core.models.common import Record

COMPLETE, UNREACHABLE, FROM_COPY = 0, 3, 4
NO_SHOP = "No shop is connected. Open the app once, or set INSTICA_BASE_URL and INSTICA_API_KEY."
NOTHING = "Nothing of this shop is on this computer yet."
OTHER_KEY = (
    "What this computer has of the shop at this address was read with another key. Give that key in "
    "INSTICA_API_KEY, or leave both variables out to list the shop that was open last."
)
_NAMES = {Entity.ITEM: "items", Entity.PRODUCT: "products", Entity.ORDER: "orders"}


def query_of(arguments: argparse.Namespace) -> Query:
    """Return the query the command line asks for.

    Raises:
        InputError: for an ordering or filter this kind of record does not have.
    """
    query = Query(Entity(arguments.what), search=arguments.search)
    query = query.with_ordering(arguments.ordering)
    for ordering in query.orderings:
        if ordering not in ORDERINGS[query.entity]:
            known = ", ".join(sorted(ORDERINGS[query.entity]))
            raise InputError(f"{ordering!r} is no ordering of {arguments.what}. It can be: {known}.")
    for field in ("status", "type", "tags", "platform"):
        values = [value.strip() for value in getattr(arguments, field).split(",") if value.strip()]
        if values and field not in FILTERS[query.entity]:
            raise InputError(f"{arguments.what.capitalize()} cannot be filtered by {field}.")
        query = query.with_filter(field, values)
    return query


def list_records(profile: Profile, query: Query, *, limit: int | None, as_json: bool, offline: bool) -> int:
    """Print the matching records and return the exit code (see `cli`)."""
    return asyncio.run(
        Listing(profile, query, limit, _JsonOut() if as_json else _LinesOut()).run(offline=offline)
    )


class Listing:
    """One run of `list`."""

    def __init__(self, profile: Profile, query: Query, limit: int | None, out: "_Out") -> None:
        self._profile = profile
        self._query = query
        self._limit = limit
        self._out = out
        self._accounts = Accounts(Prefs(profile.settings_file))

    async def run(self, *, offline: bool) -> int:
        """Print the records; with `offline` without asking the server."""
        if offline:
            return await self._from_copy(asked_for=True)
        async with AsyncExitStack() as stack:
            try:
                return await self._from_server(stack)
            except (NetworkError, ServerTrouble, StoreError, NoKey) as error:
                print(error.message, file=sys.stderr)
        return await self._from_copy(asked_for=False)

    async def _from_server(self, stack: AsyncExitStack) -> int:
        from instica_desktop.api import InsticaClient

        with suppress(OSError):  # where nothing may be written, nothing is kept
            self._profile.create()
        account, key = await self._reachable(stack)
        client = InsticaClient(account.base_url, key)
        stack.push_async_callback(client.aclose)
        user = (await client.account.me()).record.data
        if account.kind is not AccountKind.LOCAL:
            account = _same_user(account, confirmed_account(client.base_url, key, user))
            self._accounts.remember(account, make_last=self._accounts.last() is None)
        await self._out.write(self._pages(_section(client, self._query.entity), account))
        return COMPLETE

    async def _pages(self, section: "RecordSection[Any]", account: Account) -> AsyncIterator[bytes]:
        """Yield raw records page by page, writing each page through to this computer's copy."""
        left, page, seen, circles = self._limit, 1, set[str](), Circles()
        while left is None or left > 0:
            answer = await section.page(self._query, page)
            await self._keep(account, answer.records)
            before = len(seen)
            seen.update(record.data.uid for record in answer.records)
            for record in answer.records[:left]:
                yield record.raw
            left = None if left is None else left - len(answer.records)
            if not answer.has_more:
                return
            circles.note(len(seen) - before, unread=answer.skipped, count=answer.count)
            page += 1

    async def _keep(self, account: Account, records: "Sequence[Record[Any]]") -> None:
        """Keep a page in the copy, unless the window has the shop open: then it keeps the copy itself.

        The folder is held for this page only: a window that opens meanwhile waits for some milliseconds.
        """
        try:
            store = Store.open(self._profile.account_folder(account.id))
        except StoreError:
            return
        try:
            with suppress(
                StoreError
            ):  # a full disk, or one that may not be written, keeps nobody from reading
                await store.cache.upsert(self._query.entity, records)
        finally:
            await store.close()

    # ------------------------------------------------------------ this computer's copy

    async def _from_copy(self, *, asked_for: bool) -> int:
        account = self._cached_account()
        if account is None:
            print(self._unknown(), file=sys.stderr)
            return UNREACHABLE
        with self._glance(account) as copy:
            as_of = copy.as_of(self._query.entity) if copy else None
            if copy is None or as_of is None:
                print(_lacking(copy, self._query.entity), file=sys.stderr)
                return UNREACHABLE
            if not asked_for:
                print(_warning(as_of), file=sys.stderr)
            if unsent := copy.unsent(self._query.entity):
                print(_unsent(unsent), file=sys.stderr)
            await self._out.write(_each(copy.raws(self._query.entity, copy.ids(self._query)[: self._limit])))
        return COMPLETE if asked_for else FROM_COPY

    @contextmanager
    def _glance(self, account: Account) -> Generator[Glance | None]:
        folder = self._profile.account_folder(account.id)
        with ExitStack() as stack:
            try:
                copy = stack.enter_context(glance(folder))
            except OlderFile:
                Store.open(folder).let_go()  # brings it up
                copy = stack.enter_context(glance(folder))
            yield copy

    def _cached_account(self) -> Account | None:
        found = environment_account()
        return known_account(self._accounts, found[0].base_url, found[1]) if found else self._accounts.last()

    def _unknown(self) -> str:
        """Return why no shop's copy can be listed."""
        found = environment_account()
        if found is None:
            return NO_SHOP
        if any(shop.base_url == found[0].base_url for shop in self._accounts.all()):
            return OTHER_KEY
        return NOTHING

    async def _reachable(self, stack: AsyncExitStack) -> tuple[Account, str]:
        """Return a shop and its key; the local shop is started for as long as the listing runs."""
        found = environment_account()
        if found:
            return found
        account = self._accounts.last()
        if account is None:
            raise NoShop(NO_SHOP)
        if account.kind is AccountKind.LOCAL:
            server = LocalServer(self._profile.local_shop, self._profile.logs)
            stack.push_async_callback(server.stop)
            address = await server.start()
            return Account(id=account.id, base_url=address.base_url, kind=account.kind), address.api_key
        return account, await key_of(account, Credentials())


def _same_user(known: Account, answering: Account) -> Account:
    """Return who answers, if that is who the shop was known to be.

    Raises:
        OtherAccount: it is somebody else.
    """
    if known.user_uid:
        check_owner(
            owner_of(answering.base_url, known.user_uid),
            owner_of(answering.base_url, answering.user_uid),
            answering.label,
        )
    return answering


def _section(client: "InsticaClient", entity: Entity) -> "RecordSection[Any]":
    return {Entity.ITEM: client.inventory, Entity.PRODUCT: client.products, Entity.ORDER: client.orders}[
        entity
    ]


async def _each(raws: Iterable[bytes]) -> AsyncIterator[bytes]:
    for raw in raws:
        yield raw


def _lacking(copy: Glance | None, entity: Entity) -> str:
    """Return what is there instead of records of a kind: others, or what waits to be sent, or nothing."""
    if copy is None:
        return NOTHING
    unsent = copy.unsent(entity)
    others = [_NAMES[other] for other in Entity if copy.as_of(other) is not None]
    if not unsent and not others:
        return NOTHING
    there = f"; {' and '.join(others)} are" if others else ""
    words = f"No {_NAMES[entity]} of this shop have been read from the server on this computer yet{there}."
    return f"{words}\n{_unsent(unsent)}" if unsent else words


def _unsent(count: int) -> str:
    more = "One more was" if count == 1 else f"{count:,} more were"
    return f"{more} made here and not sent yet. What the server has not got is not listed."


def _warning(as_of: datetime) -> str:
    return (
        f"Warning: this is this computer's copy, as of {as_of:%Y-%m-%d %H:%M} UTC; there may be more on the "
        "server. Use --offline to ask for it without this warning."
    )


class _Out:
    """Prints records once all of them came: half a list would look like a whole one."""

    head = b""
    tail = b""

    async def write(self, records: AsyncIterator[bytes]) -> None:
        """Collect the records (on disk beyond 8 MB), each uid once, then print them."""
        seen: set[str] = set()
        with tempfile.SpooledTemporaryFile(max_size=8_000_000) as spool:
            spool.write(self.head)
            async for raw in records:
                record = plain(raw)
                if record["uid"] not in seen:
                    spool.write(self.line(raw, record, first=not seen))
                    seen.add(record["uid"])
            spool.write(self.tail)
            spool.seek(0)
            shutil.copyfileobj(spool, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    def line(self, raw: bytes, record: dict[str, Any], *, first: bool) -> bytes:
        """Return what is printed for one record."""
        raise NotImplementedError


class _JsonOut(_Out):
    """One JSON array of the records as the server sent them."""

    head = b"["
    tail = b"]\n"

    def line(self, raw: bytes, record: dict[str, Any], *, first: bool) -> bytes:
        return raw if first else b",\n" + raw


class _LinesOut(_Out):
    """One line a record, tab separated: uid, what it is, status or type, price."""

    def line(self, raw: bytes, record: dict[str, Any], *, first: bool) -> bytes:
        name = record.get("title") or record.get("order_id")
        price = record.get("price_total_usd") or record.get("sale_price") or record.get("price_min_usd")
        cells = (record["uid"], name, record.get("status") or record.get("type"), price)
        return ("\t".join(" ".join(str(cell or "").split()) for cell in cells) + "\n").encode()
