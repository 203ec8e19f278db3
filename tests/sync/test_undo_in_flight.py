"""Edits and undos while an edit is being sent that somebody else's change meets: one question at most."""

import asyncio
import random
from typing import Any

import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.sync.attempts import Attempt
from instica_desktop.sync.courier import Courier
from tests.sync.world import World, until

FIELD = "location"


class Hands:
    """A user at one shelf of one item, whose edits the server gets when the test lets it."""

    def __init__(self, world: World, uid: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.uid = world, uid
        self.steps: list[Step] = []
        self.values = ["Z-2"]
        self.way = asyncio.Event()
        self.sending = asyncio.Event()
        real = Courier.deliver

        async def deliver(courier: Courier, attempt: Attempt) -> Any:
            self.sending.set()
            await self.way.wait()
            return await real(courier, attempt)

        monkeypatch.setattr(Courier, "deliver", deliver)

    @classmethod
    async def at(cls, world: World, at: int, monkeypatch: pytest.MonkeyPatch) -> "Hands":
        uid = (await world.an_item(at)).uid
        await world.admin.inventory.update(uid, {FIELD: "Z-2"})
        assert await world.shop.refresh(Entity.ITEM, uid)
        return cls(world, uid, monkeypatch)

    async def edit(self, value: str) -> None:
        done = await self.world.shop.edit(Entity.ITEM, self.uid, {FIELD: value})
        if done.after:
            act = Act(
                kind=ActKind.EDIT, entity=Entity.ITEM, uid=self.uid, before=done.before, after=done.after
            )
            self.steps.append(Step(words="shelf", acts=(act,)))
            self.values.append(value)

    async def undo(self) -> None:
        if self.steps:
            await self.world.shop.inverses.undo(self.steps.pop())
            self.values.pop()

    async def colleague(self, value: str) -> None:
        await self.world.admin.inventory.update(self.uid, {FIELD: value})

    async def still(self) -> None:
        """Let everything through, and wait until nothing moves."""
        self.way.set()
        await until(
            lambda: all(one.state is OpState.CONFLICT for one in self.world.shop.operations()),
            "all is settled",
        )

    def shown(self) -> object:
        return self.world.item(self.uid)[0].location


async def test_what_is_taken_back_while_it_is_sent_leaves_no_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.open()
    hands = await Hands.at(world, 61, monkeypatch)
    await hands.edit("Z-3")
    await hands.sending.wait()
    await hands.colleague("THEIRS")
    await hands.undo()
    await hands.still()
    assert not world.shop.operations()
    assert hands.shown() == "THEIRS"
    assert (await world.on_server(hands.uid)).location == "THEIRS"


async def test_what_is_typed_on_while_it_is_sent_is_asked_about_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.open()
    hands = await Hands.at(world, 62, monkeypatch)
    await hands.edit("Z-3")
    await hands.sending.wait()
    await hands.colleague("THEIRS")
    await hands.edit("Z-4")
    await hands.still()
    (stuck,) = world.shop.operations()
    assert [(edit.base, edit.new) for edit in stuck.edits] == [("Z-2", "Z-4")]
    assert stuck.theirs == {FIELD: "THEIRS"}
    await world.shop.resolve(stuck.uuid, {FIELD: "mine"})
    await until(lambda: not world.shop.operations())
    assert (await world.on_server(hands.uid)).location == "Z-4"


@pytest.mark.parametrize("seed", range(12))
async def test_in_whatever_order_there_is_one_question_about_what_was_written_last(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    await world.open()
    hands = await Hands.at(world, 63, monkeypatch)
    theirs = "Z-2"
    for turn in range(6):
        match chance.choice(("edit", "edit", "undo", "undo", "colleague", "way", "wait")):
            case "edit":
                await hands.edit(f"Z-{10 * (seed + 1) + turn}")
            case "undo":
                await hands.undo()
            case "colleague":
                theirs = f"THEIRS-{turn}"
                await hands.colleague(theirs)
            case "way":
                (hands.way.clear if hands.way.is_set() else hands.way.set)()
            case _:
                await asyncio.sleep(0)
    await hands.still()
    stuck = world.shop.operations()
    assert len(stuck) <= 1
    if stuck:
        assert [edit.new for edit in stuck[0].edits] == [hands.values[-1]]
        assert hands.shown() == hands.values[-1]
        choice = chance.choice(("mine", "theirs"))
        await world.shop.resolve(stuck[0].uuid, {FIELD: choice})
        await hands.still()
        assert not world.shop.operations()  # no second question
        wanted = hands.values[-1] if choice == "mine" else theirs
        assert (await world.on_server(hands.uid)).location == wanted
    else:
        assert await world.shop.refresh(Entity.ITEM, hands.uid)
        assert (await world.on_server(hands.uid)).location == hands.shown()
