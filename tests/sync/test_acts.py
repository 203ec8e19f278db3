"""Every kind of act, in every circumstance: what is there after undo and after redo is what was there then.

A kind of act without a row fails. So does a circumstance that a row neither bears nor says cannot come about.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from instica_desktop.core.acts import ActKind, Step
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.sync.turning import TO_DECIDE
from tests.sync.acts import CIRCUMSTANCES, Case, Row
from tests.sync.acts_parts import PART_ROWS
from tests.sync.acts_records import DeleteProductRow, DeleteRow, EditRow, MakeRow, StatusRow
from tests.sync.world import World, until

RECORD_ROWS: tuple[Row, ...] = (EditRow(), StatusRow(), MakeRow(), DeleteRow(), DeleteProductRow())
ROWS = RECORD_ROWS + PART_ROWS
"""The rows; each stream of acts has a module of its own with them."""


def names() -> list[Any]:
    return [
        pytest.param(row, circumstance, id=f"{row.name or row.kind.value}-{circumstance}")
        for row in ROWS
        for circumstance in CIRCUMSTANCES
        if circumstance not in row.cannot
    ]


def test_every_kind_of_act_has_a_row() -> None:
    assert {row.kind for row in ROWS} == frozenset(ActKind)
    for row in ROWS:
        assert row.cannot.keys() <= set(CIRCUMSTANCES)


class Stack:
    """One step on its way back and forward, as the history of a shop keeps it."""

    def __init__(self, case: Case, step: Step) -> None:
        self.case, self.step = case, step
        self.left = False
        """Whether decisions have left nothing of it to take back."""
        self.but = ""

    async def undo(self) -> None:
        self.step, self.but = await self.case.world.shop.inverses.undo(self.step)

    async def redo(self) -> None:
        self.step, self.but = await self.case.world.shop.inverses.redo(self.step)


@pytest.mark.parametrize(("row", "circumstance"), names())
async def test_what_is_taken_back_and_done_again(row: Row, circumstance: str, world: World) -> None:
    await world.open()
    world.fetch_through_proxy()
    case = await row.case(world)
    await _TESTS[circumstance](row, case)


async def online(row: Row, case: Case) -> None:
    before = await case.there(row.blind)
    stack = Stack(case, await row.act(case))
    await case.world.delivered()
    after = await case.there(row.blind)
    assert after != before
    assert row.done(after)
    await stack.undo()
    await case.world.delivered()
    assert await case.there(row.blind) == row.lost(_all(before, case))
    assert await case.here(row.blind) == row.lost(_all(before, case))
    await stack.redo()
    await case.world.delivered()
    assert await case.there(row.blind) == after
    await stack.undo()
    await case.world.delivered()
    assert await case.there(row.blind) == row.lost(_all(before, case))


async def at_once(row: Row, case: Case) -> None:
    """Undo and Redo come faster than anything is sent, while the sender is at it."""
    before = await case.there(row.blind)
    stack = Stack(case, await row.act(case))
    for _ in range(2):
        await stack.undo()
        await stack.redo()
    await case.world.delivered()
    after = await case.there(row.blind)
    assert after != before
    await stack.undo()
    await case.world.delivered()
    assert await case.there(row.blind) == row.lost(_all(before, case))


async def offline(row: Row, case: Case) -> None:
    before = await case.here(row.blind)
    case.world.shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    after = await case.here(row.blind)
    assert after != before
    assert row.done(after)
    await stack.undo()
    assert (await case.here(row.blind), stack.but) == (_all(before, case), "")
    await stack.redo()
    assert await case.here(row.blind) == after
    await stack.undo()
    case.world.shop.work_offline(False)
    await case.world.delivered()
    assert await case.there(row.blind) == _all(before, case)


async def sent_meanwhile(row: Row, case: Case) -> None:
    """Done and sent, taken back without a network, sent, done again without one, sent."""
    shop = case.world.shop
    before = await case.there(row.blind)
    shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    shop.work_offline(False)
    await case.world.delivered()
    after = await case.there(row.blind)
    shop.work_offline(True)
    await stack.undo()
    assert await case.here(row.blind) == row.lost(_all(before, case))
    shop.work_offline(False)
    await case.world.delivered()
    assert await case.there(row.blind) == row.lost(_all(before, case))
    shop.work_offline(True)
    await stack.redo()
    shop.work_offline(False)
    await case.world.delivered()
    assert await case.there(row.blind) == after


async def refused(row: Row, case: Case) -> None:
    await row.refuse(case)
    before = await case.there(row.blind)
    stack = Stack(case, await row.act(case))
    await row.stuck(case, OpState.REFUSED)
    await stack.undo()
    await case.world.delivered()
    assert await case.there(row.blind) == _all(before, case)
    assert await case.here(row.blind) == _all(before, case)


async def changed_before(row: Row, case: Case) -> None:
    """Somebody else was there first: undo drops what waits for a decision, and redo asks again."""
    shop = case.world.shop
    shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    await row.interfere(case)
    theirs = await case.there(row.blind)
    shop.work_offline(False)
    for _ in range(2):
        await row.stuck(case, OpState.CONFLICT)
        await stack.undo()
        await case.world.delivered()
        assert await case.there(row.blind) == theirs
        assert await case.here(row.blind) == theirs
        try:
            await stack.redo()
        except InputError:
            assert shop.operations() == []
            return
        assert stack.but == TO_DECIDE
    await row.stuck(case, OpState.CONFLICT)
    assert await case.there(row.blind) == theirs


async def gone_before(row: Row, case: Case) -> None:
    """Somebody else removed what it is about: undo drops what waits for a decision, and that is all."""
    shop = case.world.shop
    shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    await row.remove(case)
    theirs = await case.there(row.blind)
    shop.work_offline(False)
    await row.stuck(case, OpState.CONFLICT)
    await at_rest(case)
    await stack.undo()
    assert (shop.operations(), stack.but) == ([], "")
    if theirs == [None]:
        assert all(case.world.item(uid)[1].gone for entity, uid in case.records if entity is Entity.ITEM)
        return
    assert await case.here(row.blind) == theirs
    with pytest.raises(InputError):
        await stack.redo()
    assert shop.operations() == []


async def changed_after(row: Row, case: Case) -> None:
    """Somebody else changed since what the act did: undo asks or says so, and theirs stands."""
    stack = Stack(case, await row.act(case))
    await case.world.delivered()
    await row.interfere(case)
    theirs = await case.there(row.blind)
    with suppress(InsticaError):
        await stack.undo()
    shop = case.world.shop
    await at_rest(case)
    assert await case.there(row.blind) == theirs
    for operation in shop.operations():
        if operation.state is OpState.CONFLICT:
            await shop.discard(operation.uuid)
    await case.world.delivered()
    assert await case.there(row.blind) == theirs


async def resolved_mine(row: Row, case: Case) -> None:
    """After mine was chosen, undo leads to what stood on the server, and redo to mine again."""
    case.world.shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    follow(stack)
    await row.interfere(case)
    theirs = await case.there(row.blind)
    case.world.shop.work_offline(False)
    await row.stuck(case, OpState.CONFLICT)
    await row.resolve(case, mine=True)
    await case.world.delivered()
    mine = await case.there(row.blind)
    assert mine != theirs
    await stack.undo()
    await case.world.delivered()
    assert await case.there(row.blind) == row.lost(theirs)
    await stack.redo()
    await case.world.delivered()
    assert await case.there(row.blind) == mine


async def resolved_theirs(row: Row, case: Case) -> None:
    """After theirs was chosen, nothing is left to take back."""
    case.world.shop.work_offline(True)
    stack = Stack(case, await row.act(case))
    follow(stack)
    await row.interfere(case)
    theirs = await case.there(row.blind)
    case.world.shop.work_offline(False)
    await row.stuck(case, OpState.CONFLICT)
    await row.resolve(case, mine=False)
    await case.world.delivered()
    assert stack.left
    assert await case.there(row.blind) == theirs


async def at_rest(case: Case) -> None:
    """Wait until nothing is left but to decide."""
    shop = case.world.shop

    def rests() -> bool:
        counts = shop.counts()
        return shop.outgoing.stuck() or counts.waiting + counts.sending == 0

    await until(rests, lambda: f"nothing is left but to decide: {shop.operations()}")


def follow(stack: Stack) -> None:
    """Let decisions reach the step, as they reach the history."""
    from instica_desktop.core.decided import Decided, after

    def decided(what: Decided) -> None:
        done, _ = after([stack.step], [], what, stack.case.real)
        stack.left = not done
        stack.step = done[0] if done else stack.step

    stack.case.world.shop.on_decided.append(decided)


def _all(states: Any, case: Case) -> Any:
    """Before they are made, records are not there."""
    return states or [None] * len(case.records)


_TESTS: dict[str, Callable[[Row, Case], Awaitable[None]]] = {
    test.__name__: test
    for test in (
        online,
        at_once,
        offline,
        sent_meanwhile,
        refused,
        changed_before,
        gone_before,
        changed_after,
        resolved_mine,
        resolved_theirs,
    )
}
