"""Three people at one shop, on computers and networks that fail: at rest all see the same, each thing once.

What each does is drawn from a seed, which stands in every failure.
"""

import random
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.sync import Kind, ShipmentDraft
from instica_desktop.sync.conflicts import Choice
from tests.faults.shops import QUICK, CountingServer, FaultyWorld, noise
from tests.support.fault_proxy import Answer, Fault
from tests.sync.world import until

FIELDS = ("location", "condition_notes", "manual_sku", "price_item_usd")
PEOPLE = 3
SILENCE = 2.0
"""Seconds until a request is given up: a busy machine may take half of that to carry one out."""


class People:
    """Three people, what they did, and what has to be true of it."""

    def __init__(self, folder: Path, server: CountingServer, seed: int) -> None:
        # a decision rests on two looks, and a request that was given up may be carried out before the second
        pace = msgspec.structs.replace(QUICK, closing=0.05, readback_gap=0.5)
        self.seed = seed
        self.chance = random.Random(seed)
        self.server = server
        self.worlds = [FaultyWorld(folder / f"person-{at}", server, pace=pace) for at in range(PEOPLE)]
        self.last: dict[tuple[int, str, str], object] = {}
        self.photos: dict[str, list[str]] = {}
        self.parcels: list[str] = []
        self.dropped: list[tuple[int, str]] = []
        self.did: Counter[str] = Counter()
        self.numbers = iter(range(1, 10**6))

    async def begin(self, block: int) -> None:
        """Let all connect and see the same items."""
        for world in self.worlds:
            await world.open(silence=SILENCE)
            self.items = [item.uid for item in (await world.some_items(block))[:4]]
        first = self.worlds[0]
        self.order = (await first.an_order()).uid
        for world in self.worlds[1:]:
            await world.know(Entity.ORDER, self.order)

    async def step(self) -> None:
        """Let one of them do something, or something happen to one of them."""
        who = self.chance.randrange(PEOPLE)
        acts = [(self._edit, 10), (self._network, 5), (self._photo, 1), (self._parcel, 1), (self._fault, 5)]
        acts += [(self._restart, 1), (self._decide, 3), (self._look, 3)]
        (act,) = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])
        self.did[act.__name__] += 1
        await act(who)

    # ------------------------------------------------------------ what can happen

    async def _edit(self, who: int) -> None:
        uid, field = self.chance.choice(self.items), self.chance.choice(FIELDS)
        number = next(self.numbers)
        value = f"{number}.50" if field == "price_item_usd" else f"{who}-{number}-{self.seed}"
        await self.worlds[who].shop.edit(Entity.ITEM, uid, {field: value})
        self.last[who, uid, field] = value

    async def _photo(self, who: int) -> None:
        uid = self.chance.choice(self.items)
        (added,) = await self.worlds[who].shop.add_photos(uid, [noise(self.chance.randrange(10**9))])
        self.photos.setdefault(uid, []).append(added.sha256)

    async def _parcel(self, who: int) -> None:
        number = f"M-{self.seed}-{next(self.numbers)}"
        await self.worlds[who].shop.ship(self.order, ShipmentDraft(carrier="ups", tracking_number=number))
        self.parcels.append(number)

    async def _network(self, who: int) -> None:
        shop = self.worlds[who].shop
        shop.work_offline(not shop.state.manual)

    async def _fault(self, who: int) -> None:
        proxy = self.worlds[who].proxy
        begins = self.chance.choice(("PATCH ", "POST ", "GET "))
        fault = self.chance.choice((*_FAULTS, Fault.REPLACE))
        if fault is Fault.REPLACE:
            proxy.answer(begins, Answer(502), done=True)
        else:
            proxy.fail(begins, fault, after=self.chance.randrange(300))

    async def _restart(self, who: int) -> None:
        world = self.worlds[who]
        offline = world.shop.state.manual
        await world.leave()
        await world.enter(online=False, silence=SILENCE)
        world.shop.work_offline(offline)

    async def _decide(self, who: int) -> None:
        shop = self.worlds[who].shop
        for operation in shop.operations():
            if operation.state is OpState.CONFLICT and operation.kind is OpKind.ADD_SHIPMENT:
                await self._decide_parcel(who, operation)
                return
            if operation.state is OpState.CONFLICT and operation.theirs:
                either: tuple[Choice, Choice] = ("mine", "theirs")
                choices: dict[str, Choice] = {field: self.chance.choice(either) for field in operation.theirs}
                await shop.resolve(operation.uuid, choices)
                return

    async def _decide_parcel(self, who: int, operation: Operation) -> None:
        """Somebody else shipped the order too: send this parcel all the same, or drop it."""
        shop, number = self.worlds[who].shop, str(operation.payload["tracking_number"])
        self.did["parcel asked about"] += 1
        if self.chance.random() < 0.5:
            await shop.do_anyway(operation.uuid)
            return
        await shop.discard(operation.uuid)
        self.parcels.remove(number)
        self.dropped.append((who, number))

    async def _look(self, who: int) -> None:
        await self.worlds[who].shop.refresh(Entity.ITEM, self.chance.choice(self.items))

    # ------------------------------------------------------------ at rest

    async def rest(self) -> None:
        """Mend every network, let everybody decide, and wait until nothing is left to send."""
        for world in self.worlds:
            world.proxy.heal()
            world.shop.work_offline(False)
            world.shop.try_now()
        for who, world in enumerate(self.worlds):
            await until(lambda world=world: world.shop.state.kind is Kind.ONLINE, self._said("never online"))
            await self._at_rest(world)
            while world.shop.operations():
                await self._decide(who)
                await self._at_rest(world)
        for world in self.worlds:
            for uid in self.items:
                assert await world.shop.refresh(Entity.ITEM, uid), self._said("cannot be read")

    async def _at_rest(self, world: FaultyWorld) -> None:
        shop = world.shop
        try:
            await until(lambda: _waits_for_the_user(shop.operations()))
        except AssertionError:
            raise AssertionError(self._said(f"{shop.state} {shop.operations()}")) from None

    async def check(self) -> None:
        """All see what the server has; every write was carried out once; no value was lost in silence."""
        self.server.assert_once(self._said("counted"))
        for uid in self.items:
            there = await self.worlds[0].on_server(uid)
            for world in self.worlds:
                seen, mark = world.item(uid)
                shown = {field: getattr(seen, field) for field in FIELDS}
                assert shown == {field: getattr(there, field) for field in FIELDS}, self._said(uid)
                assert not mark.pending, self._said(uid)
            digests = [asset.sha256 for asset in there.assets]
            assert len(set(digests)) == len(digests), self._said(uid)
            assert set(self.photos.get(uid, [])) <= set(digests), self._said(uid)
        parcels = [
            one.tracking_number for one in (await self.worlds[0].order_on_server(self.order)).shipments
        ]
        assert sorted(map(str, parcels)) == sorted(self.parcels), self._said("parcels")
        for who, number in self.dropped:
            kept = [str(one.value) for one in self.worlds[who].shop.history(Entity.ORDER, self.order)]
            assert any(number in value for value in kept), self._said(f"{number} went without a trace")
        for (who, uid, field), value in self.last.items():
            kept = self.worlds[who].shop.history(Entity.ITEM, uid)
            assert value in [str(one.value) for one in kept if one.field == field], self._said(
                f"{uid} {field}: {value} went without a trace"
            )

    def _said(self, what: str) -> str:
        return f"seed {self.seed}: {what}; {dict(self.did)}"

    async def end(self) -> None:
        """Close everything."""
        for world in self.worlds:
            await world.close()


_FAULTS = (Fault.RESET, Fault.DROP_REPLY, Fault.CUT, Fault.SILENCE, Fault.CAPTIVE)


def _waits_for_the_user(operations: list[Operation]) -> bool:
    """Tell whether all is sent but conflicts, and what builds on them."""
    stuck = {one.uid for one in operations if one.state is OpState.CONFLICT}
    return all(one.uid in stuck and one.state in (OpState.CONFLICT, OpState.QUEUED) for one in operations)


async def _play(folder: Path, server: CountingServer, seed: int, steps: int, rests: int) -> None:
    people = People(folder, server, seed)
    try:
        await people.begin(10 + seed % 3)
        for _ in range(rests):
            for _ in range(steps // rests):
                await people.step()
            await people.rest()
            await people.check()
        assert people.did["_edit"] > steps // 10
    finally:
        await people.end()


async def test_three_people_end_up_with_the_same_shop(tmp_path: Path, counted: CountingServer) -> None:
    await _play(tmp_path, counted, seed=1, steps=50, rests=1)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2, 9))
async def test_three_people_for_a_long_time(tmp_path: Path, counted: CountingServer, seed: int) -> None:
    await _play(tmp_path, counted, seed, steps=500, rests=5)
