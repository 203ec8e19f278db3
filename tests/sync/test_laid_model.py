"""A list at random: made, sent, made elsewhere, deleted, paged through, with answers that come late.

The model is the list itself: what the server has, with what was made here where the ordering puts it. At no
moment is one of ours there twice; once all is quiet and was looked at, it is the model.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.api import Page
from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.sync import Results
from instica_desktop.sync.connection import Link
from instica_desktop.sync.tally import Tally
from tests.store.support import item
from tests.sync.world import FAST, until

PACE = msgspec.structs.replace(FAST, page=4, settle=0.0, hands_off=0.0)
ORDERINGS = {
    "-created": lambda data: (-data.created.timestamp(), data.uid),
    "manual_sku": lambda data: (data.manual_sku, data.uid),
}
DAY = datetime(2026, 1, 1, tzinfo=UTC)


class Shelf:
    """A server in memory, what is here of it, and one list."""

    def __init__(self, store: Store, seed: int, ordering: str) -> None:
        self.pick = random.Random(seed)
        self.store = store
        self.order: Callable[[Any], Any] = ORDERINGS[ordering]
        self.there: dict[str, Record[Any]] = {}
        self.made: dict[str, Operation] = {}
        self.numbers = self.pick.sample(range(10_000), 1000)
        self.link = Link(self._fine, pace=PACE, clock=lambda: datetime.now(UTC))
        query = Query(Entity.ITEM).with_ordering(ordering)
        tally = Tally(query.with_ordering(""), store.cache, lambda entity: False)
        self.results = Results(query, store.cache, self._page, self.link, PACE, tally)
        store.publish = self._published
        for _ in range(self.pick.randrange(4, 15)):
            self.elsewhere()

    async def _fine(self) -> None:
        """Answer every look at the connection."""

    def _published(self, changes: Changes) -> None:
        self.results.on_changes(changes)
        self.never_twice()

    async def _page(self, query: Query, page: int, page_size: int) -> Page[Any]:
        records = sorted(self.there.values(), key=lambda one: self.order(one.data))
        chosen = tuple(records[(page - 1) * page_size : page * page_size])
        for _ in range(self.pick.randrange(20)):
            await asyncio.sleep(0)
        if page > 1 and not chosen:
            raise NotFound("There is no such page.")
        return Page(chosen, len(records), len(records) > page * page_size)

    def never_twice(self) -> None:
        """Check that nothing made here is there twice, under the uid it had or the one it has.

        Rows of the server's pages can be for a moment: the list may have moved between two of them.
        """
        ids, laid = self.results.ids, self.results._laid  # pyright: ignore[reportPrivateUsage]
        ours = [ids[at] for at in laid.at]
        assert all(ids.count(id_) == 1 for id_ in ours)
        if self.results.from_server:
            assert self.results.count == len(ids)
            unsent = self.store.cache.unsent.rows(Entity.ITEM).values()
            assert {row for row in unsent if row in ids} <= set(ours)

    # ------------------------------------------------------------ what happens

    def _fields(self) -> dict[str, str]:
        number = self.numbers.pop()
        moment = DAY + timedelta(minutes=number)
        return {
            "created": moment.isoformat().replace("+00:00", "Z"),
            "manual_sku": f"{number % 97:02}-{number}",
        }

    def elsewhere(self) -> None:
        """Somebody else makes a record."""
        uid = f"{self.pick.randrange(1 << 40):x}"
        self.there[uid] = item(uid, **self._fields())

    async def make(self) -> None:
        fields = self._fields()
        name = f"new-{len(self.numbers)}"
        create = Operation(
            uuid=name,
            entity=Entity.ITEM,
            uid=TEMPORARY + name,
            kind=OpKind.CREATE,
            payload={"fields": {"manual_sku": fields["manual_sku"], "title": name}},
            created=datetime.fromisoformat(fields["created"]),
        )
        self.made[name] = await self.store.outbox.add(create)
        await self.store.cache.reproject(Entity.ITEM, [create.uid])

    async def send(self) -> None:
        """Deliver what was made here, as the sender does it, a step at a time."""
        if not self.made:
            return
        name = self.pick.choice(sorted(self.made))
        create, uid = self.made.pop(name), f"{self.pick.randrange(1 << 40):x}"
        await self.store.outbox.set_state(name, OpState.SENDING)
        created = create.created.isoformat().replace("+00:00", "Z")
        self.there[uid] = item(uid, created=created, **create.payload["fields"])
        for _ in range(self.pick.randrange(10)):
            await asyncio.sleep(0)
        await self.store.cache.upsert(Entity.ITEM, [self.there[uid]], origin=Origin.PUSH)
        await self.store.outbox.done(name, replaced={create.uid: uid})
        await self.store.cache.reproject(Entity.ITEM, [create.uid, uid], origin=Origin.PUSH)

    async def drop(self) -> None:
        if self.made:
            create = self.made.pop(self.pick.choice(sorted(self.made)))
            await self.store.outbox.discard(create.uuid)
            await self.store.cache.reproject(Entity.ITEM, [create.uid])

    async def gone(self) -> None:
        """A record is deleted on the server, and that is known here."""
        if self.there:
            uid = self.pick.choice(sorted(self.there))
            del self.there[uid]
            await self.store.cache.remove(Entity.ITEM, [uid])

    async def look(self) -> None:
        first = self.pick.randrange(len(self.results.ids) + 1)
        self.results.look(first, first + self.pick.randrange(9))

    async def rest(self) -> None:
        for _ in range(self.pick.randrange(30)):
            await asyncio.sleep(0)

    async def refresh(self) -> None:
        self.results.refresh()

    async def wait(self) -> None:
        await self.results.settled()

    # ------------------------------------------------------------ the play

    def expected(self) -> list[str]:
        """Return what the list should hold."""
        ours = [(self.order(self._data(one)), one.uid) for one in self.made.values()]
        theirs = [(self.order(one.data), one.data.uid) for one in self.there.values()]
        return [uid for _, uid in sorted([*ours, *theirs])]

    def _data(self, create: Operation) -> Any:
        row = self.store.cache.by_uid(Entity.ITEM, create.uid)
        assert row is not None
        return row.data

    async def play(self, steps: int) -> None:
        """Do something at random, and find the model in the list at the end."""
        self.link.start()
        await until(lambda: self.link.state.can_read)
        self.results.open()
        acts = [self.make, self.make, self.send, self.send, self.drop, self.gone, self.look, self.look]
        for _ in range(steps):
            await self.pick.choice([*acts, self.rest, self.wait, self.refresh])()
            if self.pick.random() < 0.2:
                self.elsewhere()
            self.never_twice()
        self.results.refresh()
        for first in (*range(0, len(self.results.ids) + 20, 3), 0):
            self.results.look(first, first + 3)
            await self.results.settled()
            self.never_twice()
        shown = [row.uid if (row := self.results.row(at)) else "" for at in range(len(self.results.ids))]
        assert shown == self.expected()
        assert self.results.count == len(shown)
        self.results.close()
        await self.link.close()


async def _played(folder: Path, seed: int, ordering: str, steps: int) -> None:
    store = Store.open(folder)
    try:
        await Shelf(store, seed, ordering).play(steps)
    finally:
        await store.close()


SHORT = [(seed, ordering) for seed in range(3) for ordering in ORDERINGS]


@pytest.mark.parametrize(("seed", "ordering"), SHORT)
async def test_a_list_is_whole_and_holds_nothing_twice(tmp_path: Path, seed: int, ordering: str) -> None:
    await _played(tmp_path / "account", seed, ordering, steps=30)


@pytest.mark.long
@pytest.mark.parametrize("ordering", list(ORDERINGS))
async def test_a_hundred_lists_are_whole_and_hold_nothing_twice(tmp_path: Path, ordering: str) -> None:
    for seed in range(100, 200):
        await partial(_played, tmp_path / f"account-{seed}", seed, ordering)(steps=60)
